# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what was read of a cluster to new options, for each group of processes that have the same ones.

A group is sized for the largest need among its members. One member is enough to raise a component; to lower one, all of
them have to agree. The new plan is held against the memory of each host. Nothing is changed by it.
"""

from __future__ import annotations

import dataclasses
import statistics
import typing as t

from ..values.errors import FlinkError, listed
from ..values.size import precise
from .case import words_of
from .deployed import Deployed, Drafts
from .groups import UNDEPLOYED, grouped, total_of
from .resize import Resizing, in_words, resize
from .rules import LOWERING, RAISING, Wish, held

if t.TYPE_CHECKING:
    from ..diagnosis.findings import Finding
    from ..values.results import HostPlan
    from .advice import Advice, Recommendation, Resized, Window
    from .case import Case
    from .groups import Group
    from .headroom import Headroom

# The figure that tells how much of a component a process needs.
_NEEDS = {
    "task_heap": "old_used",
    "jvm_heap": "old_used",
    "task_off_heap": "direct",
    "network": "network_used",
    "managed": "managed_used",
    "jvm_metaspace": "metaspace_used",
    "jvm_overhead": "peak",
}
_SKEWED = 1.5
_UNSURE = "No metric says whether the jobs were at work (Flink has one from 1.13 on): leave it if they were idle."


def recommend(
    window: Window | None, findings: list[Finding], hosts: t.Mapping[str, Deployed], headroom: Headroom
) -> Advice:
    """What to change of the options of the processes of these hosts, and why.

    ``findings`` are those of ``explain`` for the last look; ``window`` is what ``add`` made of all looks.
    """
    drafts = Drafts()
    withheld = _about(window)
    recommendations: list[Recommendation] = []
    resized: list[tuple[Group, Resized]] = []
    for group in grouped(window, findings, hosts, drafts, withheld):
        told, one = _of_group(group, headroom, withheld, is_loaded=window is not None and window["loaded"] > 0)
        if one is not None and any(recommended["delta"] < 0 for recommended in told) and _is_load_unsure(window):
            one["notes"].append(_UNSURE)
        recommendations += told
        resized += [] if one is None else [(group, one)]
    _hold_against_hosts(resized, hosts, drafts)
    return {
        "findings": findings,
        "recommendations": recommendations,
        "resized": [one for _group, one in resized],
        "freed": _freed(resized, hosts, drafts),
        "withheld": withheld,
    }


def _hold_against_hosts(resized: list[tuple[Group, Resized]], hosts: t.Mapping[str, Deployed], drafts: Drafts) -> None:
    """Tell of each group the first host that it does not fit, and who else gets more or less by it."""
    moved: dict[int, list[str]] = {}
    for host, groups in _by_host(resized).items():
        before, former = drafts.of(hosts[host])
        after, objections = drafts.of(hosts[host].with_changes(_changes(groups)))
        titles = {title for _group, one in groups for title in one["processes"]}
        moved.setdefault(id(groups[0][1]), []).extend(_moved(host, before, after, titles))
        for _group, one in groups:
            if objections and one["error"] is None:
                again = " It did not fit before either." if former else ""
                one["error"] = f"{host}: {objections[0]}{again}"
    for _group, one in resized:
        others = moved.get(id(one), [])
        more = f" So it is with {len(others) - 1} more." if len(others) > 1 else ""
        one["notes"] += [f"{others[0]}{more}"] if others else []


def _moved(host: str, before: HostPlan | None, after: HostPlan | None, resized: set[str]) -> list[str]:
    """What the processes of a host get that take a share of it, and so what the resized ones leave."""
    if before is None or after is None:
        return []
    sizes = {plan["name"]: total_of(plan["memory"]) for plan in before["plans"]}
    found = []
    for plan in after["plans"]:
        title, size = f"{plan['name']} on {host}", total_of(plan["memory"])
        change = size - sizes[plan["name"]]
        if title not in resized and change:
            share = next(iter(plan["asked"].values()), "a share")
            found.append(
                f"{title}, whose total is {share}, gets {precise(abs(change))} {'more' if change > 0 else 'less'} by "
                f"it: {precise(size)}."
            )
    return found


def _freed(resized: list[tuple[Group, Resized]], hosts: t.Mapping[str, Deployed], drafts: Drafts) -> int:
    """The bytes of all hosts that no process takes any more; below 0 what they need. What does not fit is left out."""
    freed = 0
    for host, groups in _by_host([(group, one) for group, one in resized if one["error"] is None]).items():
        before, _objections = drafts.of(hosts[host])
        after, _objections = drafts.of(hosts[host].with_changes(_changes(groups)))
        if before is not None and after is not None:
            freed += before["host"]["planned"] - after["host"]["planned"]
    return freed


def _by_host(resized: list[tuple[Group, Resized]]) -> dict[str, list[tuple[Group, Resized]]]:
    found: dict[str, list[tuple[Group, Resized]]] = {}
    for group, one in resized:
        for host in one["hosts"]:
            found.setdefault(host, []).append((group, one))
    return found


def _changes(groups: list[tuple[Group, Resized]]) -> list[tuple[int | None, dict[str, t.Any]]]:
    return [(group.index, one["variables"]) for group, one in groups]


def _about(window: Window | None) -> list[str]:
    """Why little is recommended, where the whole window is the reason."""
    reason = None
    if window is None:
        reason = "Nothing was observed. Observe the cluster while its jobs run."
    elif not window["loaded"]:
        reason = (
            "No job was at work in any look. An idle cluster proves nothing, so only failures count: observe it while "
            "its jobs run."
        )
    elif window["observation"]["cluster"] is None:
        reason = "The REST API did not answer in the last look, so nothing is known of the jobs that run now."
    return [] if reason is None else [reason]


def _is_load_unsure(window: Window | None) -> bool:
    """Whether the jobs that run count as work only because nobody says how busy they are."""
    cluster = None if window is None else window["observation"]["cluster"]
    busy = [job["is_busy"] for job in cluster["jobs"] if job["state"] == "RUNNING"] if cluster else []
    return None in busy and True not in busy


def _of_group(
    group: Group, headroom: Headroom, withheld: list[str], *, is_loaded: bool
) -> tuple[list[Recommendation], Resized | None]:
    raising = _raising(group, headroom)
    lowering = _lowering(group, headroom, withheld, {wish.component for wish, _cases in raising}) if is_loaded else []
    if not is_loaded and UNDEPLOYED in group.held:
        withheld.append(f"{listed(group.held[UNDEPLOYED])}: nothing is recommended, as {UNDEPLOYED}.")
    plan = group.plan
    told: list[Recommendation] = []
    targets: dict[str, int] = {}
    removes: tuple[str, ...] = ()
    for wish, cases in [*raising, *lowering]:
        try:
            alone = _resize(group, {wish.component: wish.size}, wish.removes)
        except FlinkError as exc:
            withheld.append(f"{wish.message} {exc}")
            continue
        targets[wish.component] = max(wish.size, targets.get(wish.component, 0))
        removes += wish.removes
        told.append(_recommendation(group, wish, cases, alone))
    if not targets:
        return [], None
    try:
        done = _resize(group, targets, removes)
        error = None
    except FlinkError as exc:
        done = Resizing({}, plan["config"], plan["memory"], plan["memory"])
        error = str(exc)
    return told, _resized(group, done, targets, error)


def _resize(group: Group, targets: dict[str, int], removes: tuple[str, ...]) -> Resizing:
    plan = group.plan
    config = {key: value for key, value in plan["config"].items() if key not in removes}
    done = resize(config, plan["flink_version"], plan["process"], targets)
    return dataclasses.replace(done, changes={**done.changes, **dict.fromkeys(removes)})


def _raising(group: Group, headroom: Headroom) -> list[tuple[Wish, list[Case]]]:
    """Of each rule the largest wish for each component, and who has it."""
    found: dict[tuple[str, str], list[tuple[Wish, Case]]] = {}
    for case in group.cases:
        for rule in RAISING:
            wish = rule(case, headroom)
            if wish is not None and (wish.removes or wish.size > case.size(wish.component)):
                found.setdefault((wish.rule, wish.component), []).append((wish, case))
    return [
        (max((wish for wish, _case in those), key=lambda wish: wish.size), [case for _wish, case in those])
        for those in found.values()
    ]


def _lowering(group: Group, headroom: Headroom, withheld: list[str], raised: set[str]) -> list[tuple[Wish, list[Case]]]:
    """What all members agree on, each by figures of the same looks; the largest size among them."""
    reasons = {reason: list(titles) for reason, titles in group.held.items()}
    holding = {title for titles in reasons.values() for title in titles}
    for case in group.cases:
        reason = None if case.title in holding else held(case, headroom)
        if reason is not None:
            reasons.setdefault(reason, []).append(case.title)
    if reasons:
        withheld.extend(f"{listed(titles)}: nothing is lowered, as {reason}." for reason, titles in reasons.items())
        return []
    wishes = [
        {wish.component: wish for wish in found if wish is not None and wish.component not in raised}
        for found in ([rule(case, headroom) for rule in LOWERING] for case in group.cases)
    ]
    withheld += _uncollected(group, raised, headroom)
    common = [name for name in wishes[0] if all(name in those for those in wishes)]
    agreed = [max((those[name] for those in wishes), key=lambda wish: wish.size) for name in common]
    if not agreed:
        return []
    most = max(agreed, key=lambda wish: group.cases[0].size(wish.component) - wish.size)
    later = [wish for wish in agreed if wish.looks != most.looks]
    withheld.extend(
        f"{wish.message} That was read in {wish.looks} looks, and not in the {most.looks} that "
        f"{in_words(most.component)} is lowered by: one after the other."
        for wish in later
    )
    return [(wish, group.cases) for wish in agreed if wish.looks == most.looks]


def _uncollected(group: Group, raised: set[str], headroom: Headroom) -> t.Iterator[str]:
    """Whose heap may be too large, but nobody knows: a JobManager that only stands by allocates next to nothing."""
    part = group.cases[0].heap_part
    least = headroom.least_jobmanager_heap if part == "jvm_heap" else headroom.least_task_heap
    titles = [case.title for case in group.cases if case.is_uncollected]
    if not titles or part in raised or group.cases[0].size(part) <= least:
        return
    others = len(titles) < len(group.cases)
    yield (
        f"{listed(titles)}: garbage was collected too seldom there to know what lives, so {in_words(part)} is not "
        f"lowered{', nor is that of others with the same options' if others else ''}. Observe it for longer"
        f"{', or let it lead for a while' if others and part == 'jvm_heap' else ''}."
    )


def _recommendation(group: Group, wish: Wish, cases: list[Case], alone: Resizing) -> Recommendation:
    others = len(cases) - 1
    return {
        "rule": wish.rule,
        "kind": group.plan["process"],
        "hosts": list(dict.fromkeys(case.host for case in cases)),
        "processes": [case.title for case in cases],
        "message": wish.message + (f" So it is with {others} more, and the largest need counts." if others else ""),
        "evidence": wish.evidence,
        "changes": alone.changes,
        "confidence": wish.confidence,
        "refuted_by": wish.refuted_by,
        "delta": total_of(alone.after) - total_of(alone.before),
    }


def _resized(group: Group, done: Resizing, targets: dict[str, int], error: str | None) -> Resized:
    plan = group.plan
    asked = {key: given for key, given in plan["asked"].items() if key in done.changes}
    return {
        "kind": plan["process"],
        "hosts": list(dict.fromkeys(case.host for case in group.cases)),
        "processes": [case.title for case in group.cases],
        "count": len(group.cases),
        "variable": _variable(group),
        "variables": done.changes,
        "notes": [
            f"{key} is {given}, a share of the host: {done.changes[key]} takes its place, and what is left of the host "
            "stays free."
            for key, given in asked.items()
        ],
        "before": done.before,
        "after": done.after,
        "skew": _skew(group, targets),
        "error": error,
    }


def _variable(group: Group) -> str:
    """The variable whose options decide."""
    if group.index is None:
        return "flink_config"
    if group.plan["process"] == "jobmanager":
        return "flink_jobmanager_config"
    return f"flink_taskmanager_configs[{int(group.plan['name'].rpartition('-')[2]) - 1}]"


def _skew(group: Group, targets: dict[str, int]) -> str:
    """Who needs much more than the others of what is set."""
    for component in (name for name, size in targets.items() if size != group.plan["memory"].get(name)):
        name = _NEEDS.get(component, component)
        needs = [(case.highest(name) or 0, case) for case in group.cases]
        most, decides = max(needs, key=lambda need: need[0])
        middle = int(statistics.median_low(size for size, _case in needs))
        if most > _SKEWED * middle:
            return (
                f"{decides.title} decides on {in_words(component)}: its {words_of(name)[0]} was "
                f"{precise(most)}, and the median of all is {precise(middle)}."
            )
    return ""
