# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recorded answers of one cluster with one job, under the requests that they answer."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.jobs.recorded import RECORDED

SAMPLES = {name: (status, body) for name, (status, body) in RECORDED["2.3.0"].items()}
ID: str = SAMPLES["jars-run"][1]["jobid"]
TRIGGER: str = SAMPLES["stop"][1]["request-id"]
VERTEX: str = SAMPLES["job"][1]["vertices"][0]["id"]
PATH: str = SAMPLES["stop-done"][1]["operation"]["location"]
OTHER = "0" * 32
JAR = "1ca2_count.jar"
ANSWERS: dict[str, t.Any] = {
    "GET /overview": (200, {"flink-version": "2.3.0", "slots-total": 4, "slots-available": 1}),
    "GET /config": SAMPLES["config"],
    "GET /jobmanager/config": SAMPLES["jobmanager-config"],
    "GET /jobs/overview": SAMPLES["jobs-overview"],
    f"GET /jobs/{ID}": SAMPLES["job"],
    f"GET /jobs/{ID}/status": SAMPLES["job-status"],
    f"GET /jobs/{ID}/config": SAMPLES["job-config"],
    f"GET /jobs/{ID}/checkpoints": SAMPLES["checkpoints"],
    f"GET /jobs/{ID}/checkpoints/config": SAMPLES["checkpoints-config"],
    f"GET /jobs/{ID}/exceptions": SAMPLES["exceptions"],
    f"GET /jobs/{ID}/metrics?get=numRestarts": (200, [{"id": "numRestarts", "value": "2"}]),
    f"GET /jobs/{ID}/vertices/{VERTEX}/taskmanagers": (
        200,
        {"taskmanagers": [{"taskmanager-id": "tm2"}, {"taskmanager-id": "tm1"}]},
    ),
    f"POST /jobs/{ID}/stop": SAMPLES["stop"],
    f"POST /jobs/{ID}/savepoints": SAMPLES["stop"],
    f"GET /jobs/{ID}/savepoints/{TRIGGER}": SAMPLES["stop-done"],
    f"GET /jobs/{ID}/savepoints/{OTHER}": SAMPLES["trigger-unknown"],
    f"PATCH /jobs/{ID}?mode=cancel": (202, {}),
    "POST /jars/upload": SAMPLES["jars-upload"],
    f"POST /jars/{JAR}/run": SAMPLES["jars-run"],
    f"DELETE /jars/{JAR}": (200, {}),
    "POST /savepoint-disposal": SAMPLES["stop"],
    f"GET /savepoint-disposal/{TRIGGER}": (200, {"status": {"id": "COMPLETED"}, "operation": {}}),
}
