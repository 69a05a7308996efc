# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lines by which failures are known, in logs, in the journal and in exceptions, of every release line.

Texts of Flink are constants of its classes, of which each signature names one; those of the JVM are constants of
libjvm 17, those of the kernel and of systemd are what they log. A text that a release changed has a signature for each.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t


@dataclasses.dataclass(frozen=True)
class Signature:
    """A kind of failure: its code, and what a line of it looks like; named groups are its numbers and names.

    ``words`` are in every such line, which is much faster to find out; and where nothing has failed, Python need not
    compile the pattern, which it then keeps.
    """

    code: str
    words: str
    pattern: str

    def search(self, line: str) -> t.Match[str] | None:
        """Where a line is of it that has its words."""
        return re.search(self.pattern, line)


@dataclasses.dataclass(frozen=True)
class Match:
    """A line that is of a signature."""

    code: str
    fields: t.Mapping[str, str]


_OUT_OF_MEMORY = "OutOfMemoryError"

# The first that a line has counts: what says more comes before what says less.
SIGNATURES = (
    # HotSpot, on standard output: ExitOnOutOfMemoryError and CrashOnOutOfMemoryError.
    Signature(
        "exit-on-oom", "Terminating due to", r"Terminating due to java\.lang\.OutOfMemoryError: (?P<error>.{1,90})"
    ),
    Signature("crash-on-oom", "Aborting due to", r"Aborting due to java\.lang\.OutOfMemoryError: (?P<error>.{1,90})"),
    # Task: taskmanager.jvm-exit-on-oom.
    Signature(
        "jvm-exit-on-oom",
        "Encountered fatal error",
        r"Encountered fatal error java\.lang\.(?P<error>\w{1,60}) - terminating the JVM",
    ),
    # ClusterEntryPointExceptionUtils.
    Signature("jobmanager-heap", "heap space-related", r"A heap space-related out-of-memory error has occurred"),
    Signature("heap", _OUT_OF_MEMORY, r"java\.lang\.OutOfMemoryError: (?:Java heap space|GC overhead limit exceeded)"),
    Signature("array-size", _OUT_OF_MEMORY, r"java\.lang\.OutOfMemoryError: Requested array size exceeds VM limit"),
    # TaskManagerExceptionUtils and ClusterEntryPointExceptionUtils say more than the JVM.
    Signature(
        "metaspace",
        _OUT_OF_MEMORY,
        r"java\.lang\.OutOfMemoryError: (?:Metaspace|Compressed class space)(?:\. .{1,200}?(?P<master>Flink Master))?",
    ),
    Signature(
        "direct-memory",
        "direct buffer memory",
        r"Cannot reserve (?P<wanted>\d+) bytes of direct buffer memory"
        r" \(allocated: (?P<allocated>\d+), limit: (?P<limit>\d+)\)",
    ),
    Signature(
        "direct-memory",
        _OUT_OF_MEMORY,
        r"java\.lang\.OutOfMemoryError: Direct buffer memory(?:\. .{1,200}?(?P<master>Flink Master))?",
    ),
    # Netty: PlatformDependent.
    Signature(
        "direct-memory",
        "of direct memory",
        r"failed to allocate (?P<wanted>\d+) byte\(s\) of direct memory"
        r" \(used: (?P<allocated>\d+), max: (?P<limit>\d+)\)",
    ),
    Signature("threads", _OUT_OF_MEMORY, r"java\.lang\.OutOfMemoryError: unable to create (?:new )?native thread"),
    Signature(
        "threads", "Failed to start", r"Failed to start .{0,200}pthread_create failed \((?P<reason>[A-Z]{1,20})\)"
    ),
    # HotSpot: the system gives it no memory.
    Signature("native-memory", "There is insufficient memory", r"There is insufficient memory for the Java Runtime"),
    Signature(
        "native-memory",
        "os::commit_memory",
        r"os::commit_memory\(0x[0-9a-f]{1,16}, (?P<wanted>\d+), [^)]{1,40}\) failed; error='(?P<reason>[^']{1,60})'",
    ),
    # BatchShuffleReadBufferPool, 1.13 and newer.
    Signature(
        "batch-shuffle",
        "batch shuffle read buffer pool",
        r"Can't allocate enough direct buffer for batch shuffle read buffer pool"
        r" \(bytes allocated: (?P<allocated>\d+), bytes still needed: (?P<missing>\d+)\)",
    ),
    Signature(
        "batch-shuffle",
        "Illegal configuration",
        r"Illegal configuration, config value for '(?P<option>[^']{1,100})' must be no smaller than"
        r" '(?P<other>[^']{1,100})'",
    ),
    # NetworkBufferPool.
    Signature(
        "network-buffers",
        "Insufficient number of network buffers",
        r"Insufficient number of network buffers: required (?P<required>\d+), but only (?P<available>\d+) available\."
        r" The total number of network buffers is currently set to (?P<total>\d+) of (?P<segment>\d+) bytes each",
    ),
    Signature(
        "network-buffers",
        "requesting exclusive buffers",
        r"Timeout triggered when requesting exclusive buffers:"
        r" The total number of network buffers is currently set to (?P<total>\d+) of (?P<segment>\d+) bytes each",
    ),
    Signature(
        "network-wanted",
        "too high to satisfy",
        r"Memory usage \[(?P<usage>\d+)%\] is too high to satisfy all of the requests"
        r".{1,300}?missingMemory=(?:\S{1,20} \()?(?P<missing>\d+) bytes",
    ),
    Signature(
        "network-at-start",
        "for NetworkBufferPool",
        r"Could not allocate enough memory segments for NetworkBufferPool \(required \(M[Bb]\): (?P<required>\d+),"
        r" allocated \(M[Bb]\): (?P<allocated>\d+), missing \(M[Bb]\): (?P<missing>\d+)\)",
    ),
    # UnsafeMemoryBudget, MemoryManager; MutableHashTable and its like.
    Signature(
        "managed-memory",
        "bytes are remaining",
        r"Could not allocate (?P<wanted>\d+) bytes, only (?P<available>\d+) bytes are remaining",
    ),
    Signature("managed-memory", "Could not allocate", r"Could not allocate (?P<pages>\d+) pages"),
    Signature(
        "managed-memory",
        "shared memory resource",
        r"Could not created the shared memory resource of size (?P<wanted>\d+)\. Not enough memory left",
    ),
    Signature("managed-memory", "The fraction of memory", r"The fraction of memory to allocate should not be 0"),
    Signature("managed-memory", "memory segments provided", r"Too few memory segments provided"),
    Signature("managed-memory", "Hash join exceeded", r"Hash join exceeded maximum number of recursions"),
    # RocksDBOperationUtils, ForStOperationUtils: it works, badly.
    Signature(
        "rocksdb-small",
        "performance will be poor",
        r"performance will be poor because of the current Flink memory configuration(?:.{1,400}?"
        r"arenaBlockSize (?P<arena>\d+) > mutableLimit (?P<limit>\d+) \(writeBufferSize = (?P<write_buffer>\d+),"
        r".{1,120}?writeBufferManagerCapacity = (?P<capacity>\d+)\))?",
    ),
    # No failure: the managed memory of a slot in which RocksDB begins. EmbeddedRocksDBStateBackend.
    Signature(
        "rocksdb-share", "Obtained shared RocksDB", r"Obtained shared RocksDB cache of size (?P<share>\d+) bytes"
    ),
    # MemCheckpointStreamFactory; the limit is named from 1.13 on.
    Signature(
        "state-size",
        "Size of the state",
        r"Size of the state is larger than the maximum permitted memory-backed state\."
        r" Size=(?P<size>\d+)(?: ?, maxSize=(?P<limit>\d+))?",
    ),
    # AkkaInvocationHandler, AkkaRpcActor and PekkoRpcActor; the transport below them.
    Signature(
        "rpc-size",
        "rpc invocation size",
        r"The rpc invocation size (?P<size>\d+) exceeds the maximum akka framesize",
    ),
    Signature(
        "rpc-size",
        "exceeds the maximum size",
        r"result size (?P<size>\d+) {1,2}exceeds the maximum size (?P<limit>\d+)",
    ),
    Signature(
        "rpc-size",
        "oversized payload",
        r"Discarding oversized payload sent to .{1,300}?: max allowed size (?P<limit>\d+) bytes,"
        r" actual size of encoded .{1,200}? was (?P<size>\d+) bytes",
    ),
    # CheckpointFailureManager, CheckpointFailureReason.
    Signature(
        "checkpoint-failed",
        "heckpoint",
        r"(?P<reason>Exceeded checkpoint tolerable failure threshold|Checkpoint expired before completing"
        r"|Asynchronous task checkpoint failed)\.",
    ),
    # DeclarativeSlotPoolService says in numbers what others say in words.
    Signature(
        "slots",
        "Registered TMs",
        r"Registered TMs: (?P<taskmanagers>\d+), registered slots: (?P<slots>\d+) free slots: (?P<free>\d+)",
    ),
    Signature("slots", "Could not acquire", r"Could not acquire the minimum required resources"),
    Signature("slots", "slot request timeout", r"Could not allocate the required slot within slot request timeout"),
    Signature("slots", "all requires slots", r"Could not allocate all requires slots within timeout of"),
    Signature("slots", "Not enough free slots", r"Not enough free slots available to run the job"),
    Signature("slots", "Could not fulfill", r"Could not fulfill resource requirements of job (?P<job>[0-9a-f]{1,64})"),
    Signature("slots", "Pending slot request", r"Pending slot request (?:timed out in |\S{1,100} timed out)"),
    Signature("slots", "is unfulfillable", r"Requested resource profile \((?P<profile>.{1,400}?)\) is unfulfillable"),
    # Task, in the words of 1.10 - 1.12 and of 1.13.
    Signature(
        "stuck-task", "did not react to cancelling", r"Task '(?P<task>.{1,300}?)' did not react to cancelling signal"
    ),
    Signature(
        "start-refused",
        "memory configuration failed",
        r"(?P<kind>TaskManager|JobManager) memory configuration failed: (?P<reason>.{1,400})",
    ),
    # Configuration: a value of the wrong type, where its option is first read. Secrets are not told.
    Signature(
        "start-refused",
        "Could not parse value",
        r"(?P<reason>Could not parse value (?:'[^']{0,200}' )?for key '[^']{1,200}')",
    ),
    Signature("start-refused", "IllegalConfigurationException", r"IllegalConfigurationException: (?P<reason>.{1,400})"),
    # What one process says of another that it does not hear any more: never a cause.
    Signature(
        "heartbeat",
        "eartbeat of",
        r"[Hh]eartbeat of (?P<kind>TaskManager|JobManager|ResourceManager) with id (?P<id>\S{1,200}) {1,2}timed out",
    ),
    Signature(
        "lost-taskmanager",
        "is no longer reachable",
        r"(?P<kind>TaskManager|JobManager|ResourceManager) with id (?P<id>\S{1,200}) is no longer reachable",
    ),
    # CreditBasedPartitionRequestClientHandler; some releases name the ID as well.
    Signature(
        "lost-connection",
        " task manager '",
        r"(?:Connection unexpectedly closed by remote|Lost connection to) task manager"
        r" '(?P<address>[^' ]{1,200})(?: \[ (?P<id>[^\] ]{1,200}) \] )?'",
    ),
    # FatalExitExceptionHandler, TaskManagerRunner, TaskExecutor, ClusterEntrypoint.
    Signature(
        "fatal-error",
        "produced an uncaught exception",
        r"FATAL: Thread '(?P<thread>[^']{1,200})' produced an uncaught exception\. Stopping the process",
    ),
    Signature(
        "fatal-error",
        "with exit code",
        r"Terminating (?:TaskManagerRunner|cluster entrypoint process \w{1,100}) with exit code"
        r" (?P<exit_code>[1-9]\d*)\.",
    ),
    Signature(
        "fatal-error",
        "atal error occurred",
        r"Fatal error occurred (?:in TaskExecutor|in ResourceManager|in the cluster entrypoint|on JobManager"
        r"|while executing the TaskManager)",
    ),
    Signature(
        "not-registered",
        "Could not register",
        r"Could not register at the ResourceManager within the specified maximum registration duration"
        r" (?P<duration>[^.]{1,40})\.",
    ),
    # SignalHandler: somebody wants it to stop.
    Signature(
        "signal-term",
        "RECEIVED SIGNAL",
        r"RECEIVED SIGNAL (?P<number>\d+): SIG(?P<signal>[A-Z]{1,10})\. Shutting down as requested",
    ),
    # HotSpot, before anything of Flink runs.
    Signature(
        "jvm-start",
        "Could not reserve enough space",
        r"Could not reserve enough space for (?:(?P<heap>\d+)KB )?(?:object heap|code cache)",
    ),
    Signature("jvm-start", "initialization of VM", r"Error occurred during initialization of VM"),
    Signature("jvm-start", "Unrecognized VM option", r"Unrecognized VM option '(?P<option>[^']{1,200})'"),
    Signature("jvm-start", "Could not create the Java", r"Error: Could not create the Java Virtual Machine"),
    Signature(
        "java-version",
        "UnsupportedClassVersionError",
        r"UnsupportedClassVersionError: (?P<name>\S{1,200}) has been compiled by a more recent version",
    ),
    Signature("address-in-use", "Address already in use", r"Address already in use"),
    Signature("slow-start", "Futures timed out", r"Futures timed out after \[(?P<milliseconds>\d+) milliseconds\]"),
    Signature("disk-full", "No space left on device", r"No space left on device"),
    # FlinkUserCodeClassLoaders, 1.12 and newer.
    Signature("class-loader-closed", "closed classloader", r"Trying to access closed classloader"),
    # No failure of its own: whose error the next lines of a JobManager's log are. Execution.
    Signature(
        "task-failed",
        "to FAILED on",
        r"switched from [A-Z]{1,20} to FAILED on (?P<id>\S{1,200})(?: @ (?P<host>\S{1,200}))?",
    ),
    # The kernel, and systemd-oomd.
    Signature("oom-invoked", "invoked oom-killer", r"(?:^|\] )(?P<thread>.{1,15}) invoked oom-killer:"),
    Signature(
        "oom-kill",
        "oom-kill:constraint=",
        r"oom-kill:constraint=(?P<constraint>CONSTRAINT_[A-Z_]{1,30}),"
        r"(?:.{0,600}?oom_memcg=(?P<limited>[^,]{1,400}),)?.{0,600}?(?:task_memcg=(?P<cgroup>[^,]{1,400}),)?"
        r"task=(?P<task>[^,]{1,60}),pid=(?P<pid>\d+),",
    ),
    Signature(
        "oom-killed",
        "Killed process",
        r"[Oo]ut of memory(?: \(oom_kill_allocating_task\))?: Killed process (?P<pid>\d+) \((?P<task>[^)]{0,60})\)"
        r".{0,20} total-vm:\d+kB, anon-rss:(?P<anonymous>\d+)kB, file-rss:(?P<file>\d+)kB",
    ),
    Signature("oomd-kill", "systemd-oomd killed", r"systemd-oomd killed (?P<count>\d+) process"),
)


def match(line: str) -> Match | None:
    """The first signature that a line has. A line is at most some thousand characters."""
    for signature in SIGNATURES:
        found = signature.search(line) if signature.words in line else None
        if found:
            return Match(signature.code, {key: value for key, value in found.groupdict().items() if value is not None})
    return None
