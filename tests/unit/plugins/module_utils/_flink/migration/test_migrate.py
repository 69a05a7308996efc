# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.catalogue.catalogue import options_of
from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import config_check
from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.migrate import migrate_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.read_file import read_lines
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import STANDARD_YAML, text_of
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.plugin_utils._migration.yaml_file import read_yaml_lines
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.lines import LINES

OLDER = ("1.0", "1.7", "1.9.3")
TLS = "security.ssl."
PROMETHEUS = "org.apache.flink.metrics.prometheus"

# The options of a release, those that another one has in their place, and what becomes of the first one given.
MOVED: dict[str, tuple[dict[str, t.Any], str, str, dict[str, t.Any], str]] = {
    "a name that stays": ({"rest.port": 8081}, "1.10", "2.3", {"rest.port": 8081}, "kept"),
    "a newer name": ({"state.backend": "rocksdb"}, "1.16", "1.17", {"state.backend.type": "rocksdb"}, "renamed"),
    "an old name that the old release still reads": (
        {"state.backend.incremental": "true"},
        "1.20",
        "2.3",
        {"execution.checkpointing.incremental": True},
        "renamed",
    ),
    "a name that the newer release has not yet": (
        {"state.backend.incremental": "true"},
        "1.10",
        "1.19",
        {"state.backend.incremental": True},
        "kept",
    ),
    "several names on the way": (
        {"state.backend.fs.memory-threshold": "20kb"},
        "1.11",
        "2.3",
        {"execution.checkpointing.data-inline-threshold": "20kb"},
        "renamed",
    ),
    "a name that another option follows": (
        {"state.backend.local-recovery": "true"},
        "1.19",
        "2.3",
        {"execution.state-recovery.from-local": True},
        "renamed",
    ),
    "an option with its children": (
        {"high-availability": "zookeeper", "high-availability.storageDir": "hdfs:///ha"},
        "1.16",
        "2.3",
        {"high-availability.type": "zookeeper", "high-availability.storageDir": "hdfs:///ha"},
        "renamed",
    ),
    "an option that nothing reads": ({"web.ssl.enabled": "true"}, "1.20", "2.3", {}, "dropped"),
    "an option that is gone": ({"state.backend.async": "true"}, "1.10", "1.20", {"state.backend.async": True}, "kept"),
    "a key of the user's own": ({"my.key": "1"}, "1.16", "2.3", {"my.key": "1"}, "kept"),
    "an option that the old release did not read yet": (
        {"state.latency-track.sample-interval": "100"},
        "1.18",
        "2.3",
        {"state.latency-track.sample-interval": 100},
        "kept",
    ),
    "an option that the old release read no longer": (
        {"taskmanager.memory.preallocate": "true"},
        "1.16",
        "2.3",
        {},
        "dropped",
    ),
    "a name beside the newer one, which decides": (
        {"web.port": "1", "rest.port": "2"},
        "1.16",
        "2.3",
        {"rest.port": 2},
        "dropped",
    ),
    "a name before the newer one counts": (
        {"high-availability.type": "zookeeper", "high-availability": "NONE"},
        "1.16",
        "2.3",
        {"high-availability.type": "NONE"},
        "dropped",
    ),
    "total memory of 1.9": (
        {"taskmanager.heap.size": "1024m"},
        "1.9",
        "2.3",
        {"taskmanager.memory.flink.size": "1024m"},
        "renamed",
    ),
    "megabytes": (
        {"taskmanager.heap.mb": "1024"},
        "1.7",
        "2.3",
        {"taskmanager.memory.flink.size": "1024m"},
        "rewritten",
    ),
    "a JobManager's heap": (
        {"jobmanager.heap.mb": 1024},
        "1.10",
        "1.11",
        {"jobmanager.memory.heap.size": "1024m"},
        "rewritten",
    ),
    "a heap beside the option that decides": (
        {"taskmanager.heap.mb": "1024", "taskmanager.memory.flink.size": "2g"},
        "1.20",
        "2.3",
        {"taskmanager.memory.flink.size": "2g"},
        "dropped",
    ),
    "megabytes beside a size": (
        {"jobmanager.heap.mb": "1", "jobmanager.heap.size": "1g"},
        "1.13",
        "2.3",
        {"jobmanager.memory.heap.size": "1g"},
        "dropped",
    ),
    "managed megabytes of 1.9": (
        {"taskmanager.memory.size": "512"},
        "1.9",
        "1.20",
        {"taskmanager.memory.managed.size": "512m"},
        "rewritten",
    ),
    "no managed memory of its own in 1.9": ({"taskmanager.memory.size": "-1"}, "1.9", "2.3", {}, "dropped"),
    "network buffers": (
        {"taskmanager.network.numberOfBuffers": "4096"},
        "1.20",
        "2.3",
        {"taskmanager.memory.network.min": "128m", "taskmanager.memory.network.max": "128m"},
        "split",
    ),
    "network buffers of another size": (
        {"taskmanager.network.numberOfBuffers": "1024", "taskmanager.memory.segment-size": "64kb"},
        "1.20",
        "2.3",
        {
            "taskmanager.memory.network.min": "64m",
            "taskmanager.memory.network.max": "64m",
            "taskmanager.memory.segment-size": "64kb",
        },
        "split",
    ),
    "network buffers beside bounds of network memory": (
        {"taskmanager.network.numberOfBuffers": "4096", "taskmanager.network.memory.min": "64m"},
        "1.20",
        "2.3",
        {"taskmanager.memory.network.min": "64m"},
        "dropped",
    ),
    "network buffers that are no number": (
        {"taskmanager.network.numberOfBuffers": "many"},
        "1.20",
        "2.3",
        {},
        "decide",
    ),
    "TLS for all connections": (
        {f"{TLS}enabled": "true"},
        "1.20",
        "2.3",
        {f"{TLS}internal.enabled": True, f"{TLS}rest.enabled": True},
        "split",
    ),
    "TLS for one of them by its own name": (
        {f"{TLS}enabled": "true", f"{TLS}rest.enabled": "false"},
        "1.20",
        "2.3",
        {f"{TLS}internal.enabled": True, f"{TLS}rest.enabled": False},
        "renamed",
    ),
    "TLS for both by their own names": (
        {f"{TLS}enabled": "true", f"{TLS}rest.enabled": "false", f"{TLS}internal.enabled": "false"},
        "1.20",
        "2.3",
        {f"{TLS}rest.enabled": False, f"{TLS}internal.enabled": False},
        "dropped",
    ),
    "slots spread out": (
        {"cluster.evenly-spread-out-slots": "true"},
        "1.18",
        "1.19",
        {"taskmanager.load-balance.mode": "SLOTS"},
        "rewritten",
    ),
    "slots not spread out": ({"cluster.evenly-spread-out-slots": "false"}, "1.18", "2.3", {}, "dropped"),
    "slots spread out by both names": (
        {"cluster.evenly-spread-out-slots": "true", "taskmanager.load-balance.mode": "NONE"},
        "1.20",
        "2.3",
        {"taskmanager.load-balance.mode": "NONE"},
        "dropped",
    ),
    "compression of batch shuffles": (
        {"taskmanager.network.blocking-shuffle.compression.enabled": "false"},
        "1.15",
        "2.3",
        {"taskmanager.network.compression.codec": "NONE"},
        "rewritten",
    ),
    "compression of batch shuffles as it is anyway": (
        {"taskmanager.network.batch-shuffle.compression.enabled": "true"},
        "1.18",
        "2.3",
        {},
        "dropped",
    ),
    "compression switched off beside a codec": (
        {
            "taskmanager.network.compression.codec": "LZ4",
            "taskmanager.network.batch-shuffle.compression.enabled": "false",
        },
        "1.20",
        "2.3",
        {"taskmanager.network.compression.codec": "NONE"},
        "rewritten",
    ),
    "a codec where compression was on": (
        {
            "taskmanager.network.compression.codec": "LZO",
            "taskmanager.network.batch-shuffle.compression.enabled": "true",
        },
        "1.20",
        "2.3",
        {"taskmanager.network.compression.codec": "LZO"},
        "kept",
    ),
    "one weight of managed memory": (
        {"taskmanager.memory.managed.consumer-weights.DATAPROC": 60},
        "1.14",
        "2.3",
        {
            "taskmanager.memory.managed.consumer-weights.OPERATOR": 60,
            "taskmanager.memory.managed.consumer-weights.STATE_BACKEND": 60,
        },
        "split",
    ),
    "a name that only an option set which nothing read": (
        {"jobmanager.web.port": "1", "rest.bind-port": "2"},
        "1.15",
        "1.18",
        {"rest.bind-port": "2"},
        "dropped",
    ),
    "a switch of before 1.10": ({"taskmanager.network.credit-model": "true"}, "1.9", "2.3", {}, "dropped"),
    "one of two timeouts": (
        {"slotmanager.request-timeout": "1000"},
        "1.13",
        "2.3",
        {"slot.request.timeout": 1000},
        "renamed",
    ),
    "Hadoop's directory": (
        {"fs.hdfs.hadoopconf": "/etc/hadoop"},
        "1.20",
        "2.3",
        {"env.hadoop.conf.dir": "/etc/hadoop"},
        "renamed",
    ),
    "Hadoop's directory by both names": (
        {"fs.hdfs.hadoopconf": "/a", "env.hadoop.conf.dir": "/b"},
        "1.20",
        "2.3",
        {"env.hadoop.conf.dir": "/b"},
        "dropped",
    ),
    "Hadoop's file": ({"fs.hdfs.hdfssite": "/a/hdfs-site.xml"}, "1.20", "2.3", {}, "decide"),
    "serializers": ({"pipeline.registered-kryo-types": "a.B"}, "1.20", "2.3", {}, "decide"),
    "a share of the heap of 1.9": ({"taskmanager.memory.fraction": "0.7"}, "1.9", "2.3", {}, "decide"),
    "a reporter of Flink by its class": (
        {"metrics.reporter.p.class": "org.apache.flink.metrics.prometheus.PrometheusReporter"},
        "1.13",
        "2.3",
        {"metrics.reporter.p.factory.class": "org.apache.flink.metrics.prometheus.PrometheusReporterFactory"},
        "rewritten",
    ),
    "a reporter of others by its class": ({"metrics.reporter.p.class": "a.B"}, "1.13", "2.3", {}, "decide"),
    "a reporter by class and factory": (
        {"metrics.reporter.p.class": "a.B", "metrics.reporter.p.factory.class": "a.BFactory"},
        "1.13",
        "2.3",
        {"metrics.reporter.p.factory.class": "a.BFactory"},
        "dropped",
    ),
    "where a reporter pushes to": (
        {
            "metrics.reporter.p.host": "h",
            "metrics.reporter.p.port": "9091",
            "metrics.reporter.p.factory.class": f"{PROMETHEUS}.PrometheusPushGatewayReporterFactory",
        },
        "1.18",
        "2.3",
        {
            "metrics.reporter.p.hostUrl": "http://h:9091",
            "metrics.reporter.p.factory.class": f"{PROMETHEUS}.PrometheusPushGatewayReporterFactory",
        },
        "rewritten",
    ),
    "where a reporter pushes to, by both names": (
        {
            "metrics.reporter.p.host": "h",
            "metrics.reporter.p.hostUrl": "https://g",
            "metrics.reporter.p.class": f"{PROMETHEUS}.PrometheusPushGatewayReporter",
        },
        "1.15",
        "2.3",
        {
            "metrics.reporter.p.hostUrl": "https://g",
            "metrics.reporter.p.factory.class": f"{PROMETHEUS}.PrometheusPushGatewayReporterFactory",
        },
        "dropped",
    ),
    "the file system backend": (
        {"state.backend": "filesystem", "state.checkpoints.dir": "s3://b/c"},
        "1.12",
        "2.3",
        {"state.backend.type": "hashmap", "execution.checkpointing.dir": "s3://b/c"},
        "rewritten",
    ),
    "the memory backend": (
        {"state.backend": "jobmanager"},
        "1.12",
        "1.15",
        {"state.backend": "hashmap", "state.checkpoint-storage": "jobmanager"},
        "split",
    ),
    "a backend by a class that is gone": (
        {"state.backend": "org.apache.flink.contrib.streaming.state.RocksDBStateBackendFactory"},
        "1.12",
        "2.3",
        {"state.backend.type": "rocksdb"},
        "rewritten",
    ),
    "a class of RocksDB in its new package": (
        {"state.backend.rocksdb.options-factory": "org.apache.flink.contrib.streaming.state.X"},
        "1.20",
        "2.3",
        {"state.backend.rocksdb.options-factory": "org.apache.flink.state.rocksdb.X"},
        "rewritten",
    ),
    "the scheduler of 1.10": (
        {"jobmanager.scheduler": "ng"},
        "1.12",
        "2.3",
        {"jobmanager.scheduler": "Default"},
        "rewritten",
    ),
    "weights of managed memory": (
        {"taskmanager.memory.managed.consumer-weights": "DATAPROC:60,PYTHON:40"},
        "1.12",
        "2.3",
        {"taskmanager.memory.managed.consumer-weights": "OPERATOR:60,STATE_BACKEND:60,PYTHON:40"},
        "rewritten",
    ),
    "quotes around JVM options": (
        {"env.java.opts": '"-Da=b -Dc=d"'},
        "1.16",
        "2.3",
        {"env.java.opts.all": "-Da=b -Dc=d"},
        "rewritten",
    ),
    "a negative time that meant the default": (
        {"resourcemanager.standalone.start-up-time": "-1"},
        "1.19",
        "1.20",
        {},
        "dropped",
    ),
    "a negative time that switched something off": (
        {"metrics.latency.interval": "-1"},
        "1.19",
        "1.20",
        {"metrics.latency.interval": "0"},
        "rewritten",
    ),
    "a negative time": ({"task.cancellation.timeout": "-1"}, "1.19", "1.20", {}, "decide"),
    "milliseconds": ({"heartbeat.timeout": "50000"}, "1.19", "1.20", {"heartbeat.timeout": 50000}, "kept"),
    "text that looks like a number": (
        {"high-availability.cluster-id": "1.10"},
        "1.18",
        "2.3",
        {"high-availability.cluster-id": "1.10"},
        "kept",
    ),
    "fractions": (
        {"taskmanager.memory.managed.fraction": "0.3"},
        "1.18",
        "2.3",
        {"taskmanager.memory.managed.fraction": 0.3},
        "kept",
    ),
    "half a second for what was a text": (
        {"akka.ask.timeout": "1.5 s"},
        "1.13",
        "2.3",
        {"pekko.ask.timeout": "1500 ms"},
        "rewritten",
    ),
    "a size in a spelling that only a script read": (
        {"jobmanager.heap.size": "1.5g"},
        "1.10",
        "2.3",
        {"jobmanager.memory.heap.size": "1536m"},
        "rewritten",
    ),
    "what only an older release reads, and by another name rather": (
        {"security.ssl.enabled": "true"},
        "2.1",
        "1.14",
        {"security.ssl.internal.enabled": "true", "security.ssl.rest.enabled": "true"},
        "split",
    ),
    "back to an older release": (
        {"execution.checkpointing.dir": "s3://b/c"},
        "2.3",
        "1.18",
        {"state.checkpoints.dir": "s3://b/c"},
        "renamed",
    ),
}


