# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the core returns: mappings of plain types, sizes in bytes, as the documentation of the plugins has them."""

from __future__ import annotations

import typing as t


class Note(t.TypedDict):
    """Advice beside a plan. ``level`` is hint or warning, ``options`` are the keys that it is about.

    ``changes`` are the options and values that the remedy advises, null for an option that has to go; empty if it
    cannot be said in options.
    """

    level: str
    code: str
    options: list[str]
    message: str
    remedy: str
    changes: dict[str, t.Any]


class NamedNote(Note):
    """A note with the process that it is about, or ``host``."""

    name: str


class Slots(t.TypedDict):
    """How many slots a TaskManager has, and what one of them gets."""

    count: int
    managed_memory: int
    network_memory: int
    task_heap: int
    task_off_heap: int


class _Slotted(t.TypedDict, total=False):
    slots: Slots


class Sizes(_Slotted):
    """What is derived for one process. A size is null where the release plans none; a JobManager has no slots."""

    derived_from: list[str]
    memory: dict[str, int | None]
    jvm_args: list[str]
    dynamic_properties: dict[str, str]


class Plan(Sizes):
    """The plan of one process."""

    flink_version: str
    process: str
    notes: list[Note]


class ProcessPlan(Plan):
    """The plan of one process of a host: its options without shares, and the shares as they were written."""

    name: str
    config: dict[str, t.Any]
    asked: dict[str, str]
    numa_node: int | None


class KnownHost(t.TypedDict):
    """The memory of a host, what sets this limit, and what is taken of it; ``free`` is negative if that is too much."""

    memory: int
    reserved: int
    planned: int
    free: int
    limited_by: str


class UnknownHost(t.TypedDict):
    """What is taken of a host whose memory is not known."""

    memory: None
    reserved: None
    planned: int
    free: None
    limited_by: None


Host = t.Union[KnownHost, UnknownHost]


class HostPlan(t.TypedDict):
    """The plans of all processes of a host, held against its memory."""

    config: dict[str, t.Any]
    plans: list[ProcessPlan]
    host: Host
    notes: list[NamedNote]


class MemoryFor(t.TypedDict):
    """The smallest process that gives what is needed, and the options that make it so."""

    total_process: int
    process_size: str
    config: dict[str, t.Any]
    memory: dict[str, int | None]
    notes: list[Note]


class MigratedOption(t.TypedDict):
    """What became of an option: kept, renamed, split, rewritten, dropped or decide; ``to`` are keys."""

    option: str
    action: str
    to: list[str]
    message: str


class ChangedDefault(t.TypedDict):
    """A default that counts for a configuration, and is another one from the line ``since`` on."""

    option: str
    since: str
    message: str


class ChangedMemory(t.TypedDict):
    """The memory of one process in two releases, each null if there is no plan; ``message`` is the difference."""

    process: str
    before: dict[str, int | None] | None
    after: dict[str, int | None] | None
    message: str


class Migrated(t.TypedDict):
    """A configuration for another release, and how it came about."""

    from_version: str
    to_version: str
    config: dict[str, t.Any]
    text: str
    changes: list[MigratedOption]
    defaults: list[ChangedDefault]
    memory: list[ChangedMemory]
    decisions: list[Note]


class Differing(t.TypedDict):
    """What is one thing in the old release and may be another in the new one."""

    before: list[str]
    after: list[str]
    message: str


class Compared(t.TypedDict):
    """What changes for a configuration between two releases."""

    from_version: str
    to_version: str
    changes: list[MigratedOption]
    defaults: list[ChangedDefault]
    memory: list[ChangedMemory]
    java: Differing
    files: Differing
    decisions: list[Note]


class Command(t.TypedDict):
    """What a start script runs besides memory; the documentation of the filter process_command has the parts."""

    main_class: str
    java_opts: list[str]
    program_args: list[str]
    jars: list[str]
    overrides: dict[str, str]
    digest: str
    notes: list[Note]


class LiveTaskManager(t.TypedDict):
    """A registered TaskManager; a size is null if its release does not report it.

    ``heartbeat`` is the time of its last one, in milliseconds since 1970, and 0 before the first.
    """

    id: str
    path: str
    slots: int
    free_slots: int
    heartbeat: int
    memory: dict[str, int | None]


class LiveJobManager(t.TypedDict):
    """The JobManager that answered; what its release does not report is null."""

    memory: dict[str, int | None]
    jvm_args: list[str] | None
