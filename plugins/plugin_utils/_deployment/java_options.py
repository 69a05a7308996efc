# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user's JVM options as the processes of a host have them, and what stands against them."""

from __future__ import annotations

import posixpath
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import Config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.jvm_options import given_options
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .directories import PRIVATE, normal, temporary_dir
from .names import component_of
from .options import process_configs

if t.TYPE_CHECKING:
    from .found import Host
    from .options import FlinkOptions
    from .wanted import Wanted

# A variable of ``config.sh`` that the role has as well, and what else a shell would expand.
_VARIABLE = re.compile(r"\$(\{)?((?:FLINK|JAVA)_[A-Z_]+)(?(1)\})")
_EXPANDED = re.compile(r"\$\{?\w+\}?|\$\(.*?\)|`.*?`")

_EVERYWHERE = "0.0.0.0"
# What the sandbox of a unit leaves open.
_ALWAYS_OPEN = ("/dev",)
# What opens a port, and the port: the JVM's own agent of JMX, Prometheus' agent and Jolokia.
_AGENTS = (
    re.compile(r"-D(com\.sun\.management\.jmxremote(?:\.rmi)?\.port)=(\d+)"),
    re.compile(r"-(javaagent:[^=]*jmx_prometheus[^=]*)=(?:[^:=]+:)?(\d+):"),
    re.compile(r"-(javaagent:[^=]*jolokia[^=]*)=(?:.*,)?port=(\d+)"),
)
# What a trial leaves out: heaps, which depend on the plan, and what would do more than to start a JVM.
_NOT_TRIED = re.compile(
    r"-D|-agent|-javaagent|-Xrun|-Xloggc|-Xm[sx]|-m[sx]|-Xshare:dump|-XX:\+AlwaysPreTouch"
    r"|-XX:(Max|Initial|Min)(Heap|RAM)|-XX:(HeapDumpPath|ErrorFile|LogFile|On\w+Error|StartFlightRecording|Flags)="
    r"|-XX:\w*(ClassesAtExit|SharedArchive|LoadedClassList|LogFile|FlightRecorder)|-XX:\+(LogVMOutput|AutoCreate)"
)
# A log, its file and its decorations.
_LOG = re.compile(r"(-Xlog:[^:]*):(?:file=|/)[^:]*(:[^:]*)?.*")
# Options that name a file, which Java opens when it starts or where it dumps what is wrong.
_FILE = re.compile(
    r"(?:-Xlog(?::[^:]*)?:(?:file=)?|-Xloggc:|-XX:(?:HeapDumpPath|ErrorFile|LogFile)=|-XX:StartFlightRecording.*filename=)"
    r"\"?(/[^:,\"]*)"
)
# How the names begin of what opens a port.
OF_JAVA = ("agentlib:", "com.sun.", "javaagent:")


def variables_of_scripts(wanted: Wanted) -> dict[str, str]:
    """The variables of ``config.sh`` that are directories of the release and of the cluster."""
    parts = {f"FLINK_{part.upper()}_DIR": f"{wanted.home}/{part}" for part in ("lib", "opt", "bin", "plugins")}
    of_cluster = {"FLINK_HOME": wanted.home, "FLINK_CONF_DIR": wanted.conf_dir, "FLINK_LOG_DIR": wanted.log_dir}
    return {**of_cluster, **parts}


def expand(words: t.Iterable[str], variables: t.Mapping[str, t.Any]) -> list[str]:
    """As ``flink-daemon.sh`` does with variables of its own."""
    return [_VARIABLE.sub(lambda found: str(variables.get(found[2], found[0])), word) for word in words]


def not_expanded(words: t.Iterable[str]) -> list[str]:
    """What is left that Flink's scripts would expand."""
    return list(dict.fromkeys(found for word in words for found in _EXPANDED.findall(word)))


