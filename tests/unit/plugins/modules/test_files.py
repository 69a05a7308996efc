# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import errno
import json
import os
import stat
import typing as t

import pytest
import yaml
from ansible.module_utils import basic
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._target import store
from ansible_collections.streamops.flink.plugins.modules import files

if t.TYPE_CHECKING:
    from pathlib import Path

Run = t.Callable[..., "dict[str, t.Any]"]
Snapshot = t.Callable[[], "dict[str, tuple[t.Any, ...]]"]


@pytest.fixture
def run(run: Run) -> Run:
    """The same with entries alone."""

    def run_with(*entries: dict[str, t.Any], check: bool = False) -> dict[str, t.Any]:
        given = [{**entry, "path": str(entry["path"])} for entry in entries]
        return run(files=given, _ansible_check_mode=check)

    return run_with


def test_everything_at_once(place: Path, tmp_path: Path, run: Run, snapshot: Snapshot) -> None:
    (tmp_path / "jar").write_bytes(b"\0jar")
    entries = (
        {"path": place / "plugins/s3", "state": "directory", "mode": "0750"},
        {"path": place / "config.yaml", "content": "a: ü\n", "mode": "0600"},
        {"path": place / "plugins/s3/s3.jar", "source": str(tmp_path / "jar"), "mode": "0644"},
        {"path": place / "current", "state": "link", "target": "v2"},
        {"path": place / "stale", "state": "absent"},
        {"path": place / "tree", "state": "absent"},
    )
    before = snapshot()
    predicted = run(*entries, check=True)
    assert snapshot() == before
    result = run(*entries)
    paths = [str(entry["path"]) for entry in entries]
    assert (result["changed"], result["changed_files"]) == (True, paths)
    assert (predicted["changed"], predicted["changed_files"]) == (True, paths)
    assert predicted["diff"] == result["diff"]
    assert (place / "config.yaml").read_text(encoding="utf-8") == "a: ü\n"
    assert (place / "plugins/s3/s3.jar").read_bytes() == b"\0jar"
    assert os.readlink(place / "current") == "v2"
    assert sorted(path.name for path in place.iterdir()) == ["config.yaml", "current", "plugins"]


@pytest.mark.parametrize("check", [True, False])
def test_nothing_to_do(place: Path, run: Run, snapshot: Snapshot, check: bool) -> None:
    before = snapshot()
    result = run(
        {"path": place / "tree", "state": "directory"},
        {"path": place / "config.yaml", "content": "a: 1\n", "mode": "0640"},
        {"path": place / "stale", "source": str(place / "stale")},
        {"path": place / "current", "state": "link", "target": "v1"},
        {"path": place / "missing/deep", "state": "absent"},
        check=check,
    )
    assert (result["changed"], result["changed_files"], result["diff"]) == (False, [], [])
    assert snapshot() == before


@pytest.mark.parametrize("check", [True, False])
def test_an_entry_that_is_never_right(place: Path, run: Run, snapshot: Snapshot, check: bool) -> None:
    before = snapshot()
    result = run({"path": place / "new", "content": ""}, {"path": "a/b", "content": ""}, check=check)
    assert result["failed"] is True
    assert result["msg"] == "files[1].path: expected an absolute path without '..', got 'a/b'."
    assert snapshot() == before


@pytest.mark.parametrize("check", [True, False])
def test_an_entry_that_this_host_cannot_have(place: Path, run: Run, snapshot: Snapshot, check: bool) -> None:
    before = snapshot()
    result = run({"path": place / "new", "content": ""}, {"path": place / "tree", "content": ""}, check=check)
    assert result["failed"] is True
    assert (
        result["msg"]
        == f"files[1].state: expected what a file replaces, got the directory {place}/tree. Remove it first."
    )
    assert snapshot() == before


def test_a_parent_that_a_former_task_might_make(place: Path, run: Run) -> None:
    entry = {"path": place / "no/file", "content": ""}
    assert run(entry, check=True)["changed_files"] == [f"{place}/no/file"]
    assert run(entry)["failed"] is True


