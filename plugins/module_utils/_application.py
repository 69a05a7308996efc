# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JobManager of a host that runs one job: what it starts with, and whether it has started."""

from __future__ import annotations

import os
import shutil
import time
import typing as t
from pathlib import Path

from ._flink.jobs.application import STAYS
from ._flink.launch.environment import environment_file
from ._flink.launch.job_arguments import TAKES_JARS, job_arguments
from ._flink.values.release import Release
from ._flink.values.traces import root_cause
from ._job_runner import Launcher, NotRunningError
from ._rest import RestError
from ._target.logs import last_errors, log_directory
from ._target.systemd import show_units
from ._target.texts import HostError, read_text

if t.TYPE_CHECKING:
    from ._flink.jobs.journal import Version
    from ._jobs import JobsApi
    from ._target.programs import Run

_PAUSE = 0.5
_DIRECTORY_MODE = 0o755
# Arguments of a program may be secret; the user of the process reads them.
_START_MODE = 0o640
# How long a JobManager may take from when it answers no more until it has gone, in seconds.
_LONGEST_END = 60.0
_ENDED = "its JobManager has ended"
# So often systemd has started it again before it is given up.
_MOST_STARTS = 2

APPLICATION_OPTIONS: dict[str, dict[str, t.Any]] = {
    "directory": {"type": "path", "required": True},
    "group": {"type": "str"},
    "launcher": {"type": "path"},
    "log_dir": {"type": "path", "required": True},
    "prepare": {"type": "bool", "default": False},
    "release": {"type": "str", "required": True},
    "unit": {"type": "str"},
}


class StartFile:
    """What the JobManager of a host starts with; ``options`` are those of ``APPLICATION_OPTIONS``."""

    def __init__(self, options: t.Mapping[str, t.Any]) -> None:
        self._directory = Path(options["directory"])
        self._file = self._directory / "job.env"
        self._group = options["group"]
        self._takes_jars = Release.parse(options["release"]).version >= TAKES_JARS

    def read(self) -> dict[str, str | None] | None:
        """Its text, and the jar that is told beside it, as ``write`` takes them; null if no job is to run."""
        text = read_text(self._file, strict=True, follows=False)
        link = next((self._directory / "usrlib").glob("*"), None)
        jar = os.readlink(link) if link is not None and link.is_symlink() and not self._takes_jars else None
        return None if text is None else {"text": f"{text}\n", "jar": jar}

    def write(self, text: str, jar: str | None) -> None:
        """It is on the disk, whole, when this returns. Raises HostError."""
        new = self._file.with_suffix(".new")
        try:
            self._directory.mkdir(mode=_DIRECTORY_MODE, exist_ok=True)
            self._forget_end()
            if jar is not None and not self._takes_jars:
                self._link(jar)
            new.unlink(missing_ok=True)
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _START_MODE)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                os.fchmod(file.fileno(), _START_MODE)
                if self._group:
                    shutil.chown(new, group=self._group)
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._file)
        except (LookupError, OSError) as exc:
            raise HostError(f"{self._file}: {getattr(exc, 'strerror', None) or exc}.") from exc

    def remove(self) -> None:
        """Raises HostError."""
        try:
            self._file.unlink(missing_ok=True)
            self._forget_end()
        except OSError as exc:
            raise HostError(f"{self._file}: {exc.strerror or exc}.") from exc

    def has_done(self) -> bool:
        """Whether the unit has noted that its job had done its work, see ``start.conf.j2``."""
        return (self._directory / "ended.0").exists()

    def _forget_end(self) -> None:
        """What the unit has noted of a former job, see ``start.conf.j2``."""
        for path in self._directory.glob("ended.*"):
            path.unlink(missing_ok=True)

    def _link(self, jar: str) -> None:
        """The one jar of ``usrlib``, beside what FLINK_LIB_DIR names."""
        place = self._directory / "usrlib"
        place.mkdir(mode=_DIRECTORY_MODE, exist_ok=True)
        link = place / Path(jar).name
        for other in place.iterdir():
            if other != link:
                other.unlink()
        if not (link.is_symlink() and os.readlink(link) == jar):
            link.unlink(missing_ok=True)
            link.symlink_to(jar)


class Application(Launcher):
    """``options`` are those of ``APPLICATION_OPTIONS``. It restarts nothing: the job needs its TaskManagers as well."""

    waits = True

    def __init__(self, api: JobsApi, options: t.Mapping[str, t.Any], run: Run) -> None:
        super().__init__(api)
        self._options = options
        self._release = Release.parse(options["release"])
        self._ends = self._release.version < STAYS
        self._file = StartFile(options)
        self._run = run

    def hindrance(self) -> str | None:
        return None

    def launch(self, job_id: str, version: Version, savepoint: str | None, *, allow_non_restored_state: bool) -> None:
        words = job_arguments(
            version, job_id, savepoint, allow_non_restored_state=allow_non_restored_state, release=self._release
        )
        self._file.write(environment_file({"FLINK_JOB_ARGS": words}), version.jar)

    def hold(self) -> None:
        self._file.remove()

    def await_job(self, job_id: str, timeout: float) -> bool:
        """Until the JobManager knows its job; false if it has ended with a job that had done its work.

        Raises NotRunningError if it ends otherwise, or takes too long.
        """
        deadline = time.monotonic() + timeout
        while not self._knows(job_id):
            trouble = self._trouble()
            if trouble is None and time.monotonic() > deadline:
                trouble = f"its JobManager does not know it after {timeout:g} seconds"
            if trouble is not None:
                self._check_end(trouble)
                return False
            time.sleep(_PAUSE)
        return True

    def has_ended(self) -> bool:
        """Raises NotRunningError if it has not done so because its job had done its work."""
        deadline = time.monotonic() + _LONGEST_END
        while self._ends and time.monotonic() < deadline:
            trouble = self._trouble()
            if trouble is not None:
                self._check_end(trouble)
                return True
            time.sleep(_PAUSE)
        return False

    def _check_end(self, trouble: str) -> None:
        """One that had no job to run ends with the same code."""
        if not self._file.has_done():
            cause = self._cause()
            raise NotRunningError(f"{trouble}{f': {cause}' if cause else ''}")

    def _knows(self, job_id: str) -> bool:
        """While a job initializes, the JobManager answers no questions about it."""
        try:
            return any(job["id"] == job_id and job["state"] != "INITIALIZING" for job in self._api.overview())
        except RestError as exc:
            if exc.may_pass:
                return False
            raise

    def _command(self, words: list[str]) -> tuple[int, str, str]:
        try:
            return self._run(words)
        except OSError as exc:
            raise HostError(f"{words[0]}: expected it to run, got {exc}.") from exc

    def _trouble(self) -> str | None:
        """Why it will not come up, null as long as it may."""
        unit = self._options["unit"]
        if not unit:
            return _ENDED if self._command([self._options["launcher"], "status"])[0] else None
        shown = show_units([unit], ("ActiveState", "NRestarts", "ExecMainStatus"), self._run).get(unit, {})
        has_ended = shown.get("ActiveState") in ("failed", "inactive")
        starts = shown.get("NRestarts", "")
        if has_ended or (starts.isdecimal() and int(starts) >= _MOST_STARTS):
            code = shown.get("ExecMainStatus", "")
            return f"{_ENDED}{f' with code {code}' if code not in ('', '0') else ''}"
        return None

    def _cause(self) -> str:
        try:
            with log_directory(self._options["log_dir"]) as directory:
                return root_cause("\n".join(last_errors(directory, "jobmanager")))
        except OSError:
            return ""
