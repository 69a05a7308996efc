# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is on a host, and what of the archive the controller knows: the answers that a decision rests on."""

from __future__ import annotations

import dataclasses
import typing as t

from .names import FIREWALLD
from .tls import NO_IDENTITY, Identity

ALIVE = frozenset({"running", "starting"})


@dataclasses.dataclass(frozen=True, slots=True)
class LiveProcess:
    """A process as systemd or a launcher knows it; ``ports`` is null if they cannot be told."""

    state: str
    enabled: bool
    needs_reload: bool
    environment: t.Mapping[str, str]
    command_line: t.Sequence[str]
    ports: t.Sequence[int] | None
    pid: int | None = None

    @property
    def is_alive(self) -> bool:
        return self.state in ALIVE

    @property
    def is_between_starts(self) -> bool:
        """Whether it leads nothing: systemd starts it or waits before it does, or it ended while it was looked at.

        What the unit gives a process, that has only once it is the program: systemd calls it active then.
        """
        return self.state == "starting" or not (self.environment or self.command_line)


@dataclasses.dataclass(frozen=True, slots=True)
class ReleaseOnDisk:
    """What is in ``flink_home``; ``archive`` is the checksum that the role noted, and null if it did not install it."""

    exists: bool
    archive: str | None
    extra_files: t.Sequence[str]
    opt: t.Sequence[str]
    conf: t.Sequence[str]
    class_archives: t.Sequence[str] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Host:
    """The answer of the module host_info, which documents each of these.

    ``processes`` are those of the cluster; ``firewalld`` is apart, and null if it was not asked for.
    """

    os: t.Mapping[str, t.Any]
    ansible_user: t.Mapping[str, t.Any]
    systemd: int | None
    cpus: int
    memory: t.Mapping[str, t.Any]
    numa_nodes: t.Sequence[int]
    jemalloc: str | None
    java: t.Mapping[str, t.Any] | None
    java_error: str | None
    java_refusals: t.Mapping[str, str]
    release: ReleaseOnDisk
    disk: t.Mapping[str, int | None]
    taken_ports: t.Sequence[t.Mapping[str, t.Any]]
    unresolved_names: t.Mapping[str, str]
    resolved_names: t.Mapping[str, t.Sequence[str]]
    addresses: t.Sequence[str]
    programs: t.Mapping[str, str | None]
    unreachable_servers: t.Mapping[str, str]
    znodes: t.Mapping[str, t.Mapping[str, str | None]]
    loopback_names: t.Sequence[str]
    user: t.Mapping[str, t.Any] | None
    group: t.Mapping[str, t.Any] | None
    files: t.Mapping[str, t.Sequence[str]]
    links: t.Mapping[str, str | None]
    strange_links: t.Sequence[str]
    marked_files: t.Mapping[str, t.Sequence[str]]
    places: t.Mapping[str, t.Mapping[str, str | None]]
    mounts: t.Mapping[str, t.Mapping[str, t.Any]]
    matching_units: t.Sequence[str]
    installed_releases: t.Mapping[str, t.Sequence[str]]
    running: t.Sequence[t.Mapping[str, t.Any]]
    processes: t.Mapping[str, LiveProcess]
    job_notes: t.Mapping[str, str]
    pyflink: t.Mapping[str, t.Mapping[str, str | None]]
    signature_verifier: str | None
    firewalld: LiveProcess | None

    @classmethod
    def of(cls, answer: t.Mapping[str, t.Any]) -> Host:
        """From the result of the module."""
        values = {field.name: answer[field.name] for field in dataclasses.fields(cls) if field.name != FIREWALLD}
        processes = {name: _read(LiveProcess, process) for name, process in answer["processes"].items()}
        firewalld = processes.pop(FIREWALLD, None)
        release = _read(ReleaseOnDisk, answer["release"])
        return cls(**{**values, "release": release, "processes": processes, "firewalld": firewalld})

    @property
    def is_root(self) -> bool:
        """Whether Ansible may do everything there."""
        return bool(self.ansible_user["uid"] == 0)


T = t.TypeVar("T")


def _read(kind: type[T], answer: t.Mapping[str, t.Any]) -> T:
    return kind(**{name: answer[name] for name in kind.__dataclass_fields__ if name in answer})  # type: ignore[attr-defined]


@dataclasses.dataclass(frozen=True, slots=True)
class Archive:
    """What is known of the archive of the release; ``problem`` says why it cannot be had, ``size`` is in bytes.

    ``sha512`` is the text of the file of that name beside it, empty if there is none; ``is_forgeable`` says that no
    checksum is given and that file comes without encryption; ``proof_problem`` says why the signature or its keys
    cannot be had. Nothing is known of an archive that is not needed, since the release is installed.
    """

    problem: str | None = None
    size: int = 0
    sha512: str = ""
    is_forgeable: bool = False
    proof_problem: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Controller:
    """What the controller has: the archive, the jars that are files there by their ``src``, and the keytab.

    Of each there are the digests, lower-case, by the algorithms that its checksums need; null for a missing one.
    ``identity`` are the certificates of the host, with TLS.
    """

    archive: Archive
    jars: t.Mapping[str, t.Mapping[str, str] | None]
    identity: Identity = NO_IDENTITY
    keytab: bytes | None = None
