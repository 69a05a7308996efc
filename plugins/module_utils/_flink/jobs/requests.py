# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent to a JobManager about jobs.

Source: ``JarRunRequestBody``, ``JarPlanRequestBody``, ``StopWithSavepointRequestBody``,
``SavepointTriggerRequestBody``, ``JobResourceRequirementsBody``; 1.10 - 2.3. Every release ignores fields that it does
not know: what it would ignore is refused here.
"""

from __future__ import annotations

import re
import typing as t

from ..values.errors import FlinkError, quoted
from ..values.secrets import is_secret

if t.TYPE_CHECKING:
    from ..values.release import Release

# From these lines on.
FORMATS = TRIGGER_IDS = RESTORE_MODE = (1, 15)
JOB_OPTIONS = (1, 17)
RESCALING = (1, 18)
CLAIM_MODE = (1, 20)
LIVE_STATE = (1, 16)

SAVEPOINT_FORMATS = ("canonical", "native")
_ID = re.compile(r"[0-9a-f]{32}")
_USER_INFO = re.compile(r"//[^/@:\s]*:([^/@\s]+)@")
_PAIR = re.compile(r"([\w.-]+)[=:]([^&;,\s]+)")

Body = t.Dict[str, t.Any]


def takes_trigger_id(release: Release) -> bool:
    """Whether a savepoint can be asked for twice under one ID, so that an answer that was lost does no harm."""
    return release.version >= TRIGGER_IDS


def stop_body(
    release: Release, directory: str | None, *, drain: bool, savepoint_format: str | None, trigger_id: str | None
) -> Body:
    """Of ``POST /jobs/:id/stop``; without a directory the one of the cluster counts. Raises FlinkError."""
    return {
        **_given(targetDirectory=directory, drain=drain),
        **_savepoint(release, savepoint_format, trigger_id),
    }


def savepoint_body(
    release: Release, directory: str | None, *, savepoint_format: str | None, trigger_id: str | None
) -> Body:
    """Of ``POST /jobs/:id/savepoints``, after which the job runs on. Raises FlinkError."""
    return {
        **_given(**{"target-directory": directory, "cancel-job": False}),
        **_savepoint(release, savepoint_format, trigger_id),
    }


def check_format(release: Release, savepoint_format: str | None) -> None:
    """Raises FlinkError for a format of savepoints that the release does not have."""
    if savepoint_format not in (None, *SAVEPOINT_FORMATS):
        expected = " or ".join(SAVEPOINT_FORMATS)
        raise FlinkError(f"format: expected {expected}, got {quoted(savepoint_format)}. Correct it.")
    if savepoint_format == "native" and release.version < FORMATS:
        raise FlinkError(f"format: expected canonical before Flink 1.15, got native for {release.given}. Leave it out.")


def _savepoint(release: Release, savepoint_format: str | None, trigger_id: str | None) -> Body:
    check_format(release, savepoint_format)
    written = savepoint_format.upper() if savepoint_format and release.version >= FORMATS else None
    if trigger_id is not None:
        if not takes_trigger_id(release):
            raise FlinkError(f"trigger_id: expected none before Flink 1.15, got one for {release.given}. Leave it out.")
        _check_id("trigger_id", trigger_id)
    return _given(formatType=written, triggerId=trigger_id)


def run_body(
    release: Release,
    *,
    entry_class: str | None,
    args: t.Sequence[str],
    parallelism: int | None,
    config: t.Mapping[str, str],
    job_id: str | None = None,
    savepoint: str | None = None,
    allow_non_restored_state: bool = False,
) -> Body:
    """Of ``POST /jars/:id/run`` and ``/jars/:id/plan``. A savepoint stays that of its maker. Raises FlinkError."""
    if config and release.version < JOB_OPTIONS:
        raise FlinkError(
            f"config: expected none before Flink 1.17, which has no options of a job in a session, got "
            f"{quoted(next(iter(config)))} for {release.given}. Set them for the cluster, or in the program."
        )
    if job_id is not None:
        _check_id("job_id", job_id)
    body = _given(
        jobId=job_id,
        entryClass=entry_class,
        programArgsList=list(args) or None,
        parallelism=parallelism,
        flinkConfiguration=dict(config) or None,
    )
    if savepoint is not None:
        body.update(savepointPath=savepoint, allowNonRestoredState=allow_non_restored_state)
        if release.version >= RESTORE_MODE:
            body["claimMode" if release.version >= CLAIM_MODE else "restoreMode"] = "NO_CLAIM"
    return body


def requirements_body(bounds: t.Mapping[str, tuple[int, int]], parallelisms: t.Mapping[str, int]) -> Body:
    """Of ``PUT /jobs/:id/resource-requirements``, which wants all vertices; none gets a higher lower bound."""
    return {
        vertex: {"parallelism": {"lowerBound": min(bounds[vertex][0], most), "upperBound": most}}
        for vertex, most in parallelisms.items()
    }


def secrets_of(args: t.Sequence[str], config: t.Mapping[str, str]) -> list[str]:
    """What a message about a job may not repeat: values whose names tell, and passwords in addresses."""
    found = [value for key, value in config.items() if is_secret(key)]
    for place, word in enumerate(args):
        key, equals, value = word.partition("=")
        if equals and is_secret(key):
            found.append(value)
        elif word.startswith("-") and not equals and is_secret(word):
            found += args[place + 1 : place + 2]
    for text in (*args, *config.values()):
        found += _USER_INFO.findall(text)
        found += [value for key, value in _PAIR.findall(text) if is_secret(key)]
    return list(dict.fromkeys(found))


def job_path(job_id: str) -> str:
    """Where REST has a job. Raises FlinkError for what is no ID."""
    _check_id("job_id", job_id)
    return f"/jobs/{job_id}"


def operation_path(job_id: str, trigger_id: str) -> str:
    """Where REST has a savepoint of a job, also one that stops it. Raises FlinkError for what is no ID."""
    _check_id("trigger_id", trigger_id)
    return f"{job_path(job_id)}/savepoints/{trigger_id}"


def disposal_path(trigger_id: str) -> str:
    """Where REST has the disposal of a savepoint. Raises FlinkError for what is no ID."""
    _check_id("trigger_id", trigger_id)
    return f"/savepoint-disposal/{trigger_id}"


def _check_id(option: str, value: object) -> None:
    if not (isinstance(value, str) and _ID.fullmatch(value)):
        raise FlinkError(f"{option}: expected 32 hexadecimal digits in lower case, got {quoted(value)}. Correct it.")


def _given(**fields: t.Any) -> Body:
    return {name: value for name, value in fields.items() if value is not None}
