# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the catalogue of options says and no ConfigOption of a release does; each with its source.

Lines are those of `flink_archive.RELEASES`; a span without a first or last line is open at that end.
"""

from __future__ import annotations

import typing as t

OLDEST, NEWEST = "1.10", "2.3"
SCRIPTS = "bin/config.sh"
REPORTERS = "constants in the reporter's classes, which read them as plain properties"
S3 = "flink-s3-fs-base: AbstractS3FileSystemFactory; S3FileSystemFactory of Hadoop and of Presto"


class Kept(t.NamedTuple):
    """An option that no ConfigOption stands for, or of which the ConfigOption does not say the truth."""

    key: str
    type: str
    first: str
    last: str
    default: str
    source: str


KEPT = [
    # Read by the start scripts.
    Kept("env.java.home", "string", OLDEST, "1.20", "", SCRIPTS),
    Kept("env.pid.dir", "string", OLDEST, "1.12", "/tmp", SCRIPTS),
    Kept("taskmanager.compute.numa", "boolean", OLDEST, NEWEST, "false", SCRIPTS),
    Kept("zookeeper.heap.mb", "integer", OLDEST, NEWEST, "0", SCRIPTS),
    # Read by name.
    Kept(
        "compiler.merge-iteration-aux",
        "boolean",
        OLDEST,
        "1.20",
        "false",
        "JobGraphGenerator.MERGE_ITERATION_AUX_TASKS_KEY",
    ),
    Kept("fs.hdfs.hadoopconf", "string", OLDEST, "1.20", "", "ConfigConstants.PATH_HADOOP_CONFIG"),
    Kept("fs.hdfs.hdfsdefault", "string", OLDEST, "1.20", "", "ConfigConstants.HDFS_DEFAULT_CONFIG"),
    Kept("fs.hdfs.hdfssite", "string", OLDEST, "1.20", "", "ConfigConstants.HDFS_SITE_CONFIG"),
    Kept("local.number-taskmanager", "integer", OLDEST, "1.18", "1", "ConfigConstants.LOCAL_NUMBER_TASK_MANAGER"),
    Kept("taskmanager.log.path", "string", OLDEST, "1.18", "", "ConfigConstants.TASK_MANAGER_LOG_PATH_KEY"),
    Kept(
        *("taskmanager.runtime.large-record-handler", "boolean", OLDEST, "1.11", "false"),
        "ConfigConstants.USE_LARGE_RECORD_HANDLER_KEY",
    ),
    Kept(
        *("yarn.container-start-command-template", "string", OLDEST, "1.18", ""),
        "ConfigConstants.YARN_CONTAINER_START_COMMAND_TEMPLATE",
    ),
    # Names of the user's in front of Hadoop's options, of environments and of file systems.
    Kept("containerized.master.env.<key>", "string", OLDEST, NEWEST, "", "ResourceManagerOptions"),
    Kept("containerized.taskmanager.env.<key>", "string", OLDEST, NEWEST, "", "ResourceManagerOptions"),
    Kept("fs.<name>.limit.input", "integer", OLDEST, NEWEST, "-1", "CoreOptions.fileSystemConnectionLimitIn"),
    Kept("fs.<name>.limit.output", "integer", OLDEST, NEWEST, "-1", "CoreOptions.fileSystemConnectionLimitOut"),
    Kept("fs.<name>.limit.total", "integer", OLDEST, NEWEST, "-1", "CoreOptions.fileSystemConnectionLimit"),
    Kept("fs.<name>.limit.timeout", "long", OLDEST, NEWEST, "0", "CoreOptions.fileSystemConnectionLimitTimeout"),
    Kept(
        *("fs.<name>.limit.stream-timeout", "long", OLDEST, NEWEST, "0"),
        "CoreOptions.fileSystemConnectionLimitStreamInactivityTimeout",
    ),
    Kept("security.delegation.token.provider.<name>.<key>", "string", "1.17", NEWEST, "", "SecurityOptions"),
    # Options of the SQL client and gateway that are no ConfigOption, or one of a jar that not every package has.
    Kept("sql-gateway.endpoint.<name>.<key>", "string", "1.16", NEWEST, "", "SqlGatewayEndpointFactoryUtils"),
    Kept("sql-gateway.endpoint.rest.address", "string", "1.16", NEWEST, "", "SqlGatewayRestOptions"),
    Kept("sql-gateway.endpoint.rest.bind-address", "string", "1.16", NEWEST, "", "SqlGatewayRestOptions"),
    Kept("sql-gateway.endpoint.rest.bind-port", "string", "1.16", NEWEST, "8083", "SqlGatewayRestOptions"),
    Kept("sql-gateway.endpoint.rest.port", "integer", "1.16", NEWEST, "8083", "SqlGatewayRestOptions"),
    Kept(
        "table.catalog-store.<name>.<key>", "string", "1.18", NEWEST, "", "TableFactoryUtil.findAndCreateCatalogStore"
    ),
    Kept("table.catalog-store.file.path", "string", "1.18", NEWEST, "", "FileCatalogStoreFactoryOptions"),
    Kept("table.exec.hive.<key>", "string", OLDEST, NEWEST, "", "flink-connector-hive: HiveOptions"),
    # Options of file systems: the plugin passes on whatever begins with its prefix.
    Kept("azure.<key>", "string", OLDEST, NEWEST, "", "flink-azure-fs-hadoop: AbstractAzureFSFactory"),
    Kept("fs.azure.<key>", "string", OLDEST, NEWEST, "", "flink-azure-fs-hadoop: AbstractAzureFSFactory"),
    Kept("fs.gs.<key>", "string", "1.15", NEWEST, "", "flink-gs-fs-hadoop: ConfigUtils"),
    Kept("fs.oss.<key>", "string", OLDEST, NEWEST, "", "flink-oss-fs-hadoop: OSSFileSystemFactory"),
    Kept("fs.s3a.<key>", "string", OLDEST, NEWEST, "", S3),
    Kept("gs.<key>", "string", "1.15", NEWEST, "", "flink-gs-fs-hadoop: GSFileSystemOptions"),
    Kept("presto.s3.<key>", "string", OLDEST, NEWEST, "", S3),
    Kept("swift.<key>", "string", OLDEST, "1.12", "", "flink-swift-fs-hadoop: SwiftFileSystemFactory"),
    Kept("s3.<key>", "string", OLDEST, NEWEST, "", S3),
    Kept("s3a.<key>", "string", OLDEST, NEWEST, "", S3),
    Kept("s3.access-key", "string", OLDEST, NEWEST, "", S3),
    Kept("s3.endpoint", "string", OLDEST, NEWEST, "", S3),
    Kept("s3.entropy.key", "string", OLDEST, NEWEST, "", S3),
    Kept("s3.entropy.length", "integer", OLDEST, NEWEST, "4", S3),
    Kept("s3.path-style-access", "string", OLDEST, NEWEST, "", S3),
    Kept("s3.secret-key", "string", OLDEST, NEWEST, "", S3),
    Kept("s3.upload.max.concurrent.uploads", "integer", OLDEST, NEWEST, "", S3),
    Kept("s3.upload.min.part.size", "long", OLDEST, NEWEST, "5242880", S3),
    # Metrics reporters: what all of them have, and what several read with a type of their own each.
    Kept("metrics.reporter.<name>.factory.class", "string", OLDEST, "1.15", "", "ConfigConstants"),
    Kept("metrics.reporter.<name>.scope.delimiter", "string", OLDEST, "1.15", "", "ConfigConstants"),
    Kept("metrics.reporter.<name>.scope.variables.excludes", "string", OLDEST, "1.15", "", "ConfigConstants"),
    *(
        Kept(f"metrics.reporter.<name>.{name}", "string", first, NEWEST, "", REPORTERS)
        for name, first in {
            **dict.fromkeys(["durationConversion", "prefix", "protocol", "rateConversion"], OLDEST),  # Graphite, StatsD
            **dict.fromkeys(["apikey", "proxyHost", "proxyPort", "tags"], OLDEST),  # Datadog
            "dataCenter": "1.11",
            "maxMetricsPerRequest": "1.11",
            "useLogicalIdentifier": "1.16",
        }.items()
    ),
    Kept("metrics.reporter.<name>.host", "string", OLDEST, NEWEST, "", REPORTERS),
    Kept("metrics.reporter.<name>.port", "string", OLDEST, NEWEST, "", REPORTERS),
]


class Successor(t.NamedTuple):
    """What to set instead of an option that is deprecated or gone and is no alias of another one."""

    key: str
    instead: list[str]
    source: str


NOTES = "release notes of "
DESCRIPTION = "its own description"
SUCCESSORS = [
    Successor("cluster.evenly-spread-out-slots", ["taskmanager.load-balance.mode"], "code of 1.19 reads both"),
    Successor("fs.hdfs.hadoopconf", ["env.hadoop.conf.dir"], "HadoopUtils of 2.0: only environment variables are left"),
    Successor("jobmanager.heap.mb", ["jobmanager.memory.heap.size"], f"{NOTES}1.11"),
    Successor("jobmanager.heap.size", ["jobmanager.memory.heap.size"], f"{NOTES}1.11"),
    Successor("mesos.resourcemanager.tasks.mem", ["taskmanager.memory.process.size"], f"{NOTES}1.10"),
    Successor("metrics.reporter.<name>.class", ["metrics.reporter.<name>.factory.class"], f"{NOTES}1.16"),
    Successor("pipeline.default-kryo-serializers", ["pipeline.serialization-config"], f"{NOTES}1.19"),
    Successor("pipeline.registered-kryo-types", ["pipeline.serialization-config"], f"{NOTES}1.19"),
    Successor("pipeline.registered-pojo-types", ["pipeline.serialization-config"], f"{NOTES}1.19"),
    Successor(
        "python.fn-execution.buffer.memory.size",
        ["python.fn-execution.memory.managed", "taskmanager.memory.managed.consumer-weights"],
        f"{NOTES}1.12",
    ),
    Successor(
        "python.fn-execution.framework.memory.size",
        ["python.fn-execution.memory.managed", "taskmanager.memory.managed.consumer-weights"],
        f"{NOTES}1.12",
    ),
    Successor("security.ssl.enabled", ["security.ssl.internal.enabled", "security.ssl.rest.enabled"], DESCRIPTION),
    Successor("slotmanager.request-timeout", ["slot.request.timeout"], "code of 1.17 reads both"),
    Successor("sql-client.display.max-column-width", ["table.display.max-column-width"], f"{NOTES}1.20"),
    Successor("table.exec.legacy-transformation-uids", ["table.exec.uid.generation"], DESCRIPTION),
    Successor("taskmanager.heap.mb", ["taskmanager.memory.flink.size"], "code of 1.20 reads both"),
    Successor("taskmanager.heap.size", ["taskmanager.memory.flink.size"], "code of 1.20 reads both"),
    Successor(
        "taskmanager.network.batch-shuffle.compression.enabled",
        ["taskmanager.network.compression.codec"],
        f"{NOTES}1.20",
    ),
    Successor(
        "taskmanager.network.numberOfBuffers",
        ["taskmanager.memory.network.min", "taskmanager.memory.network.max"],
        "code of 1.20 reads both",
    ),
]

# Options that nothing reads: no class refers to the field, no other option has the key as an alias, no script knows it.
# Source: references in the constant pools of all classes of each release.
UNREAD = {
    "akka.watch.heartbeat.interval": (OLDEST, "1.20"),
    "akka.watch.heartbeat.pause": (OLDEST, "1.20"),
    "akka.watch.threshold": (OLDEST, "1.20"),
    "execution.checkpointing.file-merging.max-subtasks-per-file": ("1.20", NEWEST),
    "high-availability.job.delay": (OLDEST, "1.20"),
    "high-availability.zookeeper.path.running-registry": ("1.15", "1.20"),
    "jobmanager.adaptive-scheduler.scaling-interval.max": ("2.0", NEWEST),
    "local.number-resourcemanager": (OLDEST, "1.20"),
    "queryable-state.client.network-threads": (OLDEST, NEWEST),
    "resourcemanager.rpc.port": (OLDEST, NEWEST),
    "security.ssl.verify-hostname": (OLDEST, NEWEST),
    "state.backend.async": ("1.13", "1.20"),
    "taskmanager.exit-on-fatal-akka-error": (OLDEST, "1.20"),
    "taskmanager.registration.initial-backoff": ("1.11", "1.20"),
    "taskmanager.registration.max-backoff": ("1.11", "1.20"),
    "taskmanager.registration.refused-backoff": ("1.11", "1.20"),
    "web.backpressure.cleanup-interval": ("1.13", "1.20"),
    "web.backpressure.delay-between-samples": ("1.13", "1.20"),
    "web.backpressure.num-samples": ("1.13", "1.20"),
    "web.backpressure.refresh-interval": ("1.13", "1.20"),
    "web.history": (OLDEST, NEWEST),
    "web.ssl.enabled": (OLDEST, "1.20"),
    "yarn.appmaster.rpc.address": (OLDEST, OLDEST),
    "yarn.appmaster.rpc.port": (OLDEST, OLDEST),
    "yarn.maximum-failed-containers": (OLDEST, OLDEST),
}

# What the releases of a line before a patch release have other than that one: no such option, another default, or the
# option of another line. Source: the older releases, read in the same way.
OLD_CIPHERS = {"default": "TLS_RSA_WITH_AES_128_CBC_SHA"}
BEFORE: dict[str, dict[str, dict[str, t.Any] | str | None]] = {
    "1.14.1": {
        "execution.checkpointing.externalized-checkpoint-retention": {
            "default": "",
            "choices": ["DELETE_ON_CANCELLATION", "RETAIN_ON_CANCELLATION"],
        },
        "kubernetes.flink.log.dir": {"default": "/opt/flink/log"},
        "kubernetes.rest-service.exposed.type": {"choices": ["ClusterIP", "NodePort", "LoadBalancer"]},
        "state.backend.latency-track.state-name-as-variable": None,
        "state.backend.rocksdb.bloom-filter.bits-per-key": None,
        "state.backend.rocksdb.bloom-filter.block-based-mode": None,
        "state.backend.rocksdb.use-bloom-filter": None,
    },
    "1.15.1": {
        "python.fn-execution.arrow.batch.size": {"default": "10000"},
        "python.fn-execution.bundle.size": {"default": "100000"},
        "python.systemenv.enabled": None,
        "table.exec.uid.generation": None,
    },
    "1.16.1": {
        "execution.buffer-timeout": "1.15",
        "execution.buffer-timeout.enabled": None,
        "execution.buffer-timeout.interval": None,
        "python.fn-execution.arrow.batch.size": {"default": "10000"},
        "python.fn-execution.bundle.size": {"default": "100000"},
        "python.systemenv.enabled": None,
    },
    "1.17.1": {
        "execution.buffer-timeout": "1.15",
        "execution.buffer-timeout.enabled": None,
        "execution.buffer-timeout.interval": None,
    },
    "1.19.1": {
        "jobmanager.adaptive-scheduler.prefer-minimal-taskmanagers": None,
        "sink.committer.retries": None,
    },
    "1.20.1": {
        "jobmanager.adaptive-scheduler.prefer-minimal-taskmanagers": None,
        "security.ssl.algorithms": OLD_CIPHERS,
        "sink.committer.retries": None,
    },
    "2.0.1": {
        "high-availability.zookeeper.client.max-retry-wait": None,
        "jobmanager.adaptive-scheduler.prefer-minimal-taskmanagers": None,
        "security.ssl.algorithms": OLD_CIPHERS,
        "state.backend.forst.sync.enforce-local": None,
    },
    "2.1.1": {
        "high-availability.zookeeper.client.max-retry-wait": None,
        "security.ssl.algorithms": OLD_CIPHERS,
    },
    "2.2.1": {"security.ssl.algorithms": OLD_CIPHERS},
}
