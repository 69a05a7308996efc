# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remedies that are promises: what is advised was tried first.

A change of the options is advised only if the process can be planned with it, the trouble is gone, and no other came.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import itertools
import typing as t

from ..values import options
from ..values.config import Config, text_of
from ..values.errors import ConflictError, DoesNotFitError, FlinkError, NothingConfiguredError, quoted_key
from ..values.notes import Attempt, Change, Notes, Raise, Try
from ..values.size import MIB, precise, to_bytes
from .search import largest_that, rounded_down, rounded_up, smallest_accepted, smallest_enough, smallest_that, spelling

if t.TYPE_CHECKING:
    from ..values.results import Note, Sizes

Planner = t.Callable[[Config, Notes], "Sizes"]
Helps = t.Callable[[Change], bool]

# Notes that may tell what was meant, where a configuration is refused.
_TELLING = frozenset(("bare-number", "ignored-key", "unknown-key"))

_MOST_PAIRED = 8
_MOST_MISTAKES = 4

# The options of a process that may be too many: parts before totals.
_OPTIONS = {
    process: [key for option in reversed(model) for key in option.keys] for process, model in options.MODEL.items()
}
# Options that are read after the sizes.
_BESIDE_SIZES = (options.TM_SLOTS.key, options.TM_CPU.key)
_OPTIONS["local"] = _OPTIONS["taskmanager"]

_TOTALS = {
    "taskmanager": (options.TM_PROCESS, options.TM_FLINK, options.TM_HEAP, options.TM_HEAP_MB),
    "jobmanager": (options.JM_PROCESS, options.JM_FLINK),
}


# What an option decides: in the words of people, and in a plan.
_DECIDED = {
    option.key: decided
    for decided, those in {
        ("the whole process", "total_process"): (options.TM_PROCESS, options.JM_PROCESS),
        ("total Flink memory", "total_flink"): (
            options.TM_FLINK,
            options.JM_FLINK,
            options.TM_HEAP,
            options.TM_HEAP_MB,
        ),
        ("the JVM heap", "jvm_heap"): (options.JM_JVM_HEAP, options.JM_HEAP, options.JM_HEAP_MB),
        ("off-heap memory", "off_heap"): (options.JM_OFF_HEAP,),
        ("the framework heap", "framework_heap"): (options.TM_FRAMEWORK_HEAP,),
        ("the task heap", "task_heap"): (options.TM_TASK_HEAP,),
        ("framework off-heap memory", "framework_off_heap"): (options.TM_FRAMEWORK_OFF_HEAP,),
        ("task off-heap memory", "task_off_heap"): (options.TM_TASK_OFF_HEAP,),
        ("network memory", "network"): (
            *(options.TM_NETWORK.minimum, options.TM_NETWORK.maximum, options.TM_NETWORK.fraction),
            options.TM_NETWORK_BUFFERS,
        ),
        ("managed memory", "managed"): (options.TM_MANAGED, options.TM_MANAGED_FRACTION),
        ("JVM metaspace", "jvm_metaspace"): (options.TM_METASPACE, options.JM_METASPACE),
        ("JVM overhead", "jvm_overhead"): (
            *(options.TM_OVERHEAD.minimum, options.TM_OVERHEAD.maximum, options.TM_OVERHEAD.fraction),
            *(options.JM_OVERHEAD.minimum, options.JM_OVERHEAD.maximum, options.JM_OVERHEAD.fraction),
        ),
    }.items()
    for option in those
}


@dataclasses.dataclass(frozen=True)
class Remedy:
    """A change that helps, and the sentence that advises it."""

    change: Change
    words: str


@dataclasses.dataclass(frozen=True)
class Trials:
    """The options of a process, and how it is planned."""

    config: Config
    planner: Planner

    def values(self, change: Change) -> dict[str, t.Any]:
        merged = {**self.config.values, **change}
        return {key: value for key, value in merged.items() if value is not None}

    def plan(self, change: Change) -> tuple[Sizes, Notes]:
        """Raises FlinkError if the process is refused with this change."""
        notes = Notes()
        return self.planner(Config(self.values(change), self.config.release), notes), notes

    def notes_with(self, change: Change) -> Notes | None:
        try:
            return self.plan(change)[1]
        except FlinkError:
            return None

    def accepts(self, change: Change) -> bool:
        return self.notes_with(change) is not None

    def with_change(self, change: Change) -> Trials:
        return Trials(Config(self.values(change), self.config.release), self.planner)


