# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import (
    Program,
    client_python,
    driver_objection,
    job_specs,
    masked,
    program_of,
    python_objection,
    release_objections,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

Values = t.Dict[str, t.Any]

JAR: Values = {"name": "orders", "jar": "orders.jar"}

# Entries of flink_jobs, and the sentence that refuses them.
REFUSED: dict[str, tuple[list[Values], str]] = {
    "no name": ([{"jar": "o.jar"}], "flink_jobs[0].name: expected at most 63 letters, digits"),
    "a name with a slash": ([{**JAR, "name": "a/b"}], "got 'a/b'. Rename the job."),
    "a name that leads out of a directory": ([{**JAR, "name": ".."}], "got '..'. Rename the job."),
    "a long name": ([{**JAR, "name": "a" * 64}], "Rename the job."),
    "a name twice": ([JAR, JAR], "flink_jobs: expected each name once, got orders twice. Rename one of them."),
    "nothing to run": ([{"name": "orders"}], "flink_jobs: orders: expected one of jar, sql and python, got none."),
    "two things to run": ([{**JAR, "sql": "o.sql"}], "got jar and sql. Give one."),
    "a URL without a checksum": (
        [{**JAR, "jar": "https://a/o.jar"}],
        "orders.checksum: expected one, since jar is a URL",
    ),
    "a checksum that is none": ([{**JAR, "checksum": "abc"}], "expected sha256: and hexadecimal digits, got 'abc'."),
    "a class that is none": ([{**JAR, "class": "a b"}], "expected the name of a Java class, got 'a b'."),
    "a class for a script": ([{"name": "o", "sql": "o.sql", "class": "A"}], "expected only with jar, got sql."),
    "arguments for a script": ([{"name": "o", "sql": "o.sql", "args": ["a"]}], "o.args: expected none with sql"),
    "an argument of two lines": ([{**JAR, "args": ["a\nb"]}], "orders.args: expected words of one line each"),
    "an unknown state": ([{**JAR, "state": "stopped"}], "expected one of running, suspended, absent, got 'stopped'."),
    "an unknown upgrade": (
        [{**JAR, "upgrade": "no"}],
        "orders.upgrade: expected one of savepoint, last-state, stateless",
    ),
    "a parallelism of none": ([{**JAR, "parallelism": 0}], "orders.parallelism: expected 1 to 32768, got 0."),
    "a drained job that goes on": (
        [{**JAR, "drain": True}],
        "a job that was drained cannot go on, got state: running.",
    ),
}


