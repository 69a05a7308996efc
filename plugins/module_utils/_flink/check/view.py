# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of one configuration, as a release of Flink reads them."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ..catalogue.catalogue import options_of
from ..catalogue.grammar import Unreadable, read_value
from ..values.config import STANDARD_YAML

if t.TYPE_CHECKING:
    from ..catalogue.catalogue import Option, Options
    from ..values.release import Release


@dataclasses.dataclass(frozen=True)
class View:
    """``config`` is flat and without null; ``known_keys`` are those of the user's own."""

    config: dict[str, t.Any]
    release: Release
    known_keys: frozenset[str] = frozenset()

    @property
    def version(self) -> tuple[int, int, int]:
        return self.release.version

    @property
    def options(self) -> Options:
        return options_of(self.release)

    @property
    def typed(self) -> bool:
        """Whether the file of the release is YAML, whose scalars have types."""
        return self.release.version >= STANDARD_YAML

    @functools.cached_property
    def set_by(self) -> dict[str, str]:
        """The key that sets each option which is set: its own, else the first of its others."""
        setting: dict[str, str] = {}
        for key in self.config:
            for option in self.options.find(key):
                if not option.is_pattern and option.key not in setting:
                    names = (option.key, *option.aliases)
                    setting[option.key] = next((name for name in names if name in self.config), key)
        return setting

    def key_of(self, option_key: str) -> str | None:
        """The key that sets an option, given by its present key in this release; none if it is not set."""
        return self.set_by.get(option_key)

    def value(self, option_key: str) -> t.Any:
        """What an option is set to, as Flink reads it; its default as text, or none, if it is not set or unreadable."""
        option = self.options.by_key.get(option_key)
        key = self.key_of(option_key)
        if option is None:
            return None
        if key is not None:
            try:
                return self.read(option, self.config[key])
            except Unreadable:
                pass
        return option.default

    def read(self, option: Option, value: object) -> object:
        """Raises Unreadable."""
        return read_value(option.kind, value, self.release, typed=self.typed, choices=option.choices)
