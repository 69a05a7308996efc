# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""submit.py JAR JOBS: uploads a jar to the JobManager of this host, and runs jobs of it: JSON of bodies of requests."""

from __future__ import annotations

import json
import sys
import typing as t
import urllib.request
from pathlib import Path

API = "http://localhost:8081"
BOUNDARY = "boundary-of-a-jar"
TIMEOUT = 300


def post(path: str, content: bytes, content_type: str) -> t.Any:
    request = urllib.request.Request(API + path, content, {"Content-Type": content_type})
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        return json.load(answer)


def main() -> None:
    jar, jobs = Path(sys.argv[1]), json.loads(sys.argv[2])
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="jarfile"; filename="{jar.name}"\r\n'
    kind = "Content-Type: application/x-java-archive\r\n\r\n"
    content = (head + kind).encode() + jar.read_bytes() + f"\r\n--{BOUNDARY}--\r\n".encode()
    uploaded = post("/jars/upload", content, f"multipart/form-data; boundary={BOUNDARY}")
    name = uploaded["filename"].rpartition("/")[2]
    for job in jobs:
        print(post(f"/jars/{name}/run", json.dumps(job).encode(), "application/json")["jobid"])


if __name__ == "__main__":
    main()
