# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.check.promises import (
    Case,
    assert_kept,
    assert_nothing,
    told,
)

PROMETHEUS = "org.apache.flink.metrics.prometheus.PrometheusReporter"
PUSHING = {
    "metrics.reporter.p.factory.class": "org.apache.flink.metrics.prometheus.PrometheusPushGatewayReporterFactory"
}
PLACE = {"metrics.reporter.p.host": "h", "metrics.reporter.p.port": 9091}
CONFIGURED = {"metrics.reporter.a.factory.class": "org.x.A", "metrics.reporter.b.factory.class": "org.x.B"}
TOLD: dict[str, Case] = {
    "a reporter by its class": (
        "1.17",
        {"metrics.reporter.prom.class": PROMETHEUS, "metrics.reporter.prom.port": 9249},
        "reporter-by-class",
        (
            "warning: metrics.reporter.prom.class: from 1.17 on Flink makes no reporter by its class, so there is "
            f"none. Set metrics.reporter.prom.factory.class to {PROMETHEUS}Factory instead."
        ),
    ),
    "a reporter of the user's own by its class": (
        "2.3",
        {"metrics.reporter.own.class": "org.x.Reporter"},
        "reporter-by-class",
        (
            "warning: metrics.reporter.own.class: from 1.17 on Flink makes no reporter by its class, so there is none. "
            "Set metrics.reporter.own.factory.class instead."
        ),
    ),
    "a class beside the factory": (
        "1.20",
        {"metrics.reporter.own.class": "org.x.Reporter", "metrics.reporter.own.factory.class": "org.x.Factory"},
        "reporter-by-class",
        (
            "hint: Flink 1.20 makes no reporter of metrics.reporter.own.class: metrics.reporter.own.factory.class "
            "decides. Remove it."
        ),
    ),
    "a reporter where its factory is asked for": (
        "1.16",
        {"metrics.reporter.prom.factory.class": PROMETHEUS},
        "reporter-for-factory",
        (
            "warning: metrics.reporter.prom.factory.class: expected the class of a factory, got that of the reporter, "
            f"so Flink 1.16 makes none. Write {PROMETHEUS}Factory."
        ),
    ),
    "options of which no reporter is made": (
        "1.20",
        {"metrics.reporter.prom.port": 9249, "metrics.reporter.prom.interval": "10 s"},
        "reporter-without-factory",
        (
            "warning: metrics.reporter.prom.port, metrics.reporter.prom.interval: Flink 1.20 makes no reporter of them "
            "without metrics.reporter.prom.factory.class. Set it, or remove them."
        ),
    ),
    "a reporter that is named and has no options": (
        "1.13",
        {**CONFIGURED, "metrics.reporters": "a, b, nope"},
        "unconfigured-reporter",
        (
            "warning: metrics.reporters: 'nope' has no options metrics.reporter.nope.*, and no reporter. Set "
            "metrics.reporter.nope.factory.class, or take it from the list."
        ),
    ),
    "only reporters that have no options": (
        "1.20",
        {"traces.reporters": "x,y"},
        "unconfigured-reporter",
        (
            "warning: traces.reporters: 'x', 'y' have no options traces.reporter.x.*, and no reporter. Set "
            "traces.reporter.x.factory.class, or take them from the list."
        ),
    ),
    "a reporter that is not in the list": (
        "1.20",
        {**CONFIGURED, "metrics.reporters": "a"},
        "unlisted-reporter",
        (
            "hint: metrics.reporters does not name 'b', so there is no such reporter. Add it to the list, or remove "
            "its options."
        ),
    ),
    "a reporter that pushes to what 2.0 reads no longer": (
        "2.0",
        {**PUSHING, **PLACE},
        "reporter-without-url",
        (
            "warning: metrics.reporter.p.factory.class: Flink 2.0 makes no such reporter without "
            "metrics.reporter.p.hostUrl, and silently ignores metrics.reporter.p.host, metrics.reporter.p.port. "
            "Set it to http://h:9091."
        ),
    ),
    "a reporter that does not know where to push to": (
        "1.14",
        PUSHING,
        "reporter-without-url",
        (
            "warning: metrics.reporter.p.factory.class: Flink 1.14 makes no such reporter without host and port. "
            "Set both."
        ),
    ),
}
NOTHING: dict[str, tuple[str, dict[str, t.Any]]] = {
    "a reporter by its class, where that works": ("1.16", {"metrics.reporter.prom.class": PROMETHEUS}),
    "a factory": ("2.3", {"metrics.reporter.prom.factory.class": f"{PROMETHEUS}Factory"}),
    "all in the list": ("1.20", {**CONFIGURED, "metrics.reporters": " b ,a"}),
    "all in a list of YAML": ("1.20", {**CONFIGURED, "metrics.reporters": ["a", "b"]}),
    "a reporter that pushes to a URL": ("2.3", {**PUSHING, "metrics.reporter.p.hostUrl": "http://h:9091"}),
    "a reporter that pushes to a host": ("1.20", {**PUSHING, **PLACE}),
    "no list": ("1.20", CONFIGURED),
    "reporters of events before there were any": ("2.0", {"events.reporter.x.factory.class": "org.x.X"}),
}


@pytest.mark.parametrize(("release", "config", "code", "finding"), TOLD.values(), ids=TOLD)
def test_told(release: str, config: dict[str, t.Any], code: str, finding: str) -> None:
    assert told(release, config, code) == [finding]
    assert_kept(release, config)


@pytest.mark.parametrize(("release", "config"), NOTHING.values(), ids=NOTHING)
def test_nothing(release: str, config: dict[str, t.Any]) -> None:
    assert_nothing(TOLD, release, config)
