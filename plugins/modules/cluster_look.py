#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_look
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Gather a look at a cluster, for the playbooks of this collection
description:
  - An internal tool of the playbooks, which may change in a minor release.
  - Without O(number), checks what is wanted before the first look, reads the earlier looks, and returns the numbers of
    the looks to come.
  - With O(number), gathers what M(streamops.flink.process_info) and M(streamops.flink.cluster_metrics_info) have
    answered on the hosts of the play. Hosts that gave no answer are named, and the others count. It fails if nobody
    answered.
  - Adds the look to O(file), prints a line about it if there are several, and waits until it is time for the next.
  - Lines of logs and exceptions that seem to hold a secret are not kept.
  - Runs once, on the controller, and opens no connection. In check mode, it writes no file.
options:
  number:
    description: The number of the look that the hosts have answered, from V(1) on.
    type: int
  minutes:
    description: For how long to look, from V(0), which is one look, to V(10080). The variable C(flink_observe_minutes).
    type: raw
    default: 0
  seconds:
    description:
      - How long after the beginning of one look the next begins, from V(20) to V(86400). The variable
        C(flink_observe_seconds).
    type: raw
    default: 30
  hours:
    description:
      - How far the looks at journals and logs go back, from V(1) to V(720). The variable C(flink_observe_hours).
    type: raw
    default: 24
  file:
    description:
      - The JSON file on the controller that keeps the looks. It is created if it does not exist, and replaced as a
        whole.
      - It is refused if it holds anything else, or looks at another cluster. By default, no file is read or written.
      - The variable C(flink_observe_file). A relative path starts where the playbook is called.
    type: raw
  advice_dir:
    description: The variable C(flink_advice_dir), which is only checked.
    type: raw
  headroom:
    description: The variable C(flink_headroom), which is only checked.
    type: raw
    default: {}
  jobmanager_group:
    description: The group of the hosts from which the cluster is asked. If none is in the play, another host asks.
    type: str
    default: flink_jobmanagers
extends_documentation_fragment:
  - streamops.flink._action
  - streamops.flink._attributes
seealso:
  - module: streamops.flink.cluster_advice
"""

EXAMPLES = r"""
- name: Gather the first look
  streamops.flink.cluster_look:
    number: 1
    file: /tmp/observed.json
  register: observed
"""

RETURN = r"""
numbers:
  description: The numbers of the looks to come.
  returned: success, without O(number)
  type: list
  elements: int
  sample: [1, 2, 3]
advice_dir:
  description: The path of O(advice_dir), or V(null).
  returned: success, without O(number)
  type: str
  sample: /srv/flink/advice
asking:
  description: The hosts from which the cluster is asked.
  returned: success, without O(number)
  type: list
  elements: str
  sample: [flink-1]
observation:
  description: The look. Sizes are in bytes, times in seconds since 1970.
  returned: success, with O(number)
  type: dict
  contains:
    hosts:
      description: The answers of M(streamops.flink.process_info) by the host.
      type: dict
    cluster:
      description: The answer of M(streamops.flink.cluster_metrics_info), or V(null) if there was none.
      type: dict
    unknown:
      description: A sentence for each host that gave no answer, and for the cluster.
      type: list
      elements: str
window:
  description: All looks so far, reduced to the least, the most and the last of each figure, and this one.
  returned: success
  type: dict
"""
