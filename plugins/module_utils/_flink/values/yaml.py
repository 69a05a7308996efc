# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""YAML inside a single value, as Flink reads and writes it from 1.19 on: YAML 1.2, core schema, snakeyaml-engine 2.6.

Source: ``YamlParserUtils.convertToObject`` and ``toYAMLString``. Anchors, tags, directives and block scalars, which
nobody writes into a value, are not read.
"""

from __future__ import annotations

import bisect
import math
import re
import typing as t

from .java_numbers import double_text, parse_double

_DEEPEST = 50
_LONGEST_KEY = 1024
_LONGEST_WRITTEN_KEY = 128
_ENDS = " \t\n\r"
_FLOW = ",[]{}"
_NOT_FIRST = "-?:,[]{}#&*!|>'\"%@`"

_LINE_END = re.compile(r"[\n\r]")
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What the text of a list has in quotes.
_NEEDS_QUOTES = re.compile(r"""^[ #&*!|>'"%@`]|^---|^\.\.\.|^-(?: |$)|[,?\[\]{}:]| #| $""")
_NEEDS_DOUBLE_QUOTES = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ESCAPES = {
    "0": "\0", "a": "\x07", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\x0b", "f": "\f", "r": "\r", "e": "\x1b",
    " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_CODES = {"x": 2, "u": 4, "U": 8}
_ESCAPED = {character: letter for letter, character in _ESCAPES.items() if letter not in "\t/ "}


class Pairs(t.List[t.Tuple[t.Any, t.Any]]):
    """A mapping in the order of its text: its keys may be anything."""


def load_yaml(text: str) -> t.Any:
    """What a text is as a YAML document; mappings are ``Pairs``. Raises ValueError for what is none."""
    return _Document(text).load()


class _Document:
    """A text and the place up to which it is read."""

    def __init__(self, text: str) -> None:
        if _UNPRINTABLE.search(text):
            raise ValueError("a character that YAML does not allow")
        self.text = text[1:] if text.startswith("\ufeff") else text
        self.lines = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        self.place = 0
        self.depth = 0

    def load(self) -> t.Any:
        self._skip()
        keys = not self._at_marker("---")
        if not keys:
            self.place += 3
            keys = self._skip()
        value = self._block(-1, keys=keys)
        self._skip()
        if self._at_marker("..."):
            self.place += 3
            self._skip()
        if self._peek():
            raise ValueError("more than one document")
        return value

    def _block(self, parent: int, *, keys: bool) -> t.Any:
        """A node that is indented more than its parent; ``keys``: a collection of block style may begin here."""
        if not self._peek() or self._column() <= parent:
            return None
        self._enter()
        column, place = self._column(), self.place
        value: t.Any
        if self._at_indicator("-"):
            self._check(keys, "a sequence is not allowed here")
            value = self._block_sequence(column)
            self._check(self._ends_block(column), "a sequence goes on without a dash")
        elif self._at_indicator("?"):
            self._check(keys, "a mapping is not allowed here")
            value = self._block_mapping(column)
        else:
            value = self._node(parent, flow=False)
            if self._at_value(place, flow=False):
                self._check(keys, "a mapping is not allowed here")
                self.place = place
                value = self._block_mapping(column)
        self.depth -= 1
        return value

    def _block_sequence(self, column: int) -> list[t.Any]:
        items = []
        while self._at_indicator("-") and self._column() == column:
            self.place += 1
            self._skip()
            items.append(self._block(column, keys=True))
            self._skip()
        return items

    def _block_mapping(self, column: int) -> Pairs:
        pairs = Pairs()
        while self._peek() and self._column() == column and not self._at_marker("..."):
            place, explicit = self.place, self._at_indicator("?")
            if explicit:
                self.place += 1
                self._skip()
                key = self._block(column, keys=True)
                self._skip()
                valued = self._at_indicator(":") and self._column() == column
            else:
                key = self._node(column - 1, flow=False)
                valued = self._at_value(place, flow=False)
                self._check(valued, "a key without a value")
            pairs.append((key, self._block_value(column, explicit=explicit) if valued else None))
            self._skip()
        self._check(self._ends_block(column), "a mapping goes on without a key")
        return _distinct(pairs)

    def _block_value(self, column: int, *, explicit: bool) -> t.Any:
        """The value after a colon; a sequence need not be indented more than its key."""
        self.place += 1
        broken = self._skip()
        if broken and self._at_indicator("-") and self._column() == column:
            return self._block_sequence(column)
        return self._block(column, keys=broken or explicit)

    def _node(self, parent: int, *, flow: bool) -> t.Any:
        """A text, a number or the like, or a collection of flow style."""
        character = self._peek()
        if character == "[":
            return self._flow_sequence()
        if character == "{":
            return self._flow_mapping()
        if character in ("'", '"'):
            return self._quoted(character)
        return _resolve(self._plain(parent, flow=flow))

    def _flow_sequence(self) -> list[t.Any]:
        return [Pairs([(key, value)]) if paired else key for key, value, paired in self._flow_entries("]")]

    def _flow_mapping(self) -> Pairs:
        return _distinct(Pairs((key, value) for key, value, _paired in self._flow_entries("}")))

    def _flow_entries(self, end: str) -> t.Iterator[tuple[t.Any, t.Any, bool]]:
        """The entries of a collection: a node, or a key and its value."""
        self._enter()
        self.place += 1
        self._skip()
        while self._peek() != end:
            explicit = self._at_indicator("?")
            if explicit:
                self.place += 1
                self._skip()
            place, key, value = self.place, None, None
            if not explicit or self._peek() not in ("", ":", ",", end):
                key = self._node(-1, flow=True)
            paired = self._at_value(place, flow=True, explicit=explicit)
            if paired:
                self.place += 1
                self._skip()
                if self._peek() not in (",", end):
                    value = self._node(-1, flow=True)
            yield key, value, paired or explicit
            self._skip()
            if self._peek() == ",":
                self.place += 1
                self._skip()
            else:
                self._check(self._peek() == end, "a collection goes on without a comma")
        self.place += 1
        self.depth -= 1

    def _at_value(self, key: int, *, flow: bool, explicit: bool = False) -> bool:
        """Whether a colon follows that makes a key of the node that began at this place; goes there."""
        end = self.place
        self._skip()
        written = self.text[key : self.place]
        short = explicit or (len(written) <= _LONGEST_KEY and not set(written) & set("\n\r"))
        if short and self._peek() == ":" and (flow or self._at_indicator(":")):
            return True
        self.place = end
        return False

    def _plain(self, parent: int, *, flow: bool) -> str:
        first, second = self._peek(), self._peek(1)
        if first == "" or first in _ENDS or self._at_marker("---") or self._at_marker("..."):
            raise ValueError("expected a value")
        if first in _NOT_FIRST and (first not in ("-?" if flow else "-?:") or second in _ENDS + (",]" if flow else "")):
            raise ValueError("a character that no text begins with")
        words, spaces = [], ""
        while self._peek() != "#":
            start = self.place
            while not self._ends_plain(flow=flow):
                self.place += 1
            if self.place == start:
                break
            words += [spaces, self.text[start : self.place]]
            spaces = self._plain_spaces()
            if not spaces or self._peek() == "#" or (not flow and self._column() <= parent):
                break
        return "".join(words)

    def _ends_plain(self, *, flow: bool) -> bool:
        character = self._peek()
        if character == "" or character in _ENDS:
            return True
        if character == "\x7f":
            raise ValueError("a character that YAML does not allow")
        if character == ":" and self._peek(1) in _ENDS + (_FLOW if flow else ""):
            return True
        return flow and character in _FLOW

    def _plain_spaces(self) -> str:
        """The white space within a plain text, line breaks folded; empty where the text ends."""
        blanks = self._blanks()
        first, breaks = self._break(), ""
        if not first:
            return blanks
        while True:
            # Three dashes end a text whatever follows them.
            if self.text.startswith("---", self.place) or self._marks("..."):
                return ""
            while self._peek() == " ":
                self.place += 1
            line_break = self._break()
            if not line_break:
                return _folded(first, breaks)
            breaks += line_break

    def _quoted(self, quote: str) -> str:
        self.place += 1
        parts: list[str] = []
        while self._peek() != quote or (quote == "'" and self._peek(1) == quote):
            character = self._peek()
            if character == "":
                raise ValueError("a quote is not closed")
            if character in _ENDS:
                parts.append(self._quoted_spaces())
            elif character == quote:
                parts.append(quote)
                self.place += 2
            elif character == "\\" and quote == '"':
                parts.append(self._escape())
            else:
                parts.append(character)
                self.place += 1
        self.place += 1
        return "".join(parts)

    def _quoted_spaces(self) -> str:
        blanks = self._blanks()
        line_break = self._break()
        return _folded(line_break, self._quoted_breaks()) if line_break else blanks

    def _quoted_breaks(self) -> str:
        breaks = ""
        while True:
            self._check(not (self._marks("---") or self._marks("...")), "a quote goes on into the next document")
            self._blanks()
            line_break = self._break()
            if not line_break:
                return breaks
            breaks += line_break

    def _escape(self) -> str:
        letter = self._peek(1)
        self.place += 2
        if letter in _CODES:
            digits = self.text[self.place : self.place + _CODES[letter]]
            self.place += _CODES[letter]
            if re.fullmatch("[0-9A-Fa-f]+", digits) is None or len(digits) != _CODES[letter]:
                raise ValueError("an escape without its digits")
            return chr(int(digits, 16))
        if letter in _ESCAPES and letter:
            return _ESCAPES[letter]
        self.place -= 1
        if self._break():
            return self._quoted_breaks()
        raise ValueError("an unknown escape")

    def _skip(self) -> bool:
        """Go to the next token; tells whether a line ended on the way."""
        broken = False
        while True:
            while self._peek() == " ":
                self.place += 1
            if self._peek() == "#":
                while self._peek() not in ("", "\n", "\r"):
                    self.place += 1
            if not self._break():
                return broken
            broken = True

    def _blanks(self) -> str:
        start = self.place
        while self._peek() in (" ", "\t"):
            self.place += 1
        return self.text[start : self.place]

    def _break(self) -> str:
        """The line break that is read here, if there is one: within a text fewer of them count."""
        character = self._peek()
        if not character or character not in "\n\r\x85\u2028\u2029":
            return ""
        self.place += 2 if self.text.startswith("\r\n", self.place) else 1
        return character if character in "\u2028\u2029" else "\n"

    def _peek(self, ahead: int = 0) -> str:
        """A character; empty at the end of the text."""
        return self.text[self.place + ahead : self.place + ahead + 1]

    def _ends_block(self, column: int) -> bool:
        return not self._peek() or self._column() < column or self._at_marker("...")

    def _at_indicator(self, indicator: str) -> bool:
        return self._peek() == indicator and self._peek(1) in _ENDS

    def _column(self) -> int:
        return self.place - self.lines[bisect.bisect_right(self.lines, self.place) - 1]

    def _at_marker(self, marker: str) -> bool:
        return self._marks(marker) and self._column() == 0

    def _marks(self, marker: str) -> bool:
        return self.text.startswith(marker, self.place) and self._peek(3) in _ENDS

    def _enter(self) -> None:
        self.depth += 1
        self._check(self.depth <= _DEEPEST, "nested too deep")

    @staticmethod
    def _check(holds: bool, problem: str) -> None:
        if not holds:
            raise ValueError(problem)


def _folded(first: str, breaks: str) -> str:
    return first + breaks if first != "\n" else breaks or " "


def _distinct(pairs: Pairs) -> Pairs:
    if len({(type(key), repr(key)) for key, _value in pairs}) < len(pairs):
        raise ValueError("a key twice")
    return pairs


def _resolve(text: str) -> t.Any:
    """The value of a plain scalar."""
    if text in _NULL:
        return None
    if text[0] in "-+.0123456789tTfF":
        for pattern, value in _SCALARS:
            if pattern.fullmatch(text):
                return value(text)
    return text


def _infinity(text: str) -> float:
    return -math.inf if text[0] == "-" else math.inf


def _whole(digits: str, base: int) -> int:
    if len(digits) > 1000:
        raise ValueError("number too large")
    return int(digits, base)


# Source: ``CoreScalarResolver``
_SCALARS: tuple[tuple[re.Pattern[str], t.Callable[[str], t.Any]], ...] = (
    (re.compile(r"true|True|TRUE|false|False|FALSE"), lambda text: text.lower() == "true"),
    (re.compile(r"[-+]?[0-9]+"), lambda text: _whole(text, 10)),
    (re.compile(r"0o[0-7]+"), lambda text: _whole(text[2:], 8)),
    (re.compile(r"0x[0-9a-fA-F]+"), lambda text: _whole(text[2:], 16)),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), parse_double),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)"), _infinity),
    (re.compile(r"\.(?:nan|NaN|NAN)"), lambda text: math.nan),
)


