# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Flink cluster on this machine: deployed by the collection, verified, put to work and shown; and stopped again.

`make demo` and `make stop` call it. Everything it makes lies below one directory, except for the cached archive.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import typing as t
import urllib.request
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).parents[1] / ".build"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import flink_archive

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.command import process_command
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.table import memory_table

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / ".build"

LATEST = [*flink_archive.RELEASES.values()][-1]
PORT = 8081
URL = f"http://localhost:{PORT}"
OLDEST_JAVA = 11
JOB_SECONDS = 120
PARALLELISM = 3

# The only memory option of a JobManager that Flink 1.10 knows.
JOBMANAGER_OF_1_10 = {"jobmanager.heap.size": "448m"}


class DemoError(Exception):
    """What stands in the way, in one sentence."""


def up(release: str, directory: Path) -> None:
    """From nothing to a verified cluster that has finished a job."""
    version = flink_archive.RELEASES.get(release, release)
    plans = plan_processes(version)
    java = find_java()
    check_port(directory)
    archive = flink_archive.archive(version)
    variables = {
        "demo_directory": str(directory),
        "flink_version": version,
        "flink_archive": str(archive),
        "flink_java_home": java.home,
        "flink_jobmanager_config": jobmanager_config(version),
    }
    (directory / "tmp").mkdir(parents=True, exist_ok=True)
    say(f"Deploying Flink {version}")
    play("deploy", variables)
    say("Verifying that every process has the memory that was planned")
    play("verify", variables)
    say("Running a job")
    run_job(version, directory, java)
    say("Flink runs with exactly this memory")
    for planned in plans:
        print(f"\n{planned['name']}\n{memory_table(planned)}", end="")
    print(f"\nWeb UI: {URL}    End it with: make stop")


def stop(directory: Path) -> None:
    """Leaves nothing of the cluster running."""
    for launcher in launchers(directory):
        subprocess.run([launcher, "stop"], check=True)
    left = processes(directory)
    if left:
        raise DemoError(f"These processes of the demo do not end: {' '.join(left)}. Kill them.")
    say("Nothing of the demo is running")


def plan_processes(version: str) -> list[dict[str, t.Any]]:
    """The plans of the processes in the inventory; the first to say that a release is not supported."""
    inventory = yaml.safe_load((HERE / "inventory.yml").read_text(encoding="utf-8"))
    host = inventory["flink_taskmanagers"]["vars"]
    wanted = [{"process": "jobmanager", "count": 1, "config": jobmanager_config(version)}]
    wanted += [{"process": "taskmanager", "count": 1, "config": own} for own in host["flink_taskmanager_configs"]]
    try:
        return t.cast("list[dict[str, t.Any]]", plan_host(host["flink_config"], version, wanted)["plans"])
    except ValueError as exc:
        raise DemoError(str(exc)) from exc


def jobmanager_config(version: str) -> dict[str, str]:
    return JOBMANAGER_OF_1_10 if is_1_10(version) else {}


def is_1_10(version: str) -> bool:
    return version.split(".")[:2] == ["1", "10"]


@dataclasses.dataclass(frozen=True)
class Java:
    """An installed Java."""

    home: str
    version: int


def find_java() -> Java:
    """The Java of JAVA_HOME, else the one on the PATH."""
    advice = "install OpenJDK 17 (on Debian: apt-get install openjdk-17-jre-headless), or set JAVA_HOME to one"
    home = os.environ.get("JAVA_HOME")
    command = f"{home}/bin/java" if home else shutil.which("java")
    if command is None:
        raise DemoError(f"There is no Java on this machine: {advice}.")
    try:
        told = subprocess.run(
            [command, "-XshowSettings:properties", "-version"], capture_output=True, text=True, check=True
        ).stderr
    except (OSError, subprocess.CalledProcessError) as exc:
        raise DemoError(f"JAVA_HOME is {home}, where no Java runs: {advice}." if home else str(exc)) from exc
    found = dict(re.findall(r"^ *(java\.home|java\.specification\.version) = (.+)$", told, re.MULTILINE))
    java = Java(found["java.home"], int(found["java.specification.version"].removeprefix("1.")))
    if java.version < OLDEST_JAVA:
        raise DemoError(f"Java {java.version} in {java.home} is too old: {advice}.")
    return java


def check_port(directory: Path) -> None:
    """The port of the web UI is free, unless our own JobManager has it."""
    jobmanager = directory / "run" / "jobmanager"
    if jobmanager.exists():
        status = subprocess.run([jobmanager, "status"], stdout=subprocess.DEVNULL, check=False)
        if status.returncode == 0:
            return
    with socket.socket() as probe:
        if probe.connect_ex(("localhost", PORT)) == 0:
            raise DemoError(f"Port {PORT} is taken by another program: end that one first.")


