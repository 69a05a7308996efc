# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
import typing as t

import jinja2
import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.firewall import Rule
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.templates import DIRECTORY, render
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import Values, wanted

VARIABLES = wanted({"flink_taskmanager_hosts": ["t1"]}).variables()
UNIT: Values = {
    "title": "JobManager",
    "process": "jobmanager",
    "group": "flink",
    "protect_home": "true",
    "written_dirs": [],
}
RULE = Rule(("10.0.0.5",), ("fd00::/64",), ("6201",))

# Every template that becomes a file or a script, and what it is given.
GIVEN: dict[str, Values] = {
    "class_archive.sh.j2": {
        **VARIABLES,
        "class_archive": "/opt/flink/classes",
        "java_home": "/opt/java",
        "config": {"a": "b"},
        "config_name": "config.yaml",
        "java_opts": [],
        "main_classes": {"jobmanager": "a.B", "taskmanager": "a.C"},
        "program_args": [],
        "timeout": 300,
    },
    "config.yaml.j2": {"config": {"a": "b"}, "flink_version": "2.3.0"},
    "firewall.nft.j2": {"table": "flink", "rules": [RULE], "closed": ["6201"]},
    "firewall.service.j2": {
        "table": "flink",
        "nft": "/usr/sbin/nft",
        "path": "/etc/flink/firewall.nft",
        "protect_home": "true",
    },
    "firewall.xml.j2": {"table": "flink", "rules": [RULE], "closed": ["6201"]},
    "flink-conf.yaml.j2": {"config": {"a": "b"}, "flink_version": "1.18.1"},
    "flink.service.j2": {**VARIABLES, **UNIT},
    "launcher.sh.j2": {**VARIABLES, "name": "jobmanager"},
    "limits.conf.j2": {"total": 2**30, "node": 0, "slack": 2**28},
    "masters.j2": {**VARIABLES, "rest_port": "8081"},
    "process.env.j2": {"environment": {"A": ["b c"]}},
    "proxy.conf.j2": {
        "listen": 8443,
        "rest": "127.0.0.1:8081",
        "tls": True,
        "has_users": True,
        "has_clients": True,
        "networks": ["192.0.2.0/24"],
    },
    "proxy.service.j2": {
        **VARIABLES,
        "user": "www-data",
        "command": "/usr/sbin/nginx",
        "runtime_name": "nginx-flink-proxy",
        "capability": "",
        "protect_home": "true",
    },
    "rhythm.conf.j2": {"backs_off": True},
    "run.sh.j2": {
        **VARIABLES,
        "application_dir": None,
        "class_archive": None,
        "startup_options": [],
        "temporary_dir": "/tmp/x",
        "exits_on_oom": False,
        "hadoop_dir": "",
        "hbase_dir": "",
        "yarn_dir": "",
    },
    "start.conf.j2": {"temporary_dir": "/tmp/x", "application_dir": "/tmp/a", "ends": ["jobmanager.0"]},
    "workers.j2": VARIABLES,
    "zoo.cfg.j2": {"settings": {"clientPort": 2181}},
}
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
SCRIPTS = [name for name in GIVEN if name.endswith(".sh.j2")]
# What others include.
PARTS = {"hadoop.sh.j2", "jars.sh.j2"}


def test_every_template_is_tested() -> None:
    assert set(GIVEN) | PARTS == {path.name for path in DIRECTORY.iterdir()}


@pytest.mark.parametrize("name", GIVEN)
def test_each_says_by_whom_it_is_managed(name: str) -> None:
    text = render(name, ansible_managed="By Ansible\nand by me", **GIVEN[name])
    words = (
        "<!--\n -\n - By Ansible\n - and by me\n -\n-->\n" if ".xml" in name else "#\n# By Ansible\n# and by me\n#\n"
    )
    assert text.removeprefix("#!/bin/sh\n").removeprefix(DECLARATION).startswith(words)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "{{" not in text
    assert "{%" not in text


@pytest.mark.parametrize("name", GIVEN)
def test_a_value_that_is_not_given_is_an_error(name: str) -> None:
    with pytest.raises(jinja2.UndefinedError, match="ansible_managed"):
        render(name, **GIVEN[name])


@pytest.mark.parametrize("name", GIVEN)
def test_so_is_any_other(name: str) -> None:
    with pytest.raises((jinja2.UndefinedError, FlinkError)):
        render(name, ansible_managed="x")


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize(
    "further",
    [
        {},
        {
            "application_dir": "/my jobs",
            "class_archive": "/my classes",
            "startup_options": ["-Da=b c"],
            "exits_on_oom": True,
            "java_opts": ["--add-opens=a"],
        },
    ],
    ids=["plain", "with all that they may have"],
)
def test_scripts_are_those_of_a_shell(name: str, further: Values) -> None:
    text = render(name, ansible_managed="x", **{**GIVEN[name], **further})
    assert text.startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n"], input=text.encode(), check=True)


# Templates whose paths a shell reads, and a line that quotes them.
QUOTED: dict[str, tuple[str, str]] = {
    "run.sh.j2": ("flink_conf_dir", """    . '/my dir'/"$1.env"\n"""),
    "launcher.sh.j2": ("flink_run_dir", "state='/my dir/jobmanager'\n"),
    "class_archive.sh.j2": ("java_home", "JAVA_HOME='/my dir'\n"),
}


@pytest.mark.parametrize("name", QUOTED)
def test_paths_are_quoted_for_a_shell(name: str) -> None:
    variable, line = QUOTED[name]
    assert line in render(name, ansible_managed="x", **{**GIVEN[name], variable: "/my dir"})


def test_users_are_quoted_for_a_shell() -> None:
    def user(given: t.Any) -> str:
        text = render("launcher.sh.j2", ansible_managed="x", **{**GIVEN["launcher.sh.j2"], "flink_user": given})
        return next(line for line in text.splitlines() if line.startswith("user="))

    assert (user("flink"), user("a b"), user(None)) == ("user=flink", "user='a b'", "user=$(id -un)")


def test_values_are_not_templates_again() -> None:
    text = render("config.yaml.j2", ansible_managed="x", config={"a": "{{ 1 }}"}, flink_version="2.3.0")
    assert 'a: "{{ 1 }}"\n' in text
