# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What whoever deploys should know, although nothing stands against it: ``ADVICE`` is a function for each subject."""

from __future__ import annotations

import contextlib
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.capacity import read_host_memory
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.table import TITLES
from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.compare import compare_releases
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import Config, flatten
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, listed, quoted_key
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.jvm_options import given_options
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import precise

from .addresses import address_advice
from .config_files import config_link
from .directories import mount_advice
from .exposure import exposure_advice
from .firewall import firewall_advice
from .high_availability import CLUSTER_ID, asked_servers, quorum_advice
from .java_options import expand, not_expanded
from .logging_files import logging_advice
from .processes import ENVIRONMENT_NAMES
from .proxy import proxy_advice
from .signature import signature_advice
from .tls import tls_advice
from .watching import watching_advice
from .zookeeper import zookeeper_advice

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import Compared

    from .objections import Situation

# The release in the path of one, as it is named by default.
_HOME = re.compile(r"flink-([0-9]+\.[0-9]+\.[0-9]+)/?$")

_JOURNAL = (
    "What a process prints is in the journal, or in .out without systemd: set StandardOutput in "
    "flink_service_overrides for another place."
)
# Options that no process reads, the variable that outranks each, and what to do.
_OF_SCRIPTS = {
    "env.java.home": ("java_home", "Set flink_java_home."),
    "env.log.dir": ("log_dir", "Set flink_log_dir."),
    "env.pid.dir": ("run_dir", "Set flink_run_dir."),
    "env.stdout-err.redirect-to-file": ("", _JOURNAL),
}
_EXPANDED = dict.fromkeys((*ENVIRONMENT_NAMES, "FLINK_LOG_PREFIX"), "")


def advice(situation: Situation) -> tuple[str, ...]:
    """All sentences, none twice."""
    return tuple(dict.fromkeys(sentence for subject in ADVICE for sentence in subject(situation)))


def _archive(s: Situation) -> t.Iterator[str]:
    yield from signature_advice(s.wanted, s.host)


def _addresses(s: Situation) -> t.Iterator[str]:
    yield from address_advice(s.wanted, s.host, s.plans)
    yield from quorum_advice(s.wanted, s.options, s.host)
    yield from firewall_advice(s.wanted, s.options)
    yield from zookeeper_advice(s.wanted, is_highly_available=s.options.is_highly_available)


def _scripts(s: Situation) -> t.Iterator[str]:
    """What only Flink's scripts read, and the variables of the role that do the same."""
    for key, (variable, remedy) in _OF_SCRIPTS.items():
        if key in s.config and s.config[key] != getattr(s.wanted, variable, None):
            yield f"{key}: only Flink's scripts read it, so the processes here do without. {remedy}"
    for key, words in _java_options(s):
        variables = not_expanded(expand(words, _EXPANDED))
        if variables:
            yield (
                f"{key}: only Flink's scripts expand {', '.join(variables)}, so the processes here get it as it is. "
                "Write out what is meant."
            )


def _java_options(s: Situation) -> list[tuple[str, list[str]]]:
    """The user's JVM options of all processes: a key, and words."""
    release = Release.parse(s.wanted.version)
    return [
        found for plan in s.plans for found in given_options(Config(flatten(plan["config"]), release), plan["process"])
    ]


def _exposure(s: Situation) -> t.Iterator[str]:
    yield from exposure_advice(s.wanted, s.options)


def _cluster_id(s: Situation) -> t.Iterator[str]:
    has_its_own = s.wanted.zookeeper_hosts and not asked_servers(s.wanted, s.options)
    if s.options.is_highly_available and not has_its_own and not any(key in s.config for key in CLUSTER_ID):
        yield (
            f"{CLUSTER_ID[0]}: expected a name that no other cluster on the same quorum has, got none: Flink takes "
            "/default. Give each cluster its own, or a flink_service_name, before it runs jobs; or say /default here."
        )


