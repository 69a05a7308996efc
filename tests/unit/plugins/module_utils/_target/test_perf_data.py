# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.hsperfdata import heap_reading
from ansible_collections.streamops.flink.plugins.module_utils._target import perf_data
from ansible_collections.streamops.flink.plugins.module_utils._target.perf_data import read_perf_data

UID = os.geteuid()
DIRECTORY = f"hsperfdata_{pwd.getpwuid(UID).pw_name}"
# The process is 126 on the host, and 7 in its innermost namespace.
STATUS = f"Name:\tjava\nUid:\t4711\t{UID}\t4712\t4713\nNSpid:\t126\t9\t7\n"
CONTENT = b"\xca\xfe\xc0\xc0 and so on"
NO_FILE = "It is not a regular file of the user of the process"
LINK = "It is a link, or in a directory that is none"


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The temporary files of a process, as it sees them."""
    temporary = tmp_path / "proc/126/root/tmp"
    (temporary / DIRECTORY).mkdir(parents=True)
    (temporary / DIRECTORY / "7").write_bytes(CONTENT)
    (temporary / DIRECTORY / "126").write_bytes(b"of another process")
    (tmp_path / "secret").write_bytes(b"secret")
    return temporary


def test_the_file_of_a_process(temporary: Path, tmp_path: Path) -> None:
    assert read_perf_data(tmp_path, 126, STATUS) == (CONTENT, f"/proc/126/root/tmp/{DIRECTORY}/7")


def no_file(temporary: Path) -> None:
    (temporary / DIRECTORY / "7").unlink()


def no_directory(temporary: Path) -> None:
    shutil.rmtree(temporary / DIRECTORY)


@pytest.mark.parametrize("remove", [no_file, no_directory])
def test_a_process_without_one(remove: t.Callable[[Path], None], temporary: Path, tmp_path: Path) -> None:
    remove(temporary)
    assert read_perf_data(tmp_path, 126, STATUS) is None


def test_a_user_without_a_name(temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perf_data.pwd, "getpwuid", {}.__getitem__)
    assert read_perf_data(tmp_path, 126, STATUS) is None
    assert read_perf_data(tmp_path, 126, "") is None


def replace(path: Path, put: t.Callable[[Path], object]) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    put(path)


def large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**40)


# What others have placed, and the reason that is given.
IN_THE_WAY: dict[str, tuple[t.Callable[[Path], object], str]] = {
    "a link as the file": (lambda tmp: replace(tmp / DIRECTORY / "7", lambda path: path.symlink_to("126")), LINK),
    "a link as its directory": (
        lambda tmp: replace(tmp / DIRECTORY, lambda path: path.symlink_to("../../../..")),
        LINK,
    ),
    "a link as the directory of temporary files": (
        lambda tmp: replace(tmp, lambda path: path.symlink_to("../../..")),
        LINK,
    ),
    "a file as its directory": (lambda tmp: replace(tmp / DIRECTORY, Path.touch), LINK),
    "a pipe": (lambda tmp: replace(tmp / DIRECTORY / "7", os.mkfifo), NO_FILE),
    "a directory": (lambda tmp: replace(tmp / DIRECTORY / "7", Path.mkdir), NO_FILE),
    "a large file": (lambda tmp: replace(tmp / DIRECTORY / "7", large), "It has more than 1 MiB"),
}


@pytest.mark.parametrize(("put", "reason"), IN_THE_WAY.values(), ids=IN_THE_WAY)
@pytest.mark.usefixtures("prompt")
def test_only_a_regular_file_of_the_user_is_read(
    put: t.Callable[[Path], object], reason: str, temporary: Path, tmp_path: Path
) -> None:
    put(temporary)
    with pytest.raises(OSError, match=reason):
        read_perf_data(tmp_path, 126, STATUS)


@pytest.mark.parametrize("part", [DIRECTORY, f"{DIRECTORY}/7"], ids=["the directory", "the file"])
@pytest.mark.skipif(UID != 0, reason="owners are changed by root alone")
def test_nothing_of_another_user_is_read(part: str, temporary: Path, tmp_path: Path) -> None:
    os.chown(temporary / part, 4711, 4711)
    with pytest.raises(OSError, match=NO_FILE):
        read_perf_data(tmp_path, 126, STATUS)


# A program that keeps an array and says that it is ready, in one file, which Java compiles as it starts.
PROGRAM = """\
class Kept {
    public static void main(String[] words) throws Exception {
        byte[] kept = new byte[20_000_000];
        System.gc();
        System.out.println("ready");
        System.in.read();
        System.out.println(kept.length);
    }
}
"""


@pytest.mark.parametrize("collector", ["G1", "Serial", "Parallel"])
def test_a_real_jvm(collector: str, tmp_path: Path) -> None:
    (tmp_path / "Kept.java").write_text(PROGRAM)
    command = ["java", "-Xmx100m", f"-XX:+Use{collector}GC", str(tmp_path / "Kept.java")]
    before = int(time.time())
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"ready\n"
            status = Path(f"/proc/{process.pid}/status").read_text()
            found = read_perf_data(Path("/"), process.pid, status)
        finally:
            process.stdin.close()
    assert found is not None
    reading = heap_reading(found[0], before, time.time() - before, found[1])
    assert 20_000_000 <= reading["old_used"] <= 40_000_000
    assert reading["full_collections"] == 1
    assert reading["cause"] == "System.gc()"
