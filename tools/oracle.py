# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks real Flink releases what they make of a configuration, thousands of times a second.

Each release runs in one warm JVM (`Oracle.java`). The JobManager of 1.10 has no calculation in Java; there the lines
of its start script that compute the heap run in one bash process.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import threading
import typing as t
from dataclasses import dataclass
from pathlib import Path

import flink_archive

SOURCE = Path(__file__).with_name("Oracle.java")
ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
UNESCAPES = {escaped: char for char, escaped in ESCAPES.items()}
LOGGING_OFF = "status = OFF\nrootLogger.level = OFF\n"

# The heap of a 1.10 JobManager: what config.sh reads, then what jobmanager.sh makes of it, once per file named on
# standard input.
START_SCRIPT = """\
. {config_sh}
while read -r YAML_CONF; do
    (
        exec 3>&1 >/dev/null 2>&1
        unset JVM_ARGS FLINK_JM_HEAP FLINK_JM_HEAP_MB
        trap 'echo "$? $JVM_ARGS" >&3' EXIT
        {reads}
        {computes}
    )
done
exit 0
"""

# The hosts that Flink's own scripts read from the files masters and workers, which 1.10 calls slaves. What config.sh
# says besides of a configuration that is not there does not matter.
HOSTS_SCRIPT = """\
. {config_sh} >/dev/null 2>&1
readMasters
if declare -F readWorkers >/dev/null; then
    readWorkers
else
    readSlaves
fi
echo "${{MASTERS[@]}}"
echo "${{WEBUIPORTS[@]}}"
echo "${{WORKERS[@]}}${{SLAVES[@]}}"
"""


class OracleError(Exception):
    """Why Flink cannot be asked, in one sentence."""


@dataclass(frozen=True)
class Case:
    """A question (`taskmanager`, `jobmanager`, `local`, `options`) about options or about a configuration file."""

    question: str
    options: t.Mapping[str, str] | None = None
    file: tuple[str, str] = ("", "")

    def row(self) -> str:
        """The case as `Oracle.java` reads it."""
        if self.options is None:
            return to_row([self.question, "file", *self.file])
        return to_row([self.question, "pairs", *(text for option in self.options.items() for text in option)])

    def lines(self) -> str:
        """The case as lines of a configuration file."""
        if self.options is None:
            return self.file[1]
        return "".join(f"{key}: {value}\n" for key, value in self.options.items())


class Option(t.NamedTuple):
    """An option as Flink read it: the type of its value, and the value read as text, as double and as list."""

    type: str
    text: str
    number: float | None
    items: list[str] | None


@dataclass(frozen=True)
class Answer:
    """What Flink said: values by name, or the class and message of an exception and of each of its causes."""

    values: dict[str, str]
    refusal: list[tuple[str, str]]

    @property
    def accepted(self) -> bool:
        """Whether Flink went along."""
        return not self.refusal

    @property
    def reason(self) -> str:
        """The first line of Flink's message, and of each cause that says something new."""
        reasons: list[str] = []
        for _exception, message in self.refusal:
            line = message.partition("\n")[0]
            if not any(line in reason for reason in reasons):
                reasons.append(line)
        return " Caused by: ".join(reasons)

    def part(self, name: str) -> dict[str, int]:
        """The `memory` of a process or its `slots`, in the words of a plan."""
        prefix = f"{name}."
        return {key.removeprefix(prefix): int(value) for key, value in self.values.items() if key.startswith(prefix)}

    def jvm_args(self) -> list[str]:
        """What the start script passes to the JVM."""
        return self.values.get("jvm", "").split()

    def dynamic_properties(self) -> dict[str, str]:
        """What the start script passes to the process as -D options."""
        properties = self.values.get("dynamic", "").strip().removeprefix("-D ").split(" -D ")
        return dict(entry.split("=", 1) for entry in properties if entry)

    def option(self, key: str) -> Option:
        """One of the `options`."""
        type_name, text, number, items = from_row(self.values[key])
        tag, *texts = from_row(items)
        return Option(type_name, text, None if number == "null" else float(number), texts if tag else None)


