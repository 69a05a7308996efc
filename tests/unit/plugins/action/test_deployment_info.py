# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import copy
import hashlib
import json
import typing as t
from pathlib import Path
from unittest import mock

import pytest
import yaml
from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible.template import trust_as_template

from ansible_collections.streamops.flink.plugins.action.deployment_info import ARGUMENT_SPEC, ActionModule
from ansible_collections.streamops.flink.plugins.doc_fragments import _cluster
from ansible_collections.streamops.flink.plugins.modules import deployment_info
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.variables import DEFAULTS
from ansible_collections.streamops.flink.tests.unit.plugins.action.tasks import HostVars, made, opened_no_connection
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    NO_RELEASE,
    URL,
    Values,
    answer,
    wanted,
)

# As it is before Ansible fills the defaults of the suboptions in.
SPEC = copy.deepcopy(ARGUMENT_SPEC)

USUAL: Values = {"flink_version": "2.3.0", "flink_config": CONFIG}
CLUSTER: Values = {"jobmanagers": ["j1"], "taskmanagers": ["h1", "h2"], "workers": ["h1", "h1", "h2"]}
CONFIG_LINK = "/opt/flink/flink-2.3.0/conf/config.yaml"
HOST_INFO = "streamops.flink.host_info"
URI = "ansible.builtin.uri"
FOUND: Values = {"status": 200, "content_length": "1000", "msg": "OK (1000 bytes)"}
VERIFIED: Values = {"status": 200, "content": f"{'c' * 128}  flink.tgz\n"}


class Run(t.NamedTuple):
    """The result of a task, and the modules that it executed, with their arguments and whether in check mode."""

    result: Values
    asked: list[tuple[str, Values, bool]]

    @property
    def modules(self) -> list[str]:
        return [module for module, _arguments, _check_mode in self.asked]


def run(
    variables: Values | None = None,
    *,
    args: Values | None = None,
    given: Values | None = None,
    check_mode: bool = False,
    facts: Values | None = None,
    answers: t.Sequence[Values] | None = None,
    different: Values | None = None,
) -> Run:
    """Run the action as a task of the role would.

    ``variables`` are set by the inventory or a play, ``given`` by the inventory alone. The modules that it executes get
    ``answers`` after that of the host, which is a healthy one but for what is different.
    """
    set_variables = {**USUAL, **(variables or {}), **(given or {})}
    task_vars = {
        "inventory_hostname": "h1",
        **DEFAULTS,
        **set_variables,
        "hostvars": HostVars(h1=given or {}),
        **({} if facts is None else {"ansible_facts": facts}),
    }
    action = made(ActionModule, args or {}, task_vars, check_mode=check_mode)
    asked: list[tuple[str, Values, bool]] = []
    further = iter(answers or ())

    def execute(module_name: str, module_args: Values, task_vars: Values) -> Values:
        asked.append((module_name, module_args, action._task.check_mode))
        if module_name == HOST_INFO and (args or {}).get("purpose") != "uninstall":
            return _host(module_args, different)
        return next(further)

    with mock.patch.object(action, "_execute_module", execute):
        result = action.run(task_vars=task_vars)
    assert opened_no_connection(action)
    assert list(further) == []
    return Run(result, asked)


def _host(question: Values, different: Values | None) -> Values:
    """The answer to these questions."""
    of = wanted({"flink_home": question["flink_home"]})
    names = [process["name"] for process in question["processes"]]
    usual = answer(of)
    stopped = next(iter(usual["processes"].values()))
    return {
        **usual,
        "files": {directory: [] for directory in question["directories"]},
        "links": {**dict.fromkeys(question["links"], question["flink_home"]), CONFIG_LINK: "/etc/flink/config.yaml"},
        "processes": dict.fromkeys(names, stopped),
        **(different or {}),
    }


