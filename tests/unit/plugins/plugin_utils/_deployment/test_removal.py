# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.removal import (
    decide_removal,
    removal_questions,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    Values,
    case,
    wanted,
)

UNITS = "/etc/systemd/system"
HOME, FORMER = "/opt/flink/flink-2.3.0", "/opt/flink/flink-2.2.1"
LINK, LIB = "/opt/flink/current", "/var/lib/flink/application/lib"
OURS, THEIRS = "/etc/flink", "/etc/other"
DEPLOYED: Values = {
    "systemd": 252,
    "ansible_user": {"name": "root", "uid": 0},
    "places": {},
    "files": {
        OURS: ["config.yaml", "jobmanager.env", "log4j.properties", "masters", "mine.txt", "taskmanager-3.env"],
        UNITS: ["flink-jobmanager.service", "flink-taskmanager@.service"],
    },
    "links": {LINK: HOME, LIB: f"{HOME}/lib"},
    "matching_units": ["flink-jobmanager.service", "flink-taskmanager@.service"],
    "job_notes": {},
    "marked_files": {OURS: ["jobmanager.env", "taskmanager-3.env"], "/var/lib/flink": ["run"]},
    "installed_releases": {HOME: [OURS]},
    "environments": [{"FLINK_CONF_DIR": OURS, "FLINK_HOME": HOME}],
    "user": {"name": "flink", "uid": 999},
    "running": [],
}
NOTHING: Values = {
    **DEPLOYED,
    "files": {OURS: [], UNITS: []},
    "links": {LINK: None, LIB: None},
    "matching_units": [],
    "marked_files": {OURS: [], "/var/lib/flink": []},
    "installed_releases": {},
    "environments": [],
}


def removal(different: Values | None = None, given: Values | None = None) -> Values:
    return decide_removal(wanted(given), {**DEPLOYED, **(different or {})}, "j1")


def removed(different: Values | None = None, given: Values | None = None) -> list[str]:
    return [file["path"] for file in removal(different, given)["files"]]


def drop_ins(unit: str) -> list[str]:
    names = ("/05-rhythm.conf", "/06-start.conf", "/10-plan.conf", "/20-overrides.conf", "")
    return [f"{UNITS}/{unit}.service.d{name}" for name in names]


def test_everything_that_the_role_made_in_an_order_that_can_be_interrupted() -> None:
    found = removal()
    assert [file["path"] for file in found["files"]] == [
        f"{UNITS}/flink-jobmanager.service",
        f"{UNITS}/flink-taskmanager@.service",
        *drop_ins("flink-jobmanager"),
        *drop_ins("flink-taskmanager@"),
        *drop_ins("flink-taskmanager@3"),
        "/var/lib/flink/tmp/jobmanager",
        "/var/lib/flink/tmp/taskmanager-3",
        "/var/lib/flink/tmp",
        "/var/lib/flink/run",
        "/var/lib/flink/application",
        "/var/lib/flink",
        "/etc/flink/config.yaml",
        "/etc/flink/log4j.properties",
        "/etc/flink/masters",
        "/etc/flink/jobmanager.env",
        "/etc/flink/taskmanager-3.env",
        "/etc/flink",
        LINK,
        HOME,
    ]
    assert {file["state"] for file in found["files"]} == {"absent"}
    whole = [file["path"] for file in found["files"] if not file.get("only_empty")]
    assert {"/etc/flink", "/var/lib/flink", "/var/lib/flink/tmp", *drop_ins("flink-jobmanager")[4:]}.isdisjoint(whole)
    owned = [file["path"] for file in found["files"] if file.get("owner") == "flink"]
    assert owned == ["/var/lib/flink/tmp/jobmanager", "/var/lib/flink/tmp/taskmanager-3"]
    assert found["unit_stops"] == ["jobmanager", "taskmanager-3"]
    assert (found["launcher_stops"], found["warnings"]) == ([], [])
    assert found["units"]["taskmanager-3"] == "flink-taskmanager@3.service"


def test_nothing_where_nothing_is() -> None:
    found = removal(NOTHING)
    assert (found["files"], found["unit_stops"], found["launcher_stops"]) == ([], [], [])


