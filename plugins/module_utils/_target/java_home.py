# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which Java a host has."""

from __future__ import annotations

import os
import re
import shutil
import typing as t
from pathlib import Path

from .texts import read_text

if t.TYPE_CHECKING:
    from .programs import Run

_PROPERTY = re.compile(r"^\s*([a-z.]+) = (.*?)\s*$", re.MULTILINE)
_RELEASE = re.compile(r'^JAVA_VERSION="?([^"\n]+?)"?\s*$', re.MULTILINE)
_FEATURE = re.compile(r"(?:1\.)?(\d+)")
_LASTING_NAME = re.compile(r"(?:jre|java)-[\d.]+-openjdk")


# What Java says besides why it does not start.
_NOT_TELLING = (
    "Error: Could not create the Java Virtual Machine",
    "Error: A fatal exception has occurred",
    "Error occurred during initialization of VM",
    "Picked up ",
    "[",
    "OpenJDK 64-Bit Server VM warning",
)


class JavaError(Exception):
    """Why a Java does not run."""


def find_java(homes: t.Sequence[str], run: Run) -> tuple[dict[str, t.Any] | None, str | None]:
    """The first Java that runs, and why none does; of the homes, or of the path if there are none."""
    problems = []
    tried: t.Sequence[str | None] = homes or [None]
    for home in tried:
        java, problem = _try(home, run)
        if java is not None:
            return java, None
        problems.append(str(problem))
    return None, " ".join(problems)


def refusal(home: str, words: t.Sequence[str], run: Run) -> str | None:
    """Why a Java does not start with these options; null if it does."""
    try:
        code, output, said = run([f"{home}/bin/java", *words, "-version"])
    except OSError as exc:
        return str(exc)
    lines = [line.strip() for line in f"{output}\n{said}".splitlines()]
    telling = [line for line in lines if line and not line.startswith(_NOT_TELLING)]
    return None if code == 0 else " ".join(telling[:2]) or f"code {code}"


def feature_release(version: str) -> int | None:
    """17 for 17.0.21, 8 for 1.8.0_402, null for anything but a version of Java."""
    found = _FEATURE.match(version)
    return int(found[1]) if found else None


def version_in_release(text: str) -> str | None:
    """What the file ``release`` in a home of Java says."""
    found = _RELEASE.search(text)
    return found[1] if found else None


def read_properties(text: str) -> dict[str, str]:
    """The output of ``java -XshowSettings:properties``, without the further lines of lists."""
    return dict(_PROPERTY.findall(text))


def _try(home: str | None, run: Run) -> tuple[dict[str, t.Any] | None, JavaError | None]:
    try:
        return _look(home, run), None
    except JavaError as exc:
        return None, exc


def _look(home: str | None, run: Run) -> dict[str, t.Any]:
    program = shutil.which("java" if home is None else str(Path(home, "bin/java")))
    if program is None:
        if home is None:
            raise JavaError("No java was found on the PATH.")
        raise JavaError(f"{home}/bin/java does not exist or is not executable.")
    # The program on the path is mostly a link into the home.
    return _read(home or _lasting(Path(program).resolve().parent.parent)) or _start(program, home, run)


def _lasting(home: Path) -> str:
    """Enterprise Linux names the directory after the build; its links to it outlast an update."""
    links = (link for place in list(home.parents)[:2] for link in sorted(place.glob("j*"), reverse=True))
    same = (
        link for link in links if _LASTING_NAME.fullmatch(link.name) and link.is_symlink() and link.resolve() == home
    )
    return str(next(same, home))


def _read(home: str) -> dict[str, t.Any] | None:
    """Much faster than to start a JVM."""
    if not os.access(Path(home, "bin/java"), os.X_OK):
        return None
    return _java(home, version_in_release(read_text(Path(home, "release")) or ""))


def _start(program: str, home: str | None, run: Run) -> dict[str, t.Any]:
    try:
        code, _output, said = run([program, "-XshowSettings:properties", "-version"])
    except OSError as exc:
        raise JavaError(f"{program} cannot be run: {exc}.") from exc
    if code != 0:
        last = said.strip().splitlines()[-1:] or ["no output"]
        raise JavaError(f"{program} failed with code {code}: {last[0]}.")
    properties = read_properties(said)
    java = _java(home or properties.get("java.home"), properties.get("java.version"))
    if java is None:
        raise JavaError(f"{program} does not report its version.")
    return java


def _java(home: str | None, version: str | None) -> dict[str, t.Any] | None:
    feature = feature_release(version) if version else None
    return {"home": home, "version": feature, "full_version": version} if home and feature else None
