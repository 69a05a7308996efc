# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wanted of a host: the variables of the role, with the types of its argument specification."""

from __future__ import annotations

import dataclasses
import re
import typing as t

PREFIX = "flink_"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Each variable of the role under its name without ``flink_``; ``host`` is the name in the inventory.

    What they mean and which values they may have is in ``roles/flink/meta/argument_specs.yml``.
    """

    host: str
    allow_http: bool
    archive: str
    archive_checksum: str | None
    archive_fingerprints: t.Sequence[str]
    archive_keys: str | None
    archive_signature: str | None
    bind_address: str | None
    class_data_sharing: bool
    components: t.Sequence[str]
    conf_dir: str
    config: t.Mapping[str, t.Any]
    config_check: str
    config_known_keys: t.Sequence[str]
    current_link: str | None
    deployment_mode: str
    exit_on_oom: bool
    firewall: str
    firewall_cluster: t.Sequence[str]
    firewall_sources: t.Sequence[str]
    fixed_ports: bool
    gc_log: bool
    group: str | None
    health_timeout: int
    high_availability: t.Mapping[str, t.Any] | None
    historyserver_jvm_args: t.Sequence[str]
    home: str
    host_memory: t.Any
    jars: t.Sequence[t.Mapping[str, t.Any]]
    java_home: str | None
    java_packages: t.Sequence[str] | None
    jemalloc: bool
    jobmanager_config: t.Mapping[str, t.Any]
    jobmanager_hosts: t.Sequence[str]
    jobs: t.Sequence[t.Mapping[str, t.Any]]
    jobs_rollback: bool
    jobs_timeout: int
    jobs_unmanaged: str
    jobs_when_lost: str
    kerberos: t.Mapping[str, t.Any] | None
    limit_nofile: int
    log_dir: str
    logging: t.Mapping[str, str]
    memory_max_slack: str | None
    plugins: t.Sequence[str]
    prometheus_port: int | None
    proxy: t.Mapping[str, t.Any] | None
    reserved_memory: t.Any
    rest_bind_address: str | None
    rest_ca_path: str | None
    rest_client_cert: str | None
    rest_client_key: str | None
    rest_password: str | None
    rest_url: str | None
    rest_username: str | None
    rest_validate_certs: bool
    restart: str
    restart_order: str | None
    rocksdb_metrics: bool
    run_dir: str
    secret_files: t.Mapping[str, t.Any]
    service_manager: str
    service_name: str
    service_overrides: t.Mapping[str, str]
    shared_dirs: t.Sequence[str]
    slice: str
    sql_gateway_jvm_args: t.Sequence[str]
    stop_timeout: int
    taskmanager_configs: t.Sequence[t.Mapping[str, t.Any]]
    taskmanager_count: int
    taskmanager_hosts: t.Sequence[str]
    taskmanager_numa_nodes: t.Sequence[int]
    tls: str
    tls_ca: str | None
    tls_certificate: str | None
    tls_client_certificate: str | None
    tls_client_key: str | None
    tls_days: int
    tls_dir: str | None
    tls_key: str | None
    tls_names: t.Sequence[str]
    tls_renew_days: int
    tls_rest_clients: bool
    tls_store_password: str | None
    uninstall_confirmed: bool
    user: str | None
    version: str
    web_actions: t.Sequence[str] | None
    writable_dirs: t.Sequence[str]
    zookeeper_hosts: t.Sequence[str]
    zookeeper_jvm_args: t.Sequence[str]

    @classmethod
    def of(cls, host: str, variables: t.Mapping[str, t.Any]) -> Wanted:
        """From the role's variables by their whole names.

        What is beside a path, or equal to what a link says, is found by its name, so neither a slash nor a dot ends it.
        """
        values = {name.removeprefix(PREFIX): value for name, value in variables.items()}
        for name in ("home", "current_link"):
            if values[name] is not None:
                values[name] = re.sub(r"(/\.?)+$", "", values[name]) or "/"
        return cls(host=host, **values)

    @property
    def is_application(self) -> bool:
        """Whether the JobManager runs the one job of the cluster."""
        return self.deployment_mode == "application"

    @property
    def rests(self) -> bool:
        """Whether the cluster is for a job that is not to run."""
        return self.is_application and not any((job.get("state") or "running") == "running" for job in self.jobs)

    def variables(self) -> dict[str, t.Any]:
        """The role's variables by their whole names, as templates call them."""
        names = (field.name for field in dataclasses.fields(self) if field.name != "host")
        return {f"{PREFIX}{name}": getattr(self, name) for name in names}
