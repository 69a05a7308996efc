# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists in the one-line notation that Flink reads from text: ``a;b;'c;d'``, and the options that have another.

Source: ``StructuredOptionsSplitter``, ``ConfigurationUtils.convertToList``.
"""

from __future__ import annotations

import re
import typing as t

from .errors import FlinkError
from .size import JAVA_BLANKS

_QUOTED = re.compile(r"'((?:[^']|'')*)'|\"((?:[^\"]|\"\")*)\"")
# Character.isWhitespace of Java: the white space of Unicode, but no blank that forbids a line break.
_WHITESPACE = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a"
    "\u2028\u2029\u205f\u3000"
)
_START, _SEPARATOR, _QUOTED_ITEM = range(3)


# Options that are lists in one text, with what separates the items, but no lists to Flink, which reads one given as a
# list as the text "[a, b]". Source: the code that splits each, such as ``ConfigurationUtils.splitPaths``.
_LISTS_IN_TEXT = {
    **dict.fromkeys(
        (
            "blob.server.port",
            "execution.checkpointing.local-backup.dirs",
            "high-availability.jobmanager.port",
            "high-availability.zookeeper.quorum",
            "historyserver.archive.fs.dir",
            "io.tmp.dirs",
            "jmx.server.port",
            "metrics.internal.query-service.port",
            "metrics.reporters",
            "events.reporters",
            "traces.reporters",
            "python.archives",
            "python.files",
            "rest.bind-port",
            "security.kerberos.login.contexts",
            "security.ssl.algorithms",
            "state.backend.forst.local-dir",
            "state.backend.rocksdb.localdir",
            "taskmanager.rpc.port",
            "taskmanager.state.local.root-dirs",
            "taskmanager.tmp.dirs",
        ),
        ",",
    ),
    "fs.allowed-fallback-filesystems": ";",
}
# Options that are lists to Flink. Source: ``ConfigOption.isList`` of all options of 1.10 - 2.3; some were texts with
# semicolons up to 1.14, which is what such a list becomes in flink-conf.yaml.
_LISTS = re.compile(
    r"(plugin\.)?classloader\.parent-first-patterns(\.additional|\.default)?"
    r"|execution\.(job-listeners|job-status-changed-listeners|program-config\.wildcards)"
    r"|external-resources"
    r"|kubernetes\..+"
    r"|metrics\.job\.status\.enable"
    r"|metrics\.reporter\..+\.filter\.(excludes|includes)"
    r"|pipeline\.(cached-files|classpaths|default-kryo-serializers|jars|serialization-config)"
    r"|pipeline\.registered-(kryo|pojo)-types"
    r"|security\.(context|module)\.factory\.classes"
    r"|security\.kerberos\.access\.hadoopFileSystems"
    r"|state\.backend\.(forst|rocksdb)\.compression\.per\.level"
    r"|user\.artifacts\.artifact-list"
    r"|yarn\..+"
)


def split_list(text: str, separator: str = ";") -> list[str]:
    """Split at semicolons; quoted items may contain them. Raises ValueError where Flink refuses the quoting."""
    items: list[str] = []
    position, before = 0, _START
    while position < len(text):
        character = text[position]
        if character in _WHITESPACE:
            position += 1
        elif character == separator:
            if before == _SEPARATOR:
                items.append("")
            position, before = position + 1, _SEPARATOR
        elif before == _QUOTED_ITEM:
            raise ValueError("a quoted item goes on after its closing quote")
        elif character in "'\"":
            match = _QUOTED.match(text, position)
            if match is None:
                raise ValueError("a quote is not closed")
            single, double = match.groups()
            items.append(single.replace("''", "'") if single is not None else double.replace('""', '"'))
            position, before = match.end(), _QUOTED_ITEM
        else:
            end = text.find(separator, position)
            end = len(text) if end < 0 else end
            items.append(text[position:end].strip(JAVA_BLANKS))
            position, before = end, _START
    return items


def join_list(items: list[str], separator: str = ";") -> str:
    """The text that ``split_list`` splits into these items."""
    return separator.join(_quoted(item, separator) for item in items)


def _quoted(item: str, separator: str) -> str:
    if item and item == item.strip(JAVA_BLANKS + _WHITESPACE) and not set(item) & {separator, "'", '"'}:
        return item
    return "'" + item.replace("'", "''") + "'"


def is_list_option(key: str) -> bool:
    """Whether a list may be given for an option."""
    return key in _LISTS_IN_TEXT or _LISTS.fullmatch(key) is not None


def join_list_in_text(key: str, items: t.Sequence[str]) -> str | None:
    """The text of an option that is a list to its reader only; null for any other.

    Raises FlinkError for an item that would be taken for several.
    """
    separator = _LISTS_IN_TEXT.get(key)
    if separator is None:
        return None
    if any(separator in item for item in items):
        raise FlinkError(f"{key}: expected items without {separator!r}, which separates them. Give each as an item.")
    return separator.join(items)
