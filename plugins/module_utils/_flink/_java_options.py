# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user's own JVM options: ``env.java.opts`` and its relatives, as Flink's start scripts read them.

Source: ``bin/config.sh`` of each release.
Private to this collection: may change at any time.
"""

from __future__ import annotations

import re
import typing as t

from ._config import text_of
from ._errors import FlinkMemoryError, type_name

if t.TYPE_CHECKING:
    from ._config import Config
    from ._release import Release

# JVM options that would override a derived one, and what to set instead.
_DERIVED = {
    "-Xmx": "memory.task.heap.size or a total",
    "-Xms": "memory.task.heap.size or a total",
    "-XX:MaxHeapSize": "memory.task.heap.size or a total",
    "-XX:MaxDirectMemorySize": "memory.task.off-heap.size",
    "-XX:MaxMetaspaceSize": "memory.jvm-metaspace.size",
}
_MEMORY_FLAG = re.compile(
    r"(?:^|[\s\"'])((-Xmx|-Xms|-XX:MaxHeapSize|-XX:MaxDirectMemorySize|-XX:MaxMetaspaceSize)[^\s\"']*)"
)


def option_keys(release: Release, process: str) -> list[list[str]]:
    """The options that a release adds to the command line of a process, in its order.

    Of each inner list the first one that is not empty counts.
    """
    common = ["env.java.opts"] if release.version < (1, 17) else ["env.java.opts.all", "env.java.opts"]
    role = [f"env.java.opts.{process}"]
    if release.version < (1, 19):
        return [common, role]
    return [["env.java.default-opts.all"], common, [f"env.java.default-opts.{process}"], role]


def java_options(config: Config, process: str) -> list[str]:
    """The words that the user's options add to the command line.

    Raises FlinkMemoryError for a value that is no text.
    """
    words: list[str] = []
    for alternatives in option_keys(config.release, process):
        texts = (_text(config, key) for key in alternatives)
        words += next(filter(None, texts), "").split()
    return words


def _text(config: Config, key: str) -> str:
    value = config.values.get(key, "")
    try:
        return text_of(value).strip().strip('"')
    except ValueError as exc:
        raise FlinkMemoryError(f"{key}: expected JVM options in one text, not {type_name(value)}.") from exc


def check_no_memory_flags(config: Config, process: str) -> None:
    """Raises FlinkMemoryError if the user's JVM options would override the plan: the JVM takes the last one given."""
    for alternatives in option_keys(config.release, process):
        for key in alternatives:
            value = config.values.get(key)
            match = _MEMORY_FLAG.search(value) if isinstance(value, str) else None
            if match is not None:
                option = f"{process}.{_DERIVED[match.group(2)]}"
                if process == "jobmanager":
                    option = option.replace("task.heap", "heap").replace("task.off-heap", "off-heap")
                raise FlinkMemoryError(
                    f"{key}: {match.group(1)[:60]} would override the {match.group(2)} that Flink derives. "
                    f"Remove it and set {option} instead."
                )
