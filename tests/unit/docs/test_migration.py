# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page about migration is what the code says, and the playbook does what the page says."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.migrate import migrate_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.read_file import read_lines
from ansible_collections.streamops.flink.plugins.plugin_utils._migration.yaml_file import read_yaml_lines
from ansible_collections.streamops.flink.tools import migration_page

ROOT = Path(__file__).resolve().parents[3]
OLD = "# ours\nstate.backend: rocksdb\nstate.backend.incremental: true  # small\n"
NEW = "# ours\nstate.backend.type: rocksdb\nexecution.checkpointing.incremental: true # small\n"

Run = t.Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def migrate(tmp_path: Path) -> Run:
    """Runs the playbook in the directory of the test."""

    def run(*variables: str, inventory: str = "localhost,") -> subprocess.CompletedProcess[str]:
        program = str(Path(sys.executable).with_name("ansible-playbook"))
        return subprocess.run(
            [program, "-i", inventory, "streamops.flink.migrate", *(f"-e{variable}" for variable in variables)],
            cwd=tmp_path,
            env={
                **os.environ,
                "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
                "ANSIBLE_LOCAL_TEMP": str(tmp_path / "tmp"),
                "PWD": str(tmp_path),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_page_is_what_the_code_says() -> None:
    assert migration_page.PAGE.read_text(encoding="utf-8") == migration_page.page(), "run tools/migration_page.py"


@pytest.mark.parametrize("path", sorted(migration_page.FILES.glob("*.conf")), ids=lambda path: path.stem)
def test_a_real_file_is_migrated_without_a_loss(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    given = [line.key for line in read_lines(text)]
    migrated = migrate_config(text, path.stem, migration_page.TARGET)
    assert [row["option"] for row in migrated["changes"]] == given
    assert {line.key: line.value for line in read_yaml_lines(migrated["text"]) if line.key} == migrated["config"]
    written = re.findall(r"^# dropped: ([^:]+): ", migrated["text"], re.MULTILINE)
    assert written == [row["option"] for row in migrated["changes"] if not row["to"]]


def test_the_playbook_writes_a_new_file_beside_the_old_one_and_never_over_another(tmp_path: Path, migrate: Run) -> None:
    old, new = tmp_path / "real", tmp_path / "config-2.3.yaml"
    old.write_text(OLD, encoding="utf-8")
    old.chmod(0o600)
    (tmp_path / "flink-conf.yaml").symlink_to(old)
    variables = ("flink_migrate_file=flink-conf.yaml", "flink_migrate_from=1.16", "flink_migrate_to=2.3")
    done = migrate(*variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert new.read_text(encoding="utf-8") == NEW
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    assert old.read_text(encoding="utf-8") == OLD
    assert "renamed: state.backend -> state.backend.type" in done.stdout
    again = migrate(*variables)
    assert "changed=0" in again.stdout
    new.write_text("rest.port: 1\n", encoding="utf-8")
    refused = migrate(*variables)
    assert refused.returncode != 0
    assert "config-2.3.yaml: expected no file there, or the same one, got another one." in refused.stdout
    assert new.read_text(encoding="utf-8") == "rest.port: 1\n"


def test_the_playbook_migrates_the_files_of_hosts(tmp_path: Path, migrate: Run) -> None:
    inventory = tmp_path / "inventory"
    inventory.write_text(
        f"[flink_jobmanagers]\nh1 flink_conf_dir={tmp_path}/h1\n"
        f"[flink_taskmanagers]\nh2 flink_migrate_host_file={tmp_path}/h2.yaml\nh3 flink_conf_dir={tmp_path}/h3\n"
        f"[all:vars]\nansible_connection=local\nansible_python_interpreter={sys.executable}\nflink_version=2.3.0\n"
        "flink_config_known_keys=['my.key']\n",
        encoding="utf-8",
    )
    (tmp_path / "h1").mkdir()
    (tmp_path / "h1/config.yaml").write_text("state: {backend: rocksdb} # a\nmy.key: 1\n", encoding="utf-8")
    (tmp_path / "h2.yaml").write_text("state.backend: hashmap\n", encoding="utf-8")
    (tmp_path / "h3").mkdir()
    (tmp_path / "h3/config.yaml").write_text("rest.port: 1\n", encoding="utf-8")
    (tmp_path / "h3/flink-conf.yaml").write_text("rest.port: 2\n", encoding="utf-8")
    done = migrate("flink_migrate_from=1.20", "flink_migrate_to=2.3", inventory=str(inventory))
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "h1/config-2.3.yaml").read_text() == "state.backend.type: rocksdb # a\nmy.key: 1\n"
    assert (tmp_path / "config-2.3.yaml").read_text() == "state.backend.type: hashmap\n"
    assert (tmp_path / "h3/config-2.3.yaml").read_text() == "rest.port: 2\n"
    assert "no option my.key" not in done.stdout


FAILURES: dict[str, tuple[tuple[str, ...], str]] = {
    "a file that is not there": (
        ("flink_migrate_file=flink-conf.yaml", "flink_migrate_from=1.16", "flink_migrate_to=2.3"),
        "flink-conf.yaml: expected a file that can be read, got none.",
    ),
    "releases that are numbers": (
        ("flink_migrate_file=x", '{"flink_migrate_from": 1.20, "flink_migrate_to": 2.3}'),
        "quote them where they would be numbers.",
    ),
    "no release": (
        ("flink_migrate_file=x",),
        "expected the release of the file and the one to migrate to.",
    ),
}


@pytest.mark.parametrize(("variables", "message"), FAILURES.values(), ids=FAILURES)
def test_the_playbook_fails_and_writes_nothing(
    variables: tuple[str, ...], message: str, tmp_path: Path, migrate: Run
) -> None:
    done = migrate(*variables)
    assert done.returncode != 0
    assert message in done.stdout
    assert not list(tmp_path.glob("*.yaml"))
