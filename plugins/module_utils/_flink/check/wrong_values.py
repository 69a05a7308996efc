# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that Flink cannot read, and those that it reads as something else than was meant."""

from __future__ import annotations

import re
import typing as t

from ..catalogue.catalogue import history
from ..catalogue.grammar import Unreadable, suggestion
from ..values.errors import quoted_key
from ..values.lists import is_list_option
from ..values.secrets import holds_secret, shown
from .findings import error, warning

if t.TYPE_CHECKING:
    from ..catalogue.catalogue import Option
    from ..values.results import Note
    from .view import View

# Lists of which one item has commas of its own: pairs, mappings and filters.
_WITH_COMMAS = re.compile(r"cached-files|kryo-serializers|serialization-config|\.filter\.")
_ITEMS = re.compile(r"[^\s,;'\"]+(?:\s*,\s*[^\s,;'\"]+)+")


def check_values(view: View) -> t.Iterator[Note]:
    """In the order of the configuration; each key once, though it may set two options."""
    for key, value in view.config.items():
        for option in view.found[key]:
            found = _check(view, key, value, option)
            if found is not None:
                yield found
                break


def _check(view: View, key: str, value: t.Any, option: Option) -> Note | None:
    if option.unread or option.sql:
        return None
    if option.is_pattern and option.kind == "string":
        return None
    if option.kind == "map" and key != option.key and key not in option.aliases:
        return None
    if option.kind == "string":
        return _text(view, key, value)
    try:
        view.read(option, value)
    except Unreadable as exc:
        return _unreadable(view, key, value, option, str(exc))
    return _commas(view, key, value, option)


def _commas(view: View, key: str, value: t.Any, option: Option) -> Note | None:
    """A list whose items a semicolon separates, and that was written with commas."""
    if option.kind != "list string" or not isinstance(value, str) or _WITH_COMMAS.search(option.key):
        return None
    if not _ITEMS.fullmatch(value) or len(t.cast("list[str]", view.read(option, value))) != 1:
        return None
    meant = suggestion(option.kind, value, view.release, typed=view.typed)
    spelled = "semicolons for the commas" if holds_secret(key, value) else _spelled(meant)
    return warning(
        "comma-in-list",
        [key],
        f"{quoted_key(key)}: a semicolon separates the items of this list, so Flink reads {shown(key, value)} as one.",
        f"Write {spelled}.",
        {key: meant},
    )


def _unreadable(view: View, key: str, value: t.Any, option: Option, expected: str) -> Note:
    meant = suggestion(
        option.kind,
        value,
        view.release,
        typed=view.typed,
        choices=option.choices,
        unit="ms" if _counts_milliseconds(option) else "",
    )
    message = f"{quoted_key(key)}: expected {expected}, got {shown(key, value)}."
    if meant is None or holds_secret(key, value):
        return error("unreadable-value", [key], message, "Correct it, or remove it.", {key: None})
    return error("unreadable-value", [key], message, f"Write {_spelled(meant)}.", {key: meant})


def _spelled(value: object) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _counts_milliseconds(option: Option) -> bool:
    """Whether a later line reads the number as a duration, whose unit is the millisecond without one."""
    return option.kind in ("integer", "long") and history(option.key)[-1].kind == "duration"


def _text(view: View, key: str, value: t.Any) -> Note | None:
    """An option that is a text takes any; what YAML makes of some is not what was written."""
    if isinstance(value, (list, tuple)) and not is_list_option(key):
        return error(
            "unreadable-value",
            [key],
            f"{quoted_key(key)}: expected one text, got a list, which Flink reads as the text '[a, b]'.",
            "Write it as one text, in the form that Flink documents.",
            {key: None},
        )
    if isinstance(value, float) and view.typed:
        return warning(
            "number-as-text",
            [key],
            f"{quoted_key(key)} is a text, and was given as the number {value!r}: 1.10 becomes 1.1, and 1e3 1000.0.",
            f"Quote it: '{value!r}' if that is meant.",
            {key: repr(value)},
        )
    return None