def launchers(directory: Path) -> list[Path]:
    """The launchers of the processes, TaskManagers first."""
    return sorted((path for path in (directory / "run").glob("*manager*") if not path.suffix), reverse=True)


def processes(directory: Path) -> list[str]:
    """The numbers of the processes that run with our configuration."""
    mark = f"--configDir\0{directory / 'conf'}\0".encode()
    found = []
    for command_line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark in command_line.read_bytes():
                found.append(command_line.parent.name)
        except OSError:  # it has just ended
            continue
    return found


def play(playbook: str, variables: dict[str, t.Any]) -> None:
    """Runs a playbook of the collection on the inventory of the demo."""
    ansible_playbook = Path(sys.executable).with_name("ansible-playbook")
    done = subprocess.run(
        [ansible_playbook, f"streamops.flink.{playbook}", "-e", json.dumps(variables)],
        env={
            **os.environ,
            "ANSIBLE_CONFIG": str(HERE / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(BUILD),
            "ANSIBLE_INVENTORY": str(HERE / "inventory.yml"),
        },
        check=False,
    )
    if done.returncode != 0:
        raise DemoError(f"The playbook {playbook} failed; its last message says why.")


def run_job(version: str, directory: Path, java: Java) -> None:
    """Submits a job in SQL and waits until it has finished."""
    statements = HERE / ("job-1.10.sql" if is_1_10(version) else "job.sql")
    before = jobs()
    submit(version, directory, java, statements.read_text(encoding="utf-8").split(";")[:-1])
    deadline = time.monotonic() + JOB_SECONDS
    while time.monotonic() < deadline:
        states = {job: state for job, state in jobs().items() if job not in before}
        if set(states.values()) == {"FINISHED"}:
            print(f"Job {' '.join(states)} has finished.")
            return
        if set(states.values()) & {"FAILED", "CANCELED"}:
            break
        time.sleep(0.5)
    raise DemoError(f"The job did not finish in {JOB_SECONDS} seconds; its page at {URL} says why.")


def submit(version: str, directory: Path, java: Java, statements: list[str]) -> None:
    """Has Flink compile and run the program that submits the statements."""
    output = Path(tempfile.mkdtemp(prefix="job-", dir=directory / "tmp"))
    logging = f"file:{directory / 'conf' / 'log4j-cli.properties'}"
    java_opts = process_command({}, version, "jobmanager", java.version)["java_opts"]
    command = [f"{java.home}/bin/java", *java_opts]
    command += [f"-Dlog.file={directory / 'log' / 'job.log'}", f"-Dlog4j.configuration={logging}"]
    command += [f"-Dlog4j.configurationFile={logging}", "-Dorg.codehaus.janino.UnitCompiler.defaultTargetVersion=8"]
    command += ["-classpath", f"{directory}/flink-{version}/lib/*", "org.codehaus.janino.SimpleCompiler"]
    command += [str(HERE / "SqlJob.java"), "SqlJob", version, "localhost", str(PORT), str(PARALLELISM)]
    command += [statement.replace("DIRECTORY", str(output)) for statement in statements]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DemoError(f"The job could not be submitted:\n{done.stderr}")


def jobs() -> dict[str, str]:
    """The jobs that the cluster knows, and their states."""
    with urllib.request.urlopen(f"{URL}/jobs", timeout=10) as answer:
        return {job["id"]: job["status"] for job in json.load(answer)["jobs"]}


def say(text: str) -> None:
    print(f"\n==> {text}", flush=True)


def main() -> None:
    sys.stdout.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--directory", type=Path, default=BUILD / "demo", help="where everything is made")
    commands = parser.add_subparsers(dest="command", required=True)
    up_parser = commands.add_parser("up", help="deploy, verify, run a job, show")
    up_parser.add_argument(
        "--flink", type=flink_archive.release, default=LATEST, help="the release (default: %(default)s)"
    )
    commands.add_parser("stop", help="end every process")
    arguments = parser.parse_args()
    # A proxy that leads to the package index does not lead to this machine.
    os.environ["no_proxy"] = ",".join(filter(None, [os.environ.get("no_proxy"), "localhost"]))
    try:
        if arguments.command == "up":
            up(arguments.flink, arguments.directory.resolve())
        else:
            stop(arguments.directory.resolve())
    except (DemoError, flink_archive.ArchiveError, OSError) as exc:
        sys.exit(f"demo: {exc}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