@pytest.mark.parametrize(("given", "source", "target", "wanted", "action"), MOVED.values(), ids=MOVED)
def test_an_option_keeps_its_meaning(
    given: dict[str, t.Any], source: str, target: str, wanted: dict[str, t.Any], action: str
) -> None:
    migrated = migrate_config(given, source, target)
    assert migrated["config"] == wanted
    assert list(migrated["config"]) == list(wanted)
    assert migrated["changes"][0]["action"] == action
    assert [row["option"] for row in migrated["changes"]] == list(given)


# What a person has to decide about options of a release.
DECISIONS: dict[str, tuple[dict[str, t.Any] | str, str, str, dict[str, t.Any]]] = {
    "takes-effect": (
        {"high-availability.type": "zookeeper"},
        "1.16",
        "Flink 1.16 did not read high-availability.type, and Flink 2.3 does.",
        {"high-availability.type": None},
    ),
    "unknown-key": ({"query.server.port": 1}, "1.16", "Flink 2.3 has no option query.server.port", {}),
    "checkpoint-directory": ({"state.backend": "filesystem"}, "1.16", "needed a directory for checkpoints", {}),
    "ignored-line": ("a:b", "1.16", "Line 1: Flink 1.16 ignores it, because it has no colon with a blank", {}),
    "cut-value": ("s3.secret-key: a#b", "1.16", "s3.secret-key: Flink 1.16 cut the value at '#' in line 1.", {}),
    "quoted-value": (
        'jobmanager.rpc.address: "h"',
        "1.16",
        "jobmanager.rpc.address: the quotes around the value are part of it, as Flink 1.16 read it.",
        {"jobmanager.rpc.address": "h"},
    ),
    "negative-duration": (
        {"task.cancellation.timeout": -1},
        "1.16",
        "task.cancellation.timeout is a duration in Flink 2.3, which -1 is not.",
        {},
    ),
    "dropped-option": (
        {"table.exec.legacy-transformation-uids": "true"},
        "1.20",
        "table.exec.uid.generation may take its place",
        {},
    ),
    "unreadable-value": ({"web.submit.enable": "yes"}, "1.20", "web.submit.enable: expected true or false", {}),
    "memory-refused": ({}, "1.20", "Flink 2.3 refuses the memory of the JobManager.", {}),
}


