# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counts letters without an end. No function is written in Python, so that only the JobManager needs PyFlink."""

from __future__ import annotations

from pyflink.table import EnvironmentSettings, TableEnvironment

tables = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
tables.execute_sql("CREATE TABLE words (word STRING) WITH ('connector' = 'datagen', 'fields.word.length' = '1')")
tables.execute_sql("CREATE TABLE counts (word STRING, amount BIGINT) WITH ('connector' = 'blackhole')")
tables.execute_sql("INSERT INTO counts SELECT word, COUNT(*) FROM words GROUP BY word")