class Flink:
    """One release of Flink."""

    def __init__(self, version: str) -> None:
        self.version = version
        self._closing = contextlib.ExitStack()
        self._directory = Path(self._closing.enter_context(tempfile.TemporaryDirectory(prefix="flink-oracle-")))
        logging = self._directory / "log4j2.properties"
        logging.write_text(LOGGING_OFF, encoding="ascii")
        (self._directory / "conf").mkdir()
        command = [
            find_tool("java"),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-Dfile.encoding=UTF-8",
        ]
        command += [f"-Dlog4j.configuration={logging.as_uri()}", f"-Dlog4j.configurationFile={logging.as_uri()}"]
        class_path = [compile_oracle(), *flink_archive.calculator_jars(version)]
        command += ["-cp", ":".join(map(str, class_path)), "Oracle", str(self._directory / "conf")]
        process = subprocess.Popen(
            command,
            env={name: value for name, value in os.environ.items() if not name.startswith("FLINK_")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(self._directory / "stderr").open("w"),
            encoding="utf-8",
        )
        self._cases = t.cast("t.TextIO", process.stdin)
        self._answers = t.cast("t.TextIO", process.stdout)
        self._closing.callback(process.wait)
        self._closing.enter_context(contextlib.suppress(BrokenPipeError))
        self._closing.callback(self._cases.close)

    def __enter__(self) -> t.Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._closing.close()

    def ask(self, cases: t.Sequence[Case]) -> list[Answer]:
        """One answer per case, in order."""
        scripted = self.version.startswith("1.10.")
        by_script = [index for index, case in enumerate(cases) if scripted and case.question == "jobmanager"]
        if not by_script:
            return self._ask_jvm(cases)
        answers = dict(zip(by_script, self._ask_script([cases[index] for index in by_script]), strict=True))
        by_jvm = [index for index in range(len(cases)) if index not in answers]
        answers.update(zip(by_jvm, self._ask_jvm([cases[index] for index in by_jvm]), strict=True))
        return [answers[index] for index in range(len(cases))]

    def _ask_jvm(self, cases: t.Sequence[Case]) -> list[Answer]:
        def send() -> None:
            with contextlib.suppress(BrokenPipeError):  # whoever waits for the answers tells why
                self._cases.writelines(f"{case.row()}\n" for case in cases)
                self._cases.flush()

        sender = threading.Thread(target=send, daemon=True)
        sender.start()
        answers = []
        for _case in cases:
            line = self._answers.readline()
            if not line:
                said = (self._directory / "stderr").read_text(errors="replace").strip().splitlines() or ["nothing"]
                raise OracleError(f"The JVM with Flink {self.version} ended; its last words: {said[-1]}")
            answers.append(_answer(line.rstrip("\n")))
        sender.join()
        return answers

    def _ask_script(self, cases: t.Sequence[Case]) -> list[Answer]:
        with tempfile.TemporaryDirectory(dir=self._directory) as directory:
            (Path(directory) / "flink-conf.yaml").touch()  # what config.sh reads when it is sourced
            files = [Path(directory, str(index)) for index in range(len(cases))]
            for case, file in zip(cases, files, strict=True):
                file.write_text(case.lines(), encoding="utf-8")
            done = subprocess.run(
                [find_tool("bash"), "-c", _start_script(flink_archive.scripts(self.version))],
                env={"FLINK_CONF_DIR": directory, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
                input="".join(f"{file}\n" for file in files),
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
        lines = done.stdout.splitlines()
        if len(lines) != len(cases):
            raise OracleError(f"The start script of Flink {self.version} failed: {done.stderr.strip()}")
        return [_script_answer(*line.split(" ", 1)) for line in lines]


def read_hosts(version: str, files: t.Mapping[str, str]) -> list[list[str]]:
    """The masters, their ports and the workers that the scripts of a release read from these files."""
    with tempfile.TemporaryDirectory(prefix="flink-oracle-") as directory:
        for name, text in files.items():
            Path(directory, name).write_text(text, encoding="utf-8")
        done = subprocess.run(
            [
                find_tool("bash"),
                "-c",
                HOSTS_SCRIPT.format(config_sh=shlex.quote(str(flink_archive.scripts(version) / "config.sh"))),
            ],
            env={"FLINK_CONF_DIR": directory, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    lines = done.stdout.split("\n")
    if len(lines) != 4:
        raise OracleError(f"The script config.sh of Flink {version} failed: {(done.stdout + done.stderr).strip()}")
    return [line.split() for line in lines[:3]]


def to_row(fields: t.Iterable[str]) -> str:
    """Fields as one line."""
    return "\t".join(re.sub(r"[\\\t\n\r]", lambda found: ESCAPES[found[0]], field) for field in fields)


def from_row(row: str) -> list[str]:
    """The fields of a line."""
    return [re.sub(r"\\.", lambda found: UNESCAPES[found[0]], field) for field in row.split("\t")]


def _answer(line: str) -> Answer:
    verdict, *fields = from_row(line)
    pairs = list(zip(fields[::2], fields[1::2], strict=True))
    return Answer(dict(pairs), []) if verdict == "ok" else Answer({}, pairs)


def _start_script(scripts: Path) -> str:
    return START_SCRIPT.format(
        config_sh=shlex.quote(str(scripts / "config.sh")),
        reads=_between(scripts / "config.sh", "# Define FLINK_JM_HEAP ", "# Verify that NUMA"),
        computes=_between(scripts / "jobmanager.sh", 'if [ ! -z "${FLINK_JM_HEAP_MB}" ]', "# Add JobManager-specific"),
    )


def _between(file: Path, start: str, end: str) -> str:
    text = file.read_text(encoding="utf-8")
    return text[text.index(start) : text.index(end)]


def _script_answer(status: str, jvm_args: str) -> Answer:
    if status == "0":
        return Answer({"jvm": jvm_args.strip()}, [])
    return Answer({}, [("jobmanager.sh", "Configured JobManager memory size is not a valid value.")])


def find_tool(name: str) -> str:
    """The path of a program."""
    path = shutil.which(name)
    if not path:
        raise OracleError(
            f"There is no `{name}` on the PATH: a JDK (17 suits every release) and bash are needed to ask Flink."
        )
    return path


def compile_oracle() -> Path:
    """The directory of the compiled `Oracle.java`."""
    return compile_java(SOURCE)


def compile_java(file: Path, class_path: t.Sequence[Path] = ()) -> Path:
    """The directory of the compiled file; the names of the jars tell them apart, with the release that they have."""
    content = file.read_bytes() + "".join(jar.name for jar in class_path).encode()
    target = flink_archive.cache() / f"{file.stem.lower()}-{hashlib.sha256(content).hexdigest()[:12]}"
    if not target.exists():
        with tempfile.TemporaryDirectory(dir=flink_archive.cache()) as work:
            command = [find_tool("javac"), "--release", "11", "-d", f"{work}/classes", str(file)]
            command += ["-classpath", ":".join(map(str, class_path))] if class_path else []
            done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
            if done.returncode:
                raise OracleError(f"javac cannot compile {file.name}; is it of JDK 11 or newer? {done.stderr.strip()}")
            with contextlib.suppress(OSError):  # another run was faster
                Path(work, "classes").rename(target)
    return target
