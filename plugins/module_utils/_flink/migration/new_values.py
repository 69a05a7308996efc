# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that the new release reads otherwise than the old one, or no longer.

Source: ``StateBackendLoader``, ``SchedulerUtils``, ``ManagedMemoryUtils``, ``config.sh``, and the catalogue.
"""

from __future__ import annotations

import re
import typing as t

from ..catalogue.grammar import Unreadable, read_value, suggestion
from ..check.findings import warning
from ..values.config import STANDARD_YAML
from ..values.java_numbers import narrow, parse_double, parse_float
from ..values.secrets import shown
from .journey import Move, plain_text

if t.TYPE_CHECKING:
    from ..catalogue.catalogue import Option
    from .journey import Journey

_BACKENDS = ("state.backend.type", "state.backend")
_STORAGES = ("execution.checkpointing.storage", "state.checkpoint-storage")
_DIRECTORIES = ("execution.checkpointing.dir", "state.checkpoints.dir")
# Backends that are two things since 1.13, and classes that make one; in small letters.
_FILE_SYSTEM = ("filesystem", "org.apache.flink.runtime.state.filesystem.fsstatebackendfactory")
_JOBMANAGER = ("jobmanager", "org.apache.flink.runtime.state.memory.memorystatebackendfactory")
_ROCKSDB = (
    "org.apache.flink.contrib.streaming.state.rocksdbstatebackendfactory",
    "org.apache.flink.contrib.streaming.state.embeddedrocksdbstatebackendfactory",
)
_ROCKSDB_PACKAGES = ("org.apache.flink.contrib.streaming.state.", "org.apache.flink.state.rocksdb.")

# What a negative number meant where a duration is read now.
_NEGATIVE = {
    "resourcemanager.standalone.start-up-time": (None, "A negative time meant the default, the timeout of slots."),
    "metrics.latency.interval": ("0", "A negative interval switched the tracking off, as 0 does."),
    "table.exec.mini-batch.allow-latency": (None, "A negative time switched it off, as the default 0 does."),
    "table.exec.source.idle-timeout": (None, "A negative time switched it off, as the default 0 does."),
}
_MINUS = re.compile(r"\s*-\s*[0-9]+.*", re.DOTALL)
_DATAPROC = re.compile(r"\bDATAPROC\s*:\s*([0-9]+)")
_JVM_OPTIONS = re.compile(r"env\.(java|ssh)\.(default-)?opts.*")
_DIGITS = re.compile(r"0|[1-9][0-9]{0,17}")
_DECIMAL = re.compile(r"[0-9]{1,9}\.[0-9]{1,6}")
# Kinds whose whole numbers YAML may have without quotes; texts, such as ranges of ports, are printed as they were.
_NUMBERS = ("integer", "long", "duration", "memory", "string")


def new_value(journey: Journey, key: str, name: str, value: t.Any) -> Move:
    """An option, given by its key in both releases, with the value that it needs in the new one.

    The message is empty if the value stays what it is.
    """
    for rule in (_backend, _scheduler, _weights, _quotes, _moved_class, _negative):
        move = rule(journey, name, value)
        if move is not None:
            return move
    return _readable(journey, key, name, value)


def _backend(journey: Journey, name: str, value: t.Any) -> Move | None:
    if name not in _BACKENDS or journey.target.version < (1, 13) or not isinstance(value, str):
        return None
    backend = value.strip().lower()
    if backend in _ROCKSDB:
        return Move({name: "rocksdb"}, "This class has gone, and the name rocksdb stands for its successor.")
    if backend in _FILE_SYSTEM:
        message = f"{shown(name, value)} is two things now: the backend hashmap, and a directory for checkpoints."
        if journey.is_set(*_DIRECTORIES):
            return Move({name: "hashmap"}, message)
        directory = journey.present(*_DIRECTORIES) or _DIRECTORIES[0]
        decision = warning(
            "checkpoint-directory",
            [directory],
            f"{shown(name, value)} needed a directory for checkpoints, and none is set: checkpoints would go to the "
            "JobManager's heap.",
            f"Set {directory}, unless all jobs bring their own.",
        )
        return Move({name: "hashmap"}, message, decision)
    if backend in _JOBMANAGER:
        storage = journey.present(*_STORAGES) or _STORAGES[0]
        changes = {name: "hashmap"} if journey.is_set(*_STORAGES) else {name: "hashmap", storage: "jobmanager"}
        return Move(
            changes, f"{shown(name, value)} is two things now: the backend hashmap, and checkpoints in the heap."
        )
    return None


def _scheduler(journey: Journey, name: str, value: t.Any) -> Move | None:
    if name != "jobmanager.scheduler" or journey.target.version < (1, 16) or not isinstance(value, str):
        return None
    if value.strip().lower() in ("ng", "legacy"):
        return Move({name: "Default"}, f"{shown(name, value)} is called Default from 1.16 on.")
    return None


def _weights(journey: Journey, name: str, value: t.Any) -> Move | None:
    if not name.endswith(".consumer-weights") or journey.target.version < (1, 13) or not isinstance(value, str):
        return None
    if _DATAPROC.search(value) is None:
        return None
    text = _DATAPROC.sub(r"OPERATOR:\1,STATE_BACKEND:\1", value)
    return Move({name: text}, "DATAPROC became OPERATOR and STATE_BACKEND in 1.13.")


def _quotes(journey: Journey, name: str, value: t.Any) -> Move | None:
    """Of JVM options the start scripts take off the quotes around them, which flink-conf.yaml does not know."""
    if _JVM_OPTIONS.fullmatch(name) is None or not isinstance(value, str) or len(value) < 2:
        return None
    if journey.target.version < STANDARD_YAML or not value[0] == value[-1] == '"':
        return None
    return Move({name: value[1:-1]}, "The quotes around it are not part of it: the start scripts took them off.")


def _moved_class(journey: Journey, name: str, value: t.Any) -> Move | None:
    old, new = _ROCKSDB_PACKAGES
    if journey.target.version < (2, 0) or not isinstance(value, str) or not value.startswith(old):
        return None
    return Move({name: new + value[len(old) :]}, f"The package of this class is {new[:-1]} from 2.0 on.")


def _negative(journey: Journey, name: str, value: t.Any) -> Move | None:
    """Negative numbers, which switched something off, are no durations."""
    option = journey.options.by_key.get(name)
    if option is None or option.kind != "duration" or _MINUS.fullmatch(plain_text(value) or "") is None:
        return None
    if name in _NEGATIVE:
        replacement, message = _NEGATIVE[name]
        return Move({} if replacement is None else {name: replacement}, message)
    message = f"{name} is a duration in Flink {journey.target.line}, which {shown(name, value)} is not."
    remedy = f"Set {name} to what shall be; without it, {option.default or 'nothing'} counts."
    return Move({}, message, warning("negative-duration", [name], message, remedy))


def _readable(journey: Journey, key: str, name: str, value: t.Any) -> Move:
    """The nearest value that the new release reads, if the old one read the given one."""
    found = journey.options.find(name)
    if not found or not _of_its_own(found[0], name):
        return Move({name: value}, "")
    typed = journey.target.version >= STANDARD_YAML
    option = found[0]
    try:
        read_value(option.kind, value, journey.target, typed=typed, choices=option.choices)
    except Unreadable as exc:
        meant = suggestion(option.kind, value, journey.target, typed=typed, choices=option.choices)
        if meant is not None and meant != value and _was_readable(journey, key, value):
            words = f"Flink {journey.target.line} reads {exc} here, and {shown(name, value)} is none."
            return Move({name: meant}, words)
        return Move({name: value}, "")
    return Move({name: _as_yaml(option, value) if typed else value}, "")


def _of_its_own(option: Option, name: str) -> bool:
    """Whether a key sets the option as a whole, and is no entry of a map or name of the user's."""
    return not option.is_pattern and (option.kind != "map" or name == option.key or name in option.aliases)


def _was_readable(journey: Journey, key: str, value: t.Any) -> bool:
    for option in journey.view.options.find(key):
        if option.kind != "string":
            try:
                journey.view.read(option, value)
            except Unreadable:
                return False
    return True


def _as_yaml(option: Option, value: t.Any) -> t.Any:
    """A number or boolean of flink-conf.yaml as one of YAML, if it is the same to the last bit."""
    if not isinstance(value, str):
        return value
    if option.kind in _NUMBERS and _DIGITS.fullmatch(value):
        return int(value)
    if option.kind == "boolean":
        return {"true": True, "false": False}.get(value.lower(), value)
    if option.kind in ("float", "double") and _DECIMAL.fullmatch(value):
        same = option.kind == "double" or narrow(parse_double(value)) == parse_float(value)
        return float(value) if same else value
    return value
