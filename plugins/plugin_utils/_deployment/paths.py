# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door for every path and name that reaches a unit, a directory or a removal."""

from __future__ import annotations

import posixpath
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import quoted

from .directories import written_places

if t.TYPE_CHECKING:
    from .wanted import Wanted

# Each holds the directories of many programs: none of them is for one alone.
_SHARED = (
    *("/dev/shm", "/etc", "/home", "/media", "/mnt", "/opt", "/root", "/run", "/srv", "/tmp", "/usr/lib", "/usr/lib64"),
    *("/usr/local", "/usr/share", "/var/cache", "/var/lib", "/var/log", "/var/opt", "/var/run", "/var/spool"),
    "/var/tmp",
)
# What is in these, at any depth, the system runs, reads or makes.
_SYSTEM = (
    *("/bin", "/boot", "/dev", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/sbin", "/sys", "/usr/bin"),
    *("/usr/include", "/usr/sbin", "/usr/lib/systemd", "/usr/local/bin", "/usr/local/lib", "/usr/local/sbin"),
    *("/run/systemd", "/var/lib/apt", "/var/lib/dpkg", "/var/lib/rpm", "/var/lib/systemd", "/var/log/journal"),
    *("/var/spool/cron", "/etc/apt", "/etc/cron.d", "/etc/cron.daily", "/etc/cron.hourly", "/etc/cron.monthly"),
    *("/etc/cron.weekly", "/etc/dbus-1", "/etc/default", "/etc/init.d", "/etc/ld.so.conf.d", "/etc/logrotate.d"),
    *("/etc/modprobe.d", "/etc/modules-load.d", "/etc/network", "/etc/pam.d", "/etc/pki", "/etc/polkit-1"),
    *("/etc/profile.d", "/etc/security", "/etc/skel", "/etc/ssh", "/etc/ssl", "/etc/sudoers.d", "/etc/sysconfig"),
    *("/etc/sysctl.d", "/etc/systemd", "/etc/tmpfiles.d", "/etc/udev", "/etc/yum.repos.d", "/etc/alternatives"),
)
# Nor may the user of the processes write below these, /usr/local excepted.
_OF_ROOT = ("/etc", "/usr")

# What Ansible takes for a variable of the environment.
_VARIABLE = re.compile(r"\$(\w|\{)", re.ASCII)
_ACCOUNT = re.compile(r"""[^\s/:%"'\\$-][^\s/:%"'\\]*""")
_SLICE = re.compile(r"[A-Za-z0-9:_.\\@-]+")


def path_objections(wanted: Wanted, plans: t.Iterable[t.Mapping[str, t.Any]]) -> t.Iterator[str]:
    """What stands against the paths, and against the other words of units, on any host."""
    for name in ("home", "conf_dir", "run_dir"):
        yield from _objections(f"flink_{name}", getattr(wanted, name))
    yield from _objections("flink_log_dir", wanted.log_dir, written=True)
    if ":" in wanted.home:
        yield (
            f"flink_home: expected a path without ':', which separates jars for Java, got {quoted(wanted.home)}. "
            "Choose another directory."
        )
    if wanted.current_link is not None:
        yield from _objections("flink_current_link", wanted.current_link)
    if wanted.java_home is not None:
        yield from _wrong("flink_java_home", wanted.java_home)
    for path, option in written_places(wanted, plans).items():
        yield from _objections(option, path, written=True)
    yield from _names(wanted)


def _names(wanted: Wanted) -> t.Iterator[str]:
    for option, name, form, meaning in (
        ("flink_user", wanted.user, _ACCOUNT, "the name of a user"),
        ("flink_group", wanted.group, _ACCOUNT, "the name of a group"),
        ("flink_slice", wanted.slice, _SLICE, "the name of a slice such as 'system.slice'"),
    ):
        if name is not None and not (form.fullmatch(name) and name.isprintable()):
            yield f"{option}: expected {meaning}, got {quoted(name)}. Correct it."


def _objections(option: str, path: str, *, written: bool = False) -> t.Iterator[str]:
    wrong = [*_wrong(option, path)]
    yield from wrong
    if wrong:
        return
    place = posixpath.normpath(f"/{path.lstrip('/')}")
    if place not in _SYSTEM and any(_is_in(shared, place) for shared in (*_SHARED, *_SYSTEM)):
        yield (
            f"{option}: expected a directory of its own, got {quoted(path)}, which other programs use too. Name one "
            f"below it, such as {quoted(f'{place}/flink')}, or elsewhere."
        )
    elif _is_of_system(place, written=written):
        yield (
            f"{option}: expected a directory of its own, got {quoted(path)}, which is among those of the system. "
            f"Choose one elsewhere, such as {'/var/lib/flink' if written else '/opt/flink'}."
        )


def _wrong(option: str, path: str) -> t.Iterator[str]:
    """What is wrong with a path wherever it leads."""
    if not path.startswith("/") or not path.strip("/") or ".." in path.split("/"):
        yield f"{option}: expected an absolute path of a directory, got {quoted(path)}. Correct it."
    elif not path.isprintable() or "\\" in path or path != path.rstrip():
        yield (
            f"{option}: expected printable characters without a backslash or a blank at the end, got {quoted(path)}. "
            "Choose another directory."
        )
    elif _VARIABLE.search(path):
        yield (
            f"{option}: expected a path without variables, which Ansible replaces by those of the host, got "
            f"{quoted(path)}. Write it out."
        )


def _is_of_system(place: str, *, written: bool) -> bool:
    closed = any(_is_in(place, system) for system in _SYSTEM) and not _is_in(place, "/dev/shm")
    of_root = any(_is_in(place, root) for root in _OF_ROOT) and not _is_in(place, "/usr/local")
    return closed or (written and of_root)


def _is_in(place: str, directory: str) -> bool:
    """Whether a place is a directory, or in it at any depth."""
    return place == directory or place.startswith(f"{directory}/")
