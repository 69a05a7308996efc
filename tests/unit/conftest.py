# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import functools
import importlib
import signal
import typing as t

import hypothesis
import pytest

# The same examples in every run: the random ones are the business of the conformance run.
hypothesis.settings.register_profile("units", derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile("units")
# Nor do they depend on what is imported so far: Hypothesis draws the constants of those modules, too, and calls a test
# flaky that is the first one to import another.
with contextlib.suppress(ImportError):
    providers = importlib.import_module("hypothesis.internal.conjecture.providers")
    vars(providers)["_get_local_constants"] = functools.partial(getattr, providers, "_local_constants", None)
# By hand: pytest --hypothesis-profile=minutes FILE
hypothesis.settings.register_profile("minutes", max_examples=2_000, database=None, deadline=None)

_MOST_SECONDS = 5


@pytest.fixture
def prompt() -> t.Iterator[None]:
    """Fail the test if it works for long, however busy the machine is."""

    def interrupt(*_signal: object) -> None:
        raise TimeoutError(f"still at work after {_MOST_SECONDS} seconds")

    former = signal.signal(signal.SIGVTALRM, interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, _MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, former)
