# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.removal import decide_removal
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import Values, wanted

UNITS = "/etc/systemd/system"
RELEASES = ["/opt/flink/flink-2.2.1", "/opt/flink/flink-2.3.0"]


def removal(
    given: Values | None = None,
    files: t.Sequence[str] = (),
    *,
    installed: t.Sequence[str] = tuple(RELEASES),
    used: t.Sequence[str] = (),
    systemd: int | None = 252,
) -> Values:
    of = wanted(given)
    return decide_removal(of, {"systemd": systemd, "files": {of.conf_dir: list(files)}}, installed, used)


def test_processes_are_those_that_have_an_environment_file() -> None:
    found = removal(files=["jobmanager.env", "taskmanager-3.env", "config.yaml"])
    assert found["processes"] == ["jobmanager", "taskmanager-3"]
    assert found["units"] == {
        "jobmanager": "flink-jobmanager.service",
        "taskmanager-3": "flink-taskmanager@3.service",
    }
    assert [file["path"] for file in found["files"]][:3] == [
        "/etc/flink/jobmanager.env",
        "/var/lib/flink/jobmanager",
        f"{UNITS}/flink-jobmanager.service.d",
    ]
    assert {file["state"] for file in [*found["files"], *found["created_files"]]} == {"absent"}


def test_what_the_role_created() -> None:
    units = [
        f"{UNITS}/flink-{name}.service{end}"
        for name in ("jobmanager", "taskmanager@", "historyserver", "sql-gateway")
        for end in ("", ".d")
    ]
    created = ["/etc/flink", "/var/lib/flink", "/opt/flink/current", *RELEASES]
    assert [file["path"] for file in removal()["created_files"]] == [*units, *created]
    assert removal()["processes"] == []


# Variables, releases that the role installed and those that other clusters use, and what is removed of them.
KEPT: dict[str, tuple[Values, list[str], list[str], list[str]]] = {
    "none is used": ({}, RELEASES[::-1], [], RELEASES),
    "another cluster uses one": ({}, RELEASES, RELEASES[:1], RELEASES[1:]),
    "another cluster uses the one of this": ({}, RELEASES, RELEASES[1:], RELEASES[:1]),
    "none was installed": ({}, [], [], []),
    "the directory around them": ({}, [*RELEASES, "/opt/flink"], [], RELEASES),
}


@pytest.mark.parametrize(("given", "installed", "used", "removed"), KEPT.values(), ids=KEPT)
def test_releases(given: Values, installed: list[str], used: list[str], removed: list[str]) -> None:
    found = [file["path"] for file in removal(given, installed=installed, used=used)["created_files"]]
    assert [path for path in found if path.startswith("/opt/flink") and not path.endswith("/current")] == removed


def test_the_confirmation_names_everything() -> None:
    assert removal({"flink_current_link": None}, installed=RELEASES[:1])["confirmation"] == (
        "flink_uninstall_confirmed: expected true, got false. It would stop every process of flink on h1, "
        "and remove /etc/flink, /var/lib/flink, /opt/flink/flink-2.2.1. If that is meant, say -e "
        "flink_uninstall_confirmed=true."
    )


@pytest.mark.parametrize(
    ("given", "systemd", "expected"),
    [
        ({}, 252, True),
        ({}, None, False),
        ({"flink_service_manager": "launcher"}, 252, False),
        ({"flink_service_manager": "systemd"}, 252, True),
    ],
)
def test_what_stops_the_processes(given: Values, systemd: int | None, expected: bool) -> None:
    assert removal(given, systemd=systemd)["has_systemd"] is expected
