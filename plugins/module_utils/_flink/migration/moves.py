# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of each option on the way from one release to another.

An option keeps its meaning, not its name: where several keys set one option, the one that the old release obeyed goes
on, and the others go. What the old release ignored and the new one reads takes effect, which a person has to decide.
"""

from __future__ import annotations

import typing as t

from ..catalogue.catalogue import history
from ..check.findings import warning
from ..check.view import View
from ..values import options as memory_options
from ..values.config import STANDARD_YAML
from .journey import Journey, precedence
from .new_values import new_value
from .successors import OF_BEFORE_1_10, reason_to_drop, successor

if t.TYPE_CHECKING:
    from ..catalogue.catalogue import Option
    from ..values.results import MigratedOption, Note
    from .journey import Move

# Who goes first where two keys of the old configuration become one.
_OBEYED, _AWAKENED, _UNKNOWN = range(3)


class Migration(t.NamedTuple):
    """The options of the new release, what stands in the place of each old one, and what became of it."""

    config: dict[str, t.Any]
    places: dict[str, tuple[str, ...]]
    report: list[MigratedOption]
    decisions: list[Note]


def migrate_options(journey: Journey) -> Migration:
    """Every option of the old configuration, once."""
    steps = [_step(journey, key, value) for key, value in journey.config.items()]
    taken: dict[str, str] = {}
    for step in sorted(steps, key=lambda step: (step.rank, step.key not in step.changes)):
        step.claim(taken)
    config = {name: step.changes[name] for step in steps for name in step.changes}
    places = {step.key: tuple(step.changes) for step in steps}
    return Migration(config, places, [step.row() for step in steps], [d for step in steps for d in step.decisions])


class _Step:
    """One option on its way."""

    def __init__(self, journey: Journey, key: str, value: t.Any, rank: int) -> None:
        self.journey, self.key, self.value, self.rank = journey, key, value, rank
        self.changes: dict[str, t.Any] = {}
        self.messages: list[str] = []
        self.decisions: list[Note] = []
        self.rewritten = False

    def carry(self, names: t.Iterable[str]) -> None:
        """The value under these names, as the new release reads it."""
        for name in names:
            move = new_value(self.journey, self.key, name, self.value)
            self.rewritten = self.rewritten or bool(move.message)
            self.take(move)

    def take(self, move: Move) -> None:
        self.changes.update(move.changes)
        if move.message and move.message not in self.messages:
            self.messages.append(move.message)
        if move.decision is not None:
            self.decisions.append(move.decision)

    def claim(self, taken: dict[str, str]) -> None:
        """Leave to others what is theirs already."""
        lost = [name for name in self.changes if name in taken]
        for name in lost:
            del self.changes[name]
        if lost and not self.changes:
            ignored = f"Flink {self.journey.line} did not read it. " if self.rank == _AWAKENED else ""
            self.messages, self.decisions = [ignored + self._decides(taken, lost)], []
        elif lost:
            self.messages.append(self._decides(taken, lost))
        taken.update(dict.fromkeys(self.changes, self.key))

    def _decides(self, taken: dict[str, str], lost: list[str]) -> str:
        others = list(dict.fromkeys(taken[name] for name in lost))
        if others == lost:
            return precedence(others)
        return f"{' and '.join(others)} decide{'s' if len(others) == 1 else ''} on {' and '.join(lost)}."

    @property
    def action(self) -> str:
        if not self.changes:
            return "decide" if self.decisions else "dropped"
        if len(self.changes) > 1:
            return "split"
        if self.rewritten:
            return "rewritten"
        return "kept" if self.key in self.changes else "renamed"

    def row(self) -> MigratedOption:
        return {
            "option": self.key,
            "action": self.action,
            "to": list(self.changes),
            "message": " ".join(self.messages),
        }


def _step(journey: Journey, key: str, value: t.Any) -> _Step:
    found = journey.view.found[key]
    if not found:
        return _unread_before(journey, key, value)
    step = _Step(journey, key, value, _OBEYED)
    if found[0].is_pattern or journey.view.options.map_of(key) is found[0]:
        _move_part(step)
        return step
    current = [option for option in found if not option.deprecated] or found
    obeyed = [option for option in current if journey.view.key_of(option.key) == key]
    if not obeyed:
        deciding = list(dict.fromkeys(str(journey.view.key_of(option.key)) for option in current))
        step.messages.append(f"It had no effect: {precedence(deciding)}")
        return step
    for option in obeyed:
        _move(step, option)
    _note_quotes(step, obeyed[0])
    return step


def _note_quotes(step: _Step, option: Option) -> None:
    """Quotes in flink-conf.yaml are part of a text, which was rarely meant."""
    value = next(iter(step.changes.values()), None)
    if step.journey.source.version >= STANDARD_YAML or option.kind != "string" or not isinstance(value, str):
        return
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" and value == step.value:
        (name, *_others) = step.changes
        message = f"{name}: the quotes around the value are part of it, as Flink {step.journey.line} read it."
        remedy = "Remove them if they were not meant."
        change = {name: value[1:-1]}
        step.decisions.append(warning("quoted-value", [name], message, remedy, change))


def _move(step: _Step, option: Option) -> None:
    """An option that the old release obeyed."""
    journey, key = step.journey, step.key
    known = successor(journey, key, option.key, step.value)
    if known is not None:
        step.take(known)
        _fit(step, known)
        return
    names = _names(step, option)
    if names:
        step.carry(names)
    elif option.unread:
        step.messages.append(f"Nothing in Flink {journey.line} read it.")
    else:
        _drop(step, option)


def _fit(step: _Step, known: Move) -> None:
    """The values that a successor got, as the new release reads them."""
    for name, value in known.changes.items():
        fitting = new_value(step.journey, step.key, name, value)
        step.rewritten = step.rewritten or value != step.value or bool(fitting.message)
        step.take(fitting._replace(changes={name: fitting.changes.get(name, value)}))


def _names(step: _Step, option: Option) -> list[str]:
    """The present names of an option, the given one if it is one of them; none if it has none."""
    read, key = step.journey.options, step.key
    if key in read.by_key:
        return [key]
    if option.key in read.by_key:
        return [key] if key in read.by_key[option.key].current_aliases else [option.key]
    for name in (option.key, key):
        if name in read.by_alias:
            return _without_followers(step, read.by_alias[name])
    later = [
        name
        for alias in (key, option.key)
        for other in history(alias)
        for name in (other.key, *other.aliases)
        if name in read.by_key and alias in (other.key, *other.aliases)
    ]
    return list(dict.fromkeys(later))[:1]


def _without_followers(step: _Step, found: t.Sequence[Option]) -> list[str]:
    """The options without those that take their value from another one of them anyway."""
    names = [option.key for option in found]
    followers = [option.key for option in found if any(alias in names for alias in option.current_aliases)]
    leaders = [name for name in names if name not in followers]
    if followers:
        step.messages.append(f"{' and '.join(followers)} follow{'s' if len(followers) == 1 else ''} it.")
    return leaders


def _move_part(step: _Step) -> None:
    """An entry of a map, or a key with a name of the user's in it."""
    journey, key = step.journey, step.key
    known = successor(journey, key, key, step.value)
    if known is not None:
        step.take(known)
        _fit(step, known)
    elif journey.options.find(key):
        step.carry([key])
    else:
        _drop(step, journey.view.options.find(key)[0])


