# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime as dt
import math

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.variables import (
    DEFAULTS,
    NULLABLE,
    PLAYBOOK_VARIABLES,
    ROLE_VARIABLES,
    unknown_variables,
    validated,
    variables_of_groups,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import Values, wanted

NULL = ": expected a value, got null. Leave it out for the default, or set it."

# Variables that are wrong, and the whole sentences.
REFUSED: dict[str, tuple[Values, str]] = {
    "a release as a number, which would be another as a text": (
        {"flink_version": 1.20},
        "flink_version: 1.2 is a number, and as a number 1.20 is 1.2. Quote it: flink_version: '1.20'.",
    ),
    "a number that no file can hold": (
        {"flink_limit_nofile": 10**4301},
        "flink_limit_nofile: expected text or a number, got a huge number. Correct it, or put it in quotes.",
    ),
    "a text that becomes such a number": (
        {"flink_taskmanager_count": "9" * 5000},
        "flink_taskmanager_count: expected text or a number, got a huge number. Correct it, or put it in quotes.",
    ),
    "a text that no file can hold": (
        {"flink_log_dir": "/var/log/\ud800"},
        "flink_log_dir: expected text, got unpaired surrogates. Correct it, or put it in quotes.",
    ),
    "a date without quotes": (
        {"flink_config": {"a": dt.date(2026, 1, 1)}},
        "flink_config.a: expected text or a number, got a value of type date. Correct it, or put it in quotes.",
    ),
    "an infinite number": (
        {"flink_taskmanager_count": math.inf},
        "flink_taskmanager_count: expected a number that is not infinite, got inf. Correct it, or put it in quotes.",
    ),
    "an infinite number in a list": (
        {"flink_taskmanager_numa_nodes": [-math.inf]},
        (
            "flink_taskmanager_numa_nodes[0]: expected a number that is not infinite, got -inf. Correct it, or put it "
            "in quotes."
        ),
    ),
    "null as a release": (
        {"flink_version": None},
        (
            "flink_version: expected the text of a Flink release such as '1.20' or '2.3.0', not null. Supported are "
            "1.10 - 1.20 and 2.0 - 2.3."
        ),
    ),
    "a word as a release": (
        {"flink_version": "latest"},
        (
            "flink_version: 'latest' is not a Flink release. Give a line such as '1.20' or a full version such as "
            "'2.3.0'; supported are 1.10 - 1.20 and 2.0 - 2.3."
        ),
    ),
    "a release that is not supported": (
        {"flink_version": "1.9.3"},
        "flink_version: Flink 1.9.3 is not supported. Supported are 1.10 - 1.20 and 2.0 - 2.3.",
    ),
    "a release with the end of a line": (
        {"flink_version": "2.3.0\n"},
        "flink_version: expected no blanks around 2.3.0, got '2.3.0\\n'. Remove them.",
    ),
    "no time to stop": (
        {"flink_stop_timeout": 0},
        "flink_stop_timeout: expected a whole number from 1 on, got 0. Correct it.",
    ),
    "numbers below nothing": (
        {"flink_stop_timeout": "-5", "flink_limit_nofile": 0, "flink_health_timeout": -1},
        (
            "flink_health_timeout: expected a whole number from 0 on, got -1. Correct it.\n"
            "flink_limit_nofile: expected a whole number from 1 on, got 0. Correct it.\n"
            "flink_stop_timeout: expected a whole number from 1 on, got -5. Correct it."
        ),
    ),
    "null where a value has to be": ({"flink_config": None}, f"flink_config{NULL}"),
    "several nulls": ({"flink_stop_timeout": None, "flink_log_dir": None}, f"flink_log_dir, flink_stop_timeout{NULL}"),
}


@pytest.mark.parametrize(("given", "sentence"), REFUSED.values(), ids=REFUSED)
def test_refused(given: Values, sentence: str) -> None:
    with pytest.raises(FlinkError) as refusal:
        wanted(given)
    assert str(refusal.value) == sentence


# Variables of other types or values, and what is said; of what is in a list of mappings in the words of Ansible.
TYPES: dict[str, tuple[Values, str]] = {
    "a word as a number": (
        {"flink_taskmanager_count": "two"},
        "flink_taskmanager_count: expected a whole number, got 'two'. Correct it.",
    ),
    "half a process": (
        {"flink_taskmanager_count": 1.5},
        "flink_taskmanager_count: expected a whole number, got 1.5. Correct it.",
    ),
    "a word as a truth": (
        {"flink_jemalloc": "perhaps"},
        "flink_jemalloc: expected true or false, got 'perhaps'. Correct it.",
    ),
    "a number as options": ({"flink_config": 5}, "flink_config: expected a mapping, got 5. Correct it."),
    "a truth in place of a mapping": (
        {"flink_proxy": True},
        "flink_proxy: expected a mapping, got a boolean. Correct it.",
    ),
    "a list in place of a mapping": (
        {"flink_kerberos": [None]},
        "flink_kerberos: expected a mapping, got a list. Correct it.",
    ),
    "a mapping as a list": (
        {"flink_plugins": {"a": 1}},
        "flink_plugins: expected a list, each text, got a mapping. Correct it.",
    ),
    "a text as options": (
        {"flink_config": "s3.secret-key: hush"},
        "flink_config: expected a mapping, got text. Correct it.",
    ),
    "a text as options of each process": (
        {"flink_taskmanager_configs": "s3.secret-key: hush"},
        "flink_taskmanager_configs: expected a list, each a mapping, got",
    ),
    "an unknown choice": (
        {"flink_restart": "never"},
        "flink_restart: expected one of outdated, all, none, got 'never'. Correct it.",
    ),
    "unknown components": (
        {"flink_components": ["client", "jobmanager", "web"]},
        (
            "flink_components: expected some of jobmanager, taskmanager, historyserver, sql-gateway, got 'client', "
            "'web'. Correct it."
        ),
    ),
    "a node that is no number": (
        {"flink_taskmanager_numa_nodes": [0, "a"]},
        "flink_taskmanager_numa_nodes: expected a list, each a whole number, got a list. Correct it.",
    ),
    "JVM options as a text": (
        {"flink_historyserver_jvm_args": "-Xmx512m -Da=$(id)"},
        "flink_historyserver_jvm_args: expected a list of words, got text. Write a list, such as [-Xmx512m, -Da=b].",
    ),
    "a jar without a source": (
        {"flink_jars": [{"dest": "lib"}]},
        "missing required arguments: src found in flink_jars",
    ),
    "a jar with more than there is": (
        {"flink_jars": [{"src": "a", "sha": "b"}]},
        "flink_jars.sha. Supported parameters include: checksum, dest, src.",
    ),
    "no release": ({}, "flink_version: expected a value, got none. Set it."),
}


@pytest.mark.parametrize(("given", "part"), TYPES.values(), ids=TYPES)
def test_types(given: Values, part: str) -> None:
    release = {"flink_version": "2.3.0"} if given else {}
    with pytest.raises(FlinkError) as refusal:
        validated({**release, **given}, ROLE_VARIABLES)
    assert part in str(refusal.value)


NETRC = "Put them into the .netrc of the user as whom Ansible works on the host, or give a file on the controller."
LOGIN = "Put them into flink_rest_username and flink_rest_password."
WITH_PASSWORD = "{}: expected a URL without a user and a password, which messages would show, got one with them. {}"

# Variables with URLs, and the sentence about a password in one.
URLS: dict[str, tuple[Values, str | None]] = {
    "an archive": ({"flink_archive": "https://me:hush@mirror/flink.tgz"}, WITH_PASSWORD.format("flink_archive", NETRC)),
    "a token": ({"flink_archive": "HTTPS://hush@mirror/flink.tgz"}, WITH_PASSWORD.format("flink_archive", NETRC)),
    "a jar": ({"flink_jars": [{"src": "http://me:hush@mirror/a.jar"}]}, WITH_PASSWORD.format("flink_jars", NETRC)),
    "a list of checksums": (
        {"flink_jars": [{"src": "http://mirror/a.jar", "checksum": "sha512:https://me:hush@mirror/sums"}]},
        WITH_PASSWORD.format("flink_jars", NETRC),
    ),
    "the program of a job": (
        {"flink_jobs": [{"name": "a", "jar": "https://me:hush@mirror/a.jar"}]},
        WITH_PASSWORD.format("flink_jobs", NETRC),
    ),
    "the cluster": ({"flink_rest_url": "https://me:hush@jm:8081"}, WITH_PASSWORD.format("flink_rest_url", LOGIN)),
    "none": (
        {
            "flink_archive": "https://mirror:8443/@scope/flink.tgz?by=me@example.org",
            "flink_jars": [{"src": "/srv/me@example.org/a.jar"}],
        },
        None,
    ),
}


@pytest.mark.parametrize(("given", "sentence"), URLS.values(), ids=URLS)
def test_no_url_has_a_password(given: Values, sentence: str | None) -> None:
    try:
        said = None if validated({"flink_version": "2.3.0", **given}, ROLE_VARIABLES) else ""
    except FlinkError as exc:
        said = str(exc)
    assert said == sentence


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(FlinkError) as refusal:
        wanted({"flink_taskmanager_count": "two", "flink_jemalloc": "perhaps", "flink_restart": "never"})
    assert len(str(refusal.value).splitlines()) == 3


# Variables as people give them, and the value.
READ: dict[str, tuple[str, object, object]] = {
    "a text as a number": ("flink_taskmanager_count", "3", 3),
    "a text as a truth": ("flink_jemalloc", "yes", True),
    "words as a list": ("flink_plugins", "a,b", ["a", "b"]),
    "texts as numbers of nodes": ("flink_taskmanager_numa_nodes", ["0", 1], [0, 1]),
    "a number as a text": ("flink_service_name", 5, "5"),
    "null that means something": ("flink_user", None, None),
    "null as memory": ("flink_host_memory", None, None),
    "bytes as memory": ("flink_host_memory", 2**34, 2**34),
    "bytes as a reserve": ("flink_reserved_memory", 0, 0),
    "a jar": ("flink_jars", [{"src": "a"}], [{"src": "a", "dest": "lib", "checksum": None}]),
}


@pytest.mark.parametrize(("name", "given", "value"), READ.values(), ids=READ)
def test_values(name: str, given: object, value: object) -> None:
    assert validated({"flink_version": "2.3.0", name: given}, ROLE_VARIABLES)[name] == value


def test_all_variables_are_there() -> None:
    assert set(validated({"flink_version": "2.3.0"}, ROLE_VARIABLES)) == set(ROLE_VARIABLES)


def test_a_default_is_nobodys() -> None:
    release = {"flink_version": "2.3.0"}
    validated(release, ROLE_VARIABLES)["flink_config"]["a"] = 1
    assert validated(release, ROLE_VARIABLES)["flink_config"] == {}
    assert ROLE_VARIABLES["flink_config"]["default"] == DEFAULTS["flink_config"] == {}


def test_null_means_something_where_it_is_the_default_and_for_nothing_else_but_the_user() -> None:
    nulls = {name for name, value in DEFAULTS.items() if value is None}
    of_playbooks = {name for name, option in PLAYBOOK_VARIABLES.items() if option["default"] is None}
    others = {"flink_user", "flink_current_link", "flink_memory_max_slack", "flink_reserved_memory"}
    assert {*nulls, *of_playbooks, *others} == NULLABLE


# Names, and the sentences.
UNKNOWN: dict[str, tuple[list[str], list[str]]] = {
    "those of the role and of the playbooks": (["flink_version", "flink_restart_batch"], []),
    "those of others": (["ansible_host", "flinkish", "my_flink_config", "__flink_x"], []),
    "a letter too few": (["flink_confg"], ["flink_confg: {} Did you mean flink_config?"]),
    "a letter too many": (
        ["flink_taskmanagers_count"],
        ["flink_taskmanagers_count: {} Did you mean flink_taskmanager_count?"],
    ),
    "nothing near": (
        ["flink_owner"],
        ["flink_owner: {} It counts only where something of your own reads it."],
    ),
    "several": (
        ["flink_hom", "flink_confg"],
        ["flink_hom: {} Did you mean flink_home?", "flink_confg: {} Did you mean flink_config?"],
    ),
}


@pytest.mark.parametrize(("names", "sentences"), UNKNOWN.values(), ids=UNKNOWN)
def test_unknown_variables(names: list[str], sentences: list[str]) -> None:
    words = "the role streamops.flink.flink has no such variable."
    assert unknown_variables(names) == [sentence.format(words) for sentence in sentences]


CLUSTER = {"jobmanagers": ["j1", "h1"], "taskmanagers": ["h1", "t1"], "workers": ["h1", "t1", "t1"]}


@pytest.mark.parametrize(
    ("host", "components"),
    [("j1", ["jobmanager"]), ("t1", ["taskmanager"]), ("h1", ["jobmanager", "taskmanager"]), ("x", [])],
)
def test_what_groups_say(host: str, components: list[str]) -> None:
    assert variables_of_groups(host, CLUSTER) == {
        "flink_components": components,
        "flink_jobmanager_hosts": ["j1", "h1"],
        "flink_taskmanager_hosts": ["h1", "t1", "t1"],
    }
