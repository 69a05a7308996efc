# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.environment import (
    environment_file,
    environment_values,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

TEXTS = ["plain", "", "two words", 'a "quoted" one', "back\\slash", "$HOME `id` $(id)", "it's", "ü # ; & |", " blanks "]

REFUSED: list[tuple[t.Any, str]] = [
    (["A"], "expected a mapping"),
    ({"lower": "x"}, "capital letters"),
    ({"A-B": "x"}, "capital letters"),
    ({1: "x"}, "capital letters"),
    ({"A": "secret\nline"}, "A contains a line break"),
    ({"A": ["x", "secret\nline"]}, "A contains a line break"),
    ({"A": ["x", 1]}, "the words of A"),
    ({"A": None}, "A must be text, a number, a boolean or a list of texts"),
    ({"A": {"secret": 1}}, "A must be text, a number, a boolean or a list of texts"),
    ({"A": 10**4301}, "A must be text, a number, a boolean or a list of texts"),
    ({"A": "secret \ud800"}, "A contains an unpaired surrogate"),
    ({"A": ["secret \ud800"]}, "A contains an unpaired surrogate"),
]


def sh(script: str, variables: dict[str, t.Any], tmp_path: t.Any) -> list[str]:
    (tmp_path / "env").write_text(environment_file(variables), encoding="utf-8")
    command = ["sh", "-euf", "-c", f". {tmp_path}/env; {script}"]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("text", TEXTS)
def test_a_shell_reads_the_text(text: str, tmp_path: t.Any) -> None:
    assert sh(r"printf '%s\0' \"$A\"".replace('\\"', '"'), {"A": text}, tmp_path) == [text]


def test_a_shell_reads_the_words(tmp_path: t.Any) -> None:
    assert sh('eval "set -- $A"; printf \'%s\\0\' "$@"', {"A": TEXTS}, tmp_path) == TEXTS


def test_plain_words_are_not_quoted() -> None:
    assert environment_file({"A": ["-Xmx1", "-D", "k=1b"]}) == 'A="-Xmx1 -D k=1b"\n'


def test_a_process_has_the_values(tmp_path: t.Any) -> None:
    variables = {"A": TEXTS, "B": [], "C": 10, "D": True, **{f"T{number}": text for number, text in enumerate(TEXTS)}}
    environment = sh(f"set -a; . {tmp_path}/env; exec env -0", variables, tmp_path)
    values = environment_values(variables)
    assert list(values) == list(variables)
    assert [f"{name}={value}" for name, value in values.items() if f"{name}={value}" not in environment] == []


@pytest.mark.parametrize("function", [environment_file, environment_values])
@pytest.mark.parametrize(("variables", "message"), REFUSED)
def test_refusals(function: t.Callable[[t.Any], t.Any], variables: t.Any, message: str) -> None:
    with pytest.raises(FlinkError, match=message) as refusal:
        function(variables)
    assert "secret" not in str(refusal.value)
