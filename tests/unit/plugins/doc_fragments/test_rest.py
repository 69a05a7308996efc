# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib
import pkgutil
import typing as t
from pathlib import Path

import yaml

from ansible_collections.streamops.flink.plugins import modules
from ansible_collections.streamops.flink.plugins.doc_fragments import _rest

NAME = "streamops.flink._rest"
RUNTIME = Path(__file__).parents[4] / "meta/runtime.yml"
FRAGMENT: dict[str, t.Any] = yaml.safe_load(_rest.ModuleDocFragment.DOCUMENTATION)


def test_the_group_has_the_modules_that_share_the_options() -> None:
    sharing = []
    for found in pkgutil.iter_modules(modules.__path__):
        module = importlib.import_module(f"{modules.__name__}.{found.name}")
        if NAME in yaml.safe_load(module.DOCUMENTATION).get("extends_documentation_fragment", []):
            sharing.append(found.name)
    groups = yaml.safe_load(RUNTIME.read_text())["action_groups"]
    assert [f"streamops.flink.{group}" for group in groups] == FRAGMENT["attributes"]["action_group"]["membership"]
    assert sorted(*groups.values()) == sorted(sharing)
