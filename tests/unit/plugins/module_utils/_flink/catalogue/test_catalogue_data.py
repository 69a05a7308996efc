# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink import catalogue
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.lines import LINES

TEXT = Path(catalogue.__file__).with_name("catalogue.json").read_text(encoding="utf-8")
CATALOGUE = json.loads(TEXT)
OPTIONS: dict[str, list[dict[str, t.Any]]] = CATALOGUE["options"]
RECORDS = [(key, record) for key, records in OPTIONS.items() for record in records]

MEMBERS = ["from", "to", "type", "default", "choices", "aliases", "deprecated", "instead", "unread", "sql"]
DEFAULTS = {
    "boolean": "true|false",
    "integer": r"-?\d+",
    "long": r"-?\d+",
    "float": r"-?\d+\.\d+",
    "double": r"-?\d+\.\d+(E-?\d+)?",
    "duration": r"-?\d+ (d|h|min|s|ms)",
    "memory": r"\d+ (bytes|kb|mb|gb|tb)",
    "enum": r"\w+",
    "string": ".+",
    "map": r"[^:,]+:[^:,]+(,[^:,]+:[^:,]+)*",
    "list string": ".+",
    "list enum": r"\w+(;\w+)*",
    "list map": ".+",
}
NEWEST_PATCH = 99