# What is different on the host, and what is not removed then.
KEPT: dict[str, tuple[Values, set[str]]] = {
    "a configuration that no environment file shows to be ours": (
        {"marked_files": {OURS: [], "/var/lib/flink": ["run"]}},
        {OURS, f"{OURS}/config.yaml", f"{OURS}/log4j.properties", f"{OURS}/masters", "/var/lib/flink/tmp"},
    ),
    "a script that is not ours": (
        {"marked_files": {OURS: ["jobmanager.env"], "/var/lib/flink": []}},
        {"/var/lib/flink", "/var/lib/flink/run", "/var/lib/flink/jobmanager"},
    ),
    "a unit of our name with other directories, and its drop-ins": (
        {"matching_units": ["flink-taskmanager@.service"]},
        {f"{UNITS}/flink-jobmanager.service", *drop_ins("flink-jobmanager")},
    ),
    "a link that leads elsewhere": ({"links": {LINK: "/srv/flink", LIB: None}}, {LINK}),
    "a directory of the name that the one for an application has": (
        {"links": {LINK: HOME, LIB: None}},
        {"/var/lib/flink/application"},
    ),
    "a release that a former role installed, which notes nothing": ({"installed_releases": {HOME: []}}, {HOME, LINK}),
    "a release that another cluster has noted": ({"installed_releases": {HOME: [OURS, THEIRS]}}, {HOME, LINK}),
    "a release that a unit or a process of another cluster names": (
        {"environments": [{"FLINK_CONF_DIR": f"{THEIRS}/", "FLINK_HOME": f"{HOME}/"}]},
        {HOME, LINK},
    ),
    "a release that was not installed": ({"installed_releases": {}}, {HOME, LINK}),
    "a release beside ours": ({"installed_releases": {HOME: [OURS], FORMER: [THEIRS], "/opt/flink/x": []}}, {FORMER}),
    "what is directly below the root": ({"installed_releases": {"/flink": [OURS], HOME: [OURS]}}, {"/flink"}),
}


@pytest.mark.parametrize(("different", "kept"), KEPT.values(), ids=KEPT)
def test_what_stays(different: Values, kept: set[str]) -> None:
    assert kept.isdisjoint(removed(different))


def test_a_former_release_of_this_cluster_goes_too() -> None:
    assert removed({"installed_releases": {FORMER: [f"{OURS}/"], HOME: [OURS]}})[-2:] == [FORMER, HOME]


def test_a_release_is_known_however_it_is_spelled() -> None:
    given = {"flink_home": "/opt//flink/flink-2.3.0", "flink_conf_dir": "/etc//flink", "flink_current_link": LINK}
    marks = {"/etc//flink": ["jobmanager.env"], "/var/lib/flink": ["run"]}
    files: Values = {"/etc//flink": [], UNITS: []}
    found = removal({"marked_files": marks, "files": files, "installed_releases": {HOME: ["/etc//flink"]}}, given)
    assert ([file["path"] for file in found["files"]][-2:], found["warnings"]) == ([LINK, HOME], [])
    used = {"environments": [{"FLINK_CONF_DIR": THEIRS, "FLINK_HOME": "/opt//flink/flink-2.3.0"}]}
    assert HOME not in removed(used)


def test_who_leaves_a_release_to_another_takes_the_note_along() -> None:
    found = removal({"installed_releases": {HOME: [THEIRS, OURS]}})
    assert re.fullmatch(rf"{HOME}/\.clusters/[0-9a-f]{{16}}", found["files"][-1]["path"])
    assert found["warnings"] == [
        (
            f"{HOME} stays: another cluster uses it, or no deployment has noted that only this one does. Remove it "
            "yourself once no cluster uses it."
        )
    ]


# Variables, and the place in the release that is not removed with it.
HOLDS: dict[str, tuple[Values, str]] = {
    "logs": ({"flink_log_dir": f"{HOME}/log"}, f"{HOME}/log of flink_log_dir"),
    "savepoints": (
        {"flink_config": {"state.savepoints.dir": f"file://{HOME}/sp"}},
        f"{HOME}/sp of state.savepoints.dir",
    ),
    "what a TaskManager alone has": (
        {"flink_taskmanager_configs": [{"state.checkpoints.dir": f"file:{HOME}/cp"}]},
        f"{HOME}/cp of state.checkpoints.dir",
    ),
    "a directory of jobs": ({"flink_writable_dirs": [f"{HOME}/./data"]}, f"{HOME}/data of flink_writable_dirs"),
}


