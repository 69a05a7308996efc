# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The templates of the role, rendered without the variables of a play: what a template needs is given to it."""

from __future__ import annotations

import functools
import shlex
import typing as t
from pathlib import Path

import jinja2
from ansible.plugins.filter.core import comment

from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.config_file import config_file
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.environment import environment_file

from .quoting import unit_argument, unit_file, unit_path, unit_word

DIRECTORY = Path(__file__).parents[3] / "roles/flink/templates"

Render = t.Callable[..., str]


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(DIRECTORY),
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(
        {
            "comment": comment,
            "quote": lambda value: shlex.quote(str(value)),
            "streamops.flink.config_file": config_file,
            "streamops.flink.environment_file": environment_file,
            "unit_argument": unit_argument,
            "unit_file": unit_file,
            "unit_path": unit_path,
            "unit_word": unit_word,
        }
    )
    return environment


def render(name: str, /, **values: t.Any) -> str:
    """The text of a template by its name; a value that it needs and is not given is an error."""
    return _environment().get_template(name).render(values)
