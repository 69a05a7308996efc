# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door for every path and name that reaches a unit, a directory or a removal."""

from __future__ import annotations

import posixpath
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import merge_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, quoted

from .config_files import own_names
from .directories import PRIVATE, normal, temporary_dir, written_places
from .names import named_by_environment_file, process_names
from .tls import strange_names

if t.TYPE_CHECKING:
    from .found import Host
    from .wanted import Wanted

# Each holds the directories of many programs: none of them is for one alone.
_SHARED = (
    *("/dev/shm", "/etc", "/etc/opt", "/home", "/media", "/mnt", "/opt", "/root", "/run", "/run/lock", "/run/user"),
    *("/srv", "/tmp", "/usr/games", "/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/local", "/usr/local/etc"),
    *("/usr/local/games", "/usr/local/include", "/usr/local/lib64", "/usr/local/libexec", "/usr/local/man"),
    *("/usr/local/share", "/usr/local/src", "/usr/share", "/usr/src", "/var/backups", "/var/cache", "/var/games"),
    *("/var/lib", "/var/local", "/var/log", "/var/mail", "/var/opt", "/var/spool", "/var/tmp"),
)
# Where these links of every system lead.
_LINKS = (("/var/run", "/run"), ("/var/lock", "/run/lock"))
# What is in these, at any depth, the system runs, reads or makes.
_SYSTEM = (
    *("/bin", "/boot", "/dev", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/sbin", "/sys", "/usr/bin"),
    *("/usr/include", "/usr/sbin", "/usr/lib/systemd", "/usr/local/bin", "/usr/local/lib", "/usr/local/sbin"),
    *("/run/binfmt.d", "/run/credentials", "/run/dbus", "/run/initramfs", "/run/log/journal"),
    *("/run/modprobe.d", "/run/modules-load.d", "/run/NetworkManager", "/run/polkit-1", "/run/sudo"),
    *("/run/sysctl.d", "/run/systemd", "/run/sysusers.d", "/run/tmpfiles.d", "/run/udev", "/var/lib/apt"),
    *("/var/lib/cloud", "/var/lib/dbus", "/var/lib/dpkg", "/var/lib/NetworkManager", "/var/lib/polkit-1"),
    *("/var/lib/rpm", "/var/lib/sudo", "/var/lib/systemd", "/var/log/journal", "/var/spool/anacron"),
    *("/var/spool/at", "/var/spool/cron", "/etc/apt", "/etc/cron.d", "/etc/cron.daily", "/etc/cron.hourly"),
    *("/etc/cron.monthly", "/etc/cron.weekly", "/etc/dbus-1", "/etc/default", "/etc/init.d", "/etc/ld.so.conf.d"),
    "/etc/logrotate.d",
    *("/etc/modprobe.d", "/etc/modules-load.d", "/etc/network", "/etc/pam.d", "/etc/pki", "/etc/polkit-1"),
    *("/etc/profile.d", "/etc/security", "/etc/skel", "/etc/ssh", "/etc/ssl", "/etc/sudoers.d", "/etc/sysconfig"),
    *("/etc/sysctl.d", "/etc/systemd", "/etc/tmpfiles.d", "/etc/udev", "/etc/yum.repos.d", "/etc/alternatives"),
    *("/etc/acpi", "/etc/apparmor.d", "/etc/audit", "/etc/bash_completion.d", "/etc/binfmt.d", "/etc/dhcp"),
    *("/etc/environment.d", "/etc/firewalld", "/etc/grub.d", "/etc/initramfs-tools", "/etc/kernel", "/etc/lvm"),
    *("/etc/NetworkManager", "/etc/ppp", "/etc/rc.d", *(f"/etc/rc{level}.d" for level in "0123456S")),
    *("/etc/selinux", "/etc/sysusers.d", "/etc/update-motd.d", "/usr/lib/firmware", "/usr/lib/modprobe.d"),
    *("/usr/lib/modules", "/usr/lib/sysctl.d", "/usr/lib/sysusers.d", "/usr/lib/tmpfiles.d", "/usr/lib/udev"),
    *("/usr/lib64/security", "/usr/share/dbus-1", "/usr/share/polkit-1", "/var/cache/apt", "/var/crash"),
    *("/var/lib/AccountsService", "/var/lib/containers", "/var/lib/docker", "/var/lib/pam", "/root/.ssh"),
    "/lost+found",
)
# Nor may the user of the processes write below these, /usr/local excepted.
_OF_ROOT = ("/etc", "/usr")

# Where root keeps what it, or what it starts, runs and reads.
_ROOTS = ("home", "conf_dir", "run_dir")
# The HistoryServer only has to read it.
_READ = "historyserver.archive.fs.dir"

# In lines of the user for a unit: that it sees the /tmp of the host.
_SEES_TMP = re.compile(r"^\s*PrivateTmp\s*=\s*(0|no?|f|false|off)\s*$", re.IGNORECASE | re.MULTILINE)
# What Ansible takes for a variable of the environment.
_VARIABLE = re.compile(r"\$(\w|\{)", re.ASCII)
_ACCOUNT = re.compile(r"""[^\s/:%"'\\$-][^\s/:%"'\\]*""")
_SLICE = re.compile(r"[A-Za-z0-9:_.\\@-]+")
_SERVICE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def path_objections(wanted: Wanted, plans: t.Iterable[t.Mapping[str, t.Any]]) -> t.Iterator[str]:
    """What stands against the paths, and against the other words of units, on any host."""
    yield from name_objections(wanted)
    for name in _ROOTS:
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
    for path in wanted.shared_dirs:
        yield from _wrong("flink_shared_dirs", path)
    for path, option in written_places(wanted, plans).items():
        yield from _objections(option, path, written=True)


def asked_places(wanted: Wanted, config: t.Mapping[str, t.Any]) -> list[dict[str, str | None]]:
    """What a host is asked about directories, before its processes are planned.

    Raises FlinkError for paths that no host is asked about.
    """
    plans = [{"config": merged} for merged in all_configs(wanted, config)]
    check_paths(wanted, plans)
    return [
        *({"path": getattr(wanted, name), "owner": None} for name in _ROOTS),
        *(
            {"path": path, "owner": wanted.user or "root"}
            for path in dict.fromkeys([wanted.log_dir, temporary_dir(wanted), *written_places(wanted, plans)])
        ),
    ]


def all_configs(wanted: Wanted, config: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
    """The options of all processes, before they are planned."""
    configs = [{}, wanted.jobmanager_config, *wanted.taskmanager_configs]
    return [merge_config([config, own]) for own in configs]


def check_paths(wanted: Wanted, plans: t.Sequence[t.Mapping[str, t.Any]]) -> None:
    """Raise FlinkError if anything stands against the paths."""
    wrong = dict.fromkeys(path_objections(wanted, plans))
    if wrong:
        raise FlinkError("\n".join(wrong))


def place_objections(wanted: Wanted, host: Host, plans: t.Iterable[t.Mapping[str, t.Any]]) -> t.Iterator[str]:
    """What stands against the directories on this host."""
    yield from root_objections(wanted, host.places, host.ansible_user)
    own = {wanted.log_dir: "flink_log_dir", temporary_dir(wanted): "flink_run_dir"}
    written = {**written_places(wanted, plans), **own}
    yield from _by_links({**{getattr(wanted, name): f"flink_{name}" for name in _ROOTS}, **written}, host)
    user = wanted.user or host.ansible_user["name"]
    for name in _ROOTS:
        path = getattr(wanted, name)
        obstacle, rights = _found(host.places, path)
        if obstacle is None and rights is not None and not {"r", "x"} <= set(rights):
            yield f"flink_{name}: {path} is there, but {user} may not read it. Grant that, or choose another directory."
    for path, option in written.items():
        obstacle, rights = _found(host.places, path)
        if obstacle is not None:
            yield f"{option}: {path}: {obstacle}"
        elif rights is not None and option != _READ and not {"w", "x"} <= set(rights):
            yield (
                f"{option}: {path} is there, but {user} may not write to it. Give it to {user} (chown), or choose "
                "another directory."
            )


def _by_links(options: t.Mapping[str, str], host: Host) -> t.Iterator[str]:
    """Directories of the system that only the host knows by that name."""
    for path, option in options.items():
        real = host.places.get(path, {}).get("real") or path
        if _is_closed(real) and not _is_closed(path):
            yield (
                f"{option}: expected a directory of its own, got {quoted(path)}, which leads to {quoted(real)} among "
                "those of the system. Choose one elsewhere."
            )


def strange_objections(wanted: Wanted, host: Host, *, has_systemd: bool) -> t.Iterator[str]:
    """What somebody else has put where the role would write."""
    if wanted.current_link in host.strange_links:
        yield (
            f"flink_current_link: expected nothing or a link to a release of this role, got something else at "
            f"{quoted(wanted.current_link)}. Remove it, choose another place, or null for no link."
        )
    there, names = host.files.get(wanted.conf_dir, ()), own_names(wanted)
    is_ours = _is_configured(wanted, host)
    strange = strange_names(wanted, host) if is_ours else [name for name in there if name in names]
    yield from _strange("flink_conf_dir", wanted.conf_dir, strange)
    scripts = {"run", *(() if has_systemd else process_names(wanted))}
    others = scripts & {*host.files.get(wanted.run_dir, ())} - {*host.marked_files.get(wanted.run_dir, ())}
    yield from _strange("flink_run_dir", wanted.run_dir, sorted(others))


def _is_configured(wanted: Wanted, host: Host) -> bool:
    """Whether the role has written there, or, before it does, the release has."""
    place, home = normal(wanted.conf_dir), normal(wanted.home)
    return (
        place == f"{home}/conf"
        or any(map(named_by_environment_file, host.files.get(wanted.conf_dir, ())))
        or any(place == normal(note) for notes in host.installed_releases.values() for note in notes)
    )


def _strange(option: str, directory: str, names: t.Sequence[str]) -> t.Iterator[str]:
    if names:
        yield (
            f"{option}: expected a directory without files of others, got {quoted(directory)} with {', '.join(names)}, "
            "which this role has not written and would replace. Move that away, or choose another directory."
        )


def hidden_objections(wanted: Wanted, host: Host, plans: t.Iterable[t.Mapping[str, t.Any]]) -> t.Iterator[str]:
    """Directories in the place of which units have an empty one of their own."""
    overrides = [str(wanted.service_overrides.get(component)) for component in {plan["process"] for plan in plans}]
    if all(map(_SEES_TMP.search, overrides)):
        return
    own = {f"flink_{name}": getattr(wanted, name) for name in (*_ROOTS, "log_dir", "java_home")}
    for option, path in [*own.items(), *(("flink_writable_dirs", path) for path in wanted.writable_dirs)]:
        if path is not None and PRIVATE.match(host.places.get(path, {}).get("real") or _normalised(path)):
            yield (
                f"{option}: expected a directory that a unit sees, got {quoted(path)}: each has a /tmp and a /var/tmp "
                "of its own. Choose one elsewhere, or put PrivateTmp=false into flink_service_overrides of each "
                "component."
            )


def root_objections(
    wanted: Wanted, places: t.Mapping[str, t.Mapping[str, str | None]], ansible_user: t.Mapping[str, t.Any]
) -> t.Iterator[str]:
    """Where root would run or follow what somebody else has placed: what a host answers about such directories."""
    user = wanted.user or ansible_user["name"]
    for name in _ROOTS:
        path = getattr(wanted, name)
        obstacle, rights = _found(places, path)
        if obstacle is not None:
            yield f"flink_{name}: {obstacle}"
        elif rights is not None and "w" in rights and ansible_user["uid"] == 0 and user != "root":
            yield (
                f"flink_{name}: {path} may be written by {user}, whose jobs could replace what root runs there. Take "
                "that right away, or choose another directory."
            )


def _found(places: t.Mapping[str, t.Mapping[str, str | None]], path: str) -> tuple[str | None, str | None]:
    place = places.get(path, {})
    return place.get("obstacle"), place.get("rights")


def root_advice(wanted: Wanted, host: Host) -> t.Iterator[str]:
    """That the processes may do everything, which nobody may have meant."""
    if wanted.user is None and host.is_root:
        yield (
            "flink_user is null and Ansible works as root on the host, so Flink and all jobs run as root. Set "
            "flink_user, or become to false."
        )


def name_objections(wanted: Wanted) -> t.Iterator[str]:
    """What stands against the words that become part of a unit, or of the name of its file."""
    for option, name, form, meaning in (
        ("flink_user", wanted.user, _ACCOUNT, "the name of a user"),
        ("flink_group", wanted.group, _ACCOUNT, "the name of a group"),
        ("flink_slice", wanted.slice, _SLICE, "the name of a slice such as 'system.slice'"),
    ):
        if name is not None and not (form.fullmatch(name) and name.isprintable()):
            yield f"{option}: expected {meaning}, got {quoted(name)}. Correct it."
    if not _SERVICE_NAME.fullmatch(wanted.service_name):
        yield (
            f"flink_service_name: expected letters, digits, '_', '.' and '-', got {quoted(wanted.service_name)}. "
            "Choose another name."
        )


def _objections(option: str, path: str, *, written: bool = False) -> t.Iterator[str]:
    wrong = [*_wrong(option, path)]
    yield from wrong
    if wrong:
        return
    place = _normalised(path)
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


def _normalised(path: str) -> str:
    place = posixpath.normpath(f"/{path.lstrip('/')}")
    return next((target + place[len(link) :] for link, target in _LINKS if _is_in(place, link)), place)


def _wrong(option: str, path: str) -> t.Iterator[str]:
    """What is wrong with a path wherever it leads."""
    if not path.startswith("/") or _normalised(path) == "/" or ".." in path.split("/"):
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
    of_root = any(_is_in(place, root) for root in _OF_ROOT) and not _is_in(place, "/usr/local")
    return _is_closed(place) or (written and of_root)


def _is_closed(place: str) -> bool:
    return any(_is_in(place, system) for system in _SYSTEM) and not _is_in(place, "/dev/shm")


def _is_in(place: str, directory: str) -> bool:
    """Whether a place is a directory, or in it at any depth."""
    return place == directory or place.startswith(f"{directory}/")
