# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stack trace of Java says, in a few words."""

from __future__ import annotations

import re
import typing as t

_LONGEST = 400
_LONGEST_READ = 10 * _LONGEST
_CAUSE = re.compile(r"^Caused by: ", re.MULTILINE)
# The first line that is no message any more: a frame, the number of frames left out, or the end of Flink's own frame.
_END = re.compile(r"\n(?:\s+at |\s+\.\.\. |\s*Suppressed: |\s*End of exception on server side>)")
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