@pytest.mark.parametrize(("given", "place"), HOLDS.values(), ids=HOLDS)
def test_a_release_that_holds_data_stays(given: Values, place: str) -> None:
    found = removal(given=given)
    assert {HOME, LINK}.isdisjoint(file["path"] for file in found["files"])
    assert found["warnings"] == [f"{HOME} stays: {place} is in it. Remove it yourself once you need that no more."]


def test_temporary_files_in_a_release_go_with_it() -> None:
    assert HOME in removed(given={"flink_config": {"io.tmp.dirs": f"{HOME}/tmp"}})


def test_the_note_is_the_one_that_a_deployment_writes() -> None:
    (note,) = (file for file in case().decide().configuration if "/.clusters/" in file.path)
    assert removed({"installed_releases": {HOME: [THEIRS, str(note.content).strip()]}})[-1] == note.path


def test_files_of_a_directory_directly_below_the_root_go_alone() -> None:
    different: Values = {
        "files": {"/conf": ["config.yaml"], UNITS: []},
        "marked_files": {"/conf": ["jobmanager.env"], "/run-flink": ["run", "jobmanager"]},
        "links": {LINK: None, "/run-flink/application/lib": None},
    }
    paths = removed(different, {"flink_conf_dir": "/conf", "flink_run_dir": "/run-flink"})
    assert {"/conf/config.yaml", "/conf/jobmanager.env", "/run-flink/run", "/run-flink/jobmanager.pid"} <= set(paths)
    assert {"/conf", "/run-flink"}.isdisjoint(paths)


LAUNCHED: Values = {"marked_files": {**DEPLOYED["marked_files"], "/var/lib/flink": ["run", "taskmanager-3"]}}
LAUNCHERS: Values = {"flink_service_manager": "launcher"}
BOTH = ["jobmanager", "taskmanager-3"]

# What is different on the host, variables, and the processes to stop by their units and by their launchers.
STOPS: dict[str, tuple[Values, Values, list[str], list[str]]] = {
    "units": ({}, {}, BOTH, []),
    "a run was killed before it wrote units": ({"matching_units": []}, {}, [], []),
    "launchers": ({**LAUNCHED, "systemd": None}, {}, [], ["taskmanager-3"]),
    "units of what launchers should run now": ({}, LAUNCHERS, BOTH, []),
    "launchers of what units should run now": ({**LAUNCHED, "matching_units": []}, {}, [], ["taskmanager-3"]),
    "a second set": (LAUNCHED, {}, BOTH, ["taskmanager-3"]),
    "units where systemd no longer runs": ({"systemd": None}, {}, [], []),
}


@pytest.mark.parametrize(("different", "given", "by_units", "by_launchers"), STOPS.values(), ids=STOPS)
def test_what_is_stopped(different: Values, given: Values, by_units: list[str], by_launchers: list[str]) -> None:
    found = removal(different, given)
    assert (found["unit_stops"], found["launcher_stops"]) == (by_units, by_launchers)


WITHOUT_UNITS: Values = {
    "systemd": None,
    "marked_files": {**DEPLOYED["marked_files"], "/var/lib/flink": ["run", "taskmanager-3"]},
}
REPLACED = {"/var/lib/flink": {"obstacle": "/var/lib may be written by flink. Take that right away.", "rights": "rx"}}
# What is different on the host, and what root is told.
REFUSED: dict[str, tuple[Values, list[str]]] = {
    "launchers that the user could have replaced": (
        {**WITHOUT_UNITS, "places": REPLACED},
        ["flink_run_dir: /var/lib may be written by flink. Take that right away."],
    ),
    "launchers that nobody could": (WITHOUT_UNITS, []),
    "none that has to be stopped": (
        {"systemd": None, "marked_files": {OURS: [], "/var/lib/flink": ["run"]}, "places": REPLACED},
        [],
    ),
    "units, which are elsewhere": ({"places": REPLACED}, []),
}


@pytest.mark.parametrize(("different", "objections"), REFUSED.values(), ids=REFUSED)
def test_root_stops_by_nothing_that_others_could_have_placed(different: Values, objections: list[str]) -> None:
    asked = removal_questions(wanted())
    assert (asked["places"], asked["user"]) == ([{"path": "/var/lib/flink", "owner": None}], "flink")
    assert removal(different)["root_objections"] == objections


