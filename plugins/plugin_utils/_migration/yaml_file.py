# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of a ``config.yaml`` as lines: its options as Flink reads them, and its comments.

PyYAML finds the structure, and what a scalar is comes from YAML 1.2, as in Flink. Source: ``YamlParserUtils``, and
``GlobalConfiguration.loadYAMLResource`` of 1.19 and newer.
"""

from __future__ import annotations

import re
import typing as t

import yaml

from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.read_file import Line
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, quoted_key
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.yaml import dump_flow, load_yaml

_DEEPEST = 20
_MOST_VALUES = 100_000
_MERGE = "<<"
_COMMENT = re.compile(r"(?:^|(?<=[ \t\n]))#[^\n]*")
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\n]*)")


class _Loader(yaml.SafeLoader):
    """Takes every plain scalar for text; what it is in YAML 1.2 is found out later."""


_Loader.yaml_implicit_resolvers = {}


def read_yaml_lines(text: str) -> list[Line]:
    """Raises FlinkError for a file that Flink refuses as a whole, saying why."""
    try:
        root = yaml.compose(text, _Loader)
        comments = [*_comments(text)] if root is not None else _plain_comments(text)
    except yaml.YAMLError as exc:
        raise FlinkError(f"config.yaml: Flink refuses the whole file: {_reason(exc)}.") from None
    except (RecursionError, ValueError):
        raise FlinkError("config.yaml: Flink refuses the whole file: it is not YAML.") from None
    if root is None:
        return comments
    if not isinstance(root, yaml.MappingNode):
        raise FlinkError("config.yaml: Flink refuses the whole file: expected options and values.")
    options = [*_options(root, "", 1, [])]
    return _merged(options, comments)


class _Option(t.NamedTuple):
    line: Line
    last: int


def _options(node: yaml.MappingNode, prefix: str, depth: int, count: list[None]) -> t.Iterator[_Option]:
    if depth > _DEEPEST:
        raise FlinkError(f"config.yaml: {quoted_key(prefix[:-1])} is nested more than {_DEEPEST} levels deep.")
    seen: set[str] = set()
    for name, value in node.value:
        number = name.start_mark.line + 1
        key = _key(name, number)
        if key in seen:
            raise FlinkError(f"config.yaml: Flink refuses the whole file: {quoted_key(prefix + key)} is given twice.")
        seen.add(key)
        _count(count)
        if key == _MERGE:
            yield _Option(Line(number, _MERGE, ignored="it does not merge mappings"), value.end_mark.line + 1)
        elif isinstance(value, yaml.MappingNode):
            yield from _options(value, f"{prefix}{key}.", depth + 1, count)
        else:
            full_key = prefix + key
            yield _Option(Line(number, key=full_key, value=_value(full_key, value, 1, count)), _last_line(value))


def _count(count: list[None]) -> None:
    """Anchors make much of little."""
    count.append(None)
    if len(count) > _MOST_VALUES:
        raise FlinkError(f"config.yaml: expected at most {_MOST_VALUES} values, got more.")


def _key(node: yaml.Node, number: int) -> str:
    if isinstance(node, yaml.ScalarNode):
        key = _scalar(node)
        if isinstance(key, str) and key:
            return key
    raise FlinkError(f"config.yaml: Flink refuses the whole file: the key in line {number} is no text. Quote it.")


def _value(key: str, node: yaml.Node, depth: int, count: list[None]) -> t.Any:
    """A scalar, a list of scalars, or the YAML text of a deeper list."""
    if isinstance(node, yaml.ScalarNode):
        value = _scalar(node)
        if value is None:
            raise FlinkError(
                f"config.yaml: Flink refuses the whole file: {quoted_key(key)} has no value. Give one, or remove it."
            )
        return value
    content = _content(key, node, depth, count)
    flat = all(isinstance(item, (str, int, float)) for item in content)
    return content if flat else dump_flow(content)


def _content(key: str, node: yaml.Node, depth: int, count: list[None]) -> t.Any:
    _count(count)
    if depth > _DEEPEST:
        raise FlinkError(f"config.yaml: {quoted_key(key)} is nested more than {_DEEPEST} levels deep.")
    if isinstance(node, yaml.SequenceNode):
        return [_content(key, item, depth + 1, count) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {
            _key(name, name.start_mark.line + 1): _content(key, value, depth + 1, count) for name, value in node.value
        }
    return _value(key, node, depth, count)


def _scalar(node: yaml.ScalarNode) -> t.Any:
    if node.style is not None or (node.tag == "tag:yaml.org,2002:str" and _is_tagged(node)):
        return node.value
    try:
        loaded = load_yaml(node.value)
    except ValueError:
        # A number beyond all bounds is carried along as it is written.
        return node.value
    return loaded if loaded is None or isinstance(loaded, (bool, int, float)) else node.value


def _is_tagged(node: yaml.ScalarNode) -> bool:
    start = node.start_mark
    return start.buffer is not None and start.buffer[start.pointer : start.pointer + 1] == "!"


def _last_line(node: yaml.Node) -> int:
    """Counted from 1; what ends at the start of a line ends in the one before."""
    end = node.end_mark
    return max(node.start_mark.line, end.line - (end.column == 0)) + 1


def _comments(text: str) -> t.Iterator[Line]:
    """All comments and empty lines, each with its line."""
    place, number = 0, 1
    for token in yaml.scan(text, _Loader):
        start, end = token.start_mark, token.end_mark
        yield from _between(text, place, start.index, number)
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            header = _BLOCK_HEADER.match(text, start.index)
            if header is not None:
                yield Line(start.line + 1, header.group(1).rstrip())
        if end.index > place:
            place, number = end.index, end.line + 1
    yield from _between(text, place, len(text), number)


def _between(text: str, start: int, end: int, number: int) -> t.Iterator[Line]:
    """In what lies between two tokens: blanks and comments."""
    at_start = start == 0 or text[start - 1] == "\n"
    pieces = text[start:end].split("\n")
    for offset, piece in enumerate(pieces):
        found = _COMMENT.search(piece)
        if found is not None:
            yield Line(number + offset, found.group().rstrip())
        elif not piece.strip() and (offset or at_start) and offset < len(pieces) - 1:
            yield Line(number + offset)


def _plain_comments(text: str) -> list[Line]:
    return [Line(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]


def _merged(options: list[_Option], comments: list[Line]) -> list[Line]:
    """In the order of the file; a comment behind the end of an option belongs to it."""
    ends = {option.last: index for index, option in enumerate(options)}
    lines = [option.line for option in options]
    own = []
    for comment in comments:
        index = ends.get(comment.number)
        if index is not None and comment.text and not lines[index].text and not lines[index].ignored:
            lines[index] = lines[index]._replace(text=comment.text)
        else:
            own.append(comment)
    return sorted([*own, *lines], key=lambda line: (line.number, line.key is not None))


def _reason(exc: yaml.YAMLError) -> str:
    """What is wrong and where, without the text around it, which may be a secret."""
    mark = getattr(exc, "problem_mark", None)
    problem = str(getattr(exc, "problem", None) or "it is not YAML")
    return problem if mark is None else f"line {mark.line + 1}: {problem}"
