# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.java_home import (
    feature_release,
    find_java,
    refusal,
    version_in_release,
)

if t.TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.streamops.flink.plugins.module_utils._target.programs import Run

VERSIONS = {
    "1.8.0_402": 8,
    "11.0.22": 11,
    "17": 17,
    "17.0.21.1": 17,
    "25-ea": 25,
    "GraalVM": None,
    "": None,
}

RELEASES = {
    'IMPLEMENTOR="Debian"\nJAVA_VERSION="17.0.21"\nJAVA_VERSION_DATE="2026-11-17"\n': "17.0.21",
    "JAVA_VERSION=1.8.0_402\n": "1.8.0_402",
    'JAVA_RUNTIME_VERSION="17.0.21+2"\n': None,
    "": None,
}

# What a JVM says, and on which code it ends.
SETTINGS = """\
Property settings:
    java.home = {home}
    java.library.path = /usr/lib
        /lib
    java.specification.version = 1.8
    java.version = 1.8.0_402

openjdk version "1.8.0_402"
"""


def make_home(place: Path, script: str, release: str | None = None) -> str:
    (place / "bin").mkdir(parents=True)
    (place / "bin/java").write_text(f"#!/bin/sh\n{script}\n")
    (place / "bin/java").chmod(0o755)
    if release is not None:
        (place / "release").write_text(release)
    return str(place)


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing is on the path but what the test puts into this directory."""
    (tmp_path / "path").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    return tmp_path / "path"


@pytest.mark.parametrize(("version", "feature"), VERSIONS.items())
def test_feature_release(version: str, feature: int | None) -> None:
    assert feature_release(version) == feature


@pytest.mark.parametrize(("text", "version"), RELEASES.items())
def test_version_in_release(text: str, version: str | None) -> None:
    assert version_in_release(text) == version


def test_a_home_with_a_release_file_is_not_started(tmp_path: Path, run: Run) -> None:
    home = make_home(tmp_path / "jdk", f"touch {tmp_path}/started", 'JAVA_VERSION="17.0.21"\n')
    assert find_java([home], run) == ({"home": home, "version": 17, "full_version": "17.0.21"}, None)
    assert not (tmp_path / "started").exists()


def test_a_pipe_in_its_place_holds_up_nobody(tmp_path: Path, run: Run) -> None:
    home = make_home(tmp_path / "jdk", f"cat >&2 <<'END'\n{SETTINGS.format(home='/elsewhere')}END")
    os.mkfifo(tmp_path / "jdk/release")
    assert find_java([home], run)[0] == {"home": home, "version": 8, "full_version": "1.8.0_402"}


def test_a_home_without_one_is_started_once(tmp_path: Path, run: Run) -> None:
    settings = SETTINGS.format(home="/elsewhere")
    home = make_home(tmp_path / "jdk", f"echo x >>{tmp_path}/started; cat >&2 <<'END'\n{settings}END")
    assert find_java([home], run) == ({"home": home, "version": 8, "full_version": "1.8.0_402"}, None)
    assert (tmp_path / "started").read_text() == "x\n"


def test_the_java_on_the_path_is_a_link(tmp_path: Path, no_java: Path, run: Run) -> None:
    home = make_home(tmp_path / "jdk", "exit 1", 'JAVA_VERSION="17.0.21"\n')
    (no_java / "java").symlink_to(f"{home}/bin/java")
    assert find_java([], run)[0] == {"home": home, "version": 17, "full_version": "17.0.21"}


# The directory of the build, what in it is the home, the links beside it, and the name that lasts.
JVM_DIRECTORIES = {
    "EL 9": ("java-17-openjdk-17.0.13.0.11-4.el9.x86_64", "", ["java-17-openjdk", "jre-17-openjdk"], "jre-17-openjdk"),
    "EL 9, without an alias of the runtime": ("java-21-openjdk-21.0.5", "", ["java-21-openjdk"], "java-21-openjdk"),
    "EL 8": ("java-1.8.0-openjdk-1.8.0.432.b06-2.el8.x86_64", "jre", ["jre-1.8.0-openjdk"], "jre-1.8.0-openjdk"),
    "aliases of whatever is newest": ("java-17-openjdk-17.0.13", "", ["java", "jre", "jre-openjdk"], ""),
    "Debian": ("java-17-openjdk-amd64", "", ["java-1.17.0-openjdk-amd64"], ""),
}


@pytest.mark.parametrize(("build", "part", "aliases", "lasting"), JVM_DIRECTORIES.values(), ids=JVM_DIRECTORIES)
def test_a_home_goes_by_the_name_that_lasts(
    tmp_path: Path, no_java: Path, run: Run, build: str, part: str, aliases: list[str], lasting: str
) -> None:
    home = make_home(tmp_path / "jvm" / build / part, "exit 1", 'JAVA_VERSION="17.0.13"\n')
    make_home(tmp_path / "jvm/java-11-openjdk-11.0.25", "exit 1", 'JAVA_VERSION="11.0.25"\n')
    (tmp_path / "jvm/jre-11-openjdk").symlink_to("java-11-openjdk-11.0.25")
    for alias in aliases:
        (tmp_path / "alternative" / alias).parent.mkdir(exist_ok=True)
        (tmp_path / "alternative" / alias).symlink_to(home)
        (tmp_path / "jvm" / alias).symlink_to(tmp_path / "alternative" / alias)
    (no_java / "java").symlink_to(f"{home}/bin/java")
    java, _error = find_java([], run)
    assert t.cast("dict[str, t.Any]", java)["home"] == (str(tmp_path / "jvm" / lasting) if lasting else home)


def test_the_java_on_the_path_is_a_script(tmp_path: Path, no_java: Path, run: Run) -> None:
    """What lies above it says nothing: there is no bin/java."""
    (tmp_path / "release").write_text('JAVA_VERSION="17.0.21"\n')
    (no_java / "java").write_text(f"#!/bin/sh\n/bin/cat >&2 <<'END'\n{SETTINGS.format(home='/opt/jdk8/jre')}END\n")
    (no_java / "java").chmod(0o755)
    assert find_java([], run)[0] == {"home": "/opt/jdk8/jre", "version": 8, "full_version": "1.8.0_402"}


def test_the_first_that_runs_counts(tmp_path: Path, run: Run) -> None:
    homes = [
        str(tmp_path / "missing"),
        make_home(tmp_path / "broken", "echo no memory >&2; exit 1"),
        make_home(tmp_path / "old", "exit 1", 'JAVA_VERSION="11.0.22"\n'),
        make_home(tmp_path / "new", "exit 1", 'JAVA_VERSION="17.0.21"\n'),
    ]
    java, error = find_java(homes, run)
    assert (t.cast("dict[str, t.Any]", java)["home"], error) == (homes[2], None)


def test_nothing_runs(tmp_path: Path, run: Run) -> None:
    not_executable = make_home(tmp_path / "locked", "exit 0", 'JAVA_VERSION="17.0.21"\n')
    (tmp_path / "locked/bin/java").chmod(0o644)
    broken = make_home(tmp_path / "broken", "echo one >&2; echo no memory >&2; exit 1")
    mute = make_home(tmp_path / "mute", "exit 0")
    silent = make_home(tmp_path / "silent", "exit 3")
    foreign = make_home(tmp_path / "foreign", "")
    (tmp_path / "foreign/bin/java").write_bytes(b"\x7fELF of another machine")
    java, error = find_java([not_executable, broken, mute, silent, foreign], run)
    assert java is None
    assert t.cast("str", error).startswith(
        f"{not_executable}/bin/java does not exist or is not executable. "
        f"{broken}/bin/java failed with code 1: no memory. "
        f"{mute}/bin/java does not report its version. "
        f"{silent}/bin/java failed with code 3: no output. "
        f"{foreign}/bin/java cannot be run: "
    )


@pytest.mark.usefixtures("no_java")
def test_no_java_on_the_path(run: Run) -> None:
    assert find_java([], run) == (None, "No java was found on the PATH.")


# What Java says when it ends with an error, and what is told of it.
REFUSALS: dict[str, tuple[int, str, str | None]] = {
    "it starts": (0, 'openjdk version "17"', None),
    "an unknown option": (
        1,
        (
            "Picked up JAVA_TOOL_OPTIONS: -Da=b\nUnrecognized VM option 'A'\nError: Could not create the Java Virtual "
            "Machine.\nError: A fatal exception has occurred. Program will exit.\n"
        ),
        "Unrecognized VM option 'A'",
    ),
    "two collectors": (
        1,
        "Error occurred during initialization of VM\nConflicting collector combinations in option list.\n",
        "Conflicting collector combinations in option list.",
    ),
    "nothing": (134, "", "code 134"),
}


@pytest.mark.parametrize("on_output", [True, False])
@pytest.mark.parametrize(("code", "said", "told"), REFUSALS.values(), ids=REFUSALS)
def test_options_that_java_refuses(code: int, said: str, told: str | None, on_output: bool) -> None:
    asked: list[list[str]] = []

    def run(command: list[str]) -> tuple[int, str, str]:
        asked.append(command)
        return code, *((said, "") if on_output else ("", said))

    assert refusal("/opt/java", ["-Xa"], run) == told
    assert asked == [["/opt/java/bin/java", "-Xa", "-version"]]


def test_a_java_that_cannot_be_asked() -> None:
    def run(command: list[str]) -> tuple[int, str, str]:
        raise OSError(f"no {command[0]}")

    assert refusal("/opt/java", [], run) == "no /opt/java/bin/java"
