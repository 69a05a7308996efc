# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What users may do over the REST API, as far as Flink has options for it: docs/security.md tells how far that is."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.catalogue.catalogue import options_of
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .encryption import is_true

if t.TYPE_CHECKING:
    from .wanted import Wanted

SUBMIT = "web.submit.enable"
# The option of each action.
_OPTIONS = {
    "submit": SUBMIT,
    "cancel": "web.cancel.enable",
    "rescale": "web.rescale.enable",
    "profile": "rest.profiling.enabled",
}
# The actions that a release without the option has not at all, and the first release with it.
_SINCE = {"rescale": (1, 18), "profile": (1, 19)}


def web_action_options(wanted: Wanted) -> dict[str, bool]:
    """Flink's options of the release, all of them as soon as the list is given."""
    if wanted.web_actions is None:
        return {}
    known = options_of(Release.parse(wanted.version)).by_key
    return {option: action in wanted.web_actions for action, option in _OPTIONS.items() if option in known}


def takes_jars(config: t.Mapping[str, t.Any], version: str) -> bool:
    """Whether a JobManager with these options takes jars over REST."""
    keys = (SUBMIT, *options_of(Release.parse(version)).by_key[SUBMIT].aliases)
    return is_true(next((config[key] for key in keys if key in config), True))


def web_action_objections(wanted: Wanted) -> t.Iterator[str]:
    """What the release cannot offer, and what Flink's options say otherwise."""
    release = Release.parse(wanted.version)
    for action, since in _SINCE.items():
        if action in (wanted.web_actions or ()) and release.version < since:
            yield (
                f"flink_web_actions: expected {action} only from Flink {since[0]}.{since[1]} on, which can do that "
                f"over REST, got it for {wanted.version}. Remove it."
            )
    configs = [("flink_config", wanted.config), ("flink_jobmanager_config", wanted.jobmanager_config)]
    for option, value in web_action_options(wanted).items():
        keys = (option, *options_of(release).by_key[option].aliases)
        for name, config in configs:
            given = flatten(config, keep_null=True)
            key = next((key for key in keys if given.get(key) is not None), option)
            said = given.get(key, value)
            # Null takes the option away, and with it what the list says.
            if said is None or is_true(said) != value:
                got = "null" if said is None else str(not value).lower()
                yield (
                    f"{name}: {key}: expected {str(value).lower()}, as flink_web_actions says, got {got}. Remove it, "
                    "or correct the list."
                )