def test_the_confirmation_names_everything() -> None:
    assert removal()["confirmation"] == (
        "flink_uninstall_confirmed: expected true, got false. It would stop every process of flink on h1, and remove "
        "its files in /etc/flink, /var/lib/flink and /etc/systemd/system, and /opt/flink/current, and "
        "/opt/flink/flink-2.3.0. If that is meant, say -e "
        "flink_uninstall_confirmed=true."
    )


def test_directories_of_the_system_are_not_even_looked_at() -> None:
    with pytest.raises(FlinkError, match="flink_run_dir: expected a directory of its own, got '/usr/local/bin'"):
        removal_questions(wanted({"flink_run_dir": "/usr/local/bin"}))


@pytest.mark.parametrize("manager", ["systemd", "launcher"])
@pytest.mark.parametrize("given", [{}, {"flink_conf_dir": "/my conf $ [1]", "flink_run_dir": "/srv/it's mine"}])
def test_what_the_role_writes_is_known_by_its_lines(given: Values, manager: str) -> None:
    given = {**given, "flink_service_manager": manager}
    asked, of, decided = removal_questions(wanted(given)), wanted(given), case(given).decide()
    texts = {file.path: str(file.content or file.secret_content) for file in (*decided.configuration, *decided.service)}

    def marked(pattern: str) -> set[str]:
        lines = {path: text.splitlines() for path, text in texts.items()}
        return {path for path, found in lines.items() if any(re.fullmatch(pattern, line) for line in found)}

    names = ("jobmanager", "taskmanager-1")
    scripts = {f"{of.run_dir}/{name}" for name in ("run", *(names if manager == "launcher" else ()))}
    pattern = asked["marks"][0]["pattern"]
    assert marked(pattern) == {*scripts, *(f"{of.conf_dir}/{name}.env" for name in names)}


@pytest.mark.parametrize(
    ("given", "different", "expected"),
    [
        ({}, {}, True),
        ({}, {"matching_units": []}, True),
        ({}, {"systemd": None}, False),
        (LAUNCHERS, {}, True),
        (LAUNCHERS, {"matching_units": []}, False),
        (LAUNCHERS, {"systemd": None}, False),
        ({"flink_service_manager": "systemd"}, {}, True),
    ],
)
def test_whether_systemd_has_to_read_what_was_removed(given: Values, different: Values, expected: bool) -> None:
    assert removal(different, given)["has_systemd"] is expected


def test_a_proxy_is_stopped_and_nothing_of_it_is_left() -> None:
    directory = f"{OURS}/proxy"
    assert directory in removal_questions(wanted())["directories"]
    there = {
        "files": {**DEPLOYED["files"], directory: ["nginx.conf", "key.pem"]},
        "matching_units": [*DEPLOYED["matching_units"], "flink-proxy.service"],
    }
    found = removal(there)
    assert found["unit_stops"] == ["jobmanager", "taskmanager-3", "proxy"]
    assert found["units"]["proxy"] == "flink-proxy.service"
    assert {f"{UNITS}/flink-proxy.service", f"{directory}/key.pem", directory} <= set(removed(there))


def test_secrets_are_removed() -> None:
    directory = f"{OURS}/secrets"
    assert directory in removal_questions(wanted())["directories"]
    paths = removed({"files": {**DEPLOYED["files"], directory: [".flink", "password"]}})
    assert paths.index(f"{directory}/password") < paths.index(directory) < paths.index(OURS)


def test_secrets_of_others_stay() -> None:
    directory = f"{OURS}/secrets"
    paths = removed({"files": {**DEPLOYED["files"], directory: ["password"]}})
    assert not [path for path in paths if path.startswith(directory)]


@pytest.mark.parametrize(
    ("level", "marks", "gone"),
    [
        ("none", [], []),
        ("internal", [], ["keystore.p12"]),
        ("all", [], ["keystore.p12", "ca.pem"]),
        ("none", [".tls-internal"], ["keystore.p12", ".tls-internal"]),
    ],
    ids=["others have them", "with TLS", "with TLS for REST", "TLS was switched off"],
)
def test_stores_go_where_the_role_has_written_them(level: str, marks: list[str], gone: list[str]) -> None:
    names = [*DEPLOYED["files"][OURS], "keystore.p12", "ca.pem", *marks]
    paths = removed({"files": {**DEPLOYED["files"], OURS: names}}, {"flink_tls": level})
    stores = [path.removeprefix(f"{OURS}/") for path in paths if path.endswith((".p12", ".pem", "internal"))]
    assert stores == gone
