# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules by which a component is found too small or too large, each a function of one process.

What is too small may show in one look: a failure, or a figure near its limit. What is too large shows in a window with
load in it, and ``held`` says what a process lacks for that. No figure contains page cache; and of the heap only the old
generation after collections counts, for between them a heap of any size fills up.
"""

from __future__ import annotations

import dataclasses
import math
import re
import typing as t
from fractions import Fraction

from ..diagnosis.signatures import match
from ..memory.search import rounded_up
from ..values.errors import listed
from ..values.size import MIB, precise
from .resize import in_words

if t.TYPE_CHECKING:
    from ..diagnosis.findings import Evidence, Finding
    from .case import Case
    from .headroom import Headroom

_STARVING_TIME, _STARVING_LIVE = 0.2, Fraction(3, 4)
# With less of it alive, a full collection made room for classes, or was asked for.
_FULL_FOR_NEED = Fraction(1, 4)
_IDLE_TIME, _ROOMY_LIVE = 0.02, Fraction(3, 5)
_FULL_METASPACE = Fraction(9, 10)
_FULL_OFF_HEAP = Fraction(4, 5)
_OVER_CACHE = Fraction(11, 10)
_PERCENT = 100
_MOST_EVIDENCE = 5

# What a JobManager keeps of jobs that have ended: jobstore.cache-size.
_JOB_STORE = 50 * MIB

_KILLED_WITH = re.compile(r"killed with ([0-9]{1,19}) bytes of anonymous memory")


@dataclasses.dataclass(frozen=True)
class Wish:
    """What a rule would have: the bytes of a component. ``looks`` says in how many its figure was read.

    ``removes`` are options that have to go, with which the component may well be large enough.
    """

    rule: str
    component: str
    size: int
    message: str
    evidence: list[Evidence]
    confidence: str
    refuted_by: str
    looks: int = 0
    removes: tuple[str, ...] = ()


Rule = t.Callable[["Case", "Headroom"], t.Optional[Wish]]


def killed(case: Case, headroom: Headroom) -> Wish | None:
    """The kernel killed it at its limit: native memory, of which overhead has to hold what nothing else explains."""
    findings = [finding for finding in case.failures("jvm_overhead") if finding["code"] == "oom-kill"]
    if not findings:
        return None
    told = _told(findings)
    deaths = [int(found[1]) for found in (_KILLED_WITH.search(evidence["text"]) for evidence in told) if found]
    excess = max(0, max(deaths, default=0) - case.size("total_process"))
    return Wish(
        "killed",
        "jvm_overhead",
        _times(case.size("jvm_overhead") + excess, headroom.overhead),
        f"{case.title} was killed by the kernel: it took more native memory than its plan has. If that is fragmented, "
        "flink_jemalloc: true helps without more.",
        told,
        "medium",
        "it is killed again at the new limit: then native memory leaks, and more only delays it.",
    )


def heap_error(case: Case, headroom: Headroom) -> Wish | None:
    """The heap was full. What lives is not known then, so it is given a multiple of what it had."""
    part, findings = case.heap_part, case.failures(case.heap_part)
    if not findings:
        return None
    return Wish(
        "heap-error",
        part,
        max(_times(case.size(part), headroom.after_error), _heap_need(case, headroom) or 0),
        f"{case.title} ran out of heap: its {in_words(part)}{_sized(case, part)} was too small.",
        _told(findings),
        "medium",
        "the same error comes back as soon as the new heap is full: then something keeps objects for ever.",
    )


def heap_starves(case: Case, headroom: Headroom) -> Wish | None:
    """What lives fills the heap, or collections take the time. The lowest look counts: it has the least garbage."""
    part, heap, live = case.heap_part, case.size("jvm_heap"), case.lowest("old_used")
    if case.failures(part) or not heap:
        return None
    if live is None:
        return _starves_by_metrics(case, headroom)
    share, full = case.collecting, case.grown("full_collections") if live > _FULL_FOR_NEED * heap else 0
    is_full = live > _STARVING_LIVE * heap
    if not case.has_collected or not (is_full or full or (share or 0) > _STARVING_TIME):
        return None
    time = "" if share is None else f", and collections take {share:.0%} of its time"
    return Wish(
        "heap-starves",
        part,
        max(_heap_of(case, _times(live, _heap_factor(case, headroom))), _times(case.size(part), headroom.starved)),
        f"The heap of {case.title} is {live / heap:.0%} full after collections{time}"
        + (f"; {full} of them were full ones." if full else "."),
        case.evidence("old_used", "full_collections", "collection_time"),
        "high" if is_full else "low",
        "collections take as much of the time with the larger heap.",
    )


def _starves_by_metrics(case: Case, headroom: Headroom) -> Wish | None:
    """Where the JVM shows no old generation, metrics of 1.19 and newer tell at least the time that collections take."""
    findings = [finding for finding in case.findings if finding["code"] == "heap-starving"]
    if not findings:
        return None
    return Wish(
        "heap-starves",
        case.heap_part,
        _times(case.size(case.heap_part), headroom.starved),
        findings[0]["message"],
        _told(findings),
        "low",
        "collections take as much of the time with the larger heap.",
    )


def metaspace_short(case: Case, headroom: Headroom) -> Wish | None:
    """Metaspace was full, or nearly is."""
    size, used, findings = case.size("jvm_metaspace"), case.highest("metaspace_used"), case.failures("jvm_metaspace")
    if not findings and (used is None or not size or used <= _FULL_METASPACE * size):
        return None
    leaks = case.grown("classes_loaded") > 0 and case.highest("classes_unloaded") == 0
    message = (
        f"{case.title} ran out of{f' its {precise(size)} of' if size else ''} metaspace."
        if findings
        else f"{case.title} uses {precise(used or 0)} of {precise(size)} of metaspace."
    )
    if leaks:
        message += " Classes are loaded and none is unloaded: if each submission does that, a class loader leaks."
    return Wish(
        "metaspace-short",
        "jvm_metaspace",
        _metaspace_need(max(used or 0, size if findings else 0), headroom),
        message,
        [*_told(findings), *case.evidence("metaspace_used", "classes_loaded", "classes_unloaded")],
        "low" if leaks else "high",
        "metaspace grows with each submission and never falls: then more only delays the end.",
    )


def direct_short(case: Case, headroom: Headroom) -> Wish | None:
    """Direct memory was used up, or what is not network nearly fills framework and task off-heap."""
    parts = ("off_heap",) if case.is_jobmanager else ("task_off_heap", "framework_off_heap")
    part = next((part for part in parts if case.failures(part)), None)
    if part is not None:
        findings = case.failures(part)
        more = max(_number(findings, "wanted"), _number(findings, "missing"), case.size("jvm_direct") // 4, 32 * MIB)
        return Wish(
            "direct-short",
            part,
            max(_times(case.size(part) + more), _off_heap_need(case, headroom, part)),
            f"{case.title} ran out of direct memory: its {in_words(part)}{_sized(case, part)} was too small.",
            _told(findings),
            "medium",
            "it runs out again with the larger size: then buffers are never given back.",
        )
    used, both = _direct_use(case), case.size("framework_off_heap", "task_off_heap")
    if used is None or used <= _FULL_OFF_HEAP * both:
        return None
    return Wish(
        "direct-short",
        "task_off_heap",
        _off_heap_need(case, headroom, "task_off_heap"),
        f"{case.title} uses {precise(used)} of {precise(both)} of direct memory besides its network buffers.",
        case.evidence("direct", "network_total"),
        "medium",
        "direct memory stays below what it was at its highest.",
    )


def network_short(case: Case, headroom: Headroom) -> Wish | None:
    """A job got too few buffers, or all pools together would like more than there are (1.15 and newer)."""
    size, wanted = case.size("network"), case.highest("network_wanted") or 0
    findings = [finding for finding in case.findings if finding["code"] in ("network-buffers", "network-wanted")]
    if case.is_jobmanager or (not findings and wanted <= _PERCENT):
        return None
    missing = max(0, _number(findings, "required") - _number(findings, "available"))
    topology = case.traits.least_network or 0
    need = max(
        topology,
        (_number(findings, "total") + missing) * _number(findings, "segment"),
        size + _number(findings, "missing"),
        size * wanted // _PERCENT,
    )
    return Wish(
        "network-short",
        "network",
        _times(need, headroom.network),
        f"The jobs on {case.title} want more network buffers than its {precise(size)} hold.",
        [*_told(findings), *case.evidence("network_wanted", "network_used")],
        "high" if findings and topology else "medium",
        "the same job asks for more once again: an error names what one pool lacked, not all.",
    )


def managed_short(case: Case, headroom: Headroom) -> Wish | None:
    """Operators or RocksDB got too little managed memory."""
    findings = [finding for finding in case.findings if finding["code"] in ("managed-memory", "rocksdb-small")]
    if case.is_jobmanager or not findings:
        return None
    size, slots = case.size("managed"), case.plan["slots"]["count"]
    per_slot = max(headroom.least_managed_per_slot, _number(findings, "wanted"))
    return Wish(
        "managed-short",
        "managed",
        max(_times(size, headroom.managed), _times(slots * per_slot)),
        f"{precise(size)} of managed memory are too little for the {slots} slots of {case.title}.",
        _told(findings),
        "medium",
        "the message comes back: then the number of slots, or of operators in one, is the reason.",
    )


def rocksdb_over(case: Case, headroom: Headroom) -> Wish | None:
    """RocksDB's caches are larger than they may be: overhead has to hold what is over."""
    usage, capacity = case.highest("rocksdb_usage"), case.highest("rocksdb_capacity")
    if usage is None or capacity is None or usage <= _OVER_CACHE * capacity:
        return None
    return Wish(
        "rocksdb-over",
        "jvm_overhead",
        _times(case.size("jvm_overhead") + (usage - capacity) * headroom.overhead),
        f"RocksDB holds {precise(usage)} on {case.title}, and its caches may have {precise(capacity)}.",
        case.evidence("rocksdb_usage", "rocksdb_capacity"),
        "medium",
        "the peak of the process stays below its plan.",
    )


