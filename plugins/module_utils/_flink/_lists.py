# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists in the one-line notation that Flink reads from text: ``a;b;'c;d'``.

Source: ``StructuredOptionsSplitter``, ``ConfigurationUtils.convertToList``.
Private to this collection: may change at any time.
"""

from __future__ import annotations

import re

from ._size import JAVA_BLANKS

_QUOTED = re.compile(r"'((?:[^']|'')*)'|\"((?:[^\"]|\"\")*)\"")
_NEEDS_QUOTES = re.compile(r"[;'\"]")


def split_list(text: str) -> list[str]:
    """Split at semicolons; quoted items may contain them. Raises ValueError where Flink refuses the quoting."""
    items: list[str] = []
    position, after_item = 0, False
    while position < len(text):
        character = text[position]
        if character == ";":
            if text[position + 1 :].lstrip()[:1] == ";":
                items.append("")
            position, after_item = position + 1, False
        elif character.isspace():
            position += 1
        elif after_item:
            raise ValueError("a quoted item goes on after its closing quote")
        elif character in "'\"":
            match = _QUOTED.match(text, position)
            if match is None:
                raise ValueError("a quote is not closed")
            single, double = match.groups()
            items.append(single.replace("''", "'") if single is not None else double.replace('""', '"'))
            position, after_item = match.end(), True
        else:
            end = text.find(";", position)
            end = len(text) if end < 0 else end
            items.append(text[position:end].strip(JAVA_BLANKS))
            position = end
    return items


def join_list(items: list[str]) -> str:
    """The text that ``split_list`` splits into these items."""
    return ";".join(_quoted(item) for item in items)


def _quoted(item: str) -> str:
    if item and item == item.strip() and not _NEEDS_QUOTES.search(item):
        return item
    return "'" + item.replace("'", "''") + "'"
