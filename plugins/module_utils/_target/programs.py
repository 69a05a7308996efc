# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How programs are run on a host."""

from __future__ import annotations

import functools
import typing as t

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

# A command in; its exit code, output and errors out, as AnsibleModule.run_command gives them. Raises OSError.
Run = t.Callable[[t.List[str]], t.Tuple[int, str, str]]


def runner(module: AnsibleModule) -> Run:
    """What a module runs programs with; bytes that are no UTF-8 are replaced."""
    return functools.partial(module.run_command, handle_exceptions=False, errors="replace")