def state_unbounded(case: Case, headroom: Headroom) -> Wish | None:
    """An option lets the state backend take what it likes: without it, it has to live in managed memory."""
    findings = _unbounded(case)
    if not findings:
        return None
    size, least = case.size("managed"), _times(case.plan["slots"]["count"] * headroom.least_managed_per_slot)
    keys = tuple(dict.fromkeys(key for finding in findings for key in finding["options"]))
    return Wish(
        "state-unbounded",
        "managed",
        max(size, least),
        f"{listed(keys)}: nothing bounds the state backend of {case.title}. Without it, it keeps to managed memory"
        + (f", of which {precise(size)} are too little for it." if size < least else "."),
        _told(findings),
        "high",
        "the process outgrows its plan without it as well: then something else takes native memory.",
        removes=keys,
    )


def over_plan(case: Case, headroom: Headroom) -> Wish | None:
    """The process was larger than planned, page cache not counted. More is no answer to what nothing bounds."""
    peak, total = case.highest("peak"), case.size("total_process")
    if peak is None or not total or peak <= total or _unbounded(case):
        return None
    return Wish(
        "over-plan",
        "jvm_overhead",
        _times(case.size("jvm_overhead") + (peak - total) * headroom.overhead),
        f"{case.title} had {precise(peak)} in memory, {precise(peak - total)} more than planned.",
        case.evidence("peak", "anonymous"),
        "high",
        "the peak grows with the plan: then native memory leaks.",
    )


