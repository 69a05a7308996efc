# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins and jars that are added to a release; its file ``.extra-files`` lists them."""

from __future__ import annotations

import dataclasses
import hashlib
import posixpath
import re
import typing as t
from urllib.parse import urlsplit

from .archive import is_url
from .files import File, absent

if t.TYPE_CHECKING:
    from .found import Controller, Host
    from .wanted import Wanted


# Those whose digests have one length.
_ALGORITHMS = frozenset(name for name in hashlib.algorithms_guaranteed if hashlib.new(name).digest_size)
_CHECKSUM = re.compile(r"([a-z0-9_]+):([0-9A-Fa-f]+|https://.+)")


@dataclasses.dataclass(frozen=True, slots=True)
class Jar:
    """A jar that comes to the host: from a URL or a file on the controller, to a path, with a checksum."""

    src: str
    dest: str
    checksum: str


@dataclasses.dataclass(frozen=True, slots=True)
class Additions:
    """``lines`` are those of ``.extra-files``: a place in the release, and for a jar its checksum."""

    lines: tuple[str, ...]
    directories: tuple[File, ...]
    downloads: tuple[Jar, ...]
    copies: tuple[Jar, ...]
    files: tuple[File, ...]
    missing_plugins: tuple[str, ...]
    optional_jars: tuple[str, ...]


def additions(wanted: Wanted, host: Host, controller: Controller) -> Additions:
    """What has to be added to the release, and removed from it."""
    plugins = {place: source for plugin in wanted.plugins for place, source in [_plugin(plugin, wanted, host)]}
    jars = {jar.dest: jar for jar in (_jar(given, controller) for given in wanted.jars)}
    lines = sorted([*plugins, *(f"{place} {jar.checksum}" for place, jar in jars.items())])
    new = [
        dataclasses.replace(jar, dest=f"{wanted.home}/{place}")
        for place, jar in jars.items()
        if f"{place} {jar.checksum}" not in host.release.extra_files
    ]
    places = [*plugins, *jars]
    former = [_place_of(line) for line in host.release.extra_files if line.strip()]
    optional = tuple(dict.fromkeys(re.sub(r"-[0-9].*", "", jar) for jar in host.release.opt))
    return Additions(
        lines=tuple(lines),
        directories=tuple(
            File(path=f"{wanted.home}/{directory}", state="directory", mode="0755")
            for directory in dict.fromkeys(map(posixpath.dirname, places))
        ),
        downloads=tuple(jar for jar in new if is_url(jar.src)),
        copies=tuple(jar for jar in new if not is_url(jar.src)),
        files=(
            *(File(path=f"{wanted.home}/{place}", source=source, mode="0644") for place, source in plugins.items()),
            *(absent(f"{wanted.home}/{place}") for place in former if place not in places),
            File(path=f"{wanted.home}/.extra-files", mode="0644", content="".join(f"{line}\n" for line in lines)),
        ),
        missing_plugins=tuple(plugin for plugin in wanted.plugins if plugin not in optional),
        optional_jars=optional,
    )


def added_jars(wanted: Wanted) -> list[str]:
    """The names of the plugins and jars that come to the release."""
    return [*wanted.plugins, *(posixpath.basename(_place(jar)) for jar in wanted.jars)]


def _plugin(plugin: str, wanted: Wanted, host: Host) -> tuple[str, str]:
    """Its place in the release, and the jar of the release that comes there."""
    jars = (jar for jar in host.release.opt if re.match(rf"{re.escape(plugin)}-[0-9].*\.jar$", jar))
    jar = next(jars, f"{plugin}-{wanted.version}.jar")
    return f"plugins/{plugin}/{jar}", f"{wanted.home}/opt/{jar}"


def _jar(given: t.Mapping[str, t.Any], controller: Controller) -> Jar:
    """With its place in the release as ``dest``."""
    digests = controller.jars.get(given["src"]) or {}
    checksum = given.get("checksum") or f"sha512:{digests.get('sha512', '')}"
    return Jar(given["src"], _place(given), checksum)


def _place(given: t.Mapping[str, t.Any]) -> str:
    src = given["src"]
    return f"{given.get('dest') or 'lib'}/{posixpath.basename(urlsplit(src).path if is_url(src) else src)}"


def _place_of(line: str) -> str:
    """The place in a line of ``.extra-files``; that of a plugin has no checksum, and names may have blanks."""
    place, _blank, checksum = line.rpartition(" ")
    return place if ":" in checksum else line


def addition_objections(wanted: Wanted, controller: Controller) -> t.Iterator[str]:
    """What stands against the jars."""
    unknown = [jar["src"] for jar in wanted.jars if checksum_algorithm(jar) is None]
    if unknown:
        yield (
            f"flink_jars: {', '.join(unknown)} has a checksum that cannot be compared. Give it as sha512: and "
            "hexadecimal digits."
        )
    missing = [src for src, computed in controller.jars.items() if computed is None]
    if missing:
        yield (
            f"flink_jars: expected URLs or files on the controller, got {', '.join(missing)}. Give a file there, or "
            "a URL."
        )
    others = [
        jar["src"]
        for jar in wanted.jars
        if jar["src"] not in unknown and _is_other(jar, controller.jars.get(jar["src"]) or {})
    ]
    if others:
        yield (
            f"flink_jars: expected the checksum that is given, got another for {', '.join(others)}. Get the right "
            "file, or correct the checksum."
        )
    places = [_place(jar) for jar in wanted.jars]
    twice = sorted({place for place in places if places.count(place) > 1})
    if twice:
        yield (
            f"flink_jars: expected each jar in a place of its own, got {', '.join(twice)} twice. Rename one of the "
            "jars, or give it another dest."
        )
    outside = [place for place in places if place.startswith("/") or ".." in place.split("/")]
    if outside:
        yield f"flink_jars: expected places below flink_home, got {', '.join(outside)}. Give a dest such as lib."
    unread = [jar["src"] for jar, place in zip(wanted.jars, places, strict=True) if not place.endswith(".jar")]
    if unread:
        yield (
            f"flink_jars: expected names that end with .jar, as Flink reads no others, got {', '.join(unread)}. Give a "
            "src whose path ends with the name of the jar."
        )
    unverified = [jar["src"] for jar in wanted.jars if is_url(jar["src"]) and not jar.get("checksum")]
    if unverified:
        yield (
            f"flink_jars: expected a checksum for each URL, got none for {', '.join(unverified)}. Give it as sha512: "
            "and hexadecimal digits."
        )


def checksum_algorithm(jar: t.Mapping[str, t.Any]) -> str | None:
    """The algorithm of a jar's checksum, SHA-512 without one; null for one that nobody can compare.

    The checksum of a URL may be the URL of a file with checksums.
    """
    given = jar.get("checksum")
    if not given:
        return "sha512"
    found = _CHECKSUM.fullmatch(given)
    is_known = found and found[1] in _ALGORITHMS and (is_url(jar["src"]) or not is_url(found[2]))
    return found[1] if found and is_known else None


def _is_other(jar: t.Mapping[str, t.Any], digests: t.Mapping[str, str]) -> bool:
    algorithm, _colon, meant = str(jar.get("checksum") or "").partition(":")
    return algorithm in digests and meant.lower() != digests[algorithm]


def plugin_objection(wanted: Wanted, added: Additions) -> str | None:
    """Once the release is there: what it lacks."""
    if not added.missing_plugins:
        return None
    return (
        f"flink_plugins: expected jars of {wanted.home}/opt ({', '.join(added.optional_jars)}), got "
        f"{', '.join(added.missing_plugins)}. Correct the name, or add the jar by flink_jars."
    )