def test_a_host_is_asked_once() -> None:
    ran = run({"flink_taskmanager_count": 2, "flink_slice": "flink.slice"})
    ((module, arguments, _check_mode),) = ran.asked
    assert module == HOST_INFO
    variables = arguments.pop("variables")
    assert {"FLINK_CONF_DIR", "JAVA_HOME", "MALLOC_CONF"} < set(variables)
    pattern = arguments.pop("unit_pattern")
    assert pattern.startswith("(EnvironmentFile=/etc/flink/")
    assert [mark["directory"] for mark in arguments.pop("marks")] == ["/var/lib/flink"]
    assert arguments == {
        "java_homes": [],
        "flink_home": "/opt/flink/flink-2.3.0",
        "job_notes": "/var/lib/flink/jobs",
        "pythons": [],
        "running_with": ["FLINK_CONF_DIR", "FLINK_MAIN_CLASS", "FLINK_PROCESS"],
        "disk_paths": ["/opt/flink/flink-2.3.0"],
        "ports": [
            {"name": "jobmanager rest.port", "host": "localhost", "port": 8081},
            {"name": "jobmanager jobmanager.rpc.port", "host": "localhost", "port": 6123},
        ],
        "names": ["localhost"],
        "servers": [],
        "znodes": [],
        "user": "flink",
        "group": None,
        "releases_in": "/opt/flink",
        "directories": ["/etc/flink", "/var/lib/flink", "/etc/flink/secrets", "/etc/firewalld/policies"],
        "programs": [],
        "links": ["/opt/flink/current", CONFIG_LINK],
        "places": [
            {"path": "/opt/flink/flink-2.3.0", "owner": None},
            {"path": "/etc/flink", "owner": None},
            {"path": "/var/lib/flink", "owner": None},
            {"path": "/var/log/flink", "owner": "flink"},
            {"path": "/var/lib/flink/tmp", "owner": "flink"},
        ],
        "mounts": ["/var/lib/flink/tmp"],
        "java_options": {},
        "processes": [
            {"name": name, "unit": unit, "pid_file": f"/var/lib/flink/{name}.pid"}
            for name, unit in (
                ("jobmanager", "flink-jobmanager.service"),
                ("taskmanager-1", "flink-taskmanager@1.service"),
                ("taskmanager-2", "flink-taskmanager@2.service"),
            )
        ],
        "slice": "flink.slice",
    }
    assert ran.result["objections"] == []
    assert ran.result["names"] == ["jobmanager", "taskmanager-1", "taskmanager-2"]


def test_a_host_is_asked_for_the_servers_of_a_quorum() -> None:
    store = {"quorum": ["zk1", "[fd00::1]:2182"], "storage_dir": "s3://flink/ha"}
    ((_module, arguments, _check_mode),) = run({"flink_high_availability": store}).asked
    assert arguments["servers"] == ["zk1:2181", "[fd00::1]:2182"]
    assert arguments["names"] == ["localhost", "zk1", "fd00::1"]


def test_launchers_are_asked_neither_for_units_nor_for_a_slice() -> None:
    ((_module, arguments, _check_mode),) = run(
        {"flink_service_manager": "launcher", "flink_current_link": None, "flink_java_home": "/opt/java"}
    ).asked
    assert {process["unit"] for process in arguments["processes"]} == {None}
    assert (arguments["slice"], arguments["links"], arguments["java_homes"]) == ("", [CONFIG_LINK], ["/opt/java"])


def test_check_mode_decides_the_same() -> None:
    assert run(check_mode=True).result == run().result


def test_the_result_is_plain_and_documented() -> None:
    result = run().result
    assert json.loads(json.dumps(result)) == result
    internal = {"changed", "warnings", "_ansible_no_log"}
    returned = yaml.safe_load(deployment_info.RETURN)
    of_others = {
        key
        for key, value in returned.items()
        if "deploy" not in value["returned"] and "unless" not in value["returned"]
    }
    assert set(result) - internal == set(returned) - of_others


def test_nothing_is_changed_and_nothing_printed() -> None:
    hush = {"flink_rest_password": "hush", "flink_config": {**CONFIG, "s3.secret-key": "hush"}}
    result = run(hush).result
    assert (result["changed"], result["_ansible_no_log"]) == (False, True)
    assert "url_password" not in result["rest"]
    assert [file["path"] for file in result["configuration"] if "hush" in json.dumps(file)] == [
        "/etc/flink/config.yaml"
    ]
    hidden = [file["path"] for file in result["configuration"] if "secret_content" in file]
    assert hidden == [*(f"/etc/flink/{name}.env" for name in ("jobmanager", "taskmanager-1")), "/etc/flink/config.yaml"]
    said = [*result["warnings"], *result["advice"], *result["objections"]]
    assert "hush" not in json.dumps([said, result["service"], result["installation"], result["changes"]])


def test_what_no_message_may_have() -> None:
    files = {"kafka.password": "n0tForEyes\n"}
    result = run({"flink_secret_files": files, "flink_config": {**CONFIG, "s3.secret-key": "hush"}}).result
    assert result["secrets"] == ["hush", "n0tForEyes"]


