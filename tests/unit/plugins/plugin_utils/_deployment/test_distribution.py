# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.distribution import distribution
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import Values, case


def system(name: str, version: str | None, *like: str, architecture: str = "x86_64") -> Values:
    return {"id": name, "id_like": list(like), "version_id": version, "architecture": architecture}


RHEL = ("rhel", "centos", "fedora")

# Distributions that bring Debian's packages: the Java, and its home.
DEBIAN: dict[str, tuple[Values, int, str]] = {
    "Debian 12": (system("debian", "12"), 17, "/usr/lib/jvm/java-17-openjdk-amd64"),
    "Debian 13": (system("debian", "13"), 21, "/usr/lib/jvm/java-21-openjdk-amd64"),
    "Debian 13 on ARM": (
        system("debian", "13", architecture="aarch64"),
        21,
        "/usr/lib/jvm/java-21-openjdk-arm64",
    ),
    "Debian on another machine": (
        system("debian", "12", architecture="ppc64le"),
        17,
        "/usr/lib/jvm/java-17-openjdk-ppc64le",
    ),
    "Debian before its release": (system("debian", None), 21, "/usr/lib/jvm/java-21-openjdk-amd64"),
    "Ubuntu 22.04": (system("ubuntu", "22.04", "debian"), 17, "/usr/lib/jvm/java-17-openjdk-amd64"),
    "Ubuntu 24.04": (system("ubuntu", "24.04", "debian"), 17, "/usr/lib/jvm/java-17-openjdk-amd64"),
    "Ubuntu 26.04": (system("ubuntu", "26.04", "debian"), 21, "/usr/lib/jvm/java-21-openjdk-amd64"),
    "Mint": (system("linuxmint", "22", "ubuntu", "debian"), 21, "/usr/lib/jvm/java-21-openjdk-amd64"),
    "a derivative that counts otherwise": (
        system("new", "rolling", "debian"),
        17,
        "/usr/lib/jvm/java-17-openjdk-amd64",
    ),
}

# Distributions that bring those of Red Hat.
RED_HAT: dict[str, tuple[Values, int]] = {
    "Rocky 9": (system("rocky", "9.4", *RHEL), 17),
    "Rocky 10": (system("rocky", "10.0", *RHEL), 21),
    "RHEL 9": (system("rhel", "9.5", "fedora"), 17),
    "AlmaLinux 10": (system("almalinux", "10.1", *RHEL), 21),
}


@pytest.mark.parametrize(("os", "java", "home"), DEBIAN.values(), ids=DEBIAN)
def test_packages_of_debian(os: Values, java: int, home: str) -> None:
    found = distribution(os)
    assert (found.family, found.java_version, found.java_home) == ("debian", java, home)
    assert found.java_packages == (f"openjdk-{java}-jre-headless",)
    assert found.jemalloc_package == "libjemalloc2"
    assert found.jemalloc_library == f"/usr/lib/{os['architecture']}-linux-gnu/libjemalloc.so.2"


@pytest.mark.parametrize(("os", "java"), RED_HAT.values(), ids=RED_HAT)
def test_packages_of_red_hat(os: Values, java: int) -> None:
    found = distribution(os)
    assert (found.family, found.java_version) == ("rhel", java)
    assert found.java_home == f"/usr/lib/jvm/jre-{java}-openjdk"
    assert found.java_packages == (f"java-{java}-openjdk-headless",)
    assert (found.jemalloc_package, found.jemalloc_library) == ("jemalloc", "/usr/lib64/libjemalloc.so.2")


@pytest.mark.parametrize("os", [system("alpine", "3.20.1"), system("", None), system("opensuse-leap", "15.6", "suse")])
def test_of_others_nothing_is_known(os: Values) -> None:
    found = distribution(os)
    assert (found.family, found.java_packages, found.java_home) == ("other", (), "")
    assert (found.jemalloc_package, found.jemalloc_library) == (None, "")


# Variables, what is different on the host, and the packages to install.
PACKAGES: dict[str, tuple[Values, Values, tuple[str, ...]]] = {
    "all is there": ({}, {}, ()),
    "Java": ({}, {"java": None, "java_error": "x"}, ("openjdk-17-jre-headless",)),
    "Java by another name": (
        {"flink_java_packages": ["temurin-17-jre"]},
        {"java": None, "java_error": "x"},
        ("temurin-17-jre",),
    ),
    "Java by another name, but it is there": ({"flink_java_packages": ["temurin-17-jre"]}, {}, ()),
    "no Java where it is said to be": ({"flink_java_home": "/opt/x"}, {"java": None, "java_error": "x"}, ()),
    "jemalloc": ({"flink_jemalloc": True}, {}, ("libjemalloc2",)),
    "jemalloc is there": ({"flink_jemalloc": True}, {"jemalloc": "/usr/lib/x.so.2"}, ()),
    "both, on Rocky 9": (
        {"flink_jemalloc": True},
        {"os": system("rocky", "9.4", *RHEL), "java": None, "java_error": "x"},
        ("java-17-openjdk-headless", "jemalloc"),
    ),
    "jemalloc where nothing is known of it": ({"flink_jemalloc": True}, {"os": system("alpine", "3")}, ()),
}


@pytest.mark.parametrize(("given", "different", "packages"), PACKAGES.values(), ids=PACKAGES)
def test_packages_to_install(given: Values, different: Values, packages: tuple[str, ...]) -> None:
    found = case({"flink_class_data_sharing": False, **given}, different).decide().installation
    assert (found.packages, found.missing) == (packages, packages)
