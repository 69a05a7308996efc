# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flink's own client on a JobManager host, which starts jobs where REST takes no jars."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import tempfile
import threading
import typing as t
from pathlib import Path

from ._flink.jobs.requests import secrets_of
from ._flink.launch.client_arguments import CLIENT, argument_file, client_arguments
from ._flink.values.traces import root_cause
from ._target.programs import Program, as_user

if t.TYPE_CHECKING:
    from ._flink.jobs.journal import Version
    from ._target.programs import Output

CLIENT_OPTIONS: dict[str, dict[str, t.Any]] = {
    "conf_dir": {"type": "path", "required": True},
    "home": {"type": "path", "required": True},
    "java_home": {"type": "path", "required": True},
    "java_options": {"type": "list", "elements": "str", "default": []},
    "options": {"type": "dict", "default": {}},
    "user": {"type": "str"},
}
# Arguments of a program may be secret; the user of the process reads them.
_FILE_MODE, _DIRECTORY_MODE = 0o640, 0o750
# Not the directory of a module of Ansible, which root alone enters.
_TEMPORARY = "/tmp"
_MOST_BYTES = 2**20
# What comes before the exception in the output of the client.
_MARK = "The program finished with the following exception:"


class ClientError(Exception):
    """Why the client has not started a job, in words without a full stop."""


class Client:
    """``options`` are those of ``CLIENT_OPTIONS``; a start takes at most so many ``seconds``.

    One program at a time: each is a JVM of its own on a host whose memory is planned. It has ``lock``, a descriptor: no
    other run begins while a program lives whose run was killed, and which may yet submit its job.
    """

    def __init__(self, options: t.Mapping[str, t.Any], seconds: float, lock: int) -> None:
        self._options = options
        self._seconds = seconds
        self._lock = lock
        self._turn = threading.Lock()

    def start(self, job_id: str, version: Version, savepoint: str | None, *, allow_non_restored_state: bool) -> None:
        """Raises ClientError, after which the cluster may have the job nevertheless."""
        words = client_arguments(
            version,
            job_id,
            savepoint,
            allow_non_restored_state=allow_non_restored_state,
            options=self._options["options"],
        )
        java = [*self._options["java_options"], "-classpath", self._class_path(), CLIENT]
        with self._turn, self._private_file(argument_file([*java, *words])) as path:
            said = self._said(path)
        if said.code != 0:
            hidden = secrets_of(version.args, version.config)
            trace = said.error.partition(_MARK)[2] or said.error or said.output
            raise ClientError(root_cause(trace.strip(), hidden) or f"Flink's client has ended with code {said.code}")

    def _said(self, path: str) -> Output:
        options = self._options
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            # Up to Java 17 the encoding of words and files follows the locale.
            "LC_ALL": "C.UTF-8",
            "JAVA_HOME": options["java_home"],
            "FLINK_CONF_DIR": options["conf_dir"],
            "FLINK_HOME": options["home"],
            "FLINK_LIB_DIR": f"{options['home']}/lib",
            "FLINK_OPT_DIR": f"{options['home']}/opt",
            "FLINK_PLUGINS_DIR": f"{options['home']}/plugins",
        }
        named = [f"{name}={value}" for name, value in environment.items()]
        command = [*self._as_user(), "env", "-i", *named, f"{options['java_home']}/bin/java", f"@{path}"]
        try:
            return Program(command, (self._lock,)).output(self._seconds, _MOST_BYTES)
        except TimeoutError:
            raise ClientError(f"Flink's client has not come to its end within {self._seconds:g} seconds") from None
        except OSError as exc:
            raise ClientError(f"{command[0]}: expected it to run, got {exc.strerror or exc}") from exc

    def _as_user(self) -> list[str]:
        """A program is never run with the rights of root where Flink has a user of its own."""
        if os.geteuid() != 0 or not self._options["user"]:
            return []
        user = self._account()
        return as_user(user.pw_uid, user.pw_gid)

    def _account(self) -> pwd.struct_passwd:
        name = self._options["user"]
        try:
            return pwd.getpwnam(name)
        except KeyError:
            raise ClientError(f"flink_user: expected a user of this host, got {name}") from None

    def _class_path(self) -> str:
        """In the order of the processes: flink-dist comes after what may have to win over it."""
        jars = sorted(Path(self._options["home"], "lib").glob("*.jar"), key=lambda path: path.name)
        return ":".join(map(str, sorted(jars, key=lambda path: path.name.startswith("flink-dist"))))

    @contextlib.contextmanager
    def _private_file(self, text: str) -> t.Iterator[str]:
        """A file that root writes and Flink's user reads, for as long as the block lasts."""
        try:
            directory = Path(tempfile.mkdtemp(prefix="flink-client-", dir=_TEMPORARY))
        except OSError as exc:
            raise ClientError(f"{_TEMPORARY}: expected a place for a file, got {exc.strerror or exc}") from exc
        try:
            path = directory / "words"
            with path.open("x", encoding="utf-8") as file:
                os.fchmod(file.fileno(), _FILE_MODE)
                file.write(text)
            if os.geteuid() == 0 and self._options["user"]:
                group = self._account().pw_gid
                os.chown(path, -1, group)
                os.chown(directory, -1, group)
            directory.chmod(_DIRECTORY_MODE)
            yield str(path)
        except OSError as exc:
            raise ClientError(f"{directory}: expected to write a file there, got {exc.strerror or exc}") from exc
        finally:
            shutil.rmtree(directory, ignore_errors=True)
