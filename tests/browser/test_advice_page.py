# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of advice in a real browser: what it shows, what it lets do, and what it does not need."""

from __future__ import annotations

import copy
import re
import typing as t

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from ansible_collections.streamops.flink.plugins.plugin_utils._advice.page import advice_page
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import assemble
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import (
    ADVICE,
    FLEET,
    WINDOW,
    asked,
)

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PAGE = advice_page(ADVICE, WINDOW, FLEET)
Open = t.Callable[..., t.Any]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everybody_can_read_it(shown: Open, viewport: dict[str, int], dark: bool) -> None:
    page = shown(PAGE, dark=dark, viewport=viewport).page
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it is wider than the screen"


def test_bars_are_to_one_scale_and_what_is_used_lies_in_what_is_planned(shown: Open) -> None:
    page = shown(PAGE).page
    before, after = page.locator("article svg").evaluate_all(
        """bars => bars.map((bar) => [...bar.querySelectorAll('rect')]
          .reduce((sum, rect) => sum + rect.getBoundingClientRect().width, 0))"""
    )
    assert after / before == pytest.approx(820 / 948, rel=0.01)
    row = page.locator("[data-name='tm1 taskmanager-1'] svg")
    widths = row.evaluate(
        """(bar) => Object.fromEntries([...bar.querySelectorAll('rect')]
          .map((rect) => [rect.getAttribute('class'), rect.getBoundingClientRect().width]))"""
    )
    assert widths["me"] / widths["me left"] == pytest.approx(54 / 256, rel=0.02)
    whole = sum(width for kind, width in widths.items() if kind.endswith("left"))
    assert widths["re peak"] / whole == pytest.approx(512 / 948, rel=0.02)


def test_processes_are_found_and_filtered_with_the_keyboard(shown: Open) -> None:
    page = shown(PAGE).page
    assert page.locator("#count").inner_text() == "3 of 3 processes"
    page.locator("#find").focus()
    page.keyboard.type("TM2")
    assert page.locator("#rows > li:visible h3").all_inner_texts() == ["tm2 taskmanager-1 948m planned"]
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator("#count").inner_text() == "2 of 3 processes", "those with errors are hidden"


def test_the_variables_can_be_copied(shown: Open) -> None:
    page = shown(PAGE, permissions=["clipboard-read", "clipboard-write"]).page
    button = page.locator("button.copy")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text(re.compile("Copied|Selected"))
    selected = page.evaluate("getSelection().toString()")
    assert selected.startswith("flink_config:\n  taskmanager.memory.process.size: 820m\n")


def test_it_needs_no_script(shown: Open) -> None:
    page = shown(PAGE, java_script_enabled=False).page
    text = page.locator("body").inner_text()
    for words in ("256m less memory", "taskmanager.memory.process.size: 820m", "metaspace 54m of 256m", "was killed"):
        assert words in text


def test_it_can_be_printed(shown: Open) -> None:
    page = shown(PAGE, dark=True).page
    page.emulate_media(media="print")
    assert page.locator("form").is_hidden()
    assert page.locator("button.copy").is_hidden()
    assert page.locator("body").evaluate("(body) => getComputedStyle(body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(page.pdf()) > 10_000


def test_a_thousand_hosts(shown: Open) -> None:
    names = [f"tm{number}" for number in range(1000)]
    window = copy.deepcopy(WINDOW)
    window["processes"] = dict.fromkeys(names, window["processes"]["tm1"])
    text = advice_page(ADVICE, window, assemble(asked(name, "taskmanager") for name in names))
    assert len(text) < 5_000_000
    page = shown(text).page
    page.locator("#find").fill("tm99")
    assert page.locator("#count").inner_text() == "11 of 1000 processes"
