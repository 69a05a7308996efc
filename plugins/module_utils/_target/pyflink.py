# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which PyFlink a Python of a host has."""

from __future__ import annotations

import shutil
import typing as t
from pathlib import Path

if t.TYPE_CHECKING:
    from .programs import Run

# Where a unit of systemd looks for programs.
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ASK = (
    "import sys; sys.path[:0] = sys.argv[1:]; import pyflink.java_gateway, pyflink.version; "
    "print(pyflink.version.__version__)"
)


def pyflink(python: str, flink_home: str | None, run: Run) -> dict[str, str | None]:
    """The ``program`` that it is, and its ``version`` of PyFlink; null, and the ``problem``, if there is none.

    That of the release on disk counts as well. Source: ``PythonEnvUtils.preparePythonEnvironment``, which adds what is
    in ``opt/python`` (1.11 - 2.3).
    """
    program = shutil.which(python, path=_PATH)
    if program is None:
        return {"program": None, "version": None, "problem": "no such program"}
    libraries = sorted(map(str, Path(flink_home, "opt/python").glob("*.zip"))) if flink_home else []
    try:
        code, output, error = run([program, "-B", "-c", _ASK, *libraries])
    except OSError as exc:
        return {"program": program, "version": None, "problem": exc.strerror or str(exc)}
    if code != 0:
        return {"program": program, "version": None, "problem": (error.strip().splitlines() or [f"code {code}"])[-1]}
    return {"program": program, "version": output.strip(), "problem": None}
