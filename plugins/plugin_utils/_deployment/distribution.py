# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Java and jemalloc as the distributions have them; nothing is known of others."""

from __future__ import annotations

import dataclasses
import re
import typing as t

# The release of a distribution from which on it has no Java 17.
_LEFT_17 = {"debian": 13, "ubuntu": 26}
_DEBIAN_ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclasses.dataclass(frozen=True, slots=True)
class Distribution:
    """``family`` is ``debian``, ``rhel`` or ``other``: there nothing can be installed, and the Java is a guess.

    ``proxy_user`` is whom its nginx works as.
    """

    family: str
    java_version: int = 17
    java_packages: tuple[str, ...] = ()
    java_home: str = ""
    jemalloc_package: str | None = None
    jemalloc_library: str = ""
    proxy_user: str = "nginx"


def distribution(system: t.Mapping[str, t.Any]) -> Distribution:
    """From what host_info tells of the operating system: id, id_like, version_id and architecture."""
    families = [name for name in (system["id"], *system["id_like"]) if name in _KNOWN]
    return _KNOWN[families[0]](system) if families else Distribution("other")


def _java(system: t.Mapping[str, t.Any]) -> int:
    """Java 17, unless the distribution has left it behind; the newest where nothing is known of it.

    Debian has no number before it is released.
    """
    if system["version_id"] is None:
        return 21
    major = re.match(r"\d+", system["version_id"])
    return 21 if int(major[0] if major else 0) >= _LEFT_17.get(system["id"], 10) else 17


def _debian(system: t.Mapping[str, t.Any]) -> Distribution:
    java, machine = _java(system), system["architecture"]
    return Distribution(
        "debian",
        java_version=java,
        java_packages=(f"openjdk-{java}-jre-headless",),
        java_home=f"/usr/lib/jvm/java-{java}-openjdk-{_DEBIAN_ARCHITECTURE.get(machine, machine)}",
        jemalloc_package="libjemalloc2",
        jemalloc_library=f"/usr/lib/{machine}-linux-gnu/libjemalloc.so.2",
        proxy_user="www-data",
    )


def _rhel(system: t.Mapping[str, t.Any]) -> Distribution:
    java = _java(system)
    return Distribution(
        "rhel",
        java_version=java,
        java_packages=(f"java-{java}-openjdk-headless",),
        java_home=f"/usr/lib/jvm/jre-{java}-openjdk",
        jemalloc_package="jemalloc",
        jemalloc_library="/usr/lib64/libjemalloc.so.2",
    )


_KNOWN: dict[str, t.Callable[[t.Mapping[str, t.Any]], Distribution]] = {"debian": _debian, "rhel": _rhel}
