# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import config_check
from ansible_collections.streamops.flink.plugins.module_utils._flink.check.wrong_values import check_values
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.check.promises import found_by

INTERVAL = "execution.checkpointing.interval"

# Release, option and value; then how the sentence begins, the remedy, and the value that is advised, null for none.
WRONG: dict[str, tuple[str, str, t.Any, str, str, t.Any]] = {
    "a word for a boolean": (
        "2.3",
        "web.submit.enable",
        "yes",
        "web.submit.enable: expected true or false, got 'yes'.",
        "Write true.",
        True,
    ),
    "two units": ("2.3", INTERVAL, "1h30m", f"{INTERVAL}: expected a duration", "Write 90 min.", "90 min"),
    "a duration before there were any": (
        "1.18",
        "heartbeat.interval",
        "30 s",
        "heartbeat.interval: expected a whole number",
        "Write 30000.",
        "30000",
    ),
    "a negative duration": (
        "2.3",
        "task.cancellation.timeout",
        -1,
        "task.cancellation.timeout: expected a duration",
        "Correct it, or remove it.",
        None,
    ),
    "no word at all": ("2.3", INTERVAL, "soon", f"{INTERVAL}: expected a duration", "Correct it, or remove it.", None),
    "a constant in short": (
        "2.3",
        "state.backend.rocksdb.log.level",
        "INFO",
        "state.backend.rocksdb.log.level: expected one of",
        "Write INFO_LEVEL.",
        "INFO_LEVEL",
    ),
    "a list for a text": (
        "2.3",
        "restart-strategy.type",
        ["none"],
        "restart-strategy.type: expected one text, got a list",
        "Write it as one text, in the form that Flink documents.",
        None,
    ),
}


@pytest.mark.parametrize(("line", "key", "value", "message", "remedy", "advised"), WRONG.values(), ids=WRONG)
def test_values_that_flink_cannot_read(
    line: str, key: str, value: t.Any, message: str, remedy: str, advised: t.Any
) -> None:
    (found,) = found_by(check_values, line, {key: value})
    assert (found["level"], found["code"], found["options"]) == ("error", "unreadable-value", [key])
    assert found["message"].startswith(message)
    assert found["remedy"] == remedy
    assert found["changes"] == {key: advised}
    assert found_by(check_values, line, {key: advised}) == []


# Releases and options with values that look odd and are right.
RIGHT: dict[str, tuple[str, dict[str, t.Any]]] = {
    "milliseconds": ("2.3", {INTERVAL: 10000}),
    "milliseconds as text": ("1.20", {"heartbeat.interval": "10000"}),
    "a boolean as text": ("2.3", {"web.submit.enable": "TRUE"}),
    "a list that is joined": ("2.3", {"io.tmp.dirs": ["/a", "/b"]}),
    "a number as text": ("2.3", {"rest.bind-port": 8081}),
    "a range of ports": ("2.3", {"rest.bind-port": "8081-8090"}),
    "anything that nothing reads": ("1.20", {"acme.x": [1]}),
}


@pytest.mark.parametrize(("line", "config"), RIGHT.values(), ids=RIGHT)
def test_values_that_flink_reads(line: str, config: dict[str, t.Any]) -> None:
    assert found_by(check_values, line, config) == []


def test_a_number_that_was_a_text() -> None:
    (found,) = found_by(check_values, "2.3", {"high-availability.cluster-id": 1.1})
    assert (found["level"], found["code"]) == ("warning", "number-as-text")
    assert found["changes"] == {"high-availability.cluster-id": "1.1"}
    assert found_by(check_values, "1.18", {"high-availability.cluster-id": 1.1}) == []


@pytest.mark.parametrize("key", ["s3.access-key", "security.ssl.rest.key-password", "fs.azure.account.key.a.net"])
def test_secrets_are_not_shown(key: str) -> None:
    assert "hush" not in str(config_check({key: ["hush"], f"{key}x": "hush"}, "2.3"))


# Release, options, and the value that is advised; none where commas are right.
COMMAS: dict[str, tuple[str, dict[str, t.Any], t.Any]] = {
    "in config.yaml": ("2.3", {"pipeline.jars": "/a.jar,/b.jar"}, ["/a.jar", "/b.jar"]),
    "in flink-conf.yaml": ("1.16", {"external-resources": "gpu, fpga"}, "gpu;fpga"),
    "semicolons": ("2.3", {"pipeline.jars": "/a.jar;/b.jar"}, None),
    "a list": ("2.3", {"pipeline.jars": ["/a.jar", "/b.jar"]}, None),
    "a list of YAML in a text": ("2.3", {"pipeline.jars": "[/a.jar, /b.jar]"}, None),
    "an item in quotes": ("2.3", {"pipeline.jars": "'/a,b.jar'"}, None),
    "a filter": ("1.16", {"metrics.reporter.prom.filter.includes": "*:*:counter,meter"}, None),
    "pairs": ("1.16", {"pipeline.default-kryo-serializers": "class:A,serializer:B"}, None),
}


@pytest.mark.parametrize(("line", "config", "advised"), COMMAS.values(), ids=COMMAS)
def test_commas_in_lists(line: str, config: dict[str, t.Any], advised: t.Any) -> None:
    found = found_by(check_values, line, config)
    assert [note["changes"] for note in found] == ([] if advised is None else [dict.fromkeys(config, advised)])
    assert {(note["level"], note["code"]) for note in found} <= {("warning", "comma-in-list")}
    assert all(found_by(check_values, line, note["changes"]) == [] for note in found)