def span(record: dict[str, t.Any]) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and last release of a record: the place of the line, and the patch."""
    first = record.get("from", LINES[0])
    last = record.get("to", LINES[-1])
    return place(first, 0), place(last, NEWEST_PATCH)


def place(release: str, patch_of_a_line: int) -> tuple[int, int]:
    """The place of a line or of a patch release."""
    major, minor, *patch = release.split(".")
    return LINES.index(f"{major}.{minor}"), int(patch[0]) if patch else patch_of_a_line


def meet(record: dict[str, t.Any], other: dict[str, t.Any]) -> bool:
    """Whether there is a release of which both speak."""
    (first, last), (other_first, other_last) = span(record), span(other)
    return first <= other_last and other_first <= last


def test_every_line_is_there() -> None:
    assert CATALOGUE["lines"] == list(LINES)
    assert {line for line in LINES for key, record in RECORDS if span(record)[0] <= place(line, 0)} == set(LINES)


def test_a_diff_shows_one_option_to_a_line_in_the_order_of_keys() -> None:
    lines = [line for line in TEXT.splitlines() if line.startswith('"')]

    assert [json.loads(line.partition(": ")[0]) for line in lines] == sorted(OPTIONS)


def test_records_have_known_members_in_one_order_and_say_nothing_that_goes_without_saying() -> None:
    for key, record in RECORDS:
        assert list(record) == [member for member in MEMBERS if member in record], key
        assert all(record.values()), key
        assert record.get("from") != LINES[0], key
        assert record.get("to") != LINES[-1], key


def test_types_are_known_and_defaults_are_in_the_notation_of_their_type() -> None:
    for key, record in RECORDS:
        assert re.fullmatch(DEFAULTS[record["type"]], record.get("default", "")) or "default" not in record, key


def test_choices_are_those_of_enums_and_a_default_is_one_of_them() -> None:
    for key, record in RECORDS:
        assert ("choices" in record) == ("enum" in record["type"] and "sql" not in record), key
        if "default" in record and "choices" in record:
            assert set(record["default"].split(";")) <= set(record["choices"]), key


def test_records_of_an_option_follow_each_other_without_overlap() -> None:
    for key, records in OPTIONS.items():
        assert records, key
        for record in records:
            assert span(record)[0] <= span(record)[1], key
        for record, following in zip(records, records[1:]):
            assert span(record)[1] < span(following)[0], key


def test_records_that_say_the_same_without_a_gap_are_one() -> None:
    for key, records in OPTIONS.items():
        for record, following in zip(records, records[1:]):
            line, patch = span(record)[1]
            if span(following)[0] == ((line + 1, 0) if patch == NEWEST_PATCH else (line, patch + 1)):
                assert {**record, "from": 0, "to": 0} != {**following, "from": 0, "to": 0}, key


def test_names_of_users_in_keys_are_marked_in_two_ways() -> None:
    for key in OPTIONS:
        assert re.fullmatch(r"([A-Za-z0-9_-]+|<name>)(\.([A-Za-z0-9_-]+|<name>))*(\.<key>)?", key), key


def test_an_alias_that_is_deprecated_is_no_current_option_beside_the_one_that_it_sets() -> None:
    for key, record in RECORDS:
        for alias in record.get("aliases", []):
            for other in OPTIONS.get(alias, []):
                assert other.get("deprecated") or not meet(record, other), (key, alias)


def test_an_option_names_no_alias_twice_and_not_itself() -> None:
    for key, record in RECORDS:
        names = [key, *(alias.lstrip("=") for alias in record.get("aliases", []))]
        assert len(names) == len(set(names)), key


def test_what_to_set_instead_is_an_option_when_it_is_needed() -> None:
    for key, record in RECORDS:
        if "instead" in record:
            line, _patch = span(record)[1]
            needed = record if record.get("deprecated") else {"from": LINES[line + 1]}
            for other in record["instead"]:
                assert any(meet(needed, successor) for successor in OPTIONS[other]), (key, other)


def test_what_is_set_in_sql_is_never_set_in_a_file() -> None:
    for key, records in OPTIONS.items():
        assert len({record.get("sql") for record in records}) == 1, key


@pytest.mark.parametrize(
    ("key", "records"),
    [
        pytest.param(
            "state.backend",
            [{"to": "1.16", "type": "string"}],
            id="an option that became an alias ends with the line before",
        ),
        pytest.param(
            "state.backend.type",
            [
                {"from": "1.17", "to": "1.18", "type": "string", "aliases": ["state.backend"]},
                {"from": "1.19", "type": "string", "default": "hashmap", "aliases": ["state.backend"]},
            ],
            id="an option with an older name and with another default since",
        ),
        pytest.param(
            "rest.bind-address",
            [{"type": "string", "aliases": ["=web.address", "jobmanager.web.address"]}],
            id="an alias that is not deprecated is marked",
        ),
        pytest.param(
            "execution.savepoint.path",
            [
                {"to": "1.19", "type": "string"},
                {
                    "from": "1.20",
                    "to": "1.20",
                    "type": "string",
                    "deprecated": True,
                    "instead": ["execution.state-recovery.path"],
                },
            ],
            id="an option is deprecated with its whole class",
        ),
        pytest.param(
            "security.ssl.enabled",
            [
                {
                    "to": "1.20",
                    "type": "boolean",
                    "default": "false",
                    "deprecated": True,
                    "instead": ["security.ssl.internal.enabled", "security.ssl.rest.enabled"],
                }
            ],
            id="two options are the successors of one",
        ),
        pytest.param(
            "execution.buffer-timeout",
            [
                {"to": "1.16.0", "type": "duration", "default": "100 ms"},
                {"from": "1.17", "to": "1.17.0", "type": "duration", "default": "100 ms"},
            ],
            id="a patch release may have what its line has not",
        ),
        pytest.param(
            "python.fn-execution.bundle.size",
            [
                {"to": "1.10", "type": "integer", "default": "1000"},
                {"from": "1.11", "to": "1.15.0", "type": "integer", "default": "100000"},
                {"from": "1.15.1", "to": "1.15", "type": "integer", "default": "1000"},
                {"from": "1.16", "to": "1.16.0", "type": "integer", "default": "100000"},
                {"from": "1.16.1", "type": "integer", "default": "1000"},
            ],
            id="a default may change with a patch release",
        ),
        pytest.param(
            "restart-strategy.fixed-delay.delay",
            [{"type": "duration", "default": "1 s"}],
            id="of two fields with the same key the current one counts",
        ),
        pytest.param(
            "io.tmp.dirs", [{"type": "string", "aliases": ["taskmanager.tmp.dirs"]}], id="no machine's default"
        ),
        pytest.param(
            "metrics.reporter.<name>.port", [{"type": "string"}], id="a range for one reporter, one port for another"
        ),
        pytest.param("zookeeper.heap.mb", [{"type": "integer", "default": "0"}], id="a key that only a script reads"),
        pytest.param(
            "web.history",
            [{"type": "integer", "default": "5", "aliases": ["jobmanager.web.history"], "unread": True}],
            id="read by nothing",
        ),
        pytest.param("connector", [{"from": "1.11", "type": "string", "sql": True}], id="an option of SQL"),
    ],
)
def test_the_catalogue_says_what_is_known(key: str, records: list[dict[str, t.Any]]) -> None:
    assert OPTIONS[key] == records