# Variables that are wrong, and the message.
REFUSED: dict[str, tuple[Values, str]] = {
    "a plan that is refused": (
        {"flink_config": {"jobmanager.memory.process.size": "1g"}},
        "h1: taskmanager-1: No memory is configured for the TaskManager.",
    ),
    "a plan that does not fit": (
        {"flink_host_memory": "2g"},
        "h1: jobmanager 1g + taskmanager-1 1728m + reserved 204m = 2956m, which is 908m more than the 2g of memory",
    ),
    "an unknown release": ({"flink_version": "1.9.3"}, "flink_version: Flink 1.9.3 is not supported."),
    "a release as a number": ({"flink_version": 1.20}, "flink_version: 1.2 is a number, and as a number 1.20 is 1.2."),
    "null where a value has to be": ({"flink_config": None}, "flink_config: expected a value, got null."),
    "a configuration that no file carries": (
        {"flink_version": "1.18.1", "flink_config": {**CONFIG, "a": "b#c"}},
        "a: flink-conf.yaml cannot carry it: its value contains '#', where Flink cuts the line.",
    ),
    "a path that no host is asked about": (
        {"flink_conf_dir": "/etc/a\0b", "flink_config": {**CONFIG, "io.tmp.dirs": "/etc/cron.d"}},
        (
            r"flink_conf_dir: expected printable characters without a backslash or a blank at the end, got "
            r"'/etc/a\x00b'. Choose another directory."
            "\n"
            "io.tmp.dirs: expected a directory of its own, got '/etc/cron.d'"
        ),
    ),
    "a secret on a command line": (
        {"flink_jobmanager_config": {"s3.secret-key": "hush"}},
        "s3.secret-key: the options of a single process are on its command line",
    ),
}


