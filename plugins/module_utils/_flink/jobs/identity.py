# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which job of a cluster is which declared one: the job ID says it without any file.

A job ID has 32 hexadecimal digits: 12 of cluster and name, 12 of the digest of what runs, 8 of the attempt. Flink keeps
checkpoints in a directory of the whole ID, and begins the names of savepoints with the first six digits. Flink refuses
a second submission with the same ID. Source: ``JobID``, ``JarRunRequestBody`` (every release).
"""

from __future__ import annotations

import hashlib

_NAME_DIGITS = 12
_DIGEST_DIGITS = 12


def name_part(cluster: str, name: str) -> str:
    """``cluster`` is the service name of the cluster; the part is the same for all versions of a job."""
    return hashlib.sha256(f"{cluster}/{name}".encode()).hexdigest()[:_NAME_DIGITS]


def job_id(cluster: str, name: str, digest: str, attempt: str) -> str:
    """``attempt`` are 8 hexadecimal digits that no earlier attempt had."""
    return name_part(cluster, name) + digest[:_DIGEST_DIGITS] + attempt


def is_of(found: str, cluster: str, name: str) -> bool:
    """Whether a job ID is one of a version of this job."""
    return found.startswith(name_part(cluster, name))


def runs(found: str, digest: str) -> bool:
    """Whether a job ID is of the version with this digest."""
    return found[_NAME_DIGITS:].startswith(digest[:_DIGEST_DIGITS])