def heap_large(case: Case, headroom: Headroom) -> Wish | None:
    """Little lives in the heap, and collections take no time. The highest look counts."""
    part, heap, live, share = case.heap_part, case.size("jvm_heap"), case.highest("old_used"), case.collecting
    need = _heap_need(case, headroom)
    if live is None or share is None or need is None or share >= _IDLE_TIME or case.grown("full_collections"):
        return None
    if live * _heap_factor(case, headroom) >= _ROOMY_LIVE * heap:
        return None
    return _lowered(
        case,
        headroom,
        part,
        max(need, headroom.least_jobmanager_heap if case.is_jobmanager else headroom.least_task_heap),
        Wish(
            "heap-large",
            part,
            0,
            f"At most {precise(live)} live in the heap of {precise(heap)} of {case.title}, and collections take "
            f"{share:.1%} of its time.",
            case.evidence("old_used", "collection_time", "full_collections"),
            "medium",
            "a restore or a failover fills the heap, or collections take more than a tenth of the time.",
            _looks(case, "old_used"),
        ),
    )


def metaspace_large(case: Case, headroom: Headroom) -> Wish | None:
    """Its classes take little of the metaspace."""
    used = case.highest("metaspace_used")
    if used is None:
        return None
    return _lowered(
        case,
        headroom,
        "jvm_metaspace",
        max(_metaspace_need(used, headroom), headroom.least_metaspace),
        Wish(
            "metaspace-large",
            "jvm_metaspace",
            0,
            f"{case.title} uses at most {precise(used)} of {precise(case.size('jvm_metaspace'))} of metaspace.",
            case.evidence("metaspace_used", "classes_loaded"),
            "medium",
            "more jobs, or other ones, are submitted to it.",
            _looks(case, "metaspace_used"),
        ),
    )


