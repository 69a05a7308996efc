# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists in the one-line notation that Flink reads from text: ``a;b;'c;d'``.

Source: ``StructuredOptionsSplitter``, ``ConfigurationUtils.convertToList``.
"""

from __future__ import annotations

import re

from .size import JAVA_BLANKS

_QUOTED = re.compile(r"'((?:[^']|'')*)'|\"((?:[^\"]|\"\")*)\"")
# Character.isWhitespace of Java: the white space of Unicode, but no blank that forbids a line break.
_WHITESPACE = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a"
    "\u2028\u2029\u205f\u3000"
)
_START, _SEMICOLON, _QUOTED_ITEM = range(3)
_NEEDS_QUOTES = re.compile(r"[;'\"]")


def split_list(text: str) -> list[str]:
    """Split at semicolons; quoted items may contain them. Raises ValueError where Flink refuses the quoting."""
    items: list[str] = []
    position, before = 0, _START
    while position < len(text):
        character = text[position]
        if character in _WHITESPACE:
            position += 1
        elif character == ";":
            if before == _SEMICOLON:
                items.append("")
            position, before = position + 1, _SEMICOLON
        elif before == _QUOTED_ITEM:
            raise ValueError("a quoted item goes on after its closing quote")
        elif character in "'\"":
            match = _QUOTED.match(text, position)
            if match is None:
                raise ValueError("a quote is not closed")
            single, double = match.groups()
            items.append(single.replace("''", "'") if single is not None else double.replace('""', '"'))
            position, before = match.end(), _QUOTED_ITEM
        else:
            end = text.find(";", position)
            end = len(text) if end < 0 else end
            items.append(text[position:end].strip(JAVA_BLANKS))
            position, before = end, _START
    return items


def join_list(items: list[str]) -> str:
    """The text that ``split_list`` splits into these items."""
    return ";".join(_quoted(item) for item in items)


def _quoted(item: str) -> str:
    if item and item == item.strip(JAVA_BLANKS + _WHITESPACE) and not _NEEDS_QUOTES.search(item):
        return item
    return "'" + item.replace("'", "''") + "'"
