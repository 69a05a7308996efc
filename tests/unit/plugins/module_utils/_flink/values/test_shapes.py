# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.shapes import (
    Shape,
    by_key,
    check,
    integer,
    list_of,
    mapping,
    mapping_of,
    memory,
    nullable,
    one_of,
    positive,
    scalar,
    size,
    text,
    variable,
)

ENDLESS: list[t.Any] = []
ENDLESS.append(ENDLESS)

KINDS = by_key("kind", {"a": mapping({"size": size}), "b": mapping({}, {"name": text})})

FITS: dict[str, tuple[Shape, t.Any]] = {
    "no bytes": (size, 0),
    "more bytes than one process could have": (size, 2**70),
    "a number below 0": (integer, -1),
    "a text of any language": (text, "ü\n\U0001f600"),
    "a decimal number as a value": (scalar, 0.5),
    "a variable of all kinds": (variable, {"a": [None, True, 1, math.inf, "x", {"b": ()}]}),
    "a boolean as a value": (scalar, True),
    "null where it may be": (nullable(size), None),
    "an empty list": (list_of(size), []),
    "a tuple": (list_of(size), (1, 2)),
    "an unknown key": (mapping({"a": size}), {"a": 1, "b": object()}),
    "an optional key that is missing": (mapping({}, {"a": size}), {}),
    "the shape that the kind asks for": (KINDS, {"kind": "b"}),
    "a part as large as the whole": (memory(), {"a": 5, "total_process": 5}),
    "a part of an unknown whole": (memory(), {"a": 5, "total_process": None}),
}
FAULTS: dict[str, tuple[Shape, t.Any, str]] = {
    "a boolean is no size": (size, True, "expected it, not a boolean."),
    "a size below 0": (size, -1, "expected it, not -1."),
    "a number of 4,300 digits": (size, 10**4300, "expected it, not a huge number."),
    "nothing is not above 0": (positive, 0, "expected it, not 0."),
    "unpaired surrogates": (text, "\ud800", "expected it, not unpaired surrogates."),
    "not a number": (scalar, math.nan, "expected it, not nan."),
    "a huge number in a variable": (
        variable,
        {"a": [10**4300]},
        "a[0] is a huge number, not text or a number.",
    ),
    "a variable of itself": (variable, ENDLESS, "is nested more than 50 levels deep, not less."),
    "a list as a value": (scalar, [], "expected it, not a list."),
    "a word of others": (one_of("a", "b"), "c", "expected it, not 'c'."),
    "a word that is no text": (one_of("a", "b"), ["a"], "expected it, not a list."),
    "an item": (list_of(size), [1, "x"], "expected it. [1] is text, not a whole number from 0 on. Make it anew"),
    "a text is no list": (list_of(text), "ab", "expected it, not text."),
    "a list is no mapping": (mapping({"a": size}), [], "expected it, not a list."),
    "a key is missing": (mapping({"a": size, "b": size}), {"b": 1}, "expected it, not a mapping without a."),
    "all keys are missing": (mapping(dict.fromkeys("abc", size)), {}, "not a mapping without a, b and c."),
    "deep inside": (
        mapping({"a": list_of(mapping_of(size))}),
        {"a": [{}, {"b": None}]},
        "expected it. a[1].b is null, not a whole number from 0 on.",
    ),
    "a number as a key": (mapping_of(size), {1: 2}, "expected it, not a mapping with a whole number as a key."),
    "null as a key": (mapping_of(size), {None: 2}, "expected it, not a mapping with null as a key."),
    "a kind that is unknown": (KINDS, {"kind": "c"}, "expected it. kind is 'c', not one of a, b."),
    "of its kind": (KINDS, {"kind": "a", "size": None}, "expected it. size is null, not a whole number from 0 on."),
    "a part larger than the whole": (
        memory(),
        {"a": 6, "total_process": 5},
        "a is larger than total_process, not a part",
    ),
}


@pytest.mark.parametrize(("shape", "value"), FITS.values(), ids=FITS)
def test_fits(shape: Shape, value: t.Any) -> None:
    check(value, shape, "it")


@pytest.mark.parametrize(("shape", "value", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_sentence_says_what_does_not_fit(shape: Shape, value: t.Any, sentence: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(sentence)):
        check(value, shape, "it")
