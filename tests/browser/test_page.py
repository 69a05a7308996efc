# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a fleet in a real browser: what it shows, what it lets do, and what it does not need."""

from __future__ import annotations

import re
import typing as t

import pytest
from axe_playwright_python.sync_playwright import Axe

from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.page import fleet_page

if t.TYPE_CHECKING:
    from playwright.sync_api import Page

    from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.types import Fleet, FleetHost

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SIZES = (4, 8, 16, 64, 512)
LARGEST_PAGE = 5_000_000


def asked(host: str, memory: str | None, release: str = "2.3.0", count: t.Any = 1, **options: t.Any) -> Asked:
    config = {"taskmanager.memory.process.size": "auto", "jobmanager.memory.process.size": "1600m", **options}
    jobmanagers = [{"process": "jobmanager", "count": 1, "config": {}, "numa_nodes": None}]
    taskmanagers = [{"process": "taskmanager", "count": count, "config": {}, "numa_nodes": None}]
    return Asked(host, ["flink", f"rack_{len(host) % 2}"], release, config, jobmanagers + taskmanagers, memory, "10%")


def fleet_of(count: int, release: str = "2.3.0") -> Fleet:
    """So many hosts, each with another size, and with all kinds of trouble if there are more than a few."""
    troubled = [
        asked("too-small", "1g", release),
        asked("too-large", "8g", release, **{"taskmanager.memory.process.size": "9g"}),
        asked("warned", "32g", release, **{"taskmanager.memory.managed.faction": 0.5}),
        asked("unknown", None, release, **{"taskmanager.memory.process.size": "4g"}),
        asked("<b>&\"'", "16g", release),
        asked("twin-1", "24g", release),
        asked("twin-2", "24g", release),
    ]
    hosts = troubled if count > len(troubled) else []
    plain = range(count - len(hosts))
    return assemble([*hosts, *(asked(f"tm-{n}", f"{SIZES[n % 5] * 1024 + n}m", release, 1 + n % 2) for n in plain)])


Open = t.Callable[..., t.Any]


@pytest.fixture
def opened(shown: Open) -> Open:
    """Opens a fleet."""
    return lambda fleet, before=None, **options: shown(fleet_page(fleet, before), **options)


def visible_names(page: Page) -> list[str]:
    return page.locator("#rows > li:visible .names").all_text_contents()


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('#rows button[aria-expanded=false]').forEach((button) => button.click())")


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everybody_can_read_it(opened: Open, count: int, viewport: dict[str, int], dark: bool) -> None:
    page = opened(fleet_of(count), dark=dark, viewport=viewport).page
    page.locator(".guide").evaluate("(guide) => { guide.open = true }")
    open_all(page)
    page.add_style_tag(content="#rows > li { content-visibility: visible !important }")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it is wider than the screen"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_colours_are_to_be_told_from_the_ground(opened: Open, dark: bool) -> None:
    page = opened(fleet_of(1), dark=dark).page
    contrasts = page.evaluate(
        """() => {
          const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
            .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
            .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
          const ground = light(getComputedStyle(document.body).backgroundColor);
          return Object.fromEntries([...document.querySelectorAll('dt i:not(.fr)')].map((swatch) => {
            const colour = light(getComputedStyle(swatch).backgroundColor);
            return [swatch.className, (Math.max(colour, ground) + 0.05) / (Math.min(colour, ground) + 0.05)];
          }));
        }"""
    )
    assert len(contrasts) == 11
    assert {css: ratio for css, ratio in contrasts.items() if ratio < 3} == {}


def test_every_number_is_that_of_the_plan(opened: Open) -> None:
    fleet = fleet_of(30)
    page = opened(fleet).page
    open_all(page)
    seen = page.evaluate(
        """() => [...document.querySelectorAll('#rows > li')].map((item) =>
          [...item.querySelectorAll('section')].map((section) => ({
            names: JSON.parse(section.dataset.names),
            args: section.querySelector('code').innerText,
            rows: [...section.querySelectorAll('tbody tr')].map((row) => [
              row.querySelector('th').innerText.trim(),
              Number(row.querySelector('td').innerText.replace(/\\D/g, '')),
            ]),
          })))"""
    )
    names = {"framework_heap": "framework heap", "framework_off_heap": "framework off-heap", "task_heap": "task heap"}
    names.update(task_off_heap="task off-heap", off_heap="off-heap", jvm_heap="JVM heap", jvm_direct="JVM direct")
    names.update(jvm_metaspace="JVM metaspace", jvm_overhead="JVM overhead", total_flink="total Flink")
    assert len(seen) == 29, "the twins share a row"
    checked = 0
    for row, item in zip(rows_of(fleet), seen, strict=True):
        sections = {name: section for section in item for name in section["names"]}
        planned = [] if row["plan"] is None else fleet["plans"][row["plan"]]["processes"]
        assert sections.keys() == {process["name"] for process in planned}
        for process in planned:
            section = sections[process["name"]]
            expected = {names.get(key, key.replace("_", " ")): size for key, size in process["memory"].items()}
            assert dict(section["rows"]) == expected
            assert section["args"] == " ".join(process["jvm_args"])
            checked += len(expected)
    assert checked > 500