def remedied(notes: Notes, trials: Trials) -> list[Note]:
    """The notes, each with the first of its remedies that helps."""
    return [
        _with_remedy(note, _first(attempts, trials, _silencing(note["code"], notes, trials)))
        for note, attempts in zip(notes.items, notes.attempts)
    ]


def _with_remedy(note: Note, remedy: Remedy | None) -> Note:
    if remedy is None:
        return note
    return {**note, "remedy": remedy.words, "changes": remedy.change}


def _silencing(code: str, notes: Notes, trials: Trials) -> Helps:
    """Whether a change leaves one note of this code less, and no problem that was not there before."""
    before = sum(note["code"] == code for note in notes.items)
    problems = collections.Counter(notes.problems)

    def helps(change: Change) -> bool:
        after = trials.notes_with(change)
        return (
            after is not None
            and sum(note["code"] == code for note in after.items) < before
            and not collections.Counter(after.problems) - problems
        )

    return helps


def _first(attempts: t.Iterable[Attempt], trials: Trials, helps: Helps) -> Remedy | None:
    """The first of the attempts that helps."""
    return next(filter(None, (_remedy(attempt, trials, helps) for attempt in attempts)), None)


def _remedy(attempt: Attempt, trials: Trials, helps: Helps) -> Remedy | None:
    if isinstance(attempt, Try):
        change: Change | None = attempt.change if helps(attempt.change) else _with_room(attempt.change, trials, helps)
        words = attempt.words
        if words and change is not None and change != attempt.change:
            words += (
                f" Then set {_settings({key: value for key, value in change.items() if key not in attempt.change})}."
            )
    elif isinstance(attempt, Raise):
        change, words = _raised(attempt.key, {}, trials, helps), ""
    else:
        change, words = _lowered(attempt.key, trials, helps), ""
    return None if change is None else Remedy(change, words or _words(change))


def _with_room(change: Change, trials: Trials, helps: Helps) -> Change | None:
    """The change with a larger total, if it is that for which the change does not help."""
    try:
        trials.plan(change)
    except DoesNotFitError as exc:
        raised = _raised(exc.total_key, change, trials, helps)
        return raised if raised is not None and _is_reasonable(exc.total_key, raised, trials) else None
    except FlinkError:
        pass
    return None


def _is_reasonable(key: str, change: Change, trials: Trials) -> bool:
    """Whether a total grows to not more than four times what was given."""
    return key not in trials.config.values or to_bytes(change[key]) <= 4 * to_bytes(trials.config.values[key])


def _raised(key: str, change: Change, trials: Trials, helps: Helps) -> Change | None:
    """The smallest value of an option, on top of a change, that helps; rounded up if that helps too."""

    def with_value(mebibytes: int) -> Change:
        return {**change, key: spelling(key, mebibytes)}

    least = smallest_accepted(lambda mebibytes: trials.plan(with_value(mebibytes)))
    enough = None if least is None else smallest_that(lambda mebibytes: helps(with_value(mebibytes)), least)
    if enough is None:
        return None
    tidy = with_value(rounded_up(enough))
    return tidy if helps(tidy) else with_value(enough)


def _lowered(key: str, trials: Trials, helps: Helps) -> Change | None:
    """The largest value of an option that helps; rounded down if that helps too."""

    def with_value(mebibytes: int) -> Change:
        return {key: spelling(key, mebibytes)}

    try:
        given = trials.config.size(options.Option(key)) // (1 if key.endswith(".mb") else MIB)
    except FlinkError:
        return None
    found = largest_that(lambda mebibytes: helps(with_value(mebibytes)), given)
    if found is None:
        return None
    tidy = with_value(rounded_down(found))
    return tidy if helps(tidy) else with_value(found)


