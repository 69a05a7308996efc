# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import hashlib
import json
import typing as t
import zipfile
from pathlib import Path
from unittest import mock

import pytest
import yaml
from ansible.errors import AnsibleActionFail

from ansible_collections.streamops.flink.plugins.action import job_care as action_plugin
from ansible_collections.streamops.flink.plugins.action.job_care import ARGUMENT_SPEC, ActionModule
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.identity import job_id
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import read_journal
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import job_specs
from ansible_collections.streamops.flink.plugins.modules import job_care
from ansible_collections.streamops.flink.plugins.plugin_utils._action import plain
from ansible_collections.streamops.flink.tests.unit.plugins.action.tasks import Values, made
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.test_cluster_jobs import (
    ID,
    NOTE,
    RESTARTS,
    VERSION,
    WORKER,
    host,
    live,
    variables,
)

REST = {"url": "http://j1:8081", "validate_certs": True}
STRANGER = live("f" * 32, name="Other")
REFUSED = {"failed": True, "msg": "http://j1:8081/overview: [Errno 111] Connection refused."}


class Ran(t.NamedTuple):
    result: Values
    asked: list[Values]
    lines: list[str]


def run(hosts: dict[str, Values], *answers: Values, args: Values | None = None, task_vars: Values | None = None) -> Ran:
    """Run the action where these hosts have been looked at, and the cluster answers so, one time after the other."""
    given = {name: {"__flink": {"jobs": plain(host(**facts)), "rest": REST}} for name, facts in hosts.items()}
    known = {"hostvars": given, "ansible_play_batch": list(hosts), **(task_vars or {})}
    action, left = made(ActionModule, args or {}, known), list(answers)
    asked: list[Values] = []
    lines: list[str] = []

    def execute(module: str, arguments: Values, **_others: t.Any) -> Values:
        asked.append({"module": module, **arguments})
        return left.pop(0)

    with (
        mock.patch.object(action, "_execute_module", execute),
        mock.patch.object(action_plugin, "Display", return_value=mock.Mock(display=lines.append)),
    ):
        return Ran(action.run(task_vars=known), asked, lines)


def answer(*jobs: Values) -> Values:
    return {"flink_version": "2.3.0", "jobs": list(jobs)}


NONE: Values = {"of": variables(declared=[])}


def test_a_cluster_without_jobs_of_which_nothing_restarts_is_not_asked() -> None:
    ran = run({"j1": NONE, "w1": {**NONE, **WORKER}})
    assert (ran.asked, ran.lines) == ([], [])
    assert (ran.result["host"], ran.result["jobmanagers"]) == ("j1", ["j1"])
    assert ran.result["restart_groups"] == {"j1": [], "w1": []}
    assert json.loads(json.dumps(ran.result)) == ran.result


def test_a_restart_of_a_cluster_without_jobs_asks_once() -> None:
    ran = run({"j1": {**NONE, **RESTARTS}}, answer(), task_vars={"flink_rest_password": "hush"})
    assert [(ask["module"], ask["details"], ask["url"], ask["url_password"]) for ask in ran.asked] == [
        ("streamops.flink.job_info", False, "http://j1:8081", "hush")
    ]


def test_a_job_that_nobody_declared_is_not_lost() -> None:
    with pytest.raises(AnsibleActionFail) as caught:
        run({"j1": {**NONE, **RESTARTS}}, answer(STRANGER), answer(STRANGER))
    assert f"Other ({'f' * 32}) may end" in str(caught.value)
    assert str(caught.value).endswith("No process was changed.")


def test_what_happens_is_said() -> None:
    ran = run({"j1": {**NONE, "restarting": ("taskmanager-1",)}}, answer(STRANGER), answer(STRANGER))
    assert ran.lines == ["Job Other: is interrupted once, and goes on from its newest checkpoint."]
    assert ran.result["interrupted"] == ["f" * 32]


