# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes tests/golden/stock.json: what each release has set in the configuration file that it ships.

Only options and values, from the archives that flink_archive.py keeps. A check of a configuration says nothing of them.
"""

from __future__ import annotations

import json
import re
import tarfile
import typing as t
from pathlib import Path

import yaml
from flink_archive import RELEASES, archive

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden" / "stock.json"
_FILE = re.compile(r"[^/]+/conf/(flink-conf|config)\.yaml")


def stock_options(path: Path) -> dict[str, t.Any]:
    """The options that the file of a release sets, with dotted keys."""
    with tarfile.open(path) as release:
        for member in release:
            found, content = _FILE.fullmatch(member.name), release.extractfile(member)
            if found is not None and content is not None:
                text = content.read().decode()
                return _lines(text) if found[1] == "flink-conf" else dict(_flat(yaml.safe_load(text)))
    raise SystemExit(f"{path} has no configuration file.")


def _lines(text: str) -> dict[str, str]:
    """As ``GlobalConfiguration`` reads flink-conf.yaml."""
    pairs = (line.partition("#")[0].partition(": ") for line in text.splitlines())
    return {key.strip(): value.strip() for key, separator, value in pairs if separator and value.strip()}


def _flat(options: dict[str, t.Any], prefix: str = "") -> t.Iterator[tuple[str, t.Any]]:
    for key, value in options.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def main() -> None:
    found = {line: stock_options(archive(release)) for line, release in RELEASES.items()}
    GOLDEN.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
