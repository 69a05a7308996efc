# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.paths import path_objections
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    Values,
    case,
    wanted,
)

ABSOLUTE = "{}: expected an absolute path of a directory, got {}. Correct it."
PRINTABLE = (
    "{}: expected printable characters without a backslash or a blank at the end, got {}. Choose another directory."
)
VARIABLES = "{}: expected a path without variables, which Ansible replaces by those of the host, got {}. Write it out."
SHARED = (
    "{}: expected a directory of its own, got {}, which other programs use too. Name one below it, such as {}, or "
    "elsewhere."
)
SYSTEM = (
    "{}: expected a directory of its own, got {}, which is among those of the system. Choose one elsewhere, such as {}."
)
COMMAND = "/data/x\nExecStartPre=+/bin/touch /etc/x"
HOME_OF_ROOT = "/root"


def flink(**options: t.Any) -> Values:
    return {"flink_config": {**CONFIG, **{name.replace("_", "."): value for name, value in options.items()}}}


# Variables, and the sentence.
REFUSED: dict[str, tuple[Values, str]] = {
    "a command in a directory for temporary files": (
        flink(io_tmp_dirs=COMMAND),
        PRINTABLE.format("io.tmp.dirs", r"'/data/x\nExecStartPre=+/bin/touch /etc/x'"),
    ),
    "a command in a list of Flink's": (
        flink(state_checkpoints_dir=["file:///a", "file:///b\rUser=root"]),
        PRINTABLE.format("state.checkpoints.dir", r"'/b\rUser=root'"),
    ),
    "a command in a directory of the role": (
        {"flink_log_dir": "/srv/a\nUser=root"},
        PRINTABLE.format("flink_log_dir", r"'/srv/a\nUser=root'"),
    ),
    "a line break that only Python knows": (
        {"flink_writable_dirs": ["/srv/a\u2028b"]},
        PRINTABLE.format("flink_writable_dirs", r"'/srv/a\u2028b'"),
    ),
    "a backslash": ({"flink_conf_dir": "/srv/a\\"}, PRINTABLE.format("flink_conf_dir", r"'/srv/a\\'")),
    "a blank at the end": ({"flink_log_dir": "/srv/a "}, PRINTABLE.format("flink_log_dir", "'/srv/a '")),
    "a relative path": ({"flink_current_link": "current"}, ABSOLUTE.format("flink_current_link", "'current'")),
    "a way out": (flink(io_tmp_dirs="/data/../etc"), ABSOLUTE.format("io.tmp.dirs", "'/data/../etc'")),
    "the root for temporary files": (flink(io_tmp_dirs="/"), ABSOLUTE.format("io.tmp.dirs", "'/'")),
    "a Java somewhere": ({"flink_java_home": "java"}, ABSOLUTE.format("flink_java_home", "'java'")),
    "a variable": (
        {"flink_log_dir": "/srv/$NOWHERE_AT_ALL"},
        VARIABLES.format("flink_log_dir", "'/srv/$NOWHERE_AT_ALL'"),
    ),
    "a variable in Flink's words": (
        flink(io_tmp_dirs="/srv/${HOME}"),
        VARIABLES.format("io.tmp.dirs", "'/srv/${HOME}'"),
    ),
    "the drop-ins of another unit": (
        flink(io_tmp_dirs="/etc/systemd/system/cron.service.d"),
        SYSTEM.format("io.tmp.dirs", "'/etc/systemd/system/cron.service.d'", "/var/lib/flink"),
    ),
    "the same by more slashes": (
        {"flink_run_dir": "//etc//systemd/./system"},
        SYSTEM.format("flink_run_dir", "'//etc//systemd/./system'", "/opt/flink"),
    ),
    "the same by a link that every system has": (
        flink(io_tmp_dirs="/var/run/systemd/system/cron.service.d"),
        SYSTEM.format("io.tmp.dirs", "'/var/run/systemd/system/cron.service.d'", "/var/lib/flink"),
    ),
    "rules that the system makes anew": (
        flink(io_tmp_dirs="/run/udev/rules.d"),
        SYSTEM.format("io.tmp.dirs", "'/run/udev/rules.d'", "/var/lib/flink"),
    ),
    "what a cloud runs at each boot": (
        {"flink_log_dir": "/var/lib/cloud/scripts/per-boot"},
        SYSTEM.format("flink_log_dir", "'/var/lib/cloud/scripts/per-boot'", "/var/lib/flink"),
    ),
    "the directory of all locks": (
        {"flink_run_dir": "/var/lock"},
        SHARED.format("flink_run_dir", "'/var/lock'", "'/run/lock/flink'"),
    ),
    "logs among configurations": (
        {"flink_log_dir": "/etc/flink/log"},
        SYSTEM.format("flink_log_dir", "'/etc/flink/log'", "/var/lib/flink"),
    ),
    "programs of the system": (
        {"flink_home": "/usr/bin/flink", "flink_current_link": None},
        SYSTEM.format("flink_home", "'/usr/bin/flink'", "/opt/flink"),
    ),
    "the directory of all logs": (
        {"flink_log_dir": "/var/log/"},
        SHARED.format("flink_log_dir", "'/var/log/'", "'/var/log/flink'"),
    ),
    "the directory of all programs' data": (
        {"flink_run_dir": "/var/lib"},
        SHARED.format("flink_run_dir", "'/var/lib'", "'/var/lib/flink'"),
    ),
    "the directory of local programs": (
        {"flink_run_dir": "/usr/local/bin"},
        SYSTEM.format("flink_run_dir", "'/usr/local/bin'", "/opt/flink"),
    ),
    "what holds one of them": (
        {"flink_conf_dir": "/usr"},
        SHARED.format("flink_conf_dir", "'/usr'", "'/usr/flink'"),
    ),
    "what Java would take for two": (
        {"flink_home": "/opt/a:b"},
        (
            "flink_home: expected a path without ':', which separates jars for Java, got '/opt/a:b'. Choose another "
            "directory."
        ),
    ),
    "a command in a user": (
        {"flink_user": "flink\nExecStartPre=+/bin/sh"},
        r"flink_user: expected the name of a user, got 'flink\nExecStartPre=+/bin/sh'. Correct it.",
    ),
    "a command in a group": (
        {"flink_group": "a b"},
        "flink_group: expected the name of a group, got 'a b'. Correct it.",
    ),
    "a command in a slice": (
        {"flink_slice": "a.slice\nUser=root"},
        (r"flink_slice: expected the name of a slice such as 'system.slice', got 'a.slice\nUser=root'. Correct it."),
    ),
}

