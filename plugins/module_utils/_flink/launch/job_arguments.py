# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line of a JobManager in application mode, after what it shares with others: its job.

Source: ``StandaloneApplicationClusterConfigurationParserFactory`` (1.10 - 2.3; before 1.11
``StandaloneJobClusterConfigurationParserFactory``).
"""

from __future__ import annotations

import typing as t
from urllib.parse import quote

if t.TYPE_CHECKING:
    from ..jobs.journal import Version
    from ..values.release import Release

# The first release that runs no application again that has ended. With high availability its ID is that of the cluster.
# Source: ``ApplicationJobUtils.maybeFixIds``, ``ApplicationResultStore``.
_HAS_APPLICATIONS = (2, 3)
# The first release that is told where the jars of the program are; those before look into ``usrlib``.
TAKES_JARS = (1, 19)


def job_arguments(
    version: Version, job_id: str, savepoint: str | None, *, allow_non_restored_state: bool, release: Release
) -> list[str]:
    """The words, those of the program last.

    ``--jars`` takes all words up to the next option, and a program whose first word looks like an option needs the
    dashes before it. A jar that is not said to be local is copied first, to where a process may not write. Source:
    ``ArtifactFetchManager``, ``LocalArtifactFetcher`` (1.19 - 2.3).
    """
    options = dict(version.config)
    if version.parallelism is not None:
        options["parallelism.default"] = str(version.parallelism)
    if release.version >= _HAS_APPLICATIONS:
        options["cluster.id"] = job_id
    words = [word for key in sorted(options) for word in ("-D", f"{key}={options[key]}")]
    if release.version >= TAKES_JARS:
        words += ["--jars", f"local://{quote(version.jar)}"]
    if version.entry_class is not None:
        words += ["-j", version.entry_class]
    words += ["--job-id", job_id]
    if savepoint is not None:
        words += ["-s", savepoint]
        words += ["-n"] if allow_non_restored_state else []
    return [*words, "--", *version.args]
