# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalogue of failures: for each code what happened to a process, which memory it is about, and what to do.

Each account is a function of the process and of the numbers that a line gave. ``RANK`` is the order of trust in which
one failure explains another.
"""

from __future__ import annotations

import typing as t

from ..values.options import EXTERNAL_RESOURCES, TM_BATCH_SHUFFLE, TM_MANAGED_FRACTION, TM_SLOTS, Option
from ..values.size import KIB, MIB, exact, precise

if t.TYPE_CHECKING:
    from .subject import Subject

Fields = t.Mapping[str, str]

_CONSUMER_WEIGHTS: Option[str] = Option("taskmanager.memory.managed.consumer-weights", since=(1, 12))
_CHECKPOINT_DIRECTORIES: tuple[Option[str], ...] = (
    Option("execution.checkpointing.dir", since=(1, 20)),
    Option("state.checkpoints.dir", until=(1, 20)),
)
_FRAME_SIZES: tuple[Option[str], ...] = (
    Option("pekko.framesize", since=(1, 18)),
    Option("akka.framesize", until=(1, 18)),
)
_JAVA_OPTIONS: tuple[Option[str], ...] = (
    Option("env.java.opts.all", since=(1, 17)),
    Option("env.java.opts", until=(1, 17)),
)
_PARENT_FIRST = "classloader.parent-first-patterns.additional"
_HEARTBEAT = "heartbeat.timeout"
# RocksDB warns in a slot with less than 28 MiB, where its blocks of 8 MiB do not fit into 7/8 of a third of it.
_GOOD_SLOT = 64 * MIB


class Account(t.NamedTuple):
    """What a failure is, apart from time and evidence."""

    level: str
    message: str
    component: str | None
    options: list[str]
    remedy: str


def raised(subject: Subject, component: str, target: int | None) -> tuple[list[str], str]:
    """The options of a component, and the words that set it to a size, or raise it where that is not known.

    A heap that nobody set is what is left of a total: that is raised then.
    """
    keys, totals = subject.key_of(component), subject.totals_with(component)
    name = name_of(component)
    if component == subject.heap and totals and not any(key in subject.config.values for key in keys):
        least = "" if target is None else f" until {name} is at least {exact(target)}"
        return [*totals[:1], *keys], f"Raise {totals[0]}{least}, which the playbook streamops.flink.advise computes."
    if not keys:
        return [], f"Raise {name}."
    both = " and ".join(keys)
    size = subject.size(component)
    if target is None or size is None:
        return [*keys, *totals], f"Raise {both}{''.join(f', and {key} as much' for key in totals)}."
    if target <= size:
        return keys, f"It has {precise(size)} for {name} by now, which is enough by these numbers."
    grown = "".join(f", and raise {key} by {exact(target - size)}, or the heap shrinks by it" for key in totals)
    return [*keys, *totals], f"Set {both} to {exact(target)}{grown}."


def name_of(component: str) -> str:
    """A component as Flink calls it."""
    return component.replace("_", " ").replace("jvm", "JVM").replace("off heap", "off-heap")


def counted(number: int, thing: str) -> str:
    """So many of a thing, in words."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def whole(size: float) -> int:
    """Rounded up to whole MiB."""
    return -(-int(size) // MIB) * MIB


def _known(subject: Subject, options: t.Iterable[Option[t.Any]]) -> list[str]:
    return [option.key for option in options if option.exists_in(subject.release)]


def _more(subject: Subject, component: str, factor: float, at_least: int = 0) -> int | None:
    size = subject.size(component)
    return None if size is None else whole(max(size * factor, size + at_least))


def heap(subject: Subject, _fields: Fields) -> Account:
    component = subject.heap
    keys, remedy = raised(subject, component, _more(subject, component, 1.5))
    name = "JVM heap" if subject.is_jobmanager else "task heap"
    message = f"{subject.title} ran out of heap: a {name}{subject.of(component)} was too small."
    return Account("error", message, component, keys, remedy)


def _array_size(subject: Subject, _fields: Fields) -> Account:
    message = f"{subject.title} was asked for an array of more elements than a JVM can have."
    return Account(
        "error", message, None, [], "Look at the stack trace in its log for who asks: more memory does not help."
    )


def _metaspace(subject: Subject, _fields: Fields) -> Account:
    keys, remedy = raised(subject, "jvm_metaspace", _more(subject, "jvm_metaspace", 1.25, 64 * MIB))
    size = subject.of("jvm_metaspace")
    message = f"{subject.title} ran out of JVM metaspace{size}: its jobs have more classes, or leak them."
    leak = " If it comes back as jobs are submitted again, they leak classes: put their drivers into lib/ then."
    return Account("error", message, "jvm_metaspace", [*keys, _PARENT_FIRST], remedy + leak)


def direct_memory(subject: Subject, fields: Fields) -> Account:
    """Network memory is never the cause: it is allocated at the start. ``owner`` is framework if Flink itself asked."""
    limit = int(fields["limit"]) if "limit" in fields else None
    component = "task_off_heap"
    if subject.is_jobmanager:
        component = "off_heap"
    elif fields.get("owner") == "framework":
        component = "framework_off_heap"
    size = subject.size(component)
    target = None
    if size is not None:
        direct = limit or subject.size("framework_off_heap", "task_off_heap", "network") or size
        target = whole(size + max(int(fields.get("wanted", 0)), direct / 4))
    keys, remedy = raised(subject, component, target)
    numbers = ""
    if limit is not None:
        wanted, allocated = (precise(int(fields.get(name, 0))) for name in ("wanted", "allocated"))
        numbers = f": {wanted} more were wanted with {allocated} of {precise(limit)} in use"
    message = (
        f"{subject.title} ran out of direct memory{numbers}: its {name_of(component)}{subject.of(component)} was too"
        " small."
    )
    return Account("error", message, component, keys, remedy)


def _batch_shuffle(subject: Subject, fields: Fields) -> Account:
    shuffle = _known(subject, [TM_BATCH_SHUFFLE])
    if "other" in fields:
        message = f"{subject.title} did not start: {fields['option']} is less than {fields['other']}."
        return Account("error", message, "framework_off_heap", shuffle, f"Raise {fields['option']}, or remove it.")
    size = subject.size("framework_off_heap")
    missing = int(fields["missing"])
    keys, remedy = raised(subject, "framework_off_heap", None if size is None else whole(size + missing))
    message = f"{subject.title} had too little direct memory to read a batch shuffle: {precise(missing)} were missing."
    return Account("error", message, "framework_off_heap", [*keys, *shuffle], remedy)


def network_buffers(subject: Subject, fields: Fields) -> Account:
    """The number of a message is that of one pool only; ``needed`` are the bytes that the topology of the job needs."""
    segment, total = int(fields["segment"]), int(fields["total"])
    required, available = int(fields.get("required", 0)), int(fields.get("available", 0))
    least = (total + max(0, required - available)) * segment
    needed = int(fields.get("needed", 0))
    target = max(least, needed)
    keys, remedy = raised(subject, "network", whole(target))
    pool = f": one pool wanted {required} and found {available}" if required else ""
    job = f"; its job needs {needed // segment}" if needed else ""
    message = f"{subject.title} has too few network buffers: {total} of {precise(segment)}{pool}{job}."
    if not needed and least > (subject.size("network") or 0):
        remedy += " The other pools of the job may need more than this one said."
    return Account("error", message, "network", keys, remedy)


def _network_wanted(subject: Subject, fields: Fields) -> Account:
    size, missing = subject.size("network"), int(fields["missing"])
    keys, remedy = raised(subject, "network", None if size is None else whole(size + missing))
    message = (
        f"{subject.title} is slowed down by its network memory{subject.of('network')}: the pools of its jobs would like"
        f" {precise(missing)} more."
    )
    return Account("warning", message, "network", keys, remedy)


def _network_at_start(subject: Subject, fields: Fields) -> Account:
    message = (
        f"{subject.title} did not start: of {fields['required']} MB of network memory its JVM gave"
        f" {fields['allocated']}, so the limit of its direct memory is lower than planned."
    )
    options = ["env.java.opts.taskmanager", *_known(subject, _JAVA_OPTIONS)]
    return Account(
        "error", message, "network", options, f"Take -XX:MaxDirectMemorySize out of {' and '.join(options)}."
    )


def _managed_memory(subject: Subject, fields: Fields) -> Account:
    size = subject.size("managed")
    wanted = int(fields.get("wanted", 0))
    target = None if size is None else whole(max(size * 1.5, wanted * subject.slots))
    keys, remedy = raised(subject, "managed", target)
    weights = _known(subject, [_CONSUMER_WEIGHTS])
    numbers = f": {precise(wanted)} were wanted" if wanted else ""
    if "available" in fields:
        numbers += f", {precise(int(fields['available']))} were left"
    message = f"The managed memory{subject.of('managed')} of {subject.title} is too little for a job{numbers}."
    return Account("error", message, "managed", [*keys, TM_MANAGED_FRACTION.key, *weights], remedy)


def _rocksdb_small(subject: Subject, fields: Fields) -> Account:
    size = subject.size("managed")
    target = None if size is None else whole(max(size * 2, _GOOD_SLOT * subject.slots))
    keys, remedy = raised(subject, "managed", target)
    why = "a slot has too little managed memory for it"
    if {"arena", "limit"} <= set(fields):
        arena, limit = (precise(int(fields[name])) for name in ("arena", "limit"))
        why = f"its blocks of {arena} do not fit into the {limit} that a slot has for them"
    message = f"RocksDB in {subject.title} writes to disk all the time: {why}."
    return Account("warning", message, "managed", [*keys, TM_MANAGED_FRACTION.key], remedy)


def _threads(subject: Subject, _fields: Fields) -> Account:
    message = f"{subject.title} could not start a thread: a limit of its unit or host was reached, not one of memory."
    remedy = (
        "Raise TasksMax and LimitNPROC of its unit in flink_service_overrides; kernel.threads-max and vm.max_map_count"
        " are limits as well."
    )
    return Account("error", message, None, [], remedy)


def _native_memory(subject: Subject, fields: Fields) -> Account:
    wanted = f"{precise(int(fields['wanted']))} of memory" if "wanted" in fields else "more memory"
    message = f"The system could not give {subject.title} {wanted}: its host has none left."
    remedy = "Plan less for this host: raise flink_reserved_memory, or have fewer processes on it."
    return Account("error", message, None, [], remedy)


def _state_size(subject: Subject, fields: Fields) -> Account:
    keys = _known(subject, _CHECKPOINT_DIRECTORIES)
    limit = f", which takes at most {precise(int(fields['limit']))}" if "limit" in fields else ""
    message = (
        f"State of {precise(int(fields['size']))} was to be kept in the memory of the JobManager{limit}: checkpoints"
        " have no directory."
    )
    return Account("error", message, None, keys, f"Set {keys[0]} to a directory that all hosts share.")


def _rpc_size(subject: Subject, fields: Fields) -> Account:
    keys = _known(subject, _FRAME_SIZES)
    size = int(fields["size"])
    limit = f": the largest has {precise(int(fields['limit']))}" if "limit" in fields else ""
    message = f"A message of {precise(size)} was too large for {subject.title}{limit}."
    return Account("error", message, None, keys, f"Set {keys[0]} to {whole(size * 1.5)}b.")


def _checkpoint_failed(_subject: Subject, fields: Fields) -> Account:
    message = f"Checkpoints of a job fail: {fields['reason']}."
    remedy = "Look in its tasks for what is slow or fails; GC and back pressure are the usual reasons."
    return Account("warning", message, None, [], remedy)


def _slots(_subject: Subject, fields: Fields) -> Account:
    numbers = (
        f": {fields['free']} of {fields['slots']} on {counted(int(fields['taskmanagers']), 'TaskManager')} are free"
        if {"free", "slots", "taskmanagers"} <= set(fields)
        else ""
    )
    message = f"A job got no slots{numbers}."
    remedy = f"Start more TaskManagers, or raise {TM_SLOTS.key}: each slot has less managed and network memory then."
    options = [TM_SLOTS.key]
    if "profile" in fields:
        message = f"A job asks for a slot that no TaskManager has: {fields['profile'][:200]}."
        remedy = "Ask for less in the job, or give its TaskManagers what it asks for."
        options = [EXTERNAL_RESOURCES.key] if "external" in fields["profile"] else options
    return Account("error", message, None, options, remedy)


def _stuck_task(subject: Subject, fields: Fields) -> Account:
    message = (
        f"A task of {subject.title} did not end when it was cancelled ({fields['task'][:100]}); Flink ends the process"
        " then."
    )
    remedy = "Look at the stack trace in its log: a full heap, or a call that does not return."
    return Account("warning", message, None, ["task.cancellation.timeout"], remedy)


def _start_refused(subject: Subject, fields: Fields) -> Account:
    message = (
        f"{subject.title} did not start, as Flink refuses its configuration: {fields['reason'][:300].rstrip('. ')}."
    )
    return Account("error", message, None, [], "Correct flink_config and deploy again.")


def _heartbeat(subject: Subject, _fields: Fields) -> Account:
    message = f"{subject.title} was not heard from for longer than {_HEARTBEAT}, and nothing that was read says why."
    remedy = (
        f"Look at its collections, and at the load of its host and network; a longer {_HEARTBEAT} only hides the cause."
    )
    return Account("error", message, None, [], remedy)


def _lost_taskmanager(subject: Subject, _fields: Fields) -> Account:
    message = f"{subject.title} was no longer there, and nothing that was read says why."
    remedy = "Read the journal of its host: journalctl --unit and journalctl --dmesg as root."
    return Account("error", message, None, [], remedy)


def _lost_connection(subject: Subject, fields: Fields) -> Account:
    message = f"The connection to a TaskManager was lost ({fields['address']}), and nothing that was read says why."
    return Account("warning", message, None, [], "Look at the network, and at the load of both hosts.")


def _fatal_error(subject: Subject, fields: Fields) -> Account:
    thread = f" in the thread {fields['thread']}" if "thread" in fields else ""
    message = f"{subject.title} ended itself after an error{thread}."
    return Account("error", message, None, [], "Read what its log says of this error.")


def _not_registered(subject: Subject, fields: Fields) -> Account:
    message = f"{subject.title} found no JobManager within {fields['duration']}, and ended itself."
    remedy = "See whether the JobManager runs, and whether its RPC port can be reached from there."
    return Account("error", message, None, ["taskmanager.registration.timeout"], remedy)


def _jvm_start(subject: Subject, fields: Fields) -> Account:
    if "option" in fields:
        message = f"The JVM of {subject.title} did not start: it does not know the option {fields['option']}."
        return Account("error", message, None, _known(subject, _JAVA_OPTIONS), "Take it out of the options of Java.")
    room = f": its host has no room for a heap of {precise(int(fields['heap']) * KIB)}" if "heap" in fields else ""
    message = f"The JVM of {subject.title} did not start{room}."
    remedy = "Plan less for this host: raise flink_reserved_memory, or have fewer processes on it."
    return Account("error", message, None, [], remedy if room else "Read its standard output.")


def _java_version(subject: Subject, _fields: Fields) -> Account:
    message = f"{subject.title} did not start: its Java is too old for Flink {subject.release.given}."
    return Account("error", message, None, [], "Set flink_java_home to a newer Java.")


def _address_in_use(subject: Subject, _fields: Fields) -> Account:
    message = f"{subject.title} did not start: another process has one of its ports."
    return Account("error", message, None, [], "Stop that process (ss --listening --processes), or choose other ports.")


def _slow_start(subject: Subject, fields: Fields) -> Account:
    seconds = int(fields["milliseconds"]) // 1000
    message = f"{subject.title} did not start within {seconds} seconds: its host has too little CPU for it, not memory."
    return Account("error", message, None, [], "Look at the load of its host, and start it again.")


def _disk_full(subject: Subject, _fields: Fields) -> Account:
    message = f"{subject.title} found no space left on a disk."
    remedy = "Free space where io.tmp.dirs and flink_log_dir are; local state and spilled data are there."
    return Account("error", message, None, ["io.tmp.dirs"], remedy)


def _class_loader_closed(subject: Subject, _fields: Fields) -> Account:
    message = f"A library in {subject.title} goes on using the classes of a job that has ended, which fills metaspace."
    remedy = "Put this library into lib/ and out of the jar of the job."
    return Account("warning", message, "jvm_metaspace", [_PARENT_FIRST], remedy)


def _oomd_kill(subject: Subject, _fields: Fields) -> Account:
    message = f"{subject.title} was killed by systemd-oomd, for memory pressure on its host."
    remedy = "Plan less for this host: raise flink_reserved_memory, or have fewer processes on it."
    return Account("error", message, None, [], remedy)


ACCOUNTS: dict[str, t.Callable[[Subject, Fields], Account]] = {
    "oomd-kill": _oomd_kill,
    "heap": heap,
    "jobmanager-heap": heap,
    "metaspace": _metaspace,
    "direct-memory": direct_memory,
    "batch-shuffle": _batch_shuffle,
    "native-memory": _native_memory,
    "threads": _threads,
    "array-size": _array_size,
    "network-at-start": _network_at_start,
    "network-buffers": network_buffers,
    "managed-memory": _managed_memory,
    "state-size": _state_size,
    "rpc-size": _rpc_size,
    "disk-full": _disk_full,
    "start-refused": _start_refused,
    "java-version": _java_version,
    "address-in-use": _address_in_use,
    "jvm-start": _jvm_start,
    "slow-start": _slow_start,
    "not-registered": _not_registered,
    "network-wanted": _network_wanted,
    "rocksdb-small": _rocksdb_small,
    "class-loader-closed": _class_loader_closed,
    "stuck-task": _stuck_task,
    "fatal-error": _fatal_error,
    "checkpoint-failed": _checkpoint_failed,
    "heartbeat": _heartbeat,
    "lost-taskmanager": _lost_taskmanager,
    "lost-connection": _lost_connection,
    "slots": _slots,
}


def account_of(code: str, subject: Subject, fields: Fields) -> Account:
    """The account of a failure. Raises KeyError for a code that is none, or fields that are not whole."""
    found = ACCOUNTS[code](subject, fields)
    # A process without a name of its own begins with a small letter.
    return found._replace(message=f"A{found.message[1:]}") if found.message.startswith("a ") else found


# What an account cannot do without, and the fields of all that are numbers.
_NEEDED: dict[str, tuple[str, ...]] = {
    "network-buffers": ("total", "segment"),
    "network-wanted": ("missing",),
    "network-at-start": ("required", "allocated"),
    "batch-shuffle": ("missing",),
    "state-size": ("size",),
    "rpc-size": ("size",),
    "checkpoint-failed": ("reason",),
    "stuck-task": ("task",),
    "start-refused": ("reason",),
    "not-registered": ("duration",),
    "slow-start": ("milliseconds",),
    "lost-connection": ("address",),
}
_NUMBERS = frozenset(
    (
        *("wanted", "allocated", "limit", "missing", "required", "available", "total", "segment", "size", "needed"),
        *("milliseconds", "capacity", "arena", "heap", "taskmanagers", "slots", "free"),
    )
)
_MOST_DIGITS = 40


def is_whole(code: str, fields: Fields) -> bool:
    """Whether there is an account of this code, and what it needs; what comes back from a file may be anything."""
    numbers = [text for name, text in fields.items() if name in _NUMBERS]
    whole_numbers = all(text.isdecimal() and len(text) <= _MOST_DIGITS for text in numbers)
    has_size = whole_numbers and int(fields.get("segment", 1)) > 0
    optional = "option" in fields and "other" in fields
    return code in ACCOUNTS and has_size and (optional or all(name in fields for name in _NEEDED.get(code, ())))


# The lower, the more a failure explains the others around it.
RANK = {code: rank for rank, code in enumerate(ACCOUNTS)}

# What is told only of a process that does not run, or has ended: a job may say the same of what it tries itself.
OF_STARTS = ("start-refused", "java-version", "address-in-use", "jvm-start", "slow-start", "not-registered")

# What others say of a process, or of what they miss: a cause is looked for first.
SYMPTOMS = (
    "heartbeat",
    "lost-taskmanager",
    "lost-connection",
    "slots",
    "checkpoint-failed",
    "stuck-task",
    "fatal-error",
)