ACCEPTED: dict[str, Values] = {
    "the defaults": {},
    "blanks, quotes and signs that systemd knows": {
        "flink_log_dir": "/srv/my \"l'o%g $ [1]*?",
        "flink_conf_dir": "/srv/ü 100%",
        "flink_writable_dirs": ["/srv/a b"],
    },
    "directories of a system that are for programs": {
        "flink_home": "/usr/lib/flink/flink-2.3.0",
        "flink_conf_dir": "/etc/flink/prod",
        "flink_log_dir": "/var/log/flink/prod",
        "flink_writable_dirs": [
            "/usr/local/flink/tmp",
            "/dev/shm/flink",
            "/data",
            "/run/flink",
            "/var/run/flink/tmp",
            "/mnt/disk1",
        ],
    },
    "memory": {"flink_home": "/dev/shm/flink"},
    "homes": {"flink_home": "/home/me/flink", "flink_run_dir": f"{HOME_OF_ROOT}/flink"},
    "what only begins like one of the system": {"flink_home": "/binaries/flink", "flink_run_dir": "/etc/systemd2"},
    "accounts of a directory": {"flink_user": "flink@example.org", "flink_group": "1000"},
    "what is none of this host": flink(io_tmp_dirs="tmp", state_checkpoints_dir="s3://bucket/$HOME\n"),
    "the private /tmp": flink(io_tmp_dirs="/tmp,/var/tmp"),
}


def found(given: Values) -> list[str]:
    of = wanted(given)
    return [*path_objections(of, [{"config": of.config}])]


@pytest.mark.parametrize(("given", "sentence"), REFUSED.values(), ids=REFUSED)
def test_refused(given: Values, sentence: str) -> None:
    assert found(given) == [sentence]


