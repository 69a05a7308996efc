# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The script that starts and stops a process where systemd does not."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.templates import render
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import wanted

if t.TYPE_CHECKING:
    from pathlib import Path


def write_launcher(place: Path, user: str | None) -> None:
    variables = wanted({"flink_user": user, "flink_run_dir": str(place), "flink_conf_dir": str(place)}).variables()
    text = render("launcher.sh.j2", ansible_managed="x", **{**variables, "name": "jobmanager"})
    (place / "jobmanager").write_text(text)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where it is, on a path that a shell could misread, with a process that says that it runs."""
    place = tmp_path / "it's $ %n"
    place.mkdir()
    write_launcher(place, None)
    (place / "jobmanager.env").write_text("FLINK_LOG_DIR=.\n")
    (place / "run").write_text("#!/bin/sh\necho $1 >ran\nexec sleep 60\n")
    (place / "run").chmod(0o755)
    return place


def launch(place: Path, action: str, path: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "./jobmanager", action],
        cwd=place,
        env={**os.environ, "PATH": f"{path}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        timeout=30,
    )


def test_a_process_runs_from_start_to_stop(place: Path) -> None:
    started = launch(place, "start")
    try:
        assert (started.returncode, started.stderr) == (0, "")
        assert started.stdout.startswith("started: jobmanager, process ")
        assert (place / "ran").read_text() == "jobmanager\n"
        assert launch(place, "start").stdout == ""
        assert launch(place, "status").returncode == 0
    finally:
        assert launch(place, "stop").returncode == 0
    assert (launch(place, "status").returncode, (place / "jobmanager.pid").exists()) == (3, False)


def test_none_runs_that_nobody_knows_of(place: Path) -> None:
    """Where the script is killed before it has noted the number of the process."""
    (place / "bin").mkdir()
    (place / "bin/cut").write_text("#!/bin/sh\nsleep 0.3\nkill -KILL 0\n")
    (place / "bin/cut").chmod(0o755)
    assert launch(place, "start", f"{place}/bin:").returncode == -signal.SIGKILL
    time.sleep(0.3)
    assert not (place / "ran").exists()
    assert launch(place, "status").returncode == 3


# Waits until the process has ended, however slow the machine is, where the launcher gives it half a second.
PATIENT_SLEEP = """\
#!/bin/sh
[ "$1" = 0.5 ] || exec /bin/sleep "$1"
read -r pid born <jobmanager.pid
while grep -qs ') [^ZX]' "/proc/$pid/stat"; do /bin/sleep 0.05; done
"""

# What the process does before it ends at once, and what root sees of its output.
OUTPUTS: dict[str, tuple[str, str]] = {
    "a link to what only root may read": ("ln -sf ../secret log/jobmanager.out", ""),
    "a pipe that nobody fills": ("rm log/jobmanager.out; mkfifo log/jobmanager.out", ""),
    "words for a terminal": ("printf '\\033[2Jhush\\n'", "^[[2Jhush\n"),
    "more than anybody reads": ("seq 100000", "".join(f"{number}\n" for number in range(99981, 100001))),
}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
@pytest.mark.parametrize(("command", "shown"), OUTPUTS.values(), ids=OUTPUTS)
def test_the_output_is_read_with_the_rights_of_the_user(command: str, shown: str, place: Path, tmp_path: Path) -> None:
    for parent in (place, tmp_path, *list(tmp_path.parents)[:2]):
        parent.chmod(0o755)
    write_launcher(place, "nobody")
    (place / "jobmanager.env").write_text("FLINK_LOG_DIR=log\n")
    (place / "run").write_text(f"#!/bin/sh\n{command}\n")
    (place / "secret").write_text("hush\n")
    (place / "secret").chmod(0o600)
    (place / "log").mkdir()
    os.chown(place / "log", 65534, 65534)
    (place / "bin").mkdir()
    (place / "bin/sleep").write_text(PATIENT_SLEEP)
    (place / "bin/sleep").chmod(0o755)
    ended = launch(place, "start", f"{place}/bin:")
    assert (ended.returncode, ended.stderr) == (1, f"jobmanager ended at once:\n{shown}")