def dump_flow(value: t.Any) -> str:
    """The text that a list becomes in Flink's hands: ``[a, 'b, c']``. Raises ValueError for what YAML has not."""
    if isinstance(value, str):
        return _dump_text(value)
    if isinstance(value, Pairs):
        return "{" + ", ".join(f"{_dump_key(key)}: {dump_flow(member)}" for key, member in value) + "}"
    if isinstance(value, dict):
        return dump_flow(Pairs(value.items()))
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(dump_flow, value)) + "]"
    return scalar_text(value)


def _dump_key(key: t.Any) -> str:
    """Source: ``Emitter.checkSimpleKey``"""
    text = dump_flow(key)
    if isinstance(key, str):
        simple = 0 < len(key) < _LONGEST_WRITTEN_KEY and "\n" not in key
    else:
        simple = not isinstance(key, (list, tuple, dict)) or not key
    return text if simple else f"? {text} "


def scalar_text(value: t.Any) -> str:
    """A scalar that is no text, as YAML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() <= 4096:
        return str(int(value))
    if isinstance(value, float):
        if math.isfinite(value):
            return double_text(value)
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    if value is None:
        return "null"
    raise ValueError("no scalar of YAML")


def _dump_text(text: str) -> str:
    """Source: ``Emitter.analyzeScalar``; texts of several lines are in double quotes in a list."""
    if _NEEDS_DOUBLE_QUOTES.search(text):
        return '"' + "".join(map(_escaped, text)) + '"'
    if text and not _NEEDS_QUOTES.search(text) and isinstance(_resolve(text), str):
        return text
    return "'" + text.replace("'", "''") + "'"


def _escaped(character: str) -> str:
    if character in _ESCAPED:
        return f"\\{_ESCAPED[character]}"
    if not _UNPRINTABLE.match(character):
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
