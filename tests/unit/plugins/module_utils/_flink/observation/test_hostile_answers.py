# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that are nearly right: a reader returns what JSON can hold, or refuses in a sentence."""

from __future__ import annotations

import functools
import json
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.observation import rest_jobs, rest_metrics
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.tests.unit.plugins.hostile import changed
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.observation.recorded import recorded

METRICS = rest_metrics.CacheMetrics("u", "c", "p", "s", "h", "m")


def read_cache(answer: t.Any) -> t.Any:
    values = rest_metrics.read_values("/x", answer)
    return rest_metrics.caches(METRICS, {0: "tm-a"}, values, "/x")


def read_process(answer: t.Any) -> t.Any:
    values = rest_metrics.read_values("/x", answer)
    return rest_metrics.jvm_reading(values, "/x"), rest_metrics.pools(values)


# A reader, and an answer that it reads.
READERS: dict[str, tuple[t.Callable[[t.Any], t.Any], t.Any]] = {
    "a job": (rest_jobs.read_shape, recorded("2.3.0", "job")),
    "a job of 1.13": (rest_jobs.read_shape, recorded("1.13.6", "job")),
    "checkpoints": (rest_jobs.read_checkpoints, recorded("2.3.0", "job_checkpoints")),
    "exceptions": (functools.partial(rest_jobs.read_failures, "a", {}), recorded("2.3.0", "exceptions_heap")),
    "exceptions of 1.13": (functools.partial(rest_jobs.read_failures, "a", {}), recorded("1.13.6", "exceptions_heap")),
    "exceptions before 1.13": (
        functools.partial(rest_jobs.read_failures, "a", {}),
        {"root-exception": "a.A: it", "timestamp": 1, "all-exceptions": [{"exception": "a.A: it", "timestamp": 1}]},
    ),
    "restarts": (rest_jobs.read_restarts, [{"id": "numRestarts", "value": "0"}]),
    "endpoints": (rest_jobs.read_endpoints, recorded("2.3.0", "taskmanagers")),
    "names": (functools.partial(rest_metrics.read_names, "/x"), recorded("2.3.0", "taskmanagers_metrics_list")),
    "a process": (read_process, recorded("2.3.0", "taskmanager_metrics_status")),
    "the busiest": (
        functools.partial(rest_metrics.read_highest, "/x"),
        [{"id": "a", "max": 1.0}, {"id": "a", "max": "NaN"}],
    ),
    "subtasks": (
        functools.partial(rest_metrics.read_subtasks, "/x"),
        recorded("2.3.0", "vertex_subtasks"),
    ),
    "a cache": (read_cache, [{"id": f"0.{name}", "value": "1"} for name in METRICS]),
    "the refresh": (rest_metrics.read_refresh, [{"key": "metrics.fetcher.update-interval", "value": "10 s"}]),
}


@pytest.mark.parametrize(("read", "answer"), READERS.values(), ids=READERS)
@given(data=st.data())
def test_every_reader(read: t.Callable[[t.Any], t.Any], answer: t.Any, data: st.DataObject) -> None:
    refusal = "/x: this is not the answer of a Flink JobManager."
    try:
        found = read(data.draw(changed(answer)))
    except FlinkError as exc:
        refusal = str(exc)
    else:
        json.dumps(found, allow_nan=False).encode()
    assert refusal.endswith(": this is not the answer of a Flink JobManager.")