@pytest.mark.parametrize("order", [None, "together", "spare"])
def test_the_role_alone_restarts_one_process_of_a_host_after_the_other(order: str | None) -> None:
    facts = {"of": variables(declared=[], order=order), "restarting": ("taskmanager-1", "taskmanager-2")}
    ran = run({"j1": facts, "j2": facts}, answer(STRANGER), answer(STRANGER), args={"at_once": False})
    assert ran.lines == ["Job Other: is interrupted twice, and goes on from its newest checkpoint."]
    assert (ran.result["order"], ran.result["together"]) == ("rolling", {"j1": [], "j2": []})
    assert [
        f"expected rolling where the role restarts processes, got {order}" in said for said in ran.result["warnings"]
    ] == ([True] if order else [])


def test_without_room_for_the_jobs_nothing_restarts() -> None:
    of = variables(declared=[], order="spare")
    facts = {"of": of, "restarting": ("taskmanager-1",), "live_taskmanagers": {"taskmanager-1": 2}}
    slots = {"taskmanagers": [{"id": "j1-1", "path": "p", "slots": 2, "free_slots": 1, "memory": {}}]}
    with pytest.raises(AnsibleActionFail, match=r"got 0 for 1\. Set it to together, or add slots before\.\nNo process"):
        run({"j1": facts}, answer(STRANGER), answer(STRANGER), slots)


WITHOUT = r"--tags, --skip-tags: expected a run with flink_jobs, since orders would be stopped and resumed"

# The tags that run and those that are skipped, and what becomes of a job that the restart of a JobManager would end.
TAGS: dict[str, tuple[list[str], list[str], str]] = {
    "all": (["all"], [], "stopped"),
    "a configuration": (["flink_configure"], [], "left alone"),
    "the health": (["flink_health"], [], "left alone"),
    "processes that do not run": (["flink_service"], [], "left alone"),
    "jobs": (["flink_jobs"], [], "left alone"),
    "all but restarts": (["all"], ["flink_restart"], "left alone"),
    "restarts": (["flink_restart"], [], "refused"),
    "all but jobs": (["all"], ["flink_jobs"], "refused"),
    "restarts and jobs": (["flink_restart", "flink_jobs"], [], "stopped"),
}


@pytest.mark.parametrize("row", TAGS)
def test_only_what_the_tags_of_a_run_restart_counts(row: str, tmp_path: Path) -> None:
    chosen, skipped, outcome = TAGS[row]
    entry = {"name": "orders", "jar": jar(tmp_path), "class": "Orders", "checksum": None}
    content = f"sha256:{hashlib.sha256((tmp_path / 'orders.jar').read_bytes()).hexdigest()}"
    runs = live(job_id("flink", "orders", job_specs([entry])[0].digest(content, "2.3.0"), "00000001"))
    given = {"ansible_run_tags": chosen, "ansible_skip_tags": skipped}
    hosts = {"j1": {"of": variables(declared=[entry]), **RESTARTS}}
    if outcome == "refused":
        with pytest.raises(AnsibleActionFail, match=WITHOUT):
            run(hosts, answer(runs), answer(runs), task_vars=given)
    else:
        stopped = run(hosts, answer(runs), answer(runs), task_vars=given).result["stopped"]
        assert [job["name"] for job in stopped] == (["orders"] if outcome == "stopped" else [])


def test_nobody_who_listens_runs_no_job() -> None:
    assert run({"j1": {**NONE, **RESTARTS}}, REFUSED).result["stopped"] == []


@pytest.mark.parametrize("answers", [(REFUSED,), (answer(STRANGER), REFUSED)], ids=["at once", "while it is asked"])
def test_a_jobmanager_that_runs_and_does_not_answer_may_run_a_declared_job(
    answers: tuple[Values, ...], tmp_path: Path
) -> None:
    entry = {"name": "orders", "jar": jar(tmp_path), "class": "Orders"}
    with pytest.raises(AnsibleActionFail, match="So nobody knows which jobs run there"):
        run({"j1": {"of": variables(declared=[entry]), **RESTARTS, "listens": True}}, *answers)


