# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Packs as much of PyFlink as a program needs that has no function in Python, and prints the path.

That is a tenth of what the package apache-flink depends on. It is for the Python of a host that is given, such as 3.11,
comes from the package index as pip finds it, and is kept in `$FLINK_CACHE`.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import flink_archive

# What pyflink.table and pyflink.datastream import, as apache-flink 1.20 - 2.3 wants it.
NEEDED = ("py4j==0.10.9.7", "cloudpickle", "ruamel.yaml", "typing-extensions")


def pyflink(version: str, python: str) -> Path:
    """An archive to be unpacked where that Python looks for packages."""
    digest = hashlib.sha256(repr((version, python, NEEDED)).encode()).hexdigest()[:12]
    target = flink_archive.cache() / f"pyflink-{digest}.zip"
    if not target.exists():
        with tempfile.TemporaryDirectory(dir=flink_archive.cache()) as work:
            command = [sys.executable, "-m", "pip", "install", "--target", f"{work}/packages", "--no-deps"]
            command += ["--only-binary=:all:", f"--python-version={python}", "--no-compile", "--quiet"]
            done = subprocess.run(
                [*command, "--disable-pip-version-check", f"apache-flink=={version}", *NEEDED],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                raise flink_archive.ArchiveError(f"pip could not get PyFlink {version}: {done.stderr.strip()}")
            Path(shutil.make_archive(f"{work}/made", "zip", f"{work}/packages")).replace(target)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(prog="pyflink", description=__doc__)
    parser.add_argument("version", type=flink_archive.release, help="the release: 2.3.0, or 2.3")
    parser.add_argument("python", help="the Python of the hosts: 3.11")
    arguments = parser.parse_args()
    try:
        print(pyflink(arguments.version, arguments.python))
    except (flink_archive.ArchiveError, OSError) as exc:
        sys.exit(f"pyflink: {exc}")


if __name__ == "__main__":
    main()
