# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys that a release does not read, reads no longer or not yet, and those that have a newer name."""

from __future__ import annotations

import difflib
import functools
import typing as t

from ..catalogue.catalogue import history, options_of
from ..memory.keys import deciding_sizes
from ..values import options as memory_options
from ..values.config import Config
from ..values.errors import listed, nearest, quoted_key
from ..values.release import LATEST_PATCH
from .findings import hint, warning

if t.TYPE_CHECKING:
    from ..catalogue.catalogue import Option, Options, Version
    from ..values.notes import Change
    from ..values.release import Release
    from ..values.results import Note
    from .view import View

# So many unknown keys are told one by one, for so many it is sought what was meant: comparing takes time.
_MOST_TOLD = 20
_LONGEST_KEY = 100
_CLOSE = 0.86
_ALIKE = 0.65


def check_names(view: View) -> t.Iterator[Note]:
    """In the order of the configuration; the keys that nobody knows come last."""
    unknown = []
    for key in view.config:
        if key in view.known_keys:
            continue
        found = view.found[key]
        if found:
            yield from _known(view, key, found)
        elif history(key):
            yield _of_another_release(view, key)
        elif key in memory_options.REMOVED:
            yield _of_old(view, key)
        else:
            unknown.append(key)
    yield from (_unknown(view, key) for key in unknown[:_MOST_TOLD])
    if len(unknown) > _MOST_TOLD:
        rest = unknown[_MOST_TOLD:]
        yield warning(
            "unknown-key",
            rest,
            f"Flink {view.release.line} reads none of {len(rest)} more keys: {listed(list(map(quoted_key, rest)))}.",
            "Remove them, or name those that jobs of yours read in flink_config_known_keys.",
            dict.fromkeys(rest),
        )


def _known(view: View, key: str, found: tuple[Option, ...]) -> t.Iterator[Note]:
    line, present = view.release.line, [option.key for option in found]
    if present == [key] and not (found[0].deprecated or found[0].unread):
        return
    if all(option.unread for option in found):
        yield hint(
            "unread-option", [key], f"Nothing in Flink {line} reads {key}: it has no effect.", "Remove it.", {key: None}
        )
    elif key not in present:
        yield from _other_name(view, key, found)
    elif len(found) > 1:
        yield from _other_name(view, key, found[1:])
    elif found[0].deprecated and not found[0].is_pattern:
        yield _deprecated(view, key, found[0])


def _other_name(view: View, key: str, found: t.Sequence[Option]) -> t.Iterator[Note]:
    """A key that is not the name of the option which it sets. What it sets besides and is deprecated is left out."""
    found = [option for option in found if not option.deprecated] or found
    if found[0].is_pattern or (found[0].kind == "map" and key not in found[0].aliases):
        return
    hidden = [option.key for option in found if view.key_of(option.key) != key]
    if hidden == [option.key for option in found]:
        deciding = list(dict.fromkeys(str(view.key_of(name)) for name in hidden))
        yield warning(
            "deprecated-key",
            [key],
            f"{key} has no effect: {' and '.join(deciding)} {'is' if len(deciding) == 1 else 'are'} also set, and "
            f"take{'s' if len(deciding) == 1 else ''} precedence.",
            "Remove it.",
            {key: None},
        )
    elif any(key not in option.current_aliases for option in found):
        names = [option.key for option in found]
        change = {key: None, **{name: view.config[key] for name in names if name not in view.config}}
        yield hint(
            "deprecated-key",
            [key],
            f"{key} still works in Flink {view.release.line}, as a former name of {' and '.join(names)}.",
            f"Write {' and '.join(names)} instead.",
            change,
        )


def _deprecated(view: View, key: str, option: Option) -> Note:
    names = [name for name in option.instead if name in view.options.by_key]
    message = f"{key} still works in Flink {view.release.line} but is deprecated."
    if not names:
        return hint("deprecated-key", [key], message, "Remove it if you can: a later release does not read it.")
    return hint("deprecated-key", [key], message, f"Set {' and '.join(names)} instead.", _renamed(view, key, names))


def _renamed(view: View, key: str, names: t.Sequence[str]) -> Change:
    """The value under other names, if these options take it and are not set."""
    taken = any(view.key_of(name) for name in names)
    if taken or not all(_takes(view, name, key) for name in names):
        return {}
    return {key: None, **dict.fromkeys(names, view.config[key])}


def _takes(view: View, name: str, key: str) -> bool:
    """Whether a value means under another name what it meant under its own: the options are of one type."""
    former = history(key)[-1]
    return any(former.kind == option.kind for option in view.options.find(name))


