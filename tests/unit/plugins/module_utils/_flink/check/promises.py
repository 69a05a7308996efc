# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a check says of a configuration, and whether what it advises helps."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import Checking
from ansible_collections.streamops.flink.plugins.module_utils._flink.check.view import View
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten, overlay
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import Note

# Release, configuration, code, and the whole finding: level, message and remedy.
Case = t.Tuple[str, t.Dict[str, t.Any], str, str]


def told(release: str, config: dict[str, t.Any], code: str, **known: t.Any) -> list[str]:
    """The findings of a code, as text."""
    found = _findings(release, config, known)
    return [f"{note['level']}: {note['message']} {note['remedy']}" for note in found if note["code"] == code]


def found_by(rule: t.Callable[[View], t.Iterable[Note]], release: str, config: dict[str, t.Any]) -> list[Note]:
    """The findings of one rule."""
    return list(rule(View(flatten(config), Release.parse(release))))


def assert_kept(release: str, config: dict[str, t.Any], **known: t.Any) -> None:
    """With the changes of each finding it is gone, and no other came."""
    before = _findings(release, config, known)
    for note in before:
        if note["changes"]:
            after = _findings(release, overlay(config, note["changes"]), known)
            assert note not in after
            assert collections.Counter(map(_code, after)) - collections.Counter(map(_code, before)) == {}


def assert_nothing(told_elsewhere: t.Mapping[str, Case], release: str, config: dict[str, t.Any]) -> None:
    """None of the codes that the cases of a table tell is told of a configuration."""
    codes = {code for _release, _config, code, _finding in told_elsewhere.values()}
    assert [found for code in sorted(codes) for found in told(release, config, code)] == []


def _findings(release: str, config: dict[str, t.Any], known: dict[str, t.Any]) -> list[Note]:
    return Checking(**known).findings(flatten(config), Release.parse(release))


def _code(note: Note) -> str:
    return note["code"]
