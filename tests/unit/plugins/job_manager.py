# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A JobManager that says what it is told to, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import json
import threading
import typing as t

from ansible_collections.streamops.flink.tests.unit.plugins.quiet_server import QuietHandler, QuietServer

if t.TYPE_CHECKING:
    Answer = tuple[int, t.Any]


class JobManager(QuietServer):
    """``answers`` has for each ``METHOD /path`` the answers of one request after the other; the last one stays.

    It hangs up after the requests that are ``lost``.
    """

    def __init__(self, answers: t.Mapping[str, t.Sequence[Answer] | Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, list[Answer]] = {}
        self.heard: list[tuple[str, t.Any]] = []
        self.lost: set[str] = set()
        self.say(answers)

    def say(self, answers: t.Mapping[str, t.Sequence[Answer] | Answer]) -> None:
        """Answer these requests so from now on."""
        for request, given in answers.items():
            self.answers[request] = [t.cast("Answer", given)] if isinstance(given, tuple) else list(given)

    @property
    def writes(self) -> list[tuple[str, t.Any]]:
        """What was asked that changes something."""
        return [(request, body) for request, body in self.heard if not request.startswith("GET ")]


class _Handler(QuietHandler):
    server: JobManager

    def answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        is_json = content.startswith(b"{")
        request = f"{self.command} {self.path}"
        self.server.heard.append((request, json.loads(content) if is_json else content))
        if request in self.server.lost:
            return
        answers = self.server.answers.get(request, [(404, {"errors": [f"Not found: {self.path}"]})])
        status, said = answers.pop(0) if len(answers) > 1 else answers[0]
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def serving(answers: t.Mapping[str, t.Sequence[Answer] | Answer]) -> t.Iterator[JobManager]:
    """One that answers as long as it is needed."""
    with JobManager(answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