def _of_another_release(view: View, key: str) -> Note:
    versions = history(key)
    line = view.release.line
    if view.version < versions[0].first:
        message = f"Flink {line} silently ignores {key}, which was added in {_spelled(versions[0].first)}."
        older = next((alias for alias in versions[0].aliases if alias in view.options.by_key), None)
        if older is None or view.key_of(older) is not None:
            return warning("ignored-key", [key], message, "Remove it.", {key: None})
        return warning("ignored-key", [key], message, f"Set {older} instead.", {key: None, older: view.config[key]})
    last = max((option for option in versions if option.last < view.version), key=lambda option: option.last)
    names = successors(key, last, view.release)
    present = deciding_sizes(Config(view.config, view.release), key) or [name for name in names if view.key_of(name)]
    change = {} if present else _renamed(view, key, names)
    message = f"Flink {line} silently ignores {key}, which was removed in {_removed_in(last.last)}."
    if not names:
        return warning("ignored-key", [key], message, "Remove it.", {key: None})
    if change:
        return warning("ignored-key", [key], message, f"Set {' and '.join(names)} instead.", change)
    if present:
        return warning(
            "ignored-key",
            [key],
            message,
            f"Remove it; {' and '.join(present)} decide{'s' if len(present) == 1 else ''}.",
            {key: None},
        )
    return warning("ignored-key", [key], message, f"Remove it and set {' and '.join(names)} instead.", {key: None})


def successors(key: str, last: Option, release: Release) -> tuple[str, ...]:
    """The options of a release that took the place of a key which an older one read."""
    read = options_of(release).by_key
    own = (last.key,) if key != last.key else ()
    named = [name for name in (*own, *last.instead) if name in read]
    return tuple(dict.fromkeys(named))


def _of_old(view: View, key: str) -> Note:
    successor = memory_options.REMOVED[key]
    return warning(
        "ignored-key",
        [key],
        f"Flink {view.release.line} silently ignores {key}, which was removed in 1.10.",
        f"Remove it; {successor} replaces it." if successor else "Remove it.",
        {key: None},
    )


def _unknown(view: View, key: str) -> Note:
    meant = closest(key, view.release) if len(key) <= _LONGEST_KEY else None
    message = f"Flink {view.release.line} has no option {quoted_key(key)} and silently ignores it."
    own = "name it in flink_config_known_keys if jobs of yours read it"
    if meant is None or view.key_of(meant) is not None:
        return warning("unknown-key", [key], message, f"Remove it, or {own}.", {key: None})
    return warning(
        "unknown-key",
        [key],
        message,
        f"Did you mean {meant}? If not, remove it, or {own}.",
        {key: None, meant: view.config[key]},
    )


@functools.lru_cache(maxsize=1024)
def closest(key: str, release: Release) -> str | None:
    """The option that was probably meant by a key which the release does not read."""
    read = options_of(release)
    by_letters = _by_letters(release)
    same = by_letters.get(_letters(key))
    if same is not None:
        return _present(read, same)
    begun = [name for name in read.by_key if name.startswith((f"{key}-", f"{key}."))]
    if len(begun) == 1:
        return _present(read, begun[0])
    near = [name for name in (*read.by_key, *read.by_alias) if abs(len(name) - len(key)) <= len(key) // 4]
    close = nearest(key, near, cutoff=_CLOSE)
    return _present(read, close) if close is not None and _are_alike(key, close) else None


def _present(read: Options, name: str) -> str:
    """An option that a name sets, rather one that is not deprecated."""
    options = (*read.find(name), *read.by_alias.get(name, ()))
    return next((option.key for option in options if not option.deprecated), options[0].key)


def _are_alike(key: str, name: str) -> bool:
    """Whether keys are alike not only because both begin with the same long words."""
    words, others = key.split("."), name.split(".")
    while words and others and words[0] == others[0]:
        words, others = words[1:], others[1:]
    return difflib.SequenceMatcher(None, ".".join(words), ".".join(others)).ratio() >= _ALIKE


@functools.lru_cache(maxsize=32)
def _by_letters(release: Release) -> dict[str, str]:
    return {_letters(name): name for name in options_of(release).by_key}


def _letters(key: str) -> str:
    """A key without what is often written in another way."""
    return key.lower().replace("-", "").replace("_", "").replace(".", "")


def _removed_in(last: Version) -> str:
    """The first release after the last one that read an option."""
    if last[2] < LATEST_PATCH[last[:2]]:
        return f"{last[0]}.{last[1]}.{last[2] + 1}"
    return _spelled((*min(line for line in LATEST_PATCH if line > last[:2]), 0))


def _spelled(version: Version) -> str:
    return ".".join(map(str, version[:2] if not version[2] else version))
