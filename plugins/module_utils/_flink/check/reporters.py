# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reporters of metrics, traces and events of which nothing is made, without more than a line in the log.

Source: ``ReporterSetup`` and ``ReporterSetupBuilder``.
"""

from __future__ import annotations

import re
import typing as t

from ..values.errors import listed, quoted, quoted_key
from .findings import hint, names_of, them, warning

if t.TYPE_CHECKING:
    from ..values.results import Note
    from .view import View

_REPORTER = re.compile(r"(metrics|traces|events)\.reporter\.([^.\s]+)\.(.+)")
_FACTORY, _CLASS = "factory.class", "class"
_NO_CLASSES = (1, 17)
# The reporters that Flink ships, whose factories have their names and "Factory" after them, from 1.11 on.
_SHIPPED = re.compile(
    r"org\.apache\.flink\.metrics\.(datadog\.DatadogHttp|graphite\.Graphite|influxdb\.Influxdb|jmx\.JMX"
    r"|prometheus\.Prometheus(PushGateway)?|slf4j\.Slf4j|statsd\.StatsD)Reporter"
)
_FACTORIES = (1, 11)
# The one that pushes, to where one URL says from 2.0 on.
_PUSHING = "org.apache.flink.metrics.prometheus.PrometheusPushGatewayReporterFactory"
_URL, _PLACE = "hostUrl", ("host", "port")
_BY_URL = (2, 0)


def check_reporters(view: View) -> t.Iterator[Note]:
    """Reporter by reporter, then the lists."""
    reporters: dict[str, dict[str, dict[str, str]]] = {}
    for key in view.config:
        found = _REPORTER.fullmatch(key) if ".reporter." in key else None
        if found is not None and key not in view.known_keys and view.found[key]:
            reporters.setdefault(found[1], {}).setdefault(found[2], {})[found[3]] = key
    for by_name in reporters.values():
        for keys in by_name.values():
            yield from _made(view, keys)
    for kind in ("metrics", "traces", "events"):
        yield from _listed(view, kind, reporters.get(kind, {}))


def _made(view: View, keys: t.Mapping[str, str]) -> t.Iterator[Note]:
    """Whether a reporter is made of these options."""
    line, by_class, by_factory = view.release.line, keys.get(_CLASS), keys.get(_FACTORY)
    given = list(keys.values())
    prefix = {key[: -len(parameter)] for parameter, key in keys.items()}.pop()
    if by_class is not None and view.version >= _NO_CLASSES:
        yield _by_class(view, by_class, f"{prefix}{_FACTORY}", has_factory=by_factory is not None)
    elif by_class is None and by_factory is None:
        yield warning(
            "reporter-without-factory",
            given,
            f"{names_of(given)}: Flink {line} makes no reporter of {them(given)} without "
            f"{quoted_key(prefix + _FACTORY)}.",
            f"Set it, or remove {them(given)}.",
            dict.fromkeys(given),
        )
    if by_factory is not None and view.version >= _FACTORIES and _SHIPPED.fullmatch(view.text(by_factory)):
        factory = f"{view.text(by_factory)}Factory"
        yield warning(
            "reporter-for-factory",
            [by_factory],
            f"{quoted_key(by_factory)}: expected the class of a factory, got that of the reporter, so Flink {line} "
            "makes none.",
            f"Write {factory}.",
            {by_factory: factory},
        )
    if by_factory is not None and view.text(by_factory) == _PUSHING:
        yield from _pushing(view, by_factory, keys)


def _pushing(view: View, factory_key: str, keys: t.Mapping[str, str]) -> t.Iterator[Note]:
    """Whether the reporter knows where to push to."""
    place = [keys[parameter] for parameter in _PLACE if parameter in keys]
    if _URL in keys or (len(place) == len(_PLACE) and view.version < _BY_URL):
        return
    url_key = f"{factory_key[: -len(_FACTORY)]}{_URL}"
    written = ":".join(map(view.text, place))
    url = f"http://{written}" if len(place) == len(_PLACE) else None
    ignored = f", and silently ignores {names_of(place)}" if place and view.version >= _BY_URL else ""
    yield warning(
        "reporter-without-url",
        [factory_key, *place],
        f"{quoted_key(factory_key)}: Flink {view.release.line} makes no such reporter without "
        f"{quoted_key(url_key) if view.version >= (1, 15) else 'host and port'}{ignored}.",
        f"Set it{f' to {url}' if url else ''}." if view.version >= (1, 15) else "Set both.",
        {**dict.fromkeys(place), url_key: url} if url else {},
    )


def _by_class(view: View, key: str, factory_key: str, *, has_factory: bool) -> Note:
    line, written = view.release.line, view.text(key)
    if has_factory:
        return hint(
            "reporter-by-class",
            [key],
            f"Flink {line} makes no reporter of {quoted_key(key)}: {quoted_key(factory_key)} decides.",
            "Remove it.",
            {key: None},
        )
    factory = f"{written}Factory" if _SHIPPED.fullmatch(written) else None
    return warning(
        "reporter-by-class",
        [key],
        f"{quoted_key(key)}: from 1.17 on Flink makes no reporter by its class, so there is none.",
        f"Set {quoted_key(factory_key)}{f' to {factory}' if factory else ''} instead.",
        {key: None, factory_key: factory} if factory else {},
    )


def _listed(view: View, kind: str, reporters: t.Mapping[str, t.Mapping[str, str]]) -> t.Iterator[Note]:
    """The list of the reporters to make, if there is one, and those that there are."""
    given = view.given(f"{kind}.reporters")
    if given is None:
        return
    names = list(dict.fromkeys(name.strip() for name in given.text.split(",") if name.strip()))
    missing = [name for name in names if name not in reporters]
    left = [name for name in names if name in reporters]
    if missing:
        prefix = quoted_key(f"{kind}.reporter.{missing[0]}.")
        yield warning(
            "unconfigured-reporter",
            [given.key],
            f"{given.key}: {listed(list(map(quoted, missing)))} {'has' if len(missing) == 1 else 'have'} no options "
            f"{prefix}*, and no reporter.",
            f"Set {prefix}{_FACTORY}, or take {them(missing)} from the list.",
            {given.key: ",".join(left) or None},
        )
    unlisted = [name for name in reporters if name not in set(names)]
    if unlisted and left:
        yield hint(
            "unlisted-reporter",
            [given.key, *(key for name in unlisted for key in reporters[name].values())],
            f"{given.key} does not name {listed(list(map(quoted, unlisted)))}, so there is no such reporter.",
            f"Add {them(unlisted)} to the list, or remove {'its' if len(unlisted) == 1 else 'their'} options.",
            {given.key: ",".join([*left, *unlisted])},
        )
