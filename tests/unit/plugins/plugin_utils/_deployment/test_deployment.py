# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.binding import asking
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.deployment import (
    plan_advice,
    questions,
    rest_arguments,
    rest_port,
    runs_under_systemd,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    HA,
    NO_RELEASE,
    Values,
    case,
    wanted,
)

NUMA: Values = {
    "effective": 2**34,
    "limited_by": "physical memory",
    "numa_nodes": [{"node": 0, "memory": 2**34, "hugepages": 0}],
}
# Without the archive of classes, which test_class_archive.py is about.
UNARCHIVED: Values = {"flink_class_data_sharing": False}
TWO_TASKMANAGERS: Values = {"flink_taskmanager_count": 2}

# Variables that no decision can be made on, what is different on the host, and all sentences.
REFUSED: dict[str, tuple[Values, Values, tuple[str, ...]]] = {
    "no memory": (
        {"flink_config": {"jobmanager.memory.process.size": "1g"}},
        {},
        (
            (
                "h1: taskmanager-1: No memory is configured for the TaskManager. Set one of: "
                "taskmanager.memory.process.size (the whole process: suits containers), taskmanager.memory.flink.size "
                "(what Flink uses: suits plain hosts), or taskmanager.memory.task.heap.size and "
                "taskmanager.memory.managed.size (the parts: Flink adds the rest). Flink's own configuration file sets "
                "taskmanager.memory.process.size to 1728m."
            ),
        ),
    ),
    "too small": (
        {"flink_config": {**CONFIG, "taskmanager.memory.process.size": "300m"}},
        {},
        (
            (
                "h1: taskmanager-1: JVM metaspace 256m + JVM overhead 192m = 448m, which does not fit into the total "
                "process memory of 300m (taskmanager.memory.process.size). Raise taskmanager.memory.process.size to at "
                "least 1152m (Flink accepts 982m, with a task heap of 409.5k (419428 bytes))."
            ),
        ),
    ),
    "parts larger than the whole": (
        {"flink_config": {**CONFIG, "taskmanager.memory.managed.size": "2g"}},
        {},
        (
            (
                "h1: taskmanager-1: framework heap 128m + framework off-heap 128m + task off-heap 0b + network 128.0m "
                "(134217730 bytes) + managed 2g = 2.3g (2550136834 bytes), which does not fit into the total Flink "
                "memory of 1280m (taskmanager.memory.process.size 1728m - JVM metaspace 256m - JVM overhead 192m). "
                "Raise taskmanager.memory.process.size to at least 3264m (Flink accepts 3129m, with a task heap of "
                "92.1k (94364 bytes)), or remove taskmanager.memory.managed.size, and managed memory will be 512.0m "
                "(536870920 bytes)."
            ),
        ),
    ),
    "no such node": (
        {"flink_taskmanager_numa_nodes": [7]},
        {"memory": NUMA},
        ("h1: numa_nodes: expected some of 0, the NUMA nodes of the host, got 7. Correct the list, or leave it out.",),
    ),
    "too large for the host": (
        {"flink_host_memory": "4g", **TWO_TASKMANAGERS},
        {},
        (
            (
                "h1: jobmanager 1g + taskmanager-1 1728m + taskmanager-2 1728m + reserved 409m = 4889m, which is 793m "
                "more than the 4g of memory (host_memory). The largest taskmanager.memory.process.size for each of the "
                "2 that fits is 1331m."
            ),
        ),
    ),
    "auto beside a size": (
        {"flink_config": {**CONFIG, "taskmanager.memory.process.size": "auto", "taskmanager.memory.flink.size": "1g"}},
        {},
        (
            (
                "h1: taskmanager-1: taskmanager.memory.process.size: auto leaves the total to the host, but "
                "taskmanager.memory.flink.size ('1g') already decides it. Remove the one or the other."
            ),
        ),
    ),
    "a text that no line carries": (
        {"flink_version": "1.18.1", "flink_config": {**CONFIG, "env.java.opts.taskmanager": "-Dnote=a#b"}},
        {},
        (
            (
                "env.java.opts.taskmanager: flink-conf.yaml cannot carry it: its value contains '#', where Flink cuts "
                "the line. Choose another one, or a Flink from 1.19 on, whose config.yaml carries any text."
            ),
        ),
    ),
    "a line break in a JVM option": (
        {"flink_config": {**CONFIG, "env.java.opts.taskmanager": "-Dnote='a\nb'"}},
        {},
        ("environment: FLINK_JAVA_OPTS contains a line break, which an environment file cannot carry.",),
    ),
    "a Java that cannot run the release": (
        {},
        {"java": {"home": "/j", "version": 8, "full_version": "8"}},
        ("java_version: Flink 2.3 needs Java 11 or newer, and this is Java 8. Use Java 11, 17 or 21.",),
    ),
    "a number as lines of a unit": (
        {"flink_service_overrides": {"jobmanager": 5}},
        {},
        ("flink_service_overrides: expected lines of text, got another type for jobmanager. Write them as one text.",),
    ),
    "a logging file without text": (
        {"flink_logging": {"log4j.properties": None}},
        {},
        ("flink_logging: expected the text of log4j.properties, got null. Give it, or leave the name out.",),
    ),
    "a slack that is no size": (
        {"flink_memory_max_slack": "many"},
        {},
        (
            (
                "flink_memory_max_slack: 'many' is not a size: a size starts with a digit. "
                "Write for example 4g, 1536m or 1073741824."
            ),
        ),
    ),
    "a secret on a command line": (
        {"flink_jobmanager_config": {"s3.secret-key": "hush"}},
        {},
        (
            (
                "s3.secret-key: the options of a single process are on its command line, which everyone on the host "
                "can read. Set it for all processes."
            ),
        ),
    ),
    "a SQL gateway of a release that has none": (
        {
            "flink_version": "1.15.4",
            "flink_components": ["sql-gateway"],
            "flink_config": {"sql-gateway.endpoint.rest.address": "h1"},
        },
        {},
        ("process: Flink 1.15 has no sql-gateway. It was added in 1.16.",),
    ),
    "a Java that cannot run it, beside objections": (
        {"flink_jobmanager_hosts": [], "flink_jars": [{"src": "https://example.org/a.jar"}]},
        {"java": {"home": "/j", "version": 8, "full_version": "8"}},
        (
            (
                "flink_jobmanager_hosts: expected the address of the JobManager, as every host of the "
                "cluster reaches it, got an empty list. Name it, such as [jm1.example.org]."
            ),
            (
                "flink_jars: expected a checksum for each URL, got none for https://example.org/a.jar. Give it "
                "as sha512: and hexadecimal digits."
            ),
            "java_version: Flink 2.3 needs Java 11 or newer, and this is Java 8. Use Java 11, 17 or 21.",
        ),
    ),
}


