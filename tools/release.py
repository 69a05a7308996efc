# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prepares a release and checks it: the version in galaxy.yml, the changelog, and the tag are the same.

Works in the current directory, with antsibull-changelog on PATH: `make changelog` and `nox -s changelog` call it.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import typing as t
from pathlib import Path

import yaml

GALAXY = Path("galaxy.yml")
CHANGES = Path("changelogs/changelog.yaml")
CHANGELOG = Path("CHANGELOG.rst")
# What antsibull-changelog has read of every plugin.
PLUGINS = Path("changelogs/.plugin-cache.yaml")
_VERSION = re.compile(r"^version: (\d+\.\d+\.\d+)$", re.MULTILINE)


class ReleaseError(Exception):
    """What is wrong with a release, and what to do."""


def version_of(galaxy: str) -> str:
    """The version in the text of galaxy.yml."""
    found = _VERSION.search(galaxy)
    if found is None:
        raise ReleaseError(f"{GALAXY}: expected a line `version: MAJOR.MINOR.PATCH`. Write one.")
    return found[1]


def order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def prepare(version: str | None) -> str:
    """Set the version, if one is given, write its changelog from the fragments, and return it."""
    galaxy = GALAXY.read_text()
    if version is not None:
        galaxy = _VERSION.sub(f"version: {version}", galaxy)
    named = version_of(galaxy)
    if version not in (None, named):
        raise ReleaseError(f"version: expected MAJOR.MINOR.PATCH, got {version}.")
    if named in _output("git", "tag", "--list").split():
        raise ReleaseError(f"{named} is tagged, and what is published stays as it is. Name the next version.")
    GALAXY.write_text(galaxy)
    _write_changelog(named)
    return named


def check(tag: str | None) -> None:
    """Refuse a version that differs from the tag, and a changelog that is not what the fragments make."""
    version = version_of(GALAXY.read_text())
    if tag not in (None, version):
        raise ReleaseError(f"tag: expected {version}, as in {GALAXY}, got {tag}. Tag the commit that has this version.")
    released = yaml.safe_load(CHANGES.read_text())["releases"]
    if not released or max(released, key=order) != version:
        newest = max(released, key=order, default="nothing")
        raise ReleaseError(f"{CHANGES}: expected {version} as its newest release, got {newest}. Run `make changelog`.")
    committed = [path.read_text() if path.exists() else "" for path in (CHANGES, CHANGELOG)]
    _write_changelog(version, "--date", str(released[version]["release_date"]))
    if committed != [CHANGES.read_text(), CHANGELOG.read_text()]:
        raise ReleaseError(f"{CHANGELOG} was not what the fragments and plugins make; it is now. Commit it.")
    early = [f"{name} ({added})" for name, added in _additions() if order(added) > order(version)]
    if early:
        raise ReleaseError(f"version_added: expected at most {version}, got {', '.join(early)}.")


def notes() -> str:
    """The changes of the newest release, as Markdown."""
    file = Path("changelogs/.notes.md")
    try:
        _output("antsibull-changelog", "generate", "--only-latest", "--output-format", "md", "--output", str(file))
        return file.read_text()
    finally:
        file.unlink(missing_ok=True)


def _write_changelog(version: str, *options: str) -> None:
    """Make the entry of this version anew, and leave those of earlier ones as they are."""
    changes = yaml.safe_load(CHANGES.read_text())
    changes["releases"].pop(version, None)
    CHANGES.write_text(yaml.safe_dump(changes))
    _output("antsibull-changelog", "release", "--reload-plugins", *options)


def _additions() -> t.Iterator[tuple[str, str]]:
    """Each plugin, with the version that added it."""
    for plugins in yaml.safe_load(PLUGINS.read_text())["plugins"].values():
        for name, plugin in plugins.items():
            yield name, plugin["version_added"]


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("prepare", help="write the changelog; print the version").add_argument(
        "version", nargs="?", metavar="VERSION"
    )
    steps.add_parser("check", help="compare version, changelog and tag").add_argument("tag", nargs="?", metavar="TAG")
    steps.add_parser("notes", help="print the changes of the newest release")
    arguments = parser.parse_args()
    try:
        if arguments.step == "prepare":
            print(prepare(arguments.version))
        elif arguments.step == "check":
            check(arguments.tag)
        else:
            print(notes())
    except ReleaseError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
