# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Draws the pictures of the documentation: pages in Chromium, light and dark, and the picture of a fleet.

The page of a plan is that of `demo/fleet.yml`; that of advice is of the cluster that the tests of advice look at.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / ".build"))

from ansible_collections.streamops.flink.plugins.plugin_utils._advice.page import advice_page
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import ADVICE, FLEET, WINDOW

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
WIDTH = 1200
# What follows the name of a picture, and how Blink calls the colours that somebody prefers.
COLOURS = {"": 1, "-dark": 0}


def plan_page(directory: Path) -> str:
    """The page that the playbook writes, with its legend closed, which would fill half of the picture."""
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "--inventory=demo/fleet.yml"]
    subprocess.run(
        [*command, f"--extra-vars=flink_plan_dir={directory}", "streamops.flink.plan"],
        cwd=ROOT,
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build")},
        check=True,
    )
    text = (directory / "plan.html").read_text(encoding="utf-8")
    return text.replace('matchMedia("(min-width: 641px)").matches', "false")


def draw(name: str, text: str, height: int, directory: Path) -> None:
    """The top of a page in both colours; its policy would not let it be looked at from a file."""
    page = directory / f"{name}-picture.html"
    page.write_text(re.sub("<meta http-equiv[^>]*>", "", text), encoding="utf-8")
    for suffix, colours in COLOURS.items():
        subprocess.run(
            [
                *(os.environ.get("CHROMIUM", "chromium"), "--headless", "--no-sandbox", "--disable-gpu"),
                *("--hide-scrollbars", f"--window-size={WIDTH},{height}"),
                f"--blink-settings=preferredColorScheme={colours}",
                *(f"--screenshot={DOCS / f'{name}{suffix}.png'}", page.as_uri()),
            ],
            stderr=subprocess.DEVNULL,
            check=True,
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as parent:
        directory = Path(parent)
        draw("plan", plan_page(directory), 990, directory)
        shutil.copy(directory / "plan.svg", DOCS / "fleet.svg")
        draw("advice", advice_page(ADVICE, WINDOW, FLEET), 1000, directory)


if __name__ == "__main__":
    main()