def refusal(exc: FlinkError, notes: Notes, trials: Trials, process: str) -> FlinkError:
    """The refusal with what would work, and with what the notes tell of options that do not do what they seem to."""
    telling = [(note, attempts) for note, attempts in zip(notes.items, notes.attempts) if note["code"] in _TELLING]
    cured = next(filter(None, (_cured(note, attempts, trials) for note, attempts in telling)), None)
    remedy = Remedy(cured["changes"], "") if cured is not None else _remedy_of_refusal(exc, notes, trials, process)
    helped = trials.with_change(remedy.change)
    after = helped.notes_with({})
    known = {(note["code"], *note["options"]) for note, _attempts in telling}
    left = [note for note, _attempts in telling] if after is None else remedied(after, helped)
    errors = [note for note in left if note["level"] == "error"]
    told = [*errors, *(note for note in left if (note["code"], *note["options"]) in known)]
    sentences = [str(exc), remedy.words, *map(sentence, [*([] if cured is None else [cured]), *told])]
    change = {**remedy.change, **{key: value for note in errors for key, value in note["changes"].items()}}
    return FlinkError(" ".join(filter(None, sentences)), change)


def sentence(note: Note) -> str:
    """What a note tells, and what to do."""
    return f"{note['message']} {note['remedy']}".rstrip()


def _cured(note: Note, attempts: tuple[Attempt, ...], trials: Trials) -> Note | None:
    """The note, if the first thing that it advises is all that is wrong."""
    attempt = next(iter(attempts), None)
    if not isinstance(attempt, Try) or not trials.accepts(attempt.change):
        return None
    return _with_remedy(note, Remedy(attempt.change, attempt.words or _words(attempt.change)))


def _remedy_of_refusal(
    exc: FlinkError, notes: Notes, trials: Trials, process: str, most: int = _MOST_MISTAKES
) -> Remedy:
    helps = _planning(notes, trials)
    if exc.changes:
        return _with_rest(exc.changes, trials, process, most)
    if isinstance(exc, NothingConfiguredError):
        return _shipped(trials, process, helps)
    if not isinstance(exc, ConflictError):
        return Remedy({}, "")
    removal = _removal(trials, process, helps)
    raised = _more_room(exc.total_key, trials, process, helps) if isinstance(exc, DoesNotFitError) else None
    remedies = [remedy for remedy in (raised, removal) if remedy is not None]
    if not remedies:
        return _beside_another(exc, trials, process, helps)
    words = [remedy.words for remedy in remedies]
    return Remedy(remedies[0].change, f"{', or '.join([words[0], *map(_uncapitalized, words[1:])])}.")


def _with_rest(change: Change, trials: Trials, process: str, most: int) -> Remedy:
    """A change that remedies one mistake, and what remedies those that come to light by it."""
    helped, notes = trials.with_change(change), Notes()
    try:
        helped.planner(helped.config, notes)
    except FlinkError as exc:
        rest = _remedy_of_refusal(exc, notes, helped, process, most - 1) if most else Remedy({}, "")
        return Remedy({**change, **rest.change} if rest.change else {}, f"{exc} {rest.words}".rstrip())
    return Remedy(change, "")


def _beside_another(exc: ConflictError, trials: Trials, process: str, helps: Helps) -> Remedy:
    """Something is wrong that no total cures: one option has to be corrected or to go, and then a total to grow."""
    other = _refused_at_any_size(exc, trials) if isinstance(exc, DoesNotFitError) else None
    told = "" if other is None else f"{other} "
    given = [key for key in (*_OPTIONS[process], *_BESIDE_SIZES) if key in trials.config.values]
    for change in [*([other.changes] if other is not None and other.changes else []), *({key: None} for key in given)]:
        found: Change | None = change
        try:
            trials.plan(change)
        except DoesNotFitError as refused:
            found = _raised(refused.total_key, change, trials, helps)
            found = found or _raised(refused.total_key, change, trials, trials.accepts)
        except FlinkError:
            found = None
        if found is not None:
            return Remedy(found, f"{told}{_words(found)}")
    return Remedy({}, told.rstrip() or "Set fewer of its sizes, and Flink derives the others.")


def _refused_at_any_size(exc: DoesNotFitError, trials: Trials) -> FlinkError | None:
    """What else is wrong, where the total that does not fit is large enough."""
    key = exc.total_key
    enough = smallest_enough(lambda mebibytes: trials.plan({key: spelling(key, mebibytes)}))
    try:
        trials.plan({} if enough is None else {key: spelling(key, enough)})
    except ConflictError:
        return None
    except FlinkError as other:
        return other
    return None


def _planning(notes: Notes, trials: Trials) -> Helps:
    """Whether the process can be planned with a change, without a problem that was not there before."""
    problems = collections.Counter(notes.problems)

    def helps(change: Change) -> bool:
        after = trials.notes_with(change)
        return after is not None and not collections.Counter(after.problems) - problems

    return helps


