# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tool that makes the table of known checksums, on a server that looks like the project's."""

from __future__ import annotations

import functools
import http.server
import json
import subprocess
import sys
import threading
import typing as t
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[3] / "tools/checksums.py"
DIRECTORIES = ("flink-1.9.3", "flink-1.20.2", "flink-1.20.10", "flink-2.3.0", "flink-kubernetes-operator-1.0.0")
NEWEST = ("1.20.10", "2.3.0")


def name(release: str) -> str:
    return f"flink-{release}-bin-scala_2.12.tgz"


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """What the server has."""
    root = tmp_path / "served"
    for directory in DIRECTORIES:
        (root / directory).mkdir(parents=True)
    for release, digit in zip(NEWEST, "aB", strict=True):
        (root / f"flink-{release}/{name(release)}.sha512").write_text(f"{digit * 128}  {name(release)}\n")
    return root


@pytest.fixture
def run(served: Path, tmp_path: Path) -> t.Iterator[t.Callable[[], subprocess.CompletedProcess[str]]]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(served)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    command = [sys.executable, str(TOOL), f"--server=http://127.0.0.1:{server.server_port}/"]
    try:
        yield lambda: subprocess.run(
            [*command, f"--table={tmp_path / 'table'}"], capture_output=True, text=True, check=False
        )
    finally:
        server.shutdown()
        server.server_close()


Tool = t.Callable[[], "subprocess.CompletedProcess[str]"]


def test_the_newest_patch_of_each_line(run: Tool, tmp_path: Path) -> None:
    (tmp_path / "table").write_text(json.dumps({name("1.20.2"): "sha512:0"}))
    done = run()
    assert (done.returncode, done.stdout) == (0, f"2 checksums in {tmp_path / 'table'}\n")
    assert json.loads((tmp_path / "table").read_text()) == {
        name("1.20.2"): "sha512:0",
        name("1.20.10"): f"sha512:{'a' * 128}",
        name("2.3.0"): f"sha512:{'b' * 128}",
    }
    assert run().returncode == 0


# What is beside an archive, and how the tool ends.
ODD: dict[str, tuple[str, str]] = {
    "the checksum of another archive": (f"{'a' * 128}  {name('2.2.0')}\n", "expected a checksum and flink-2.3.0"),
    "a page": ("<html>", "expected a checksum and flink-2.3.0"),
    "another checksum than before": (f"{'c' * 128}  {name('2.3.0')}\n", "somebody changed a release."),
}


@pytest.mark.parametrize(("text", "end"), ODD.values(), ids=ODD)
def test_what_is_odd_changes_nothing(text: str, end: str, run: Tool, served: Path, tmp_path: Path) -> None:
    assert run().returncode == 0
    before = (tmp_path / "table").read_text()
    (served / f"flink-2.3.0/{name('2.3.0')}.sha512").write_text(text)
    done = run()
    assert done.returncode == 1
    assert end in done.stderr
    assert (tmp_path / "table").read_text() == before


def test_a_server_that_has_none(run: Tool, served: Path) -> None:
    for directory in DIRECTORIES:
        (served / directory).rename(served / directory.replace("flink", "x"))
    assert "expected a list of directories such as flink-2.3.0/, got none." in run().stderr
