# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import config_check
from ansible_collections.streamops.flink.plugins.module_utils._flink.check.names import check_names
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.check.promises import found_by

OWN = "name it in flink_config_known_keys if jobs of yours read it"
LOCAL = "execution.checkpointing.local-backup.enabled and execution.state-recovery.from-local"
RETENTION = "execution.checkpointing.externalized-checkpoint-retention"

# Release and options; then what is told: level, code, sentence, remedy and changes; none where nothing is wrong.
NAMES: dict[str, tuple[str, dict[str, t.Any], tuple[str, str, str, str, dict[str, t.Any]] | None]] = {
    "an option of this release": ("2.3", {"execution.checkpointing.interval": "10 s"}, None),
    "an option of a reporter": ("2.3", {"metrics.reporter.prom.factory.class": "a.B"}, None),
    "an entry of a map": ("2.3", {"pipeline.global-job-parameters.acme": "x"}, None),
    "a key of Hadoop": ("2.3", {"flink.hadoop.dfs.replication": 2}, None),
    "a misspelt option": (
        "2.3",
        {"execution.checkpointing.intervall": "10 s"},
        (
            "warning",
            "unknown-key",
            "Flink 2.3 has no option execution.checkpointing.intervall and silently ignores it.",
            f"Did you mean execution.checkpointing.interval? If not, remove it, or {OWN}.",
            {"execution.checkpointing.intervall": None, "execution.checkpointing.interval": "10 s"},
        ),
    ),
    "an option in other letters": (
        "2.3",
        {"execution.checkPointing.min_pause": "10 s"},
        (
            "warning",
            "unknown-key",
            "Flink 2.3 has no option execution.checkPointing.min_pause and silently ignores it.",
            f"Did you mean execution.checkpointing.min-pause? If not, remove it, or {OWN}.",
            {"execution.checkPointing.min_pause": None, "execution.checkpointing.min-pause": "10 s"},
        ),
    ),
    "a key that begins as one option only": (
        "1.16",
        {"execution.checkpointing.externalized": "RETAIN_ON_CANCELLATION"},
        (
            "warning",
            "unknown-key",
            "Flink 1.16 has no option execution.checkpointing.externalized and silently ignores it.",
            f"Did you mean {RETENTION}? If not, remove it, or {OWN}.",
            {"execution.checkpointing.externalized": None, RETENTION: "RETAIN_ON_CANCELLATION"},
        ),
    ),
    "a key that only begins as others do": (
        "2.3",
        {"execution.checkpointing.alligator": True},
        (
            "warning",
            "unknown-key",
            "Flink 2.3 has no option execution.checkpointing.alligator and silently ignores it.",
            f"Remove it, or {OWN}.",
            {"execution.checkpointing.alligator": None},
        ),
    ),
    "two successors, one of which is set": (
        "2.3",
        {"taskmanager.network.numberOfBuffers": 2048, "taskmanager.memory.network.min": "64m"},
        (
            "warning",
            "ignored-key",
            "Flink 2.3 silently ignores taskmanager.network.numberOfBuffers, which was removed in 2.0.",
            "Remove it; taskmanager.memory.network.min decides.",
            {"taskmanager.network.numberOfBuffers": None},
        ),
    ),
    "a key like no option": (
        "2.3",
        {"acme.orders": 1},
        (
            "warning",
            "unknown-key",
            "Flink 2.3 has no option acme.orders and silently ignores it.",
            f"Remove it, or {OWN}.",
            {"acme.orders": None},
        ),
    ),
    "an option of a later release": (
        "1.14",
        {"taskmanager.load-balance.mode": "SLOTS"},
        (
            "warning",
            "ignored-key",
            "Flink 1.14 silently ignores taskmanager.load-balance.mode, which was added in 1.19.",
            "Remove it.",
            {"taskmanager.load-balance.mode": None},
        ),
    ),
    "the later name of an option": (
        "1.18",
        {"execution.checkpointing.dir": "s3://a/b"},
        (
            "warning",
            "ignored-key",
            "Flink 1.18 silently ignores execution.checkpointing.dir, which was added in 1.20.",
            "Set state.checkpoints.dir instead.",
            {"execution.checkpointing.dir": None, "state.checkpoints.dir": "s3://a/b"},
        ),
    ),
    "an option that is gone": (
        "2.3",
        {"state.backend.async": True},
        (
            "warning",
            "ignored-key",
            "Flink 2.3 silently ignores state.backend.async, which was removed in 2.0.",
            "Remove it.",
            {"state.backend.async": None},
        ),
    ),
    "an option that others took the place of": (
        "2.3",
        {"security.ssl.enabled": True},
        (
            "warning",
            "ignored-key",
            "Flink 2.3 silently ignores security.ssl.enabled, which was removed in 2.0.",
            "Set security.ssl.internal.enabled and security.ssl.rest.enabled instead.",
            {
                "security.ssl.enabled": None,
                "security.ssl.internal.enabled": True,
                "security.ssl.rest.enabled": True,
            },
        ),
    ),
    "a name that is gone": (
        "2.3",
        {"state.backend.rocksdb.checkpointdir": "/data"},
        (
            "warning",
            "ignored-key",
            "Flink 2.3 silently ignores state.backend.rocksdb.checkpointdir, which was removed in 2.0.",
            "Set state.backend.rocksdb.localdir instead.",
            {"state.backend.rocksdb.checkpointdir": None, "state.backend.rocksdb.localdir": "/data"},
        ),
    ),
    "a former name": (
        "2.3",
        {"state.checkpoints.dir": "s3://a/b"},
        (
            "hint",
            "deprecated-key",
            "state.checkpoints.dir still works in Flink 2.3, as a former name of execution.checkpointing.dir.",
            "Write execution.checkpointing.dir instead.",
            {"state.checkpoints.dir": None, "execution.checkpointing.dir": "s3://a/b"},
        ),
    ),
    "a former name of two options": (
        "2.3",
        {"state.backend.local-recovery": True},
        (
            "hint",
            "deprecated-key",
            f"state.backend.local-recovery still works in Flink 2.3, as a former name of {LOCAL}.",
            f"Write {LOCAL} instead.",
            {
                "state.backend.local-recovery": None,
                "execution.checkpointing.local-backup.enabled": True,
                "execution.state-recovery.from-local": True,
            },
        ),
    ),
    "a name that was the right one then": ("1.18", {"state.checkpoints.dir": "s3://a/b"}, None),
    "both names": (
        "2.3",
        {"state.checkpoints.dir": "s3://a/b", "execution.checkpointing.dir": "s3://c/d"},
        (
            "warning",
            "deprecated-key",
            "state.checkpoints.dir has no effect: execution.checkpointing.dir is also set, and takes precedence.",
            "Remove it.",
            {"state.checkpoints.dir": None},
        ),
    ),
    "a deprecated option that another one reads": (
        "1.20",
        {"taskmanager.network.memory.fraction": 0.2},
        (
            "hint",
            "deprecated-key",
            (
                "taskmanager.network.memory.fraction still works in Flink 1.20, as a former name of "
                "taskmanager.memory.network.fraction."
            ),
            "Write taskmanager.memory.network.fraction instead.",
            {"taskmanager.network.memory.fraction": None, "taskmanager.memory.network.fraction": 0.2},
        ),
    ),
    "a deprecated option beside the one that reads it": (
        "1.20",
        {"taskmanager.network.memory.fraction": 0.2, "taskmanager.memory.network.fraction": 0.3},
        (
            "warning",
            "deprecated-key",
            (
                "taskmanager.network.memory.fraction has no effect: taskmanager.memory.network.fraction is also set, "
                "and takes precedence."
            ),
            "Remove it.",
            {"taskmanager.network.memory.fraction": None},
        ),
    ),
    "an option that nothing reads": (
        "1.20",
        {"web.history": 5},
        ("hint", "unread-option", "Nothing in Flink 1.20 reads web.history: it has no effect.", "Remove it.", {}),
    ),
    "a heap beside the total that decides": (
        "2.3",
        {"taskmanager.heap.size": "1g", "taskmanager.memory.process.size": "4g"},
        (
            "warning",
            "ignored-key",
            "Flink 2.3 silently ignores taskmanager.heap.size, which was removed in 2.0.",
            "Remove it; taskmanager.memory.process.size decides.",
            {"taskmanager.heap.size": None},
        ),
    ),
    "a name of two options, of which one is deprecated": (
        "1.15",
        {"jobmanager.web.port": 8081},
        (
            "hint",
            "deprecated-key",
            "jobmanager.web.port still works in Flink 1.15, as a former name of rest.bind-port.",
            "Write rest.bind-port instead.",
            {"jobmanager.web.port": None, "rest.bind-port": 8081},
        ),
    ),
    "what is nearly the name of a deprecated option": (
        "1.18",
        {"pekko.client.timeout": "60 s"},
        (
            "warning",
            "unknown-key",
            "Flink 1.18 has no option pekko.client.timeout and silently ignores it.",
            f"Did you mean client.timeout? If not, remove it, or {OWN}.",
            {"pekko.client.timeout": None, "client.timeout": "60 s"},
        ),
    ),
    "an option of before 1.10": (
        "2.3",
        {"taskmanager.memory.preallocate": True},
        (
            "warning",
            "ignored-key",
            "Flink 2.3 silently ignores taskmanager.memory.preallocate, which was removed in 1.10.",
            "Remove it.",
            {"taskmanager.memory.preallocate": None},
        ),
    ),
}


@pytest.mark.parametrize(("line", "config", "expected"), NAMES.values(), ids=NAMES)
def test_names(
    line: str, config: dict[str, t.Any], expected: tuple[str, str, str, str, dict[str, t.Any]] | None
) -> None:
    found = found_by(check_names, line, config)
    if expected is None:
        assert found == []
        return
    (note,) = found
    level, code, message, remedy, changes = expected
    assert (note["level"], note["code"], note["message"], note["remedy"]) == (level, code, message, remedy)
    assert note["changes"] == (changes or dict.fromkeys(config))
    assert not found_by(check_names, line, {**config, **note["changes"]})


def test_keys_of_the_user_are_known() -> None:
    assert config_check({"acme.orders": 1, "acme.table": "x"}, "2.3", None, ["acme.orders", "acme.table"]) == []


def test_many_unknown_keys_are_told_together() -> None:
    config = {f"acme.option-{number}": number for number in range(10_000)}
    found = found_by(check_names, "2.3", config)
    assert len(found) == 21
    assert found[-1]["message"].startswith("Flink 2.3 reads none of 9980 more keys: acme.option-20, acme.option-21, ")
    assert {key for note in found for key in note["changes"]} == set(config)
