# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the checksums of the newest patch of each Flink line from the project's server into the table of the role.

Run it where that server can be reached: `python3 tools/checksums.py`. What it reads is compared with nothing, so look
at the difference before you commit it: a checksum of a release that is there already never changes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path

SERVER = "https://archive.apache.org/dist/flink"
TABLE = Path(__file__).parents[1] / "plugins/plugin_utils/_deployment/checksums.json"
OLDEST = (1, 10)
_RELEASE = re.compile(r'href="flink-([0-9]+)\.([0-9]+)\.([0-9]+)/"')
_CHECKSUM = re.compile(r"([0-9a-fA-F]{128})\s+\*?(\S+)\s*")
_SECONDS = 30


class ChecksumError(Exception):
    """What the server says instead, in one sentence."""


def newest(listing: str) -> list[str]:
    """The newest patch of each line that the role knows, of the directories that a server lists."""
    patches: dict[tuple[int, int], int] = {}
    for found in _RELEASE.finditer(listing):
        major, minor, patch = map(int, found.groups())
        if (major, minor) >= OLDEST:
            patches[major, minor] = max(patch, patches.get((major, minor), 0))
    return [f"{major}.{minor}.{patch}" for (major, minor), patch in sorted(patches.items())]


def checksum(name: str, text: str) -> str:
    """From the file beside an archive, which has to name it."""
    found = _CHECKSUM.fullmatch(text)
    if found is None or found[2] != name:
        raise ChecksumError(f"{name}.sha512: expected a checksum and {name}, got {text[:200]!a}.")
    return f"sha512:{found[1].lower()}"


def read(server: str) -> dict[str, str]:
    """The checksums by the names of archives."""
    releases = newest(_get(f"{server}/"))
    if not releases:
        raise ChecksumError(f"{server}/: expected a list of directories such as flink-2.3.0/, got none.")
    names = {f"flink-{release}-bin-scala_2.12.tgz": release for release in releases}
    return {name: checksum(name, _get(f"{server}/flink-{release}/{name}.sha512")) for name, release in names.items()}


def changed(former: dict[str, str], found: dict[str, str]) -> list[str]:
    """The archives that had another checksum, which no release ever gets."""
    return [name for name, digits in found.items() if former.get(name, digits) != digits]


def _get(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:
            text: str = answer.read(2**22).decode("utf-8", errors="replace")
            return text
    except (urllib.error.URLError, OSError) as exc:
        raise ChecksumError(f"{url}: {getattr(exc, 'reason', exc)}") from exc


def main() -> None:
    """Writes the table, whose order is that of the releases."""
    parser = argparse.ArgumentParser(description="Read the checksums of Flink releases from the project's server.")
    parser.add_argument("--server", default=SERVER, help=f"the directory of the releases (default: {SERVER})")
    parser.add_argument("--table", type=Path, default=TABLE, help="the file to write")
    given = parser.parse_args()
    try:
        found = read(given.server.rstrip("/"))
        former = json.loads(given.table.read_text(encoding="utf-8")) if given.table.exists() else {}
        others = changed(former, found)
        if others:
            raise ChecksumError(f"Another checksum than before for {', '.join(others)}: somebody changed a release.")
        given.table.write_text(f"{json.dumps({**former, **found}, indent=4)}\n", encoding="utf-8")
    except (ChecksumError, OSError) as exc:
        sys.exit(f"{parser.prog}: {exc}")
    print(f"{len(found)} checksums in {given.table}")


if __name__ == "__main__":
    main()
