# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the exit code of a process means, with what its log or the journal says beside it."""

from __future__ import annotations

import signal
import typing as t

# A shell, or a JVM that a signal ended, says 128 and the number of the signal.
_BY_SIGNAL = 128
_SIGNALS = {1: "SIGHUP", 2: "SIGINT", 6: "SIGABRT", 7: "SIGBUS", 9: "SIGKILL", 11: "SIGSEGV", 15: "SIGTERM"}
_STOPS = (1, 2, 15)
_CRASHES = (6, 7, 11)

# Of what a JVM says as it ends for want of memory: the beginning of the text, and the code of the failure.
_SHORTAGES = (
    ("Java heap space", "heap"),
    ("GC overhead limit", "heap"),
    ("Requested array size", "array-size"),
    ("Metaspace", "metaspace"),
    ("Compressed class space", "metaspace"),
    ("Direct buffer memory", "direct-memory"),
    ("Cannot reserve", "direct-memory"),
    ("unable to create", "threads"),
)


class Ending(t.NamedTuple):
    """How a process ended, in words that follow its name; ``code`` is that of a finding, null if it was to stop."""

    code: str | None
    words: str


def ending(code: str | None, status: int | None, result: str | None, beside: t.Container[str]) -> Ending:
    """The meaning of an exit: ``code``, ``status`` and ``result`` are those of systemd.

    ``beside`` are the codes of the signatures that were found in the log and the journal around it.
    """
    number = _signal(code, status)
    if result == "oom-kill":
        return Ending("oom-kill", "was killed for want of memory, as systemd says")
    if number in _STOPS:
        return Ending(None, f"was stopped by {_SIGNALS[number]}")
    if number is None:
        return _exited(status, beside)
    if number in _CRASHES and "crash-on-oom" in beside:
        return Ending("crash-on-oom", "crashed for want of memory, as -XX:+CrashOnOutOfMemoryError asks (134)")
    if number in _CRASHES:
        return Ending("jvm-crash", f"crashed by {_SIGNALS[number]} ({_BY_SIGNAL + number}): a fault of native code")
    return _killed(number, result)


def _killed(number: int, result: str | None) -> Ending:
    if result in ("timeout", "watchdog"):
        return Ending("stop-timeout", "did not stop in time, so systemd killed it")
    if number == signal.SIGKILL:
        return Ending("killed", "was killed by SIGKILL (137)")
    return Ending("killed", f"was ended by signal {number}")


def _signal(code: str | None, status: int | None) -> int | None:
    if status is None:
        return None
    if code in ("killed", "dumped"):
        return status
    number = status - _BY_SIGNAL
    return number if number in _SIGNALS else None


def _exited(status: int | None, beside: t.Container[str]) -> Ending:
    if status == 0:
        return Ending(None, "ended normally")
    if status == 239:
        return _halted(beside)
    code, meaning = _CODES.get(status or 0, ("exit-code", ""))
    number = "an unknown exit code" if status is None else f"exit code {status}"
    return Ending(code, f"ended with {number}{meaning and f': {meaning}'}")


def _halted(beside: t.Container[str]) -> Ending:
    """Flink's handler of fatal errors ends with -17, and so does its safeguard when a stop takes over 5 seconds.

    Source: FatalExitExceptionHandler, JvmShutdownSafeguard.
    """
    if "fatal-error" in beside:
        return Ending("fatal-error", "ended itself after an uncaught error (exit code 239)")
    if "signal-term" in beside:
        return Ending(None, "was stopped, which took over 5 seconds (exit code 239)")
    return Ending(
        "exit-code",
        "ended with exit code 239: an error in a thread of Flink, or a stop that took over 5 seconds; see its log",
    )


# Of other exit codes: the code of the finding, and what they mean.
_CODES = {
    1: ("exit-code", "it did not start, or shut itself down after a fatal error"),
    2: ("exit-code", "a fatal error ended the JobManager"),
    3: ("exit-on-oom", "its JVM ran out of memory, and -XX:+ExitOnOutOfMemoryError ends it then"),
    126: ("exit-code", "Java or the launcher may not be executed"),
    127: ("exit-code", "Java or the launcher was not found"),
    # ApplicationStatus: 1443 and 1445, of which 8 bits are left.
    163: ("job-failed", "the job of the application failed"),
    165: ("job-failed", "the job of the application ended in an unknown state"),
    203: ("exit-code", "systemd could not execute it"),
    217: ("exit-code", "systemd does not know its user"),
    255: ("jvm-exit-on-oom", "taskmanager.jvm-exit-on-oom ends a JVM that has run out of memory"),
}


def shortage(error: str) -> str | None:
    """The code of what is short, by the text of an OutOfMemoryError; null if that does not say."""
    return next((code for begin, code in _SHORTAGES if error.startswith(begin)), None)