@pytest.mark.parametrize(("variables", "message"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("check_mode", [False, True], ids=["run", "check"])
def test_refused(variables: Values, message: str, check_mode: bool) -> None:
    result = run(variables, check_mode=check_mode).result
    assert result["failed"] is True
    assert result["msg"].startswith(message)
    assert "hush" not in json.dumps(result)
    assert "exception" not in result


KEYTAB = b"\x05\x02 keys"
# The secrets of Ansible Vault that are given, and what is said of a keytab that another one encrypts.
VAULTS: dict[str, tuple[list[tuple[str, VaultSecret]], str | None]] = {
    "its password": ([("default", VaultSecret(b"hush"))], None),
    "no password": ([], "Correct its rights, or give the password of the vault."),
    "another password": ([("default", VaultSecret(b"loud"))], "Correct its rights, or give the password of the vault."),
}


@pytest.mark.parametrize(("secrets", "refusal"), VAULTS.values(), ids=VAULTS)
def test_a_keytab_that_is_encrypted(
    secrets: list[tuple[str, VaultSecret]], refusal: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keytab = tmp_path / "flink.keytab"
    keytab.write_bytes(VaultLib([("default", VaultSecret(b"hush"))]).encrypt(KEYTAB))
    monkeypatch.setattr(
        DataLoader, "set_vault_secrets", lambda loader, _none: setattr(loader._vault, "secrets", secrets)
    )
    result = run({"flink_kerberos": {"principal": "flink@EXAMPLE.ORG", "keytab": str(keytab)}}).result
    if refusal is None:
        (file,) = (file for file in result["configuration"] if file["path"].endswith("/flink.keytab"))
        assert base64.b64decode(file["secret_content"]) == KEYTAB
    else:
        begin = f"flink_kerberos.keytab: expected a file that can be read on the controller, got {keytab}: "
        assert (result["msg"].startswith(begin), result["msg"].endswith(refusal)) == (True, True)
        assert "exception" not in result


def test_a_keytab_that_nobody_lets_us_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keytab = tmp_path / "flink.keytab"
    keytab.write_bytes(KEYTAB)
    monkeypatch.setattr(
        Path, "read_bytes", mock.Mock(side_effect=PermissionError(13, "Permission denied", str(keytab)))
    )
    result = run({"flink_kerberos": {"principal": "flink@EXAMPLE.ORG", "keytab": str(keytab)}}).result
    assert result["msg"].startswith(
        f"flink_kerberos.keytab: expected a file that can be read on the controller, got {keytab}"
    )
    assert "exception" not in result


def test_an_undefined_release_is_refused_with_advice() -> None:
    result = run({"flink_version": DEFAULTS["flink_version"]}, given={"flink_versoin": "2.3.0"}).result
    assert "flink_version is not set. Give the Flink release in quotes" in result["msg"]
    assert "Did you mean flink_version?" in result["warnings"][0]


def test_objections_do_not_fail() -> None:
    result = run({"flink_jobmanager_hosts": []}).result
    assert "failed" not in result
    assert len(result["objections"]) == 1


def test_unknown_variables_are_warned_of() -> None:
    result = run(given={"flink_taskmanager_counts": 2, "flink_owner": "me", "flinkish": 1}).result
    assert result["warnings"] == [
        (
            "flink_taskmanager_counts: the role streamops.flink.flink has no such variable. Did you mean "
            "flink_taskmanager_count?"
        ),
        (
            "flink_owner: the role streamops.flink.flink has no such variable. It counts only where something of your "
            "own reads it."
        ),
    ]


def test_they_are_warned_of_if_the_plan_is_refused_too() -> None:
    result = run({"flink_config": {}}, given={"flink_confg": CONFIG}).result
    assert result["failed"] is True
    assert result["warnings"] == [
        "flink_confg: the role streamops.flink.flink has no such variable. Did you mean flink_config?"
    ]


def test_advice_is_a_warning() -> None:
    result = run(different={"files": {"/etc/flink": ["flink-conf.yaml"]}}).result
    assert result["warnings"] == result["advice"]
    assert result["advice"][0].startswith("/etc/flink/flink-conf.yaml will be removed")


def test_variables_are_templates() -> None:
    text = trust_as_template
    ran = run(
        {
            "size": "2g",
            "flink_taskmanager_count": text("{{ 1 + 1 }}"),
            "flink_config": {**CONFIG, "jobmanager.memory.process.size": text("{{ size }}")},
            "flink_user": text("{{ 'streamer' }}"),
        }
    )
    assert ran.asked[0][1]["user"] == "streamer"
    assert [plan["memory"]["total_process"] for plan in ran.result["plans"]] == [2**31, 1811939328, 1811939328]


def test_texts_have_the_types_of_variables() -> None:
    # As -e gives them.
    ran = run({"flink_taskmanager_count": "2", "flink_jemalloc": "yes", "flink_user": "flink", "flink_restart": "all"})
    assert len(ran.result["plans"]) == 2 + 1
    assert "libjemalloc2" in ran.result["installation"]["packages"]


def test_files_say_by_whom_they_are_managed() -> None:
    usual, other = (run(variables).result["service"][0]["content"] for variables in ({}, {"ansible_managed": "By me"}))
    assert usual.startswith("#!/bin/sh\n#\n# Ansible managed\n#\n")
    assert other.startswith("#!/bin/sh\n#\n# By me\n#\n")


# What the inventory and plays say, and the components, JobManagers and workers that follow in a cluster.
MEMBERS: dict[str, tuple[Values, Values, tuple[list[str], list[str], list[str]]]] = {
    "groups": ({}, {}, (["taskmanager"], ["j1"], ["h1", "h1", "h2"])),
    "the inventory outranks groups": (
        {},
        {
            "flink_components": ["jobmanager"],
            "flink_jobmanager_hosts": ["h1.example.org"],
            "flink_taskmanager_hosts": ["h2.example.org"],
        },
        (["jobmanager"], ["h1.example.org"], ["h2.example.org"]),
    ),
    "so it does with what is the default": (
        {},
        {"flink_components": ["jobmanager", "taskmanager"], "flink_jobmanager_hosts": ["localhost"]},
        (["jobmanager", "taskmanager"], ["localhost"], ["h1", "h1", "h2"]),
    ),
    "a play outranks groups": (
        {"flink_components": ["jobmanager"], "flink_taskmanager_hosts": ["h9"]},
        {},
        (["jobmanager"], ["j1"], ["h9"]),
    ),
}


@pytest.mark.parametrize(("play", "inventory", "members"), MEMBERS.values(), ids=MEMBERS)
def test_members_of_a_cluster(play: Values, inventory: Values, members: tuple[list[str], list[str], list[str]]) -> None:
    ran = run(play, given=inventory, args={"cluster": CLUSTER})
    components, jobmanagers, workers = members
    assert ran.asked[0][1]["names"] == jobmanagers
    assert [plan["process"] for plan in ran.result["plans"]] == components
    (file,) = [file for file in ran.result["configuration"] if file["path"] == "/etc/flink/workers"]
    assert file["content"].split("#\n")[-1].split() == workers


def test_without_a_cluster_the_defaults_count() -> None:
    assert run().asked[0][1]["names"] == ["localhost"]


def test_a_plan_asks_nothing_if_the_memory_is_known() -> None:
    for variables, facts in (({"flink_host_memory": "8g"}, None), ({}, {"memtotal_mb": 8192})):
        ran = run(variables, args={"purpose": "plan"}, facts=facts)
        assert ran.asked == []
        assert ran.result["host"]["memory"] == 2**33
        assert ran.result["_ansible_no_log"] is True
        jobmanager, taskmanager = ran.result["report"].split("h1 taskmanager-1:")
        assert jobmanager.startswith("h1 jobmanager: ")
        assert "1811939328" in taskmanager


def test_a_plan_asks_for_the_memory_alone() -> None:
    info = {"effective": 2**33, "limited_by": "slice flink.slice", "numa_nodes": [], "changed": False}
    ran = run({"flink_slice": "flink.slice"}, args={"purpose": "plan"}, answers=[info])
    assert ran.asked == [("streamops.flink.host_memory_info", {"slice": "flink.slice"}, False)]
    assert ran.result["host"]["limited_by"] == "slice flink.slice"


def test_a_look_is_prepared_though_the_plan_is_refused_and_asks_nothing() -> None:
    variables = {
        "flink_config": {"taskmanager.memory.process.size": "1m"},
        "flink_components": ["taskmanager", "sql-gateway"],
    }
    ran = run(variables, args={"purpose": "observe"})
    assert ran.asked == []
    assert ran.result["look"] == {
        "processes": [
            {
                "name": "taskmanager-1",
                "unit": "flink-taskmanager@1.service",
                "pid_file": "/var/lib/flink/taskmanager-1.pid",
                "environment_file": "/etc/flink/taskmanager-1.env",
            }
        ],
        "log_directory": "/var/log/flink",
        "slice": "system.slice",
    }
    assert ran.result["rest"]["url"] == "http://localhost:8081"
    assert "url_password" not in ran.result["rest"]


def test_a_deployment_believes_the_host_more_than_facts() -> None:
    variables = {"flink_config": {**CONFIG, "taskmanager.memory.process.size": "50%"}, "flink_reserved_memory": 0}
    memory = {"effective": 2**33, "limited_by": "cgroup /x", "numa_nodes": []}
    plans = run(variables, facts={"memtotal_mb": 65536}, different={"memory": memory}).result["plans"]
    assert plans[1]["memory"]["total_process"] == 2**32


def test_the_report_shows_advice() -> None:
    config = {"jobmanager.memory.process.size": "1g", "taskmanager.memory.process.size": "1g"}
    ran = run({"flink_host_memory": "8g", "flink_config": config}, args={"purpose": "plan"})
    assert "taskmanager-1 " in ran.result["report"].splitlines()[-1]


NO_REDIRECTS: Values = {"follow_redirects": "none"}


def head(url: str) -> Values:
    return {"url": url, "method": "HEAD", **NO_REDIRECTS}


def redirect(url: str) -> Values:
    return {"failed": True, "status": 302, "msg": "Status code was 302 and not [200]", "location": url}


# Answers about an archive by URL, and what is known of it then.
ARCHIVES: dict[str, tuple[Values, list[Values], str, list[str]]] = {
    "it can be had": ({}, [FOUND, VERIFIED], f"sha512:{'c' * 128}", []),
    "it is not there": (
        {},
        [{"status": 404, "msg": "Status code was 404: Not Found."}],
        "sha512:",
        [
            (
                f"flink_archive: expected a URL that the host can get, got {URL.format('2.3.0')}: Status code was "
                "404: Not Found. Correct it, or give a file on the controller."
            )
        ],
    ),
    "nobody answers": (
        {},
        [{"failed": True, "status": -1, "msg": "refused"}],
        "sha512:",
        [
            (
                f"flink_archive: expected a URL that the host can get, got {URL.format('2.3.0')}: refused. Correct "
                "it, or give a file on the controller."
            )
        ],
    ),
    "there is no checksum beside it": (
        {},
        [FOUND, {"failed": True, "status": 404, "msg": "Not Found"}],
        "sha512:",
        [
            (
                "flink_archive_checksum: expected sha512: and 128 hexadecimal digits, got none, and none in "
                f"{URL.format('2.3.0')}.sha512. Set it to the checksum of {URL.format('2.3.0')}."
            )
        ],
    ),
    "the checksum is given": (
        {"flink_archive_checksum": f"sha512:{'d' * 128}"},
        [FOUND],
        f"sha512:{'d' * 128}",
        [],
    ),
    "the server does not tell the size": ({}, [{"status": 200}, VERIFIED], f"sha512:{'c' * 128}", []),
    "the server tells another size than a number": (
        {},
        [{"status": 200, "content_length": "many"}, VERIFIED],
        f"sha512:{'c' * 128}",
        [],
    ),
    "the disk is too small": (
        {},
        [{**FOUND, "content_length": str(2**42)}, VERIFIED],
        f"sha512:{'c' * 128}",
        [
            (
                "flink_home: expected some 10485760 MiB for unpacking flink-2.3.0-bin-scala_2.12.tgz, got "
                "102400 MiB at /opt/flink/flink-2.3.0. Free some space, or set flink_home to another file "
                "system."
            )
        ],
    ),
}


@pytest.mark.parametrize(("variables", "answers", "checksum", "objections"), ARCHIVES.values(), ids=ARCHIVES)
@pytest.mark.parametrize("check_mode", [False, True], ids=["run", "check"])
def test_archives_by_url(
    variables: Values, answers: list[Values], checksum: str, objections: list[str], check_mode: bool
) -> None:
    ran = run(variables, different={"release": NO_RELEASE}, answers=answers, check_mode=check_mode)
    url = URL.format("2.3.0")
    questions: list[Values] = [head(url), {"url": f"{url}.sha512", "return_content": True, **NO_REDIRECTS}]
    # Asked in earnest in check mode too, which uri would skip.
    assert ran.asked[1:] == [(URI, question, False) for question in questions[: len(answers)]]
    assert ran.asked[0][2] is check_mode
    assert ran.result["installation"]["archive_checksum"] == checksum
    assert ran.result["objections"] == ran.result["installation"]["archive_objections"] == objections


FORGEABLE = "what lies beside it comes from the same server without encryption"
# Where the archive is, what is given, where redirects lead from the file with its checksum, how many questions are
# asked, and what stands against it.
UNENCRYPTED: dict[str, tuple[str, Values, tuple[str, ...], int, str | None]] = {
    "over http": ("http://mirror/f.tgz", {}, (), 1, FORGEABLE),
    "over ftp": ("ftp://mirror/f.tgz", {}, (), 1, FORGEABLE),
    "over http with a checksum": (
        "http://mirror/f.tgz",
        {"flink_archive_checksum": f"sha512:{'d' * 128}"},
        (),
        1,
        None,
    ),
    "over https": ("https://mirror/f.tgz", {}, ("https://elsewhere/a", "https://elsewhere/b"), 4, None),
    "over https, and then http": ("https://mirror/f.tgz", {}, ("http://elsewhere/a",), 3, FORGEABLE),
    "over http in between": ("https://mirror/f.tgz", {}, ("http://mirror/a", "https://evil/b"), 4, FORGEABLE),
}


@pytest.mark.parametrize(("archive", "given", "led", "asked", "sentence"), UNENCRYPTED.values(), ids=UNENCRYPTED)
def test_a_checksum_from_the_server_needs_encryption(
    archive: str, given: Values, led: tuple[str, ...], asked: int, sentence: str | None
) -> None:
    variables = {"flink_archive": archive, "flink_allow_http": True, **given}
    answers = [FOUND, *map(redirect, led), VERIFIED][:asked]
    ran = run(variables, different={"release": NO_RELEASE}, answers=answers)
    assert len(ran.asked) == 1 + asked
    assert [objection for objection in ran.result["objections"] if sentence is None or sentence not in objection] == []
    assert bool(ran.result["objections"]) is (sentence is not None)


KEYS = "https://downloads.apache.org/flink/KEYS"
NO_FILE = (
    "{}: expected a file on the controller, got {}, which is none. Correct it, or give a flink_archive_checksum "
    "that you trust in place of a signature."
)
# Variables, what the host answers about the archive and what proves it, which further URLs it is asked for, and what
# stands against it.
PROOFS: dict[str, tuple[Values, list[Values], list[str], list[str]]] = {
    "both are there": ({}, [FOUND, VERIFIED, FOUND, FOUND], [f"{URL.format('2.3.0')}.asc", KEYS], []),
    "no keys": (
        {},
        [FOUND, VERIFIED, FOUND, {"status": 404, "msg": "HTTP Error 404: Not Found"}],
        [f"{URL.format('2.3.0')}.asc", KEYS],
        [
            (
                f"flink_archive_keys: expected a URL that the host can get, got {KEYS}: HTTP Error 404: Not Found. "
                "Correct it, or give a flink_archive_checksum that you trust in place of a signature."
            )
        ],
    ),
    "keys that come by http in the end": (
        {},
        [FOUND, VERIFIED, FOUND, redirect("http://mirror/KEYS"), FOUND],
        [f"{URL.format('2.3.0')}.asc", KEYS, "http://mirror/KEYS"],
        [
            (
                f"flink_archive_keys: expected https:// all the way, got http://mirror/KEYS, where {KEYS} leads to, "
                "and which anybody on the way can change. Correct it, or give a flink_archive_checksum that you trust "
                "in place of a signature."
            )
        ],
    ),
    "files that are none": (
        {"flink_archive_signature": "/nowhere/f.asc", "flink_archive_keys": "/nowhere/KEYS"},
        [FOUND, VERIFIED],
        [],
        [NO_FILE.format("flink_archive_signature", "/nowhere/f.asc")],
    ),
    "a given checksum": ({"flink_archive_checksum": f"sha512:{'d' * 128}"}, [FOUND], [], []),
}


@pytest.mark.parametrize(("variables", "answers", "urls", "objections"), PROOFS.values(), ids=PROOFS)
def test_what_proves_an_archive_is_looked_for(
    variables: Values, answers: list[Values], urls: list[str], objections: list[str]
) -> None:
    host = {"release": NO_RELEASE, "signature_verifier": "/usr/bin/gpgv"}
    ran = run(variables, different=host, answers=answers)
    first = len(answers) - len(urls) + 1
    assert [question for _module, question, _check in ran.asked[first:]] == [head(url) for url in urls]
    assert ran.result["objections"] == objections


def test_an_archive_that_is_installed_is_not_asked_for() -> None:
    assert run().modules == [HOST_INFO]


def test_an_archive_on_the_controller(tmp_path: Path) -> None:
    archive = tmp_path / "flink.tgz"
    variables = {"flink_archive": str(archive)}
    found = run(variables, different={"release": NO_RELEASE})
    assert found.result["objections"] == [
        f"flink_archive: expected a file on the controller, got {archive}, which is none. Give a file there, or a URL."
    ]
    archive.write_bytes(b"x" * 2**20)
    assert (
        f"got none, and none in {archive}.sha512."
        in run(variables, different={"release": NO_RELEASE}).result["objections"][0]
    )
    archive.with_name("flink.tgz.sha512").write_text(f"{'e' * 128}  flink.tgz\n")
    small = {"release": NO_RELEASE, "disk": {"/opt/flink/flink-2.3.0": 2**20}}
    found = run(variables, different=small)
    assert found.modules == [HOST_INFO]
    assert found.result["installation"]["archive_checksum"] == f"sha512:{'e' * 128}"
    assert found.result["objections"] == [
        (
            "flink_home: expected some 2 MiB for unpacking flink.tgz, got 1 MiB at /opt/flink/flink-2.3.0. "
            "Free some space, or set flink_home to another file system."
        )
    ]


def test_a_name_that_no_file_has() -> None:
    name = f"/{'x' * 5000}.jar"
    (said,) = run({"flink_jars": [{"src": name}]}).result["objections"]
    assert said == (f"flink_jars: expected URLs or files on the controller, got {name}. Give a file there, or a URL.")


def test_jars_on_the_controller(tmp_path: Path) -> None:
    jar = tmp_path / "udf.jar"
    jar.write_bytes(b"jar")
    digest = hashlib.sha512(b"jar").hexdigest()
    other = {"src": "https://example.org/a.jar", "checksum": "sha512:00"}
    installation = run({"flink_jars": [{"src": str(jar), "dest": "plugins/x"}, other]}).result["installation"]
    place = "/opt/flink/flink-2.3.0/{}".format
    assert installation["copies"] == [
        {"src": str(jar), "dest": place("plugins/x/udf.jar"), "checksum": f"sha512:{digest}"}
    ]
    assert [jar["dest"] for jar in installation["downloads"]] == [place("lib/a.jar")]
    jar.with_name("more.jar").mkdir()
    for algorithm, refused in (("md5", 0), ("sha256", 0), ("sha1", 1)):
        checksum = f"{algorithm}:{hashlib.new(algorithm, b'jar' + b'!' * refused).hexdigest()}"
        objections = run({"flink_jars": [{"src": str(jar), "checksum": checksum}]}).result["objections"]
        assert [f"got another for {jar}." in objection for objection in objections] == [True] * refused
    assert run({"flink_jars": [{"src": f"{tmp_path}/more.jar"}]}).result["objections"] == [
        f"flink_jars: expected URLs or files on the controller, got {tmp_path}/more.jar. Give a file there, or a URL."
    ]


@pytest.mark.parametrize(("home", "shown"), [(5, "'5'"), (["opt"], "\"['opt']\"")])
def test_a_home_of_another_type_is_what_is_refused_and_not_the_link_to_it(home: t.Any, shown: str) -> None:
    sentence = f"flink_home: expected an absolute path of a directory, got {shown}. Correct it."
    assert run({"flink_home": home}).result["msg"] == sentence


def test_an_uninstallation() -> None:
    host: Values = {
        "systemd": 252,
        "files": {"/etc/flink": ["config.yaml"], "/etc/systemd/system": []},
        "links": {"/opt/flink/current": None, "/var/lib/flink/application/lib": None},
        "matching_units": [],
        "job_notes": {},
        "marked_files": {"/etc/flink": ["jobmanager.env", "taskmanager-2.env"], "/var/lib/flink": []},
        "installed_releases": {"/opt/flink/flink-2.3.0": []},
        "environments": [],
        "ansible_user": {"name": "root", "uid": 0},
        "user": None,
        "running": [],
    }
    ran = run(args={"purpose": "uninstall"}, answers=[host])
    ((module, arguments, _check_mode),) = ran.asked
    assert (module, arguments["releases_in"]) == (HOST_INFO, "/opt/flink")
    assert ran.result["processes"] == ["jobmanager", "taskmanager-2"]
    assert {"path": "/etc/flink/config.yaml", "state": "absent"} in ran.result["files"]
    assert ran.result["warnings"][0].startswith("/opt/flink/flink-2.3.0 stays:")


@pytest.mark.parametrize("said", [{"failed": True, "msg": "No /proc."}, {"unreachable": True, "msg": "No /proc."}])
@pytest.mark.parametrize("purpose", ["plan", "uninstall"])
def test_a_host_that_does_not_answer(purpose: str, said: Values) -> None:
    with pytest.raises(AnsibleActionFail, match=r"No /proc\."):
        run(args={"purpose": purpose}, answers=[said])


def test_a_host_that_cannot_be_inspected() -> None:
    with pytest.raises(AnsibleActionFail, match=r"No /proc\.") as refusal:
        run(different={"failed": True, "msg": "No /proc.", "module_stderr": "no python"})
    assert refusal.value.result["module_stderr"] == "no python"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"purpose": "install"}, "value of purpose must be one of: deploy, observe, plan, uninstall"),
        ({"cluster": {"jobmanagers": []}}, "missing required arguments: taskmanagers, workers found in cluster"),
        ({"host": "h1"}, "Unsupported parameters"),
    ],
)
def test_arguments_are_checked(args: Values, message: str) -> None:
    with pytest.raises(AnsibleActionFail, match=message):
        run(args=args)


