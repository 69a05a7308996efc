# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import importlib
import json
import typing as t

import pytest
from ansible.module_utils.testing import patch_module_args

MODULES = "ansible_collections.streamops.flink.plugins.modules"


@pytest.fixture
def run(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> t.Callable[..., dict[str, t.Any]]:
    """Run the module that the test file is named after with these options, and return what it returns."""
    module = importlib.import_module(f"{MODULES}.{request.path.stem[len('test_') :]}")

    def run_module(**options: t.Any) -> dict[str, t.Any]:
        with patch_module_args(options), contextlib.suppress(SystemExit):
            module.main()
        return t.cast("dict[str, t.Any]", json.loads(capsys.readouterr().out))

    return run_module
