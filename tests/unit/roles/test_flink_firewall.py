# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands that load rules, with programs that keep what they have loaded in a file."""

from __future__ import annotations

import os
import subprocess
import typing as t
from pathlib import Path

import pytest
import yaml

STEP = Path(__file__).parents[3] / "roles/flink/tasks/steps/firewall.yml"
NFT = """#!/bin/sh
case "$1" in
    list) cat "$LOADED/$4" ;;
    -f) rules=$(cat); test "$rules" != wrong && echo "$rules" > "$LOADED/flink" ;;
esac
"""
FIREWALL_CMD = """#!/bin/sh
case "$1" in
    --info-policy=flink) cat "$LOADED/flink" ;;
    --permanent) cat "$LOADED/stored" ;;
    --reload) echo success ;;
esac
"""


def command(name: str, changed: str = "") -> list[str]:
    tasks: list[dict[str, t.Any]] = yaml.safe_load(STEP.read_text())
    (task,) = (task for task in tasks if task["name"] == name)
    argv: list[str] = task["ansible.builtin.command"]["argv"]
    values = {"{{ __flink_firewall.table }}": "flink", "{{ __flink_rules is changed }}": changed}
    return [values.get(word, word) for word in argv]


def executable(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


# What is loaded, the rules that are stored, what the command says, its exit code, and what is loaded then.
LOADS: dict[str, tuple[str | None, str, str, int, str | None]] = {
    "nothing is loaded": (None, "new\n", "loaded\n", 0, "new\n"),
    "a run was killed between storing rules and loading them": ("old\n", "new\n", "loaded\n", 0, "new\n"),
    "they are loaded": ("new\n", "new\n", "", 0, "new\n"),
    "nft refuses them": ("old\n", "wrong\n", "", 1, "old\n"),
}


@pytest.mark.parametrize(("was", "rules", "said", "code", "loaded"), LOADS.values(), ids=LOADS)
def test_rules_are_loaded_whatever_is_stored(
    was: str | None, rules: str, said: str, code: int, loaded: str | None, tmp_path: Path
) -> None:
    table = tmp_path / "flink"
    executable(tmp_path / "nft", NFT)
    if was is not None:
        table.write_text(was)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "LOADED": str(tmp_path)}
    given: dict[str, t.Any] = {"input": rules, "env": environment}
    found = subprocess.run(command("Load the rules"), **given, capture_output=True, text=True, check=False)
    assert (found.stdout, found.returncode, table.read_text()) == (said, code, loaded)


# Whether this run has written the policy, what firewalld has loaded and what it has stored, and whether it reads it.
READS: dict[str, tuple[str, str, str, bool]] = {
    "a policy that is new": ("True", "", "new", True),
    "a policy that it has not seen yet": ("True", "old", "old", True),
    "a run was killed between writing it and having it read": ("False", "old", "new", True),
    "it is loaded": ("False", "new", "new", False),
}


@pytest.mark.parametrize(("changed", "loaded", "stored", "reads"), READS.values(), ids=READS)
def test_firewalld_reads_what_it_has_not_loaded(
    changed: str, loaded: str, stored: str, reads: bool, tmp_path: Path
) -> None:
    executable(tmp_path / "firewall-cmd", FIREWALL_CMD)
    (tmp_path / "flink").write_text(loaded)
    (tmp_path / "stored").write_text(stored)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "LOADED": str(tmp_path)}
    argv = command("Reload firewalld if it has not loaded the policy", changed)
    found = subprocess.run(argv, env=environment, capture_output=True, text=True, check=True)
    assert (found.stdout == "success\n") is reads
