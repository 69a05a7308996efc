#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_memory_info
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Get the memory of the processes of a running Flink cluster
description:
  - Queries the REST API of a JobManager and returns the memory under the names of a plan, so that both can be compared
    byte for byte.
options:
  timeout:
    description: The timeout of each request, in seconds.
    type: int
    default: 10
extends_documentation_fragment:
  - streamops.flink._attributes
  - streamops.flink._rest
seealso:
  - module: streamops.flink.cluster_health
  - module: streamops.flink.memory_plan
"""

EXAMPLES = r"""
- name: Query the JobManager of this host
  streamops.flink.cluster_memory_info:
  register: live

- name: Query through a proxy with a password and a certificate of a private authority
  streamops.flink.cluster_memory_info:
    url: https://flink.example.org/cluster-1
    url_username: operator
    url_password: "{{ flink_password }}"
    ca_path: /etc/ssl/private-authority.pem

- name: Show the managed memory of every TaskManager
  ansible.builtin.debug:
    msg: "{{ live.taskmanagers | items2dict(key_name='id', value_name='memory') }}"
"""

RETURN = r"""
flink_version:
  description: The Flink release of the cluster.
  returned: success
  type: str
  sample: 2.3.0
taskmanagers:
  description: The registered TaskManagers.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The resource ID of the TaskManager.
      type: str
      sample: worker-1
    path:
      description: The address of its RPC endpoint.
      type: str
      sample: pekko.tcp://flink@10.0.0.2:6122/user/rpc/taskmanager_0
    slots:
      description: The number of its slots.
      type: int
      sample: 4
    free_slots:
      description: The number of its free slots.
      type: int
      sample: 2
    memory:
      description:
        - Its components and totals in bytes, under the names of a plan.
        - Releases before 1.12 report C(managed) only; all others are V(null).
      type: dict
      sample:
        framework_heap: 134217728
        task_heap: 1530082070
        framework_off_heap: 134217728
        task_off_heap: 0
        network: 359703515
        managed: 1438814063
        jvm_metaspace: 268435456
        jvm_overhead: 429496736
        total_flink: 3597035104
        total_process: 4294967296
jobmanager:
  description: The JobManager that answered.
  returned: success
  type: dict
  contains:
    memory:
      description: Its components and totals in bytes, all V(null) before 1.12, which does not report them.
      type: dict
      sample:
        jvm_heap: 1073741824
        off_heap: 134217728
        jvm_metaspace: 268435456
        jvm_overhead: 201326592
        total_flink: 1207959552
        total_process: 1677721600
    jvm_args:
      description: The options that its JVM was started with, or V(null) before 1.16.
      type: list
      elements: str
      sample: ["-Xmx1073741824", "-Xms1073741824", "-XX:MaxMetaspaceSize=268435456"]
retry:
  description: Whether trying again later with the same options may help.
  returned: failure
  type: bool
  sample: true
