# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example of every page: variables are accepted, plays are read, commands name what there is, filters work.

What is printed is compared by the test of its page, and what takes a host is typed by scenarios: TESTING.md lists both.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import subprocess
import sys
import typing as t
from pathlib import Path

import jinja2
import jinja2.meta
import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.filter.core import FilterModule as CoreFilters

from ansible_collections.streamops.flink.plugins.filter.flink import FilterModule
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import FINDINGS, FLEET

ROOT = Path(__file__).resolve().parents[3]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "TESTING.md")),
    *ROOT.glob("docs/**/*.md"),
    *ROOT.glob("roles/*/README.md"),
]
SPECS = yaml.safe_load((ROOT / "roles/flink/meta/argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
VARIABLES = {name: option for point in SPECS.values() for name, option in point.get("options", {}).items()}
PLAYBOOKS = {path.stem for path in ROOT.glob("playbooks/*.yml")}
FILTERS = FilterModule().filters()
PLUGINS = {path.stem for path in ROOT.glob("plugins/modules/*.py")} | set(FILTERS)
TAGS = set(
    re.findall(r"\bflink_\w+", " ".join(re.findall(r"tags: (.*)", (ROOT / "roles/flink/tasks/main.yml").read_text())))
)
# What begins with the name of the role, and is no variable.
NAMES = {"flink_jobmanagers", "flink_taskmanagers", "flink_savepoints", *TAGS}
# Blocks of these kinds are output or files of others, which the test of their page compares, or nobody can run here.
SHOWN = {"text", "properties", "ini", "nginx", "diff", "json", "promql", "jinja", "html"}

CONTEXT = {
    "flink_config": {"jobmanager.memory.process.size": "1600m", "taskmanager.memory.process.size": "4g"},
    "common": {"taskmanager.memory.process.size": "4g"},
    "special": {"taskmanager.memory.process.size": "2g"},
    "plan": FILTERS["memory_plan"]({"taskmanager.memory.process.size": "4g"}, "2.3.0"),
    "planned": {"fleet": FLEET, "ports": []},
    "advised": {"findings": FINDINGS},
    "flink_home": "/opt/flink/flink-2.3.0",
}


class Block(t.NamedTuple):
    """A fenced block, and the page and line where it begins."""

    where: str
    kind: str
    text: str


def blocks_of(page: Path) -> t.Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in re.finditer(r"^( *)```(\S*)[^\n]*\n(.*?)^\1```$", text, re.DOTALL | re.MULTILINE):
        indent, kind, block = found.groups()
        where = f"{page.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}"
        yield Block(where, kind, re.sub(f"^{indent}", "", block, flags=re.MULTILINE))


BLOCKS = [block for page in PAGES for block in blocks_of(page)]
YAML = [(block.where, yaml.safe_load(block.text)) for block in BLOCKS if block.kind == "yaml"]
# The examples of these pages are made, and compared, by tools of their own.
GENERATED = ("docs/conformance.md", "docs/migration.md")


def plays_of(content: object) -> list[dict[str, t.Any]]:
    """The plays of a playbook, or of tasks."""
    if not isinstance(content, list):
        return []
    is_playbook = all({"hosts", "import_playbook", "ansible.builtin.import_playbook"} & set(play) for play in content)
    return content if is_playbook else [{"hosts": "localhost", "tasks": content}]


def settings(content: object) -> t.Iterator[tuple[str, t.Any]]:
    """The variables of the collection in a file of variables, an inventory or plays, at any depth."""
    if isinstance(content, list):
        for item in content:
            yield from settings(item)
    elif isinstance(content, dict):
        for key, value in content.items():
            is_group = key in NAMES and isinstance(value, dict)
            if isinstance(key, str) and key.startswith("flink_") and not is_group:
                yield key, value
            else:
                yield from settings(value)


def commands(block: Block) -> list[list[str]]:
    """The words of each command of a block; where some begin with a prompt, other lines are what they print."""
    lines = block.text.splitlines()
    prompted = [line[2:] for line in lines if line.startswith("$ ")]
    found, pending = [], ""
    for line in prompted or lines:
        pending += f"{line}\n"
        try:
            words = shlex.split(pending.replace("\\\n", " "), comments=True)
        except ValueError:
            continue
        if not line.endswith("\\"):
            found += [words] if words else []
            pending = ""
    assert pending == "", f"{block.where}: a command without its end"
    return found


CONSOLE = [
    (block.where, words) for block in BLOCKS if block.kind in ("console", "bash", "sh") for words in commands(block)
]


def of_page(item: tuple[str, object]) -> str:
    return item[0]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.where)
def test_a_block_is_of_a_kind_that_is_tested(block: Block) -> None:
    is_directive = block.where.startswith("docs/site/") and block.kind.startswith("{")
    assert is_directive or block.kind in {"yaml", "console", "bash", "sh", *SHOWN}


@pytest.mark.parametrize("example", [item for item in YAML if not item[0].startswith(GENERATED)], ids=of_page)
def test_variables_exist_and_are_accepted(example: tuple[str, object]) -> None:
    for name, value in settings(example[1]):
        assert name in VARIABLES
        if "{{" in json.dumps(value):
            continue
        checked = ArgumentSpecValidator({name: VARIABLES[name]}).validate({name: value})
        assert checked.error_messages == []


@pytest.mark.parametrize("example", [item for item in YAML if not item[0].startswith(GENERATED)], ids=of_page)
def test_flink_knows_the_options(example: tuple[str, object]) -> None:
    configs = [value for name, value in settings(example[1]) if name == "flink_config"]
    version = next((value for name, value in settings(example[1]) if name == "flink_version"), "2.3.0")
    for config in configs:
        # Shares of a host, which only the plan of a host knows.
        sizes = {key: value for key, value in config.items() if not re.fullmatch(r"auto|\d+ ?%", str(value))}
        found = FILTERS["config_check"](sizes, version)
        assert [finding["message"] for finding in found if finding["level"] != "hint"] == []


def test_plays_are_read(tmp_path: Path) -> None:
    plays = [plays for _where, content in YAML if (plays := plays_of(content))]
    assert plays
    paths = [tmp_path / f"{number}.yml" for number in range(len(plays))]
    for path, content in zip(paths, plays, strict=True):
        path.write_text(yaml.safe_dump(content))
    done = subprocess.run(
        [str(Path(sys.executable).with_name("ansible-playbook")), "--syntax-check", *map(str, paths)],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"), "ANSIBLE_LOCAL_TEMP": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", CONSOLE, ids=lambda command: f"{command[0]} {' '.join(command[1])[:60]}")
def test_a_command_names_what_there_is(command: tuple[str, list[str]]) -> None:
    program, *arguments = command[1]
    assert {name for name in _given(arguments) if name.startswith("flink_")} <= set(VARIABLES)
    named = {word for word in arguments if re.fullmatch(r"streamops\.flink\.\w+", word)}
    names = {word.removeprefix("streamops.flink.") for word in named}
    if program == "ansible-playbook":
        assert names <= PLAYBOOKS
        assert names or any(word.endswith(".yml") for word in arguments)
    elif program in ("ansible", "ansible-doc"):
        assert names <= PLUGINS | {"flink"}
    elif program == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert [word for word in arguments if "=" not in word and word not in targets] == []
    elif arguments and arguments[0].startswith("tools/"):
        assert (ROOT / arguments[0]).exists()


# Commands that need no host, and what the page says that they print. The README has a test of its own.
TYPED = [
    (before.where, before.text, after.text)
    for before, after in itertools.pairwise(BLOCKS)
    if (before.kind, after.kind) == ("console", "text") and before.where.startswith("docs/")
    if before.text.startswith("ansible localhost")
    or re.fullmatch(r"ansible-playbook -i \w+\.yml streamops.flink.plan\n", before.text)
]


@pytest.mark.parametrize(("_where", "command", "printed"), TYPED, ids=[where for where, *_rest in TYPED])
def test_what_a_command_prints_is_shown(_where: str, command: str, printed: str, tmp_path: Path) -> None:
    environment = {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
        "ANSIBLE_LOCAL_TEMP": str(tmp_path),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=ROOT / "docs/samples",
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert printed in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_names_in_a_sentence_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    variables = set(re.findall(r"`(?:-e )?(flink_\w+)(?=[`:= ])", text))
    assert variables - set(VARIABLES) - NAMES == set()
    names = set(re.findall(r"streamops\.flink\.([a-z_]+)", text))
    assert names - PLAYBOOKS - PLUGINS - {"flink"} == set()


def _expressions() -> list[tuple[str, str]]:
    spans = (
        (page, found) for page in PAGES for found in re.findall(r"`(\{\{.*?\}\})`", page.read_text(encoding="utf-8"))
    )
    return [(f"{page.relative_to(ROOT)} {found}", found.replace(r"\|", "|")) for page, found in spans]


@pytest.mark.parametrize("expression", _expressions(), ids=of_page)
def test_an_expression_is_evaluated(expression: tuple[str, str]) -> None:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    environment.filters.update({f"streamops.flink.{name}": function for name, function in FILTERS.items()})
    environment.filters.update(CoreFilters().filters())
    # A filter that does not exist is an error by itself.
    template = environment.from_string(expression[1])
    if jinja2.meta.find_undeclared_variables(environment.parse(expression[1])) <= set(CONTEXT):
        assert template.render(CONTEXT)


def _given(arguments: list[str]) -> t.Iterator[str]:
    """The variables of `-e`."""
    for option, value in itertools.pairwise(arguments):
        if option in ("-e", "--extra-vars") and not value.startswith("@"):
            yield from (
                json.loads(value) if value.startswith("{") else (pair.partition("=")[0] for pair in shlex.split(value))
            )
