# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.pyflink import pyflink

if t.TYPE_CHECKING:
    from pathlib import Path

# What is importable beside Python's own library, the script that stands for a Python; the version and the problem.
PYTHONS: dict[str, tuple[dict[str, str], str | None, str | None, str | None]] = {
    "it has PyFlink": ({"java_gateway.py": "", "version.py": "__version__ = '2.3.0'"}, None, "2.3.0", None),
    "what PyFlink needs is missing": (
        {"java_gateway.py": "import py4j_of_nobody"},
        None,
        None,
        "ModuleNotFoundError: No module named 'py4j_of_nobody'",
    ),
    "it says nothing": ({}, "#!/bin/sh\nexit 3\n", None, "code 3"),
    "it does not run": ({}, "#!/nowhere\n", None, "No such file or directory"),
}


def run(command: list[str]) -> tuple[int, str, str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("row", PYTHONS)
def test_what_a_python_has(row: str, tmp_path: Path) -> None:
    files, script, version, problem = PYTHONS[row]
    # A directory stands for an archive of modules.
    package = tmp_path / "opt/python/pyflink.zip/pyflink"
    package.mkdir(parents=True)
    for name, text in {"__init__.py": "", **files}.items():
        (package / name).write_text(text)
    python = tmp_path / "python"
    python.write_text(script or '#!/bin/sh\nexec python3 "$@"\n')
    python.chmod(0o755)
    assert pyflink(str(python), str(tmp_path), run) == {
        "program": str(python),
        "version": version,
        "problem": problem,
    }


def test_a_python_that_is_not_there() -> None:
    assert pyflink("no-such-python", None, run) == {
        "program": None,
        "version": None,
        "problem": "no such program",
    }