def off_heap_large(case: Case, headroom: Headroom) -> Wish | None:
    """Jobs take little of the direct memory that is set aside for them; what Flink has for itself is left."""
    used = _direct_use(case)
    if case.is_jobmanager or used is None:
        return None
    return _lowered(
        case,
        headroom,
        "task_off_heap",
        _off_heap_need(case, headroom, "task_off_heap"),
        Wish(
            "off-heap-large",
            "task_off_heap",
            0,
            f"Direct memory of {case.title} besides its network buffers was at most {precise(used)}.",
            case.evidence("direct", "network_total"),
            "medium",
            "a connector that allocates direct memory is used later.",
            _looks(case, "direct"),
        ),
    )


def network_idle(case: Case, headroom: Headroom) -> Wish | None:
    """Not half of the buffers were used, and the jobs could not use half of them."""
    used, most, size = case.highest("network_used"), case.traits.most_network, case.size("network")
    if used is None or most is None or 2 * max(used, most) >= size:
        return None
    return _lowered(
        case,
        headroom,
        "network",
        max(_times(max(used, most), headroom.network), headroom.least_network),
        Wish(
            "network-idle",
            "network",
            0,
            f"At most {precise(used)} of {precise(size)} of network memory were used on {case.title}, and its jobs "
            f"can use {precise(most)}.",
            case.evidence("network_used", "network_wanted"),
            "medium",
            "a job with more exchanges, or of higher parallelism, is submitted.",
            _looks(case, "network_used"),
        ),
    )


def managed_unused(case: Case, headroom: Headroom) -> Wish | None:
    """Nothing takes managed memory while jobs run. Flink's own advice is to have none then, so it goes in one step."""
    used, size = case.highest("managed_used"), case.size("managed")
    if used is None or used or not size or case.figure("rocksdb_usage") or not case.traits.spares_managed_memory:
        return None
    return Wish(
        "managed-unused",
        "managed",
        0,
        f"Nothing uses the {precise(size)} of managed memory of {case.title}.",
        case.evidence("managed_used"),
        "medium",
        "a job with SQL or batch operators, with Python, or with RocksDB is submitted: it takes managed memory.",
        _looks(case, "managed_used"),
    )


RAISING: tuple[Rule, ...] = (
    killed,
    heap_error,
    heap_starves,
    metaspace_short,
    direct_short,
    network_short,
    managed_short,
    rocksdb_over,
    state_unbounded,
    over_plan,
)
LOWERING: tuple[Rule, ...] = (heap_large, metaspace_large, off_heap_large, network_idle, managed_unused)


