# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts fresh random configurations to the collection and to every real Flink release, and compares the answers.

Memory: the verdict, the JVM arguments, the dynamic properties, every component and the slot. Files: what Flink reads
from the configuration file that the collection writes, also where it has migrated an old one, and from that; and, from
masters and workers, which hosts. Values: what Flink reads a value of each type as, from the file and from the command
line.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import multiprocessing
import os
import re
import sys
import time
import typing as t
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random, SystemRandom

sys.path.insert(0, str(Path(__file__).parents[1] / ".build"))

from flink_archive import RELEASES, ArchiveError, calculator_jars, release
from oracle import Answer, Case, Flink, Option, OracleError, compile_oracle, from_row, read_hosts
from random_configs import SPELLINGS, RandomConfigs

from ansible_collections.streamops.flink.plugins.module_utils._flink.catalogue.grammar import Unreadable, read_value
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.config_file import (
    config_file,
    config_file_name,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.migrate import migrate_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.read_file import read_lines
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import CannotStartError, FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.templates import render

MOST_DIFFERENCES = 5
CHUNK = 500
VALUES = 8  # in one trial
PATIENCE = 20  # seconds
# What ansible_managed may be; none: the text without the lines on top that say it.
# What may stand in an old file: keys that have moved, what comes behind a value, and lines that are no options.
OLD_KEYS = (
    *("state.backend", "state.backend.incremental", "state.checkpoints.dir", "high-availability", "restart-strategy"),
    *("security.ssl.enabled", "taskmanager.network.numberOfBuffers", "jobmanager.web.port", "env.java.opts"),
    *("cluster.evenly-spread-out-slots", "task.cancellation.timeout", "metrics.reporter.p.class", "web.ssl.enabled"),
)
COMMENTS = ("", "", "", " # ours", "#x", " \t# ü: 1 \x07 \u2028")
IGNORED = ("# a comment: b", "", " \t", "nested:", "key:value", ": value", "---", "a:\tb")
MANAGED = (None, None, "Ansible managed", 'Ansible managed: flink-conf.yaml\n\ta: b #c\n---\n- "d')


@dataclasses.dataclass(frozen=True)
class Trial:
    """A configuration, with dotted keys, to put to both sides."""

    version: str
    config: dict[str, t.Any]
    nested: bool
    managed: str | None

    @property
    def given(self) -> dict[str, t.Any]:
        """The configuration as the collection gets it."""
        return nest(self.config) if self.nested else self.config

    def file(self) -> tuple[str, str] | None:
        """Name and text of the configuration file that the collection writes, or none if it refuses to."""
        try:
            name = config_file_name(self.version)
            if self.managed is None:
                return name, config_file(self.given, self.version)
            values = {"config": self.given, "flink_version": self.version, "ansible_managed": self.managed}
            return name, render(f"{name}.j2", **values)
        except FlinkError:
            return None

    def cases(self) -> list[Case]:
        """What to ask Flink."""
        raise NotImplementedError

    def difference(self, answers: list[Answer]) -> str | None:
        """How the collection differs from Flink, if it does."""
        raise NotImplementedError

    def smaller(self) -> t.Iterator[Trial]:
        """The same with a little less in it."""
        if self.managed is not None:
            yield dataclasses.replace(self, managed=None)
        for key in self.config:
            yield dataclasses.replace(self, config={other: self.config[other] for other in self.config if other != key})


@dataclasses.dataclass(frozen=True)
class MemoryTrial(Trial):
    """The memory of a process; `through_file`: Flink gets what the collection writes into the configuration file."""

    process: str
    through_file: bool

    def cases(self) -> list[Case]:
        if not self.through_file:
            return [Case(self.process, self.config)]
        file = self.file()
        if file is None or (self._by_script and self._beyond_a_shell(file[1])):
            return []
        return [Case(self.process, file=file)]

    def accepted(self) -> bool:
        """Whether the collection makes a plan."""
        try:
            plan(self.given, self.version, self.process)
        except Exception:  # noqa: BLE001 - a crash is found when both are compared
            return False
        return True

    def difference(self, answers: list[Answer]) -> str | None:
        try:
            planned: t.Mapping[str, t.Any] = plan(self.given, self.version, self.process)
        except CannotStartError:
            return None
        except FlinkError as exc:
            refused = answers and answers[0].accepted
            return f"the collection refuses: {exc}\nFlink accepts: {answers[0].values}" if refused else None
        if not answers:
            return None
        if not answers[0].accepted:
            return f"the collection accepts: {planned}\nFlink refuses: {answers[0].refusal}"
        facts: dict[str, tuple[t.Any, t.Any]] = {"jvm_args": (answers[0].jvm_args(), planned["jvm_args"])}
        for part in ("memory", "slots"):
            facts.update(
                {f"{part} {name}": (said, planned[part][name]) for name, said in answers[0].part(part).items()}
            )
        passed, ours = answers[0].dynamic_properties(), planned["dynamic_properties"]
        facts.update({f"-D {key}": (passed.get(key), ours.get(key)) for key in {**passed, **ours}})
        differing = {name: both for name, both in facts.items() if both[0] != both[1] and not same_double(*both)}
        return "\n".join(f"{name}: Flink {said}, the collection {ours}" for name, (said, ours) in differing.items())

    @property
    def _by_script(self) -> bool:
        """Whether a start script computes the memory."""
        return self.process == "jobmanager" and self.version.startswith("1.10.")

    def _beyond_a_shell(self, text: str) -> bool:
        """Whether a shell loses a character, or a number overflows where the script does not look."""
        megabytes = str(self.config.get("jobmanager.heap.mb"))
        return "\0" in text or (megabytes.isdecimal() and int(megabytes) >= 2**63)


@dataclasses.dataclass(frozen=True)
class FileTrial(Trial):
    """Any options, through the configuration file."""

    def cases(self) -> list[Case]:
        file = self.file()
        if file is not None:
            return [Case("options", file=file)]
        name = config_file_name(self.version)
        return [Case("options", file=(name, line)) for line in map(self._plain_line, self.config)]

    def difference(self, answers: list[Answer]) -> str | None:
        file = self.file()
        if file is None:
            # A refusal is right if a plainly written line does not carry the option either.
            pairs = zip(self.config.items(), answers, strict=True)
            carried = all(self._read_back(dict([option]), answer) for option, answer in pairs)
            return "the collection refuses to write what Flink can read" if carried else None
        read = self._read_back(self.config, answers[0])
        return None if read else f"written: {file[1]!r}\nFlink: {answers[0]}"

    def smaller(self) -> t.Iterator[Trial]:
        yield from super().smaller()
        for key, value in self.config.items():
            for shorter_value in shorter(value):
                yield dataclasses.replace(self, config={**self.config, key: shorter_value})

    def _plain_line(self, key: str) -> str:
        value = self.config[key]
        return f"{key}: {';'.join(map(str, value)) if isinstance(value, list) else value}\n"

    @staticmethod
    def _read_back(config: dict[str, t.Any], answer: Answer) -> bool:
        if not answer.accepted or answer.values.keys() != config.keys():
            return False
        return all(means(answer.option(key), value) for key, value in config.items())


@dataclasses.dataclass(frozen=True)
class MigratedTrial(FileTrial):
    """A flink-conf.yaml of an older release, its lines, and what the collection makes of it for this one."""

    source: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The old file."""
        return "".join(f"{line}\n" for line in self.lines)

    def file(self) -> tuple[str, str] | None:
        return config_file_name(self.version), migrate_config(self.text, self.source, self.version)["text"]

    def cases(self) -> list[Case]:
        # A process of 1.19 or 1.20 that has read such a file reads values in another way from then on.
        old = [Case("options", file=("flink-conf.yaml", self.text))] if self.version < "1.19" else []
        return [*super().cases(), *old]

    def difference(self, answers: list[Answer]) -> str | None:
        meant = migrate_config(self.text, self.source, self.version)["config"]
        given = {line.key: line.value for line in read_lines(self.text) if line.key is not None}
        for config, answer in zip((meant, given), answers, strict=False):
            if not self._read_back(config, answer):
                return f"the old file: {self.text!r}\nmeant: {config!r}\nFlink: {answer}"
        return None

    def smaller(self) -> t.Iterator[Trial]:
        for index in range(len(self.lines)):
            yield dataclasses.replace(self, lines=self.lines[:index] + self.lines[index + 1 :])


@dataclasses.dataclass(frozen=True)
class ValueTrial(Trial):
    """Values, each read as what its key begins with; `typed`: through the configuration file."""

    typed: bool

    def cases(self) -> list[Case]:
        if self.typed:
            lines = "".join(line for line in map(self._line, self.config) if line)
            return [Case("values", file=(config_file_name(self.version), lines))]
        return [Case("values", self.config)]

    def difference(self, answers: list[Answer]) -> str | None:
        if not answers[0].accepted:
            return f"Flink reads nothing: {answers[0].refusal}"
        for key, said in answers[0].values.items():
            ours = self._read(key)
            if ours is None if said.startswith("refused\t") else same(heard(kind_of(key), said), ours):
                continue
            return f"{key}: {self.config[key]!r}\nFlink: {said!r}\nthe collection: {ours!r}"
        return None

    def smaller(self) -> t.Iterator[Trial]:
        yield from super().smaller()
        for key, value in self.config.items() if len(self.config) == 1 else ():
            for shorter_value in shorter(value):
                yield dataclasses.replace(self, config={key: shorter_value})

    def _read(self, key: str) -> object:
        """The value as the collection reads it, none if it does not."""
        release = Release.parse(self.version)
        try:
            return read_value(kind_of(key), self.config[key], release, typed=self.typed, choices=SPELLINGS)
        except Unreadable:
            return None

    def _line(self, key: str) -> str | None:
        try:
            return config_file({key: self.config[key]}, self.version)
        except FlinkError:
            return None


def kind_of(key: str) -> str:
    """As what the value of an option of a `ValueTrial` is read."""
    return key.rpartition("-")[0].replace("-", " ")


def heard(kind: str, said: str) -> t.Any:
    """A value as Flink told it."""
    shape, *fields = from_row(said)
    if shape == "list":
        return [heard(kind.removeprefix("list "), field) for field in fields]
    if shape == "map":
        return dict(zip(fields[::2], fields[1::2], strict=True))
    (text,) = fields
    if kind == "boolean":
        return text == "true"
    if kind in {"float", "double"}:
        return float.fromhex(text)
    return text if kind in {"string", "enum"} else int(text)


def same(one: t.Any, other: t.Any) -> bool:
    """Equal and of one type; floats as `same_float`, and texts of one double as `same_double`."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return same_float(one, other)
    if same_double(one, other):
        return True
    return type(one) is type(other) and bool(one == other)


def means(read: Option, value: t.Any) -> bool:
    """Whether what Flink read is what was meant."""
    if isinstance(value, list):
        return read.items is not None and len(read.items) == len(value) and all(map(spells, read.items, value))
    if isinstance(value, float):
        return read.number is not None and same_float(read.number, value)
    return spells(read.text, value)


def spells(text: str, value: t.Any) -> bool:
    """Whether a text is a scalar's."""
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, float):
        return same_float(float(text.replace(".inf", "inf").replace(".nan", "nan")), value)
    return text == str(value)


