# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of the role and of the playbooks: read once, typed by their argument specification, and known by name.

``roles/flink/meta/argument_specs.yml`` is the one place that says which there are.
"""

from __future__ import annotations

import copy
import dataclasses
import difflib
import math
import os
import re
import typing as t
from pathlib import Path

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.template import trust_as_template

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import (
    FlinkError,
    quoted_key,
    quoted_value,
    type_name,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.shapes import Fault, list_of, variable

from .wanted import PREFIX, Wanted

_ROLE = Path(__file__).parents[3] / "roles/flink"
_KINDS = {"bool": "true or false", "dict": "a mapping", "int": "a whole number", "list": "a list"}
_CREDENTIALS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*@")
# A unit takes a timeout of 0 for none; the health is asked at least once.
_LEAST = {
    "flink_health_timeout": 0,
    "flink_jobs_timeout": 1,
    "flink_limit_nofile": 1,
    "flink_savepoint_keep": 0,
    "flink_savepoint_keep_days": 0,
    "flink_stop_timeout": 1,
    "flink_tls_days": 1,
    "flink_tls_renew_days": 0,
}
# Not those of REST, whose files nobody writes or removes.
_LISTS = ("flink_shared_dirs", "flink_writable_dirs")
_PATHS_OF_HOST = (
    *("flink_conf_dir", "flink_current_link", "flink_home", "flink_java_home", "flink_log_dir", "flink_run_dir"),
    *_LISTS,
)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _load(path: str) -> t.Any:
    return yaml.load((_ROLE / path).read_text(encoding="utf-8"), Loader=_LOADER)


# Read when the plugin is loaded, which Ansible does before it forks a worker for each host.
_SPECIFICATIONS: dict[str, t.Any] = _load("meta/argument_specs.yml")["argument_specs"]
ROLE_VARIABLES: dict[str, t.Any] = _SPECIFICATIONS["main"]["options"]
PLAYBOOK_VARIABLES: dict[str, t.Any] = _SPECIFICATIONS["cluster"]["options"]
DEFAULTS: dict[str, t.Any] = {
    name: trust_as_template(value) if isinstance(value, str) else value
    for name, value in _load("defaults/main.yml").items()
}

# The variables for which null has a meaning.
NULLABLE = {
    *(
        f"{PREFIX}{field.name}"
        for field in dataclasses.fields(Wanted)
        if re.search(r"\| None$|^t\.Any$", str(field.type))
    ),
    *(name for name, option in PLAYBOOK_VARIABLES.items() if option["default"] is None),
}


def variables_of_groups(host: str, cluster: t.Mapping[str, t.Sequence[str]]) -> dict[str, t.Any]:
    """What groups say where variables do not; ``cluster`` is what the module inventory_info returns."""
    members = {"jobmanager": cluster["jobmanagers"], "taskmanager": cluster["taskmanagers"]}
    return {
        "flink_components": [component for component, hosts in members.items() if host in hosts],
        "flink_jobmanager_hosts": cluster["jobmanagers"],
        "flink_taskmanager_hosts": cluster["workers"],
    }


def validated(variables: t.Mapping[str, t.Any], specification: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The variables with the types of their specification, and its defaults for those that are not given.

    Raises FlinkError with all that is wrong.
    """
    if "flink_version" in variables:
        # Before it would become a text: 1.20 as a number is 1.2.
        Release.parse(variables["flink_version"])
        _check_version(str(variables["flink_version"]))
    nulls = {name for name, value in variables.items() if value is None}
    strange = sorted(nulls - NULLABLE)
    if strange:
        raise FlinkError(f"{', '.join(strange)}: expected a value, got null. Leave it out for the default, or set it.")
    texts = [name for name, value in variables.items() if name.endswith("_jvm_args") and isinstance(value, str)]
    if texts:
        # Ansible would cut a text at its commas, and only there.
        raise FlinkError(
            f"{', '.join(texts)}: expected a list of words, got text. Write a list, such as [-Xmx512m, -Da=b]."
        )
    given = {name: value for name, value in variables.items() if name not in nulls}
    _check_values(given)
    _check_mappings(given, specification)
    result = ArgumentSpecValidator(copy.deepcopy(dict(specification))).validate(given)
    if result.error_messages:
        raise FlinkError("\n".join(_refusals(given, specification)))
    # A text may have become a number that is none.
    _check_values(result.validated_parameters)
    _check_urls(result.validated_parameters)
    _check_numbers(result.validated_parameters)
    _check_paths(given)
    return {name: None if name in nulls else result.validated_parameters[name] for name in specification}


