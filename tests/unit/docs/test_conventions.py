# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of conventions names checks that there are; and the conventions that no other check looks at."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs/conventions.md").read_text(encoding="utf-8")
NOXFILE = (ROOT / "noxfile.py").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = {int(number): cells for number, cells in re.findall(r"^\| (\d+) [MS] \| (.*) \|$", PAGE, re.MULTILINE)}
# What rows name that is no check.
WORDS = {"_info", "version_added", "restarted", "production", "flink_jobmanager_group", "flink_taskmanager_group"}


def is_check(name: str) -> bool:
    """Whether there is a session, a scenario, a module or a path of this name."""
    session = re.search(rf"^def {name.partition('-')[0]}\(", NOXFILE, re.MULTILINE)
    places = (ROOT / name, ROOT / "extensions/molecule" / name, ROOT / f"plugins/modules/{name}.py")
    return session is not None or any(place.exists() for place in places)


def test_each_convention_has_a_row() -> None:
    assert list(ROWS) == list(range(1, 46))


@pytest.mark.parametrize("number", ROWS)
def test_a_row_names_checks_that_exist(number: int) -> None:
    _convention, holds, why = ROWS[number].split(" | ")
    names = set(re.findall(r"`([^`]+)`", why))
    assert [name for name in names - WORDS if not is_check(name)] == []
    assert holds in {"yes", "mostly", "partly"} or (holds == "no" and why)


def test_plugins_are_of_kinds_that_ansible_knows_and_helpers_are_private() -> None:
    kinds = {path.name for path in (ROOT / "plugins").glob("[!_]*")}
    assert kinds == {"action", "doc_fragments", "filter", "module_utils", "modules", "plugin_utils"}
    helpers = [
        path.name
        for kind in ("doc_fragments", "module_utils", "plugin_utils")
        for path in (ROOT / "plugins" / kind).iterdir()
    ]
    assert [name for name in helpers if not name.startswith("_")] == []


# Modules of Python that read nothing from outside.
COMPUTING = {
    *("__future__", "bisect", "calendar", "collections", "collections.abc", "contextlib", "dataclasses", "datetime"),
    *("decimal", "difflib", "fractions", "functools", "hashlib", "itertools", "json", "math", "re", "shlex", "signal"),
    *("statistics", "struct", "textwrap", "time", "typing", "urllib.parse"),
}


def imports(path: Path) -> set[str]:
    """The modules outside of its package that a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0}


def test_the_core_computes_and_knows_nothing_of_ansible() -> None:
    core = ROOT / "plugins/module_utils/_flink"
    others = {(path.name, name) for path in core.rglob("*.py") for name in imports(path) - COMPUTING}
    assert others == {("catalogue.py", "pathlib"), ("program.py", "zipfile")}


def first_cells(page: str) -> set[str]:
    """What the tables of a page name in their first cells, and as the tools of the role."""
    rows = re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)
    tools = re.findall(r"tools of their own.*?\n\n", page, re.DOTALL)
    return {name for text in (*rows, *tools) for name in re.findall(r"`([a-z_]+)`", text)}


@pytest.mark.parametrize(
    ("kind", "names"),
    {
        "modules": [path.stem for path in (ROOT / "plugins/modules").glob("[!_]*.py")],
        "filters": [path.stem for path in (ROOT / "plugins/filter").glob("*.yml")],
        "playbooks": [path.stem for path in (ROOT / "playbooks").glob("*.yml")],
    }.items(),
)
def test_the_readme_lists_all(kind: str, names: list[str]) -> None:
    assert sorted(set(names) - first_cells(README)) == [], kind


def test_the_page_of_the_role_lists_all_entry_points() -> None:
    specs = yaml.safe_load((ROOT / "roles/flink/meta/argument_specs.yml").read_text(encoding="utf-8"))
    page = (ROOT / "roles/flink/README.md").read_text(encoding="utf-8")
    assert sorted(specs["argument_specs"].keys() - first_cells(page) - {"main"}) == []


def test_no_sanity_test_has_an_exception() -> None:
    assert not (ROOT / "tests/sanity").exists()


@pytest.mark.parametrize(
    "words",
    [
        "## Communication",
        "forum.ansible.com/tag/",
        "code of conduct",
        "ansible-core",
        "Python",
        "semver.org",
        "## Licence",
    ],
)
def test_the_readme_says_what_galaxy_expects(words: str) -> None:
    assert words in README
