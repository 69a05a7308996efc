# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the jar of a job that the scenarios run, by default `CountingJob.java`, and prints its path.

Or the jar that stands for flink-sql-gateway there (`ScriptRunner.java`). The same source, release and options make the
same bytes, so that a job is changed only where a scenario wants it to be. Jars are kept in `$FLINK_CACHE`.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import sys
import tempfile
import typing as t
import zipfile
from pathlib import Path

import flink_archive
import oracle

SOURCES = Path(__file__).parents[1] / "extensions/molecule/utils/jobs"
# By their classes, the names of their jars.
JOBS = {"CountingJob": "counting-job.jar", "HungryJob": "hungry-job.jar"}
RUNNER = "ScriptRunner"
MANIFEST = "META-INF/MANIFEST.MF"


def job_jar(version: str, job: str = "CountingJob", *, names_main_class: bool = True, tag: str | None = None) -> Path:
    """The jar, compiled against that release; another tag makes another content."""
    main_class = f"Main-Class: {job}\r\n" if names_main_class else ""
    content = {MANIFEST: f"Manifest-Version: 1.0\r\n{main_class}\r\n".encode(), **_compiled(job, version)}
    content |= {"version": tag.encode()} if tag is not None else {}
    return _jar(JOBS[job], version, content)


def runner_jar(version: str) -> Path:
    """The jar, with the one class that Flink's own driver of SQL scripts looks for."""
    return _jar(f"flink-sql-gateway-{version}.jar", version, _compiled(RUNNER, version))


def _compiled(name: str, version: str) -> dict[str, bytes]:
    classes = oracle.compile_java(SOURCES / f"{name}.java", sorted(flink_archive.calculator(version).glob("lib/*.jar")))
    return {str(path.relative_to(classes)): path.read_bytes() for path in sorted(classes.rglob("*.class"))}


def _jar(name: str, version: str, content: t.Mapping[str, bytes]) -> Path:
    digest = hashlib.sha256(repr((version, content)).encode()).hexdigest()[:12]
    target = flink_archive.cache() / f"job-{digest}" / name
    if not target.exists():
        with tempfile.TemporaryDirectory(dir=flink_archive.cache()) as work:
            made = Path(work) / "made"
            made.mkdir()
            _pack(content, made / target.name)
            with contextlib.suppress(OSError):  # another run was faster
                made.rename(target.parent)
    return target


def _pack(content: t.Mapping[str, bytes], target: Path) -> None:
    """A jar whose bytes depend on nothing but names and contents."""
    with zipfile.ZipFile(target, "w") as jar:
        for name, data in content.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            jar.writestr(entry, data)


def main() -> None:
    parser = argparse.ArgumentParser(prog="job_jar", description=__doc__)
    parser.add_argument("version", type=flink_archive.release, help="the release to compile against: 1.20.5, or 1.20")
    parser.add_argument("--job", choices=JOBS, default="CountingJob", help="its class")
    parser.add_argument("--no-main-class", action="store_true", help="leave the name of the class out of the manifest")
    parser.add_argument("--runner", action="store_true", help="the one that runs scripts of SQL, and no job")
    parser.add_argument("--version-tag", metavar="TEXT", help="a resource that makes another content")
    arguments = parser.parse_args()
    try:
        if arguments.runner:
            path = runner_jar(arguments.version)
        else:
            tag, names = arguments.version_tag, not arguments.no_main_class
            path = job_jar(arguments.version, arguments.job, names_main_class=names, tag=tag)
        print(path)
    except (flink_archive.ArchiveError, oracle.OracleError, OSError) as exc:
        sys.exit(f"job_jar: {exc}")


if __name__ == "__main__":
    main()
