# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.java_version import java_notes
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import Config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import Note

INTERCEPT = "cluster.intercept-user-system-exit"
HALT = "cluster.processes.halt-on-fatal-error"

# Release: the oldest Java that it runs on, and the newest that it is documented for.
BOUNDS = {
    "1.10": (8, 11),
    "1.17": (8, 11),
    "1.18": (8, 17),
    "1.19": (8, 21),
    "1.20.5": (8, 21),
    "2.0": (11, 21),
    "2.3": (11, 21),
}

# Release, process, Java, options, and what is said of the one that is refused.
REFUSED: dict[str, tuple[str, str, int, dict[str, t.Any], str]] = {
    "intercept": ("1.13", "taskmanager", 24, {INTERCEPT: "LOG"}, f"{INTERCEPT}: 'LOG' needs a security manager"),
    "halt": ("2.3", "jobmanager", 25, {HALT: True}, f"{HALT}: 'True' needs a security manager, which Java 25 does not"),
    "halt of 1.10": ("1.10", "jobmanager", 24, {HALT: "true"}, "Remove it, or use Java 11."),
    "flag": (
        "2.3",
        "taskmanager",
        24,
        {"env.java.opts.taskmanager": "-Da -Djava.security.manager=allow"},
        "env.java.opts.taskmanager: '-Djava.security.manager=allow' needs",
    ),
    "bare flag": ("2.3", "sql-gateway", 24, {"env.java.opts": "-Djava.security.manager"}, "env.java.opts: '-Djava.sec"),
    "class": ("2.3", "historyserver", 24, {"env.java.opts.all": "-Djava.security.manager=a.B"}, "or use Java 21."),
}
ACCEPTED: dict[str, tuple[str, str, int, dict[str, t.Any]]] = {
    "older Java": ("2.3", "taskmanager", 23, {INTERCEPT: "THROW", HALT: True}),
    "flag on older Java": ("2.3", "taskmanager", 23, {"env.java.opts.all": "-Djava.security.manager=allow"}),
    "harmless values": ("2.3", "taskmanager", 24, {INTERCEPT: "disabled", HALT: False}),
    "harmless texts": ("1.18", "jobmanager", 24, {INTERCEPT: "DISABLED", HALT: "false"}),
    "intercept before it was": ("1.12", "taskmanager", 24, {INTERCEPT: "LOG"}),
    "a process that does not read them": ("2.3", "historyserver", 24, {INTERCEPT: "LOG", HALT: True}),
    "disallow": ("2.3", "taskmanager", 24, {"env.java.opts.all": "-Djava.security.manager=disallow"}),
    "another property": ("2.3", "taskmanager", 24, {"env.java.opts.all": "-Djava.security.managers=allow"}),
    "another's flag": ("2.3", "taskmanager", 24, {"env.java.opts.jobmanager": "-Djava.security.manager"}),
}


def notes(release: str, java: int, process: str = "taskmanager", **config: t.Any) -> list[Note]:
    return java_notes(Config(config, Release.parse(release)), process, java)


@pytest.mark.parametrize(("release", "bounds"), BOUNDS.items())
def test_bounds(release: str, bounds: tuple[int, int]) -> None:
    oldest, newest = bounds
    with pytest.raises(FlinkError, match=f"needs Java {oldest} or newer, and this is Java {oldest - 1}. Use Java"):
        notes(release, oldest - 1)
    assert notes(release, oldest) == notes(release, newest) == []
    (note,) = notes(release, newest + 1)
    assert note["level"] == "warning"
    assert f"Java {newest + 1} is newer" in note["message"]
    assert f"or {newest}, or try" in note["remedy"]


def test_a_refusal_names_all_that_would_do() -> None:
    with pytest.raises(FlinkError) as refusal:
        notes("2.3.0", 8)
    assert str(refusal.value) == (
        "java_version: Flink 2.3 needs Java 11 or newer, and this is Java 8. Use Java 11, 17 or 21."
    )


@pytest.mark.parametrize(("release", "process", "java", "config", "message"), REFUSED.values(), ids=REFUSED)
def test_what_needs_a_security_manager(
    release: str, process: str, java: int, config: dict[str, t.Any], message: str
) -> None:
    with pytest.raises(FlinkError, match=re.escape(message)):
        notes(release, java, process, **config)


@pytest.mark.parametrize(("release", "process", "java", "config"), ACCEPTED.values(), ids=ACCEPTED)
def test_what_needs_none(release: str, process: str, java: int, config: dict[str, t.Any]) -> None:
    assert [note["level"] for note in notes(release, java, process, **config)] == ["warning"]
