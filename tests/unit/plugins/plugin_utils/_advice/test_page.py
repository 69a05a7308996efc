# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the page of advice holds; tests/browser looks at what becomes of it."""

from __future__ import annotations

import base64
import copy
import hashlib
import html
import re
import typing as t

from ansible_collections.streamops.flink.plugins.plugin_utils._advice.page import advice_page
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import (
    ADVICE,
    FINDINGS,
    FLEET,
    WINDOW,
)

PAGE = advice_page(ADVICE, WINDOW, FLEET)


def rows(page: str) -> dict[str, str]:
    """The text of the row of each process by its name, in their order."""
    found = re.findall(r'<li class="\w+" data-name="([^"]*)">(.*?)\n</li>', page, re.DOTALL)
    return {html.unescape(name): " ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for name, row in found}


def test_every_process_is_there_with_what_it_uses_of_its_plan_and_those_in_trouble_first() -> None:
    shown = rows(PAGE)
    assert list(shown) == ["tm1 taskmanager-1", "jm1 jobmanager", "tm2 taskmanager-1"]
    row = shown["tm1 taskmanager-1"]
    assert row.startswith(
        "tm1 taskmanager-1 948m planned, 512m at most heap 33m of 180m off-heap 31m of 128m network 4m of 64m"
    )
    assert "managed 0b of 128m metaspace 54m of 256m overhead 192m, use not known" in row
    assert "taskmanager-1 was killed at 764m" in row, "what was found there is beside it"
    assert shown["tm2 taskmanager-1"].endswith("overhead 192m, use not known"), "nobody looked at it"


def test_a_process_that_nobody_planned_is_shown_without_a_bar() -> None:
    page = advice_page(ADVICE, WINDOW)
    assert list(rows(page)) == ["tm1 taskmanager-1"]
    assert "tm1 taskmanager-1 no plan, 512m at most" in rows(page)["tm1 taskmanager-1"]


def test_what_to_change_has_both_plans_the_reasons_and_the_variables() -> None:
    change = re.findall(r"<article>(.*?)</article>", PAGE, re.DOTALL)[0]
    assert change.count("<svg") == 2
    assert "before: 948m" in change
    assert "after: 820m" in change
    assert "Nothing uses 128m of managed memory." in change
    assert "taskmanager.memory.process.size: 820m" in change


def test_what_is_found_in_the_whole_cluster_and_what_is_withheld_are_told() -> None:
    assert "What was found in the cluster" in PAGE
    assert "a window of 5 hours is too short" in PAGE
    nothing: dict[str, t.Any] = {**ADVICE, "findings": [], "resized": [], "withheld": [], "freed": 0}
    page = advice_page(nothing)
    assert "nothing to change" in page
    assert "<h2>" not in page


def test_only_its_own_script_may_run() -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", PAGE, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in PAGE
    assert not re.search(r"https?://|<link|<img|@import|url\(", PAGE)


def test_nobody_writes_markup() -> None:
    evil = "</pre></script><script>alert(1)</script>"
    advice, window = copy.deepcopy(ADVICE), copy.deepcopy(WINDOW)
    advice["findings"] = [{**FINDINGS[1], "host": evil, "message": evil, "remedy": evil, "level": evil}]
    resized: t.Any = advice["resized"][0]
    resized.update(hosts=[evil], skew=evil, variables={evil: evil}, kind=evil)
    advice["withheld"] = [evil]
    window["processes"][evil] = {evil: window["processes"]["tm1"]["taskmanager-1"]}
    assert advice_page(advice, window, FLEET).count("<script") == 1
