# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the README shows that needs no host, typed as it stands there; the scenario readme types the rest."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("roles/*/README.md")]
DOCUMENTED = [*PAGES, *ROOT.glob("plugins/modules/*.py"), *ROOT.glob("plugins/filter/*.yml")]

_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def blocks(section: str, kind: str) -> list[str]:
    """The blocks of a kind below a heading, as far as the next heading of any level."""
    text = re.split(r"^#+ ", README.partition(f"# {section}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.fixture
def typed(tmp_path: Path) -> t.Callable[[str], subprocess.CompletedProcess[str]]:
    """Types a command in an empty directory, as somebody would who has installed the collection."""

    def run(command: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
            "ANSIBLE_LOCAL_TEMP": str(tmp_path / "tmp"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PWD": str(tmp_path),
        }
        return subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_first_inventory_is_planned_as_shown_and_written_to_a_page(
    tmp_path: Path, typed: t.Callable[[str], subprocess.CompletedProcess[str]]
) -> None:
    (inventory,) = blocks("streamops.flink", "yaml")
    (tmp_path / "inventory.yml").write_text(inventory, encoding="utf-8")
    _install, plan, _deploy = blocks("streamops.flink", "console")
    (shown,) = blocks("streamops.flink", "text")
    done = typed(f"{plan.strip()} -e flink_plan_dir=plan")
    assert done.returncode == 0, done.stdout + done.stderr
    assert shown in done.stdout
    assert {path.name for path in (tmp_path / "plan").iterdir()} == {
        *("plan.json", "plan.csv", "plan.svg", "plan.html", "rules.yml", "dashboard.json"),
    }


def test_a_size_that_is_too_small_is_refused_as_shown(
    tmp_path: Path, typed: t.Callable[[str], subprocess.CompletedProcess[str]]
) -> None:
    (inventory,) = blocks("streamops.flink", "yaml")
    (tmp_path / "inventory.yml").write_text(inventory.replace("auto", "600m"), encoding="utf-8")
    _install, plan, _deploy = blocks("streamops.flink", "console")
    (refusal,) = blocks("Why", "text")
    done = typed(plan)
    assert done.returncode != 0
    assert " ".join(refusal.split()) in " ".join(done.stdout.split())


def test_a_single_process_is_shown_without_an_inventory(
    typed: t.Callable[[str], subprocess.CompletedProcess[str]],
) -> None:
    (command,) = blocks("Plan a single process", "console")
    (table,) = blocks("Plan a single process", "text")
    done = typed(command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(table)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTED, ids=lambda path: str(path.relative_to(ROOT)))
def test_documentation_names_no_private_variable(path: Path) -> None:
    assert re.findall(r"__flink_\w+", path.read_text(encoding="utf-8")) == []
