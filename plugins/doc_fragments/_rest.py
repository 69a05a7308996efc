# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """How to reach the REST API of a JobManager."""

    DOCUMENTATION = r"""
options:
  url:
    description:
      - The URL of the REST API of the JobManager, as reachable from the target host.
      - It must not contain a user name or password, since messages show it.
    type: str
    default: http://localhost:8081
  former_url:
    description:
      - The URL that is asked if nobody answers at O(url), such as one of C(http://) while TLS is being switched on.
      - It alone is asked as long as O(url) is one of C(https://) and a file of O(ca_path), O(client_cert) or
        O(client_key) is missing.
      - It is not asked if a server answers at O(url) with a certificate that is not trusted.
    type: str
  url_username:
    description: The user name for HTTP basic authentication, for example at a proxy in front of the JobManager.
    type: str
  url_password:
    description: The password for HTTP basic authentication. Requires O(url_username).
    type: str
  validate_certs:
    description: Whether to validate the certificate of an HTTPS server.
    type: bool
    default: true
  ca_path:
    description:
      - A file on the target host with the certificates of the authorities to trust.
      - By default, the authorities of the system are trusted.
    type: path
  client_cert:
    description: A file on the target host with the certificate, and optionally the key, for TLS client authentication.
    type: path
  client_key:
    description: A file on the target host with the key for O(client_cert).
    type: path
attributes:
  action_group:
    description: Use C(group/streamops.flink.rest) in C(module_defaults) to set options of this module.
    support: full
    membership: [streamops.flink.rest]
"""
