# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that have successors which are no mere names: their values or their meaning differ.

Source: the release notes, and the code of the last releases that read both: ``MemoryBackwardsCompatibilityUtils``,
``SecurityOptions``, ``NettyShuffleEnvironmentConfiguration``, ``ReporterSetup``, ``TaskManagerLoadBalanceMode``.
"""

from __future__ import annotations

import re
import typing as t

from ..check.findings import warning
from ..values import options
from ..values.errors import FlinkError
from ..values.size import KIB, exact, to_bytes
from .journey import Move, plain_text, precedence

if t.TYPE_CHECKING:
    from .journey import Journey

Rule = t.Callable[["Journey", str, t.Any], t.Optional[Move]]

_WHOLE = re.compile(r"\s*[0-9]{1,15}\s*")
_REPORTER = re.compile(r"metrics\.reporter\.([^.]+)\.class")
# Reporters of Flink itself, each of which has a factory of its name.
_OWN_REPORTER = re.compile(
    r"org\.apache\.flink\.metrics\.(datadog\.DatadogHttp|graphite\.Graphite|influxdb\.Influxdb|jmx\.JMX"
    r"|prometheus\.Prometheus(PushGateway)?|slf4j\.Slf4j|statsd\.StatsD)Reporter"
)
# Where the reporter that pushes does so to.
_PUSHING = "org.apache.flink.metrics.prometheus.PrometheusPushGatewayReporter"
_PLACE = re.compile(r"(metrics\.reporter\.[^.]+\.)(host|port)")
_KRYO = "pipeline.serialization-config"
_LOAD_BALANCE = "taskmanager.load-balance.mode"
_CODEC = "taskmanager.network.compression.codec"
_COMPRESSION = (
    "taskmanager.network.batch-shuffle.compression.enabled",
    "taskmanager.network.blocking-shuffle.compression.enabled",
)
_WEIGHT = "taskmanager.memory.managed.consumer-weights."
_CHANNELS = "taskmanager.network.memory.read-buffer.required-per-gate.max"

# Options that 1.10 reads no longer.
_CREDITS = ("taskmanager.network.credit-based-flow-control.enabled", "taskmanager.network.credit-model")
OF_BEFORE_1_10 = frozenset((*options.REMOVED, "mode", *_CREDITS))

# Why nothing takes the place of an option that is gone; by its key or a beginning of it.
_REASONS = {
    "taskmanager.memory.preallocate": "Managed memory is never allocated in advance since 1.10.",
    "taskmanager.memory.off-heap": "Managed memory is always off-heap since 1.10.",
    **dict.fromkeys(_CREDITS, "Network buffers always go by credits since 1.10."),
    "mode": "The mode that it chose is the only one since 1.9.",
    "containerized.heap-cutoff-": "Only YARN, Mesos and Kubernetes read it; from 1.11 on JVM overhead is in its place.",
    "yarn.heap-cutoff-": "Only YARN reads it; from 1.11 on JVM overhead is in its place.",
    "mesos.": "Flink does not run on Mesos since 1.14.",
    "state.backend.async": "Snapshots are always asynchronous.",
    "state.backend.rocksdb.ttl.compaction.filter.enabled": "The filter is always on.",
    "taskmanager.network.blocking-shuffle.type": "Batch jobs always use the sort shuffle.",
    "taskmanager.network.sort-shuffle.min-parallelism": "Batch jobs always use the sort shuffle.",
    "taskmanager.network.memory.buffers-per-channel": f"The number is fixed; {_CHANNELS} bounds the buffers of a gate.",
    "taskmanager.network.memory.floating-buffers-per-gate": (
        f"The number is fixed; {_CHANNELS} bounds the buffers of a gate."
    ),
    "taskmanager.network.netty.": "Flink decides on it itself.",
    "taskmanager.net.": "Flink decides on it itself.",
    "cluster.fine-grained-resource-management.enabled": "It is always on since 1.18.",
    "cluster.declarative-resource-management.enabled": "It is always on since 1.14.",
    "pipeline.time-characteristic": "Jobs always run in event time, and may use timers of processing time.",
    "high-availability.use-old-ha-services": "There is one kind of these services.",
    "web.backpressure.": "Back pressure is measured without samples.",
    "jobmanager.web.backpressure.": "Back pressure is measured without samples.",
    "execution.checkpointing.prefer-checkpoint-for-recovery": "It could lose data: jobs recover from what is newest.",
    "table.planner": "There is one planner.",
    "jobmanager.scheduler.scheduling-strategy": "There is one strategy.",
}


def successor(journey: Journey, key: str, option_key: str, value: t.Any) -> Move | None:
    """What takes the place of an option where a rule is known; ``option_key`` is its present key in the old release."""
    rule = _RULES.get(option_key) or _RULES.get(key)
    if rule is not None:
        return rule(journey, key, value)
    if _PLACE.fullmatch(key) is not None:
        return _push_gateway(journey, key)
    reporter = _REPORTER.fullmatch(key)
    return _reporter_class(journey, key, value, reporter.group(1)) if reporter is not None else None


def reason_to_drop(key: str) -> str:
    """Why nothing takes the place of an option, empty if that is not known."""
    return next((reason for start, reason in _REASONS.items() if key == start or _begins(key, start)), "")


def _begins(key: str, start: str) -> bool:
    return start[-1] in ".-" and key.startswith(start)


def _heap(target: str, megabytes: bool) -> Rule:
    process = target.partition(".")[0]

    def rule(journey: Journey, key: str, value: t.Any) -> Move | None:
        if not journey.is_current(target):
            return None
        deciding = next(
            (name for name in (target, f"{process}.heap.size") if name != key and journey.is_set(name)), None
        )
        if deciding is not None:
            return Move({}, f"It had no effect: {precedence([deciding])}")
        meaning = "the total Flink memory" if process == "taskmanager" else "the JVM heap"
        text = plain_text(value)
        if text is not None and megabytes and _WHOLE.fullmatch(text):
            return Move({target: f"{int(text)}m"}, f"It is {meaning} of this process, now with its unit.")
        return Move({target: value}, f"It is {meaning} of this process.")

    return rule


def _buffers(journey: Journey, key: str, value: t.Any) -> Move | None:
    network = options.TM_NETWORK
    names = (network.minimum.key, network.maximum.key, network.fraction.key)
    if not all(map(journey.is_current, names)):
        return None
    if journey.is_set(*names):
        return Move({}, "It had no effect: the bounds or the fraction of network memory are set, and take precedence.")
    text = plain_text(value) or ""
    try:
        segment = to_bytes(journey.config.get(options.TM_SEGMENT.key, 32 * KIB))
    except FlinkError:
        return None
    if _WHOLE.fullmatch(text) is None:
        return None
    size = exact(int(text) * segment)
    return Move(dict.fromkeys(names[:2], size), f"{text} buffers of {exact(segment)} are {size} of network memory.")


def _managed_fraction(journey: Journey, key: str, value: t.Any) -> Move | None:
    target = options.TM_MANAGED_FRACTION.key
    message = (
        "It was a share of the heap that is free after network buffers, which only batch jobs used. "
        f"{target} is one of the total Flink memory, which RocksDB uses too: 0.4 by default."
    )
    remedy = f"Set {target}: 0 if neither RocksDB, nor batch jobs, nor Python use managed memory."
    return Move({}, message, warning("managed-memory", [key], f"{key}: {message}", remedy))


def _managed_size(journey: Journey, key: str, value: t.Any) -> Move | None:
    text = plain_text(value)
    if text is not None and text.strip().startswith("-"):
        return Move({}, "A negative size meant that none is set, which Flink 1.10 and newer refuse.")
    if text is not None and journey.is_from_before_1_10 and _WHOLE.fullmatch(text):
        return Move({options.TM_MANAGED.key: f"{int(text)}m"}, "Before 1.10 it counted megabytes.")
    return None


def _ssl(journey: Journey, key: str, value: t.Any) -> Move | None:
    names = ("security.ssl.internal.enabled", "security.ssl.rest.enabled")
    if not all(map(journey.is_current, names)) or journey.is_current(key):
        return None
    free = [name for name in names if not journey.is_set(name)]
    if not free:
        return Move({}, f"It had no effect: {precedence(names)}")
    return Move(dict.fromkeys(free, value), "It switched TLS for both the inner connections and REST.")


def _spread(journey: Journey, key: str, value: t.Any) -> Move | None:
    if not journey.is_current(_LOAD_BALANCE) or journey.is_current(key):
        return None
    if _is(value, "false"):
        return Move({}, "False is the default of what took its place.")
    if journey.is_set(_LOAD_BALANCE):
        return Move({}, precedence([_LOAD_BALANCE]))
    return Move({_LOAD_BALANCE: "SLOTS"}, "True is the mode SLOTS.") if _is(value, "true") else None


def _compression(journey: Journey, key: str, value: t.Any) -> Move | None:
    if not journey.is_current(_CODEC) or journey.is_current(key):
        return None
    if _is(value, "false") and journey.is_set(_CODEC):
        return Move({}, f"{_CODEC} is NONE now, which switches compression off.")
    if _is(value, "true"):
        return Move({}, "Batch shuffles are always compressed, unless the codec is NONE.")
    return Move({_CODEC: "NONE"}, "The codec NONE switches compression off.") if _is(value, "false") else None


def _codec(journey: Journey, key: str, value: t.Any) -> Move | None:
    """The switch, where there is one, goes before the codec."""
    off = [name for name in _COMPRESSION if journey.view.value(name) is False]
    if not off or any(map(journey.is_current, off)):
        return None
    return Move({_CODEC: "NONE"}, f"{off[0]} switched compression off.")


def _hadoop(journey: Journey, key: str, value: t.Any) -> Move | None:
    target = "env.hadoop.conf.dir"
    if key in journey.options.by_key or not journey.is_current(target):
        return None
    if journey.is_set(target):
        return Move({}, f"{target} is also set.")
    return Move(
        {target: value}, f"From 2.0 on only HADOOP_CONF_DIR says where Hadoop's files lie, which {target} sets."
    )


def _hdfs_file(journey: Journey, key: str, value: t.Any) -> Move | None:
    if key in journey.options.by_key or journey.target.version < (2, 0):
        return None
    message = "From 2.0 on only HADOOP_CONF_DIR says where Hadoop's files lie."
    remedy = "Set env.hadoop.conf.dir to the directory of this file."
    return Move({}, message, warning("hadoop-file", [key], f"{key}: {message}", remedy))


def _kryo(journey: Journey, key: str, value: t.Any) -> Move | None:
    if journey.is_current(key) or key in journey.options.by_key or not journey.is_current(_KRYO):
        return None
    message = f"{_KRYO} takes its place, in another form."
    return Move({}, message, warning("serializers", [key], f"{key}: {message}", f"Write {_KRYO}: the jobs need it."))


def _request_timeout(journey: Journey, key: str, value: t.Any) -> Move | None:
    """The one before took precedence, deprecated or not."""
    target = "slot.request.timeout"
    if key in journey.options.by_key or not journey.is_current(target) or journey.is_set(target):
        return None
    return Move({target: value}, "There is one timeout for both.")


def _reporter_class(journey: Journey, key: str, value: t.Any, name: str) -> Move | None:
    factory = f"metrics.reporter.{name}.factory.class"
    if journey.target.version < (1, 16):
        return None
    if factory in journey.config:
        return Move({}, precedence([factory]))
    text = (plain_text(value) or "").strip()
    if _OWN_REPORTER.fullmatch(text):
        return Move({factory: f"{text}Factory"}, "Flink makes reporters with their factories only.")
    message = f"Flink {journey.target.line} makes reporters with their factories only."
    remedy = f"Ask the maker of this reporter for its factory, and set {factory}."
    return Move({}, message, warning("reporter-class", [key], f"{key}: {message}", remedy))


def _push_gateway(journey: Journey, key: str) -> Move | None:
    """Host and port of the reporter that pushes became one URL, which 1.15 - 1.20 read too and before them."""
    prefix, part = key.rpartition(".")[0] + ".", key.rpartition(".")[2]
    made_of = [plain_text(journey.config.get(prefix + name)) or "" for name in ("factory.class", "class")]
    if not any(text.startswith(_PUSHING) for text in made_of):
        return None
    if not journey.source.version < (2, 0) <= journey.target.version:
        return None
    url = f"{prefix}hostUrl"
    if url in journey.config and journey.source.version >= (1, 15):
        return Move({}, f"It had no effect: {precedence([url])}")
    host, port = (plain_text(journey.config.get(prefix + name)) for name in ("host", "port"))
    if not host or not port:
        return None
    if part == "port":
        return Move({}, f"It is a part of {url} now.")
    return Move({url: f"http://{host}:{port}"}, "From 2.0 on one URL says where to push to.")


def _weight(journey: Journey, key: str, value: t.Any) -> Move | None:
    if journey.target.version < (1, 13):
        return None
    names = (f"{_WEIGHT}OPERATOR", f"{_WEIGHT}STATE_BACKEND")
    return Move(dict.fromkeys(names, value), "DATAPROC became OPERATOR and STATE_BACKEND in 1.13.")


def _is(value: t.Any, word: str) -> bool:
    return (plain_text(value) or "").lower() == word


_RULES: dict[str, Rule] = {
    options.TM_HEAP.key: _heap(options.TM_FLINK.key, megabytes=False),
    options.TM_HEAP_MB.key: _heap(options.TM_FLINK.key, megabytes=True),
    options.JM_HEAP.key: _heap(options.JM_JVM_HEAP.key, megabytes=False),
    options.JM_HEAP_MB.key: _heap(options.JM_JVM_HEAP.key, megabytes=True),
    options.TM_NETWORK_BUFFERS.key: _buffers,
    options.TM_MANAGED.key: _managed_size,
    "taskmanager.memory.fraction": _managed_fraction,
    "security.ssl.enabled": _ssl,
    "cluster.evenly-spread-out-slots": _spread,
    **dict.fromkeys(_COMPRESSION, _compression),
    _CODEC: _codec,
    f"{_WEIGHT}DATAPROC": _weight,
    "fs.hdfs.hadoopconf": _hadoop,
    "slotmanager.request-timeout": _request_timeout,
    "fs.hdfs.hdfsdefault": _hdfs_file,
    "fs.hdfs.hdfssite": _hdfs_file,
    "pipeline.default-kryo-serializers": _kryo,
    "pipeline.registered-kryo-types": _kryo,
    "pipeline.registered-pojo-types": _kryo,
}
