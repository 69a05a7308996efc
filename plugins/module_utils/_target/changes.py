# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to change on the host so that entries of the module files are as asked, and what cannot."""

from __future__ import annotations

import contextlib
import filecmp
import grp
import hmac
import os
import pwd
import re
import stat
import typing as t
from pathlib import Path

from .directories import link_target
from .entries import Entry, EntryError
from .mounts import mounts
from .places import PlaceError, obstacle, source

_ROOT = Path("/")
_MOST_SHOWN = 100 * 1024
_KEY = os.urandom(32)
_KINDS = (
    (stat.S_ISREG, "file"),
    (stat.S_ISDIR, "directory"),
    (stat.S_ISLNK, "link"),
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
)
# The last number stands for no user and no group.
_NUMBER = re.compile(r"[0-9]{1,10}")
_MOST_ACCOUNTS = 2**32 - 1


class Attributes(t.NamedTuple):
    """Null for what stays as it is, or is not known."""

    owner: int | None
    group: int | None
    mode: int | None


class Change(t.NamedTuple):
    """An entry that is not as asked: whether it needs more than other attributes, and what a diff shows."""

    entry: Entry
    is_new: bool
    diff: list[dict[str, t.Any]]


def status(path: Path) -> os.stat_result | None:
    """What is at a path, links not followed."""
    try:
        return path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def kind(path: Path) -> str:
    """What is at a path, in the words of the option state, and of what else there can be."""
    found = status(path)
    if found is None:
        return "absent"
    return next((word for test, word in _KINDS if test(found.st_mode)), "device")


def asked_attributes(entry: Entry) -> Attributes:
    """What an entry asks for, its user and group as numbers."""
    return Attributes(
        owner=_number(entry.owner, lambda name: pwd.getpwnam(name).pw_uid),
        group=_number(entry.group, lambda name: grp.getgrnam(name).gr_gid),
        mode=entry.mode,
    )


def _number(name: str | None, look_up: t.Callable[[str], int]) -> int | None:
    """The number of a user or group; null if there is none."""
    if name is None:
        return None
    if _NUMBER.fullmatch(name):
        return int(name) if int(name) < _MOST_ACCOUNTS else None
    try:
        return look_up(name)
    except KeyError:
        return None


def check_places(entries: list[Entry], check_mode: bool) -> None:
    """Raise EntryError for an entry that this host cannot have.

    In check mode a former task is taken to have made parents, sources, users and groups.
    """
    directories = {
        path for entry in entries if entry.state == "directory" for path in (entry.place, *entry.place.parents)
    }
    for entry in entries:
        _check_kind(entry)
        _check_way(entry)
        _check_mounts(entry)
        if entry.source is not None:
            _check_source(entry, Path(entry.source), check_mode)
        if check_mode or entry.state == "absent":
            continue
        _check_accounts(entry)
        parent = entry.place.parent
        if parent not in directories and not parent.is_dir():
            raise EntryError(
                f"{entry.label}.path: expected the directory {parent}, got none. Add an entry with state "
                "directory for it."
            )


def _check_kind(entry: Entry) -> None:
    """What would be lost in passing is not replaced."""
    found = kind(entry.place)
    lost = {
        "file": found not in {"absent", "file", "link"},
        "link": found not in {"absent", "link"},
        "directory": found != "absent" and not entry.place.is_dir(),
    }
    if lost.get(entry.state):
        raise EntryError(
            f"{entry.label}.state: expected what a {entry.state} replaces, got the {found} {entry.path}. Remove it "
            "first."
        )


def _check_way(entry: Entry) -> None:
    """A directory that keeps what it has is not touched, so nobody could gain by it."""
    if entry.state == "directory":
        if entry.only_new and entry.place.is_dir():
            return
        place = entry.place
    else:
        place = entry.place.parent
    hindrance = obstacle(place, asked_attributes(entry).owner)
    if hindrance is not None:
        raise EntryError(f"{entry.label}.path: {entry.path}: {hindrance}")


def _check_mounts(entry: Entry) -> None:
    """What is on another file system is nobody's to remove with the directory where that is mounted."""
    inside = _mounted(entry.place) if entry.state == "absent" and not entry.only_empty else []
    if inside:
        raise EntryError(
            f"{entry.label}.path: expected no file system mounted in {entry.path}, which would be emptied with it, got "
            f"{inside[0]}. Unmount it first."
        )


def _mounted(place: Path) -> list[Path]:
    """The mount points that a directory is or has in it."""
    if kind(place) != "directory":
        return []
    real = Path(os.path.realpath(place))
    return [mount.point for mount in mounts(_ROOT) if real in (mount.point, *mount.point.parents)]


