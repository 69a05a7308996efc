# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that only root and the processes read: what the user keeps secret, and what Kerberos needs.

Source: ``SecurityOptions``, ``SecurityConfiguration``.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import type_name

from .files import File, absent, absent_if_empty

if t.TYPE_CHECKING:
    from .found import Controller, Host
    from .wanted import Wanted

_KEYTAB, _KRB5 = "flink.keytab", "krb5.conf"
# In a directory that the role has made, and that it clears of what is no longer given.
_MARK = ".flink"
_MEANING = "The role streamops.flink.flink has made this directory, and removes other files from it.\n"
# What a keytab begins with, in both versions of the format.
_KEYTABS = (b"\x05\x02", b"\x05\x01")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_LOGIN = "security.kerberos.login."
_OPTIONS = {"principal": f"{_LOGIN}principal", "keytab": f"{_LOGIN}keytab", "contexts": f"{_LOGIN}contexts"}


def secret_dir(wanted: Wanted) -> str:
    return f"{wanted.conf_dir}/secrets"


def secret_files(wanted: Wanted, host: Host, controller: Controller, reads: t.Mapping[str, t.Any]) -> tuple[File, ...]:
    """What is in a directory of the role and no longer given is removed. ``reads`` is the group that reads."""
    directory, contents = secret_dir(wanted), _contents(wanted, controller)
    there = host.files.get(directory, ())
    if not contents:
        return absent_secrets(wanted, there)
    former = [name for name in there if name not in (*contents, _MARK)] if _MARK in there else []
    return (
        File(path=directory, state="directory", mode="0750", **reads),
        File(path=f"{directory}/{_MARK}", mode="0640", content=_MEANING, **reads),
        *(
            File(path=f"{directory}/{name}", mode="0640", secret_content=content, base64=True, **reads)
            for name, content in contents.items()
        ),
        *(absent(f"{directory}/{name}") for name in former),
    )


def absent_secrets(wanted: Wanted, there: t.Sequence[str]) -> tuple[File, ...]:
    """Nothing of a directory that somebody else has made; ``there`` are the names of the files in it."""
    if _MARK not in there:
        return ()
    directory = secret_dir(wanted)
    names = [*(name for name in there if name != _MARK), _MARK]
    return (*(absent(f"{directory}/{name}") for name in names), absent_if_empty(directory))


def secret_texts(secret_files: t.Mapping[str, t.Any]) -> list[str]:
    """What no message may have: a program may say what it has read, without the end of the line."""
    return [str(text).strip() for text in secret_files.values()]


def secrets_environment(wanted: Wanted, controller: Controller) -> dict[str, str]:
    """Differs when one of them does, so that the processes restart. None where there are none."""
    contents = _contents(wanted, controller)
    if not contents:
        return {}
    return {"FLINK_SECRETS_DIGEST": hashlib.sha256(json.dumps(sorted(contents.items())).encode()).hexdigest()}


def kerberos_options(wanted: Wanted) -> dict[str, t.Any]:
    """Flink's options for what the variable says."""
    given = wanted.kerberos
    if given is None:
        return {}
    contexts = ",".join(given.get("contexts") or ())
    return {
        _OPTIONS["principal"]: given["principal"],
        _OPTIONS["keytab"]: f"{secret_dir(wanted)}/{_KEYTAB}",
        **({_OPTIONS["contexts"]: contexts} if contexts else {}),
    }


def kerberos_words(wanted: Wanted) -> list[str]:
    """JVM options."""
    has_own = wanted.kerberos is not None and wanted.kerberos.get("krb5_conf")
    return [f"-Djava.security.krb5.conf={secret_dir(wanted)}/{_KRB5}"] if has_own else []


def _contents(wanted: Wanted, controller: Controller) -> dict[str, str]:
    """By name, as Base64, since a keytab is no text."""
    texts = dict(wanted.secret_files)
    kerberos = wanted.kerberos or {}
    if kerberos.get("krb5_conf"):
        texts[_KRB5] = kerberos["krb5_conf"]
    contents = {str(name): base64.b64encode(str(text).encode()).decode() for name, text in texts.items()}
    keytab = _keytab(wanted, controller)
    return contents if keytab is None else {**contents, _KEYTAB: base64.b64encode(keytab).decode()}


def _keytab(wanted: Wanted, controller: Controller) -> bytes | None:
    kerberos = wanted.kerberos or {}
    if kerberos.get("keytab"):
        return controller.keytab
    try:
        text = "".join(str(kerberos.get("keytab_base64") or "").split())
        return base64.b64decode(text, validate=True) or None
    except ValueError:
        return None


def secret_objections(wanted: Wanted, host: Host, controller: Controller) -> t.Iterator[str]:
    """What is no name or no content, and files of others; no word of a content, for messages are kept."""
    yield from _files(wanted)
    there = host.files.get(secret_dir(wanted), ())
    if there and _MARK not in there and (wanted.secret_files or wanted.kerberos):
        yield (
            f"flink_secret_files: expected {secret_dir(wanted)} to be the role's alone, got files of others in it: "
            f"{', '.join(there)}. Move them away."
        )
    if wanted.kerberos is not None:
        yield from _kerberos(wanted, wanted.kerberos, controller)


def _files(wanted: Wanted) -> t.Iterator[str]:
    names = [str(name) for name in wanted.secret_files]
    wrong = [name for name in names if not _NAME.fullmatch(name)]
    if wrong:
        yield (
            "flink_secret_files: expected names of letters, digits, '.', '_' and '-' that begin with no dot, got "
            f"{', '.join(map(repr, wrong))}. Correct them."
        )
    taken = [name for name in names if name in (_KEYTAB, _KRB5)] if wanted.kerberos is not None else []
    if taken:
        yield (
            f"flink_secret_files: expected names other than those of flink_kerberos, got {', '.join(taken)}. Rename "
            "them."
        )
    others = [f"{name} ({type_name(text)})" for name, text in wanted.secret_files.items() if not isinstance(text, str)]
    if others:
        yield f"flink_secret_files: expected text as content, got another type for {', '.join(others)}. Give a text."


def _kerberos(wanted: Wanted, given: t.Mapping[str, t.Any], controller: Controller) -> t.Iterator[str]:
    if not (given.get("principal") or "").strip():
        yield "flink_kerberos.principal: expected a principal such as flink@EXAMPLE.ORG, got none. Set it."
    sources = [name for name in ("keytab", "keytab_base64") if given.get(name)]
    if len(sources) != 1:
        yield (
            "flink_kerberos: expected either keytab, a file on the controller, or keytab_base64, its content, got "
            f"{' and '.join(sources) or 'neither'}. Give one of them."
        )
    else:
        keytab = _keytab(wanted, controller)
        if keytab is None and given.get("keytab"):
            yield (
                f"flink_kerberos.keytab: expected a file on the controller, got {given['keytab']}, which is none. "
                "Correct the path, or give the content as keytab_base64."
            )
        elif keytab is None or not keytab.startswith(_KEYTABS):
            yield (
                f"flink_kerberos.{sources[0]}: expected a keytab, got other bytes. Make it with ktutil, and its Base64 "
                "with base64 -w 0."
            )
    configs = (wanted.config, wanted.jobmanager_config, *wanted.taskmanager_configs)
    keys = {key for config in configs for key in flatten(config, keep_null=True)}
    twice = [key for name, key in _OPTIONS.items() if key in keys and (name != "contexts" or given.get("contexts"))]
    if twice:
        yield (
            f"{', '.join(twice)}: expected it left to flink_kerberos, got a value in Flink's options too. Remove one "
            "of the two."
        )