def test_a_jobmanager_that_never_comes_up_runs_no_job(tmp_path: Path) -> None:
    entry = {"name": "orders", "jar": jar(tmp_path), "class": "Orders"}
    assert run({"j1": {"of": variables(declared=[entry]), **RESTARTS}}, REFUSED).result["stopped"] == []


def test_a_cluster_that_does_not_run_can_be_removed() -> None:
    assert run({"j1": {"jobmanager": "restarts apart", "ends": True}}, REFUSED).result["stopped"] == []


ELECTING: Values = {
    "failed": True,
    "msg": "http://j1:8081/overview: expected an answer, got HTTP Error 500: Internal Server Error: Could not send "
    "message to recipient [Actor[pekko.tcp://flink@j2/user/rpc/dispatcher_1]], because the recipient is unreachable.",
}


BEGINNING: Values = {
    "failed": True,
    "msg": "http://j1:8081/jobs/1/checkpoints: expected an answer, got HTTP Error 500: Internal Server Error: Unable "
    "to get JobMasterGateway for initializing job. The requested operation is not available while the JobManager is "
    "initializing.",
}


@pytest.mark.parametrize("busy", [ELECTING, BEGINNING], ids=["no leader yet", "a job begins"])
def test_what_passes_soon_is_waited_for(busy: Values, monkeypatch: pytest.MonkeyPatch) -> None:
    paused: list[float] = []
    monkeypatch.setattr("time.sleep", paused.append)
    ran = run({"j1": {**NONE, **RESTARTS}}, busy, busy, answer())
    assert (len(paused), ran.result["stopped"]) == (2, [])


def test_a_leader_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    with pytest.raises(AnsibleActionFail, match="So nobody knows which jobs run there"):
        run({"j1": {**NONE, **RESTARTS}}, *[ELECTING] * 20)


def test_the_jobmanager_that_runs_is_asked() -> None:
    ran = run({"j1": {**NONE, "jobmanager": "none"}, "j2": {**NONE, **RESTARTS}}, answer())
    assert ran.result["host"] == "j2"


def test_a_jobmanager_that_has_come_up_is_asked_before_one_that_does_not() -> None:
    ran = run({"j1": {**NONE, **RESTARTS}, "j2": {**NONE, **RESTARTS, "listens": True}}, answer())
    assert ran.result["host"] == "j2"


def test_a_cluster_that_cannot_be_asked_is_not_restarted() -> None:
    with pytest.raises(AnsibleActionFail, match="So nobody knows which jobs run there"):
        run({"j1": {**NONE, **RESTARTS}}, {"failed": True, "msg": "http://j1:8081: HTTP Error 401."})


def jar(directory: Path) -> str:
    path = directory / "orders.jar"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Orders.class", "")
    return str(path)


# An entry of flink_jobs, and why the program is refused.
PROGRAMS: dict[str, tuple[Values, str]] = {
    "a missing file": ({"jar": "/nowhere.jar", "class": "Orders"}, "expected a readable file, got /nowhere.jar"),
    "a missing script": (
        {"sql": "/nowhere.sql"},
        "orders.sql: expected a file on the controller, or a URL, got /nowhere.sql",
    ),
    "no class": ({}, "orders.class: expected the entry class"),
    "another checksum": ({"class": "Orders", "checksum": "md5:ab"}, "expected sha256: and hexadecimal digits"),
    "a checksum of another file": ({"class": "Orders", "checksum": f"sha256:{'0' * 64}"}, "got another. Get the right"),
}