def listening(words: t.Iterable[str]) -> t.Iterator[tuple[str, str, str]]:
    """The ports that JVM options open: what opens each, the host, and the port."""
    for word in words:
        debugger = re.match(r"-(agentlib:jdwp=|Xrunjdwp:)(.*)", word)
        if debugger:
            options = dict(part.partition("=")[::2] for part in debugger[2].split(","))
            host, _colon, port = options.get("address", "").rpartition(":")
            if options.get("server") == "y" and port:
                yield "agentlib:jdwp", _EVERYWHERE if host == "*" else host or "localhost", port
        for pattern in _AGENTS:
            found = pattern.match(word)
            if found:
                yield found[1], _EVERYWHERE, found[2]


class Given(t.NamedTuple):
    """The JVM options that the user gives a process, and the keys that they are from."""

    keys: list[str]
    words: list[str]


def given(wanted: Wanted, options: FlinkOptions) -> dict[str, Given]:
    """The options of each process that has any, but for those of the role. Raises FlinkError for what is no text."""
    release = Release.parse(wanted.version)
    found = {}
    for name, config in process_configs(wanted, options).items():
        pairs = [
            (key, word)
            for key, words in given_options(Config(config, release), component_of(name))
            for word in words
            if not word.startswith("--add-")
        ]
        if pairs:
            variables = {**variables_of_scripts(wanted), "FLINK_LOG_PREFIX": f"{wanted.log_dir}/{name}"}
            keys = list(dict.fromkeys(key for key, _word in pairs))
            found[name] = Given(keys, expand((word for _key, word in pairs), variables))
    return found


def tried_options(wanted: Wanted, options: FlinkOptions) -> dict[str, list[str]]:
    """What a host is asked to start Java with. From 1.18 on Flink has Java ignore what it does not know."""
    ignoring = ["-XX:+IgnoreUnrecognizedVMOptions"] if Release.parse(wanted.version).version >= (1, 18) else []
    tried = {
        name: [_LOG.sub(r"\1:stderr\2", word) for word in found.words if not _NOT_TRIED.match(word)]
        for name, found in given(wanted, options).items()
    }
    return {name: [*ignoring, *words] for name, words in tried.items() if words}


def file_places(wanted: Wanted, options: FlinkOptions) -> list[str]:
    """The directories of the files that JVM options name."""
    return list(dict.fromkeys(place for found in given(wanted, options).values() for place in _places(found.words)))


def _places(words: t.Iterable[str]) -> list[str]:
    """Those of files, and what may be a directory itself."""
    paths = [found[1] for found in map(_FILE.match, words) if found]
    return [place for path in paths for place in (path.rstrip("/"), posixpath.dirname(path.rstrip("/")))]


def java_option_objections(
    wanted: Wanted, options: FlinkOptions, host: Host, written: t.Collection[str], has_systemd: bool
) -> t.Iterator[str]:
    """What Java does not start with, or cannot write to."""
    made = {normal(path) for path in (wanted.log_dir, temporary_dir(wanted), *written)}
    for name, found in given(wanted, options).items():
        keys = ", ".join(found.keys)
        if host.java is not None and name in host.java_refusals:
            yield (
                f"{keys}: expected options that Java {host.java['version']} starts with, got "
                f"{' '.join(found.words)}, to which it says: {host.java_refusals[name].rstrip('.')}. Correct them."
            )
        for word in found.words:
            places = [normal(place) for place in _places([word])]
            there = [place for place in places if place in made or host.mounts.get(place, {}).get("is_directory")]
            if not places or (has_systemd and PRIVATE.match(places[0])):
                continue
            is_open = not has_systemd or any(
                f"{places[0]}/".startswith(f"{place}/") for place in (*made, *_ALWAYS_OPEN)
            )
            if not is_open or (not there and places[1] in host.mounts):
                why = "is not there" if is_open else "is read-only in the sandbox of its unit"
                yield (
                    f"{keys}: expected a file in a directory that the process may write to, got {word}, whose "
                    f"directory {why}. Put it into flink_log_dir, or name its directory in flink_writable_dirs."
                )
