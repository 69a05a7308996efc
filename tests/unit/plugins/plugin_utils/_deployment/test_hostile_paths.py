# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every variable that names a place on a host, with every value by which one could do harm there."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.directories import OPTIONS
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.paths import path_objections
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.removal import removal_questions
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.variables import ROLE_VARIABLES
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    Values,
    answer,
    case,
    wanted,
)

# Where the role writes or removes something itself.
OF_ROLE = ("flink_conf_dir", "flink_current_link", "flink_home", "flink_log_dir", "flink_run_dir")
# What the processes write to.
OF_PROCESSES = ("flink_writable_dirs", *sorted(OPTIONS))
# What is only read there, or compared.
READ = ("flink_java_home", "flink_shared_dirs")
# Read by the modules that ask REST, which write and remove nothing.
OF_REST = {"flink_rest_ca_path", "flink_rest_client_cert", "flink_rest_client_key"}

# Values that are no path of a directory.
NO_PATH = {
    "nothing": "",
    "the root": "/",
    "the root in other words": "//./",
    "a way out": "/opt/flink/../../etc",
    "a way out at the end": "/opt/flink/..",
    "a line of its own": "/srv/a\nUser=root",
    "a return": "/srv/a\rUser=root",
    "a tabulator": "/srv/a\tb",
    "an escape": "/srv/\x1b[2Ja",
    "the end of a text of C": "/srv/a\0b",
    "a line of Unicode": "/srv/a\u2028b",
    "a blank at the end": "/srv/a ",
    "a backslash": "/srv/a\\x2fb",
    "a variable of the shell": "/srv/$NOWHERE_AT_ALL/x",
}
# Such that Flink's options may have: to them it is none, or it ends there.
OF_OTHERS = {"nothing", "a blank at the end"}
# What Ansible would replace by what the controller has.
OF_CONTROLLER = {
    "a home": "~",
    "a place in a home": "~/flink",
    "a home of root": "~root/x",
    "a variable": "/srv/$HOME/x",
}
# Directories that hold what is not the role's.
OF_SYSTEM = (
    *("/etc", "/etc/", "//etc", "/etc/.", "/usr", "/usr/local", "/usr/local/bin", "/usr/local/share", "/usr/libexec"),
    *("/usr/bin/flink", "/bin", "/sbin/x", "/lib", "/lib64/", "/boot/flink", "/dev", "/dev/sda", "/proc/1", "/sys/fs"),
    *("/var", "/var/lib", "/var/log/", "/var/opt", "/var/local", "/var/mail", "/var/spool/cron", "/var/lib/dpkg"),
    *("/var/run", "/var/run/systemd/x", "/var/lock", "/run", "/run/user", "/run/systemd/system", "/home", "/root"),
    *("/home/", "/opt", "/srv", "/mnt", "/media", "/usr/src", "/etc/opt", "/etc/ssh", "/etc/sudoers.d"),
    *("/etc/systemd/system/cron.service.d", "/etc/cron.d/../cron.d", "/etc/ssl/certs", "/var/lib/systemd"),
    *("/etc/update-motd.d", "/etc/kernel/postinst.d", "/etc/ppp/ip-up.d", "/etc/rc3.d", "/etc/rc.d/init.d"),
    *("/etc/NetworkManager/dispatcher.d", "/etc/grub.d/", "/etc/selinux", "/usr/lib/udev/rules.d"),
    *("/usr/lib/tmpfiles.d", "/usr/lib/modules/6.1", "/usr/share/dbus-1/system.d", "/var/lib/docker/volumes"),
    *("/var/crash", "/root/.ssh", "/lost+found"),
)
NAMES: dict[str, tuple[str, ...]] = {
    "flink_service_name": ("", "/", "../x", "a/b", "cron.service.d/x", "-x", ".", "a b", "a%h", "a@b", "a\n", "é"),
    "flink_user": ("", "a b", "a/b", "../x", "-x", "a:b", "a%h", "$HOME", "a\n", "a\0", "'", '"', "a\\b"),
    "flink_group": ("", "a b", "a/b", "-x", "a:b", "a\n"),
    "flink_slice": ("", "../x", "a/b", "a b", "a%h", "a\nb"),
}


USUAL = wanted()


def is_refused(name: str, value: str) -> bool:
    """Of a variable without what Ansible makes of it, which takes longer."""
    if not name.startswith("flink_"):
        return any(path_objections(USUAL, [{"config": {name: value}}]))
    given = [value] if ROLE_VARIABLES[name]["type"] == "list" else value
    of: t.Any = {name.removeprefix("flink_"): given}
    return any(path_objections(dataclasses.replace(USUAL, **of), []))


def accepted(names: t.Iterable[str], values: t.Iterable[str]) -> list[tuple[str, str]]:
    return [(name, value) for value in values for name in names if not is_refused(name, value)]


def test_each_variable_that_is_a_path_is_in_the_table() -> None:
    paths = {
        name
        for name, option in ROLE_VARIABLES.items()
        if "path" in (option["type"], option.get("elements")) and not name.startswith("flink_tls")
    }
    assert paths == {*OF_ROLE, "flink_writable_dirs", *READ, *OF_REST}


@pytest.mark.parametrize("value", NO_PATH.values(), ids=NO_PATH)
def test_what_is_no_path_is_refused_everywhere_in_the_role(value: str) -> None:
    assert accepted([*OF_ROLE, "flink_writable_dirs", *READ], [value]) == []


@pytest.mark.parametrize("name", [name for name in NO_PATH if name not in OF_OTHERS])
def test_what_is_no_path_is_refused_in_options_of_flink(name: str) -> None:
    assert accepted(OPTIONS, [NO_PATH[name]]) == []


