# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages in a real browser, none of which may complain, or ask for anything but itself."""

from __future__ import annotations

import os
import shutil
import typing as t

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

if t.TYPE_CHECKING:
    from pathlib import Path

DESKTOP = {"width": 1280, "height": 900}
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def browser() -> t.Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


class Opened(t.NamedTuple):
    """A page in the browser, and what it complained about."""

    page: Page
    complaints: list[str]


Open = t.Callable[..., Opened]


@pytest.fixture
def shown(browser: Browser, tmp_path: Path) -> t.Iterator[Open]:
    """Opens the text of a page."""
    contexts: list[BrowserContext] = []
    all_complaints: list[list[str]] = []

    def open_(text: str, *, dark: bool = False, **options: t.Any) -> Opened:
        path = tmp_path / f"{len(contexts)}.html"
        path.write_text(text, encoding="utf-8")
        context = browser.new_context(color_scheme="dark" if dark else "light", **{"viewport": DESKTOP, **options})
        contexts.append(context)
        page = context.new_page()
        complaints: list[str] = []
        all_complaints.append(complaints)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.extend({request.url} - {path.as_uri()}))
        page.goto(path.as_uri())
        return Opened(page, complaints)

    yield open_
    for context in contexts:
        context.close()
    assert all_complaints == [[]] * len(all_complaints)