@pytest.mark.parametrize(("code", "case"), DECISIONS.items(), ids=DECISIONS)
def test_a_person_decides(code: str, case: tuple[dict[str, t.Any] | str, str, str, dict[str, t.Any]]) -> None:
    given, source, message, changes = case
    found = [note for note in migrate_config(given, source, "2.3")["decisions"] if note["code"] == code]
    assert found
    assert message in found[0]["message"]
    assert changes.items() <= found[0]["changes"].items()


def test_keys_of_the_users_own_jobs_are_no_decision() -> None:
    codes = [note["code"] for note in migrate_config({"my.key": 1}, "1.16", "2.3", ["my.key"])["decisions"]]
    assert "unknown-key" not in codes


def test_the_flags_for_modules_are_told_where_the_old_file_had_none() -> None:
    (note,) = [note for note in migrate_config({}, "1.17", "2.3")["decisions"] if note["code"] == "module-flags"]
    assert "--add-opens=java.base/java.util=ALL-UNNAMED" in note["changes"]["env.java.default-opts.all"]
    for config, source in (({}, "1.18"), ({"env.java.opts.all": "--add-opens=a"}, "1.17")):
        codes = [note["code"] for note in migrate_config(config, source, "2.3")["decisions"]]
        assert "module-flags" not in codes


