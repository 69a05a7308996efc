# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of every release of Flink: which keys it reads, and of what kind their values are.

Source: ``ConfigOption`` of all classes of the releases, read by reflection into ``catalogue.json`` (``make catalogue``),
and the keys that scripts and plugins read without one, which are kept by hand beside it.

``catalogue.json`` is ``{"lines": [...], "options": {...}}``. An option has its key, and a record for each span of lines
in which it is the same. What a record does not say is false, empty or unknown::

    from      the first line, or the first patch release where they differ within a line; without it, the oldest
    to        the last line, or the last patch release; without it, the newest
    type      boolean, integer, long, float, double, duration, memory, enum, string, map; or list of one of these, such
              as "list string"
    default   what Flink takes if the option is not set, as text in the notation of flink-conf.yaml
    choices   the constants of an enum, as Flink prints them
    aliases   other keys that set the option if its own does not, the first one that is set; "=" before those that are
              not deprecated
    deprecated  true if Flink marks the option as deprecated
    instead   keys of options to set instead of one that is deprecated, or that the next line no longer reads
    unread    true if nothing reads the option
    sql       true for options of connectors, formats and the like, which are set in SQL and never in the file

In a key ``<name>`` stands for one name of the user's without dots, and ``<key>`` for any rest.
"""
