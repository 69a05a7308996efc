# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the archive of a Flink release from the Python packages of Flink, which carry all of it but the name.

`apache-flink` has the scripts and the configuration, `apache-flink-libraries` the jars; up to 1.13.5 the first has
both. Downloads go through pip, so mirrors and proxies of the user's pip configuration apply. What was made is kept
in `$FLINK_CACHE` (default `~/.cache/streamops.flink`) under its final name, and only once it is complete.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import typing as t
import zipfile
from pathlib import Path

RELEASES = {
    "1.10": "1.10.3",
    "1.11": "1.11.4",
    "1.12": "1.12.5",
    "1.13": "1.13.6",
    "1.14": "1.14.6",
    "1.15": "1.15.4",
    "1.16": "1.16.3",
    "1.17": "1.17.2",
    "1.18": "1.18.1",
    "1.19": "1.19.3",
    "1.20": "1.20.5",
    "2.0": "2.0.2",
    "2.1": "2.1.3",
    "2.2": "2.2.1",
    "2.3": "2.3.0",
}

# What the memory calculation runs on: the scripts, and the jars with BashJavaUtils and what it calls.
CALCULATOR = re.compile(r"bin/.+|lib/flink-dist[^/]*\.jar")

# pip asks an sdist's build backend for metadata even when it is only to be downloaded. This backend answers with the
# PKG-INFO that every sdist carries, so that nothing of the package is executed.
BUILD_BACKEND = """\
import email, os, shutil, sys

__legacy__ = sys.modules[__name__]


def get_requires_for_build_wheel(config_settings=None):
    return []


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    with open("PKG-INFO", encoding="utf-8") as file:
        info = email.message_from_file(file)
    name = "{}-{}.dist-info".format(info["Name"].replace("-", "_"), info["Version"])
    os.makedirs(os.path.join(metadata_directory, name))
    shutil.copy("PKG-INFO", os.path.join(metadata_directory, name, "METADATA"))
    return name
"""

EPOCH = 315532800  # 1980-01-01, the oldest time that every archiver is content with
MEGABYTE = 1_000_000


class ArchiveError(Exception):
    """What stands in the way, in one sentence."""


def cache() -> Path:
    """The directory of everything downloaded and built."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    path = Path(os.environ.get("FLINK_CACHE") or Path(base) / "streamops.flink")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise ArchiveError(
            f"The cache {path} cannot be made: {exc.strerror}. Set FLINK_CACHE to another place."
        ) from exc
    return path.resolve()


def archive(version: str) -> Path:
    """The archive `flink-<version>.tgz`; its checksum lies beside it as `flink-<version>.tgz.sha512`."""
    target = cache() / f"flink-{version}.tgz"
    if target.exists():
        return target
    with _workshop() as work:
        if not target.exists():
            root = work / f"flink-{version}"
            _fetch(version, root, re.compile(".+"))
            packed = _pack(root, work / target.name)
            with packed.open("rb") as file:
                digest = hashlib.file_digest(file, "sha512").hexdigest()
            checksum = work / f"{target.name}.sha512"
            checksum.write_text(f"{digest}  {target.name}\n", encoding="ascii")
            checksum.replace(target.with_name(checksum.name))
            packed.replace(target)
    return target


def calculator(version: str) -> Path:
    """A directory with as much of the release as its memory calculation needs: `bin/` and some of `lib/`."""
    target = cache() / f"calculator-{version}"
    if target.exists():
        return target
    with _workshop() as work:
        if not target.exists():
            root = work / f"flink-{version}"
            packed = cache() / f"flink-{version}.tgz"
            if packed.exists():
                _unpack(packed, "", root, CALCULATOR)
            else:
                _fetch(version, root, CALCULATOR)
            root.rename(target)
    return target


def calculator_jars(version: str) -> list[Path]:
    """The class path on which BashJavaUtils of the release runs."""
    root = calculator(version)
    return [root / "bin" / "bash-java-utils.jar", *sorted((root / "lib").iterdir())]


def unpack_jars(version: str, root: Path) -> list[Path]:
    """Puts all jars of the release under `root`, and beside the loader of the planner the jar that it has inside."""
    _unpack(archive(version), "", root, re.compile(r"(lib|opt|plugins)/.+\.jar"))
    for loader in root.glob("lib/flink-table-planner-loader*.jar"):
        with zipfile.ZipFile(loader) as jar:
            jar.extract("flink-table-planner.jar", loader.parent)
    return sorted(root.rglob("*.jar"))


def scripts(version: str) -> Path:
    """The directory of the release's start scripts."""
    return calculator(version) / "bin"


