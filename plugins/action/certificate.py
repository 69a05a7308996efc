# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime as dt
import typing as t

from ansible.errors import AnsibleError
from ansible.utils.display import Display

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.binding import asking
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.certificates import Pair, missing_names
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.tls import host_names, tls_objections
from ansible_collections.streamops.flink.plugins.plugin_utils._role_action import CLUSTER, RoleAction
from ansible_collections.streamops.flink.plugins.plugin_utils._tls_directory import Given, bring

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.wanted import Wanted

ARGUMENT_SPEC: dict[str, t.Any] = {"cluster": CLUSTER}

Result = dict[str, t.Any]


class ActionModule(RoleAction):
    """Have on the controller what a host needs for TLS."""

    _requires_connection = False
    argument_spec = ARGUMENT_SPEC

    def outcome(self, params: Result, variables: Result) -> Result:
        wanted = self.wanted(params["cluster"], variables)
        if wanted.tls == "none":
            return {"made": []}
        objections = list(tls_objections(wanted))
        if objections:
            raise FlinkError("\n".join(objections))
        facts = variables.get("ansible_facts") or {}
        options = flink_options(wanted)
        names, others = host_names(wanted, options, variables.get("ansible_host"), facts)
        given = self._given_pairs(wanted)
        now = dt.datetime.now(dt.UTC)
        brought = bring(wanted, names, others, given, now, check_mode=bool(self._task.check_mode))
        for sentence in brought.made:
            Display().display(f"{wanted.host}: {sentence}")
        warnings = list(brought.advice)
        if given is not None and "jobmanager" in wanted.components:
            missing = missing_names(given.host, [asking(wanted, options, lambda _host: {}).address])
            warnings += [
                f"flink_tls_certificate: expected {name} among its names, got none: who asks the REST API by that name "
                "does not trust it. Have it signed with that name, or set flink_rest_url."
                for name in missing
            ]
        return {"changed": bool(brought.made), "made": list(brought.made), "warnings": warnings}

    def _given_pairs(self, wanted: Wanted) -> Given | None:
        if not wanted.tls_certificate:
            return None
        host = Pair(self._text(wanted.tls_certificate), self._text(wanted.tls_key))
        client = host
        if wanted.tls_client_certificate:
            client = Pair(self._text(wanted.tls_client_certificate), self._text(wanted.tls_client_key))
        return Given(host, client, self._text(wanted.tls_ca))

    def _text(self, path: str | None) -> str:
        """Of a file that Ansible Vault may have encrypted."""
        try:
            return self.decrypted(str(path)).decode("ascii")
        except (AnsibleError, OSError, UnicodeDecodeError) as exc:
            said = str(exc).splitlines()[0].rstrip(".")
            raise FlinkError(
                f"flink_tls: expected a file in PEM on the controller, got {path}: {said}. Correct it."
            ) from exc
