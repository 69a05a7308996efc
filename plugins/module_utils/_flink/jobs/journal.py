# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is remembered of a job on every JobManager host: what runs, where its state is, and what was begun.

After a JobManager has gone nothing else knows the savepoint; a controller may be gone as well, and each host.
"""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t

from ..values.errors import FlinkError

FORMAT = 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_ID = re.compile(r"[0-9a-f]{32}")
_KEPT = 10

# running: submitted and proven. stopping: a stop was triggered. stopped: it has ended, with its state in ``savepoint``
# unless it is stateless. starting: a submission was begun, from ``savepoint``. rescaling: it runs, and another
# parallelism was asked for.
PHASES = ("running", "stopping", "stopped", "starting", "rescaling")


@dataclasses.dataclass(frozen=True)
class Version:
    """One version of a job, with all that is needed to run it again; ``jar`` is a path on the host."""

    digest: str
    jar: str
    entry_class: str | None
    args: tuple[str, ...]
    parallelism: int | None
    config: t.Mapping[str, t.Any]
    release: str
    redeploy: int = 0


@dataclasses.dataclass(frozen=True)
class SavedState:
    """A savepoint or a retained checkpoint; ``time`` is in seconds since 1970, ``release`` the one that wrote it."""

    path: str
    time: int
    release: str
    kind: str = "savepoint"


@dataclasses.dataclass(frozen=True)
class Rejected:
    """A version that was tried and taken back, and why."""

    digest: str
    reason: str
    time: int


@dataclasses.dataclass(frozen=True)
class Journal:
    """``serial`` grows with every note. ``former`` is the version before, until the new one is proven.

    ``history`` are the states that were made for this job, the newest first. ``held`` tells of a stopped one that it
    waits for an operator, whatever the inventory wants. ``rescaled`` is the digest of the version that the job has
    become without another ID, which tells the one that was submitted. ``finished`` tells that it was seen to have done
    its work, and ``bounded`` that it is a batch job, which does so some day. ``fallback`` is the state that ``former``
    goes on from, where the new version was to begin from a path that the user has given.
    """

    name: str
    serial: int
    time: int
    phase: str
    job_id: str | None
    version: Version
    savepoint: SavedState | None = None
    trigger_id: str | None = None
    former: Version | None = None
    rejected: Rejected | None = None
    history: tuple[SavedState, ...] = ()
    held: bool = False
    rescaled: str | None = None
    finished: bool = False
    bounded: bool = False
    fallback: SavedState | None = None

    @property
    def is_bounded(self) -> bool:
        """Also by its own options, as not all releases tell."""
        return self.bounded or str(self.version.config.get("execution.runtime-mode", "")).upper() == "BATCH"

    def origin(self, digest: str) -> SavedState | None:
        """What a version goes on from while none has come to run since the last stop."""
        is_back = self.former is not None and self.former.digest == digest
        return self.fallback if is_back and self.fallback is not None else self.savepoint

    def noted(self, now: int, **values: t.Any) -> Journal:
        """The next note; a new savepoint joins the history, and another ID is another version and another run."""
        saved = values.get("savepoint")
        if values.get("job_id", self.job_id) != self.job_id:
            values = {"rescaled": None, "finished": False, "bounded": False, **values}
        if values.get("phase") == "running":
            values = {"fallback": None, **values}
        journal = self if saved is None else self.having(saved)
        return dataclasses.replace(journal, serial=self.serial + 1, time=now, **values)

    def having(self, saved: SavedState) -> Journal:
        """The same note with this state in its history."""
        history = (saved, *(state for state in self.history if state.path != saved.path))
        return dataclasses.replace(self, history=history[:_KEPT])

    def lacking(self, paths: t.Collection[str]) -> Journal:
        """The same note without these states in its history."""
        return dataclasses.replace(self, history=tuple(state for state in self.history if state.path not in paths))

    def text(self) -> str:
        return json.dumps({"format": FORMAT, **dataclasses.asdict(self)}, indent=2, sort_keys=True) + "\n"


def read_journal(text: str, path: str) -> Journal:
    """Raises FlinkError, naming ``path``, for what is no journal of this format."""
    try:
        values = json.loads(text)
        if values.pop("format") != FORMAT or values["phase"] not in PHASES:
            raise FlinkError("another format")
        journal = Journal(
            **{
                **values,
                "version": _version(values["version"]),
                "former": _version(values["former"]) if values["former"] else None,
                "savepoint": SavedState(**values["savepoint"]) if values["savepoint"] else None,
                "fallback": SavedState(**values["fallback"]) if values.get("fallback") else None,
                "rejected": Rejected(**values["rejected"]) if values["rejected"] else None,
                "history": tuple(SavedState(**state) for state in values["history"]),
            }
        )
        if not _is_sound(journal):
            raise FlinkError("other values")
    except (AttributeError, FlinkError, KeyError, TypeError, ValueError):
        raise FlinkError(
            f"{path}: expected what this collection notes of a job, got something else. Restore the file from another "
            "JobManager host; or remove it, and the job is found again by its ID while it runs."
        ) from None
    return journal


def _is_sound(journal: Journal) -> bool:
    """Whether all that counts notes, names files or is sent to a cluster is what it seems."""
    states = [*journal.history, *filter(None, [journal.savepoint, journal.fallback])]
    versions = [journal.version, *filter(None, [journal.former])]
    numbers = [journal.serial, journal.time, *(state.time for state in states)]
    texts = [
        *(text for state in states for text in (state.path, state.release)),
        *(text for version in versions for text in (version.digest, version.jar, version.release, *version.args)),
    ]
    return (
        _NAME.fullmatch(journal.name) is not None
        and (journal.job_id is None or _ID.fullmatch(journal.job_id) is not None)
        and all(isinstance(number, int) for number in numbers)
        and all(isinstance(text, str) for text in texts)
        and all(isinstance(version.config, dict) for version in versions)
    )


def _version(values: t.Mapping[str, t.Any]) -> Version:
    return Version(**{**values, "args": tuple(values["args"])})


def newest(journals: t.Iterable[Journal]) -> Journal | None:
    """Of the notes of several hosts about one job the one that counts."""
    return max(journals, key=lambda journal: (journal.serial, journal.time), default=None)