# Where bin/migrate-config-file.sh of 1.19 - 2.3 fails, measured: a flink-conf.yaml and the config.yaml that it means.
SCRIPT_FAILS: dict[str, tuple[str, str]] = {
    "a key and keys below it": (
        (
            "state.backend: rocksdb\nstate.backend.incremental: true\nrestart-strategy: fixed-delay\n"
            "restart-strategy.fixed-delay.attempts: 3\nhigh-availability: zookeeper\n"
            "high-availability.storageDir: hdfs:///ha\n"
        ),
        (
            "state.backend.type: rocksdb\nexecution.checkpointing.incremental: true\n"
            "restart-strategy.type: fixed-delay\nrestart-strategy.fixed-delay.attempts: 3\n"
            "high-availability.type: zookeeper\nhigh-availability.storageDir: hdfs:///ha\n"
        ),
    ),
    "names and values of old": (
        "akka.ask.timeout: 40 s\njobmanager.heap.size: 1g\n",
        'pekko.ask.timeout: "40 s"\njobmanager.memory.heap.size: 1g\n',
    ),
    "more than 1000 lines": (
        "".join(f"my.key-{number}: {number}\n" for number in range(1200)),
        "".join(f'my.key-{number}: "{number}"\n' for number in range(1200)),
    ),
    "Java's directory, which scripts look for on a line of its own": (
        "env.java.home: /opt/java\n",
        "env.java.home: /opt/java\n",
    ),
    "quotes around JVM options": (
        'env.java.opts: "-XX:+UseG1GC -Da=b"\n',
        'env.java.opts.all: "-XX:+UseG1GC -Da=b"\n',
    ),
    "comments and order": (
        "# first\nrest.port: 8081  # open\n\n# last\nparallelism.default: 2",
        "# first\nrest.port: 8081 # open\n\n# last\nparallelism.default: 2\n",
    ),
    "the same option twice": (
        "rest.port: 1\nrest.port: 2\n",
        "# overridden below: rest.port: 1\nrest.port: 2\n",
    ),
    "lines that Flink ignores": (
        "rest.port:8081\nnested:\n  rest.port: 1\n",
        "# ignored: rest.port:8081\n# ignored: nested:\nrest.port: 1\n",
    ),
    "no option at all": ("", ""),
}