def test_a_failure_before_the_first_change(
    place: Path, run: Run, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot()

    def refuse(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    result = run({"path": place / "config.yaml", "content": "new\n"})
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["msg"] == f"{place}/config.yaml: Input/output error. Nothing was changed."
    assert snapshot() == before


def test_a_failure_after_the_first_change(place: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: str) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(store.shutil, "rmtree", refuse)
    result = run(
        {"path": place / "config.yaml", "content": "new\n"},
        {"path": place / "tree", "state": "absent"},
        {"path": place / "new", "content": ""},
    )
    assert result["msg"] == f"{place}/tree: Operation not permitted. Already changed: {place}/config.yaml."
    assert (result["failed"], result["changed"]) == (True, True)
    assert sorted(path.name for path in place.iterdir()) == ["config.yaml", "current", "stale", "tree"]


def test_a_place_that_cannot_be_read(place: Path, run: Run) -> None:
    (place / "loop").symlink_to("loop")
    result = run({"path": place / "loop/file", "content": ""}, check=True)
    assert result["failed"] is True
    assert result["msg"] == f"{place}/loop/file: Too many levels of symbolic links."


@pytest.mark.parametrize("check", [True, False])
def test_a_secret_is_nowhere_in_the_result(place: Path, run: Run, check: bool) -> None:
    (place / "config.yaml").write_text("former-password")
    good = run({"path": place / "config.yaml", "secret_content": "new-password"}, check=check)
    bad = run({"path": place / "tree", "secret_content": "new-password"}, check=check)
    assert (good["changed"], bad["failed"]) == (True, True)
    assert "password" not in json.dumps([good, bad])
    assert (place / "config.yaml").read_text() == ("former-password" if check else "new-password")


def test_ansible_core_logs_by_the_method_that_is_replaced(
    place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The method is private to ansible-core: if it is no longer called, contents are in the log of the host."""
    logged: list[object] = []
    invocations: list[object] = []

    def replaced(module: AnsibleModule) -> None:
        invocations.append(module.params["files"][0]["content"])

    assert "_log_invocation" in vars(AnsibleModule)
    monkeypatch.setattr(files._Module, "_log_invocation", replaced)
    monkeypatch.setattr(AnsibleModule, "log", lambda _self, *words, **more: logged.append((words, more)))
    run({"path": place / "new", "content": "plain text\n"})
    assert (invocations, logged) == (["plain text\n"], [])


@pytest.mark.parametrize("secret", ["password", "a: 1\nb: password\n", "it's a password", "pässword-password\t"])
def test_a_secret_is_not_in_the_log_of_the_host(
    secret: str, place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[object] = []
    monkeypatch.setattr(AnsibleModule, "log", lambda _self, *words, **more: logged.append((words, more)))
    run({"path": place / "config.yaml", "secret_content": secret}, {"path": place / "new", "content": "plain text\n"})
    (invocation,) = map(str, logged)
    assert "password" not in invocation
    assert str(place / "config.yaml") in invocation


def test_the_examples_are_accepted(place: Path, run: Run) -> None:
    tasks = [task["streamops.flink.files"] for task in yaml.safe_load(files.EXAMPLES)]
    for task in tasks:
        entries = [{**entry, "path": str(place) + entry["path"]} for entry in task["files"]]
        assert run(*entries, check=True)["changed"] is True


def test_the_result_is_as_documented(place: Path, run: Run) -> None:
    returned = yaml.safe_load(files.RETURN)
    result = run({"path": place / "new", "content": ""})
    assert set(returned) == set(result) - {"changed", "invocation"}
    assert set(returned["diff"]["sample"][0]) == set(result["diff"][0])


@pytest.mark.parametrize("check", [True, False])
def test_a_directory_goes_if_nothing_is_left_in_it(place: Path, run: Run, check: bool) -> None:
    (place / "full").mkdir()
    for name in ("ours", "theirs"):
        (place / "full" / name).write_text("")
    entries = (
        {"path": place / "tree/below/file", "state": "absent"},
        {"path": place / "tree/below", "state": "absent", "only_empty": True},
        {"path": place / "full/ours", "state": "absent"},
        {"path": place / "full", "state": "absent", "only_empty": True},
        {"path": place / "missing", "state": "absent", "only_empty": True},
    )
    removed = [str(entry["path"]) for entry in entries[:3]]
    assert run(*entries, check=check)["changed_files"] == removed
    if not check:
        assert sorted(path.name for path in place.rglob("full/*")) == ["theirs"]
        assert run(*entries)["changed"] is False


AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="owners are changed by root alone")
USER, OTHER = 1234, 5678
LOGS = {"state": "directory", "mode": "0750", "owner": str(USER), "group": str(USER), "only_new": True}


def rights(path: Path) -> tuple[int, int]:
    there = path.lstat()
    return there.st_uid, stat.S_IMODE(there.st_mode)


@pytest.fixture
def of_user(place: Path) -> Path:
    """A directory where the user may place anything."""
    directory = place / "of_user"
    directory.mkdir()
    os.chown(directory, USER, USER)
    return directory


# Who owns a link, and whether it is in a directory of the user's, and what is said instead of following it.
LINKS: dict[str, tuple[int, bool, str]] = {
    "the user placed": (USER, True, "is a link of user 1234, which root does not follow."),
    "root placed where the user may replace it": (0, True, "is a link of user 1234, which root does not follow."),
    "the user placed in a directory of root": (USER, False, "is a link of user 1234, which root does not follow."),
}


@AS_ROOT
@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("below", ["", "/deep/er"], ids=["itself", "below it"])
@pytest.mark.parametrize(("owner", "in_users", "sentence"), LINKS.values(), ids=LINKS)
def test_root_follows_no_link_that(
    owner: int,
    in_users: bool,
    sentence: str,
    below: str,
    check: bool,
    place: Path,
    of_user: Path,
    run: Run,
    snapshot: Snapshot,
) -> None:
    (place / "secrets").mkdir(mode=0o700)
    link = (of_user if in_users else place) / "log"
    link.symlink_to(place / "secrets")
    os.chown(link, owner, owner, follow_symlinks=False)
    before = snapshot()
    result = run({**LOGS, "path": f"{link}{below}", "only_new": False}, check=check)
    assert result["failed"] is True
    assert result["msg"].startswith(f"files[0].path: {link}{below}: {link} {sentence}")
    assert snapshot() == before


@AS_ROOT
def test_root_follows_a_link_of_its_own(place: Path, run: Run) -> None:
    (place / "log").symlink_to("tree")
    run({**LOGS, "path": place / "log/flink"})
    assert rights(place / "tree/flink") == (USER, 0o750)


@AS_ROOT
@pytest.mark.parametrize("entry", [{"content": ""}, {"state": "link", "target": "x"}, {"state": "absent"}])
def test_what_root_relies_on_is_not_where_another_may_replace_it(
    entry: dict[str, t.Any], of_user: Path, run: Run
) -> None:
    result = run({**entry, "path": of_user / "run"})
    assert result["msg"] == (
        f"files[0].path: {of_user}/run: {of_user} belongs to user 1234, who could replace what root writes there. Give "
        f"{of_user} to root (chown), or choose a place whose parents are root's."
    )


@AS_ROOT
def test_nor_where_everybody_may(place: Path, run: Run) -> None:
    place.chmod(0o777)
    result = run({"path": place / "config.yaml", "content": "new"})
    assert f"{place} may be written by everybody" in result["msg"]
    place.chmod(0o1777)
    assert run({"path": place / "config.yaml", "content": "new"})["changed"] is True


@AS_ROOT
def test_directories_of_a_user_may_be_below_one_another(of_user: Path, run: Run) -> None:
    entries = [{**LOGS, "path": of_user / path} for path in ("data", "data/tmp", "more/deep")]
    assert run(*entries)["changed"] is True
    assert [rights(of_user / path) for path in ("data", "data/tmp", "more/deep")] == [(USER, 0o750)] * 3
    assert run(*entries)["changed"] is False


@AS_ROOT
def test_nor_below_those_of_a_third(of_user: Path, run: Run) -> None:
    result = run({**LOGS, "path": of_user / "log", "owner": str(OTHER)})
    assert f"{of_user} belongs to user 1234" in result["msg"]


@AS_ROOT
def test_a_directory_that_is_there_keeps_what_it_has(place: Path, run: Run) -> None:
    (place / "tree").chmod(0o1777)
    assert run({**LOGS, "path": place / "tree"})["changed"] is False
    assert rights(place / "tree") == (0, 0o1777)


@AS_ROOT
def test_a_directory_that_another_one_takes_the_place_of(
    of_user: Path, place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the moment it is made and the one it is given away: only an empty one is given."""
    real = store.opened

    def exchange(path: Path) -> t.Any:
        path.rmdir()
        (place / "tree").rename(path)
        return real(path)

    monkeypatch.setattr(store, "opened", exchange)
    monkeypatch.setattr(store, "_TURN_SECONDS", 0)
    result = run({**LOGS, "path": of_user / "log"})
    assert result["msg"] == f"{of_user}/log: somebody else works in the same directory. Nothing was changed."
    assert rights(of_user / ".log.ansible-new") == (0, 0o755)


@AS_ROOT
def test_a_killed_run_leaves_no_directory_with_other_rights(
    place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(_place: Path, _attributes: object) -> t.NoReturn:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(store, "_set_attributes", kill)
        # What is tidied up then is not, if it is killed in earnest.
        patch.setattr(type(place), "rmdir", lambda _path: None)
        with pytest.raises(Killed):
            run({**LOGS, "path": place / "log"})
    assert not (place / "log").exists()
    assert (place / ".log.ansible-new").exists()
    assert run({**LOGS, "path": place / "log"})["changed"] is True
    assert rights(place / "log") == (USER, 0o750)
    assert not (place / ".log.ansible-new").exists()


class Selinux:
    """The part of ansible-core's binding to libselinux that AnsibleModule calls, with a policy of types by name."""

    def __init__(self) -> None:
        self.enabled = 1
        self.types: dict[str, str] = {}
        self.contexts: dict[tuple[int, int], str] = {}
        self.set: list[tuple[str, str]] = []
        self.refuses = ""

    def is_selinux_enabled(self) -> int:
        return self.enabled

    def is_selinux_mls_enabled(self) -> int:
        return 1

    def matchpathcon(self, path: str, _mode: int) -> list[t.Any]:
        if path not in self.types:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return [0, f"system_u:object_r:{self.types[path]}:s0"]

    def lgetfilecon_raw(self, path: str) -> list[t.Any]:
        return [0, self.contexts.get(self._identity(path), "unconfined_u:object_r:etc_t:s0:c1,c2")]

    def lsetfilecon(self, path: str, context: str) -> int:
        if self.refuses and self.refuses in path:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        self.contexts[self._identity(path)] = context
        self.set.append((path, context))
        return 0

    def kind(self, path: Path) -> str:
        """The type of what is there."""
        return str(self.lgetfilecon_raw(str(path))[1]).split(":")[2]

    @staticmethod
    def _identity(path: str) -> tuple[int, int]:
        found = os.lstat(path)
        return found.st_dev, found.st_ino


@pytest.fixture
def selinux(monkeypatch: pytest.MonkeyPatch) -> Selinux:
    """What ansible-core finds on a host with SELinux."""
    fake = Selinux()
    monkeypatch.setattr(basic, "HAVE_SELINUX", True)
    monkeypatch.setattr(basic, "selinux", fake, raising=False)
    return fake


# An entry, the name that it is about, and the type that this has in the end; by default all have etc_t.
LABELLED: dict[str, tuple[dict[str, t.Any], str, str]] = {
    "a new file": ({"path": "new", "content": "x"}, "new", "new_t"),
    "a new directory": ({"path": "new", "state": "directory", "mode": "0700"}, "new", "new_t"),
    "a new content": ({"path": "config.yaml", "content": "new"}, "config.yaml", "config_t"),
    "another mode of a file": ({"path": "config.yaml", "content": "a: 1\n", "mode": "0600"}, "config.yaml", "config_t"),
    "another mode of a directory": ({"path": "tree", "state": "directory", "mode": "0700"}, "tree", "tree_t"),
    "what is as it should be stays as it is": ({"path": "config.yaml", "content": "a: 1\n"}, "config.yaml", "etc_t"),
    "a link has the type of where it is": ({"path": "new", "state": "link", "target": "v2"}, "new", "etc_t"),
    "and so has what the policy does not know": ({"path": "unknown", "content": "x"}, "unknown", "etc_t"),
}


@pytest.mark.parametrize(("entry", "name", "kind"), LABELLED.values(), ids=LABELLED)
def test_contexts(place: Path, run: Run, selinux: Selinux, entry: dict[str, t.Any], name: str, kind: str) -> None:
    selinux.types = {f"{place}/{known}": f"{known.partition('.')[0]}_t" for known in ("new", "config.yaml", "tree")}
    assert "msg" not in run({**entry, "path": place / entry["path"]})
    assert selinux.kind(place / name) == kind


def test_a_context_is_that_of_the_place_from_the_beginning(place: Path, run: Run, selinux: Selinux) -> None:
    selinux.types = {f"{place}/config.yaml": "config_t"}
    run({"path": place / "config.yaml", "content": "new"})
    [(path, context)] = selinux.set
    # Categories that somebody else has set go, too.
    assert (path.rpartition("/")[2], context) == (".config.yaml.ansible-new", "system_u:object_r:config_t:s0")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root goes step by step")
@pytest.mark.parametrize("state", ["file", "directory"])
def test_a_context_is_set_where_root_has_gone(place: Path, run: Run, selinux: Selinux, state: str) -> None:
    names = {"file": "config.yaml", "directory": "tree"}
    selinux.types = {f"{place}/{names[state]}": "new_t"}
    content = {"content": "a: 1\n"} if state == "file" else {}
    run({"path": place / names[state], "state": state, "mode": "0700", **content})
    [(path, _context)] = selinux.set
    assert path.startswith("/proc/self/fd/")


@pytest.mark.parametrize("check", [False, True])
def test_no_context_is_set(place: Path, run: Run, selinux: Selinux, check: bool) -> None:
    selinux.enabled = int(check)
    selinux.types = {f"{place}/new": "new_t"}
    assert run({"path": place / "new", "content": "x"}, check=check)["changed"]
    assert selinux.set == []


@pytest.mark.parametrize("state", ["file", "directory"])
def test_a_context_that_cannot_be_set(place: Path, run: Run, snapshot: Snapshot, selinux: Selinux, state: str) -> None:
    selinux.types = {f"{place}/new": "new_t"}
    selinux.refuses = "new"
    before = snapshot()
    result = run({"path": place / "new", "state": state, **({"content": "x"} if state == "file" else {})})
    assert result["failed"]
    assert "invalid selinux context: [Errno 1] Operation not permitted" in result["msg"]
    assert snapshot() == before