@contextlib.contextmanager
def _workshop() -> t.Iterator[Path]:
    """A scratch directory in the cache, for one process at a time; what a killed run left there is cleared."""
    with (cache() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Waiting for another run that fills {cache()}", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        work = cache() / ".work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _fetch(version: str, root: Path, wanted: re.Pattern[str]) -> None:
    """Puts the wanted files of the release under `root`."""
    for package in ("apache-flink", "apache-flink-libraries"):
        sdist = _download(package, version, root.parent)
        _unpack(sdist, "deps/", root, wanted)
        sdist.unlink()
        if any(root.glob("lib/flink-dist*.jar")):
            return
    raise ArchiveError(f"The Python packages of Flink {version} carry no flink-dist jar.")


def _download(package: str, version: str, work: Path) -> Path:
    """The sdist of a package, as pip finds it."""
    backend = work / "backend" / "setuptools"
    backend.mkdir(parents=True, exist_ok=True)
    (backend / "__init__.py").touch()
    (backend / "build_meta.py").write_text(BUILD_BACKEND, encoding="ascii")
    target = work / package
    command = [sys.executable, "-m", "pip", "download", "--dest", str(target), "--no-deps", "--no-binary", package]
    command += ["--use-pep517", "--no-build-isolation", "--ignore-requires-python", "--no-cache-dir"]
    done = subprocess.run(
        [*command, "--disable-pip-version-check", f"{package}=={version}"],
        env={**os.environ, "PYTHONPATH": str(backend.parent), "TMPDIR": str(work)},
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno(),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return next(target.iterdir())
    offered = re.search(r"\(from versions: (.*)\)", done.stderr)
    if offered and offered[1] != "none":
        raise ArchiveError(f"pip finds no {package} {version}; it finds {offered[1]}.")
    if offered:
        raise ArchiveError(
            f"pip cannot reach a package index that has {package}: is there a network, or a mirror to set?"
        )
    reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    raise ArchiveError(f"pip could not download {package} {version}: {reason}")


def _unpack(source: Path, prefix: str, root: Path, wanted: re.Pattern[str]) -> None:
    """Extracts what lies under `<top folder>/<prefix>` and is wanted, and the licence texts of the top folder."""
    with tarfile.open(source) as tar:
        for member in tar:
            path = member.name.partition("/")[2]
            if path not in ("LICENSE", "NOTICE"):
                if not path.startswith(prefix):
                    continue
                path = path.removeprefix(prefix)
            if member.isfile() and wanted.fullmatch(path):
                tar.extract(member.replace(name=path), root, filter="data")


def _pack(root: Path, target: Path) -> Path:
    """A tar whose bytes depend on nothing but names, contents and executable bits. Jars do not shrink: least effort."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    total = sum(path.stat().st_size for path in files)
    packed, told = 0, time.monotonic()
    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=1, fileobj=raw, mtime=EPOCH) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as tar,
    ):
        for path in files:
            member = tarfile.TarInfo(str(path.relative_to(root.parent)))
            member.size = path.stat().st_size
            member.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            member.mtime = EPOCH
            with path.open("rb") as file:
                tar.addfile(member, file)
            packed += member.size
            if packed == total or time.monotonic() - told > 2:
                told = time.monotonic()
                share = f"{packed // MEGABYTE} of {total // MEGABYTE} MB ({100 * packed // total} %)"
                print(f"Packing {target.name}: {share}", file=sys.stderr)
    return target


def release(text: str) -> str:
    """The full version that a release line or a full version stands for."""
    if not re.fullmatch(r"\d+\.\d+(\.\d+)?", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not a Flink version such as 2.3.0, or 2.3 for its newest patch")
    return RELEASES.get(text, text)


def main() -> None:
    """Prints the path of each archive asked for."""
    parser = argparse.ArgumentParser(description="Build archives of Flink releases from its Python packages.")
    parser.add_argument("versions", metavar="VERSION", nargs="+", type=release, help="such as 2.3.0, or 2.3")
    versions = parser.parse_args().versions
    try:
        for version in versions:
            print(archive(version), flush=True)
    except (ArchiveError, OSError) as exc:
        sys.exit(f"{parser.prog}: {exc}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