@pytest.mark.parametrize("row", REFUSED)
def test_an_entry_that_is_refused(row: str) -> None:
    entries, words = REFUSED[row]
    with pytest.raises(FlinkError) as caught:
        job_specs(entries)
    assert words in str(caught.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(FlinkError) as caught:
        job_specs([{**JAR, "name": "/", "parallelism": 0}, {**JAR, "state": "x"}])
    assert len(str(caught.value).splitlines()) == 3


def test_a_job_that_goes_needs_no_program() -> None:
    (spec,) = job_specs([{"name": "orders", "state": "absent", "drain": True}])
    assert (spec.is_wanted, spec.program, spec.drain) == (False, "", True)


# What makes another version of a job, and what does not.
VERSIONS: dict[str, tuple[Values, str, str, bool]] = {
    "the same": ({}, "sha256:a", "2.3.0", False),
    "another patch release": ({}, "sha256:a", "2.3.1", False),
    "another content": ({}, "sha256:b", "2.3.0", True),
    "another line": ({}, "sha256:a", "2.2.1", True),
    "another class": ({"class": "A"}, "sha256:a", "2.3.0", True),
    "other arguments": ({"args": ["--a b"]}, "sha256:a", "2.3.0", True),
    "another parallelism": ({"parallelism": 2}, "sha256:a", "2.3.0", True),
    "other options": ({"config": {"a": 1}}, "sha256:a", "2.3.0", True),
    "another number": ({"redeploy": 1}, "sha256:a", "2.3.0", True),
    "another name of the file": ({"jar": "other.jar"}, "sha256:a", "2.3.0", False),
    "another way to stop": ({"upgrade": "last-state"}, "sha256:a", "2.3.0", False),
    "another place for savepoints": ({"savepoint_dir": "s3://b"}, "sha256:a", "2.3.0", False),
    "state that may be left out": ({"allow_non_restored_state": True}, "sha256:a", "2.3.0", False),
    "another state to start from": ({"from": "s3://b/s"}, "sha256:a", "2.3.0", False),
}


@pytest.mark.parametrize("row", VERSIONS)
def test_what_makes_another_version(row: str) -> None:
    entry, content, release, differs = VERSIONS[row]
    (usual,), (spec,) = job_specs([JAR]), job_specs([{**JAR, **entry}])
    assert (spec.digest(content, release) != usual.digest("sha256:a", "2.3.0")) is differs


def test_words_are_not_run_together() -> None:
    (one,), (two,) = job_specs([{**JAR, "args": ["a b"]}]), job_specs([{**JAR, "args": ["a", "b"]}])
    assert one.digest("c", "2.3") != two.digest("c", "2.3")


# What is different of another version, and whether it differs in its parallelism alone.
IN_PARALLELISM: dict[str, tuple[Values, bool]] = {
    "its parallelism": ({"parallelism": 4}, True),
    "a parallelism that it does not have": ({"parallelism": None}, True),
    "nothing": ({}, False),
    "its parallelism and arguments": ({"parallelism": 4, "args": ["-x"]}, False),
    "its parallelism and the number of deployments": ({"parallelism": 4, "redeploy": 1}, False),
    "its arguments": ({"args": ["-x"]}, False),
}


@pytest.mark.parametrize("row", IN_PARALLELISM)
def test_a_version_that_differs_in_its_parallelism_alone(row: str) -> None:
    different, expected = IN_PARALLELISM[row]
    (wanted,) = job_specs([{**JAR, "parallelism": 2}])
    (other,) = job_specs([{**JAR, "parallelism": 2, **different}])
    digest = other.digest("c", "2.3.0")
    assert wanted.differs_in_parallelism(digest, other.parallelism, "c", "2.3.1") is expected


# An entry, and what a cluster is asked to run.
PROGRAMS: dict[str, tuple[Values, Program]] = {
    "a jar": ({"class": "A", "args": ["-x"]}, Program("/j/f", "A", ("-x",))),
    "a script of SQL": (
        {"jar": None, "sql": "o.sql"},
        Program(
            "/f/opt/flink-sql-gateway-2.3.0.jar",
            "org.apache.flink.table.runtime.application.SqlDriver",
            ("--scriptUri", "file:///j/f"),
        ),
    ),
    "a Python program, whose arguments are not for its driver": (
        {"jar": None, "python": "o.py", "args": ["-p", "8"]},
        Program(
            "/f/opt/flink-python-2.3-SNAPSHOT.jar",
            "org.apache.flink.client.python.PythonDriver",
            ("-py", "/j/f", "--", "-p", "8"),
        ),
    ),
}


@pytest.mark.parametrize("row", PROGRAMS)
def test_what_a_cluster_runs(row: str) -> None:
    entry, program = PROGRAMS[row]
    (spec,) = job_specs([{**JAR, **entry}])
    jars = ["flink-cep-2.3.0.jar", "flink-python-2.3-SNAPSHOT.jar"]
    assert program_of(spec, "/j/f", "/f", "2.3.0", jars) == program


# An entry, the jars in opt, and the sentence about what is missing there.
DRIVERS: dict[str, tuple[Values, list[str], str | None]] = {
    "a jar needs none": ({}, [], None),
    "SQL without its driver": (
        {"jar": None, "sql": "o.sql"},
        ["flink-sql-client-2.3.0.jar", "flink-sql-gateway-2.3.0.jar.part"],
        "flink_jobs: orders.sql: expected flink-sql-gateway-*.jar in /f/opt, which runs it, got none. Install",
    ),
    "SQL with its driver": ({"jar": None, "sql": "o.sql"}, ["flink-sql-gateway-2.3.0.jar"], None),
    "Python without its driver": ({"jar": None, "python": "o.py"}, [], "orders.python: expected flink-python-*.jar"),
    "a script that is not to run": ({"jar": None, "sql": "o.sql", "state": "suspended"}, [], None),
}


@pytest.mark.parametrize("row", DRIVERS)
def test_a_release_without_a_driver(row: str) -> None:
    entry, jars, words = DRIVERS[row]
    (spec,) = job_specs([{**JAR, **entry}])
    said = driver_objection(spec, "/f", jars)
    assert (words in (said or "")) if words else said is None


# What a Python of a host has, and the sentence about it.
PYTHONS: dict[str, tuple[dict[str, str | None], str | None]] = {
    "the same release": ({"version": "2.3.0", "problem": None}, None),
    "another patch of it": ({"version": "2.3.1", "problem": None}, None),
    "another release": ({"version": "2.30.0", "problem": None}, "got /v/python: PyFlink 2.30.0. Install apache-flink"),
    "none": (
        {"version": None, "problem": "ModuleNotFoundError: No module named 'pyflink'"},
        "orders.python: expected a Python with PyFlink 2.3, got /v/python: ModuleNotFoundError: No module named",
    ),
}


@pytest.mark.parametrize("row", PYTHONS)
def test_a_python_without_pyflink(row: str) -> None:
    found, words = PYTHONS[row]
    (spec,) = job_specs(
        [{"name": "orders", "python": "o.py", "config": {"python": {"client.executable": "/v/python"}}}]
    )
    said = python_objection(spec, client_python(spec.config, "python"), found, "2.3.0")
    assert (words in (said or "")) if words else said is None


OBJECTIONS: dict[str, tuple[Values, str, str]] = {
    "options before 1.17": ({"config": {"a.b": 1}}, "1.16", "expected none before Flink 1.17"),
    "options from 1.17 on": ({"config": {"a.b": 1}}, "1.17", ""),
    "SQL before 2.0": ({"jar": None, "sql": "o.sql"}, "1.20.5", "orders.sql: expected Flink 2.0 or later"),
    "SQL from 2.0 on": ({"jar": None, "sql": "o.sql"}, "2.0", ""),
}


@pytest.mark.parametrize("row", OBJECTIONS)
def test_what_a_release_cannot_do(row: str) -> None:
    entry, release, words = OBJECTIONS[row]
    (spec,) = job_specs([{**JAR, **entry}])
    said = " ".join(release_objections(spec, release))
    assert (words in said) if words else not said


# Arguments, and what of a text is left of them.
MASKED: dict[str, tuple[list[str], str, str]] = {
    "the word after a name": (["--password", "hush!"], "no hush! here", "no ******** here"),
    "a value with its name": (["--api-token=hush!"], "no hush! here", "no ******** here"),
    "what is no secret": (["--topic", "orders"], "no orders here", "no orders here"),
    "what is too short to tell": (["--password", "abc"], "abc", "abc"),
    "a name without a value": (["--password"], "--password", "--password"),
}


@pytest.mark.parametrize("row", MASKED)
def test_secrets_in_arguments(row: str) -> None:
    args, said, shown = MASKED[row]
    assert masked(said, args, {}) == shown


def test_secrets_in_addresses_and_options() -> None:
    said = "no answer of jdbc:pg://me:hush!!@db/x with whisper and 7"
    masks = masked(said, ["--db", "jdbc:pg://me:hush!!@db/x"], {"s3": {"secret-key": "whisper"}, "slots": 7})
    assert masks == "no answer of jdbc:pg://me:********@db/x with ******** and 7"