@pytest.mark.parametrize(("given", "different", "sentences"), REFUSED.values(), ids=REFUSED)
def test_refused(given: Values, different: Values, sentences: tuple[str, ...]) -> None:
    with pytest.raises(FlinkError) as refusal:
        case(given, different).decide()
    assert tuple(str(refusal.value).splitlines()) == sentences


# Variables and what is different on the host, near to a refusal, where nothing stands against it.
ACCEPTED: dict[str, tuple[Values, Values]] = {
    "just large enough": ({"flink_config": {**CONFIG, "taskmanager.memory.process.size": "982m"}}, {}),
    "just small enough for the host": (
        {
            "flink_host_memory": "4g",
            "flink_config": {**CONFIG, "taskmanager.memory.process.size": "1331m"},
            **TWO_TASKMANAGERS,
        },
        {},
    ),
    "a node that is there": ({"flink_taskmanager_numa_nodes": [0]}, {"memory": NUMA}),
    "a sign that config.yaml carries": (
        {"flink_config": {**CONFIG, "env.java.opts.taskmanager": "-Dnote=a#b"}},
        {},
    ),
    "a Java that just runs it": ({}, {"java": {"home": "/j", "version": 11, "full_version": "11"}}),
    "a secret of all": ({"flink_config": {**CONFIG, "s3.secret-key": "hush"}}, {}),
}