def same_float(one: float, other: float) -> bool:
    """Equal, with the sign of a zero, and counting NaN as equal to itself."""
    return repr(one) == repr(other)


def shorter(value: t.Any) -> t.Iterator[t.Any]:
    """A text or list without one half, without one of its parts, or with a shorter part."""
    length = len(value) if isinstance(value, (str, list)) else 0
    spans = [(0, length // 2), (length // 2, length), *((index, index + 1) for index in range(min(length, 50)))]
    yield from (value[:start] + value[stop:] for start, stop in spans if start < stop)
    for index, item in enumerate(value if isinstance(value, list) else []):
        yield from ([*value[:index], shorter_item, *value[index + 1 :]] for shorter_item in shorter(item))


def same_double(one: t.Any, other: t.Any) -> bool:
    """Whether both are texts of one double: before Java 19 some have a seventeenth digit too many (JDK-4511638)."""
    mantissa = re.fullmatch(r"-?(\d+\.\d+)(E-?\d+)?", one) if isinstance(one, str) and isinstance(other, str) else None
    if mantissa is None or len(mantissa[1].replace(".", "").lstrip("0")) < 17:
        return False
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def nest(config: dict[str, t.Any]) -> dict[str, t.Any]:
    """The same options as nested mappings, where no option is in the way."""
    nested: dict[str, t.Any] = {}
    for key, value in config.items():
        first, _dot, rest = key.partition(".")
        if first and rest and first not in config:
            nested.setdefault(first, {})[rest] = value
        else:
            nested[key] = value
    return nested


def draw(random: Random, version: str) -> t.Iterator[Trial]:
    """A memory configuration, a file and values, in turn and without end."""
    texts, typed = RandomConfigs(random, version), RandomConfigs(random, version, typed=True)
    while True:
        through_file = random.random() < 0.25
        process, config = (typed if through_file else texts).memory()
        through_file = through_file or (process == "jobmanager" and version.startswith("1.10."))
        nested = through_file and random.random() < 0.5
        trial = MemoryTrial(version, config, nested, random.choice(MANAGED), process, through_file)
        yield at_edge(random, trial) if random.random() < 0.04 else trial
        if random.random() < 0.2:
            yield draw_migrated(random, version)
        else:
            yield FileTrial(version, typed.options(), random.random() < 0.5, random.choice(MANAGED))
        in_file = random.random() < 0.5
        yield ValueTrial(version, (typed if in_file else texts).values(VALUES), False, None, in_file)


def draw_migrated(random: Random, version: str) -> MigratedTrial:
    """An old file with comments, in which anything may stand."""
    source = random.choice([older for older in RELEASES.values() if older < "1.19"])
    configs = RandomConfigs(random, source)
    config = {**configs.memory()[1], **configs.options()}
    config.update(dict.fromkeys(random.sample(OLD_KEYS, 3), random.choice(("1", "true", "filesystem", "-1"))))
    while True:
        lines = [f"{key}: {value}{random.choice(COMMENTS)}" for key, value in config.items()]
        lines += random.sample(IGNORED, 1)
        random.shuffle(lines)
        trial = MigratedTrial(version, {}, False, None, source, tuple(lines))
        try:
            trial.file()
            trial.text.encode()
        except (FlinkError, UnicodeEncodeError):
            config.pop(next(iter(config)))
        else:
            return trial


def at_edge(random: Random, trial: MemoryTrial) -> MemoryTrial:
    """The same with one size moved to where the verdict flips, by the collection's own account."""
    sizes = [key for key in trial.config if key.endswith((".size", ".min", ".max"))]
    if not sizes:
        return trial
    key = random.choice(sizes)

    def moved(size: int) -> MemoryTrial:
        return dataclasses.replace(trial, config={**trial.config, key: str(size)})

    points = (0, 2**26, 2**28, 2**30, 2**33, 2**37, 2**42)
    flips = [pair for pair in itertools.pairwise(points) if moved(pair[0]).accepted() != moved(pair[1]).accepted()]
    if not flips:
        return trial
    low, high = random.choice(flips)
    verdict = moved(low).accepted()
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if moved(middle).accepted() == verdict else (low, middle)
    return moved(random.choice((low, high)))


def put(flink: Flink, trials: list[Trial]) -> t.Iterator[tuple[Trial, list[Answer]]]:
    """Every trial with Flink's answers."""
    cases = [asks(trial) for trial in trials]
    answers = iter(flink.ask([case for asked in cases for case in asked]))
    yield from ((trial, [*itertools.islice(answers, len(asked))]) for trial, asked in zip(trials, cases, strict=True))


def hosts_difference(version: str) -> str | None:
    """How the hosts that Flink's scripts read from masters and workers differ from those that are written there."""
    masters, workers = ["h1", "10.0.0.2", "localhost"], ["t1", "t1", "10.0.0.3"]
    for managed in filter(None, MANAGED):
        written = {
            "masters": render("masters.j2", flink_jobmanager_hosts=masters, rest_port=8081, ansible_managed=managed),
            **dict.fromkeys(
                ("workers", "slaves"), render("workers.j2", flink_taskmanager_hosts=workers, ansible_managed=managed)
            ),
        }
        read = read_hosts(version, written)
        if read != [masters, ["8081"] * len(masters), workers]:
            return f"written: {written}\nFlink: {read}"
    return None


def asks(trial: Trial) -> list[Case]:
    """What to ask Flink: nothing if the collection crashes."""
    try:
        return trial.cases()
    except Exception:  # noqa: BLE001
        return []


def differs(trial: Trial, answers: list[Answer]) -> str | None:
    """How both differ; a crash of the collection is a difference too."""
    try:
        if not answers:
            trial.cases()  # which crashes again if that is why nothing was asked
        return trial.difference(answers)
    except Exception as exc:  # noqa: BLE001
        return f"the collection crashes: {exc!r}"


def shrink(flink: Flink, trial: Trial, difference: str) -> tuple[Trial, str]:
    """A smaller trial on which both differ still."""
    for smaller in trial.smaller():
        for _trial, answers in put(flink, [smaller]):
            found = differs(smaller, answers)
            if found:
                return shrink(flink, smaller, found)
    return trial, difference


@dataclasses.dataclass
class Report:
    """What a run on one release showed."""

    version: str
    seconds: float = 0
    memory: int = 0
    accepted: int = 0
    files: int = 0
    values: int = 0
    differences: list[tuple[Trial | str, str]] = dataclasses.field(default_factory=list)

    def count(self, trial: Trial, answers: list[Answer]) -> None:
        """Counts a trial in."""
        if isinstance(trial, MemoryTrial):
            self.memory += 1
            self.accepted += bool(answers) and answers[0].accepted
        elif isinstance(trial, FileTrial):
            self.files += 1
        else:
            self.values += len(answers[0].values) if answers else 0

    def __str__(self) -> str:
        verdict = f"{len(self.differences)} DIFFERENCES" if self.differences else "no difference"
        return (
            f"Flink {self.version}: {self.memory} memory configurations "
            f"({100 * self.accepted // self.memory} % accepted), {self.files} files, {self.values} values, "
            f"{self.seconds:.1f} s: {verdict}"
        )


def run(version: str, cases: int, seed: int) -> Report:
    """So many memory configurations, as many files and several times as many values on one release."""
    report, started = Report(version), time.monotonic()
    told = started
    trials = draw(Random(f"{seed}/{version}"), version)
    hosts = hosts_difference(version)
    if hosts:
        report.differences.append(("masters and workers", hosts))
    with Flink(version) as flink:
        while report.files < cases and len(report.differences) < MOST_DIFFERENCES:
            chunk = [next(trials) for _trial in range(3 * min(CHUNK, cases - report.files))]
            found: list[tuple[Trial, str]] = []
            for trial, answers in put(flink, chunk):
                report.count(trial, answers)
                difference = differs(trial, answers)
                if difference and len(report.differences) + len(found) < MOST_DIFFERENCES:
                    found.append((trial, difference))
            report.differences += [shrink(flink, *differing) for differing in found]
            if time.monotonic() - told > PATIENCE:
                told = time.monotonic()
                print(f"Flink {version}: {report.files} of {cases}", file=sys.stderr)
    report.seconds = time.monotonic() - started
    return report


def conform(versions: list[str], cases: int, seed: int) -> bool:
    """Runs every release, as many at a time as there are cores; tells whether nothing differs."""
    print(f"{cases} memory configurations and {cases} files for each of {len(versions)} releases, seed {seed}")
    compile_oracle()
    for version in versions:
        calculator_jars(version)
    found = accepted = total = values = 0
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        runs = [pool.submit(run, version, cases, seed) for version in versions]
        for count, future in enumerate(runs, 1):
            report = future.result()
            print(f"[{count}/{len(runs)}] {report}", flush=True)
            for trial, difference in report.differences:
                print(f"\n{trial}\n{difference}\n", flush=True)
            found += len(report.differences)
            accepted += report.accepted
            total += report.memory
            values += report.values
            if found >= MOST_DIFFERENCES:
                pool.shutdown(cancel_futures=True)
                break
    print(
        f"{total} memory configurations, {100 * accepted // total} % accepted, and {values} values; "
        f"{found} differences (seed {seed})"
    )
    return not found


def positive(text: str) -> int:
    """A number of cases."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return int(text)


def main() -> None:
    """Exits with 1 if there is a difference."""
    parser = argparse.ArgumentParser(description="Compare the collection with real Flink on random configurations.")
    parser.add_argument("versions", metavar="VERSION", nargs="*", type=release, help="default: every release line")
    parser.add_argument("--cases", type=positive, default=2000, help="memory configurations, and files, per release")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**9), help="default: a fresh one")
    arguments = parser.parse_args()
    try:
        conforms = conform(arguments.versions or list(RELEASES.values()), arguments.cases, arguments.seed)
    except (ArchiveError, OracleError) as exc:
        sys.exit(f"{parser.prog}: {exc}")
    sys.exit(not conforms)


if __name__ == "__main__":
    main()