def _refusals(given: t.Mapping[str, t.Any], specification: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    """What is wrong with each variable; of one that has options of its own in the words of Ansible."""
    for name, option in specification.items():
        if name not in given:
            if option.get("required"):
                yield f"{name}: expected a value, got none. Set it."
            continue
        validator = ArgumentSpecValidator({name: copy.deepcopy(option)})
        words = validator.validate({name: given[name]}).error_messages
        if "options" in option:
            yield from words
        elif words:
            yield f"{name}: expected {_expected(option)}, got {_got(given[name], option)}. Correct it."


def _expected(option: t.Mapping[str, t.Any]) -> str:
    if "choices" in option:
        words = [choice for choice in option["choices"] if choice is not None]
        return f"{'some' if option['type'] == 'list' else 'one'} of {', '.join(words)}"
    kind: str = _KINDS.get(option["type"], "text")
    return f"{kind}, each {_KINDS.get(option['elements'], 'text')}" if "elements" in option else kind


def _got(value: object, option: t.Mapping[str, t.Any]) -> str:
    """Of a text in place of a mapping, which may hold secrets, only the kind."""
    if isinstance(value, str) and "dict" in (option["type"], option.get("elements")):
        return type_name(value)
    elements = value if isinstance(value, list) else []
    wrong = [item for item in elements if item not in option.get("choices", elements)]
    return ", ".join(map(quoted_value, wrong)) or quoted_value(value)


def _check_values(variables: t.Mapping[str, t.Any]) -> None:
    """Raises FlinkError for what no file can hold."""
    faults = {name: variable(value) or _infinite(value) for name, value in variables.items()}
    sentences = [_said(quoted_key(name + fault.path), fault) for name, fault in faults.items() if fault is not None]
    if sentences:
        raise FlinkError("\n".join(sentences))


def _check_mappings(variables: t.Mapping[str, t.Any], specification: t.Mapping[str, t.Any]) -> None:
    """Raises FlinkError for what Ansible would look for options in, although it can have none."""
    options = {name: option for name, option in specification.items() if "options" in option}
    wrong = [
        f"{name}: expected a mapping, got {type_name(variables[name])}. Correct it."
        for name, option in options.items()
        if name in variables and option["type"] == "dict" and not isinstance(variables[name], (dict, str))
    ]
    if wrong:
        raise FlinkError("\n".join(wrong))


def _check_urls(variables: t.Mapping[str, t.Any]) -> None:
    """Raises FlinkError for a URL with a password, which messages and logs would repeat."""
    netrc = "the .netrc of the user as whom Ansible works on the host, or give a file on the controller"
    jars = [str(jar.get(option) or "") for jar in variables.get("flink_jars") or () for option in ("src", "checksum")]
    jobs = [str(job.get(kind) or "") for job in variables.get("flink_jobs") or () for kind in ("jar", "sql", "python")]
    texts = (
        *(
            (name, [variables.get(name) or ""], netrc)
            for name in ("flink_archive", "flink_archive_signature", "flink_archive_keys")
        ),
        ("flink_jars", jars, netrc),
        ("flink_jobs", jobs, netrc),
        ("flink_rest_url", [variables.get("flink_rest_url") or ""], "flink_rest_username and flink_rest_password"),
    )
    sentences = [
        f"{name}: expected a URL without a user and a password, which messages would show, got one with them. Put them "
        f"into {place}."
        for name, urls, place in texts
        if any(map(_CREDENTIALS.search, urls))
    ]
    if sentences:
        raise FlinkError("\n".join(sentences))


def _check_version(version: str) -> None:
    """Raises FlinkError for blanks, which the name of an archive and of its jars would have too."""
    if version != version.strip():
        raise FlinkError(
            f"flink_version: expected no blanks around {version.strip()}, got {quoted_value(version)}. Remove them."
        )


def _check_numbers(variables: t.Mapping[str, t.Any]) -> None:
    """Raises FlinkError for numbers that would be taken for no limit, or for none at all."""
    sentences = [
        f"{name}: expected a whole number from {least} on, got {variables[name]}. Correct it."
        for name, least in _LEAST.items()
        if variables.get(name) is not None and variables[name] < least
    ]
    if sentences:
        raise FlinkError("\n".join(sentences))


def _check_paths(variables: t.Mapping[str, t.Any]) -> None:
    """Raises FlinkError for a path of a host in which Ansible would replace ``~`` or a variable by the controller's."""
    texts = {name: variables[name] for name in _PATHS_OF_HOST if name in variables}
    texts.update((name, text.split(",")) for name, text in texts.items() if isinstance(text, str) and name in _LISTS)
    sentences = [
        f"{name}: expected a path of the host as it is, got {quoted_value(text)}, in which ~ and variables would be "
        "those of the controller. Write it out."
        for name, value in texts.items()
        for text in (value if isinstance(value, list) else [value])
        if isinstance(text, str) and os.path.expanduser(os.path.expandvars(text)) != text  # noqa: PTH111 - as Ansible
    ]
    if sentences:
        raise FlinkError("\n".join(sentences))


def _infinite(value: t.Any) -> Fault | None:
    if isinstance(value, list):
        return list_of(_infinite)(value)
    is_infinite = isinstance(value, float) and not math.isfinite(value)
    return Fault("", str(value), "a number that is not infinite") if is_infinite else None


def _said(place: str, fault: Fault) -> str:
    return f"{place}: expected {fault.wanted}, got {fault.got}. Correct it, or put it in quotes."


def unknown_variables(names: t.Iterable[str]) -> list[str]:
    """A sentence for each variable that begins like those of the role, and is none."""
    known = [*ROLE_VARIABLES, *PLAYBOOK_VARIABLES]
    sentences = []
    for name in names:
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
            advice = f"Did you mean {near[0]}?" if near else "It counts only where something of your own reads it."
            sentences.append(f"{name}: the role streamops.flink.flink has no such variable. {advice}")
    return sentences
