# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.config_files import owner_of_logs
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    RELEASE,
    Values,
    case,
    wanted,
)

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.files import File

HEAD = "#\n# Ansible managed\n#\n"


def files(given: Values | None = None, different: Values | None = None) -> dict[str, File]:
    """The files of the configuration by their paths, in their order."""
    return {file.path: file for file in case(given, different).decide().configuration}


def content(given: Values, path: str) -> str:
    """Below the lines that say by whom the file is managed."""
    file = files(given)[path]
    return str(file.content or file.secret_content).removeprefix(HEAD)


def test_all_of_a_host_and_their_order() -> None:
    found = files()
    assert list(found) == [
        "/etc/flink",
        "/var/lib/flink",
        "/var/log/flink",
        "/var/lib/flink/tmp",
        "/opt/flink/flink-2.3.0/.clusters",
        "/opt/flink/flink-2.3.0/.clusters/00eee30a27e928d9",
        "/etc/flink/log4j.properties",
        "/etc/flink/logback.xml",
        "/etc/flink/masters",
        "/etc/flink/workers",
        "/etc/flink/jobmanager.env",
        "/etc/flink/taskmanager-1.env",
        "/etc/flink/config.yaml",
        "/etc/flink/flink-conf.yaml",
    ]
    assert [path for path, file in found.items() if file.state == "absent"] == ["/etc/flink/flink-conf.yaml"]


def test_a_directory_comes_before_one_in_it() -> None:
    within = {**CONFIG, "execution.checkpointing.dir": "file:///srv/flink/checkpoints"}
    found = list(files({"flink_config": within, "flink_writable_dirs": ["/srv/flink/"]}))
    assert found.index("/srv/flink") < found.index("/srv/flink/checkpoints")


# Files: mode, owner and group.
RIGHTS = {
    "/etc/flink": ("0755", None, None),
    "/var/lib/flink": ("0755", None, None),
    "/var/log/flink": ("0750", "flink", "streamers"),
    "/var/lib/flink/tmp": ("0750", "flink", "streamers"),
    "/etc/flink/masters": ("0644", None, None),
    "/etc/flink/log4j.properties": ("0644", None, None),
    "/etc/flink/jobmanager.env": ("0640", None, "streamers"),
    "/etc/flink/config.yaml": ("0640", None, "streamers"),
}


@pytest.mark.parametrize("path", RIGHTS)
def test_who_may_read_and_write(path: str) -> None:
    mode, owner, group = RIGHTS[path]
    file = files({"flink_group": "streamers"})[path]
    assert (file.mode, file.owner, file.group) == (mode, owner, group)
    whoever = files({"flink_user": None, "flink_service_manager": "launcher"})[path]
    assert (whoever.mode, whoever.owner, whoever.group) == (mode, None, None)


# Variables and what is different on the host, and the group that may read the configuration.
READERS: dict[str, tuple[Values, Values, str | None]] = {
    "the one that is given": ({"flink_group": "streamers"}, {}, "streamers"),
    "the main group of the user": ({}, {"user": {"name": "flink", "uid": 999, "group": "users"}}, "users"),
    "one like the user, who is yet to be made": ({}, {"user": None}, "flink"),
    "none without a user": ({"flink_user": None, "flink_group": "streamers"}, {}, None),
}


@pytest.mark.parametrize(("given", "different", "group"), READERS.values(), ids=READERS)
def test_who_reads_the_configuration(given: Values, different: Values, group: str | None) -> None:
    assert files(given, different)["/etc/flink/config.yaml"].group == group


def test_logs_belong_to_the_user() -> None:
    assert owner_of_logs(wanted(), "g") == {"owner": "flink", "group": "g"}
    assert owner_of_logs(wanted({"flink_user": None}), "g") == {}


def test_only_the_configuration_may_hold_secrets() -> None:
    given = {"flink_config": {**CONFIG, "s3.secret-key": "hush", "security.ssl.rest.key-password": "hush"}}
    hiding = [path for path, file in files(given).items() if "hush" in str(file.secret_content)]
    assert hiding == ["/etc/flink/config.yaml"]
    assert [path for path, file in files(given).items() if "hush" in str(file.content)] == []


