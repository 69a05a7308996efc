#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: files
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Bring files, directories and links to a given state in one transfer
description:
  - First all new contents are stored beside their places, then each takes its place in one step.
  - If they cannot all be stored, as on a full disk, the module fails and nothing is changed.
  - Who reads a file or follows a link meets the former one or the new one, and never nothing or a part.
options:
  files:
    description:
      - What shall be there, and what shall not.
      - Directories are made first, in the order given; then the other entries take effect, in the order given.
    type: list
    elements: dict
    required: true
    suboptions:
      path:
        description: The absolute path, without C(..).
        type: path
        required: true
      state:
        description:
          - What shall be at the path; V(absent) for nothing.
          - V(absent) removes a directory with all that is in it, but neither V(/) nor what is directly in it.
          - A missing parent is made for a V(directory) only.
        type: str
        choices: [file, directory, link, absent]
        default: file
      content:
        description: The text of the file. It is written in UTF-8.
        type: str
      secret_content:
        description: Like O(files[].content), but never shown in a diff, a log or a result.
        type: str
      source:
        description: A file on the host that has the content.
        type: path
      target:
        description: Where the link points. It need not be there.
        type: str
      mode:
        description:
          - The mode of a file or directory as an octal number; quote it.
          - Without it, a file keeps the mode of the one it replaces; a new one has what the umask allows.
        type: raw
      owner:
        description: The owner of a file or directory. Without it, the owner stays.
        type: str
      group:
        description: The group of a file or directory. Without it, the group stays.
        type: str
      only_new:
        description:
          - Whether mode, owner and group are for a directory that is made only.
          - One that is there keeps its own.
        type: bool
        default: false
extends_documentation_fragment:
  - streamops.flink._attributes
attributes:
  check_mode:
    support: full
    details: Where a parent or O(files[].source) is missing, it is taken that a former task would have made it.
  diff_mode:
    support: full
    details: Contents are left out where O(files[].secret_content) gives them, and where they are long or no text.
seealso:
  - module: ansible.builtin.copy
  - module: ansible.builtin.file
"""

EXAMPLES = r"""
- name: Write the configuration
  streamops.flink.files:
    files:
      - {path: /etc/flink, state: directory, mode: "0755"}
      - path: /etc/flink/config.yaml
        secret_content: "{{ {'taskmanager.numberOfTaskSlots': 4} | streamops.flink.config_file('2.3.0') }}"
        group: flink
        mode: "0640"
      - {path: /etc/flink/flink-conf.yaml, state: absent}

- name: Switch to the new release
  streamops.flink.files:
    files:
      - {path: /opt/flink/current, state: link, target: flink-2.3.0}
"""

RETURN = r"""
changed_files:
  description: The paths that changed, in the order given.
  returned: success
  type: list
  elements: str
  sample: [/etc/flink/config.yaml]
diff:
  description: What differed, an entry for the content and one for the attributes of each path.
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: /opt/flink/current
      after_header: /opt/flink/current
      before: {path: /opt/flink/current, state: link, target: flink-1.20.5}
      after: {path: /opt/flink/current, state: link, target: flink-2.3.0}
