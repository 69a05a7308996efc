# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.names import unit_pattern
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.quoting import (
    unit_argument,
    unit_file,
    unit_path,
    unit_word,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import case, wanted

# A directory, and how WorkingDirectory, EnvironmentFile, ReadWritePaths and ExecStart name it. systemd 252 was asked:
# it ran a unit in, with and from such a directory, and let it write there alone.
WORDS: dict[str, tuple[str, ...]] = {
    "/srv/flink-2.3_x@y:z,~+=é": ("/srv/flink-2.3_x@y:z,~+=é",) * 4,
    "/srv/my logs": ("/srv/my logs", "/srv/my logs", '"/srv/my logs"', '"/srv/my logs"'),
    "/srv/100%": ("/srv/100%%",) * 4,
    "/srv/$HOME": ("/srv/$HOME", "/srv/$HOME", "/srv/$HOME", "/srv/$$HOME"),
    "/srv/[1]*?": ("/srv/[1]*?", r"/srv/\[1\]\*\?", "/srv/[1]*?", "/srv/[1]*?"),
    "/srv/a\"b'c": ("/srv/a\"b'c", "/srv/a\"b'c", '"/srv/a\\"b\'c"', '"/srv/a\\"b\'c"'),
    "/srv/a\\b": ("/srv/a\\b", r"/srv/a\\b", r'"/srv/a\\b"', r'"/srv/a\\b"'),
}


@pytest.mark.parametrize("path", WORDS)
def test_paths(path: str) -> None:
    assert tuple(quote(path) for quote in (unit_path, unit_file, unit_word, unit_argument)) == WORDS[path]


def test_a_unit_is_known_by_its_paths_however_they_are_quoted() -> None:
    given = {"flink_conf_dir": "/srv/my conf [1]", "flink_run_dir": "/srv/100% mine", "flink_log_dir": "/srv/my log"}
    files = {file.path: str(file.content) for file in case(given).decide().service}
    lines = files["/etc/systemd/system/flink-jobmanager.service"].splitlines()
    assert "WorkingDirectory=/srv/my log" in lines
    assert 'ReadWritePaths="/srv/my log"' in lines
    assert [line for line in lines if re.fullmatch(unit_pattern(wanted(given)), line)] == [
        r"EnvironmentFile=/srv/my conf \[1\]/jobmanager.env",
        'ExecStart=/bin/sh "/srv/100%% mine/run" jobmanager',
    ]