def _check_source(entry: Entry, path: Path, check_mode: bool) -> None:
    try:
        with source(path):
            pass
    except PlaceError as exc:
        raise EntryError(f"{entry.label}.source: {exc}") from exc
    except OSError as exc:
        if not check_mode:
            raise EntryError(f"{entry.label}.source: expected a file on the host, got {path}.") from exc


def _check_accounts(entry: Entry) -> None:
    asked = asked_attributes(entry)
    for option, name, number in ("owner", entry.owner, asked.owner), ("group", entry.group, asked.group):
        if name is not None and number is None:
            account = "user" if option == "owner" else "group"
            raise EntryError(f"{entry.label}.{option}: expected a {account} of the host, got {name}. Create it first.")


def find_changes(entries: t.Iterable[Entry]) -> list[Change]:
    """The entries that are not as asked, in the order given."""
    changes: list[Change] = []
    for entry in entries:
        gone = {change.entry.place for change in changes if change.entry.state == "absent"}
        is_new = not (_is_there(entry) or _is_kept(entry, gone))
        diffs = [_place_diff(entry) if is_new else None, _attribute_diff(entry)]
        diff = [difference for difference in diffs if difference is not None]
        if diff:
            changes.append(Change(entry, is_new, diff))
    return changes


def _is_there(entry: Entry) -> bool:
    """Whether the content, link or directory is as asked, whatever its attributes are."""
    if entry.state == "directory":
        return entry.place.is_dir()
    if entry.state == "link":
        return link_target(entry.path) == entry.target
    if entry.state == "absent":
        return kind(entry.place) == "absent"
    return kind(entry.place) == "file" and _has_content(entry)


def _is_kept(entry: Entry, gone: t.Container[Path]) -> bool:
    """Whether a directory stays, since something is in it besides what is gone by then, or mounted there."""
    is_directory = entry.only_empty and kind(entry.place) == "directory"
    return is_directory and (any(path not in gone for path in entry.place.iterdir()) or bool(_mounted(entry.place)))


def _has_content(entry: Entry) -> bool:
    if entry.content is not None:
        return entry.place.read_bytes() == entry.content
    with contextlib.suppress(OSError), source(Path(str(entry.source))) as new:
        return filecmp.cmp(new, entry.place, shallow=False)
    return False


def _diff(entry: Entry, before: t.Any, after: t.Any) -> dict[str, t.Any]:
    return {"before_header": entry.path, "after_header": entry.path, "before": before, "after": after}


def _place_diff(entry: Entry) -> dict[str, t.Any]:
    """What is at the path, and what will be."""
    found = kind(entry.place)
    if entry.state == "file":
        before = "" if found == "absent" else _shown(entry, "previous", entry.place, None)
        return _diff(entry, before, _shown(entry, "new", Path(str(entry.source)), entry.content))
    before_target = link_target(entry.path) if entry.state == "link" else None
    return _diff(entry, _state(entry, found, before_target), _state(entry, entry.state, entry.target))


def _state(entry: Entry, state: str, target: str | None) -> dict[str, str]:
    return {"path": entry.path, "state": state, **({} if target is None else {"target": target})}


def _shown(entry: Entry, which: str, path: Path, content: bytes | None) -> str:
    if entry.is_secret and entry.secret_pattern is None:
        return f"({which} content is secret)\n"
    try:
        if content is None:
            with source(path) as file:
                content = file.read_bytes() if file.stat().st_size <= _MOST_SHOWN else b"\0"
        if len(content) <= _MOST_SHOWN and b"\0" not in content:
            text = content.decode("utf-8")
            return text if entry.secret_pattern is None else entry.secret_pattern.sub(_hidden, text)
    except (OSError, PlaceError, UnicodeDecodeError):
        pass
    return f"({which} content not shown: too long, not text, or missing)\n"


def _hidden(match: t.Match[str]) -> str:
    """What stands for a secret: the same for the same one, and nothing that could be guessed or looked up."""
    return f"(hidden {hmac.new(_KEY, match.group().encode(), 'sha256').hexdigest()[:8]})"


def _attribute_diff(entry: Entry) -> dict[str, t.Any] | None:
    """Owner, group and mode of what is there, as far as they are not as asked."""
    kept = entry.place.is_dir() if entry.state == "directory" else entry.state == kind(entry.place) == "file"
    if not kept or entry.only_new:
        return None
    found, asked = entry.place.stat(), asked_attributes(entry)
    before, after = {}, {}
    if entry.owner is not None and asked.owner != found.st_uid:
        before["owner"], after["owner"] = str(found.st_uid), entry.owner
    if entry.group is not None and asked.group != found.st_gid:
        before["group"], after["group"] = str(found.st_gid), entry.group
    if entry.mode is not None and entry.mode != stat.S_IMODE(found.st_mode):
        before["mode"], after["mode"] = f"{stat.S_IMODE(found.st_mode):04o}", f"{entry.mode:04o}"
    return _diff(entry, before, after) if after else None