def _drop(step: _Step, option: Option) -> None:
    journey, key = step.journey, step.key
    step.messages.append(f"Flink {journey.target.line} does not read it.")
    reason = reason_to_drop(option.key) or reason_to_drop(key)
    if reason:
        step.messages.append(reason)
        return
    names = [name for name in option.instead if name in journey.options.by_key and not journey.is_set(name)]
    if names:
        listed = " and ".join(names)
        message = f"Flink {journey.target.line} does not read {key}; {listed} may take its place, in another way."
        step.messages.append(f"{listed} may take its place, in another way.")
        step.decisions.append(warning("dropped-option", [key], message, f"Set {listed} if the jobs need it."))


def _unread_before(journey: Journey, key: str, value: t.Any) -> _Step:
    """A key that the old release did not read."""
    if journey.is_from_before_1_10 and key in OF_BEFORE_1_10:
        step = _Step(journey, key, value, _OBEYED)
        known = successor(journey, key, key, value)
        if known is None:
            step.messages.append(reason_to_drop(key))
        else:
            step.take(known)
        return step
    if journey.options.find(key):
        return _awakened(journey, key, value)
    step = _Step(journey, key, value, _UNKNOWN)
    if history(key) or key in memory_options.REMOVED:
        step.messages.append(f"Flink {journey.line} did not read it either: it had no effect.")
        return step
    step.changes[key] = value
    step.messages.append("No release of Flink from 1.10 on reads it.")
    return step


def _awakened(journey: Journey, key: str, value: t.Any) -> _Step:
    """A key that only the new release reads: what becomes of it there."""
    at_home = Journey(View(journey.config, journey.target), journey.target, journey.target)
    step = _step(at_home, key, value)
    step.journey, step.rank = journey, _AWAKENED
    if step.changes:
        message = f"Flink {journey.line} did not read {key}, and Flink {journey.target.line} does."
        step.messages.insert(0, f"Flink {journey.line} did not read it: from now on it takes effect.")
        remedy, gone = "Remove it if all shall stay as it was.", dict.fromkeys(step.changes)
        step.decisions.append(warning("takes-effect", [*step.changes], message, remedy, gone))
    return step