@pytest.mark.parametrize(("given", "wanted"), SCRIPT_FAILS.values(), ids=SCRIPT_FAILS)
def test_a_file_is_migrated_on_which_the_official_script_fails(given: str, wanted: str) -> None:
    assert migrate_config(given, "1.16", "2.3")["text"] == wanted


TEXTS: dict[str, tuple[str, str, str]] = {
    "what is dropped stays as a comment": (
        "web.ssl.enabled: true # no\n",
        "1.20",
        "# dropped: web.ssl.enabled: true  # no\n",
    ),
    "an option that becomes two": (
        "security.ssl.enabled: true # tls\n",
        "1.20",
        "security.ssl.internal.enabled: true\nsecurity.ssl.rest.enabled: true # tls\n",
    ),
    "characters that YAML refuses in comments": ("# \x07 \u2028 \ufffe\n", "1.18", "# \\x07 \\u2028 \\ufffe\n"),
    "an odd key": ("a b: c\n", "1.18", '"a b": c\n'),
}


DROPPED: dict[str, tuple[t.Any, str]] = {
    "a list": (["a", "b c"], '[a, "b c"]'),
    "a number that nobody writes": (10**4301, "a whole number"),
    "text of two lines": ("a\nb", "a\\nb"),
}


@pytest.mark.parametrize(("value", "written"), DROPPED.values(), ids=DROPPED)
def test_whatever_is_dropped_is_one_comment(value: t.Any, written: str) -> None:
    text = migrate_config({"web.ssl.enabled": value}, "1.20", "2.3")["text"]
    assert text == f"# dropped: web.ssl.enabled: {written}\n"