def _shipped(trials: Trials, process: str, helps: Helps) -> Remedy:
    """The size that Flink's own configuration file sets, if the other options leave that enough."""
    total = _TOTALS[process][0].key
    size = options.SHIPPED[total]
    if helps({total: size}):
        return Remedy({total: size}, f"Flink's own configuration file sets {total} to {size}.")
    change = _raised(total, {}, trials, helps) or _raised(total, {}, trials, trials.accepts)
    return Remedy({}, "") if change is None else Remedy(change, _words(change))


def _more_room(key: str, trials: Trials, process: str, helps: Helps) -> Remedy | None:
    """The smallest total without a problem, and that which Flink would just accept; if need be, both totals."""
    change = _raised(key, {}, trials, helps) or _raised(key, {}, trials, trials.accepts)
    change = change or _both_totals(key, trials, process, helps)
    if change is None:
        return None
    least = smallest_accepted(lambda mebibytes: trials.plan({**change, key: spelling(key, mebibytes)}))
    told = "" if least is None or spelling(key, least) == change[key] else _accepted(key, least, trials, change)
    if len(change) > 1:
        return Remedy(change, f"Set {_settings(change)}")
    return Remedy(change, f"Raise {key} to at least {change[key]}{told}")


def _accepted(key: str, least: int, trials: Trials, change: Change) -> str:
    size = spelling(key, least)
    memory = trials.plan({**change, key: size})[0]["memory"]
    name, part = ("task heap", "task_heap") if "task_heap" in memory else ("JVM heap", "jvm_heap")
    return f" (Flink accepts {size}, with a {name} of {precise(memory[part] or 0)})"


def _both_totals(key: str, trials: Trials, process: str, helps: Helps) -> Change | None:
    """The total of this option, and the other total around it or within it."""
    for other in (
        option.key for option in _TOTALS[process] if option.key != key and option.key in trials.config.values
    ):
        alone = trials.with_change({other: None})
        helps_alone = _planning(_noted(alone), alone)
        inner = _raised(key, {}, alone, helps_alone) or _raised(key, {}, alone, alone.accepts)
        if inner is not None:
            return _raised(other, inner, trials, helps) or _raised(other, inner, trials, trials.accepts)
    return None


def _noted(trials: Trials) -> Notes:
    """What is noted of options before they are refused."""
    notes = Notes()
    with contextlib.suppress(FlinkError):
        trials.planner(trials.config, notes)
    return notes


def _removal(trials: Trials, process: str, helps: Helps) -> Remedy | None:
    """The first option, or the first two, without which the process can be planned."""
    given = [key for key in _OPTIONS[process] if key in trials.config.values]
    singles: list[Change] = [{key: None} for key in given]
    pairs: list[Change] = [dict.fromkeys(pair) for pair in itertools.combinations(given[:_MOST_PAIRED], 2)]
    planned = list(filter(trials.accepts, singles)) or list(filter(trials.accepts, pairs))
    change = next(filter(helps, planned), next(iter(planned), None))
    if change is None:
        return None
    return Remedy(change, f"Remove {' and '.join(change)}{_effect(change, trials)}")


def _effect(change: Change, trials: Trials) -> str:
    """What becomes of that which the removed option decided."""
    memory, effects = trials.plan(change)[0]["memory"], []
    for key in change:
        name, part = _DECIDED.get(options.KNOWN[key].key, ("", ""))
        size = memory.get(part)
        if size is not None:
            effects.append(f"{name} will be {precise(size)}")
    return f", and {' and '.join(effects)}" if effects else ""


def _words(change: Change) -> str:
    """A change as an instruction."""
    removed = [quoted_key(key) for key, value in change.items() if value is None]
    settings = {key: value for key, value in change.items() if value is not None}
    if not settings:
        return f"Remove {' and '.join(removed)}."
    before = f"Remove {' and '.join(removed)}, and s" if removed else "S"
    return f"{before}et {_settings(settings)}."


def _settings(change: Change) -> str:
    by_value: dict[str, list[str]] = {}
    for key, value in change.items():
        by_value.setdefault(text_of(value), []).append(quoted_key(key))
    return " and ".join(f"{' and '.join(keys)} to {value}" for value, keys in by_value.items())


def _uncapitalized(words: str) -> str:
    return words[0].lower() + words[1:]
