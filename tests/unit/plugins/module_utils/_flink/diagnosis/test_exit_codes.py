# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.exit_codes import ending, shortage

# Code, status and result of systemd, what was said beside it, and the meaning.
ENDINGS: dict[str, tuple[str | None, int | None, str | None, tuple[str, ...], str | None, str]] = {
    "in order": ("exited", 0, None, (), None, "ended normally"),
    "asked to stop, as Java says it": ("exited", 143, None, ("signal-term",), None, "was stopped by SIGTERM"),
    "asked to stop, as the kernel says it": ("killed", 15, None, (), None, "was stopped by SIGTERM"),
    "interrupted": ("exited", 130, "exit-code", (), None, "was stopped by SIGINT"),
    "a slow stop": ("exited", 239, "exit-code", ("signal-term",), None, "was stopped, which took over 5 seconds"),
    "a thread that died": ("exited", 239, "exit-code", ("fatal-error",), "fatal-error", "an uncaught error"),
    "a thread that died before a stop": (
        *("exited", 239, "exit-code"),
        ("fatal-error", "signal-term"),
        *("fatal-error", "an uncaught error"),
    ),
    "239, and nothing beside it": ("exited", 239, "exit-code", (), "exit-code", "or a stop that took over 5 seconds"),
    "the flag of the JVM": ("exited", 3, "exit-code", (), "exit-on-oom", "-XX:+ExitOnOutOfMemoryError"),
    "the option of Flink": ("exited", 255, "exit-code", (), "jvm-exit-on-oom", "taskmanager.jvm-exit-on-oom"),
    "a crash that was asked for": ("dumped", 6, "core-dump", ("crash-on-oom",), "crash-on-oom", "CrashOnOutOfMemory"),
    "a crash, as Java says it": ("exited", 134, "exit-code", (), "jvm-crash", "crashed by SIGABRT (134)"),
    "a crash of native code": ("killed", 11, "signal", (), "jvm-crash", "crashed by SIGSEGV (139)"),
    "killed by the kernel": ("killed", 9, "oom-kill", (), "oom-kill", "for want of memory, as systemd says"),
    "killed by somebody": ("killed", 9, "signal", (), "killed", "was killed by SIGKILL (137)"),
    "killed, as a shell says it": ("exited", 137, "exit-code", (), "killed", "was killed by SIGKILL (137)"),
    "killed because it did not stop": ("killed", 9, "timeout", (), "stop-timeout", "did not stop in time"),
    "another signal": ("killed", 31, "signal", (), "killed", "was ended by signal 31"),
    "not started": (
        "exited",
        1,
        "exit-code",
        (),
        "exit-code",
        "it did not start, or shut itself down after a fatal error",
    ),
    "a JobManager that failed": ("exited", 2, "exit-code", (), "exit-code", "a fatal error ended the JobManager"),
    "an application that failed": ("exited", 163, "exit-code", (), "job-failed", "the job of the application failed"),
    "no Java": ("exited", 127, "exit-code", (), "exit-code", "was not found"),
    "a code of nobody's": ("exited", 42, "exit-code", (), "exit-code", "ended with exit code 42"),
    "no code at all": (None, None, None, (), "exit-code", "an unknown exit code"),
}

ERRORS = {
    "heap": ("Java heap space", "heap"),
    "heap, as the parallel collector says it": ("GC overhead limit exceeded", "heap"),
    "metaspace": ("Metaspace", "metaspace"),
    "class space": ("Compressed class space", "metaspace"),
    "direct memory of Java 17": ("Cannot reserve 1 bytes of direct buffer memory", "direct-memory"),
    "direct memory of Java 11": ("Direct buffer memory", "direct-memory"),
    "threads": ("unable to create native thread", "threads"),
    "an array": ("Requested array size exceeds VM limit", "array-size"),
    "something else": ("Out of swap space", None),
}


@pytest.mark.parametrize(
    ("code", "status", "result", "beside", "finding", "words"), ENDINGS.values(), ids=list(ENDINGS)
)
def test_what_an_exit_means(
    code: str | None, status: int | None, result: str | None, beside: tuple[str, ...], finding: str | None, words: str
) -> None:
    found = ending(code, status, result, beside)
    assert found.code == finding
    assert words in found.words


@pytest.mark.parametrize(("error", "code"), ERRORS.values(), ids=list(ERRORS))
def test_what_was_short(error: str, code: str | None) -> None:
    assert shortage(error) == code
