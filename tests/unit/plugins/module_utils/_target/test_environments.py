# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._target.environments import environments

if t.TYPE_CHECKING:
    from pathlib import Path


def test_stopped_clusters_are_known_by_their_units_and_others_by_their_processes(tmp_path: Path) -> None:
    files = {
        "etc/systemd/system/a-taskmanager@.service": "[Service]\nEnvironmentFile=/etc/a/taskmanager-%i.env\n",
        "etc/systemd/system/b.service": "EnvironmentFile=/etc/my b \\[1\\] 100%%/x.env\nEnvironmentFile=-/etc/x/b\n",
        "etc/systemd/system/c.service": "[Service]\n",
        "etc/a/taskmanager-1.env": 'CONF="/etc/a"\nHOME_="/opt/\\$1"\nOTHER="x"\n',
        "etc/a/taskmanager-2.env": 'CONF="/etc/a"\nHOME_="/opt/\\$1"\n',
        "etc/a/broken.env": "CONF=/etc/a\n",
        "etc/my b [1] 100%/x.env": 'CONF="/etc/b"\nHOME_="/opt/b"\n',
        "proc/7/environ": "CONF=/etc/c\0HOME_=/opt/c\0odd\0",
        "proc/8/environ": "CONF=/etc/c\0",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "proc/9/environ").mkdir(parents=True)
    assert environments(tmp_path, ["CONF", "HOME_"]) == [
        {"CONF": "/etc/a", "HOME_": "/opt/$1"},
        {"CONF": "/etc/b", "HOME_": "/opt/b"},
        {"CONF": "/etc/c", "HOME_": "/opt/c"},
    ]
    assert environments(tmp_path, []) == []


def test_what_others_have_put_beside_their_environments_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "etc/systemd/system").mkdir(parents=True)
    (tmp_path / "etc/systemd/system/other.service").write_text("EnvironmentFile=/home/app/app.env\n")
    (tmp_path / "home/app").mkdir(parents=True)
    (tmp_path / "secret").write_text("CONF=hush\n")
    (tmp_path / "home/app/link.env").symlink_to("../../secret")
    os.mkfifo(tmp_path / "home/app/pipe.env")
    (tmp_path / "home/app/app.env").write_text("CONF=/etc/a\n")
    assert environments(tmp_path, ["CONF"]) == [{"CONF": "/etc/a"}]