@pytest.mark.parametrize(("given", "source", "wanted"), TEXTS.values(), ids=TEXTS)
def test_the_new_file_has_every_line_of_the_old_one(given: str, source: str, wanted: str) -> None:
    assert migrate_config(given, source, "2.3")["text"] == wanted


REFUSED: dict[str, tuple[t.Any, t.Any, t.Any, str]] = {
    "no configuration": (None, "1.20", "2.3", "config: expected a mapping of Flink options"),
    "a release that is a number": ({}, 1.2, "2.3", "from_version: 1.2 is a number"),
    "a release too old to go to": ({}, "1.9", "1.9", "to_version: Flink 1.9 is not supported"),
    "an unknown release": ({}, "3.0", "2.3", "from_version: Flink 3.0 is not supported"),
    "keys that are no list": ({}, "1.20", "2.3", "known_keys: expected a list of"),
    "a value that the file cannot carry": ({"a": "x#y"}, "2.3", "1.18", "a: flink-conf.yaml cannot carry it"),
}


@pytest.mark.parametrize(("config", "source", "target", "message"), REFUSED.values(), ids=REFUSED)
def test_a_migration_is_refused(config: t.Any, source: t.Any, target: t.Any, message: str) -> None:
    with pytest.raises(FlinkError) as refusal:
        migrate_config(config, source, target, "x" if "list" in message else ())
    assert message in str(refusal.value)


