# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.compare import compare_releases
from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.migrate import migrate_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.table import (
    comparison_table,
    migration_table,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

CONFIG = {
    "rest.port": 8081,
    "state.backend": "filesystem",
    "state.checkpoints.dir": "s3://b/c",
    "web.ssl.enabled": "true",
    "taskmanager.memory.process.size": "1728m",
    "jobmanager.memory.process.size": "1600m",
}
REST = """\

Defaults
--------
restart-strategy.type
    From 1.19 on exponential-delay instead of fixed-delay for jobs with checkpoints: restarts come
    after 1 s, 1.5 s and so on up to 1 min, instead of after 1 s each time.

Memory
------
JobManager
    It stays as it was: total process 1.5g.
TaskManager
    It stays as it was: total process 1.6g.
"""
OPTIONS = """\

Options
-------
rewritten: state.backend -> state.backend.type
    'filesystem' is two things now: the backend hashmap, and a directory for checkpoints.
renamed: state.checkpoints.dir -> execution.checkpointing.dir
dropped: web.ssl.enabled
    Nothing in Flink 1.18 read it.
"""


def test_a_migration_is_shown() -> None:
    assert (
        migration_table(migrate_config(CONFIG, "1.18", "2.3"))
        == f"""\
From Flink 1.18 to 2.3: 3 kept, 1 rewritten, 1 renamed, 1 dropped
{OPTIONS}
Kept as they are
----------------
rest.port, taskmanager.memory.process.size, jobmanager.memory.process.size
{REST}"""
    )


def test_a_comparison_is_shown() -> None:
    assert (
        comparison_table(compare_releases(CONFIG, "1.18", "2.3"))
        == f"""\
From Flink 1.18 to 2.3

Java and files
--------------
Flink 2.3 runs on Java 11, 17 or 21, and Flink 1.18 on 8, 11 or 17.
Flink 2.3 reads config.yaml instead of flink-conf.yaml.
{OPTIONS}{REST}"""
    )


def test_decisions_come_last() -> None:
    *_parts, decisions = migration_table(migrate_config({"my.key": 1}, "2.3", "2.3")).split("\n\n")
    assert decisions.startswith(
        """\
To decide
---------
- Flink 2.3 refuses the memory of the JobManager. Choose its sizes before it is started.
- Flink 2.3 refuses the memory of the TaskManager. Choose its sizes before it is started.
- Flink 2.3 has no option my.key and silently ignores it. Remove it, or name it in
  flink_config_known_keys if """
    )


def test_nothing_is_shown_too() -> None:
    assert migration_table(migrate_config({}, "1.20", "2.3")).startswith("From Flink 1.20 to 2.3: no options\n")


@pytest.mark.parametrize("table", [migration_table, comparison_table])
@pytest.mark.parametrize("value", [None, {}, {"changes": 1}])
def test_what_is_no_migration_is_refused(table: t.Callable[[t.Any], str], value: t.Any) -> None:
    with pytest.raises(FlinkError, match="expected a "):
        table(value)
