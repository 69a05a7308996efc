# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A declared job: one entry of ``flink_jobs``, and what makes it another one."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import typing as t

from ..values.config import flatten
from ..values.errors import FlinkError, listed, quoted, quoted_key, quoted_value
from ..values.release import Release
from ..values.secrets import is_secret
from .requests import secrets_of

# A name is part of file names, and of the names of units.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
_CLASS = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*")
_CHECKSUM = re.compile(r"sha(1|224|256|384|512):[0-9A-Fa-f]+")
_KINDS = ("jar", "sql", "python")
_CHOICES = {
    "state": ("running", "suspended", "absent"),
    "upgrade": ("savepoint", "last-state", "stateless"),
    "savepoint_format": ("canonical", "native"),
}
_PYTHON_DRIVER = "org.apache.flink.client.python.PythonDriver"
_SQL_DRIVER = "org.apache.flink.table.runtime.application.SqlDriver"
# The first release whose REST API takes options of a job.
_TAKES_CONFIG = (1, 17)
_HAS_SQL_DRIVER = (2, 0)
_DRIVER_JARS = {"python": "flink-python", "sql": "flink-sql-gateway"}
# What is shorter may be part of any word.
_SHORTEST_SECRET = 4


@dataclasses.dataclass(frozen=True)
class JobSpec:
    """One job as it is wanted; ``program`` is the file that the user names, of the kind that ``kind`` says.

    ``start_from`` is the state that a job without a past starts from, and with another ``redeploy`` also one with.
    """

    name: str
    kind: str
    program: str
    checksum: str | None
    entry_class: str | None
    args: tuple[str, ...]
    parallelism: int | None
    config: t.Mapping[str, t.Any]
    state: str
    upgrade: str
    savepoint_dir: str | None
    savepoint_format: str
    allow_non_restored_state: bool
    start_from: str | None
    drain: bool
    redeploy: int

    @property
    def is_url(self) -> bool:
        return re.match(r"https?://", self.program) is not None

    @property
    def is_wanted(self) -> bool:
        """Whether it is to run."""
        return self.state == "running"

    def differs_in_parallelism(self, digest: str, parallelism: int | None, content: str, release: str) -> bool:
        """Whether another version, with that digest and parallelism, differs from this one in nothing else."""
        other = dataclasses.replace(self, parallelism=parallelism)
        return parallelism != self.parallelism and other.digest(content, release) == digest

    def digest(self, content: str, release: str) -> str:
        """What it runs, as 64 hexadecimal digits: another digest is another version of the job.

        ``content`` is the checksum of the program. How it is stopped, and whether state may be left out, is no part.
        """
        parts = [content, self.kind, self.entry_class, self.args, self.parallelism, dict(self.config), self.redeploy]
        text = json.dumps([*parts, Release.parse(release).line], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclasses.dataclass(frozen=True)
class Program:
    """What a cluster is asked to run: a jar of a host, an entry class unless its manifest names one, and arguments."""

    jar: str
    entry_class: str | None
    args: tuple[str, ...]


def program_of(spec: JobSpec, path: str, flink_home: str, release: str, optional_jars: t.Sequence[str] = ()) -> Program:
    """``path`` is where the user's file is on the host; ``optional_jars`` are the names in ``opt`` of the release.

    A script runs in a driver of the release. Dashes keep the arguments of a Python program from the driver, which ends
    the JobManager at one that it takes for an incomplete option of its own. Source: ``PythonDriver`` of flink-python,
    ``SqlDriver`` of flink-table-runtime (2.0 and later), whose work flink-sql-gateway does.
    """
    if spec.kind == "jar":
        return Program(path, spec.entry_class, spec.args)
    jar = _driver_jar(spec, optional_jars) or f"{_DRIVER_JARS[spec.kind]}-{release}.jar"
    driver = f"{flink_home}/opt/{jar}"
    if spec.kind == "python":
        return Program(driver, _PYTHON_DRIVER, ("-py", path, "--", *spec.args))
    return Program(driver, _SQL_DRIVER, ("--scriptUri", f"file://{path}"))


def driver_objection(spec: JobSpec, flink_home: str, optional_jars: t.Sequence[str]) -> str | None:
    """Why a script would find no driver in a release on a host with these jars in ``opt``."""
    if spec.kind == "jar" or not spec.is_wanted or _driver_jar(spec, optional_jars):
        return None
    return (
        f"flink_jobs: {spec.name}.{spec.kind}: expected {_DRIVER_JARS[spec.kind]}-*.jar in {flink_home}/opt, which "
        "runs it, got none. Install the whole release, as Apache publishes it; or add this jar of it by flink_jars, "
        "with dest: opt."
    )


def _driver_jar(spec: JobSpec, optional_jars: t.Sequence[str]) -> str | None:
    pattern = re.compile(rf"{_DRIVER_JARS[spec.kind]}-[0-9].*\.jar")
    return next((name for name in optional_jars if pattern.fullmatch(name)), None)


def client_python(config: t.Mapping[str, t.Any], default: str) -> str:
    """What runs the ``main`` of a Python program, as the options of the job say. Source: ``PythonEnvUtils``."""
    return str(flatten(config).get("python.client.executable", default))


def python_objection(spec: JobSpec, python: str, found: t.Mapping[str, str | None], release: str) -> str | None:
    """Why a Python on a JobManager host does not run the program; ``found`` has its PyFlink or the problem."""
    line = Release.parse(release).line
    if f"{found['version']}.".startswith(f"{line}."):
        return None
    got = f"PyFlink {found['version']}" if found["version"] else found["problem"]
    return (
        f"flink_jobs: {spec.name}.python: expected a Python with PyFlink {line}, got {python}: {got}. Install "
        "apache-flink of the release there; or name another Python by python.client.executable, in config or "
        "flink_config."
    )


def job_specs(entries: t.Sequence[t.Mapping[str, t.Any]]) -> tuple[JobSpec, ...]:
    """The entries of ``flink_jobs`` with the types of their specification. Raises FlinkError with all that is wrong."""
    faults = [sentence for number, entry in enumerate(entries) for sentence in _faults(number, entry)]
    names = [entry.get("name") for entry in entries]
    twice = sorted({str(name) for name in names if names.count(name) > 1})
    if twice:
        faults.append(f"flink_jobs: expected each name once, got {listed(twice)} twice. Rename one of them.")
    if faults:
        raise FlinkError("\n".join(faults))
    return tuple(map(_spec, entries))


def _spec(entry: t.Mapping[str, t.Any]) -> JobSpec:
    kind = next((kind for kind in _KINDS if entry.get(kind)), "jar")
    return JobSpec(
        name=entry["name"],
        kind=kind,
        program=entry.get(kind) or "",
        checksum=entry.get("checksum"),
        entry_class=entry.get("class"),
        args=tuple(entry.get("args") or ()),
        parallelism=entry.get("parallelism"),
        config=dict(entry.get("config") or {}),
        state=entry.get("state") or "running",
        upgrade=entry.get("upgrade") or "savepoint",
        savepoint_dir=entry.get("savepoint_dir"),
        savepoint_format=entry.get("savepoint_format") or "canonical",
        allow_non_restored_state=bool(entry.get("allow_non_restored_state")),
        start_from=entry.get("from"),
        drain=bool(entry.get("drain")),
        redeploy=entry.get("redeploy") or 0,
    )


def _faults(number: int, entry: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    name = entry.get("name")
    where = f"flink_jobs: {name}" if isinstance(name, str) and _NAME.fullmatch(name) else f"flink_jobs[{number}]"
    if where.endswith("]"):
        yield (
            f"{where}.name: expected at most 63 letters, digits, '.', '_' and '-', which begin with a letter or digit, "
            f"got {quoted(name)}. Rename the job."
        )
    yield from _program_faults(where, entry)
    for key, choices in _CHOICES.items():
        value = entry.get(key)
        if value is not None and value not in choices:
            yield f"{where}.{key}: expected one of {', '.join(choices)}, got {quoted_value(value)}. Correct it."
    parallelism = entry.get("parallelism")
    if parallelism is not None and not (isinstance(parallelism, int) and 1 <= parallelism <= 32768):
        yield f"{where}.parallelism: expected 1 to 32768, got {quoted_value(parallelism)}. Correct it."
    if entry.get("drain") and entry.get("state") != "absent":
        yield (
            f"{where}.drain: expected only with state: absent, since a job that was drained cannot go on, got state: "
            f"{entry.get('state') or 'running'}. Leave drain out."
        )


def _program_faults(where: str, entry: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    given = [kind for kind in _KINDS if entry.get(kind)]
    if len(given) != 1 and (given or entry.get("state") != "absent"):
        yield f"{where}: expected one of jar, sql and python, got {' and '.join(given) or 'none'}. Give one."
    program = entry.get(given[0]) if given else None
    if isinstance(program, str) and re.match(r"https?://", program) and not entry.get("checksum"):
        yield f"{where}.checksum: expected one, since {given[0]} is a URL, got none. Give it as sha256: and the digits."
    checksum = entry.get("checksum")
    if checksum and _CHECKSUM.fullmatch(str(checksum)) is None:
        yield f"{where}.checksum: expected sha256: and hexadecimal digits, got {quoted(checksum)}. Correct it."
    entry_class = entry.get("class")
    if entry_class is not None and given == ["jar"] and _CLASS.fullmatch(str(entry_class)) is None:
        yield f"{where}.class: expected the name of a Java class, got {quoted(entry_class)}. Correct it."
    if entry_class is not None and given in (["sql"], ["python"]):
        yield f"{where}.class: expected only with jar, got {given[0]}. Leave it out."
    if entry.get("args") and given == ["sql"]:
        yield f"{where}.args: expected none with sql, as a script takes none. Write its values into it."
    odd = [str(word) for word in entry.get("args") or () if "\0" in str(word) or "\n" in str(word)]
    if odd:
        yield f"{where}.args: expected words of one line each, got one with a line break. Put it into a file."


def masked(text: str, args: t.Sequence[str], config: t.Mapping[str, t.Any]) -> str:
    """The same text without what the names of arguments and options tell to be secret, and passwords in addresses."""
    secrets = secrets_of(args, {key: str(value) for key, value in flatten(config).items()})
    for word, following in zip(args, [*args[1:], ""]):
        name, equals, value = word.partition("=")
        if is_secret(name):
            secrets.append(value if equals else following)
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "********")
    return text


def release_objections(spec: JobSpec, release: str, *, is_application: bool = False) -> t.Iterator[str]:
    """What this release cannot do for the job. Source: ``JarRunRequestBody``, ``SqlDriver``."""
    version = Release.parse(release).version
    if spec.config and version < _TAKES_CONFIG and not is_application:
        keys = listed([quoted_key(key) for key in spec.config])
        yield (
            f"flink_jobs: {spec.name}.config: expected none before Flink 1.17, whose REST API takes no options of a "
            f"job, got {keys}. Set them in the program, or in flink_config for all jobs."
        )
    if spec.kind == "sql" and version < _HAS_SQL_DRIVER:
        yield (
            f"flink_jobs: {spec.name}.sql: expected Flink 2.0 or later, the first with a driver for scripts, got "
            f"{release}. Give a jar that runs the statements."
        )