def test_the_documentation_is_that_of_the_action(documented: t.Callable[..., t.Any]) -> None:
    fragment = yaml.safe_load(_cluster.ModuleDocFragment.DOCUMENTATION)["options"]
    assert documented({**yaml.safe_load(deployment_info.DOCUMENTATION)["options"], **fragment}) == SPEC


# Declared jobs, the components of the host; the Pythons that it is asked for.
PYTHONS: dict[str, tuple[list[Values], list[str], list[str]]] = {
    "no program in Python": ([{"name": "a", "jar": "a.jar"}], ["jobmanager"], []),
    "one that names none, and one that does": (
        [
            {"name": "a", "python": "a.py"},
            {"name": "b", "python": "b.py", "config": {"python.client.executable": "/p"}},
        ],
        ["jobmanager"],
        ["/v/python", "/p"],
    ),
    "one that is not to run": ([{"name": "a", "python": "a.py", "state": "absent"}], ["jobmanager"], []),
    "one that brings its own": (
        [{"name": "a", "python": "a.py", "config": {"python.client.executable": "venv.zip/bin/python"}}],
        ["jobmanager"],
        [],
    ),
    "no JobManager": ([{"name": "a", "python": "a.py"}], ["taskmanager"], []),
}


@pytest.mark.parametrize("row", PYTHONS)
def test_which_pythons_a_host_is_asked_for(row: str) -> None:
    jobs, components, pythons = PYTHONS[row]
    config = {"python.client.executable": "/v/python"}
    ran = run({"flink_jobs": jobs, "flink_components": components, "flink_config": {**CONFIG, **config}})
    ((_module, arguments, _check_mode),) = ran.asked
    assert arguments["pythons"] == pythons