def _application(s: Situation) -> t.Iterator[str]:
    names = ("high-availability.type", "high-availability", "recovery.mode")
    if s.wanted.is_application and not any(name in s.config for name in names):
        yield (
            "high-availability.type: expected with flink_deployment_mode: application, got none: a JobManager that "
            "crashes begins its job again from what it was started with, and what came after is done twice. Set it "
            "to zookeeper; or say NONE here."
        )


def _standby(s: Situation) -> t.Iterator[str]:
    hosts = s.wanted.jobmanager_hosts
    if s.wanted.high_availability is not None and len(hosts) == 1 and "jobmanager" in s.wanted.components:
        yield (
            f"flink_jobmanager_hosts: {hosts[0]} alone has a JobManager. Jobs go on when it is back, and until then "
            "nothing takes its place. Name a second host for a standby."
        )


def _logging(s: Situation) -> t.Iterator[str]:
    yield from logging_advice(s.wanted)


def _memory(s: Situation) -> t.Iterator[str]:
    """That the host has less than it is said to have, where that matters: a size of machines is a round number."""
    if s.wanted.host_memory is None:
        return
    planned = sum(plan["memory"]["total_process"] or 0 for plan in s.plans)
    given, there = read_host_memory(s.wanted.host_memory).size, s.host.memory["effective"]
    if planned > there:
        yield (
            f"flink_host_memory: expected at most {precise(there)}, which is what {s.wanted.host} has "
            f"({s.host.memory['limited_by']}), got {precise(given)}: the planned processes may use {precise(planned)}, "
            "and the kernel kills one when memory runs out. Set it to what the host has; or leave it out, and the "
            "host is asked."
        )


def _mounts(s: Situation) -> t.Iterator[str]:
    yield from mount_advice(s.wanted, s.host, s.plans)


def _tls(s: Situation) -> t.Iterator[str]:
    yield from tls_advice(s.wanted, s.options)


def _watching(s: Situation) -> t.Iterator[str]:
    yield from watching_advice(s.wanted)


def _proxy(s: Situation) -> t.Iterator[str]:
    yield from proxy_advice(s.wanted)


def _tools(s: Situation) -> t.Iterator[str]:
    link = config_link(s.wanted, s.options)
    target = s.host.links.get(link.path)
    if target not in (None, link.target):
        yield (
            f"{link.path} leads to {target}, so bin/flink there works with another cluster. For this one set "
            f"FLINK_CONF_DIR={s.wanted.conf_dir}; or remove the link, and deploy again."
        )


def _release(s: Situation) -> t.Iterator[str]:
    """What changes for the options that are given, where another release runs."""
    homes = {process.environment.get("FLINK_HOME", "") for process in s.host.processes.values() if process.is_alive}
    former = sorted({found[1] for found in map(_HOME.search, homes) if found and found[1] != s.wanted.version})
    for version in former:
        with contextlib.suppress(FlinkError):
            given = {key: s.config[key] for key in flatten(s.wanted.config) if key in s.config}
            compared = compare_releases(given, version, s.wanted.version, list(s.wanted.config_known_keys))
            subjects = list(_changed(compared))
            if subjects:
                yield (
                    f"Flink {version} runs here, and {s.wanted.version} takes its place. That changes "
                    f"{'; '.join(subjects)}. The filters streamops.flink.compare_releases and comparison_table tell "
                    "how."
                )


def _changed(compared: Compared) -> t.Iterator[str]:
    for name, rows in (("options", compared["changes"]), ("defaults", compared["defaults"])):
        if rows:
            yield f"{name}: {listed([quoted_key(row['option']) for row in rows])}"
    memory = [row["process"] for row in compared["memory"] if row["before"] != row["after"]]
    if memory:
        yield f"the memory of the {' and of the '.join(TITLES[process] for process in memory)}"


ADVICE: tuple[t.Callable[[Situation], t.Iterator[str]], ...] = (
    _archive,
    _addresses,
    _application,
    _cluster_id,
    _exposure,
    _logging,
    _memory,
    _mounts,
    _release,
    _scripts,
    _standby,
    _tls,
    _tools,
    _watching,
    _proxy,
)
