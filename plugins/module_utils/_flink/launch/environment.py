# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Environment files that a shell's ``.`` and systemd's ``EnvironmentFile=`` read alike."""

from __future__ import annotations

import re

from ..values.errors import FlinkError, type_name
from ..values.shapes import scalar
from ..values.shapes import text as is_text

_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")
_SPECIAL = re.compile(r'(["\\`$])')


def environment_file(variables: object) -> str:
    """One ``NAME="value"`` a line.

    A list is a list of words: a shell's ``eval "set -- $NAME"`` and systemd's ``$NAME`` get back the same ones.
    Raises FlinkError, naming the variable and never its value, for what such a file cannot carry.
    """
    return "".join(f"{name}={_quoted(value)}\n" for name, value in environment_values(variables).items())


def environment_values(variables: object) -> dict[str, str]:
    """What a process finds in its environment when it was started with the environment file of these variables.

    Raises FlinkError as environment_file does.
    """
    if not isinstance(variables, dict):
        raise FlinkError(f"environment: expected a mapping of variables to values, not {type_name(variables)}.")
    return {_name(name): _text(name, value) for name, value in variables.items()}


def _name(name: object) -> str:
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        raise FlinkError("environment: the name of a variable consists of capital letters, digits and '_'.")
    return name


def _text(name: str, value: object) -> str:
    words = value if isinstance(value, (list, tuple)) else None
    if words is not None and not all(isinstance(word, str) for word in words):
        raise FlinkError(f"environment: the words of {name} must be texts.")
    if words is None and not isinstance(value, str) and scalar(value) is not None:
        raise FlinkError(f"environment: {name} must be text, a number, a boolean or a list of texts.")
    text = str(value) if words is None else " ".join(_word(word) for word in words)
    if any(character in text for character in "\n\r\0"):
        raise FlinkError(f"environment: {name} contains a line break, which an environment file cannot carry.")
    if is_text(text) is not None:
        raise FlinkError(f"environment: {name} contains an unpaired surrogate, which cannot be encoded.")
    return text


def _word(word: str) -> str:
    return word if _PLAIN_WORD.fullmatch(word) else _quoted(word)


def _quoted(text: str) -> str:
    return '"' + _SPECIAL.sub(r"\\\1", text) + '"'
