# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random Flink configurations, from what people write to what nobody should.

Memory configurations are drawn so that a good part of them is just about acceptable: totals are put together from
parts that lie within their bounds, on them, or one byte beyond.
"""

from __future__ import annotations

import math
import re
import string
import typing as t

if t.TYPE_CHECKING:
    from random import Random

KIB, MIB, GIB, TIB = 2**10, 2**20, 2**30, 2**40
MAX = 2**63 - 1

TM = "taskmanager.memory."
JM = "jobmanager.memory."
OVERHEAD_MIN, OVERHEAD_MAX, NETWORK_MIN, NETWORK_MAX = 192 * MIB, GIB, 64 * MIB, GIB

ALIASES = {
    f"{TM}managed.size": "taskmanager.memory.size",
    f"{TM}network.min": "taskmanager.network.memory.min",
    f"{TM}network.max": "taskmanager.network.memory.max",
    f"{TM}network.fraction": "taskmanager.network.memory.fraction",
}
# fmt: off
UNITS = {
    1: ("", "b", "bytes", " b", "B"),
    KIB: ("k", "kb", "kibibytes", "KB", " k"),
    MIB: ("m", "mb", "mebibytes", "M", "MB", " m", "Mb"),
    GIB: ("g", "gb", "gibibytes", "G", " gb", "GB"),
    TIB: ("t", "tb", "tebibytes", "T", "TB"),
}
EXTREME_SIZES = (
    f"{MAX}", f"{MAX}b", f"{MAX - 1}", f"{MAX + 1}", f"{MAX + 1} bytes", "4611686018427387904",
    "9999999999999999999999", f"{MAX // MIB}m", f"{MAX // MIB + 1}m", f"{2**33 - 1}g", f"{2**33}g", f"{2**23 - 1}t",
    f"{2**23}t", "0", "0 bytes", "1", "1k", "00000000000000000000007m",
)
BAD_SIZES = (
    "", " ", "4GiB", "4Gi", "1.5g", "4e9", "4_096m", "0x10", "-1", "-1m", "+1m", ".5g", "m", "abc", "1 m b", "1mib",
    "1pb", "1byte", "٣m", "1\u00a0m", "1m\u00a0", "\u20071m", "1İb", "1,5g", "40%", "null", "~", "1m;2m", "1 k\tb",
)
FRACTIONS = (
    "0", "1", "0.0", "1.0", "-0.0", "0.5f", "0.25d", "4e-1", "40E-2", "+0.3", ".4", "0.", "00.1", "1e-0005", " 0.1 ",
    "\t0.2\n", "0x1p-2", "0x0.8p0", "0X1.999999999999AP-4", "0x.1p0f", "0.99999997", "0.99999998",
    "0.9999999701976776", "16777217e-9", "0.40000000000000000000000000000001",
    "0.1000000014901161193847656250000000000000000000000000001", "0.15000000596046448", "1e-50", "1e-45", "1e400",
    "NaN", "-NaN", "Infinity", "-Infinity", "-0.1", "1.1", "2",
)
BAD_NUMBERS = (
    "", " ", "40%", "0,4", "abc", "0.4g", "1e", "e1", "0x1", "0.4.1", "--1", "infinity", "nan", "1_0", "٠.٤", "0.1ff",
    "null",
)
TYPING_ERRORS = "0123456789bkmgtBKMGT.,+-_eEfFdDxXpP \t\n\x00\x1f\x7f\u00a0\u2003\u0130\u0131\u0663\uff11\U0001d7d9"
WHOLE = (
    "0", "1", "2", "3", "7", "64", "+3", "007", "٣", "-1", "2147483647", "2147483648", "-2147483648", "-2147483649",
    "1.0", "1e1", " 1", "",
)
CORES = (
    "1", "2.5", "0.5", "0.1", "1e-9", "1e-8", "0.123456789", "3.999999999", "1e8", "12345678.9", "1e-3", "0.00099",
    "1E7", "9999999", "0", "-1", "NaN", "Infinity", "0x1p3", "1e300", "4.9e-324", "1/3", "", "16f",
    "33.33333333333333",
)
RESOURCES = (
    "gpu", "gpu;fpga", "fpga;gpu;tpu", "none", "", ";", "gpu;", ";gpu", "gpu;;fpga", " gpu ; fpga ", "gpu;gpu",
    "'a;b';c", '"gpu";fpga', "'gpu", "gpu'x;y", "[gpu, fpga]", "[gpu]", "[]", "gpu,fpga", "gpu;none", "NONE", "a b",
    "gpü", "x;'y''z'", "{a: b}", "gpu;tpu\n",
)
AMOUNTS = ("1", "2", "3", "0", "-1", "x", "", "9223372036854775807", "9223372036854775808", "2.5", "+2", "07")
STRAY = {
    "parallelism.default": "4",
    "taskmanager.memory.faction": "0.3",
    "taskmanager.memory.managed.faction": "0.9",
    "taskmanager.memory.fraction": "0.7",
    "taskmanager.memory.off-heap": "true",
    "taskmanager.memory.preallocate": "x",
    "taskmanager.memory.size": "1g",
    "taskmanager.network.memory.min": "80m",
    "taskmanager.network.memory.max": "90m",
    "taskmanager.network.memory.fraction": "0.2",
    "taskmanager.memory.min-segment-size": "256",
    "taskmanager.memory.framework.off-heap.batch-shuffle.size": "bad",
    "taskmanager.memory.managed.consumer-weights": "OPERATOR:70,STATE_BACKEND:70,PYTHON:30",
    "Taskmanager.memory.process.size": "1t",
    "jobmanager.memory.heap": "1g",
    "jobmanager.rpc.address": "localhost",
    "state.backend.type": "rocksdb",
    "rest.port": "8081",
    "env.java.opts.taskmanager": "-XX:+UseG1GC",
    "containerized.heap-cutoff-ratio": "0.25",
}

# What makes a text hard to carry through a configuration file.
LOOK_ALIKES = (
    "yes", "no", "on", "off", "null", "~", "true", "True", "FALSE", "y", "N", "0x10", "0o17", "0b11", "010", "1e3",
    "1.", ".5", "12:30:45", "2024-01-31", "2001-12-14t21:59:43.10-05:00", "1_000", "-0", "+1", ".inf", "-.INF",
    ".nan", "=", "<<", "-", "?", ":", "- a", "? a", "a: b", "a:", ": a", "a : b", "#", "a #b", "a#b", "# a", "[a]",
    "{a: b}", "a, b", "&a", "*a", "!a", "!!int 1", "|", ">", "|-\n x", "%a", "@a", "`a`", "'", '"', "''", '""', "'a'",
    '"a"', "it's", 'say "hi"', "\\", "\\n", "a\\", "---", "...", "--- a", "", " ", "  a", "a  ", "\ta", "a\t", "a\tb",
    "a\nb", "\n", "a\n", "\na", "a\n\n  b\n", "a\r\nb", "\r", "a;b", ";", "a;;b", "-Xlog:gc*:file=/tmp/gc.log",
    "-Da=b -Dc='d e' -De=\"f\"", "http://host:8081/x#y", "s3://bucket/a b", "C:\\x", "${FLINK_HOME}/log", "ü", "日本語",
    "𝔘", "👩‍🚀", "e\u0301", "\u00a0", "\u2028", "\u2029", "\x85", "\x00", "\x07", "\x1b", "\x7f", "\ufeff", "\ufffd",
    "\ufffe", "\U0010ffff",
)
ALPHABET = (
    string.ascii_letters + string.digits + " .:;,#'\"\\-_=/[]{}()&*!|>%@`~?+$\t\n\r\x0b\x0c\x01\x1f\x7f\x85\x9f"
    "äß\u00a0\u2028\u3000日𝄞👍\ufeff"
)
KEYS = (
    "env.java.opts.all", "env.log.dir", "jobmanager.rpc.address", "rest.port", "pipeline.jars", "a", "a.b-c",
    "a.b_c.d", "x1", "A.B",
)
ODD_KEYS = (
    "on", "null", "1", "1.5", "a b", "a:b", "a#b", "'a'", '"a"', "- a", "ä.ö", "a\tb", "a\\b", "[a]", "{a", "?", "~",
    "true", "&a", "日.本", "𝔘.x", "=",
)
NUMBERS = (
    True, False, 0, 1, -7, 2**31, 2**63, -(2**70), 0.0, -0.0, 0.1, 1e300, -2.5e-9, 1.0, 5e-324, math.inf, -math.inf,
    math.nan,
)
ODD_NUMBERS = (
    True, False, 0, -1, 2**31, 2**63, 2**100, 0.5, -0.5, 1e-50, 1e300, 1e39, 5e-324, 1.0, math.nan, math.inf,
)

# Values by kind: what Flink reads, and what it nearly does.
KINDS = ("boolean", "integer", "long", "float", "double", "duration", "memory", "enum", "string", "map")
SPELLINGS = ("NO_CLAIM", "INFO_LEVEL", "ALL", "retain-on-cancellation", "fixed-delay", "straße")
BOOLEANS = ("true", "FALSE", "True", "tRuE", "fal\u017fe", "yes", "no", "on", "off", "1", "0", "", " true", "true\t")
INTEGERS = (
    *WHOLE, f"{2**63 - 1}", f"{2**63}", f"-{2**63}", f"-{2**63 + 1}", "9" * 30, "+0", "-0", "1_000", "8081.0", "0x10",
    "0o17", "1e3", "50%", "1,000", "\u096b", "\uff11\uff12", "\U0001d7d9", "\u0663\u0664", "+", "--1", "1L", "10 s",
    "1k", "NaN",
)
FLOATS = (
    *FRACTIONS, *BAD_NUMBERS, *CORES, "1e39", "1e-60", "3.4028236e38", "3.4028235e38", "1.4e-45", "7e-46", "1e309",
    "4.9e-324", "2e-324", "0x1.8p1", "-0x1p-1074", "1f", "1D", "inf", "+NaN", "0,5", ".", "1_0.5", "\uff11.5",
)
DURATION_UNITS = (
    "d", "day", "days", "h", "hour", "hours", "min", "minute", "minutes", "m", "s", "sec", "secs", "second", "seconds",
    "ms", "milli", "millis", "millisecond", "milliseconds", "µs", "micro", "micros", "microsecond", "microseconds",
    "ns", "nano", "nanos", "nanosecond", "nanoseconds", "", "us", "\u03bcs", "mins", "hrs", "w", "week", "month", "y",
    "msec", "MILL\u0130S", "nano\u017f", "S", "MS", "M", "Min", "µS", "\u039cS", "\u212a",
)
DURATIONS = (
    "", " ", "PT10S", "pt10s", "P1D", "P1DT2H", "P1DT2H3M4.5S", "PT", "P", "P1W", "P1Y", "P1M", "PT1M", "-PT10S",
    "PT-10S", "-PT-10S", "+PT10S", "PT0.5S", "PT.5S", "PT1.S", "PT1,5S", "PT-0.5S", "PT1.1234567891S", "P1DT",
    "PT1H30S", "PT30S1H", "PT9223372036854775807S", "PT9223372036854775808S", "P106751991167300D",
    "P106751991167301D", "PT-1H2H", "P-1DT24H", "P-1DT25H", "PT+5M", " PT1S ", "PT 1S", "1h30m", "1h 30min", "1.5 s",
    "-1", "-1 ms", "+1 s", "1e3 ms", "Inf", "infinite", "forever", "5 m", "90", "0", "007 s", "10 s s", "s", "10\x00s",
    "10\u00a0s", "\uff19 s", "1_000 ms",
)
YAMLS = (
    "[]", "[a]", "[a, b]", "[a,b]", "[ a , b ]", "[a, b", "a, b]", "[a,, b]", "[a, b,]", "[,]", "[[a, b], c]",
    "[a b, c]", "[1, 2.0, true, 0x10, 1e3, .inf, .nan]", "[~]", "[null, a]", "['a', \"b\"]", "['it''s', \"a\\tb\"]",
    "['a' b]", "[a: 1]", "[a:1]", "[{a: 1}, {b: 2}]", "[{a: 1, a: 2}]", "[{}]", "[? a : b]", "- a", "-a", "- a\n- b",
    "-  a\n-  b", "- - a", "- a: 1\n  b: 2", "- a\nb", "[a] b", "[a] # b", "[a]#b", "# a", "[a #b\n, c]", "[a\n, b]",
    "[a\n  b]", "--- [a]", "---\n[a]", "---\n- a", "--- - a", "[a]\n...", "[a]\n---\n[b]", "\t[a]", "[\ta\t]", " [a]",
    "[a-b, -c, ?d, :e]", "[-]", "[- a]", "[?]", "[a?b]", "[%a]", "[@a]", "[`a`]", "[a'b, c\"d]", "['a]", '["\\q"]',
    '["\\x41\\u00e4\\U0001f600"]', "[a]]", "[http://x:1/y, c]", "[a: b: c]", "{}", "{a: 1}", "{a: 1, b: 2}", "{a:1}",
    "{a}", "{a: }", "{a: ~}", "{a: 1.10, b: 1e3, c: yes, d: 'x'}", "{a: [1, 2]}", "{a: {b: c}}", "{1: 2}", "{true: 1}",
    "{a: 1, a: 2}", "{1: a, '1': b}", "{'a': b}", '{"a":b}', "{a: b, c}", "{a: b,, c: d}", "{? a : b}", "{: a}",
    "{a: 1", "{[a]: b}", "a: 1", "a: 1\nb: 2", "a: 1, b: 2", "a: b: c", "a:\n  b: c", "a: [1, 2]", "a: 'b'", "'a': b",
    "a:", ": a", "a: - b", "a:\n- b\n- c", "a: b #c", "a: b\n c", "a : b", "k:v: w", "'a: b': c", "a: {b: c}",
    "a: 1\n b: 2", "a: 1\na: 2", "? a\n: b", "a\n", "a\nb", "null", "~", "true", "1", "\ufeff[a]", "[a\x7f]", "[\x01]",
    "[a,\u2028b]", "[a\x85, b]", '["a\n  b"]', "['a\n\n b']", "[a\r\n, b]",
)
LISTS = (
    "a;b", "a; b", " a ;b ", ";", "a;", ";a", "a;;b", "'a;b';c", '"a;b";c', "'it''s'", "'a", "a'b;c", "'a'b",
    "'a' ;b", "a,b", "a, b", "a|b", "'';a", '""', "a\nb;c", "\u2003a;b", "a\u00a0;b", "'a';\"b\"\"c\"", "true;false",
    "1;2", "1 ; 2", "10 s;5 min", "4g;1k", "ALL;all", "a:1;b:2", "a:1,b:2;c:3", "{a: 1};{b: 2}", "[a];[b]", "'[a]';b",
)
MAPS = (
    "a:1", "a:1,b:2", " a : 1 , b : 2 ", "a:1,", ",a:1", "a:1,,b:2", "a:b:c", "a", "a:", ":a", "a:1,a:2", "'a:b':c",
    "'a,b':c", "a:'b,c'", "'a:''b,c'''", "a='1'", "a=1", "a:1;b:2", "a: b,c:d", "a: b, c: d", '"a:1"', "\"a:'1:2'\"",
    "a:1 2,b:c d", "':':a",
)
# Anchors, tags, block scalars and directives, which the collection does not read in a value.
NOT_READ = re.compile("[&*!|>%]")
QUOTINGS = ("{}", "{}", "'{}'", '"{}"')
TEXTS: dict[str, tuple[str, ...]] = {
    "boolean": BOOLEANS,
    "integer": INTEGERS,
    "long": INTEGERS,
    "float": FLOATS,
    "double": FLOATS,
    "duration": DURATIONS,
    "memory": (*EXTREME_SIZES, *BAD_SIZES),
    "enum": (*SPELLINGS, "STRASSE", "INFO", "all ", "no claim", "None", "ALL;ALL"),
    "string": (*LOOK_ALIKES, *LISTS, *YAMLS),
    "map": (*MAPS, *YAMLS),
}
# fmt: on
NANOSECONDS = (86400 * 10**9, 3600 * 10**9, 60 * 10**9, 10**9, 10**6, 1000, 1)


class RandomConfigs:
    """Draws configurations for one release; with `typed`, numbers and booleans need not be texts."""

    def __init__(self, random: Random, version: str, *, typed: bool = False) -> None:
        self.random = random
        self.line = tuple(int(part) for part in version.split(".")[:2])
        self.typed = typed

    def memory(self) -> tuple[str, dict[str, t.Any]]:
        """A process and its configuration."""
        process = self.random.choices(("taskmanager", "jobmanager", "local"), (60, 30, 10))[0]
        draw: t.Callable[[], dict[str, t.Any]] = getattr(self, f"_{process}")
        config = draw()
        if self._chance(0.25):
            config.update(self.random.sample(list(STRAY.items()), self.random.randint(1, 3)))
        if self._chance(0.12):
            config[self.random.choice(list(config) or [f"{TM}process.size"])] = self._odd_value()
        items = [(ALIASES[key] if key in ALIASES and self._chance(0.1) else key, config[key]) for key in config]
        self.random.shuffle(items)
        return process, dict(items)

    def _taskmanager(self) -> dict[str, t.Any]:
        config: dict[str, t.Any] = {}
        fixed = self._size_option(config, f"{TM}framework.heap.size", 128 * MIB)
        fixed += self._size_option(config, f"{TM}framework.off-heap.size", 128 * MIB)
        fixed += self._size_option(config, f"{TM}task.off-heap.size", 0)
        metaspace = self._size_option(config, f"{TM}jvm-metaspace.size", 256 * MIB)
        network_max = NETWORK_MAX if self.line < (1, 17) else MAX
        network = self._range_options(config, f"{TM}network", (NETWORK_MIN, network_max))
        overhead = self._range_options(config, f"{TM}jvm-overhead", (OVERHEAD_MIN, OVERHEAD_MAX))
        heap, managed, rest = self._size(), self._size(), self._within(network)
        has_heap, has_managed = self._chance(0.4), self._chance(0.4)
        if not has_managed:
            fraction = self._fraction_option(config, f"{TM}managed.fraction", 0.4)
            managed = int((fixed + heap + rest) * fraction / (1 - fraction))
        flink = fixed + heap + managed + rest
        config.update(
            self._present({f"{TM}task.heap.size": (has_heap, heap), f"{TM}managed.size": (has_managed, managed)})
        )
        has_flink, has_process = self._chance(0.4), self._chance(0.45)
        if not (has_flink or has_process or (has_heap and has_managed)) and self._chance(0.95):
            has_process = True
        clamped = min(max(int(flink / 9), overhead[0]), overhead[1])
        process = flink + metaspace + (self._within(overhead) if has_flink else clamped)
        config.update(
            self._present({f"{TM}flink.size": (has_flink, flink), f"{TM}process.size": (has_process, process)})
        )
        self._taskmanager_extras(config, rest)
        return config

    def _taskmanager_extras(self, config: dict[str, t.Any], network: int) -> None:
        if self._chance(0.3):
            config["taskmanager.numberOfTaskSlots"] = self._whole()
        if self._chance(0.15):
            config["taskmanager.cpu.cores"] = self._cores()
        if self._chance(0.1):
            buffers = network // (32 * KIB) + self.random.randint(-1, 1)
            config["taskmanager.network.numberOfBuffers"] = str(self.random.choice((buffers, 2048, 4096, 0, -1, 2**31)))
        if self._chance(0.06):
            config[f"{TM}segment-size"] = self._spelled(
                self.random.choice((4096, 16384, 32768, 65536, 1024, 5000, 2**31))
            )
        if self._chance(0.1):
            config[self.random.choice(("taskmanager.heap.size", "jobmanager.heap.size"))] = self._spelled(self._size())
        if self._chance(0.05):
            config["taskmanager.heap.mb"] = self.random.choice(
                ("1024", "2048", "700", "-1", "0", "2147483647", "1g", "")
            )
        if self._chance(0.15):
            names = self.random.choice(RESOURCES)
            config["external-resources"] = names
            for name in ("gpu", "fpga", "tpu", "a;b", "c"):
                if self._chance(0.5):
                    config[f"external-resource.{name}.amount"] = self._number(self.random.choice(AMOUNTS))

    def _jobmanager(self) -> dict[str, t.Any]:
        config: dict[str, t.Any] = {}
        has_heap, has_flink, has_process = (self._chance(chance) for chance in (0.4, 0.4, 0.5))
        if not (has_heap or has_flink or has_process):
            has_process = self._chance(0.9)
        off_heap = self._size_option(config, f"{JM}off-heap.size", 128 * MIB)
        metaspace = self._size_option(config, f"{JM}jvm-metaspace.size", 256 * MIB)
        overhead = self._range_options(config, f"{JM}jvm-overhead", (OVERHEAD_MIN, OVERHEAD_MAX))
        heap = self._size()
        flink = heap + off_heap
        clamped = min(max(int(flink / 9), overhead[0]), overhead[1])
        process = flink + metaspace + (self._within(overhead) if has_flink or has_heap else clamped)
        config.update(
            self._present(
                {
                    f"{JM}heap.size": (has_heap, heap),
                    f"{JM}flink.size": (has_flink, flink + self.random.choice((0, 0, 0, 1, -1))),
                    f"{JM}process.size": (has_process, process),
                }
            )
        )
        if self._chance(0.2):
            texts = ("true", "false", "TRUE", "False", "yes", "", " true", "1")
            config[f"{JM}enable-jvm-direct-memory-limit"] = self.random.choice(
                (*texts, True, False) if self.typed else texts
            )
        legacy = 0.6 if self.line == (1, 10) else 0.1
        if self._chance(legacy):
            config["jobmanager.heap.size"] = self._spelled(self._size())
        if self._chance(legacy / 2):
            config["jobmanager.heap.mb"] = self.random.choice(("1024", "512", "0", "-1", "010", "1g", ""))
        return config

    def _local(self) -> dict[str, t.Any]:
        size = self._spelled(self._size())
        keys = ("task.heap.size", "task.off-heap.size", "managed.size", "network.min", "network.max", "process.size")
        config: dict[str, t.Any] = {f"{TM}{key}": self._spelled(self._size()) for key in keys if self._chance(0.3)}
        if self._chance(0.3):
            config.update({f"{TM}network.min": size, f"{TM}network.max": size})
        if self._chance(0.3):
            config["taskmanager.numberOfTaskSlots"] = self._whole()
        if self._chance(0.2):
            config["taskmanager.cpu.cores"] = self._cores()
        return config

    def options(self) -> dict[str, t.Any]:
        """Options of any kind, as values of a playbook: what a configuration file must carry."""
        config: dict[str, t.Any] = {}
        for _option in range(self.random.randint(1, 8)):
            key = self.random.choice(ODD_KEYS) if self._chance(0.1) else self.random.choice(KEYS)
            if not any(key.startswith(f"{other}.") or other.startswith(f"{key}.") for other in config):
                config[key] = (
                    [self._scalar() for _item in range(self.random.randint(0, 4))]
                    if self._chance(0.15)
                    else self._scalar()
                )
        return config

    def values(self, count: int) -> dict[str, t.Any]:
        """So many values, each under a key that says as what it is to be read: ``list-enum-7``."""
        values = {}
        for number in range(count):
            kind = self.random.choice(KINDS)
            listed = self._chance(0.25)
            values[f"{'list-' if listed else ''}{kind}-{number}"] = self._value(kind, listed=listed)
        return values

    def _value(self, kind: str, *, listed: bool) -> t.Any:
        if self._chance(0.05):
            kind = self.random.choice(KINDS)
        if self.typed and self._chance(0.25):
            return self._collection(kind, listed=listed)
        if listed and self._chance(0.7):
            return self._list_text(kind)
        text = self._text(kind)
        if self._chance(0.15):
            text = self._mistyped(text)
        return self._number(text) if self.typed else text

    def _collection(self, kind: str, *, listed: bool) -> t.Any:
        if kind == "map" and not listed and self._chance(0.8):
            keys = ("a", "b.c", "d", "e-f", "1")
            return {key: self._scalar() for key in keys[: self.random.randint(1, 5)]}
        if listed or self._chance(0.2):
            return [
                self._scalar() if self._chance(0.1) else self._number(self._text(kind))
                for _item in range(self.random.randint(0, 3))
            ]
        return self.random.choice(NUMBERS)

    def _list_text(self, kind: str) -> str:
        items = [NOT_READ.sub("", self._text(kind)) for _item in range(self.random.randint(1, 3))]
        draw = self.random.random()
        if draw < 0.25:
            return self.random.choice((*LISTS, *YAMLS))
        if draw < 0.6:
            return self.random.choice((";", "; ", ",")).join(items)
        if draw < 0.7:
            return ";".join(self.random.choice(QUOTINGS).format(item) for item in items)
        if draw < 0.95:
            return f"[{', '.join(self.random.choice(QUOTINGS).format(item) for item in items)}]"
        return "\n".join(f"- {item}" for item in items)

    def _text(self, kind: str) -> str:
        """A text that a value of this kind may have, or one near to it."""
        if kind == "duration" and self._chance(0.6):
            number = self.random.choice(("1", "0", "10", "90", str(self.random.randint(0, 10**6)), self._limit()))
            unit = self.random.choice(DURATION_UNITS)
            return (
                number + self.random.choice(("", " ", " ", "  ", "\t")) + (unit.title() if self._chance(0.1) else unit)
            )
        if kind == "memory" and self._chance(0.6):
            return str(self._spelled(self._size()))
        if kind == "enum" and self._chance(0.8):
            name = self.random.choice(SPELLINGS)
            return self.random.choice((name, name.lower(), name.upper(), name.replace("_", "-"), name[:-2], f" {name}"))
        if kind in {"integer", "long"} and self._chance(0.4):
            return str(self.random.randint(-(2 ** self.random.randint(1, 66)), 2 ** self.random.randint(1, 66)))
        if kind in {"float", "double"} and self._chance(0.4):
            number = self.random.uniform(-1, 1) * 10 ** self.random.randint(-50, 50)
            return self.random.choice((repr(number), f"{number:.3e}", number.hex(), f"{number}f", f"{number:.5f}"))
        return self.random.choice(TEXTS[kind])

    def _limit(self) -> str:
        """A number of units at which a duration becomes too long, or nearly."""
        whole = (2**63 - 1) * 10**9
        return str(whole // self.random.choice(NANOSECONDS) + self.random.choice((-1, 0, 1)))

    def _mistyped(self, text: str) -> str:
        place = self.random.randint(0, len(text))
        typed = self.random.choice(TYPING_ERRORS + ";:'\"[]{}")
        return text[:place] + typed + text[place + self.random.randint(0, 1) :]

    def _scalar(self) -> t.Any:
        draw = self.random.random()
        if draw < 0.45:
            return self.random.choice(LOOK_ALIKES)
        if draw < 0.7:
            return "".join(self.random.choices(ALPHABET, k=self.random.randint(1, 12)))
        if draw < 0.75:
            return self.random.choice(LOOK_ALIKES) + self.random.choice(LOOK_ALIKES)
        if draw < 0.8:
            return "long " * self.random.randint(20, 200)
        return self.random.choice(NUMBERS)

    def _size_option(self, config: dict[str, t.Any], key: str, default: int) -> int:
        """Sets the option now and then; returns its size."""
        if not self._chance(0.15):
            return default
        size = self.random.choice((0, 1, 64 * MIB, 128 * MIB, 96 * MIB, 512 * MIB, self._size() // 16))
        config[key] = self._spelled(size)
        return size

    def _range_options(self, config: dict[str, t.Any], prefix: str, default: tuple[int, int]) -> tuple[int, int]:
        """Sets minimum, maximum and fraction now and then; returns the bounds."""
        low, high = default
        if self._chance(0.15):
            low = self.random.choice((0, 1, 32 * MIB, low, 2 * low, GIB, self._size() // 8))
            config[f"{prefix}.min"] = self._spelled(low)
        if self._chance(0.15):
            high = self.random.choice(
                (low, low + 1, low - 1 if low else 0, 512 * MIB, 2 * GIB, low + self._size() // 4)
            )
            config[f"{prefix}.max"] = self._spelled(high)
        self._fraction_option(config, f"{prefix}.fraction", 0.1)
        return low, max(low, high)

    def _fraction_option(self, config: dict[str, t.Any], key: str, default: float) -> float:
        """Sets the fraction now and then; returns a number near to it."""
        if not self._chance(0.2):
            return default
        fraction = self.random.choice(
            (0.05, 0.2, 0.3, 0.5, self.random.random() * 0.9, round(self.random.random() * 0.9, 3))
        )
        if self._chance(0.25):
            config[key] = self._number(self.random.choice(FRACTIONS))
        elif self._chance(0.04):
            config[key] = self.random.choice(BAD_NUMBERS)
        else:
            spellings = (repr(fraction), f"{fraction:.6f}", f"{fraction:e}", fraction.hex(), f"{fraction!r}f")
            config[key] = fraction if self.typed and self._chance(0.6) else self.random.choice(spellings)
        return fraction

    def _present(self, options: dict[str, tuple[bool, int]]) -> dict[str, t.Any]:
        return {key: self._spelled(max(0, size)) for key, (present, size) in options.items() if present}

    def _within(self, bounds: tuple[int, int]) -> int:
        """A size within the bounds, on one of them, or just outside."""
        low, high = bounds
        high = min(high, low + 16 * GIB)
        draws = (low, high, low - 1, high + 1, low + 1, high - 1)
        return max(0, self.random.choice(draws) if self._chance(0.4) else self.random.randint(low, high))

    def _size(self) -> int:
        """A size between a megabyte and a terabyte, mostly round; now and then one at which a bound begins to bind."""
        if self._chance(0.1):
            bound, fraction = self.random.choice((NETWORK_MIN, OVERHEAD_MIN, GIB)), self.random.choice((0.1, 0.4))
            point = bound / fraction if self._chance(0.5) else bound / fraction * (1 - fraction)
            return int(point) + self.random.randint(-3, 3)
        size = int(2 ** self.random.uniform(27, 36 if self._chance(0.95) else 41))
        return size if self._chance(0.3) else size // MIB * MIB if self._chance(0.7) else max(GIB, size // GIB * GIB)

    def _spelled(self, size: int) -> t.Any:
        """One of the many spellings of a size, and rarely something else."""
        draw = self.random.random()
        if draw < 0.01:
            return self.random.choice(EXTREME_SIZES)
        if draw < 0.015:
            return self.random.choice(BAD_SIZES)
        if self.typed and draw < 0.4:
            return size
        if self.typed and draw < 0.42:
            return self.random.choice((float(size), True, -size, size * 2**40, 0x10, 1e9, math.inf))
        unit = self.random.choice([unit for unit in UNITS if size % unit == 0])
        text = f"{size // unit}{self.random.choice(UNITS[unit])}"
        return self.random.choice((f" {text}", f"{text} ", f"\t{text}", f"0{text}")) if self._chance(0.05) else text

    def _number(self, text: str) -> t.Any:
        """The number that the text spells, or the text."""
        if self.typed and self._chance(0.6):
            for read in (int, float):
                try:
                    return read(text)
                except ValueError:
                    pass
        return text

    def _whole(self) -> t.Any:
        return self._number(self.random.choice(WHOLE) if self._chance(0.3) else str(self.random.randint(1, 64)))

    def _cores(self) -> t.Any:
        return self._number(
            self.random.choice(CORES) if self._chance(0.4) else str(round(self.random.uniform(0.1, 64), 2))
        )

    def _odd_value(self) -> t.Any:
        if self._chance(0.4):
            text = str(self.random.choice((*EXTREME_SIZES, *FRACTIONS, *WHOLE, "1536m", "4g", "0.25")))
            place = self.random.randint(0, len(text))
            return text[:place] + self.random.choice(TYPING_ERRORS) + text[place + self.random.randint(0, 1) :]
        draws: tuple[t.Any, ...] = (*EXTREME_SIZES, *BAD_SIZES, *BAD_NUMBERS, *FRACTIONS)
        if self.typed:
            draws += ODD_NUMBERS
        return self.random.choice(draws)

    def _chance(self, probability: float) -> bool:
        return self.random.random() < probability
