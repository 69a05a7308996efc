# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures plans, starts, deployments and downtimes, beside what there is to compare them with.

All figures come from one run on one machine; the ratios are what carries over to others.
"""

from __future__ import annotations

import argparse
import functools
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import typing as t
from pathlib import Path

import bench_advice
import bench_downtime
import bench_fleet
import bench_hosts
import bench_runs
import flink_archive
import hosts
import oracle

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".build"))

from ansible_collections.streamops.flink.plugins.module_utils._flink.catalogue import catalogue  # noqa: E402
from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import (  # noqa: E402
    Checking,
    config_check,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan  # noqa: E402
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release  # noqa: E402
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble  # noqa: E402

RELEASE = "2.3.0"
HOSTS = 200
FLEET = 1000
ROUNDS = 5
CONFIG = {
    "jobmanager.memory.process.size": "1600m",
    "jobmanager.rpc.address": "flink-1",
    "parallelism.default": 4,
    "rest.port": 8081,
    "state.backend.type": "rocksdb",
    "taskmanager.memory.process.size": "4g",
    "taskmanager.numberOfTaskSlots": 4,
}
PLAY = """\
- hosts: all
  gather_facts: false
  vars:
    flink_config: {config}
  tasks: {tasks}
"""
TASKS = {
    "no task": "[]",
    "ansible.builtin.debug": "[{ansible.builtin.debug: {msg: '{{ flink_config }}'}}]",
    "streamops.flink.memory_plan": (
        f"[{{streamops.flink.memory_plan: {{flink_version: '{RELEASE}', host_memory: 8g, "
        "config: '{{ flink_config }}'}}]"
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    subjects = {
        "plans": _print_plans,
        "checks": _print_checks,
        "plays": _print_plays,
        "fleet": lambda: bench_fleet.print_fleets(RELEASE),
        "advice": bench_advice.print_advice,
        "runs": lambda: bench_runs.print_runs(RELEASE),
        "hosts": lambda: bench_hosts.print_hosts(RELEASE),
        "looks": lambda: bench_hosts.print_looks(RELEASE),
        "downtime": lambda: bench_downtime.print_downtimes(RELEASE),
    }
    help_ = f"{', '.join(subjects)} (default: all)"
    parser.add_argument("subjects", metavar="SUBJECT", nargs="*", choices=subjects, help=help_)
    arguments = parser.parse_args()
    print(f"{_processor()}, Python {platform.python_version()}, {_java()}, Flink {RELEASE}")
    try:
        for subject in arguments.subjects or subjects:
            subjects[subject]()
    except (flink_archive.ArchiveError, hosts.HostsError) as exc:
        sys.exit(f"bench: {exc}")


def _print_plans() -> None:
    rows = {
        f"our plan of a {process}": _seconds_per(functools.partial(plan, CONFIG, RELEASE, process))
        for process in ("taskmanager", "jobmanager")
    }
    ours = rows["our plan of a taskmanager"]
    rows["Flink's calculator in one warm JVM, by a pipe"] = _seconds_in_warm_jvm()
    rows["Flink's calculator, one JVM for each host"] = _seconds_in_fresh_jvm()
    print(f"\n{'one process':<46}{'microseconds':>14}{'plans/s':>12}{'ratio':>10}")
    for name, seconds in rows.items():
        print(f"{name:<46}{seconds * 1e6:>14.1f}{1 / seconds:>12.0f}{seconds / ours:>10.1f}")


def _print_checks() -> None:
    """The catalogue is loaded once in a process, and the options of a release are picked once."""
    release, config = Release.parse(RELEASE), _usual_config()
    rows = {
        "the catalogue, loaded": _seconds_after(catalogue.forget, lambda: catalogue.options_of(release)),
        f"a check of {len(config)} options": _seconds_per(lambda: config_check(config, RELEASE)),
        "a plan, to compare": _seconds_per(lambda: plan(CONFIG, RELEASE)),
    }
    print(f"\n{'options':<46}{'microseconds':>14}{'':>12}{'ratio':>10}")
    for name, seconds in rows.items():
        print(f"{name:<46}{seconds * 1e6:>14.1f}{'':>12}{seconds / rows['a plan, to compare']:>10.1f}")
    print(f"\n{f'{FLEET} hosts of {len(config)} options, without a play':<46}{'ms':>14}{'':>12}{'ratio':>10}")
    for own in (False, True):
        taken = {mode: _seconds_of_fleet(_hosts(config, Checking(mode), own=own)) for mode in ("off", "strict")}
        for mode, seconds in taken.items():
            options = "options of their own" if own else "shared options"
            name = f"{options}, {'planned' if mode == 'off' else 'and checked'}"
            print(f"{name:<46}{seconds * 1e3:>14.1f}{'':>12}{seconds / taken['off']:>10.2f}")


def _hosts(config: dict[str, t.Any], checking: Checking, *, own: bool) -> list[Asked]:
    """Hosts of different sizes, with the same options besides, or each with an address of its own."""
    entry = {"process": "taskmanager", "count": 1, "config": {}, "numa_nodes": None}
    return [
        Asked(
            f"host-{number}",
            [],
            RELEASE,
            {
                **config,
                "taskmanager.memory.process.size": f"{4096 + number}m",
                "taskmanager.host": f"host-{number * own}",
            },
            [entry],
            "64g",
            checking=checking,
        )
        for number in range(FLEET)
    ]


def _seconds_of_fleet(asked: list[Asked]) -> float:
    """Processor time."""

    def sample() -> float:
        start = time.process_time()
        assemble(asked)
        return time.process_time() - start

    return statistics.median(sample() for _sample in range(ROUNDS))


def _usual_config() -> dict[str, t.Any]:
    """Forty options of the release, each with its default."""
    options = catalogue.options_of(Release.parse(RELEASE)).by_key.values()
    usual = [option for option in options if option.default and not option.deprecated and not option.sql]
    return {option.key: option.default for option in usual[:: len(usual) // 40][:40]}


def _print_plays() -> None:
    with tempfile.TemporaryDirectory() as directory:
        inventory = Path(directory) / "hosts"
        inventory.write_text("".join(f"host-{number:03}\n" for number in range(HOSTS)))
        samples: dict[str, list[float]] = {name: [] for name in TASKS}
        for done in range(ROUNDS):
            for name, tasks in TASKS.items():
                print(f"\rplays of {HOSTS} hosts: round {done + 1} of {ROUNDS}", end="", file=sys.stderr, flush=True)
                play = Path(directory) / "play.yml"
                play.write_text(PLAY.format(config=CONFIG, tasks=tasks))
                samples[name].append(_seconds_of_play(play, inventory))
    print("\r", end="", file=sys.stderr)
    startup = statistics.median(samples.pop("no task"))
    seconds = {name: (statistics.median(times) - startup) / HOSTS for name, times in samples.items()}
    debug = seconds["ansible.builtin.debug"]
    print(f"\n{f'one task for each of {HOSTS} hosts':<46}{'ms per host':>14}{'':>12}{'ratio':>10}")
    for name, per_host in seconds.items():
        print(f"{name:<46}{per_host * 1e3:>14.2f}{'':>12}{per_host / debug:>10.2f}")


def _seconds_per(work: t.Callable[[], object], *, batch: int = 200) -> float:
    def sample() -> float:
        start = time.perf_counter()
        for _round in range(batch):
            work()
        return (time.perf_counter() - start) / batch

    return statistics.median(sample() for _sample in range(51))


def _seconds_after(prepare: t.Callable[[], object], work: t.Callable[[], object]) -> float:
    def sample() -> float:
        prepare()
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return statistics.median(sample() for _sample in range(51))


def _seconds_in_warm_jvm(*, batch: int = 10_000) -> float:
    case = oracle.Case("taskmanager", {key: str(value) for key, value in CONFIG.items()})

    def sample(flink: oracle.Flink) -> float:
        start = time.perf_counter()
        flink.ask([case] * batch)
        return (time.perf_counter() - start) / batch

    with oracle.Flink(RELEASE) as flink:
        return statistics.median(sample(flink) for _sample in range(ROUNDS))


def _seconds_in_fresh_jvm() -> float:
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "config.yaml").write_text("".join(f"{key}: {value}\n" for key, value in CONFIG.items()))
        class_path = ":".join(map(str, flink_archive.calculator_jars(RELEASE)))
        calculator = "org.apache.flink.runtime.util.bash.BashJavaUtils"
        command = ["java", "-cp", class_path, calculator, "GET_TM_RESOURCE_PARAMS", "--configDir", directory]
        return statistics.median(_seconds_of(command) for _sample in range(ROUNDS))


def _seconds_of_play(play: Path, inventory: Path) -> float:
    settings = {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"), "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.minimal"}
    playbook = Path(sys.executable).with_name("ansible-playbook")
    return _seconds_of([str(playbook), "-i", str(inventory), str(play)], **settings)


def _seconds_of(command: t.Sequence[str], **environment: str) -> float:
    start = time.perf_counter()
    subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def _processor() -> str:
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return f"{len(models)} x {models[0].split(': ')[1]}" if models else platform.machine()


def _java() -> str:
    if shutil.which("java") is None:
        return "no Java"
    return subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr.splitlines()[0]


if __name__ == "__main__":
    main()