@pytest.mark.parametrize("given", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(given: Values) -> None:
    assert found(given) == []


def test_a_deployment_is_refused_for_them() -> None:
    (objection,) = case(flink(io_tmp_dirs=COMMAND)).decide().objections
    assert objection.startswith("io.tmp.dirs: expected printable characters")


def test_a_slash_at_the_end_is_none_of_the_name() -> None:
    of = wanted({"flink_home": "/opt/flink/x//", "flink_current_link": "/opt/flink/current/"})
    assert (of.home, of.current_link) == ("/opt/flink/x", "/opt/flink/current")
    assert wanted({"flink_home": "/opt/flink/x/./", "flink_current_link": None}).home == "/opt/flink/x"


HOME = "/opt/flink/flink-2.3.0"
NOT_WRITTEN = "{}: {} is there, but flink may not write to it. Give it to flink (chown), or choose another directory."

# Variables, what the host answers about directories, and the sentence.
PLACES: dict[str, tuple[Values, dict[str, tuple[str | None, str | None]], str | None]] = {
    "all are new": ({}, {HOME: (None, None), "/var/log/flink": (None, None)}, None),
    "all are there": ({}, {HOME: (None, "rx"), "/etc/flink": (None, "rx"), "/var/log/flink": (None, "rwx")}, None),
    "one on a way that root does not go": (
        {},
        {"/etc/flink": ("/etc belongs to joe. Give it back.", "rwx")},
        "flink_conf_dir: /etc belongs to joe. Give it back.",
    ),
    "logs on a way that root does not go": (
        {},
        {"/var/log/flink": ("/var/log/flink is a link of flink. Remove it.", None)},
        "flink_log_dir: /var/log/flink: /var/log/flink is a link of flink. Remove it.",
    ),
    "scripts that the user may replace": (
        {},
        {"/var/lib/flink": (None, "rwx")},
        (
            "flink_run_dir: /var/lib/flink may be written by flink, whose jobs could replace what root runs there. "
            "Take that right away, or choose another directory."
        ),
    ),
    "a release that the user cannot read": (
        {},
        {HOME: (None, "")},
        f"flink_home: {HOME} is there, but flink may not read it. Grant that, or choose another directory.",
    ),
    "logs that the user cannot write": (
        {},
        {"/var/log/flink": (None, "rx")},
        NOT_WRITTEN.format("flink_log_dir", "/var/log/flink"),
    ),
    "temporary files that the user cannot write": (
        {},
        {"/var/lib/flink/tmp": (None, "rx")},
        NOT_WRITTEN.format("flink_run_dir", "/var/lib/flink/tmp"),
    ),
    "data that the user cannot write": (
        flink(io_tmp_dirs="/data/a,/data/b"),
        {"/data/a": (None, "rwx"), "/data/b": (None, "r")},
        NOT_WRITTEN.format("io.tmp.dirs", "/data/b"),
    ),
    "an archive that the HistoryServer reads": (
        flink(historyserver_archive_fs_dir="file:///srv/jobs"),
        {"/srv/jobs": (None, "rx")},
        None,
    ),
    "the user is root": ({"flink_user": "root"}, {"/var/lib/flink": (None, "rwx")}, None),
}


@pytest.mark.parametrize(("given", "places", "sentence"), PLACES.values(), ids=PLACES)
def test_directories_of_a_host(
    given: Values, places: dict[str, tuple[str | None, str | None]], sentence: str | None
) -> None:
    answered = {path: {"obstacle": obstacle, "rights": rights} for path, (obstacle, rights) in places.items()}
    objected = case(given, {"places": answered}).decide().objections
    assert objected == (() if sentence is None else (sentence,))


HIDDEN = (
    "{}: expected a directory that a unit sees, got '{}': each has a /tmp and a /var/tmp of its own. Choose one "
    "elsewhere, or put PrivateTmp=false into flink_service_overrides of each component."
)
SEEN = "[Service]\nPrivateTmp=no\n"
# Variables, where a directory leads, and the options that name one which units do not see.
IN_TMP: dict[str, tuple[Values, dict[str, str], dict[str, str]]] = {
    "logs": ({"flink_log_dir": "/tmp/flink/log"}, {}, {"flink_log_dir": "/tmp/flink/log"}),
    "scripts": ({"flink_run_dir": "//tmp/flink"}, {}, {"flink_run_dir": "//tmp/flink"}),
    "a release": ({"flink_home": "/var/tmp/flink/2"}, {}, {"flink_home": "/var/tmp/flink/2"}),
    "a Java": ({"flink_java_home": "/tmp/java"}, {}, {"flink_java_home": "/tmp/java"}),
    "more directories": ({"flink_writable_dirs": ["/srv/a", "/tmp/a"]}, {}, {"flink_writable_dirs": "/tmp/a"}),
    "a link to one": ({}, {"/var/log/flink": "/tmp/flink/log"}, {"flink_log_dir": "/var/log/flink"}),
    "one of two components that see it": (
        {"flink_log_dir": "/tmp/log", "flink_service_overrides": {"jobmanager": SEEN}},
        {},
        {"flink_log_dir": "/tmp/log"},
    ),
    "units that see it": (
        {"flink_log_dir": "/tmp/log", "flink_service_overrides": {"jobmanager": SEEN, "taskmanager": SEEN}},
        {},
        {},
    ),
    "launchers": ({"flink_log_dir": "/tmp/log", "flink_service_manager": "launcher"}, {}, {}),
    "what Flink makes anew": (flink(io_tmp_dirs="/tmp/flink,/var/tmp"), {}, {}),
    "what only begins like it": ({"flink_log_dir": "/tmpfs/log"}, {}, {}),
}


@pytest.mark.parametrize(("given", "links", "options"), IN_TMP.values(), ids=IN_TMP)
def test_what_units_do_not_see(given: Values, links: dict[str, str], options: dict[str, str]) -> None:
    places = {path: {"real": real, "obstacle": None, "rights": None} for path, real in links.items()}
    objected = case(given, {"places": places}).decide().objections
    assert objected == tuple(HIDDEN.format(option, path) for option, path in options.items())


# Where a directory for data, and that of the release, lead, and the sentence.
LEADING: dict[str, tuple[str, str, str | None]] = {
    "another disk": ("/disk1/flink", HOME, None),
    "programs of the distribution": ("/var/usrlocal/flink", "/usr/lib/flink", None),
    "memory": ("/dev/shm/flink", HOME, None),
    "units": (
        "/etc/systemd/system/cron.service.d",
        HOME,
        (
            "io.tmp.dirs: expected a directory of its own, got '/data', which leads to "
            "'/etc/systemd/system/cron.service.d' among those of the system. Choose one elsewhere."
        ),
    ),
    "programs of the system": (
        "/data",
        "/usr/bin/flink",
        (
            f"flink_home: expected a directory of its own, got '{HOME}', which leads to '/usr/bin/flink' among those "
            "of the system. Choose one elsewhere."
        ),
    ),
}


@pytest.mark.parametrize(("data", "home", "sentence"), LEADING.values(), ids=LEADING)
def test_where_links_lead(data: str, home: str, sentence: str | None) -> None:
    places = {path: {"real": real, "obstacle": None, "rights": None} for path, real in (("/data", data), (HOME, home))}
    objected = case(flink(io_tmp_dirs="/data"), {"places": places}).decide().objections
    assert objected == (() if sentence is None else (sentence,))


# What the host answers about directories, and whether root restarts what is there.
OF_ROOT: dict[str, tuple[dict[str, tuple[str | None, str | None]], bool]] = {
    "all are there": (
        {"/etc/flink": (None, "rx"), "/var/lib/flink": (None, "rx"), "/var/log/flink": (None, "rwx")},
        True,
    ),
    "scripts that the user may replace": ({"/var/lib/flink": (None, "rwx")}, False),
    "scripts on a way that root does not go": ({"/var/lib/flink": ("/var may be written by flink.", "rx")}, False),
    "environments that the user may replace": ({"/etc/flink": (None, "rwx")}, False),
    "logs that the user cannot write": ({"/var/log/flink": (None, "rx")}, True),
    "a configuration that the user cannot read": ({"/etc/flink": (None, "")}, True),
}


@pytest.mark.parametrize(("places", "is_run"), OF_ROOT.values(), ids=OF_ROOT)
def test_what_root_runs_though_a_deployment_is_refused(
    places: dict[str, tuple[str | None, str | None]], is_run: bool
) -> None:
    answered = {path: {"obstacle": obstacle, "rights": rights} for path, (obstacle, rights) in places.items()}
    decided = case({}, {"places": answered}).decide()
    assert (decided.root_objections == ()) is is_run
    assert set(decided.root_objections) <= set(decided.objections)


def test_who_is_not_root_may_write_everywhere() -> None:
    given: Values = {"flink_user": None, "flink_service_manager": "launcher"}
    me = {"ansible_user": {"name": "me", "uid": 1000}, "places": {HOME: {"obstacle": None, "rights": "rwx"}}}
    decided = case(given, me).decide()
    assert (decided.objections, decided.advice) == ((), ())


@pytest.mark.parametrize("manager", ["systemd", "launcher"])
def test_flink_does_not_run_as_root_without_a_word(manager: str) -> None:
    assert case({"flink_user": None, "flink_service_manager": manager}).decide().advice == (
        (
            "flink_user is null and Ansible works as root on the host, so Flink and all jobs run as root. Set "
            "flink_user, or become to false."
        ),
    )
    assert case({"flink_user": "root", "flink_service_manager": manager}).decide().advice == ()
