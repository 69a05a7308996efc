# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
import xml.etree.ElementTree as ET

from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.drawing import Row
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.picture import fleet_picture, title

SVG = "{http://www.w3.org/2000/svg}"
TIMES = "\N{MULTIPLICATION SIGN}"
WIDTH, MARGIN = 960, 16


def asked(host: str, memory: t.Any = "16g", release: str = "2.3") -> Asked:
    config = {"taskmanager.memory.process.size": "4g"}
    processes = [{"process": "taskmanager", "count": 1, "config": {}, "numa_nodes": None}]
    return Asked(host, [], release, config, processes, memory, "1g")


def texts(picture: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(picture).iter(f"{SVG}text")]


def lengths(picture: str) -> list[float]:
    """Of all bars, in units of the picture."""
    bars = []
    for group in ET.fromstring(picture).iter(f"{SVG}g"):
        factor = float(group.attrib["transform"].partition("scale(")[2].split()[0])
        rects = list(group.iter(f"{SVG}rect"))
        bars.append(factor * (int(rects[-1].attrib["x"]) + int(rects[-1].attrib["width"])))
    return bars


def test_bars_are_to_one_scale() -> None:
    short, long = sorted(lengths(fleet_picture(assemble([asked("a", "32g"), asked("b", "8g")]))))
    assert abs(long - (WIDTH - 2 * MARGIN)) < 0.1
    assert abs(long / short - 4) < 0.01


def test_it_tells_what_is_seen() -> None:
    words = texts(fleet_picture(assemble([asked("a"), asked("b"), asked("small", "4g")])))
    assert words[:2] == ["Flink memory of 3 hosts", "2 fine, 1 refused"]
    assert {"framework heap", "task heap", "managed", "JVM overhead", "reserve", "free"} <= set(words)
    assert "off-heap" not in words
    assert f"fine2 {TIMES} a, b16g: 4g planned, 1g reserved, 11g free" in words
    assert any(text.startswith("taskmanager-1 4g + reserved 1g = 5g") for text in words)


def test_a_comparison_has_two_bars_a_host() -> None:
    picture = fleet_picture(assemble([asked("a")]), assemble([asked("a", release="1.16")]))
    assert len(lengths(picture)) == 2
    assert {"Flink 1.16", "Flink 2.3", "no difference"} <= set(texts(picture))


def test_a_name_is_no_markup() -> None:
    assert any("<b>&\"'" in text for text in texts(fleet_picture(assemble([asked("<b>&\"'")]))))


def test_all_is_within_the_picture() -> None:
    picture = ET.fromstring(fleet_picture(assemble([asked(f"host-{size}", f"{size}g") for size in range(1, 60)])))
    height = float(picture.attrib["viewBox"].split()[3])
    assert max(float(text.attrib["y"]) for text in picture.iter(f"{SVG}text")) < height


def test_no_host() -> None:
    assert texts(fleet_picture(assemble([])))[:2] == ["Flink memory of 0 hosts", "0 fine"]


TITLES = {
    "one": (["a"], "a"),
    "some": (["a", "b"], f"2 {TIMES} a, b"),
    "many": ([f"host-{number}" for number in range(100)], f"100 {TIMES} host-0 \u2026 host-99"),
    "long": (["x" * 300], "x" * 69 + "\u2026"),
}


def test_titles() -> None:
    for names, expected in TITLES.values():
        assert title(Row(assemble(map(asked, names))["hosts"], None, None)) == expected
