# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Actions that decide on what the variables of the role say for a host."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.streamops.flink.plugins.plugin_utils._action import Action
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.variables import (
    DEFAULTS,
    ROLE_VARIABLES,
    validated,
    variables_of_groups,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.wanted import Wanted
from ansible_collections.streamops.flink.plugins.plugin_utils._tls_directory import store_password

# The argument of that name: the hosts of the cluster by what they run, as the module inventory_info returns them.
CLUSTER: dict[str, t.Any] = {
    "type": "dict",
    "options": {
        "jobmanagers": {"type": "list", "elements": "str", "required": True},
        "taskmanagers": {"type": "list", "elements": "str", "required": True},
        "workers": {"type": "list", "elements": "str", "required": True},
    },
}

Result = dict[str, t.Any]
Cluster = t.Mapping[str, t.Sequence[str]]


class RoleAction(Action):
    """An action that reads the variables of the role."""

    def wanted(self, cluster: Cluster | None, variables: Result) -> Wanted:
        """What is wanted of the host, with the password of its stores. Raises FlinkError for a wrong variable."""
        wanted = Wanted.of(variables["inventory_hostname"], self._read(cluster, variables))
        return dataclasses.replace(wanted, tls_store_password=store_password(wanted))

    def given(self, variables: Result) -> t.Mapping[str, t.Any]:
        """What is set for the host, in the inventory or by whoever runs the play, without the defaults of the role."""
        hostvars = variables.get("hostvars")
        given = hostvars.raw_get(variables["inventory_hostname"]) if hostvars is not None else None
        return given if isinstance(given, dict) else {}

    def _read(self, cluster: Cluster | None, variables: Result) -> Result:
        """The variables of the role, templated, typed, and where none is set as the groups say."""
        names = {name: variables[name] for name in ROLE_VARIABLES if name in variables}
        if cluster is not None:
            given = self.given(variables)
            by_groups = variables_of_groups(variables["inventory_hostname"], cluster)
            # A variable that a play or an including role sets differs from the default.
            names.update(
                (name, value)
                for name, value in by_groups.items()
                if name not in given and names.get(name, DEFAULTS[name]) == DEFAULTS[name]
            )
        return validated(self._templar.template(names), ROLE_VARIABLES)
