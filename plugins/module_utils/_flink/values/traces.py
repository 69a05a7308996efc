# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stack trace of Java says, in a few words."""

from __future__ import annotations

import itertools
import re
import typing as t

_LONGEST = 400
_LONGEST_READ = 10 * _LONGEST
# Of an excerpt: the causes, of each some lines of its message and some frames of its stack.
_MOST_CAUSES = 10
_MOST_LINES = 5
_MOST_FRAMES = 8
_LONGEST_LINE = 1000
_LONGEST_TRACE = 2**20
_LONGEST_EXCERPT = 20_000
_CAUSE = re.compile(r"^Caused by: ", re.MULTILINE)
# The first line that is no message any more: a frame, the number of frames left out, or the end of Flink's own frame.
_END = re.compile(r"\n(?:\s+at |\s+\.\.\. |\s*Suppressed: |\s*End of exception on server side>)")
_STACK = re.compile(r"\s+(?:at |\.\.\. )|\s*(?:Suppressed: |End of exception on server side>)")
_BEGIN = re.compile(r"<Exception on server side:\s*")
# The name of the class of an exception, which its message follows.
_CLASS = re.compile(r"(?:[A-Za-z_$][\w$]*\.)+([\w$]*(?:Exception|Error|Throwable)[\w$]*)(?::\s+|\s*$)")


def root_cause(trace: str, hidden: t.Iterable[str] = ()) -> str:
    """The innermost message of a stack trace as one printable line without a full stop, of at most 400 characters.

    The names of classes are left out where the message says it all. ``hidden`` are texts that nobody may read.
    """
    for secret in sorted(filter(None, hidden), key=len, reverse=True):
        trace = trace.replace(secret, "***")
    said = [_message(cause) for cause in _CAUSE.split(_BEGIN.sub("", trace, count=1))]
    name, words = next((cause for cause in reversed(said) if any(cause)), ("", ""))
    if " " not in words:
        # A path, a key or the name of a class: say what was being done with it.
        around = next((outer for _name, outer in reversed(said) if " " in outer), "")
        words = ": ".join(filter(None, (around, name, words)))
    elif name.endswith("Error"):
        words = f"{name}: {words}"
    return printable(words, _LONGEST).rstrip(". ")


def excerpt(trace: str) -> str:
    """The message of an exception and of each of its causes, with the innermost frames of their stacks.

    Printable, line by line; of very many causes, the first and the last ones.
    """
    causes = _CAUSE.split(trace[:_LONGEST_TRACE])
    half = _MOST_CAUSES // 2
    kept = causes if len(causes) <= _MOST_CAUSES else causes[:half] + causes[-half:]
    return "\nCaused by: ".join("\n".join(_beginning(cause)) for cause in kept)[:_LONGEST_EXCERPT]


def _beginning(cause: str) -> list[str]:
    """Some lines of a message, and some frames."""
    lines = cause.strip().split("\n")
    end = next((place for place, line in enumerate(lines) if _STACK.match(line)), len(lines))
    frames = itertools.takewhile(lambda line: line.lstrip().startswith("at "), lines[end:])
    return [
        *(printable(line.strip(), _LONGEST_LINE) for line in lines[: min(end, _MOST_LINES)]),
        *(f"    {printable(frame.strip(), _LONGEST_LINE)}" for frame in itertools.islice(frames, _MOST_FRAMES)),
    ]


def _message(cause: str) -> tuple[str, str]:
    """The name of a class, if there is one, and what is said without it."""
    words, name = " ".join(_END.split(f"{cause[:_LONGEST_READ]}\n", maxsplit=1)[0].split()), ""
    while True:
        match = _CLASS.match(words)
        if match is None:
            return name, words.rstrip(". ")
        name, words = match[1], words[match.end() :]


def printable(text: str, longest: int) -> str:
    """Words of somebody else, as a message or a table may show them."""
    shown = text if text.isprintable() else ascii(text)[1:-1]
    return shown if len(shown) <= longest else f"{shown[: longest - 3]}..."