@pytest.mark.parametrize("value", OF_CONTROLLER.values(), ids=OF_CONTROLLER)
@pytest.mark.parametrize("name", [*OF_ROLE, "flink_writable_dirs", *READ])
def test_what_only_the_controller_could_replace_is_refused(name: str, value: str) -> None:
    with pytest.raises(FlinkError, match=rf"(?m)^{name}: expected a path of the host as it is, got "):
        wanted({name: [value] if ROLE_VARIABLES[name]["type"] == "list" else value})


@pytest.mark.parametrize("value", OF_SYSTEM)
def test_no_directory_of_the_system_is_one_of_the_role(value: str) -> None:
    assert accepted([*OF_ROLE, *OF_PROCESSES], [value]) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_name_is_a_path_a_word_or_a_line(name: str) -> None:
    assert accepted([name], NAMES[name]) == []


STRANGE = (
    "{}: expected a directory without files of others, got '{}' with {}, which this role has not written and would "
    "replace. Move that away, or choose another directory."
)
LAUNCHED: Values = {"systemd": None}
# Variables, what is different on the host, and the sentence, if there is one.
THERE: dict[str, tuple[Values, Values, str | None]] = {
    "files of another program in the directory of the configuration": (
        {"flink_conf_dir": "/etc/zookeeper"},
        {"files": {"/etc/zookeeper": ["configuration.xsl", "log4j.properties", "zoo.cfg"]}},
        STRANGE.format("flink_conf_dir", "/etc/zookeeper", "log4j.properties, zoo.cfg"),
    ),
    "a file of another program with the name of one that is wanted": (
        {"flink_logging": {"own.xml": ""}},
        {"files": {"/etc/flink": ["own.xml"]}},
        STRANGE.format("flink_conf_dir", "/etc/flink", "own.xml"),
    ),
    "files that the role leaves alone": ({}, {"files": {"/etc/flink": ["configuration.xsl"]}}, None),
    "stores of a user who has TLS without the role": ({}, {"files": {"/etc/flink": ["ca.pem", "keystore.p12"]}}, None),
    "the same where the role would write its own": (
        {"flink_tls": "all", "flink_tls_dir": "/srv/tls"},
        {"files": {"/etc/flink": ["ca.pem", "keystore.p12"]}},
        STRANGE.format("flink_conf_dir", "/etc/flink", "ca.pem, keystore.p12"),
    ),
    "files of the role": ({}, {"files": {"/etc/flink": ["log4j.properties", "taskmanager-7.env"]}}, None),
    "files of a run that was killed": (
        {},
        {
            "files": {"/etc/flink": ["log4j.properties"]},
            "installed_releases": {"/opt/flink/flink-2.3.0": ["/etc/flink/"]},
        },
        None,
    ),
    "files of the release": (
        {"flink_conf_dir": "/opt/flink/flink-2.3.0/conf"},
        {"files": {"/opt/flink/flink-2.3.0/conf": ["config.yaml", "log4j.properties"]}},
        None,
    ),
    "a script of another program": (
        {"flink_run_dir": "/etc/sv/web"},
        {"files": {"/etc/sv/web": ["finish", "run"]}},
        STRANGE.format("flink_run_dir", "/etc/sv/web", "run"),
    ),
    "a script with the name of a launcher": (
        {},
        {
            **LAUNCHED,
            "files": {"/var/lib/flink": ["run", "taskmanager-1"]},
            "marked_files": {"/var/lib/flink": ["run"]},
        },
        STRANGE.format("flink_run_dir", "/var/lib/flink", "taskmanager-1"),
    ),
    "the same where there are units": ({}, {"files": {"/var/lib/flink": ["taskmanager-1"]}}, None),
    "scripts of the role": (
        {},
        {
            **LAUNCHED,
            "files": {"/var/lib/flink": ["run", "jobmanager"]},
            "marked_files": {"/var/lib/flink": ["run", "jobmanager"]},
        },
        None,
    ),
    "a link to something else": (
        {"flink_current_link": "/etc/localtime"},
        {"strange_links": ["/etc/localtime"], "links": {"/etc/localtime": "/usr/share/zoneinfo/UTC"}},
        (
            "flink_current_link: expected nothing or a link to a release of this role, got something else at "
            "'/etc/localtime'. Remove it, choose another place, or null for no link."
        ),
    ),
}


@pytest.mark.parametrize(("given", "different", "sentence"), THERE.values(), ids=THERE)
def test_what_others_have_put_there_is_not_replaced(given: Values, different: Values, sentence: str | None) -> None:
    of = wanted(given)
    links = {**answer(of)["links"], **different.get("links", {})}
    assert case(given, {**different, "links": links}).decide().objections == (() if sentence is None else (sentence,))


UNINSTALL: dict[str, tuple[str, str]] = {
    "a service beside the units": ("flink_service_name", "../x"),
    "a service in the drop-ins of another": ("flink_service_name", "cron.service.d/x"),
    "scripts in the directory of all programs": ("flink_run_dir", "/usr/local/bin"),
    "a release in the root": ("flink_home", "/"),
    "a link in the programs of the system": ("flink_current_link", "/usr/bin/java"),
}


@pytest.mark.parametrize(("name", "value"), UNINSTALL.values(), ids=UNINSTALL)
def test_nothing_is_even_asked_before_it_is_removed(name: str, value: str) -> None:
    with pytest.raises(FlinkError, match=rf"^{name}: expected "):
        removal_questions(wanted({name: value}))
