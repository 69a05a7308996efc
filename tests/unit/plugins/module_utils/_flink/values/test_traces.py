# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.traces import excerpt, printable, root_cause

REST = "org.apache.flink.runtime.rest.handler.RestHandlerException: "
# A stack trace, and what it says.
TRACES = {
    "a message alone": (f"{REST}Job not found.\n", "Job not found"),
    "no class": ("Not found: /x", "Not found: /x"),
    "nothing": ("", ""),
    "the innermost cause": (
        "a.CompletionException: a.AException: IO.\nCaused by: java.io.IOException: No /x there\n\tat a.B.c",
        "No /x there",
    ),
    "a shell of several classes": ("a.SerializedThrowable: java.lang.RuntimeException: it is so", "it is so"),
    "Flink's own frame": (
        "<Exception on server side:\njava.lang.AnException: It does not.\n\tat a.B\n\nEnd of exception on server side>",
        "It does not",
    ),
    "a word that says nothing alone": (
        "a.InvocationException: The class 'Nope' was not found.\nCaused by: java.lang.ClassNotFoundException: Nope",
        "The class 'Nope' was not found: ClassNotFoundException: Nope",
    ),
    "a class without a message": (
        "a.FlinkException: Could not open it.\nCaused by: java.lang.NullPointerException\n\tat a.B",
        "Could not open it: NullPointerException",
    ),
    "an error of the JVM": ("java.lang.OutOfMemoryError: Java heap space", "OutOfMemoryError: Java heap space"),
    "a host, which is no class": (
        "java.net.ConnectException: db.example.org: refused now",
        "db.example.org: refused now",
    ),
    "a message of several lines": (f"{REST}First is wrong.\nSecond is wrong.\n", "First is wrong. Second is wrong"),
    "something suppressed": ("a.AException: it failed\n\tSuppressed: a.BException: other", "it failed"),
    "what drives a terminal": ("a.AException: \x1b[2J is it", r"\x1b[2J is it"),
}


@pytest.mark.parametrize(("trace", "said"), TRACES.values(), ids=TRACES)
def test_root_cause(trace: str, said: str) -> None:
    assert root_cause(trace) == said


def test_hidden_texts() -> None:
    assert root_cause("a.AException: no pass for passport", ["pass", "", "passport"]) == "no *** for ***"


@pytest.mark.parametrize(
    "trace",
    ["x " * 10**6, "Exception" * 10**5, "a." * 10**6, "Caused by: \n" * 10**5, "a.AException: " * 10**5, "\n" * 10**6],
)
@pytest.mark.usefixtures("prompt")
def test_long_texts_are_cut_soon(trace: str) -> None:
    assert len(root_cause(trace)) <= 400
    assert len(excerpt(trace)) <= 20_000


def test_printable() -> None:
    assert printable("x" * 9, 5) == "xx..."
    assert printable("\ud800\n", 99) == r"\ud800\n"


# A stack trace, and its excerpt.
EXCERPTS = {
    "a message alone": ("a.AException: it", "a.AException: it"),
    "nothing": ("", ""),
    "frames": ("a.A: it\n\tat b.C.d(C.java:1)\n\tat b.E", "a.A: it\n    at b.C.d(C.java:1)\n    at b.E"),
    "many frames": ("a.A: it" + "\n\tat b.C" * 99, "a.A: it" + "\n    at b.C" * 8),
    "every cause": (
        "a.A: it\n\tat b.C\nCaused by: a.B: that\n\tat b.D\n\t... 3 more\n",
        "a.A: it\n    at b.C\nCaused by: a.B: that\n    at b.D",
    ),
    "a message of many lines": ("a.A: it\n" + "and\n" * 99, "a.A: it" + "\nand" * 4),
    "what drives a terminal": ("a.A: \x1b[2J\n\tat \x1b", "a.A: \\x1b[2J\n    at \\x1b"),
    "more causes than anybody reads": (
        "\nCaused by: ".join(map(str, range(99))),
        "\nCaused by: ".join(map(str, [0, 1, 2, 3, 4, 94, 95, 96, 97, 98])),
    ),
}


@pytest.mark.parametrize(("trace", "shown"), EXCERPTS.values(), ids=EXCERPTS)
def test_excerpt(trace: str, shown: str) -> None:
    assert excerpt(trace) == shown
