# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door: what is wrong with a configuration, in the eyes of one release of Flink."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ..values.config import flatten
from ..values.deployment_mode import is_application_mode
from ..values.errors import FlinkError, quoted, quoted_value, type_name
from ..values.release import Release
from .findings import LEVELS
from .jvm import check_jvm
from .names import check_names
from .places import check_places
from .reporters import check_reporters
from .storage import check_storage
from .together import check_together
from .view import View
from .words import check_words
from .wrong_values import check_values

if t.TYPE_CHECKING:
    from ..values.notes import Change
    from ..values.results import Note

_RULES: tuple[t.Callable[[View], t.Iterable[Note]], ...] = (
    check_values,
    check_names,
    check_words,
    check_together,
    check_storage,
    check_reporters,
    check_places,
    check_jvm,
)

_PROCESSES = ("jobmanager", "taskmanager")


def config_check(
    config: object,
    flink_version: object,
    process: object = None,
    known_keys: object = None,
    hosts: object = None,
    jars: object = None,
    deployment_mode: object = "session",
) -> list[Note]:
    """What an operator should know about the options of a configuration, the gravest first.

    ``config`` maps Flink options to values, dotted or nested. For one ``process``, ``jobmanager`` or ``taskmanager``,
    what concerns only the other one is left out. ``known_keys`` are keys of the user's own, which no release knows;
    ``hosts`` and ``jars`` are those of the cluster, as View has them; ``deployment_mode`` is session or application.

    An ``error`` is an option that Flink cannot read, or with which no process starts. With the ``changes`` of a finding
    applied, it is gone. Raises FlinkError if there is no configuration to check.
    """
    release = Release.parse(flink_version)
    known = _read_names("known_keys", known_keys) or frozenset()
    is_application = is_application_mode(deployment_mode)
    view = View(flatten(config), release, known, _read_number(hosts), _read_names("jars", jars), is_application)
    found = _check(view)
    foreign = _foreign(process)
    return [
        finding for finding in found if not foreign or not all(key.startswith(foreign) for key in finding["options"])
    ]


def _foreign(process: object) -> tuple[str, ...]:
    """How the options begin that a process does not read."""
    if process is None:
        return ()
    if process not in _PROCESSES:
        raise FlinkError(
            f"process: expected jobmanager or taskmanager, got {quoted_value(process)}. Leave it out for both."
        )
    return tuple(f"{other}." for other in _PROCESSES if other != process)


@dataclasses.dataclass(frozen=True)
class Checking:
    """How plans check configurations: ``strict`` refuses errors, ``warn`` makes warnings of them, ``off`` is silent.

    The rest is what View has of a cluster.
    """

    mode: str = "strict"
    known_keys: tuple[str, ...] = ()
    hosts: int | None = None
    jars: frozenset[str] | None = None
    is_application: bool = False

    def findings(self, config: dict[str, t.Any], release: Release) -> list[Note]:
        """What is wrong with flat options, in the levels that this makes of them."""
        if self.mode == "off":
            return []
        view = View(config, release, frozenset(self.known_keys), self.hosts, self.jars, self.is_application)
        try:
            found = _checked(_Written(view))
        except (RecursionError, ValueError):
            # Of what cannot be written there is no second one.
            found = tuple(_check(view))
        return [_mild(finding) for finding in found] if self.mode == "warn" else list(found)


def _mild(finding: Note) -> Note:
    return {**finding, "level": "warning"} if finding["level"] == "error" else finding


class _Written:
    """A view that equals others if they are written alike, so that hosts with the same options are checked once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._text = repr(view)

    def __hash__(self) -> int:
        return hash(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Written) and self._text == other._text


@functools.lru_cache(maxsize=256)
def _checked(written: _Written) -> tuple[Note, ...]:
    return tuple(_check(written.view))


def _check(view: View) -> list[Note]:
    findings = _told_once([finding for rule in _RULES for finding in rule(view)])
    return sorted(findings, key=lambda finding: LEVELS.index(finding["level"]))


def _told_once(findings: list[Note]) -> list[Note]:
    """Without those of which another one, of the same options and no less grave, advises all that they do."""
    kept: dict[tuple[str, ...], list[Note]] = {}
    for finding in sorted(findings, key=lambda finding: (LEVELS.index(finding["level"]), -len(finding["changes"]))):
        before = kept.setdefault(tuple(finding["options"]), [])
        if not any(_advises(other["changes"], finding["changes"]) for other in before):
            before.append(finding)
    return [finding for finding in findings if any(finding is one for one in kept[tuple(finding["options"])])]


def _advises(all_changes: Change, changes: Change) -> bool:
    return bool(changes) and all(key in all_changes and all_changes[key] == value for key, value in changes.items())


def _read_names(option: str, names: object) -> frozenset[str] | None:
    if names is None:
        return None
    if not isinstance(names, (list, tuple)):
        raise FlinkError(f"{option}: expected a list of texts, got {quoted(names)}. Write a list.")
    wrong = [name for name in names if not isinstance(name, str)]
    if wrong:
        raise FlinkError(f"{option}: expected a list of texts, got {type_name(wrong[0])} in it. Quote it.")
    return frozenset(map(str, names))


def _read_number(hosts: object) -> int | None:
    if hosts is None or (isinstance(hosts, int) and not isinstance(hosts, bool) and hosts > 0):
        return hosts
    raise FlinkError(f"hosts: expected a number of hosts such as 3, got {quoted_value(hosts)}. Correct it.")
