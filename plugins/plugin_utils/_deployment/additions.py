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

from .archive import is_installed, is_url
from .directories import normal
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
    """``lines`` are those of ``.extra-files``: a place in the release, and for a jar its checksum.

    ``kept`` are lines there that are not wanted here, but may be by another cluster that uses the release; ``begun`` is
    the file while jars are copied, so that those of an interrupted run are known to be none of the release's own, and
    ``overwritten`` are places where it has such.
    """

    lines: tuple[str, ...]
    directories: tuple[File, ...]
    downloads: tuple[Jar, ...]
    copies: tuple[Jar, ...]
    files: tuple[File, ...]
    missing_plugins: tuple[str, ...]
    optional_jars: tuple[str, ...]
    kept: tuple[str, ...] = ()
    begun: tuple[File, ...] = ()
    overwritten: tuple[str, ...] = ()

    @property
    def recorded(self) -> list[str]:
        """All that ``.extra-files`` says."""
        return sorted([*self.lines, *self.kept])


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
    former = [line for line in host.release.extra_files if line.strip() and _place_of(line) not in places]
    recorded = {_place_of(line) for line in host.release.extra_files}
    begun = [place for place in jars if place not in recorded]
    kept = tuple(former) if other_users(wanted, host) else ()
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
            *(absent(f"{wanted.home}/{_place_of(line)}") for line in former if line not in kept),
            _record(wanted, sorted([*lines, *kept])),
        ),
        missing_plugins=tuple(plugin for plugin in wanted.plugins if plugin not in optional),
        optional_jars=optional,
        kept=kept,
        begun=(_record(wanted, [*host.release.extra_files, *(f"{place} begun:" for place in begun)]),) if begun else (),
        overwritten=tuple(place for place in begun if _is_there(wanted, host, place)),
    )


def added_jars(wanted: Wanted) -> list[str]:
    """The names of the plugins and jars that come to the release."""
    return [*wanted.plugins, *(posixpath.basename(_place(jar)) for jar in wanted.jars)]


def jars_for(wanted: Wanted, directory: str) -> list[str]:
    """The names of the jars that come to one directory of the release."""
    places = [posixpath.split(_place(jar)) for jar in wanted.jars]
    return [name for place, name in places if posixpath.normpath(place) == directory]


def jar_dirs(wanted: Wanted) -> list[str]:
    """Where the jars are to come."""
    return [f"{wanted.home}/{posixpath.dirname(_place(jar))}" for jar in wanted.jars]


def _is_there(wanted: Wanted, host: Host, place: str) -> bool:
    directory, name = posixpath.split(f"{wanted.home}/{place}")
    return name in host.files.get(directory, ())


def _record(wanted: Wanted, lines: t.Iterable[str]) -> File:
    return File(path=f"{wanted.home}/.extra-files", mode="0644", content="".join(f"{line}\n" for line in lines))


def other_users(wanted: Wanted, host: Host) -> list[str]:
    """The directories of the configuration of the other clusters that use the release, as they have noted there."""
    notes = host.installed_releases.get(normal(wanted.home), ())
    return [note for note in notes if normal(note) != normal(wanted.conf_dir)]


def shared_objections(wanted: Wanted, host: Host, added: Additions) -> t.Iterator[str]:
    """What another cluster that uses the release would have to bear."""
    users = ", ".join(other_users(wanted, host))
    if not users:
        return
    remedy = "Set flink_home to a directory of this cluster alone; or, if the other is gone, remove its note in"
    remedy = f"{remedy} {wanted.home}/.clusters."
    if not is_installed(wanted, host):
        yield (
            f"flink_archive_checksum: expected that of {wanted.home}, which the cluster of {users} uses too, got "
            f"another, with which it would be replaced. {remedy}"
        )
    former = {_place_of(line): line for line in host.release.extra_files if line.strip()}
    changed = [place for line in added.lines for place in [_place_of(line)] if former.get(place, line) != line]
    if changed:
        yield (
            f"flink_jars: expected the content that the cluster of {users} may use too, got another for "
            f"{', '.join(changed)} in {wanted.home}. {remedy}"
        )


def shared_advice(wanted: Wanted, host: Host, added: Additions) -> t.Iterator[str]:
    """What stays of former additions."""
    if added.kept:
        yield (
            f"{', '.join(map(_place_of, added.kept))} stays in {wanted.home}: the cluster of "
            f"{', '.join(other_users(wanted, host))} uses that release too. If neither needs it, remove it and its "
            f"line in {wanted.home}/.extra-files yourself."
        )


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


def jar_objection(wanted: Wanted, added: Additions) -> str | None:
    """Once the release is there: what it has itself."""
    if not added.overwritten:
        return None
    return (
        f"flink_jars: expected jars that are not in {wanted.home} yet, got {', '.join(added.overwritten)}, which this "
        "role has not put there. Leave it out if it is the release's own; if you have put it there, remove it first."
    )


def plugin_objection(wanted: Wanted, added: Additions) -> str | None:
    """Once the release is there: what it lacks."""
    if not added.missing_plugins:
        return None
    return (
        f"flink_plugins: expected jars of {wanted.home}/opt ({', '.join(added.optional_jars)}), got "
        f"{', '.join(added.missing_plugins)}. Correct the name, or add the jar by flink_jars."
    )
