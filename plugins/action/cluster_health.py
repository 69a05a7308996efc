# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
import typing as t

from ansible.utils.display import Display

from ansible_collections.streamops.flink.plugins.module_utils._flink.cluster.deviations import memory_deviations
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, quoted_value
from ansible_collections.streamops.flink.plugins.module_utils._rest import REST_ARGUMENTS
from ansible_collections.streamops.flink.plugins.plugin_utils._action import Action

ARGUMENT_SPEC: dict[str, t.Any] = {
    **REST_ARGUMENTS,
    "plans": {"type": "list", "elements": "dict", "required": True},
    "host": {"type": "str", "required": True},
    "former": {"type": "dict", "default": {}},
    "ports": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {"type": "str", "required": True},
            "process": {"type": "str", "required": True},
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "required": True},
        },
    },
    "timeout": {"type": "int", "default": 60},
}

_PAUSE = 1.0
_ZOOKEEPER = "zookeeper clientPort"
_LONGEST_ANSWER = 10
_LONGEST_TIMEOUT = 24 * 3600
_MOST_NAMES = 5


class ActionModule(Action):
    """Wait until the processes of a host are registered as planned."""

    argument_spec = ARGUMENT_SPEC

    def outcome(self, params: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        if params["timeout"] > _LONGEST_TIMEOUT:
            got = quoted_value(params["timeout"])
            raise FlinkError(f"timeout: expected at most {_LONGEST_TIMEOUT} seconds, got {got}. Correct it.")
        if self._task.check_mode:
            return {"skipped": True, "msg": "In check mode, no cluster is asked."}
        has_plans = params["plans"] or not params["ports"]
        registered = self._wait(params, variables) if has_plans else {"deviations": []}
        return {**registered, **({} if registered.get("failed") else self._listen(params, variables))}

    def _wait(self, params: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        plans, host, timeout = params["plans"], params["host"], params["timeout"]
        former, start, shown = params["former"], time.monotonic(), ""
        beats: dict[str, int] = {}
        while True:
            left = timeout - int(time.monotonic() - start)
            answer = self._ask(max(1, min(_LONGEST_ANSWER, left)), variables)
            elapsed = int(time.monotonic() - start)
            deviations: list[str] = []
            if answer.get("failed"):
                suspects, sentences = _unanswering(plans), [str(answer.get("msg"))]
                if not answer.get("retry"):
                    return {**answer, "deviations": [], "suspects": suspects, "elapsed": elapsed}
                done, waiting = 0, "an answer of the JobManager"
            else:
                # One that is gone does not come back, nor does its heart beat again: with a fixed port, its successor
                # has the same path.
                registered = [found for found in answer["taskmanagers"] if _is_former(found, former)]
                beats = {found["id"]: beats.get(found["id"], found["heartbeat"]) for found in registered}
                former = {
                    found["id"]: found["path"] for found in registered if found["heartbeat"] == beats[found["id"]]
                }
                present = [found for found in answer["taskmanagers"] if not _is_former(found, former)]
                deviations = sentences = memory_deviations({**answer, "taskmanagers": present}, plans, host)
                if not deviations:
                    return {**answer, "deviations": [], "elapsed": elapsed}
                suspects = list(dict.fromkeys(deviation.partition(":")[0] for deviation in deviations))
                done, waiting = len(plans) - len(suspects), _listed(suspects)
            if elapsed >= timeout:
                return {
                    "failed": True,
                    "msg": f"Not as planned after {timeout} seconds: {' '.join(sentences)}",
                    "deviations": deviations,
                    "suspects": suspects,
                    "elapsed": elapsed,
                }
            if waiting != shown:
                progress = f"{done} of {len(plans)} processes as planned after {elapsed} s"
                Display().display(f"{host}: {progress}, waiting for {waiting}")
                shown = waiting
            time.sleep(_PAUSE)

    def _listen(self, params: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Wait until something listens on every port; nothing is said of success."""
        for wanted in params["ports"]:
            host = "localhost" if wanted["host"] == "0.0.0.0" else wanted["host"]
            arguments = {"host": host, "port": wanted["port"], "timeout": params["timeout"]}
            if self._execute_module("ansible.builtin.wait_for", arguments, task_vars=variables).get("failed"):
                words = (
                    f"expected it to listen on port {wanted['port']}, got nothing after {params['timeout']} seconds."
                )
                return _deaf(wanted, words)
            if wanted["name"] == _ZOOKEEPER:
                problem = self._serves(f"{host}:{wanted['port']}", params["timeout"], variables)
                if problem is not None:
                    return _deaf(wanted, f"expected it to serve, got {problem} for {params['timeout']} seconds.")
        return {}

    def _serves(self, server: str, timeout: int, variables: dict[str, t.Any]) -> str | None:
        """Why a ZooKeeper does not: it listens before it belongs to a majority."""
        start = time.monotonic()
        asked = {"znodes": [{"servers": [server], "path": "/"}]}
        while True:
            answer = self._execute_module("streamops.flink.host_info", asked, task_vars=variables)
            problem = str(answer["msg"]) if answer.get("failed") else answer["znodes"]["/"]["problem"]
            if problem is None or time.monotonic() - start >= timeout:
                return None if problem is None else str(problem)
            time.sleep(_PAUSE)

    def _ask(self, timeout: int, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """What the cluster says, asked from the host."""
        # As they were given: paths are those of the host, which the check here would have made those of the controller.
        given = {name: self._task.args[name] for name in REST_ARGUMENTS if name in self._task.args}
        answer = self._execute_module(
            module_name="streamops.flink.cluster_memory_info",
            module_args={**given, "timeout": timeout},
            task_vars=variables,
        )
        return {name: value for name, value in answer.items() if name != "invocation"}


def _deaf(wanted: dict[str, t.Any], words: str) -> dict[str, t.Any]:
    return {
        "failed": True,
        "msg": f"{wanted['name']}: {words} See its log, or raise the timeout.",
        "suspects": [wanted["process"]],
    }


def _is_former(taskmanager: dict[str, t.Any], former: dict[str, t.Any]) -> bool:
    return bool(former.get(taskmanager["id"]) == taskmanager["path"])


def _unanswering(plans: list[dict[str, t.Any]]) -> list[str]:
    """The JobManager if it is here, else it may be anyone's fault."""
    names = [str(plan.get("name")) for plan in plans]
    return ["jobmanager"] if "jobmanager" in names else names


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
