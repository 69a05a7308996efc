# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the files that configure logging are for the library that a release has."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import quoted
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

if t.TYPE_CHECKING:
    from .wanted import Wanted

# From this release on Flink logs with log4j 2, and from the other on its own file starts a new log when one is full.
_LOG4J_2 = (1, 11)
_ROLLING = (1, 12)
_NAME = re.compile(r"log4j.*\.properties")
_OF_ROLE = ("config.yaml", "flink-conf.yaml", "masters", "slaves", "workers")
_LINES = {
    1: re.compile(r"^\s*log4j\.(rootLogger|rootCategory|appender|logger|category)\b", re.MULTILINE),
    2: re.compile(r"^\s*(rootLogger|appenders?|loggers?)\b", re.MULTILINE),
}


def logging_objections(wanted: Wanted) -> t.Iterator[str]:
    """A file that the library cannot read ends the process, or silences it; one of another name is none for it."""
    strange = [name for name in map(str, wanted.logging) if not _is_free(name)]
    if strange:
        yield (
            "flink_logging: expected names of files in flink_conf_dir that the role does not write itself, got "
            f"{', '.join(map(quoted, strange))}. Name files such as log4j.properties."
        )
    has = 2 if Release.parse(wanted.version).version >= _LOG4J_2 else 1
    other = 3 - has
    for name, text in wanted.logging.items():
        if _NAME.fullmatch(name) and _LINES[other].search(str(text)) and not _LINES[has].search(str(text)):
            yield (
                f"flink_logging: expected lines for log4j {has}, which Flink {wanted.version} has, in {name}, got some "
                f"for log4j {other}. Begin with the file that the release brings."
            )


def _is_free(name: str) -> bool:
    is_name = name.isprintable() and "/" not in name and name.strip(".") != ""
    return is_name and name not in _OF_ROLE and not name.endswith(".env")


def logging_advice(wanted: Wanted) -> t.Iterator[str]:
    """A log that grows until the disk is full."""
    if Release.parse(wanted.version).version < _ROLLING and "log4j.properties" not in wanted.logging:
        yield (
            f"flink_logging: expected a log4j.properties, got none: the one of Flink {wanted.version} never begins a "
            "new file, and the log grows until the disk is full. Give one with a rolling appender."
        )
