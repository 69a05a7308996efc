# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Flink memory of a JobManager: JVM heap and off-heap from 1.11 on, a plain heap in 1.10.

Source: ``JobManagerFlinkMemoryUtils``, ``JobManagerProcessUtils``; for 1.10 ``jobmanager.sh`` and ``config.sh``.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ..values import options
from ..values.errors import ConflictError, DoesNotFitError, FlinkError, quoted
from ..values.size import MAX_BYTES, MIB, parse_size, precise
from .derivation import ProcessModel
from .total import Total, check_fits, sum_of

if t.TYPE_CHECKING:
    from ..values.config import Config
    from ..values.notes import Notes


@dataclasses.dataclass(frozen=True)
class JobManagerMemory:
    """What Flink itself uses in a JobManager, in bytes."""

    jvm_heap: int
    off_heap: int

    @property
    def total_flink(self) -> int:
        return self.jvm_heap + self.off_heap

    def components(self) -> dict[str, int]:
        return {"jvm_heap": self.jvm_heap, "off_heap": self.off_heap}


def from_heap(config: Config, total: Total | None, notes: Notes) -> JobManagerMemory:
    """Derive from the JVM heap; off-heap is configured, or what a given total leaves.

    Source: ``JobManagerFlinkMemoryUtils.deriveFromRequiredFineGrainedOptions``.
    """
    heap, key = config.size(options.JM_JVM_HEAP), config.name_of(options.JM_JVM_HEAP)
    off_heap = config.size(options.JM_OFF_HEAP)
    if total is not None:
        rest = check_fits({"JVM heap": heap}, total)
        if config.is_set(options.JM_OFF_HEAP) and rest != _off_heap_beside_total(config, off_heap, total):
            raise ConflictError(
                f"{key} {precise(heap)} + {options.JM_OFF_HEAP.key} {precise(off_heap)} = {precise(heap + off_heap)} "
                f"does not match {total.key} {precise(total.size)} in Flink {config.release.given}."
            )
        off_heap = rest
    sum_of({"JVM heap": heap, "off-heap": off_heap})
    return JobManagerMemory(jvm_heap=heap, off_heap=off_heap)


def _off_heap_beside_total(config: Config, configured: int, total: Total) -> int:
    """What is compared with the rest of the total: 1.11.0 and 1.11.1 take the total itself, and so refuse any heap."""
    return configured if config.release.version >= (1, 11, 2) else total.size


def split_total_flink(config: Config, total: Total, notes: Notes) -> JobManagerMemory:
    """Split a total: off-heap is configured, the JVM heap takes the rest and may not be empty.

    Source: ``JobManagerFlinkMemoryUtils.deriveFromTotalFlinkMemory``.
    """
    off_heap = config.size(options.JM_OFF_HEAP)
    if total.size <= off_heap:
        raise DoesNotFitError(
            f"The total Flink memory of {total} leaves no room for a JVM heap after "
            f"{config.name_of(options.JM_OFF_HEAP)} {precise(off_heap)}.",
            total.key,
        )
    return JobManagerMemory(jvm_heap=total.size - off_heap, off_heap=off_heap)


MODEL = ProcessModel(
    title="JobManager",
    total_process=options.JM_PROCESS,
    total_flink=options.JM_FLINK,
    fine_grained=(options.JM_JVM_HEAP,),
    metaspace=options.JM_METASPACE,
    overhead=options.JM_OVERHEAD,
    legacy_target=options.JM_JVM_HEAP,
    legacy_heap=(options.JM_HEAP, options.JM_HEAP_MB),
    from_fine_grained=from_heap,
    split=split_total_flink,
)


# The start script of 1.10 reads texts.
_SCRIPT_HEAP = options.Option(options.JM_HEAP.key, (((1, 10), "0"),))
_SCRIPT_HEAP_MB = options.Option(options.JM_HEAP_MB.key, (((1, 10), "0"),))


def read_script_heap(config: Config) -> tuple[str, str | None]:
    """The heap in MiB that the start script of Flink 1.10 sets, none if it is empty, and the key that decided.

    Raises FlinkError for what the script refuses.
    """
    for option, parse in ((_SCRIPT_HEAP, _script_mebibytes), (_SCRIPT_HEAP_MB, _script_number)):
        text = config.text(option) or "0"
        if text != "0":
            mebibytes = parse(option.key, text)
            return mebibytes if int(mebibytes) else "", option.key
    return "", None


def _script_mebibytes(key: str, text: str) -> str:
    """The script takes the first word, and takes no size at all for one that does not begin with a digit."""
    word = re.split("[ \t\n]", text, maxsplit=1)[0]
    if re.match("[0-9]", word) is None:
        return "0"
    if re.fullmatch(r"(0|[1-9][0-9]*)([a-zA-Z]*)", word) is None:
        raise FlinkError(f"{key}: expected a size such as 1024m for the start script of 1.10, got {quoted(text)}.")
    try:
        return str(parse_size(word) // MIB)
    except FlinkError as exc:
        raise FlinkError(f"{key}: {exc}") from None


def _script_number(key: str, text: str) -> str:
    """The script hands the digits on as they are."""
    if re.fullmatch(r"[0-9]{1,40}", text) is None or int(text) > MAX_BYTES:
        raise FlinkError(f"{key}: expected a whole number of megabytes such as 1024, got {quoted(text)}.")
    return text
