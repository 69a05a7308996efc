# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import typing as t

import yaml

from ansible_collections.streamops.flink.plugins.action.fleet_plan import ARGUMENT_SPEC
from ansible_collections.streamops.flink.plugins.modules import fleet_plan

# As it is before Ansible fills anything in.
SPEC = copy.deepcopy(ARGUMENT_SPEC)


def test_the_documentation_is_that_of_the_action(documented: t.Callable[..., t.Any]) -> None:
    assert documented(yaml.safe_load(fleet_plan.DOCUMENTATION)["options"]) == SPEC
