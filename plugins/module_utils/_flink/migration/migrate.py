# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door: a configuration for another release, without losing an option or a comment without a word."""

from __future__ import annotations

import typing as t

from ..check.check import config_check
from ..check.findings import hint, warning
from ..check.view import View
from ..launch.command import module_flags
from ..values.config import flatten
from ..values.errors import quoted_key
from ..values.release import Release
from .defaults import changed_defaults
from .journey import FIRST_KNOWN, Journey, plain_text, read_older_release, read_release
from .memory_change import changed_memory
from .moves import migrate_options
from .read_file import Line, lines_of, read_lines
from .text import write_text

if t.TYPE_CHECKING:
    from ..values.results import Migrated, Note

# From this release on Flink's own file has the flags that Java 17 needs.
_WITH_MODULE_FLAGS = (1, 18)
# In whose eyes options of releases before 1.10 are read.
_OLDEST = Release("1.10.0", (1, 10, 0))


def migrate_config(config: object, from_version: object, to_version: object, known_keys: object = ()) -> Migrated:
    """The configuration of one release for another one; the old one may be from 1.0 on.

    ``config`` maps Flink options to values, or is the text of a ``flink-conf.yaml``, or the lines of any file.
    ``known_keys`` are keys of the user's own. What a person has to decide is a note of ``decisions``, whose ``changes``
    are options to set or, null, to remove. Raises FlinkError for what is no configuration, and for options that the
    file of the new release cannot carry.
    """
    source, target = read_older_release(from_version, "from_version"), read_release(to_version, "to_version")
    if isinstance(config, str):
        lines = read_lines(config)
    elif isinstance(config, list) and all(isinstance(line, Line) for line in config):
        lines = config
    else:
        lines = lines_of(flatten(config))
    given = {line.key: line.value for line in lines if line.key is not None}
    known = source if source.version >= FIRST_KNOWN else _OLDEST
    journey = Journey(View(given, known), source, target)
    moved = migrate_options(journey)
    memory, memory_decisions = changed_memory(given, source, moved.config, target)
    findings = [
        note
        for note in config_check(moved.config, target.given, known_keys=known_keys)
        if note["level"] in ("error", "warning")
    ]
    return {
        "from_version": source.given,
        "to_version": target.given,
        "config": moved.config,
        "text": write_text(lines, moved.config, moved.places, target.given),
        "changes": moved.report,
        "defaults": changed_defaults(journey),
        "memory": memory,
        "decisions": [
            *_misread(lines, source),
            *moved.decisions,
            *memory_decisions,
            *findings,
            *_without_module_flags(moved.config, source, target),
        ],
    }


def _misread(lines: t.Sequence[Line], source: Release) -> t.Iterator[Note]:
    """Lines that the old release hardly read as they were meant."""
    for line in lines:
        if line.ignored:
            message = f"Line {line.number}: Flink {source.line} ignores it, because {line.ignored}."
            yield warning("ignored-line", [], message, "Write it as an option if it was meant to be one.")
        elif line.cut and line.key is not None:
            message = f"{quoted_key(line.key)}: Flink {source.line} cut the value at '#' in line {line.number}."
            yield warning("cut-value", [line.key], message, "Write the whole value in quotes if it was meant.")


def _without_module_flags(config: dict[str, t.Any], source: Release, target: Release) -> t.Iterator[Note]:
    """What the file that comes with the new release has, and that of the old one has not."""
    keys = [key for key in config if key.startswith("env.java.")]
    flagged = any("--add-opens" in (plain_text(config[key]) or "") for key in keys)
    if flagged or not source.version < _WITH_MODULE_FLAGS <= target.version:
        return
    key = "env.java.default-opts.all" if target.version >= (1, 19) else "env.java.opts.all"
    yield hint(
        "module-flags",
        [key],
        f"The configuration file that comes with Flink {target.line} has JVM options which open modules of Java 17 to "
        "Flink and its jobs, and this one has not.",
        f"Add them to {key} if Flink's own scripts start the processes; the role streamops.flink.flink does it itself.",
        {} if key in config else {key: " ".join(module_flags(target, 17))},
    )
