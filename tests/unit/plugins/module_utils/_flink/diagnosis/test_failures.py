# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.catalogue.catalogue import options_of
from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.failures import ACCOUNTS
from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.signatures import SIGNATURES, match
from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.subject import Subject
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.diagnosis.looks import plans
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.diagnosis.signature_lines import (
    DERIVED,
    SEEN,
)
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.lines import LINES

# What a signature finds, and what is no failure by itself: ends of a process, and what others are read with.
OF_ENDS = {"exit-on-oom", "jvm-exit-on-oom", "crash-on-oom", "signal-term"}
OF_THE_KERNEL = {"oom-invoked", "oom-kill", "oom-killed"}
BESIDE = {"rocksdb-share", "task-failed"}


def fields_of(code: str) -> list[t.Mapping[str, str]]:
    """What lines of this code say, in all their forms."""
    found = [match(line) for line, _code, _fields in (*SEEN.values(), *DERIVED.values())]
    return [seen.fields for seen in found if seen and seen.code == code] or [{}]


def subjects(line: str) -> list[Subject]:
    """Both kinds of process, planned and not."""
    planned = plans(line)
    return [
        *(Subject(host, plan["name"], plan) for host, there in planned.items() for plan in there),
        Subject(None, "taskmanager-1", flink_version=line),
        Subject(None, "jobmanager", flink_version=line),
    ]


def test_each_signature_is_a_failure_or_known_not_to_be() -> None:
    codes = {signature.code for signature in SIGNATURES}
    assert codes - set(ACCOUNTS) == OF_ENDS | OF_THE_KERNEL | BESIDE
    assert set(ACCOUNTS) <= codes


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("code", ACCOUNTS)
def test_an_account_names_options_of_its_release(code: str, line: str) -> None:
    known = options_of(Release.parse(line))
    for subject in subjects(line):
        for fields in fields_of(code):
            account = ACCOUNTS[code](subject, fields)
            unknown = [option for option in account.options if not known.find(option)]
            assert unknown == []
            assert account.level in ("error", "warning")
            assert account.message.endswith(".")
            assert account.remedy.endswith(".")
            assert "None" not in account.message + account.remedy