def test_what_is_made_from_secrets_is_in_no_diff() -> None:
    hushed, loud = (
        files({"flink_config": {**CONFIG, "security.ssl.rest.key-password": value}}) for value in ("hush", "loud")
    )
    environments = {path: file for path, file in hushed.items() if path.endswith(".env")}
    assert environments
    for path, file in environments.items():
        shown = re.sub(str(file.secret_pattern), "", str(file.secret_content))
        assert file.content is None
        assert file.secret_content != loud[path].secret_content
        assert shown == re.sub(str(file.secret_pattern), "", str(loud[path].secret_content))
        assert "FLINK_JVM_ARGS" in shown


def test_the_configuration_file_of_a_release() -> None:
    config = {**CONFIG, "a.b": "x", "jobmanager.rpc.port": 7123}
    for version, name, line in (
        ("1.18.1", "flink-conf.yaml", "a.b: x\n"),
        ("2.3.0", "config.yaml", "a.b: x\n"),
    ):
        found = files({"flink_version": version, "flink_config": config})[f"/etc/flink/{name}"]
        assert str(found.secret_content).startswith(HEAD)
        assert line in str(found.secret_content)
        assert str(found.secret_content).endswith("\n")


def test_shares_are_written_as_sizes() -> None:
    given = {"flink_config": {**CONFIG, "taskmanager.memory.process.size": "50%"}, "flink_reserved_memory": 0}
    assert "taskmanager.memory.process.size: 8g\n" in content(given, "/etc/flink/config.yaml")


# Variables, the file and what is in it.
LISTS: dict[str, tuple[Values, str, str]] = {
    "masters": ({}, "masters", "localhost:8081\n"),
    "masters with high availability and another port": (
        {
            "flink_jobmanager_hosts": ["h1", "h2"],
            "flink_config": {**CONFIG, "high-availability.type": "zookeeper", "rest.port": 9081},
        },
        "masters",
        "h1:9081\nh2:9081\n",
    ),
    "masters with a port of the JobManager": (
        {"flink_jobmanager_config": {"rest.port": 9082}},
        "masters",
        "localhost:9082\n",
    ),
    "no workers": ({}, "workers", ""),
    "workers": ({"flink_taskmanager_hosts": ["t1", "t1", "t2"]}, "workers", "t1\nt1\nt2\n"),
    "workers of Flink 1.11": (
        {"flink_version": "1.11.4", "flink_taskmanager_hosts": ["t1"]},
        "workers",
        "t1\n",
    ),
    "workers of Flink 1.10 have another name": (
        {"flink_version": "1.10.3", "flink_taskmanager_hosts": ["t1"]},
        "slaves",
        "t1\n",
    ),
}


@pytest.mark.parametrize(("given", "name", "text"), LISTS.values(), ids=LISTS)
def test_hosts_for_the_scripts_of_flink(given: Values, name: str, text: str) -> None:
    found = files(given)
    assert content(given, f"/etc/flink/{name}") == text
    assert sum(f"/etc/flink/{either}" in found for either in ("slaves", "workers")) == 1


def test_logging_comes_from_the_release_or_the_user() -> None:
    found = files(
        {"flink_logging": {"log4j.properties": "mine\n", "log4j-own.properties": "own\n"}},
        {"release": {**RELEASE, "conf": ["workers", "log4j.properties", "logback.xml", "zoo.cfg"]}},
    )
    logging = {path: (file.content, file.source) for path, file in found.items() if path.startswith("/etc/flink/log")}
    assert logging == {
        "/etc/flink/log4j.properties": ("mine\n", None),
        "/etc/flink/logback.xml": (None, "/opt/flink/flink-2.3.0/conf/logback.xml"),
        "/etc/flink/log4j-own.properties": ("own\n", None),
    }


def test_advice_of_a_file_that_will_be_removed() -> None:
    assert case(different={"files": {"/etc/flink": ["flink-conf.yaml"]}}).decide().advice == (
        "/etc/flink/flink-conf.yaml will be removed, because Flink 2.3.0 is to read config.yaml.",
    )
    assert case(different={"files": {"/etc/flink": ["config.yaml"]}}).decide().advice == ()
