# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses

import pytest
import yaml

from ansible_collections.streamops.flink.plugins.modules import host_info
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.found import (
    Host,
    LiveProcess,
    ReleaseOnDisk,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    RELEASE,
    STOPPED,
    answer,
    wanted,
)

RETURN = yaml.safe_load(host_info.RETURN)


def names(kind: type) -> set[str]:
    return {field.name for field in dataclasses.fields(kind)}


def test_the_fields_are_what_the_module_returns() -> None:
    assert names(Host) - {"firewalld"} <= set(RETURN)
    assert names(LiveProcess) <= set(RETURN["processes"]["sample"]["taskmanager-1"])
    assert names(ReleaseOnDisk) <= set(RETURN["release"]["contains"])


def test_what_a_host_answers() -> None:
    given = {**answer(wanted()), "changed": False, "invocation": {}}
    given["processes"]["jobmanager"] = {**STOPPED, "pid": 1, "restarts": 0}
    host = Host.of(given)
    assert host.release == ReleaseOnDisk(**RELEASE)
    assert host.processes["jobmanager"] == LiveProcess(**STOPPED, pid=1)
    others = names(Host) - {"release", "processes", "firewalld"}
    assert {name: getattr(host, name) for name in others} == {name: given[name] for name in others}


def test_firewalld_is_no_process_of_the_cluster() -> None:
    given = answer(wanted())
    assert Host.of(given).firewalld is None
    cluster = Host.of(given).processes
    host = Host.of({**given, "processes": {**given["processes"], "firewalld": STOPPED}})
    assert (host.firewalld, host.processes) == (LiveProcess(**STOPPED), cluster)


def test_half_an_answer_is_an_error() -> None:
    given = answer(wanted())
    del given["disk"]
    with pytest.raises(KeyError, match="disk"):
        Host.of(given)


@pytest.mark.parametrize(("uid", "is_root"), [(0, True), (1000, False)])
def test_root(uid: int, is_root: bool) -> None:
    assert Host.of(answer(wanted(), {"ansible_user": {"name": "x", "uid": uid}})).is_root is is_root


@pytest.mark.parametrize(
    ("state", "is_alive"), [("running", True), ("starting", True), ("stopped", False), ("failed", False)]
)
def test_states(state: str, is_alive: bool) -> None:
    assert LiveProcess(**{**STOPPED, "state": state}).is_alive is is_alive
