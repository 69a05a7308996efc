# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

Options = dict[str, t.Any]


@pytest.fixture(scope="session")
def documented() -> t.Callable[[Options], Options]:
    """The argument specification that the documentation of options describes."""

    def specification(options: Options) -> Options:
        spec = {}
        for name, option in options.items():
            spec[name] = {key: value for key, value in option.items() if key not in {"description", "suboptions"}}
            if "suboptions" in option:
                spec[name]["options"] = specification(option["suboptions"])
        return spec

    return specification