@pytest.mark.parametrize(("given", "different"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(given: Values, different: Values) -> None:
    assert case(given, different).decide().objections == ()


CONFIG_LINK = "/opt/flink/flink-2.3.0/conf/config.yaml"

# Variables, what is different on the host, and what is missing there.
MISSING: dict[str, tuple[Values, Values, tuple[str, ...]]] = {
    "nothing": ({}, {}, ()),
    "a user": ({}, {"user": None}, ("user flink",)),
    "a group": ({"flink_group": "streamers"}, {}, ("group streamers",)),
    "no group is wanted": ({}, {"group": None}, ()),
    "a group that is there": ({"flink_group": "streamers"}, {"group": {"name": "streamers"}}, ()),
    "no user is wanted": ({"flink_user": None}, {"user": None}, ()),
    "the release": ({}, {"release": NO_RELEASE}, ("Flink 2.3.0",)),
    "the link": (
        {},
        {"links": {"/opt/flink/current": "/opt/flink/flink-2.2.1", CONFIG_LINK: "/etc/flink/config.yaml"}},
        ("link /opt/flink/current",),
    ),
    "what the command line tools read": (
        {},
        {"links": {"/opt/flink/current": "/opt/flink/flink-2.3.0", CONFIG_LINK: None}},
        (f"link {CONFIG_LINK}",),
    ),
    "the same where the release has the configuration itself": (
        {"flink_conf_dir": "/opt/flink/flink-2.3.0/conf"},
        {"links": {"/opt/flink/current": "/opt/flink/flink-2.3.0"}, "files": {"/opt/flink/flink-2.3.0/conf": []}},
        (),
    ),
    "no link is wanted": ({"flink_current_link": None}, {}, ()),
    "everything": (
        {"flink_group": "streamers", "flink_jemalloc": True, "flink_plugins": ["flink-s3-fs-hadoop"]},
        {
            "user": None,
            "java": None,
            "java_error": "x",
            "release": NO_RELEASE,
            "links": {"/opt/flink/current": None},
        },
        (
            *("group streamers", "user flink", "openjdk-17-jre-headless", "libjemalloc2", "Flink 2.3.0"),
            *("plugins and jars", "link /opt/flink/current", f"link {CONFIG_LINK}"),
        ),
    ),
}


@pytest.mark.parametrize(("given", "different", "missing"), MISSING.values(), ids=MISSING)
def test_what_is_missing(given: Values, different: Values, missing: tuple[str, ...]) -> None:
    assert case({**UNARCHIVED, **given}, different).decide().installation.missing == missing


def test_a_release_is_replaced_if_one_is_there() -> None:
    other = {"flink_archive_checksum": f"sha512:{'b' * 128}"}
    found = case(other).decide().installation
    assert (found.is_installed, found.replaces, found.scratch) == (False, True, "/opt/flink/flink-2.3.0.unpacking")
    found = case(other, {"release": NO_RELEASE}).decide().installation
    assert (found.is_installed, found.replaces, found.archive_is_url) == (False, False, True)
    assert not case({"flink_archive": "/srv/f.tgz"}).decide().installation.archive_is_url


# Variables, and where and how the cluster is asked.
ADDRESSES: dict[str, tuple[Values, str]] = {
    "defaults": ({}, "http://localhost:8081"),
    "another port": ({"flink_config": {**CONFIG, "rest.port": 9081}}, "http://localhost:9081"),
    "a port of the JobManager": ({"flink_jobmanager_config": {"rest.port": 9082}}, "http://localhost:9082"),
    "the first JobManager": ({"flink_jobmanager_hosts": ["j1"]}, "http://j1:8081"),
    "the own JobManager": ({"flink_jobmanager_hosts": ["j1", "h1"], "flink_config": HA}, "http://h1:8081"),
    "an address of IPv6": ({"flink_jobmanager_hosts": ["fd00::5"]}, "http://[fd00::5]:8081"),
    "the address on which the own JobManager listens": (
        {"flink_jobmanager_hosts": ["h1"], "flink_rest_bind_address": "192.168.7.5"},
        "http://192.168.7.5:8081",
    ),
    "one of IPv6": ({"flink_jobmanager_hosts": ["h1"], "flink_rest_bind_address": "::1"}, "http://[::1]:8081"),
    "all addresses, which are none": (
        {"flink_jobmanager_hosts": ["h1"], "flink_rest_bind_address": "0.0.0.0"},
        "http://h1:8081",
    ),
    "encrypted": ({"flink_config": {**CONFIG, "security.ssl.rest.enabled": True}}, "https://localhost:8081"),
    "encrypted by a word": (
        {"flink_config": {**CONFIG, "security.ssl.rest.enabled": "True"}},
        "https://localhost:8081",
    ),
    "not encrypted": ({"flink_config": {**CONFIG, "security.ssl.rest.enabled": "false"}}, "http://localhost:8081"),
    "behind a proxy": ({"flink_rest_url": "https://proxy/flink"}, "https://proxy/flink"),
}


@pytest.mark.parametrize(("given", "url"), ADDRESSES.values(), ids=ADDRESSES)
def test_where_the_cluster_is_asked(given: Values, url: str) -> None:
    of = wanted(given)
    options = flink_options(of)
    assert rest_arguments(of, options.values, asking(of, options, lambda _host: {}).address)["url"] == url
    if "flink_rest_url" not in given:
        assert rest_port(of, options.values) == url.rpartition(":")[2]


def test_how_the_cluster_is_asked() -> None:
    given = {
        "flink_rest_username": "u",
        "flink_rest_password": "p",
        "flink_rest_validate_certs": False,
        "flink_rest_ca_path": "/ca",
        "flink_rest_client_cert": "/cert",
        "flink_rest_client_key": "/key",
    }
    of = wanted(given)
    assert rest_arguments(of, {}, "localhost") == {
        "url": "http://localhost:8081",
        "url_username": "u",
        "validate_certs": False,
        "ca_path": "/ca",
        "client_cert": "/cert",
        "client_key": "/key",
    }


def test_how_a_cluster_with_tls_is_asked() -> None:
    given = {"flink_tls": "all", "flink_tls_dir": "/tls", "flink_rest_ca_path": "/mine"}
    of = wanted(given)
    options = flink_options(of)
    asked = rest_arguments(of, options.values, "localhost", case(given).host)
    assert (asked["url"], asked["former_url"]) == ("https://localhost:8081", "http://localhost:8081")
    assert (asked["ca_path"], asked["client_cert"], asked["client_key"]) == ("/mine", "/etc/flink/client.pem", None)
    assert "former_url" not in rest_arguments(of, options.values, "localhost")


@pytest.mark.parametrize(
    ("manager", "systemd", "expected"),
    [("auto", 252, True), ("auto", None, False), ("systemd", None, True), ("launcher", 252, False)],
)
def test_systemd(manager: str, systemd: int | None, expected: bool) -> None:
    assert runs_under_systemd(wanted({"flink_service_manager": manager}), systemd) is expected


def test_what_a_host_is_asked_of_its_java_and_links() -> None:
    for given, homes, links in (
        ({}, [], ["/opt/flink/current", CONFIG_LINK]),
        ({"flink_java_home": "/j", "flink_current_link": None}, ["/j"], [CONFIG_LINK]),
    ):
        of = wanted(given)
        asked = questions(of, flink_options(of))
        assert (asked["java_homes"], asked["links"]) == (homes, links)


def test_advice_of_a_plan() -> None:
    notes = [
        {"name": "host", "level": level, "message": f"A {level}.", "remedy": "Do something."}
        for level in ("warning", "hint", "info")
    ]
    assert plan_advice({"notes": notes}) == ["host A warning. Do something."]
    assert len(plan_advice({"notes": notes}, ("warning", "hint"))) == 2


def test_advice_is_that_of_the_plan_of_java_and_of_files() -> None:
    of = case(
        {
            "flink_version": "1.10.3",
            "flink_taskmanager_numa_nodes": [0],
            "flink_config": {"jobmanager.heap.size": "1g", "taskmanager.memory.process.size": "1728m"},
        },
        {"files": {"/etc/flink": ["config.yaml"]}},
    )
    plan, *java, files, logging = of.decide().advice
    assert logging.startswith("flink_logging: expected")
    assert plan.startswith("host The memory of the NUMA nodes is not known")
    assert [sentence for sentence in java if "Java" not in sentence] == []
    assert files == "/etc/flink/config.yaml will be removed, because Flink 1.10.3 is to read flink-conf.yaml."


def test_ports_of_what_has_no_plan() -> None:
    config = {"historyserver.archive.fs.dir": "/srv"}
    found = case({"flink_components": ["historyserver"], "flink_config": config}).decide()
    assert found.health_ports == (
        {"name": "historyserver historyserver.web.port", "process": "historyserver", "host": "0.0.0.0", "port": 8082},
    )


def test_command_lines_are_compared() -> None:
    found = case().running().decide().command_line_deviations
    assert [sentence.split(" is not the plan's")[0] for sentence in found] == [
        "The command line of jobmanager",
        "The command line of taskmanager-1",
    ]


def test_what_is_decided_does_not_depend_on_the_order_of_components() -> None:
    forth, back = (
        case({"flink_components": components}).decide()
        for components in (["jobmanager", "taskmanager"], ["taskmanager", "jobmanager"])
    )
    assert forth == back
