# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user's JVM options as the processes of a host have them."""

from __future__ import annotations

import re
import typing as t

# A variable of ``config.sh`` that the role has as well, and what else a shell would expand.
_VARIABLE = re.compile(r"\$(\{)?((?:FLINK|JAVA)_[A-Z_]+)(?(1)\})")
_EXPANDED = re.compile(r"\$\{?\w+\}?|\$\(.*?\)|`.*?`")

_EVERYWHERE = "0.0.0.0"
# What opens a port, and the port: the JVM's own agent of JMX, Prometheus' agent and Jolokia.
_AGENTS = (
    re.compile(r"-D(com\.sun\.management\.jmxremote(?:\.rmi)?\.port)=(\d+)"),
    re.compile(r"-(javaagent:[^=]*jmx_prometheus[^=]*)=(?:[^:=]+:)?(\d+):"),
    re.compile(r"-(javaagent:[^=]*jolokia[^=]*)=(?:.*,)?port=(\d+)"),
)
# How the names begin of what opens a port.
OF_JAVA = ("agentlib:", "com.sun.", "javaagent:")


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
