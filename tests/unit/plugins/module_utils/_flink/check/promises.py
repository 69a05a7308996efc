# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a check says of a configuration, and whether what it advises helps."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import config_check
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import overlay

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import Note

# Release, configuration, code, and the whole finding: level, message and remedy.
Case = t.Tuple[str, t.Dict[str, t.Any], str, str]


def told(release: str, config: dict[str, t.Any], code: str, **known: t.Any) -> list[str]:
    """The findings of a code, as text."""
    found = config_check(config, release, **known)
    return [f"{note['level']}: {note['message']} {note['remedy']}" for note in found if note["code"] == code]


def assert_kept(release: str, config: dict[str, t.Any], **known: t.Any) -> None:
    """With the changes of each finding it is gone, and no other came."""
    before = config_check(config, release, **known)
    for note in before:
        if note["changes"]:
            after = config_check(overlay(config, note["changes"]), release, **known)
            assert note not in after
            assert collections.Counter(map(_code, after)) - collections.Counter(map(_code, before)) == {}


def _code(note: Note) -> str:
    return note["code"]
