# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import posixpath
import re
import typing as t

import pytest

from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    JAVA_17,
    RELEASE,
    Case,
    Values,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import case as any_case


def case(given: Values, different: Values) -> Case:
    """The default of the role, unless it is given."""
    return any_case({"flink_class_data_sharing": True, **given}, different)


JARS: Values = {"flink_jars": [{"src": "https://example.org/a.jar", "checksum": "sha512:00"}]}

# What is wanted, and what is different on the host.
MADE: dict[str, tuple[Values, Values]] = {
    "a new release": ({}, {}),
    "an older release of Flink": ({"flink_version": "1.10.3"}, {}),
    "launchers instead of systemd": ({"flink_service_manager": "launcher"}, {}),
    "the oldest Java that can": ({}, {"java": {**JAVA_17, "version": 13}}),
    "only a TaskManager": ({"flink_components": ["taskmanager"]}, {}),
    "one for another Java or other jars": ({}, {"release": {**RELEASE, "class_archives": ["0" * 16]}}),
}
NOT_USED: dict[str, tuple[Values, Values]] = {
    "not wanted": ({"flink_class_data_sharing": False}, {}),
    "a Java that cannot": ({}, {"java": {**JAVA_17, "version": 11}}),
    "nothing that it is for": (
        {"flink_components": ["historyserver"], "flink_config": {"historyserver.archive.fs.dir": "/srv/jobs"}},
        {},
    ),
}
# What makes another archive necessary.
OTHER: dict[str, tuple[Values, Values]] = {
    "a jar": (JARS, {}),
    "an update of Java": ({}, {"java": {**JAVA_17, "full_version": "17.0.2"}}),
    "Java in another place": ({}, {"java": {**JAVA_17, "home": "/opt/java"}}),
    "another user of the processes": ({"flink_user": "bob"}, {}),
    "the user that Ansible works as": (
        {"flink_user": None, "flink_service_manager": "launcher"},
        {"ansible_user": {"name": "me", "uid": 1000}},
    ),
    "another build of the release": ({}, {"release": {**RELEASE, "archive": f"sha512:{'b' * 128}"}}),
}


def path_in_run(given: Values, different: Values) -> str | None:
    """The directory in which the script that starts the processes looks for archives."""
    run = next(file.content for file in case(given, different).decide().service if file.path.endswith("/run"))
    found = re.search(r"^classes=(.*)/\$\{", str(run), re.MULTILINE)
    return found[1] if found else None


@pytest.mark.parametrize(("given", "different"), MADE.values(), ids=MADE)
def test_made(given: Values, different: Values) -> None:
    decided = case(given, different).decide()
    path = path_in_run(given, different)
    assert path is not None
    assert f"archives={path}\n" in str(decided.class_archive_script)
    assert "archive of classes" in decided.installation.missing


@pytest.mark.parametrize(("given", "different"), NOT_USED.values(), ids=NOT_USED)
def test_not_used(given: Values, different: Values) -> None:
    decided = case(given, different).decide()
    assert decided.class_archive_script is None
    assert path_in_run(given, different) is None
    assert decided.installation.missing == ()


def test_made_once() -> None:
    key = posixpath.basename(str(path_in_run({}, {})))
    there: dict[str, t.Any] = {"release": {**RELEASE, "class_archives": [key]}}
    assert case({}, there).decide().class_archive_script is None
    assert path_in_run({}, there) == path_in_run({}, {})


@pytest.mark.parametrize(("given", "different"), OTHER.values(), ids=OTHER)
def test_another_is_needed(given: Values, different: Values) -> None:
    assert path_in_run(given, different) != path_in_run({}, {})


def test_the_processes_run_on_with_another_archive_or_none() -> None:
    digests = [
        case({"flink_class_data_sharing": wanted}, different).environments()["taskmanager-1"]["FLINK_SERVICE_DIGEST"]
        for wanted, different in (
            (True, {}),
            (False, {}),
            (True, {"java": {**JAVA_17, "full_version": "17.0.2"}}),
        )
    ]
    assert len(set(digests)) == 1
