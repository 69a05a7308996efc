# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration file of a release: its name, and a text that Flink reads back as exactly what was meant.

Flink 1.10 - 1.18 read ``flink-conf.yaml`` line by line; from 1.19 on ``config.yaml`` is YAML 1.2.
Source: ``GlobalConfiguration.loadYAMLResource``, ``YamlParserUtils``.
"""

from __future__ import annotations

import math
import re
import typing as t

from ..values.config import STANDARD_YAML, flatten, text_of
from ..values.errors import FlinkError, quoted_key, type_name
from ..values.lists import join_list, join_list_in_text
from ..values.release import Release
from ..values.size import JAVA_BLANKS
from ..values.yaml import scalar_text

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_PLAIN_TEXT = re.compile(
    r"[A-Za-z/_](?:[A-Za-z0-9_./;@+=-]|:(?=[A-Za-z0-9/]))*"  # words, paths, addresses
    r"|[0-9]+[bkmgt]b?"  # sizes
    r"|[0-9]+(?:\.[0-9]+){2,3}"  # versions, IP addresses
)
# Words that a YAML reader, of whichever version, may take for something else than text.
_RESERVED = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_SURROGATE = re.compile("[\ud800-\udfff]")

# Limits of the YAML reader inside Flink: a key on one line, and a whole file, in characters.
_LONGEST_KEY = 1000
_LONGEST_FILE = 3 * 1024 * 1024


def config_file_name(flink_version: object) -> str:
    """``flink-conf.yaml`` up to 1.18, ``config.yaml`` from 1.19 on. Raises FlinkError for other releases."""
    return "config.yaml" if Release.parse(flink_version).version >= STANDARD_YAML else "flink-conf.yaml"


def config_file(config: object, flink_version: object) -> str:
    """The text of the configuration file, one option a line, in the order given.

    Raises FlinkError, naming the option and never its value, for what the file of that release cannot carry.
    """
    standard = Release.parse(flink_version).version >= STANDARD_YAML
    line = _yaml_line if standard else _legacy_line
    text = "".join(line(key, as_read(key, value)) for key, value in flatten(config).items())
    if standard and len(text) > _LONGEST_FILE:
        raise FlinkError(
            f"config: the file would have {len(text)} characters, and Flink reads at most {_LONGEST_FILE}. "
            "Move what is long into files of its own."
        )
    return text


def as_read(key: str, value: object) -> object:
    """The value, or its text if it is given as a list and Flink reads it as a text with a separator of its own."""
    text = join_list_in_text(key, _scalars(key, value)) if isinstance(value, (list, tuple)) else None
    return value if text is None else text


def _legacy_line(key: str, value: object) -> str:
    text = join_list(_scalars(key, value)) if isinstance(value, (list, tuple)) else _scalar(key, value)
    for part, content in (("name", key), ("value", text)):
        problem = _legacy_problem(content, is_key=part == "name")
        if problem is not None:
            raise FlinkError(
                f"{quoted_key(key)}: flink-conf.yaml cannot carry it: its {part} {problem}. "
                "Choose another one, or a Flink from 1.19 on, whose config.yaml carries any text."
            )
    return f"{key}: {text}\n"


def _legacy_problem(text: str, *, is_key: bool) -> str | None:
    if not text:
        return "is empty, and Flink skips such a line"
    if "#" in text:
        return "contains '#', where Flink cuts the line"
    if "\n" in text or "\r" in text:
        return "contains a line break"
    if text != text.strip(JAVA_BLANKS):
        return "begins or ends with a blank, which Flink removes"
    if is_key and ": " in text:
        return "contains ': ', where Flink splits the line"
    return _unwritable(text)


def _yaml_line(key: str, value: object) -> str:
    if len(key) > _LONGEST_KEY:
        raise FlinkError(f"{quoted_key(key)}: a name in config.yaml has at most {_LONGEST_KEY} characters.")
    _check_writable(key, "name", key)
    name = key if _PLAIN_KEY.fullmatch(key) and key.lower() not in _RESERVED else _quoted(key)
    if isinstance(value, (list, tuple)):
        return f"{name}: [{', '.join(_yaml_scalar(key, item, flow=True) for item in value)}]\n"
    return f"{name}: {_yaml_scalar(key, value)}\n"


def _yaml_scalar(key: str, value: object, *, flow: bool = False) -> str:
    text = _scalar(key, value)
    if isinstance(value, str):
        _check_writable(key, "value", text)
        plain = _PLAIN_TEXT.fullmatch(text) and text.lower() not in _RESERVED and not (flow and ":" in text)
        return text if plain else _quoted(text)
    if isinstance(value, float) and not math.isfinite(value):
        return scalar_text(value)
    return text


def _quoted(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _scalar(key: str, value: object) -> str:
    try:
        return text_of(value)
    except ValueError:
        raise FlinkError(
            f"{quoted_key(key)}: expected text, a number, a boolean or a list of these, "
            f"not {type_name(value)}. Quote it."
        ) from None


def _scalars(key: str, values: t.Iterable[object]) -> list[str]:
    return [_scalar(key, value) for value in values]


def _check_writable(key: str, part: str, text: str) -> None:
    problem = _unwritable(text)
    if problem is not None:
        raise FlinkError(f"{quoted_key(key)}: config.yaml cannot carry it: its {part} {problem}. Choose another one.")


def _unwritable(text: str) -> str | None:
    return "contains an unpaired surrogate, which cannot be encoded" if _SURROGATE.search(text) else None
