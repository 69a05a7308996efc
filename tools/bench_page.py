# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures the page of two thousand hosts, all different, in Chromium: its size, and when it has loaded."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
import typing as t
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".build"))

from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble  # noqa: E402
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.page import fleet_page  # noqa: E402

HOSTS = 2000
ROUNDS = 5
SIZES = (4, 8, 16, 64, 512)
PROCESSES: list[dict[str, t.Any]] = [{"process": "taskmanager", "count": 1, "config": {}, "numa_nodes": None}]
CONFIG = {"taskmanager.memory.process.size": "auto", "taskmanager.numberOfTaskSlots": 4}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def main() -> None:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    memory = [SIZES[number % len(SIZES)] * 1024 + number for number in range(HOSTS)]
    fleet = assemble(
        Asked(f"tm-{number}", ["taskmanagers"], "2.3.0", CONFIG, PROCESSES, f"{size}m", "10%")
        for number, size in enumerate(memory)
    )
    start = time.perf_counter()
    text = fleet_page(fleet)
    written = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        page = Path(directory) / "page.html"
        page.write_text(text, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        loaded = statistics.median(_seconds(browser.new_page(), page) for _round in range(ROUNDS))
        version = browser.version
        browser.close()
    print(f"\n{f'a page of {HOSTS} hosts, all different':<50}{'MB':>10}{'s to write':>14}{'s to load':>14}")
    print(f"{f'in Chromium {version}':<50}{len(text.encode()) / 1e6:>10.1f}{written:>14.2f}{loaded:>14.2f}")


def _seconds(tab: t.Any, page: Path) -> float:
    tab.goto(page.as_uri())
    milliseconds: float = tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    tab.close()
    return milliseconds / 1000


if __name__ == "__main__":
    main()
