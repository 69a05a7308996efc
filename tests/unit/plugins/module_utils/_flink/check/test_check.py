# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import config_check
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

CONFIG = {
    "acme.orders": 1,
    "jobmanager.retrieve-taskmanager-hostname": "nope",
    "state.checkpoints.num-retained": 3,
    "taskmanager.network.compression.codec": "zip",
}

# A process, and the options that something is said about, the gravest first.
PROCESSES: dict[str | None, list[str]] = {
    None: [
        *("jobmanager.retrieve-taskmanager-hostname", "taskmanager.network.compression.codec"),
        *("acme.orders", "state.checkpoints.num-retained"),
    ],
    "jobmanager": ["jobmanager.retrieve-taskmanager-hostname", "acme.orders", "state.checkpoints.num-retained"],
    "taskmanager": ["taskmanager.network.compression.codec", "acme.orders", "state.checkpoints.num-retained"],
}


@pytest.mark.parametrize(("process", "keys"), PROCESSES.items())
def test_what_is_told_of_a_process(process: str | None, keys: list[str]) -> None:
    found = config_check(CONFIG, "2.3", process)
    assert [key for finding in found for key in finding["options"]] == keys
    assert {finding["level"] for finding in found} == {"error", "warning", "hint"}


# Arguments beside the configuration and the release, and the message.
REFUSED: dict[str, tuple[dict[str, t.Any], str]] = {
    "no process": ({"process": "client"}, "process: expected jobmanager or taskmanager, got 'client'."),
    "keys as text": ({"known_keys": "acme"}, "known_keys: expected a list of texts, got 'acme'."),
    "a number as a key": ({"known_keys": [1]}, "known_keys: expected a list of texts, got a whole number in it."),
    "a jar that is none": ({"jars": [None]}, "jars: expected a list of texts, got null in it."),
    "no host": ({"hosts": 0}, "hosts: expected a number of hosts such as 3, got 0."),
    "true for a number": ({"hosts": True}, "hosts: expected a number of hosts such as 3, got a boolean."),
}


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals(arguments: dict[str, t.Any], message: str) -> None:
    with pytest.raises(FlinkError) as refusal:
        config_check({}, "2.3", **arguments)
    assert str(refusal.value).startswith(message)


# Mistakes beside which a secret is written.
SECRETS: dict[str, dict[str, t.Any]] = {
    "a misspelt name": {"security.ssl.keystore-pasword": "hush"},
    "a pair with too many colons": {"user.artifacts.http-headers": "Authorization:Bearer hush:x"},
    "a pair of an option that is none": {"pipeline.global-job-parameters": "password:hush:x"},
    "JVM options by an older name": {"env.java.opts": "-Djavax.net.ssl.keyStorePassword=hush"},
    "JVM options to take away": {"env.java.opts.all": "-Xmx2g -XX:+UseG1GC -XX:+UseSerialGC -Dmy.token=hush"},
    "a property with a blank": {"env.java.opts.all": "-Dmy.password=oh hush"},
    "a URL by an older name": {"state.checkpoints.dir": "hdfs://me:hush@host/x"},
}


@pytest.mark.parametrize("config", SECRETS.values(), ids=SECRETS)
def test_a_secret_is_in_no_part_of_a_finding(config: dict[str, t.Any]) -> None:
    found = config_check(config, "2.3")
    assert found
    assert "hush" not in str(found)


# A mistake of each kind in one configuration, and what is found, the gravest first.
EVERYTHING = {
    "akka.ask.timeout": ["10 s"],
    "connector": "kafka",
    "env.java.opts.all": "-Xmx4g -XX:+PrintGCDateStamps -XX:+UseG1GC -XX:+UseParallelGC",
    "env.log.dir": "/l",
    "execution.checkpointing.intervall": "10 s",
    "execution.checkpointing.savepoint-dir": "s3://a/d",
    "execution.checkpointing.timeout": "1h30m",
    "high-availability.cluster-id": 1.1,
    "high-availability.type": "zookeeper",
    "metrics.reporter.jmx.class": "org.apache.flink.metrics.jmx.JMXReporter",
    "metrics.reporters": "prom",
    "pipeline.jars": "/a.jar,/b.jar",
    "restart-strategy.type": "fixd-delay",
    "security.ssl.rest.enabled": True,
    "state.backend.async": True,
    "state.backend.rocksdb.localdir": "/data",
    "state.backend.type": "hashmap",
    "state.savepoints.dir": "s3://a/c",
    "taskmanager.memory.managed.consumer-weights": "ROCKS:70",
    "taskmanager.memory.segment-size": "33k",
    "web.history": 5,
    "web.submit.enable": "yes",
    "yarn.application.name": "x",
}
FOUND = [
    ("error", "unreadable-value", "akka.ask.timeout"),
    ("error", "unreadable-value", "execution.checkpointing.timeout"),
    ("error", "unreadable-value", "web.submit.enable"),
    ("error", "unknown-restart-strategy", "restart-strategy.type"),
    ("error", "high-availability-incomplete", "high-availability.type"),
    ("error", "encryption-without-store", "security.ssl.rest.enabled"),
    ("error", "bad-segment-size", "taskmanager.memory.segment-size"),
    ("error", "memory-flag", "env.java.opts.all"),
    ("error", "two-collectors", "env.java.opts.all"),
    ("warning", "number-as-text", "high-availability.cluster-id"),
    ("warning", "comma-in-list", "pipeline.jars"),
    ("warning", "ignored-key", "state.backend.async"),
    ("warning", "deprecated-key", "state.savepoints.dir"),
    ("warning", "unknown-key", "execution.checkpointing.intervall"),
    ("warning", "unknown-consumer", "taskmanager.memory.managed.consumer-weights"),
    ("warning", "reporter-by-class", "metrics.reporter.jmx.class"),
    ("warning", "unconfigured-reporter", "metrics.reporters"),
    ("warning", "wrong-place", "connector"),
    ("warning", "jvm-option-without-effect", "env.java.opts.all"),
    ("hint", "deprecated-key", "akka.ask.timeout"),
    ("hint", "unread-option", "web.history"),
    ("hint", "other-backend", "state.backend.rocksdb.localdir"),
    ("hint", "file-system-plugin", "execution.checkpointing.savepoint-dir"),
    ("hint", "wrong-place", "yarn.application.name"),
    ("hint", "read-by-scripts", "env.log.dir"),
]


def test_a_mistake_of_each_kind() -> None:
    found = config_check(EVERYTHING, "2.3")
    assert [(note["level"], note["code"], note["options"][0]) for note in found] == FOUND
