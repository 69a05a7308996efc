# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What whoever deploys should know, although nothing stands against it: ``ADVICE`` is a function for each subject."""

from __future__ import annotations

import typing as t

from .addresses import address_advice

if t.TYPE_CHECKING:
    from .objections import Situation


def advice(situation: Situation) -> tuple[str, ...]:
    """All sentences, none twice."""
    return tuple(dict.fromkeys(sentence for subject in ADVICE for sentence in subject(situation)))


def _addresses(s: Situation) -> t.Iterator[str]:
    yield from address_advice(s.wanted, s.options, s.host, s.plans)


ADVICE: tuple[t.Callable[[Situation], t.Iterator[str]], ...] = (_addresses,)
