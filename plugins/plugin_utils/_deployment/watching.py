# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What makes the processes of a host tell more of their memory: Prometheus, metrics of RocksDB, logs of the GC."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.catalogue.catalogue import options_of
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .names import UNPLANNED, process_names

if t.TYPE_CHECKING:
    from .wanted import Wanted

_REPORTER = "metrics.reporter.prom"
_FACTORY = "org.apache.flink.metrics.prometheus.PrometheusReporterFactory"
# Until then the reporter is no plugin yet, and its jar not where a JobManager looks.
_IS_PLUGIN = (1, 11)
_HIGHEST_PORT = 65535
# Properties of RocksDB that cost next to nothing to ask for. Source: ``RocksDBNativeMetricOptions``.
_ROCKSDB = "state.backend.rocksdb.metrics."
_ASKED = ("block-cache-capacity", "block-cache-pinned-usage", "block-cache-usage", "is-write-stopped")
# Else every state has metrics of its own name.
_LABELLED = "column-family-as-variable"
# Java has one way to log since this release.
_UNIFIED_LOGGING = 9
_GC_FILES, _GC_FILE_SIZE = 4, "2M"


def watching_options(wanted: Wanted) -> dict[str, t.Any]:
    """Flink's options for what is to be told."""
    found: dict[str, t.Any] = {}
    if wanted.prometheus_port is not None:
        found[f"{_REPORTER}.factory.class"] = _FACTORY
        found[f"{_REPORTER}.port"] = prometheus_ports(wanted)
    if wanted.rocksdb_metrics:
        known = options_of(Release.parse(wanted.version))
        found.update({f"{_ROCKSDB}{name}": True for name in (*_ASKED, _LABELLED) if known.find(f"{_ROCKSDB}{name}")})
    return found


def prometheus_ports(wanted: Wanted) -> str:
    """One for each process, of which each takes the first that is free: a port, or a range of them."""
    first = wanted.prometheus_port or 0
    last = first + max(1, sum(name not in UNPLANNED for name in process_names(wanted))) - 1
    return str(first) if first == last else f"{first}-{last}"


def watching_objections(wanted: Wanted) -> t.Iterator[str]:
    """What stands against metrics for Prometheus."""
    if wanted.prometheus_port is None:
        return
    if Release.parse(wanted.version).version < _IS_PLUGIN:
        yield (
            f"flink_prometheus_port: expected Flink 1.11 or newer, which brings the reporter as a plugin, got "
            f"{wanted.version}. Remove it; or add the jar by flink_jars, and the reporter to flink_config."
        )
    if not 0 < wanted.prometheus_port <= _HIGHEST_PORT:
        yield (
            f"flink_prometheus_port: expected a port from 1 to {_HIGHEST_PORT}, got {wanted.prometheus_port}. Correct "
            "it, for example to 9249."
        )


def watching_advice(wanted: Wanted) -> t.Iterator[str]:
    """Whom metrics are open to. Source: ``PrometheusReporter``, which binds to all addresses."""
    if wanted.prometheus_port is not None:
        yield (
            f"flink_prometheus_port: anybody who reaches ports {prometheus_ports(wanted)} of this host reads the "
            "metrics, as Flink's reporter listens on all addresses without a password. Let only Prometheus through."
        )


def gc_log_words(wanted: Wanted, name: str, java_version: int) -> list[str]:
    """JVM options for a log of the GC beside the other logs of a process, of some files of a few MB."""
    if not wanted.gc_log:
        return []
    path = f"{wanted.log_dir}/{name}.gc.log"
    if java_version >= _UNIFIED_LOGGING:
        return [f"-Xlog:gc*:file={path}:time,uptime:filecount={_GC_FILES},filesize={_GC_FILE_SIZE}"]
    return [
        f"-Xloggc:{path}",
        *("-XX:+PrintGCDetails", "-XX:+PrintGCDateStamps", "-XX:+UseGCLogFileRotation"),
        *(f"-XX:NumberOfGCLogFiles={_GC_FILES}", f"-XX:GCLogFileSize={_GC_FILE_SIZE}"),
    ]
