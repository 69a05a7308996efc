# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.compare import compare_releases

# Java and the files of two releases.
FACTS: dict[str, tuple[str, str, str, str]] = {
    "another Java and other files": (
        "1.10",
        "2.3",
        "Flink 2.3 runs on Java 11, 17 or 21, and Flink 1.10 on 8 or 11.",
        "Flink 2.3 reads config.yaml instead of flink-conf.yaml and workers instead of slaves.",
    ),
    "no Java in common": (
        "1.9",
        "2.0",
        "Flink 2.0 runs on Java 11, 17 or 21, and Flink 1.9 on 8. Java has to change with Flink.",
        "Flink 2.0 reads config.yaml instead of flink-conf.yaml and workers instead of slaves.",
    ),
    "a release that reads both files": (
        "1.18",
        "1.20",
        "Flink 1.20 runs on Java 8, 11, 17 or 21, and Flink 1.18 on 8, 11 or 17.",
        (
            "Flink 1.20 reads config.yaml instead of flink-conf.yaml. It reads flink-conf.yaml all the same, and no "
            "config.yaml, as long as there is one: remove it."
        ),
    ),
    "all the same": ("2.0", "2.3", "Both run on Java 11, 17 or 21.", "Both read config.yaml and workers."),
}


@pytest.mark.parametrize(("source", "target", "java", "files"), FACTS.values(), ids=FACTS)
def test_java_and_files_are_compared(source: str, target: str, java: str, files: str) -> None:
    compared = compare_releases({}, source, target)
    assert compared["java"]["message"] == java
    assert compared["files"]["message"] == files


def test_options_that_stay_as_they_are_are_left_out() -> None:
    compared = compare_releases({"rest.port": 1, "state.backend": "rocksdb"}, "1.16", "2.3")
    assert [row["option"] for row in compared["changes"]] == ["state.backend"]
    assert compared["java"]["before"] == ["8", "11"]
    assert {"defaults", "memory", "decisions"} <= compared.keys()
