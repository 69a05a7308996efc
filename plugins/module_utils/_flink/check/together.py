# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options each of which is fine, and that do not go together.

Source: ``BlobUtils``, ``ZooKeeperUtils``, ``SSLUtils``, ``SecurityOptions``, ``StateBackendLoader``,
``RestartBackoffTimeStrategyFactoryLoader``, ``CleanupRetryStrategyFactory``.
"""

from __future__ import annotations

import contextlib
import re
import typing as t

from ..memory.advice import note_batch_shuffle, note_segment, note_smaller_segments
from ..memory.consumers import note_consumers
from ..memory.state_backend import note_backend
from ..values import options as memory_options
from ..values.config import Config
from ..values.errors import FlinkError
from ..values.notes import Notes
from .findings import error, from_notes, hint, names_of, them, warning
from .words import BACKEND, CLEANUP, HIGH_AVAILABILITY, RESTART

if t.TYPE_CHECKING:
    from ..values.notes import Change
    from ..values.results import Note
    from .view import View
    from .words import Words

_STORAGE, _QUORUM = "high-availability.storageDir", "high-availability.zookeeper.quorum"

_SSL = "security.ssl."
# The key that stood for both kinds of encryption where they were not set, up to 1.20.
_ALL_SSL = f"{_SSL}enabled"
_SERVER_STORE = ("keystore", "keystore-password", "key-password")
_STORES = {"internal": (*_SERVER_STORE, "truststore", "truststore-password"), "rest": _SERVER_STORE}
# Switches of the parts of a cluster that would need the stores of internal communication.
_PARTS = ("akka.ssl.enabled", "blob.service.ssl.enabled", "pekko.ssl.enabled", "taskmanager.data.ssl.enabled")

_STRATEGIES = {name.replace("-", ""): name for name in ("exponential-delay", "failure-rate", "fixed-delay")}
_RESTART, _CLEANUP = (re.compile(rf"{name}\.[a-z-]+\.") for name in ("restart-strategy", "cleanup-strategy"))
_ON_THE_HEAP = frozenset(("hashmap", "filesystem", "jobmanager"))
_NATIVE = {"rocksdb": "RocksDB", "forst": "ForSt"}
_OF_MEMORY = re.compile(
    r"taskmanager\.memory\.(?:(?:min-|starting-)?segment-size$|framework\.off-heap\.batch-shuffle|managed\.consumer-weights)"
)
_INCREMENTAL = ("execution.checkpointing.incremental", "state.backend.incremental")


def check_together(view: View) -> t.Iterator[Note]:
    """By subject."""
    yield from _high_availability(view)
    yield from _encryption(view)
    yield from _strategy(view, RESTART, _RESTART, None)
    yield from _strategy(view, CLEANUP, _CLEANUP, "exponential-delay")
    yield from _backend_options(view)
    yield from _memory(view)


def _high_availability(view: View) -> t.Iterator[Note]:
    given, kind = HIGH_AVAILABILITY.given(view), HIGH_AVAILABILITY.word(view)
    needed = {"zookeeper": (_QUORUM, _STORAGE), "kubernetes": (_STORAGE,)}.get(kind or "", ())
    missing = [option for option in needed if view.given(option) is None]
    if given is not None and missing and view.found[given.key]:
        yield error(
            "high-availability-incomplete",
            [given.key, *missing],
            f"{given.key} is {kind}, and {_are(missing)} not set, so no JobManager starts.",
            f"Set {' and '.join(missing)}.",
        )
    set_for_it = [pair.key for pair in map(view.given, (_QUORUM, _STORAGE)) if pair is not None]
    if set_for_it and (given is None or kind in ("none", "standalone")):
        name = view.name(*HIGH_AVAILABILITY.names)
        why = f"{name} is not set" if given is None else f"{given.key} is {kind}"
        chosen = given is None and len(set_for_it) == 2
        yield (warning if given is None else hint)(
            "no-high-availability",
            set_for_it,
            f"{_have(set_for_it)} no effect: {why}, so there is no high availability.",
            f"Set {name} to zookeeper, or remove {them(set_for_it)}.",
            {name: "zookeeper"} if chosen else dict.fromkeys(set_for_it),
        )


def _encryption(view: View) -> t.Iterator[Note]:
    if not any(key.startswith(_SSL) for key in view.config):
        return
    every = _is_true(view, _ALL_SSL)
    if every and view.version >= (2, 0):
        off = [key for key in (f"{_SSL}{part}.enabled" for part in _STORES) if key not in view.config]
        if off:
            yield error(
                "not-encrypted",
                [_ALL_SSL],
                f"{_ALL_SSL}: Flink {view.release.line} silently ignores it, and "
                f"{'nothing is' if len(off) == len(_STORES) else 'not all is'} encrypted.",
                f"Set {' and '.join(off)} instead.",
                {_ALL_SSL: None, **dict.fromkeys(off, True)},
            )
        every = False
    for part, stores in _STORES.items():
        key = f"{_SSL}{part}.enabled"
        if not (_is_true(view, key) if key in view.config else every):
            continue
        missing = [f"{_SSL}{part}.{store}" for store in stores if not _has_store(view, part, store)]
        if missing and not (part == "internal" and any(_is_false(view, switch) for switch in _PARTS)):
            yield error(
                "encryption-without-store",
                [key if key in view.config else _ALL_SSL, *missing],
                f"{key if key in view.config else _ALL_SSL} is true, and {_are(missing)} not set, so no "
                f"{'process' if part == 'internal' else 'JobManager'} starts.",
                f"Set {'it' if len(missing) == 1 else 'them'}.",
            )


def _has_store(view: View, part: str, store: str) -> bool:
    return view.given(f"{_SSL}{part}.{store}", f"{_SSL}{store}") is not None


def _is_true(view: View, key: str) -> bool:
    return key in view.config and view.text(key).lower() == "true"


def _is_false(view: View, key: str) -> bool:
    return key in view.config and view.text(key).lower() == "false"


def _strategy(view: View, option: Words, prefix: t.Pattern[str], default: str | None) -> t.Iterator[Note]:
    """Options of strategies other than the chosen one; with none chosen, Flink reads those of ``default``.

    What restarts jobs by default is made of constants, in every release.
    """
    of_strategies: dict[str, list[str]] = {}
    for key in filter(prefix.match, view.config):
        if view.found[key]:
            of_strategies.setdefault(key.split(".")[1], []).append(key)
    if not of_strategies:
        return
    given, word = option.given(view), option.word(view)
    if given is not None and word is None:
        return
    chosen = default if word is None else _STRATEGIES.get(word, word)
    dead = [key for strategy, keys in of_strategies.items() if strategy != chosen for key in keys]
    if not dead:
        return
    name, strategies = view.name(*option.names), [strategy for strategy in of_strategies if strategy != chosen]
    if given is not None:
        why, remedy, change = f"{given.key} is {word}", f"Remove {them(dead)}.", t.cast("Change", dict.fromkeys(dead))
    elif len(of_strategies) > 1:
        why, remedy = f"{name} is not set", f"Set {name}, or remove {them(dead)}."
        change = dict.fromkeys(dead)
    else:
        why, remedy, change = f"{name} is not set", f"Set {name} to {strategies[0]}.", {name: strategies[0]}
    yield warning("other-strategy", dead, f"{_have(dead)} no effect: {why}.", remedy, change)


def _backend_options(view: View) -> t.Iterator[Note]:
    """Options of RocksDB and ForSt beside another backend. Jobs may choose one themselves, and then read them."""
    given = BACKEND.given(view)
    text = "" if given is None else given.text.strip().lower()
    if given is not None and text not in (*_ON_THE_HEAP, *_NATIVE):
        return
    for backend, title in _NATIVE.items():
        prefix = f"state.backend.{backend}."
        keys = [] if text == backend else [key for key in view.config if key.startswith(prefix) and view.found[key]]
        if keys:
            yield _other_backend(view, keys, given is not None, text, backend, title)
    incremental = next((key for key in map(view.key_of, _INCREMENTAL) if key is not None), None)
    if given is not None and text in _ON_THE_HEAP and incremental is not None and _is_true(view, incremental):
        yield hint(
            "other-backend",
            [incremental],
            f"{incremental} has no effect: {given.key} is {text}, and only RocksDB "
            f"{'and ForSt make' if view.version >= (2, 0) else 'makes'} incremental checkpoints.",
            f"Remove it, or set {given.key} to rocksdb.",
            {incremental: None},
        )


def _other_backend(view: View, keys: list[str], is_given: bool, text: str, backend: str, title: str) -> Note:
    name = view.name(*BACKEND.names)
    why = f"{view.key_of(name) or name} is {text}" if is_given else f"{name} is not set"
    return hint(
        "other-backend",
        keys,
        f"{_have(keys)} no effect, unless a job chooses {title} itself: {why}.",
        f"Remove {them(keys)}." if is_given else f"Set {name} to {backend}, or remove {them(keys)}.",
        dict.fromkeys(keys) if is_given else {name: backend},
    )


def _memory(view: View) -> t.Iterator[Note]:
    """What a plan notes too, and needs no plan. Values that Flink does not read are told as such."""
    backend = BACKEND.given(view)
    if backend is None and not any(map(_OF_MEMORY.match, view.config)):
        return
    notes, config = Notes(), Config(view.config, view.release)
    if backend is not None:
        note_backend(notes, config)
    note_consumers(notes, config)
    for note in (_note_segments, _note_batch_shuffle):
        with contextlib.suppress(FlinkError):
            note(notes, config)
    yield from from_notes(notes)


def _note_segments(notes: Notes, config: Config) -> None:
    config.size(memory_options.TM_SEGMENT)
    segment = note_segment(notes, config)
    for option in (memory_options.TM_SMALLEST_SEGMENT, memory_options.TM_STARTING_SEGMENT):
        if option.exists_in(config.release):
            config.size(option)
    if segment:
        note_smaller_segments(notes, config, segment)


def _note_batch_shuffle(notes: Notes, config: Config) -> None:
    segment = note_segment(Notes(), config)
    if segment and memory_options.TM_BATCH_SHUFFLE.exists_in(config.release):
        config.size(memory_options.TM_BATCH_SHUFFLE)
        note_batch_shuffle(notes, config, config.size(memory_options.TM_FRAMEWORK_OFF_HEAP), segment)


def _are(keys: t.Sequence[str]) -> str:
    return f"{' and '.join(keys)} {'is' if len(keys) == 1 else 'are'}"


def _have(keys: t.Sequence[str]) -> str:
    return f"{names_of(keys)} {'has' if len(keys) == 1 else 'have'}"