def test_secrets_are_in_no_report() -> None:
    given = {"s3.secret-key": '"hush"', "fs.azure.account.key.x": "hush", "security.ssl.key-password": ["hush"]}
    migrated = migrate_config(given, "1.16", "2.3")
    assert "hush" not in repr([migrated[part] for part in ("changes", "defaults", "memory", "decisions")])


# Values of megabytes; how long they take is for a benchmark to say.
LONG = {
    "a word of no option": ("state.backend.type", "x" * 3 * 10**6),
    "a line of many words": ("classloader.parent-first-patterns.additional", "-D " * (10**6 // 3)),
}


@pytest.mark.parametrize(("key", "value"), LONG.values(), ids=LONG)
def test_a_long_value_is_not_repeated(key: str, value: str) -> None:
    migrated = migrate_config({key: value}, "1.20", "2.3")
    assert all(len(note["message"]) < 1000 for note in migrated["decisions"])


VALUES = st.sampled_from(
    (
        *(
            "true",
            "1",
            "-1",
            "0.3",
            "10 s",
            "1g",
            "2048",
            "filesystem",
            "jobmanager",
            "ng",
            '"x y"',
            "a;b",
            "a,b",
            "a:1",
        ),
        *("1.10", "x", "NONE", "/a/b", "007", 4, 0.5, False, "org.apache.flink.contrib.streaming.state.X"),
    )
)


@st.composite
def configurations(draw: st.DrawFn) -> tuple[dict[str, t.Any], str, str]:
    source, target = draw(st.sampled_from((*OLDER, *LINES))), draw(st.sampled_from(LINES))
    seen = [options_of(Release.parse(line)) for line in ({source} & set(LINES) or {"1.10"}) | {target}]
    keys = sorted({key for options in seen for key in (*options.by_key, *options.by_alias)})
    key = st.one_of(st.sampled_from(keys), st.sampled_from(("taskmanager.memory.fraction", "my.key", "mode")))
    return draw(st.dictionaries(key, VALUES, max_size=8)), source, target


@given(configurations())
def test_nothing_is_lost_and_twice_is_as_good_as_once(case: tuple[dict[str, t.Any], str, str]) -> None:
    config, source, target = case
    migrated = migrate_config(config, source, target)
    assert [row["option"] for row in migrated["changes"]] == list(config)
    became = [name for row in migrated["changes"] for name in row["to"]]
    assert sorted(became) == sorted(migrated["config"])
    for row in migrated["changes"]:
        assert bool(row["to"]) == (row["action"] not in {"dropped", "decide"})
        assert row["message"] or row["action"] in {"kept", "renamed", "split"}
    for again in (target, source):
        assert migrate_config(migrated["config"], again, target)["config"] == migrated["config"]


@given(configurations())
def test_what_is_left_to_say_is_left_to_decide(case: tuple[dict[str, t.Any], str, str]) -> None:
    config, source, target = case
    migrated = migrate_config(config, source, target)
    found = [note for note in config_check(migrated["config"], target) if note["level"] != "hint"]
    assert all(note in migrated["decisions"] for note in found)
    assert not [note for note in found if note["code"] in {"ignored-key", "deprecated-key"}]


@given(configurations())
def test_the_file_is_read_back_as_it_was_meant(case: tuple[dict[str, t.Any], str, str]) -> None:
    config, source, target = case
    migrated = migrate_config(config, source, target)
    if Release.parse(target).version >= STANDARD_YAML:
        lines, wanted = read_yaml_lines(migrated["text"]), migrated["config"]
    else:
        lines = read_lines(migrated["text"])
        wanted = {key: text_of(value) for key, value in migrated["config"].items()}
    assert {line.key: line.value for line in lines if line.key} == wanted
    assert migrate_config(lines, target, target)["text"] == migrated["text"]
