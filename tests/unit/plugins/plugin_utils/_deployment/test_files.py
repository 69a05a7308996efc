# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.files import File, absent

if TYPE_CHECKING:
    from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import Values

# Files, and the entries of the module.
ENTRIES: dict[str, tuple[File, Values]] = {
    "a directory": (
        File(path="/a", state="directory", mode="0755"),
        {"path": "/a", "state": "directory", "mode": "0755"},
    ),
    "a directory that is left alone if it is there": (
        File(path="/a", state="directory", only_new=True),
        {"path": "/a", "state": "directory", "only_new": True},
    ),
    "an empty file": (File(path="/a", content=""), {"path": "/a", "state": "file", "content": ""}),
    "a secret": (
        File(path="/a", secret_content="b", owner="c", group="d"),
        {"path": "/a", "state": "file", "secret_content": "b", "owner": "c", "group": "d"},
    ),
    "a copy": (File(path="/a", source="/b"), {"path": "/a", "state": "file", "source": "/b"}),
    "a link": (
        File(path="/a", state="link", target="/b"),
        {"path": "/a", "state": "link", "target": "/b"},
    ),
    "nothing": (absent("/a"), {"path": "/a", "state": "absent"}),
}


@pytest.mark.parametrize(("file", "entry"), ENTRIES.values(), ids=ENTRIES)
def test_entries(file: File, entry: Values) -> None:
    assert file.as_entry() == entry