def rows_of(fleet: Fleet) -> list[FleetHost]:
    """The first host of each row."""
    return [host for host in fleet["hosts"] if host["host"] != "twin-2"]


def test_bars_are_to_one_scale(opened: Open) -> None:
    page = opened(assemble([asked("small", "4g"), asked("large", "16g"), asked("over", "8g", count=1)])).page
    widths = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('#rows > li')].map((item) => [
          item.querySelector('.names').innerText,
          [...item.querySelectorAll('rect')].reduce((sum, rect) => sum + rect.getBoundingClientRect().width, 0)]))"""
    )
    assert widths["large"] / widths["small"] == pytest.approx(4, rel=0.01)
    page.locator("#own").check()
    assert (
        page.locator("#rows svg").evaluate_all("bars => bars.map((bar) => bar.getAttribute('viewBox'))")
        == ["0 0 10000 20"] * 3
    )


def test_hosts_are_found_filtered_and_sorted(opened: Open) -> None:
    page = opened(fleet_of(30)).page
    assert page.locator("#count").inner_text() == "30 of 30 hosts"
    assert visible_names(page)[:2] == ["too-large", "too-small"]
    page.locator("#find").fill("TWIN-2")
    assert visible_names(page) == ["twin-2"]
    assert page.locator("#count").inner_text() == "1 of 30 hosts"
    page.locator("#find").fill("")
    assert "2 × twin-1, twin-2" in visible_names(page)
    page.locator("#group").select_option(label="rack_0")
    assert all(len(name) % 2 == 0 for name in visible_names(page) if "×" not in name)
    page.locator("#group").select_option("")
    for status in ("warned", "fine"):
        page.locator(f"[value={status}]").uncheck()
    assert visible_names(page) == ["too-large", "too-small"]
    page.locator("[value=fine]").check()
    page.locator("#sort").select_option("name")
    assert visible_names(page)[1:4] == ["tm-0", "tm-1", "tm-2"]
    page.locator("#sort").select_option("memory")
    assert re.match("51[0-9]", str(page.locator("#rows > li:visible small").first.text_content()))


def test_the_keyboard_is_enough(opened: Open) -> None:
    page = opened(fleet_of(30)).page
    buttons = page.locator("#rows button")
    buttons.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert buttons.nth(1).evaluate("(button) => button === document.activeElement")
    assert buttons.nth(1).get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    assert buttons.nth(1).get_attribute("aria-expanded") == "true"
    assert page.locator("#rows > li").nth(1).locator(".details").is_visible()
    page.keyboard.press("Enter")
    assert page.locator("#rows > li").nth(1).locator(".details").count() == 0


def test_a_component_tells_its_bytes_and_derivation(opened: Open) -> None:
    fleet = fleet_of(1)
    page = opened(fleet).page
    taskmanager = fleet["plans"][0]["processes"][1]
    managed = page.locator("#rows rect.ma").first
    managed.hover()
    words = page.locator("#tip").inner_text()
    assert words.startswith("taskmanager-1: managed ")
    assert f"{taskmanager['memory']['managed']:,} bytes".replace(",", " ") in words
    assert taskmanager["derivation"]["managed"] in words
    page.locator("h1").hover()
    assert page.locator("#tip").is_hidden()
    managed.click()
    assert page.locator("tr.chosen th").inner_text() == "managed"


def test_a_comparison(opened: Open) -> None:
    page = opened(fleet_of(30), fleet_of(30, "1.16")).page
    row = page.locator("#rows > li", has=page.get_by_text("tm-4", exact=True))
    assert row.locator(".bar").count() == 2
    assert re.search(r"taskmanager-1: task heap −.*, network \+", str(row.locator(".difference").text_content()))
    row.locator("button").click()
    heads = row.locator("thead").last.locator("th").all_text_contents()
    assert heads == ["component", "bytes", "size", "share", "Flink 1.16", "difference", "where it comes from"]
    network = row.locator("tr[data-kind=ne] td").all_text_contents()
    now, before, difference = (int(re.sub(r"\D", "", network[index])) for index in (0, 3, 4))
    assert (before, difference) == (2**30, now - before)
    row.locator(".bar").first.locator("rect.ne").hover()
    assert "1 073 741 824 bytes" in page.locator("#tip").inner_text()
    page.locator("#sort").select_option("change")
    assert str(page.locator("#rows > li:visible small").first.text_content()).startswith("51")


def test_it_needs_no_script(opened: Open) -> None:
    page = opened(fleet_of(30), java_script_enabled=False).page
    text = page.locator("body").inner_text()
    assert "taskmanager.memory.managed.faction" in text
    assert page.locator("#rows > li").count() == 29
    assert page.locator("#rows rect.ma").first.bounding_box()


def test_it_can_be_printed(opened: Open) -> None:
    page = opened(fleet_of(30), dark=True).page
    page.emulate_media(media="print")
    assert page.locator("form").is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(page.pdf()) > 10_000


def test_two_thousand_hosts(opened: Open) -> None:
    fleet = fleet_of(2000)
    assert len(fleet_page(fleet).encode()) < LARGEST_PAGE
    page = opened(fleet).page
    assert page.locator("#count").inner_text() == "2000 of 2000 hosts"
    page.locator("#find").fill("tm-1234")
    assert visible_names(page) == ["tm-1234"]
