# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which release reads which states: each line writes one version of metadata, and reads its own and older ones.

Source: ``MetadataV2Serializer`` to ``MetadataV6Serializer``; states of 2.3.0 were refused by 1.20.5 with "Unrecognized
checkpoint version number: 6".
"""

from __future__ import annotations

from ..values.release import Release

# The first line that writes a version.
_WRITTEN_FROM = (((2, 1), 6), ((2, 0), 5), ((1, 16), 4), ((1, 11), 3), ((1, 10), 2))


def metadata_version(release: str) -> int:
    """The version that a release writes, and the newest that it reads."""
    version = Release.parse(release).version[:2]
    return next(number for first, number in _WRITTEN_FROM if version >= first)


def state_objection(before: str, after: str) -> str | None:
    """Why no state can be carried from one line to another; null if it can."""
    written, read = metadata_version(before), metadata_version(after)
    if written <= read:
        return None
    return (
        f"flink_version: expected a release that reads states of Flink {before} (version {written} of their metadata), "
        f"got {after}, which reads {read} and older. Go back with a state that {after} wrote: cancel the jobs, and set "
        "from and redeploy in flink_jobs."
    )


def state_advice(before: str, after: str) -> str | None:
    """What no check can see before the job is started; null if nothing is known to be lost.

    Source: measured from 1.20.5 to 2.3.0, canonical and native savepoints, and retained checkpoints.
    """
    if Release.parse(before).version >= (2, 0) or Release.parse(after).version < (2, 0):
        return None
    return (
        f"flink_version: Flink {after} cannot read state of Flink {before} in classes that have fields of the types "
        "List or Map. A job with such state is accepted, and then restarts again and again: this run fails then, and "
        f"keeps the state for the way back to {before}."
    )