"""

import json
import os
import typing as t
from pathlib import Path
from urllib.parse import urlsplit

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.urls import fetch_url

from ansible_collections.streamops.flink.plugins.module_utils._flink.cluster.rest_answers import (
    read_jobmanager,
    read_release,
    read_taskmanagers,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._rest import REST_ARGUMENTS

# By what Python and OpenSSL say of a connection: which option helps. The first one counts.
_REMEDIES = {
    "address mismatch": "Use a host name of the server's certificate in url, or set validate_certs: false.",
    "hostname mismatch": "Use a host name of the server's certificate in url, or set validate_certs: false.",
    "certificate has expired": "Renew the server's certificate, or set validate_certs: false.",
    "certificate verify failed": (
        "No trusted authority signed the server's certificate. Set ca_path to the certificate of its authority, or set "
        "validate_certs: false."
    ),
    "certificate required": "The server requires a client certificate: set client_cert and client_key.",
    "handshake failure": "The server may require a client certificate: set client_cert and client_key.",
    "unknown ca": "The server does not trust client_cert.",
    "key values mismatch": "client_key does not belong to client_cert.",
    "no certificate or crl found": "ca_path contains no certificate.",
    "wrong version number": "The server does not speak TLS: use http:// in url.",
    "record layer failure": "The server does not speak TLS: use http:// in url.",
}


class _Api:
    """The REST API of one JobManager."""

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        self._url = module.params["url"].rstrip("/")

    def get(self, path: str, *, optional: bool = False) -> t.Any:
        """The answer; null for an optional one that this release does not give."""
        url, params = self._url + path, self._module.params
        response, info = fetch_url(self._module, url, timeout=params["timeout"], ca_path=params["ca_path"])
        if optional and info["status"] == 404:
            return None
        if info["status"] != 200:
            remedy = _remedy(info, has_username=params["url_username"] is not None)
            advice = remedy or _guess(url, info["msg"].lower())
            self._module.fail_json(msg=f"{url}: expected an answer, got {info['msg']}. {advice}", retry=remedy is None)
        try:
            return json.loads(response.read())
        except (ValueError, OSError) as exc:
            kind = info.get("content-type", "something")
            self._module.fail_json(
                msg=f"{url}: expected JSON, got {kind}: {exc}. Is this a JobManager, or a page of a proxy?",
                retry=True,
            )


def _remedy(info: dict[str, t.Any], *, has_username: bool) -> str | None:
    """Which option helps, if one does."""
    if info["status"] == 401:
        if has_username:
            return "The server rejects this url_username with this url_password."
        return "The server requires authentication: set url_username and url_password."
    if info["status"] == 403:
        return "The server denies access: another url_username or client_cert may be needed."
    said = info["msg"].lower()
    return next((remedy for sign, remedy in _REMEDIES.items() if sign in said), None)


def _guess(url: str, said: str) -> str:
    """What to look at if nothing is certain. With TLS 1.3 the reason for closing may be lost."""
    if not any(sign in said for sign in ("reset by peer", "without response", "eof occurred", "broken pipe")):
        return "Is this the REST address of a running JobManager?"
    if url.startswith("https:"):
        return (
            "The server closed the connection. It may still be starting, or it may require a (different) client "
            "certificate: see client_cert."
        )
    return "The server closed the connection. It may still be starting, or it may expect TLS: use https:// in url."


def _check(module: AnsibleModule) -> None:
    """Refuse what would fail later without naming the option that causes it."""
    given = module.params["url"]
    if "@" in given:
        # What is before it may be a password, so that it is not repeated.
        module.fail_json(
            msg="url: expected no user name or password, since messages show it. Set url_username and url_password.",
            retry=False,
        )
    if not _is_http(given):
        module.fail_json(
            msg=f"url: expected an address such as http://localhost:8081, got {given!r}. Correct it.", retry=False
        )
    for option in ("ca_path", "client_cert", "client_key"):
        path = module.params[option]
        if path is not None and not (Path(path).is_file() and os.access(path, os.R_OK)):
            words = f"{option}: expected a readable file on the host, got {path}. Correct it."
            module.fail_json(msg=words, retry=False)


def _is_http(text: str) -> bool:
    try:
        url = urlsplit(text)
        return url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0
    except ValueError:
        return False


def main() -> None:
    module = AnsibleModule(
        argument_spec={**REST_ARGUMENTS, "timeout": {"type": "int", "default": 10}},
        required_by={"url_password": "url_username", "client_key": "client_cert"},
        supports_check_mode=True,
    )
    _check(module)
    module.params["force_basic_auth"] = module.params["url_username"] is not None
    api = _Api(module)
    answers = {
        "overview": api.get("/overview"),
        "taskmanagers": api.get("/taskmanagers"),
        "config": api.get("/jobmanager/config"),
        "environment": api.get("/jobmanager/environment", optional=True),
    }
    try:
        result = {
            "flink_version": read_release(answers["overview"]),
            "taskmanagers": read_taskmanagers(answers["taskmanagers"]),
            "jobmanager": read_jobmanager(answers["config"], answers["environment"]),
        }
    except FlinkError as exc:
        module.fail_json(msg=f"{module.params['url'].rstrip('/')}{exc}", retry=True)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
