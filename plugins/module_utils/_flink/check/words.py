# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts of which Flink takes only some words, and looks at them late: when it starts, or when a job does."""

from __future__ import annotations

import typing as t

from ..values.errors import nearest, quoted
from .findings import error
from .view import Given

if t.TYPE_CHECKING:
    from ..values.results import Note
    from .view import View

Version = t.Tuple[int, int, int]

_JOBS_FAIL = "so every job fails"
_NO_JOBMANAGER = "so no JobManager starts"
_CLOSE = 0.7


class Words(t.NamedTuple):
    """An option by its names, newest first; its words, each with the releases from and before which it is one."""

    names: tuple[str, ...]
    title: str
    words: dict[str, tuple[Version, Version]]
    effect: str
    takes_class: bool = False

    def of(self, version: Version) -> list[str]:
        """The words that a release takes."""
        return [word for word, (since, until) in self.words.items() if since <= version < until]

    def given(self, view: View) -> Given | None:
        """What sets it, or is meant to by a name that this release does not read."""
        unread = (Given(name, view.text(name)) for name in self.names if name in view.config)
        return view.given(*self.names) or next(unread, None)

    def word(self, view: View) -> str | None:
        """What is given, as Flink knows it or as it was meant; none if nothing is, or something else."""
        given = self.given(view)
        return None if given is None else meant(given.text, self.of(view.version))


def _words(*words: str, since: Version = (1, 10, 0), until: Version = (99, 0, 0)) -> dict[str, tuple[Version, Version]]:
    return dict.fromkeys(words, (since, until))


# Source: ``RestartBackoffTimeStrategyFactoryLoader``, ``RestartStrategyOptions``.
RESTART = Words(
    ("restart-strategy.type", "restart-strategy"),
    "restart strategy",
    {
        **_words("fixed-delay", "failure-rate", "none", "off", "disable", "fixeddelay", "failurerate"),
        **_words("exponential-delay", "exponentialdelay", since=(1, 13, 0)),
    },
    _JOBS_FAIL,
)
# Source: ``CleanupRetryStrategyFactory``.
CLEANUP = Words(
    ("cleanup-strategy.type", "cleanup-strategy"),
    "cleanup strategy",
    _words("exponential-delay", "fixed-delay", "none", "off", "disable", "exponentialdelay", "fixeddelay"),
    _NO_JOBMANAGER,
)
# Source: ``HighAvailabilityMode``, ``ConfigConstants.DEFAULT_RECOVERY_MODE``; anything else is the name of a class.
HIGH_AVAILABILITY = Words(
    ("high-availability.type", "high-availability"),
    "high availability",
    {**_words("none", "zookeeper", "standalone"), **_words("kubernetes", since=(1, 16, 0))},
    _NO_JOBMANAGER,
    takes_class=True,
)
# Source: ``StateBackendLoader``.
BACKEND = Words(
    ("state.backend.type", "state.backend"),
    "state backend",
    {
        **_words("rocksdb"),
        **_words("filesystem", "jobmanager", until=(2, 0, 0)),
        **_words("hashmap", since=(1, 13, 0)),
        **_words("forst", since=(2, 0, 0)),
    },
    _JOBS_FAIL,
    takes_class=True,
)
# Source: ``CheckpointStorageLoader``.
STORAGE = Words(
    ("execution.checkpointing.storage", "state.checkpoint-storage"),
    "checkpoint storage",
    _words("filesystem", "jobmanager"),
    _JOBS_FAIL,
    takes_class=True,
)
# Source: ``FailoverStrategyFactoryLoader``; the adaptive scheduler does without.
_FAILOVER = Words(
    ("jobmanager.execution.failover-strategy",), "failover strategy", _words("full", "region"), _JOBS_FAIL
)
# Source: ``FlinkUserCodeClassLoaders.ResolveOrder``.
_RESOLVE = Words(("classloader.resolve-order",), "resolve order", _words("child-first", "parent-first"), _NO_JOBMANAGER)
_KUBERNETES_CLASS = "org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory"


def check_words(view: View) -> t.Iterator[Note]:
    """What is none of the words of its option, in a fixed order."""
    for option in (HIGH_AVAILABILITY, RESTART, STORAGE, CLEANUP, _FAILOVER, _RESOLVE):
        given = view.given(*option.names)
        if given is not None and not _is_taken(view, option, given) and not _is_told_elsewhere(view, option):
            yield _unknown(view, option, given)


def _is_taken(view: View, option: Words, given: Given) -> bool:
    return given.text.lower() in option.of(view.version) or (option.takes_class and "." in given.text)


def _is_told_elsewhere(view: View, option: Words) -> bool:
    """What nothing reads."""
    return option is _FAILOVER and _is_adaptive(view)


def _is_adaptive(view: View) -> bool:
    """Whether jobs run with as many slots as there are."""
    scheduler = view.given("jobmanager.scheduler")
    return view.given("scheduler-mode") is not None or (scheduler is not None and scheduler.text.lower() == "adaptive")


def _unknown(view: View, option: Words, given: Given) -> Note:
    words = option.of(view.version)
    word = _kubernetes(view, option, given) or meant(given.text, words)
    return error(
        f"unknown-{option.title.replace(' ', '-')}",
        [given.key],
        f"{given.key}: Flink {view.release.line} has no {option.title} {quoted(given.text, 100)}, {option.effect}.",
        f"Write {word}." if word else f"Write {_one_of(words)}.",
        {given.key: word} if word else {},
    )


def _kubernetes(view: View, option: Words, given: Given) -> str | None:
    is_early = option is HIGH_AVAILABILITY and (1, 12) <= view.version < (1, 16)
    return _KUBERNETES_CLASS if is_early and given.text.strip().lower() == "kubernetes" else None


def meant(text: str, words: t.Sequence[str]) -> str | None:
    """The word that is or was probably meant by a text."""
    spelled = text.strip().lower().replace("_", "-").replace(" ", "-")
    return spelled if spelled in words else nearest(spelled, words, cutoff=_CLOSE)


def _one_of(words: t.Sequence[str]) -> str:
    """The words that mean something else each; those of one meaning are known by their letters."""
    distinct: dict[str, str] = {}
    for word in words:
        distinct.setdefault(word.replace("-", ""), word)
    *others, last = distinct.values()
    return f"{', '.join(others)} or {last}"
