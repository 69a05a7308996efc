# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs import requests
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

ID = "0123456789abcdef" * 2


def stop(line: str, **given: t.Any) -> dict[str, t.Any]:
    options = {"drain": False, "savepoint_format": None, "trigger_id": None, **given}
    return requests.stop_body(Release.parse(line), options.pop("directory", "file:/s"), **options)


def savepoint(line: str, **given: t.Any) -> dict[str, t.Any]:
    options = {"savepoint_format": None, "trigger_id": None, **given}
    return requests.savepoint_body(Release.parse(line), options.pop("directory", "file:/s"), **options)


def run(line: str, **given: t.Any) -> dict[str, t.Any]:
    options: dict[str, t.Any] = {
        "job_id": None,
        "entry_class": None,
        "args": [],
        "parallelism": None,
        "savepoint": None,
        "allow_non_restored_state": False,
        "config": {},
        **given,
    }
    return requests.run_body(Release.parse(line), **options)


Make = t.Callable[..., "dict[str, t.Any]"]
# Who makes a body, for which release, of what, and the body.
BODIES: dict[str, tuple[Make, str, dict[str, t.Any], dict[str, t.Any]]] = {
    "stop, 1.10": (stop, "1.10", {}, {"targetDirectory": "file:/s", "drain": False}),
    "stop, 1.10, in the only format": (
        stop,
        "1.14",
        {"savepoint_format": "canonical", "drain": True},
        {"targetDirectory": "file:/s", "drain": True},
    ),
    "stop, 1.15": (
        stop,
        "1.15",
        {"savepoint_format": "native", "trigger_id": ID},
        {"targetDirectory": "file:/s", "drain": False, "formatType": "NATIVE", "triggerId": ID},
    ),
    "stop, in the directory of the cluster": (stop, "2.3", {"directory": None}, {"drain": False}),
    "savepoint, 1.10": (savepoint, "1.10", {}, {"target-directory": "file:/s", "cancel-job": False}),
    "savepoint, 2.3": (
        savepoint,
        "2.3",
        {"savepoint_format": "canonical", "trigger_id": ID},
        {"target-directory": "file:/s", "cancel-job": False, "formatType": "CANONICAL", "triggerId": ID},
    ),
    "run, nothing given": (run, "2.3", {}, {}),
    "run, first start": (
        run,
        "1.13",
        {
            "job_id": ID,
            "entry_class": "a.B",
            "args": ["--a", "b c"],
            "parallelism": 2,
            "allow_non_restored_state": True,
        },
        {"jobId": ID, "entryClass": "a.B", "programArgsList": ["--a", "b c"], "parallelism": 2},
    ),
    "run, 1.14, resumed": (
        run,
        "1.14",
        {"savepoint": "file:/s/1"},
        {"savepointPath": "file:/s/1", "allowNonRestoredState": False},
    ),
    "run, 1.15, resumed": (
        run,
        "1.15",
        {"savepoint": "file:/s/1", "allow_non_restored_state": True},
        {"savepointPath": "file:/s/1", "allowNonRestoredState": True, "restoreMode": "NO_CLAIM"},
    ),
    "run, 1.20, resumed": (
        run,
        "1.20",
        {"savepoint": "file:/s/1", "config": {"a": "b"}},
        {
            "savepointPath": "file:/s/1",
            "allowNonRestoredState": False,
            "claimMode": "NO_CLAIM",
            "flinkConfiguration": {"a": "b"},
        },
    ),
    "run, 1.17, with options": (run, "1.17", {"config": {"a": "b"}}, {"flinkConfiguration": {"a": "b"}}),
}

NO_OPTIONS = (
    "config: expected none before Flink 1.17, which has no options of a job in a session, got 'a.b' for 1.16. Set them "
    "for the cluster, or in the program."
)
REFUSED: dict[str, tuple[Make, str, dict[str, t.Any], str]] = {
    "a format that is none": (
        stop,
        "2.3",
        {"savepoint_format": "NATIVE"},
        "format: expected canonical or native, got 'NATIVE'. Correct it.",
    ),
    "a format before there were two": (
        savepoint,
        "1.14.6",
        {"savepoint_format": "native"},
        "format: expected canonical before Flink 1.15, got native for 1.14.6. Leave it out.",
    ),
    "a trigger ID before they could be given": (
        stop,
        "1.14",
        {"trigger_id": ID},
        "trigger_id: expected none before Flink 1.15, got one for 1.14. Leave it out.",
    ),
    "a trigger ID that is none": (
        stop,
        "2.3",
        {"trigger_id": "a/b"},
        "trigger_id: expected 32 hexadecimal digits in lower case, got 'a/b'. Correct it.",
    ),
    "options of a job before there were any": (
        run,
        "1.16",
        {"config": {"a.b": "c"}},
        NO_OPTIONS,
    ),
    "a job ID that is none": (
        run,
        "2.3",
        {"job_id": ID.upper()},
        f"job_id: expected 32 hexadecimal digits in lower case, got '{ID.upper()}'. Correct it.",
    ),
}


@pytest.mark.parametrize(("make", "line", "given", "body"), BODIES.values(), ids=BODIES)
def test_bodies(make: Make, line: str, given: dict[str, t.Any], body: dict[str, t.Any]) -> None:
    assert make(line, **given) == body


@pytest.mark.parametrize(("make", "line", "given", "message"), REFUSED.values(), ids=REFUSED)
def test_what_a_release_would_ignore(make: Make, line: str, given: dict[str, t.Any], message: str) -> None:
    with pytest.raises(FlinkError, match=f"^{re.escape(message)}$"):
        make(line, **given)


@pytest.mark.parametrize("path", [requests.job_path, requests.disposal_path])
@pytest.mark.parametrize("value", ["", "../cluster", ID[:-1], f"{ID}/", ID.upper(), None, 5])
def test_ids_that_lead_elsewhere(path: t.Callable[[t.Any], str], value: t.Any) -> None:
    with pytest.raises(FlinkError, match="expected 32 hexadecimal digits"):
        path(value)


def test_paths() -> None:
    assert requests.operation_path(ID, ID) == f"/jobs/{ID}/savepoints/{ID}"
    assert requests.disposal_path(ID) == f"/savepoint-disposal/{ID}"


# Arguments and options of a job, and what of them no message may repeat.
SECRETS: dict[str, tuple[list[str], dict[str, str], list[str]]] = {
    "nothing": (["--topic", "orders", "-p", "4"], {"a.b": "c"}, []),
    "the next argument": (["--password", "sesame", "--topic", "a"], {}, ["sesame"]),
    "the last argument": (["--password"], {}, []),
    "with an equals sign": (["--db.password=sesame"], {}, ["sesame"]),
    "within an address": (["jdbc:x://me:sesame@db/a"], {}, ["sesame"]),
    "a parameter of an address": (["--url", "jdbc:x://db/a?user=me&password=sesame"], {}, ["sesame"]),
    "an option": ([], {"s3.secret-key": "sesame", "pipeline.name": "a"}, ["sesame"]),
}


@pytest.mark.parametrize(("args", "config", "secrets"), SECRETS.values(), ids=SECRETS)
def test_secrets(args: list[str], config: dict[str, str], secrets: list[str]) -> None:
    assert requests.secrets_of(args, config) == secrets
