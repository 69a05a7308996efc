# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page about symptoms is what the diagnosis says: a failure that is new needs a title in its tool."""

from __future__ import annotations

from ansible_collections.streamops.flink.tools import troubleshooting_page


def test_the_page_is_what_the_code_says() -> None:
    shown = troubleshooting_page.PAGE.read_text(encoding="utf-8")
    assert shown == troubleshooting_page.page(), "run tools/troubleshooting_page.py"