def held(case: Case, headroom: Headroom) -> str | None:
    """Why nothing of a process may shrink; null if something may."""
    window = case.window
    if window is None:
        return "nothing was read of it"
    errors = [finding["code"] for finding in case.findings if finding["level"] == "error"]
    minutes = (window["last"] - window["first"]) // 60
    reasons = (
        (bool(errors), f"it failed ({', '.join(errors[:1])})"),
        (not window["loaded"], "it had no work in any look, and an idle process proves nothing"),
        (
            case.age is None or case.age < headroom.age * 60,
            f"it is younger than {headroom.age} minutes, or its start is not known",
        ),
        (
            minutes < headroom.minutes,
            f"it was looked at for {minutes} minutes, and {headroom.minutes} are wanted",
        ),
        (
            window["loaded"] < headroom.looks,
            f"it had work in {window['loaded']} looks, and {headroom.looks} are wanted",
        ),
    )
    return next((reason for applies, reason in reasons if applies), None)


def _lowered(case: Case, headroom: Headroom, component: str, need: int, wish: Wish) -> Wish | None:
    """The wish for what is needed, at most one step down; nothing if the component has no more than that."""
    size = case.size(component)
    step = math.ceil(size * (1 - headroom.step) / MIB) * MIB
    target = max(need, step)
    if target >= size:
        return None
    further = f" {precise(need)} would be enough; one step goes no further than this." if need < step else ""
    return dataclasses.replace(wish, size=target, message=f"{wish.message}{further}")


def _looks(case: Case, name: str) -> int:
    figure = case.figure(name)
    return 0 if figure is None else figure["looks"]


def _times(size: int | Fraction, factor: Fraction = Fraction(1)) -> int:
    """Rounded up to what a person would write."""
    return rounded_up(math.ceil(size * factor / MIB)) * MIB


def _unbounded(case: Case) -> list[Finding]:
    """That nothing bounds the state backend, or that the kernel killed the process of it."""
    codes = ("oom-kill", "state-backend-unbounded")
    return [finding for finding in case.findings if finding["code"] in codes and finding["component"] == "managed"]


def _told(findings: list[Finding]) -> list[Evidence]:
    return [evidence for finding in findings for evidence in finding["evidence"]][:_MOST_EVIDENCE]


def _number(findings: list[Finding], name: str) -> int:
    """The largest number of this name in the lines that prove findings, 0 if there is none."""
    found = [match(evidence["text"]) for evidence in _told(findings)]
    texts = [one.fields.get(name, "") for one in found if one is not None]
    return max((int(text) for text in texts if text.isdigit()), default=0)


def _heap_factor(case: Case, headroom: Headroom) -> Fraction:
    return headroom.heap_with_state if case.keeps_state_on_heap else headroom.heap


def _heap_need(case: Case, headroom: Headroom) -> int | None:
    """What the component that holds the heap needs at its highest, null if what lives is not known."""
    live = case.highest("old_used")
    if live is None or not case.has_collected:
        return None
    return _heap_of(case, _times(live, _heap_factor(case, headroom)))


def _heap_of(case: Case, heap: int) -> int:
    """What of a heap is to be set."""
    return heap + _JOB_STORE if case.is_jobmanager else max(0, heap - case.size("framework_heap"))


def _metaspace_need(used: int, headroom: Headroom) -> int:
    return max(_times(used, headroom.metaspace), _times(used + headroom.metaspace_more))


def _direct_use(case: Case) -> int | None:
    """Direct memory besides network buffers, all of which are allocated at the start."""
    direct, network = case.highest("direct"), case.highest("network_total")
    return None if direct is None or network is None else max(0, direct - network)


def _off_heap_need(case: Case, headroom: Headroom, part: str) -> int:
    used = _direct_use(case)
    if used is None:
        return 0
    other = "framework_off_heap" if part == "task_off_heap" else "task_off_heap"
    return max(0, _times(used, headroom.off_heap) - case.size(other))


def _sized(case: Case, component: str) -> str:
    """The size of a component after its name, if the release plans one."""
    size = case.plan["memory"].get(component)
    return "" if size is None else f" of {precise(size)}"