"""

import contextlib
import errno
import filecmp
import grp
import os
import pwd
import shutil
import stat
import typing as t
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._target.directories import free_bytes, link_target
from ansible_collections.streamops.flink.plugins.module_utils._target.entries import (
    Entry,
    EntryError,
    read_entries,
)

_FULL = {errno.ENOSPC, errno.EDQUOT}
_MOST_SHOWN = 100 * 1024


class _Attributes(t.NamedTuple):
    """Null for what shall stay, or is not known."""

    owner: int | None
    group: int | None
    mode: int | None


class _StoreError(Exception):
    """What could not be done at which path."""

    def __init__(self, entry: Entry, exc: OSError) -> None:
        super().__init__(f"{entry.path}: {exc.strerror or exc}.")
        self.path = entry.path
        self.is_full = exc.errno in _FULL


# What is there, and what of it differs


def _there(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _kind(path: Path) -> str:
    """In the words of the option state."""
    there = _there(path)
    if there is None:
        return "absent"
    if stat.S_ISLNK(there.st_mode):
        return "link"
    return "directory" if stat.S_ISDIR(there.st_mode) else "file"


def _is_as_wanted(entry: Entry) -> bool:
    """But for the attributes."""
    if entry.state == "directory":
        return entry.place.is_dir()
    if entry.state == "link":
        return link_target(entry.path) == entry.target
    if entry.state == "absent":
        return _kind(entry.place) == "absent"
    return _kind(entry.place) == "file" and _has_content(entry)


def _has_content(entry: Entry) -> bool:
    if entry.content is not None:
        return entry.place.read_bytes() == entry.content
    source = Path(str(entry.source))
    return source.exists() and filecmp.cmp(source, entry.place, shallow=False)


def _wanted(entry: Entry) -> _Attributes:
    return _Attributes(
        owner=_number(entry.owner, lambda name: pwd.getpwnam(name).pw_uid),
        group=_number(entry.group, lambda name: grp.getgrnam(name).gr_gid),
        mode=entry.mode,
    )


def _number(name: str | None, look_up: t.Callable[[str], int]) -> int | None:
    """The number of a user or group; null if there is none."""
    if name is None or name.isdigit():
        return None if name is None else int(name)
    try:
        return look_up(name)
    except KeyError:
        return None


def _attribute_diff(entry: Entry) -> dict[str, t.Any] | None:
    """Owner, group and mode of what is there, as far as they are not as wanted."""
    kept = entry.place.is_dir() if entry.state == "directory" else entry.state == _kind(entry.place) == "file"
    if not kept or entry.only_new:
        return None
    there, wanted = entry.place.stat(), _wanted(entry)
    before, after = {}, {}
    if entry.owner is not None and wanted.owner != there.st_uid:
        before["owner"], after["owner"] = str(there.st_uid), entry.owner
    if entry.group is not None and wanted.group != there.st_gid:
        before["group"], after["group"] = str(there.st_gid), entry.group
    if entry.mode is not None and entry.mode != stat.S_IMODE(there.st_mode):
        before["mode"], after["mode"] = f"{stat.S_IMODE(there.st_mode):04o}", f"{entry.mode:04o}"
    return _diff(entry, before, after) if after else None


# What cannot be


def _check_places(entries: list[Entry], check_mode: bool) -> None:
    directories = {
        path for entry in entries if entry.state == "directory" for path in (entry.place, *entry.place.parents)
    }
    for entry in entries:
        _check_kind(entry)
        if check_mode or entry.state == "absent":
            continue
        _check_accounts(entry)
        parent = entry.place.parent
        if parent not in directories and not parent.is_dir():
            raise EntryError(
                f"{entry.label}: there is no directory {parent}. Let an entry with state directory make it."
            )
        if entry.source is not None and not Path(entry.source).is_file():
            raise EntryError(f"{entry.label}.source: there is no file {entry.source} on the host.")


def _check_kind(entry: Entry) -> None:
    """What would be lost in passing is not replaced."""
    kind = _kind(entry.place)
    lost = {
        "file": kind == "directory",
        "link": kind in {"directory", "file"},
        "directory": kind != "absent" and not entry.place.is_dir(),
    }
    if lost.get(entry.state):
        raise EntryError(
            f"{entry.label}: {entry.path} is a {kind}, and not replaced by a {entry.state}. Remove it first."
        )


def _check_accounts(entry: Entry) -> None:
    wanted = _wanted(entry)
    for option, name, number in ("owner", entry.owner, wanted.owner), ("group", entry.group, wanted.group):
        if name is not None and number is None:
            kind = "user" if option == "owner" else "group"
            raise EntryError(f"{entry.label}.{option}: there is no {kind} {name} on the host. Create it first.")


# What a diff shows


def _diff(entry: Entry, before: t.Any, after: t.Any) -> dict[str, t.Any]:
    return {"before_header": entry.path, "after_header": entry.path, "before": before, "after": after}


def _place_diff(entry: Entry) -> dict[str, t.Any]:
    """What is at the path, and what will be."""
    kind = _kind(entry.place)
    if entry.state == "file":
        before = "" if kind == "absent" else _shown(entry, "former", entry.place, None)
        return _diff(entry, before, _shown(entry, "new", Path(str(entry.source)), entry.content))
    states = {"path": entry.path, "state": kind}, {"path": entry.path, "state": entry.state}
    if entry.state == "link":
        states[1]["target"] = str(entry.target)
        if kind == "link":
            states[0]["target"] = str(link_target(entry.path))
    return _diff(entry, *states)


def _shown(entry: Entry, which: str, path: Path, content: bytes | None) -> str:
    if entry.is_secret:
        return f"({which} content is secret)\n"
    try:
        if content is None:
            content = path.read_bytes() if path.stat().st_size <= _MOST_SHOWN else b"\0"
        if len(content) <= _MOST_SHOWN and b"\0" not in content:
            return content.decode("utf-8")
    except (OSError, UnicodeDecodeError):
        pass
    return f"({which} content is long, no text or not there: not shown)\n"


# What is done


class _Store:
    """Keeps what is new aside until all of it is there."""

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        self._made: list[Path] = []
        self._new: dict[Path, Path] = {}

    def make_directory(self, entry: Entry) -> None:
        missing = [path for path in (entry.place, *entry.place.parents) if not path.is_dir()]
        with _telling(entry):
            for path in reversed(missing):
                path.mkdir()
                self._made.append(path)
            self.set_attributes(entry, entry.place, _wanted(entry))

    def keep(self, entry: Entry) -> None:
        """Store a new content or link beside its place."""
        new = _aside(entry)
        with _telling(entry):
            self._new[entry.place] = new
            if entry.state == "link":
                new.symlink_to(str(entry.target))
            else:
                _write(entry, new)
                self.set_attributes(entry, new, _final(entry))

    def put_in_place(self, entry: Entry) -> None:
        with _telling(entry):
            self._new[entry.place].replace(entry.place)
            del self._new[entry.place]

    def fix_attributes(self, entry: Entry) -> None:
        with _telling(entry):
            self.set_attributes(entry, entry.place, _wanted(entry))

    def set_attributes(self, entry: Entry, path: Path, attributes: _Attributes) -> None:
        """Also the SELinux context that belongs to the place, where there is one."""
        there = path.stat()
        owner = -1 if attributes.owner in {None, there.st_uid} else attributes.owner
        group = -1 if attributes.group in {None, there.st_gid} else attributes.group
        if (owner, group) != (-1, -1):
            os.chown(path, owner, group)
        # After the owner, whose change takes bits away.
        if attributes.mode is not None:
            path.chmod(attributes.mode)
        if self._module.selinux_enabled():
            self._module.set_context_if_different(str(path), self._module.selinux_default_context(entry.path), False)

    def forget(self) -> None:
        """Remove what is not in its place."""
        for new in self._new.values():
            with contextlib.suppress(OSError):
                new.unlink()
        self._new = {}

    def undo(self) -> None:
        """Leave nothing behind."""
        self.forget()
        for path in reversed(self._made):
            with contextlib.suppress(OSError):
                path.rmdir()


def _aside(entry: Entry) -> Path:
    """Where a new content or link is stored: in every run the same place, so that what a killed one left is found."""
    return entry.place.with_name(f".{entry.place.name}.ansible-new")


def _clear(entry: Entry) -> None:
    """Remove what a killed run left."""
    with _telling(entry), contextlib.suppress(FileNotFoundError, NotADirectoryError):
        _aside(entry).unlink()


@contextlib.contextmanager
def _telling(entry: Entry) -> t.Iterator[None]:
    """Say at which path something failed."""
    try:
        yield
    except OSError as exc:
        raise _StoreError(entry, exc) from exc


def _size(entry: Entry) -> int:
    if entry.source is not None:
        with contextlib.suppress(OSError):
            return Path(entry.source).stat().st_size
    return len(entry.content or b"")


def _write(entry: Entry, new: Path) -> None:
    """Readable for nobody else until it has its attributes."""
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if entry.content is not None:
            file.write(entry.content)
        else:
            with Path(str(entry.source)).open("rb") as source:
                shutil.copyfileobj(source, file, 2**20)
        file.flush()
        # A disk may turn out to be full only now.
        os.fsync(descriptor)


def _final(entry: Entry) -> _Attributes:
    """What is not asked for stays as it was."""
    wanted, former = _wanted(entry), _there(entry.place)
    if former is None or not stat.S_ISREG(former.st_mode):
        return wanted if wanted.mode is not None else wanted._replace(mode=0o666 & ~_umask())
    may_give_away = os.geteuid() == 0
    return _Attributes(
        owner=former.st_uid if wanted.owner is None and may_give_away else wanted.owner,
        group=former.st_gid if wanted.group is None and may_give_away else wanted.group,
        mode=stat.S_IMODE(former.st_mode) if wanted.mode is None else wanted.mode,
    )


def _umask() -> int:
    umask = os.umask(0o077)
    os.umask(umask)
    return umask


def _remove(entry: Entry) -> None:
    with _telling(entry):
        if _kind(entry.place) == "directory":
            shutil.rmtree(entry.path)
        elif _kind(entry.place) != "absent":
            # An entry before may have removed what is above.
            entry.place.unlink()


def _store(store: _Store, entries: list[Entry]) -> None:
    """All that needs room; nothing that is there changes."""
    for entry in entries:
        if entry.state == "directory":
            store.make_directory(entry)
    for entry in entries:
        if entry.state in {"file", "link"}:
            store.keep(entry)


def _take_effect(store: _Store, entry: Entry, is_new: bool) -> None:
    if not is_new:
        store.fix_attributes(entry)
    elif entry.state == "absent":
        _remove(entry)
    elif entry.state != "directory":
        store.put_in_place(entry)


def _carry_out(module: AnsibleModule, entries: list[Entry], changing: list[Entry], new: list[Entry]) -> None:
    store, done = _Store(module), []
    try:
        for entry in entries:
            _clear(entry)
        _store(store, new)
    except BaseException as exc:
        store.undo()
        if not isinstance(exc, _StoreError):
            raise
        # Measured only now: what was stored aside took room, too.
        room = (
            f" The new contents need {sum(map(_size, new))} bytes, {free_bytes(exc.path)} are free."
            if exc.is_full
            else ""
        )
        module.fail_json(msg=f"{exc}{room} Nothing was changed.")
    try:
        for entry in changing:
            _take_effect(store, entry, entry in new)
            done.append(entry.path)
    except _StoreError as exc:
        module.fail_json(msg=f"{exc} Changed before: {', '.join(done) or 'nothing'}.", changed=bool(done))
    finally:
        store.forget()


def _bring(module: AnsibleModule, entries: list[Entry]) -> dict[str, t.Any]:
    _check_places(entries, module.check_mode)
    new = [entry for entry in entries if not _is_as_wanted(entry)]
    diffs = {entry.path: [_place_diff(entry)] if entry in new else [] for entry in entries}
    for entry in entries:
        difference = _attribute_diff(entry)
        if difference is not None:
            diffs[entry.path].append(difference)
    changing = [entry for entry in entries if diffs[entry.path]]
    if not module.check_mode:
        _carry_out(module, entries, changing, new)
    return {
        "changed": bool(changing),
        "changed_files": [entry.path for entry in changing],
        "diff": [diff for entry in changing for diff in diffs[entry.path]],
    }


class _Module(AnsibleModule):
    """Logs on the host which paths it was given, and no content."""

    def _log_invocation(self) -> None:
        """AnsibleModule logs a list as Python writes it, and there misses secrets of more than a line."""
        self.log(f"Invoked with files={[entry['path'] for entry in self.params['files']]}")


def main() -> None:
    module = _Module(
        argument_spec={
            "files": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "path": {"type": "path", "required": True},
                    "state": {"type": "str", "choices": ["file", "directory", "link", "absent"], "default": "file"},
                    "content": {"type": "str"},
                    "secret_content": {"type": "str", "no_log": True},
                    "source": {"type": "path"},
                    "target": {"type": "str"},
                    "mode": {"type": "raw"},
                    "owner": {"type": "str"},
                    "group": {"type": "str"},
                    "only_new": {"type": "bool", "default": False},
                },
            }
        },
        supports_check_mode=True,
    )
    try:
        result = _bring(module, read_entries(module.params["files"]))
    except EntryError as exc:
        module.fail_json(msg=str(exc))
    except OSError as exc:
        module.fail_json(msg=f"{exc.filename}: {exc.strerror}.")
    module.exit_json(**result)


if __name__ == "__main__":
    main()
