# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Debian hosts to test on: podman containers in which systemd runs, reached by SSH as real hosts are.

Hosts belong to a fleet, a network of its own in which they know each other by name. `up` makes or starts hosts and
prints the path of an SSH configuration that leads to them, for `ssh -F` and for the ssh_args of Ansible. SSH talks
through podman to an sshd inside, so a host needs no address, and one without a network is reached as well. Fleets of
other checkouts are out of sight. An image is made once, from the packages of Debian, and kept in `$FLINK_CACHE`.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import typing as t
from pathlib import Path

import flink_archive

ROOT = Path(__file__).resolve().parents[1]
ID = f"flink-{hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:6]}"
REPOSITORY = "localhost/streamops-flink-host"
AUTHORIZED_KEYS = "/etc/ssh/authorized_keys"
BOOT_SECONDS = 300
ATTEMPTS = 20

# No more processes than a number of one can have, which some kernels and container runtimes insist on.
MOST_PROCESSES = 32768


# crun, which podman prefers, refuses controllers of both versions of cgroups beside each other.
RUNTIME = ("--runtime=runc",) if Path("/sys/fs/cgroup/unified").is_dir() else ()


@dataclasses.dataclass(frozen=True)
class Recipe:
    """What an image is made of."""

    suite: str
    java: str = ""

    packages = (
        *("ca-certificates", "dbus", "iproute2", "openssh-server", "openssh-sftp-server", "procps"),
        *("python3", "sudo", "systemd", "systemd-sysv"),
    )
    # sshd runs only when called upon, the kernel is not ours, and nothing happens by the clock in the middle of a test.
    # The user is an operator who has to become root.
    masked = (
        *("apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "systemd-tmpfiles-clean.timer"),
        *("ssh.service", "getty.target", "systemd-logind.service", "systemd-remount-fs.service"),
        *("systemd-binfmt.service", "systemd-modules-load.service", "systemd-sysctl.service"),
    )
    # A JVM of a test lives for minutes: its second compiler would take a third of its start and pay nothing back.
    environment = "[Manager]\\nDefaultEnvironment=JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1\\n"
    hooks = (
        f"systemctl --root=$1 mask {' '.join(masked)}",
        "chroot $1 useradd --create-home --shell=/bin/bash --password='*' ops",
        "echo 'ops ALL=(ALL) NOPASSWD: ALL' >$1/etc/sudoers.d/ops",
        "echo 'd /run/sshd 0755' >$1/etc/tmpfiles.d/sshd.conf",
        "mkdir $1/etc/systemd/system.conf.d",
        f"printf '{environment}' >$1/etc/systemd/system.conf.d/java.conf",
        "rm -f $1/etc/hostname $1/etc/resolv.conf; : >$1/etc/machine-id",
    )

    def command(self, target: Path) -> list[str]:
        """The command that writes the root file system of the image."""
        packages = ",".join((*self.packages, *filter(None, [self.java])))
        hooks = [f"--customize-hook={hook}" for hook in self.hooks]
        return ["mmdebstrap", "--variant=minbase", f"--include={packages}", *hooks, self.suite, str(target)]

    def tag(self, name: str) -> str:
        """A name that another recipe does not have."""
        digest = hashlib.sha256(json.dumps(self.command(Path("tar"))).encode()).hexdigest()
        return f"{name}-{digest[:12]}"


IMAGES = {
    "bare": Recipe("bookworm"),
    "java": Recipe("bookworm", "openjdk-17-jre-headless"),
    "trixie": Recipe("trixie"),
}

# The journal of the units, and the end of every log, of Flink.
LOGS = """
journalctl --no-pager --no-hostname --lines=80 --unit='*flink*' 2>&1
find / -xdev -regextype egrep \
    -regex '.*/(jobmanager|taskmanager-[0-9]+|historyserver|sql-gateway|zookeeper)[.](log|out)' \
    -size +0 -exec tail --verbose --lines=60 {} + 2>&1
"""


class Wanted(t.NamedTuple):
    """A host that is to be there."""

    name: str
    image: str

    @classmethod
    def parse(cls, text: str) -> Wanted:
        """`NAME`, or `NAME:IMAGE`."""
        name, _colon, image = text.partition(":")
        if image and image not in IMAGES:
            raise argparse.ArgumentTypeError(f"there is no image {image!r}, but {', '.join(IMAGES)}")
        return cls(name, image or "java")


class HostsError(Exception):
    """What stands in the way, in one sentence."""


class Fleet:
    """Hosts that reach each other by name."""

    def __init__(self, name: str) -> None:
        self.network = f"{ID}-{name}"
        self.directory = ROOT / ".build" / "hosts" / name
        self.ssh_config = self.directory / "ssh_config"

    def up(self, wanted: t.Sequence[Wanted], *, offline: bool = False, options: t.Sequence[str] = ()) -> None:
        """Start those of the hosts that are stopped, and make those that are not there."""
        there, running = self.hosts(all_=True), self.hosts()
        stopped = [host.name for host in wanted if host.name in there and host.name not in running]
        missing = [host for host in wanted if host.name not in there]
        for name in stopped:
            say(f"Starting {name}")
            podman("start", self.container(name))
        sources = {image: provide_image(image) for image in dict.fromkeys(host.image for host in missing)}
        if missing:
            self._provide_access()
            if not offline and podman("network", "exists", self.network, check=False).returncode != 0:
                podman("network", "create", self.network)
        for host in missing:
            say(f"Making {host.name} with the image {host.image}")
            self._make(host.name, sources[host.image], offline=offline, options=options)
        for name in [*stopped, *(host.name for host in missing)]:
            self._wait(name)
        if (stopped or missing) and not offline:
            self._wait_for_names()

    def stop(self, names: t.Sequence[str]) -> None:
        """Cut the power of the hosts; their disks stay."""
        end("stop", "--time=0", *(self.container(name) for name in names))

    def down(self, names: t.Sequence[str] = ()) -> None:
        """End the hosts, or the whole fleet with all that was made for it."""
        containers = [self.container(name) for name in names or self.hosts(all_=True)]
        if containers:
            end("rm", "--force", "--ignore", "--time=0", "--volumes", *containers)
        if not names:
            podman("network", "rm", "--force", self.network, check=False)
            shutil.rmtree(self.directory, ignore_errors=True)

    def hosts(self, *, all_: bool = False) -> list[str]:
        """The hosts that run, or all of them."""
        listing = podman("ps", f"--all={all_}", f"--filter=label=fleet={self.network}", "--format={{.Names}}")
        return sorted(container.removeprefix(f"{self.network}-") for container in listing.stdout.split())

    def logs(self) -> str:
        """What the hosts that run have to say about Flink."""
        return "".join(
            f"\n===== {name}\n{podman('exec', self.container(name), 'sh', '-c', LOGS, check=False).stdout}"
            for name in self.hosts()
        )

    def container(self, name: str) -> str:
        """What podman calls the host."""
        return f"{self.network}-{name}"

    def _make(self, name: str, source: str, *, offline: bool, options: t.Sequence[str]) -> None:
        command = ["run", "--detach", f"--name={self.container(name)}", f"--label=fleet={self.network}"]
        command += [f"--hostname={name}", "--systemd=always", "--privileged", *_limits()]
        command += ["--network=none"] if offline else [f"--network={self.network}", f"--network-alias={name}"]
        command += [f"--volume={self.directory / 'key.pub'}:{AUTHORIZED_KEYS}:ro"]
        podman(*command, *(f"--{option}" for option in options), source, "/sbin/init")

    def _wait(self, name: str) -> None:
        """Wait until systemd has started everything."""
        boot = ["systemctl", "is-system-running", "--wait"]
        deadline = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < deadline:
            state = podman("exec", self.container(name), *boot, check=False).stdout.strip()
            if state == "running":
                return
            if state == "degraded":
                failed = podman("exec", self.container(name), "systemctl", "list-units", "--failed", "--plain").stdout
                raise HostsError(f"On {name} units have failed:\n{failed}")
            time.sleep(0.1)
        end = podman("logs", "--tail=20", self.container(name), check=False)
        raise HostsError(f"{name} is not up after {BOOT_SECONDS} seconds:\n{end.stdout}{end.stderr}")

    def _wait_for_names(self) -> None:
        """Wait until every host that runs knows every other: names cannot be asked for while a host joins or leaves."""
        names = self.hosts()
        deadline = time.monotonic() + BOOT_SECONDS
        for name in names:
            while podman("exec", self.container(name), "getent", "hosts", *names, check=False).returncode != 0:
                if time.monotonic() > deadline:
                    raise HostsError(f"{name} does not know all of {', '.join(names)} after {BOOT_SECONDS} seconds.")
                time.sleep(0.2)

    def _provide_access(self) -> None:
        """A key, and the configuration with which SSH uses it."""
        key = self.directory / "key"
        if not key.exists():
            self.directory.mkdir(parents=True, exist_ok=True)
            _run([_tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", self.network, "-f", str(key)])
        options = (
            f"AuthorizedKeysFile={AUTHORIZED_KEYS}",
            "UsePAM=no",
            "UseDNS=no",
            "LogLevel=ERROR",
            "MaxSessions=64",
        )
        sshd = " ".join(["/usr/sbin/sshd -i", *(f"-o {option}" for option in options)])
        # A socket has a path of 107 characters at most. It must not be shared with hosts of the same name elsewhere.
        sockets = Path(tempfile.gettempdir()) / f"{self.network}-{os.getuid()}"
        self.ssh_config.write_text(
            f"""\
Host *
    User root
    IdentityFile {key}
    IdentitiesOnly yes
    ProxyCommand {_tool("podman")} exec --interactive {self.network}-%n {sshd}
    StrictHostKeyChecking no
    UserKnownHostsFile /dev/null
    GlobalKnownHostsFile /dev/null
    LogLevel ERROR
    Compression no
    ControlMaster auto
    ControlPath {sockets}-%C
    ControlPersist 300
"""
        )


def provide_image(name: str) -> str:
    """The image of that name for podman, made first if it is not there."""
    recipe = IMAGES[name]
    image = f"{REPOSITORY}:{recipe.tag(name)}"
    packed = flink_archive.cache() / f"host-{recipe.tag(name)}.tar"
    if _is_image(image):
        return image
    with _lock():
        if not packed.exists():
            say(f"Making the image {name} from the packages of Debian, once")
            with tempfile.TemporaryDirectory(dir=packed.parent, prefix=".host-") as work:
                made = Path(work) / packed.name
                _run(recipe.command(made), program="mmdebstrap")
                made.replace(packed)
        if not _is_image(image):
            say(f"Importing the image {name}")
            podman("import", "--change=STOPSIGNAL=SIGRTMIN+3", str(packed), image)
    return image


@contextlib.contextmanager
def _lock() -> t.Iterator[None]:
    """One process at a time makes images."""
    with (flink_archive.cache() / ".host-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_image(image: str) -> bool:
    return podman("image", "exists", image, check=False).returncode == 0


def _limits() -> list[str]:
    """Limits that may be set without a privilege. What podman sets by itself is refused on some machines."""
    wanted = {"nofile": (resource.RLIMIT_NOFILE, 1048576), "nproc": (resource.RLIMIT_NPROC, MOST_PROCESSES)}
    limits = []
    for name, (number, most) in wanted.items():
        hard = resource.getrlimit(number)[1]
        value = most if hard == resource.RLIM_INFINITY else min(hard, most)
        limits.append(f"--ulimit={name}={value}:{value}")
    return limits


def podman(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run podman."""
    return _run([_tool("podman"), *RUNTIME, *arguments], check=check)


def end(*arguments: str) -> None:
    """Run podman to end processes, again when it loses patience: it allows them seconds, whatever the load is."""
    for _attempt in range(ATTEMPTS - 1):
        if podman(*arguments, check=False).returncode == 0:
            return
    podman(*arguments)


def _run(command: list[str], *, program: str = "", check: bool = True) -> subprocess.CompletedProcess[str]:
    if program:
        command = [_tool(program), *command[1:]]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if check and done.returncode != 0:
        raise HostsError(f"{shlex.join(command)} failed:\n{done.stderr.strip()}")
    return done


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise HostsError(f"{name} is not installed; TESTING.md lists what these hosts need.")
    return found


def say(text: str) -> None:
    """Tell how far things are, apart from the output."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="hosts", description=__doc__)
    parser.add_argument("--fleet", default="test", help="the fleet (default: %(default)s)")
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="make or start hosts; prints the path of an SSH configuration")
    up.add_argument(
        "wanted", metavar="NAME[:IMAGE]", nargs="+", type=Wanted.parse, help=f"{', '.join(IMAGES)} (default: java)"
    )
    up.add_argument("--offline", action="store_true", help="no network but the loopback interface")
    up.add_argument(
        "--with", dest="options", metavar="OPTION", action="append", default=[], help="for podman run: memory=2g"
    )
    stop = commands.add_parser("stop", help="cut the power of hosts, for up to start them again")
    stop.add_argument("names", metavar="NAME", nargs="+")
    down = commands.add_parser("down", help="end hosts, or the whole fleet")
    down.add_argument("names", metavar="NAME", nargs="*")
    commands.add_parser("list", help="print the names of the hosts that run")
    commands.add_parser("logs", help="print what the hosts have to say about Flink")
    shell = commands.add_parser("shell", help="a shell, or a command, on a host")
    shell.add_argument("name", metavar="NAME")
    shell.add_argument("words", metavar="WORD", nargs=argparse.REMAINDER)
    image = commands.add_parser("image", help="make images that are not there yet; prints their names in podman")
    image.add_argument("images", metavar="IMAGE", nargs="+", choices=IMAGES)
    arguments = parser.parse_args()
    try:
        _act(arguments, Fleet(arguments.fleet))
    except (HostsError, flink_archive.ArchiveError, OSError) as exc:
        sys.exit(f"hosts: {exc}")
    except KeyboardInterrupt:
        sys.exit(130)


def _act(arguments: argparse.Namespace, fleet: Fleet) -> None:
    match arguments.command:
        case "up":
            fleet.up(arguments.wanted, offline=arguments.offline, options=arguments.options)
            print(fleet.ssh_config)
        case "stop":
            fleet.stop(arguments.names)
        case "down":
            fleet.down(arguments.names)
        case "list":
            print(*fleet.hosts(), sep="\n")
        case "logs":
            print(fleet.logs())
        case "shell":
            command = [_tool("ssh"), "-F", str(fleet.ssh_config), arguments.name, *arguments.words]
            os.execv(command[0], command)
        case "image":
            for name in arguments.images:
                print(provide_image(name))


if __name__ == "__main__":
    main()
