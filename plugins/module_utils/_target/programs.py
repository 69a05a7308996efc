# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How programs are run on a host."""

from __future__ import annotations

import errno
import functools
import os
import selectors
import signal
import subprocess
import time
import typing as t

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

# A command in; its exit code, output and errors out, as AnsibleModule.run_command gives them. Raises OSError.
Run = t.Callable[[t.List[str]], t.Tuple[int, str, str]]


def runner(module: AnsibleModule) -> Run:
    """What a module runs programs with; bytes that are no UTF-8 are replaced."""
    return functools.partial(module.run_command, handle_exceptions=False, errors="replace")


def as_user(uid: int, gid: int) -> list[str]:
    """What stands before a command that root has to run with no more rights than a user has."""
    return ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--init-groups"]


class Output(t.NamedTuple):
    """What a program printed, as much of it as was wanted; its code is null if it was stopped at that."""

    code: int | None
    output: str
    error: str


class Program:
    """A program that has been started, in English, and whose output is for later; ``kept`` are descriptors it gets."""

    def __init__(self, command: list[str], kept: t.Sequence[int] = ()) -> None:
        self._problem: OSError | None = None
        try:
            # run_command waits for the end of a program, and keeps all of its output.
            self._process = subprocess.Popen(  # pylint: disable=ansible-bad-function
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, "LC_ALL": "C"},
                start_new_session=True,
                pass_fds=kept,
            )
        except OSError as exc:
            self._problem = exc

    def output(self, seconds: float = 20, most_bytes: int = 2**22) -> Output:
        """What it prints, which may be without end: it is ended at so many bytes. Raises OSError.

        If it is not done in time, it is ended, which is an OSError too; so is that it could not be started.
        """
        if self._problem is not None:
            raise self._problem
        process, code = self._process, None
        try:
            output, error, is_whole = _read(process, time.monotonic() + seconds, seconds, most_bytes)
            if is_whole:
                code = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise _late(seconds) from None
        finally:
            if code is None:
                # With whatever it has started, which may have its output.
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
        return Output(code, *(bytes(text).decode("utf-8", errors="replace") for text in (output, error)))


def brief_runner(command: list[str]) -> tuple[int, str, str]:
    """Runs a program that may not answer, as a Run."""
    code, output, error = Program(command).output()
    return -1 if code is None else code, output, error


def _read(
    process: subprocess.Popen[bytes], deadline: float, seconds: float, most_bytes: int
) -> tuple[bytearray, bytearray, bool]:
    """The output, the errors, and whether that is all."""
    output, error = bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        for pipe, text in ((process.stdout, output), (process.stderr, error)):
            selector.register(pipe or 0, selectors.EVENT_READ, text)
        while selector.get_map():
            ready = selector.select(deadline - time.monotonic())
            if not ready or time.monotonic() > deadline:
                raise _late(seconds)
            for key, _events in ready:
                read = os.read(key.fd, 2**16)
                key.data.extend(read)
                if not read:
                    selector.unregister(key.fileobj)
                if len(key.data) > most_bytes:
                    del key.data[most_bytes:]
                    return output, error, False
    return output, error, True


def _late(seconds: float) -> TimeoutError:
    return TimeoutError(errno.ETIMEDOUT, f"no answer within {seconds:g} seconds")