@pytest.mark.parametrize("row", PROGRAMS)
def test_a_program_is_looked_at_before_any_host_is_changed(row: str, tmp_path: Path) -> None:
    entry, words = PROGRAMS[row]
    declared = {"name": "orders", **({} if "sql" in entry else {"jar": jar(tmp_path)}), **entry}
    with pytest.raises(AnsibleActionFail) as caught:
        run({"j1": {"of": variables(declared=[declared])}}, answer(), answer())
    assert words in str(caught.value)
    # Whose words Ansible would append.
    assert caught.value.__cause__ is None


def test_a_program_comes_to_the_hosts_under_its_checksum(tmp_path: Path) -> None:
    declared = {"name": "orders", "jar": jar(tmp_path), "class": "Orders"}
    ran = run({"j1": {"of": variables(declared=[declared])}}, answer(), answer())
    (program,), (wanted,) = ran.result["programs"], ran.result["wanted"]
    assert program["checksum"].startswith("sha256:")
    assert program["dest"] == wanted["jar"]
    assert ran.lines == ["Job orders: to be started from nothing."]


# Arguments; values of the result, and the lines that are shown.
OPERATIONS: dict[str, tuple[Values, Values, list[str]]] = {
    "stop": (
        {"purpose": "stop"},
        {"hold": "begin", "needs_run": False},
        ["Job orders: is stopped with a savepoint, since all jobs are stopped; it waits for the playbook resume."],
    ),
    "resume": ({"purpose": "resume"}, {"hold": "end", "needs_run": False}, []),
    "scale": (
        {"purpose": "drain", "drained": ["w1"]},
        {"drained": {"w1": ["taskmanager-1"]}, "resource_ids": ["w1-1"]},
        ["Job orders: is interrupted once, and goes on from its newest checkpoint."],
    ),
    "savepoint": (
        {"purpose": "savepoint", "keep": 1, "deletes": True},
        {"savepoints": [{"jobs": [ID], "directory": "file:///s", "format": None}], "old": []},
        ["Job orders: gets a savepoint in file:///s."],
    ),
    "show": ({"purpose": "show"}, {"flink_version": "2.3.0", "deviations": []}, []),
}


@pytest.mark.parametrize("row", OPERATIONS)
def test_an_operation_looks_at_all_jobs(row: str, tmp_path: Path) -> None:
    args, expected, lines = OPERATIONS[row]
    path = jar(tmp_path)
    declared = {"name": "orders", "jar": path, "class": "Orders"}
    digest = job_specs([declared])[0].digest(_checksum(path), "2.3.0")
    job = live(ID[:12] + digest[:12] + ID[24:], duration=1)
    note = dataclasses.replace(
        read_journal(NOTE, "note"), job_id=job["id"], version=dataclasses.replace(VERSION, digest=digest)
    )
    of = variables(declared=[declared])
    worker = {"of": of, **WORKER, "live_taskmanagers": {"taskmanager-1": 4}}
    hosts = {"j1": {"of": of, "notes": {"orders": note.text()}}, "w1": worker, "w2": worker}
    ran = run(hosts, answer(job), answer(job), args=args)
    if "savepoints" in expected:
        expected = {**expected, "savepoints": [{**expected["savepoints"][0], "jobs": [job["id"]]}]}
    assert {name: ran.result[name] for name in expected} == expected
    assert ran.lines == lines


def _checksum(path: str) -> str:
    return f"sha256:{hashlib.sha256(Path(path).read_bytes()).hexdigest()}"


# Where nobody listens.
@pytest.mark.parametrize("purpose", ["jobs", "stop", "resume", "savepoint"])
def test_an_operation_needs_a_cluster(purpose: str) -> None:
    with pytest.raises(AnsibleActionFail, match="Cluster: expected a JobManager that answers, got none"):
        run({"j1": {**NONE, "jobmanager": "none"}}, args={"purpose": purpose})


def test_the_documentation_is_that_of_the_action(documented: t.Callable[[Values], Values]) -> None:
    assert documented(yaml.safe_load(job_care.DOCUMENTATION)["options"]) == ARGUMENT_SPEC
