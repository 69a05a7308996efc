# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line of Flink's own client, which starts a job where REST takes no jars.

It runs the program itself and posts the graph of the job to ``/jobs``, which ``web.submit.enable`` does not close.
Source: ``CliFrontend``, ``GenericCLI``, ``PipelineOptionsInternal`` (1.11 - 2.3); tried with 1.11.4, 1.12.5, 1.13.6,
1.16.3, 1.20.5 and 2.3.0. 1.10 gives the job an ID of its own.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from ..jobs.journal import Version

CLIENT = "org.apache.flink.client.cli.CliFrontend"
# The first release that gives a job the ID that it is told, and the first Java that reads its words from a file.
TAKES_JOB_ID = (1, 11)
READS_WORDS = 9


def client_arguments(
    version: Version,
    job_id: str,
    savepoint: str | None,
    *,
    allow_non_restored_state: bool,
    options: t.Mapping[str, str],
) -> list[str]:
    """The words after the class, those of the program last; ``options`` are those by which the cluster is found.

    The client takes no savepoint over unless it is told to.
    """
    given = {**options, **version.config, "$internal.pipeline.job-id": job_id}
    words = ["run", "-t", "remote", "-d", *(f"-D{key}={value}" for key, value in given.items())]
    if version.parallelism is not None:
        words += ["-p", str(version.parallelism)]
    if savepoint is not None:
        words += ["-s", savepoint]
        words += ["-n"] if allow_non_restored_state else []
    if version.entry_class is not None:
        words += ["-c", version.entry_class]
    return [*words, version.jar, *version.args]


def argument_file(words: t.Iterable[str]) -> str:
    """What ``java @FILE`` reads back as these words, so that no list of processes shows them.

    Source: "java Command-Line Argument Files" of the documentation of Java 9 and later.
    """
    return "".join(f'"{_escaped(word)}"\n' for word in words)


def _escaped(word: str) -> str:
    for character, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"), ("\f", "\\f")):
        word = word.replace(character, escape)
    return word
