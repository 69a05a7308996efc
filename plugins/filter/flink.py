# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import functools
import typing as t

from ansible.errors import AnsibleTemplatePluginError

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import config_check
from ansible_collections.streamops.flink.plugins.module_utils._flink.cluster.deviations import memory_deviations
from ansible_collections.streamops.flink.plugins.module_utils._flink.cluster.table import cluster_table
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.table import job_table
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.command import process_command
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.config_file import (
    config_file,
    config_file_name,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.environment import environment_file
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.memory_for import memory_for
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.table import memory_table
from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.table import (
    comparison_table,
    migration_table,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import merge_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import to_bytes, to_size
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.advice_table import advice_table
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.death_sentences import death_sentences
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.findings_table import findings_table
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.page import advice_page
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.open_ports import port_table
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.alerts import alert_rules
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.csv_file import fleet_csv
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.dashboard import grafana_dashboard
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.page import fleet_page
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.picture import fleet_picture
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.table import fleet_table
from ansible_collections.streamops.flink.plugins.plugin_utils._migration.door import compare_releases, migrate_config


def _filter(function: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
    """The function as a filter: its refusals become errors of the template."""

    @functools.wraps(function)
    def call(*args: t.Any, **kwargs: t.Any) -> t.Any:
        try:
            return function(*args, **kwargs)
        except FlinkError as exc:
            raise AnsibleTemplatePluginError(str(exc)) from exc

    return call


class FilterModule:
    """Flink's memory, sizes and configuration files in templates."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {
            "advice_page": _filter(advice_page),
            "advice_table": _filter(advice_table),
            "alert_rules": _filter(alert_rules),
            "cluster_table": _filter(cluster_table),
            "compare_releases": _filter(compare_releases),
            "comparison_table": _filter(comparison_table),
            "config_check": _filter(config_check),
            "config_file": _filter(config_file),
            "config_file_name": _filter(config_file_name),
            "death_sentences": _filter(death_sentences),
            "environment_file": _filter(environment_file),
            "findings_table": _filter(findings_table),
            "fleet_csv": _filter(fleet_csv),
            "fleet_page": _filter(fleet_page),
            "fleet_picture": _filter(fleet_picture),
            "fleet_table": _filter(fleet_table),
            "grafana_dashboard": _filter(grafana_dashboard),
            "job_table": _filter(job_table),
            "memory_deviations": _filter(memory_deviations),
            "memory_for": _filter(memory_for),
            "memory_plan": _filter(plan),
            "memory_table": _filter(memory_table),
            "merge_config": _filter(merge_config),
            "migrate_config": _filter(migrate_config),
            "migration_table": _filter(migration_table),
            "port_table": _filter(port_table),
            "process_command": _filter(process_command),
            "to_bytes": _filter(to_bytes),
            "to_size": _filter(to_size),
        }
