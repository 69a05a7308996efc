# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A line of every failure that is known, as it stands in a log: its code, and what it says."""

from __future__ import annotations

_NETWORK = (
    "The total number of network buffers is currently set to 8 of 32768 bytes each. You can increase this number by"
    " setting the configuration keys 'taskmanager.memory.network.fraction', 'taskmanager.memory.network.min', and"
    " 'taskmanager.memory.network.max'."
)
_TWO_THINGS = "This can mean two things: either"
_TASK = "2026-11-26 22:02:12,414 ERROR org.apache.flink.runtime.taskmanager.Task                    [] - "

# What was logged by a live cluster, a JVM or a kernel.
SEEN: dict[str, tuple[str, str, dict[str, str]]] = {
    "a task of 1.13 fails for want of heap": (
        (
            "2026-11-26 22:32:12,027 WARN  org.apache.flink.runtime.taskmanager.Task                    [] -"
            " Source: Sequence"
            " Source -> Map (1/2)#0 (721fac8bca2e85143636ab90aeea47f2) switched from RUNNING to FAILED with"
            " failure cause:"
            " java.lang.OutOfMemoryError: Java heap space"
        ),
        "heap",
        {},
    ),
    "a JobManager of 2.3 repeats an error of the heap": (
        "Caused by: java.lang.OutOfMemoryError: Java heap space",
        "heap",
        {},
    ),
    "the parallel collector gives up": ("java.lang.OutOfMemoryError: GC overhead limit exceeded", "heap", {}),
    "the JVM of a TaskManager ends itself for want of heap": (
        "Terminating due to java.lang.OutOfMemoryError: Java heap space",
        "exit-on-oom",
        {"error": "Java heap space"},
    ),
    "the JVM crashes itself for want of metaspace": (
        "Aborting due to java.lang.OutOfMemoryError: Metaspace",
        "crash-on-oom",
        {"error": "Metaspace"},
    ),
    "a task of 1.20 ends its JVM": (
        f"{_TASK}Encountered fatal error java.lang.OutOfMemoryError - terminating the JVM",
        "jvm-exit-on-oom",
        {"error": "OutOfMemoryError"},
    ),
    "a task of 2.3 finds no metaspace": (
        (
            "java.lang.OutOfMemoryError: Metaspace. The metaspace out-of-memory error has occurred."
            f" {_TWO_THINGS} the job"
            " requires a larger size of JVM metaspace to load classes or there is a class loading leak."
        ),
        "metaspace",
        {},
    ),
    "a log of 1.20 cannot be written for want of metaspace": (
        (
            "2026-11-26T21:57:34.716851349Z Source: Sequence Source -> Map (2/2)#0 ERROR An exception occurred"
            " processing"
            " Appender ConsoleAppender org.apache.logging.log4j.core.appender.AppenderLoggingException:"
            " java.lang.OutOfMemoryError: Metaspace"
        ),
        "metaspace",
        {},
    ),
    "Java 17 finds no direct memory": (
        (
            "java.lang.OutOfMemoryError: Cannot reserve 1048576 bytes of direct buffer memory (allocated: 150465730,"
            " limit: 150994944)"
        ),
        "direct-memory",
        {"wanted": "1048576", "allocated": "150465730", "limit": "150994944"},
    ),
    "a task of 1.20 finds no direct memory": (
        (
            "java.lang.OutOfMemoryError: Direct buffer memory. The direct out-of-memory error has occurred."
            f" {_TWO_THINGS}"
            " job(s) require(s) a larger size of JVM direct memory or there is a direct memory leak."
        ),
        "direct-memory",
        {},
    ),
    "a task of 2.3 gets no thread": (
        (
            "java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or"
            " process/resource limits"
            " reached"
        ),
        "threads",
        {},
    ),
    "a JVM gets no thread": (
        (
            '[63.608s][warning][os,thread] Failed to start thread "Unknown thread" - pthread_create failed (EAGAIN) for'
            " attributes: stacksize: 1024k, guardsize: 0k, detached."
        ),
        "threads",
        {"reason": "EAGAIN"},
    ),
    "a task of 2.3 gets no network buffers": (
        f"java.io.IOException: Insufficient number of network buffers: required 3, but only 2 available. {_NETWORK}",
        "network-buffers",
        {"required": "3", "available": "2", "total": "8", "segment": "32768"},
    ),
    "RocksDB of 1.20 has too little": (
        (
            "2026-11-26 22:11:17,110 WARN  org.apache.flink.contrib.streaming.state.RocksDBOperationUtils [] -"
            " RocksDBStateBackend performance will be poor because of the current Flink memory configuration!"
            " RocksDB will"
            " flush memtable constantly, causing high IO and CPU. Typically the easiest fix is to increase task manager"
            " managed memory size. If running locally, see the parameter taskmanager.memory.managed.size. Details:"
            " arenaBlockSize 8388608 > mutableLimit 0 (writeBufferSize = 67108864, arenaBlockSizeConfigured = 0,"
            " defaultArenaBlockSize = 8388608, writeBufferManagerCapacity = 0)"
        ),
        "rocksdb-small",
        {"arena": "8388608", "limit": "0", "write_buffer": "67108864", "capacity": "0"},
    ),
    "RocksDB begins in a slot": (
        (
            "2026-11-26 22:35:05,822 INFO  org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend   [] -"
            " Obtained shared"
            " RocksDB cache of size 67108864 bytes"
        ),
        "rocksdb-share",
        {"share": "67108864"},
    ),
    "a JobMaster of 2.3 does not hear a TaskManager": (
        "java.util.concurrent.TimeoutException: Heartbeat of TaskManager with id tm-a timed out.",
        "heartbeat",
        {"kind": "TaskManager", "id": "tm-a"},
    ),
    "a ResourceManager of 1.20 does not hear a TaskManager": (
        "java.util.concurrent.TimeoutException: The heartbeat of TaskManager with id tm-a timed out.",
        "heartbeat",
        {"kind": "TaskManager", "id": "tm-a"},
    ),
    "a ResourceManager of 1.20 reaches a TaskManager no longer": (
        (
            "org.apache.flink.runtime.resourcemanager.exceptions.ResourceManagerException: TaskManager with id"
            " tm-a is no"
            " longer reachable."
        ),
        "lost-taskmanager",
        {"kind": "TaskManager", "id": "tm-a"},
    ),
    "a job of 2.3 gets no slots": (
        (
            "Caused by: org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: Could not"
            " acquire the"
            " minimum required resources."
        ),
        "slots",
        {},
    ),
    "a JobManager counts its slots": (
        "Registered TMs: 1, registered slots: 2 free slots: 0",
        "slots",
        {"taskmanagers": "1", "slots": "2", "free": "0"},
    ),
    "a thread of the JobManager ends it": (
        (
            "2026-11-26 22:15:11,766 ERROR org.apache.flink.util.FatalExitExceptionHandler              [] -"
            " FATAL: Thread"
            " 'flink-scheduler-1' produced an uncaught exception. Stopping the process..."
        ),
        "fatal-error",
        {"thread": "flink-scheduler-1"},
    ),
    "a TaskManager ends itself in order": (
        (
            "2026-11-26 22:25:52,048 ERROR org.apache.flink.runtime.taskexecutor.TaskManagerRunner      [] -"
            " Terminating"
            " TaskManagerRunner with exit code 1."
        ),
        "fatal-error",
        {"exit_code": "1"},
    ),
    "a TaskManager of 1.13 is told to stop": (
        (
            "2026-11-26 22:31:36,090 INFO  org.apache.flink.runtime.taskexecutor.TaskManagerRunner      [] -"
            " RECEIVED SIGNAL"
            " 15: SIGTERM. Shutting down as requested."
        ),
        "signal-term",
        {"number": "15", "signal": "TERM"},
    ),
    "a TaskManager of 2.3 is told to stop": (
        (
            "2026-11-26 21:28:08,950 WARN  org.apache.flink.runtime.taskexecutor.TaskManagerRunner      [] -"
            " RECEIVED SIGNAL"
            " 15: SIGTERM. Shutting down as requested."
        ),
        "signal-term",
        {"number": "15", "signal": "TERM"},
    ),
    "a JVM finds no room for its heap": (
        "Could not reserve enough space for 9961472KB object heap",
        "jvm-start",
        {"heap": "9961472"},
    ),
    "a JVM does not start": ("Error occurred during initialization of VM", "jvm-start", {}),
    "a start on a busy host takes too long": (
        "java.util.concurrent.TimeoutException: Futures timed out after [10000 milliseconds]",
        "slow-start",
        {"milliseconds": "10000"},
    ),
    "the kernel is asked for memory": (
        "[ 2197.694745] Source: Sequenc invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
        "oom-invoked",
        {"thread": "Source: Sequenc"},
    ),
    "the kernel says whose limit was reached": (
        (
            "[ 2197.729665] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,"
            "oom_memcg=/flink-test,task_memcg=/flink-test,task=java,pid=14643,uid=0"
        ),
        "oom-kill",
        {
            "constraint": "CONSTRAINT_MEMCG",
            "limited": "/flink-test",
            "cgroup": "/flink-test",
            "task": "java",
            "pid": "14643",
        },
    ),
    "the kernel says what it killed": (
        (
            "[ 2197.729939] Memory cgroup out of memory: Killed process 14643 (java) total-vm:2555868kB,"
            " anon-rss:782564kB,"
            " file-rss:23272kB, shmem-rss:0kB, UID:0 pgtables:1932kB oom_score_adj:0"
        ),
        "oom-killed",
        {"pid": "14643", "task": "java", "anonymous": "782564", "file": "23272"},
    ),
}

# What nobody provoked here: the constants of a class, with numbers in them.
DERIVED: dict[str, tuple[str, str, dict[str, str]]] = {
    "a JobManager of 1.12 and newer finds no heap": (
        (
            "java.lang.OutOfMemoryError: Java heap space. A heap space-related out-of-memory error has occurred."
            f" {_TWO_THINGS} Flink Master requires a larger size of JVM heap space or there is a memory leak."
        ),
        "jobmanager-heap",
        {},
    ),
    "an array is too long": (
        "java.lang.OutOfMemoryError: Requested array size exceeds VM limit",
        "array-size",
        {},
    ),
    "a JobManager finds no metaspace": (
        (
            "java.lang.OutOfMemoryError: Metaspace. The metaspace out-of-memory error has occurred."
            f" {_TWO_THINGS} Flink"
            " Master requires a larger size of JVM metaspace to load classes or there is a class loading leak."
        ),
        "metaspace",
        {"master": "Flink Master"},
    ),
    "a JVM finds no room for classes": ("java.lang.OutOfMemoryError: Compressed class space", "metaspace", {}),
    "a JobManager finds no direct memory": (
        (
            "java.lang.OutOfMemoryError: Direct buffer memory. The direct out-of-memory error has occurred."
            f" {_TWO_THINGS}"
            " Flink Master requires a larger size of JVM direct memory or there is a direct memory leak."
        ),
        "direct-memory",
        {"master": "Flink Master"},
    ),
    "Netty finds no direct memory": (
        (
            "org.apache.flink.shaded.netty4.io.netty.util.internal.OutOfDirectMemoryError: failed to allocate 4194304"
            " byte(s) of direct memory (used: 130023424, max: 134217728)"
        ),
        "direct-memory",
        {"wanted": "4194304", "allocated": "130023424", "limit": "134217728"},
    ),
    "Java 8 gets no thread": ("java.lang.OutOfMemoryError: unable to create new native thread", "threads", {}),
    "the system gives a JVM no memory": (
        "# There is insufficient memory for the Java Runtime Environment to continue.",
        "native-memory",
        {},
    ),
    "the system commits no memory": (
        (
            "OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x00000000eab00000, 356515840, 0) failed;"
            " error='Not enough space' (errno=12)"
        ),
        "native-memory",
        {"wanted": "356515840", "reason": "Not enough space"},
    ),
    "a batch shuffle finds no direct memory": (
        (
            "java.lang.OutOfMemoryError: Can't allocate enough direct buffer for batch shuffle read buffer pool (bytes"
            " allocated: 29360128, bytes still needed: 37748736). To avoid the exception, you need to do one of the"
            " following adjustments: 1) If you have ever decreased taskmanager.memory.framework.off-heap.size,"
            " you need to"
            " undo the decrement;"
        ),
        "batch-shuffle",
        {"allocated": "29360128", "missing": "37748736"},
    ),
    "a batch shuffle is refused at the start": (
        (
            "java.lang.IllegalArgumentException: Illegal configuration, config value for"
            " 'taskmanager.memory.framework.off-heap.batch-shuffle.size' must be no smaller than"
            " 'taskmanager.memory.segment-size', please increase"
            " 'taskmanager.memory.framework.off-heap.batch-shuffle.size' to at least 32768 bytes."
        ),
        "batch-shuffle",
        {
            "option": "taskmanager.memory.framework.off-heap.batch-shuffle.size",
            "other": "taskmanager.memory.segment-size",
        },
    ),
    "network buffers do not come in time": (
        (
            f"java.io.IOException: Timeout triggered when requesting exclusive buffers: {_NETWORK[:-1]},  or you may"
            " increase the timeout which is 30000ms by setting the key"
            " 'taskmanager.network.memory.exclusive-buffers-request-timeout-ms'."
        ),
        "network-buffers",
        {"total": "8", "segment": "32768"},
    ),
    "network buffers are wanted": (
        (
            "WARN  org.apache.flink.runtime.io.network.buffer.NetworkBufferPool [] - Memory usage [126%] is too high to"
            " satisfy all of the requests. This can severely impact network throughput. Please consider"
            " increasing available"
            " network memory, or decreasing configured size of network buffer pools. (totalMemory=64.000mb"
            " (67108864 bytes),"
            " requestedMemory=80.563mb (84475904 bytes), missingMemory=16.563mb (17367040 bytes))"
        ),
        "network-wanted",
        {
            "usage": "126",
            "missing": "17367040",
        },
    ),
    "network memory is not there at the start of 1.13": (
        (
            "java.lang.OutOfMemoryError: Could not allocate enough memory segments for NetworkBufferPool"
            " (required (Mb): 64,"
            " allocated (Mb): 60, missing (Mb): 4). Cause: Direct buffer memory"
        ),
        "network-at-start",
        {"required": "64", "allocated": "60", "missing": "4"},
    ),
    "network memory is not there at the start of 2.3": (
        (
            "java.lang.OutOfMemoryError: Could not allocate enough memory segments for NetworkBufferPool"
            " (required (MB): 64,"
            " allocated (MB): 60, missing (MB): 4). Cause: Direct buffer memory"
        ),
        "network-at-start",
        {"required": "64", "allocated": "60", "missing": "4"},
    ),
    "an operator gets no managed memory": (
        (
            "org.apache.flink.runtime.memory.MemoryReservationException: Could not allocate 71303168 bytes, only"
            " 67108864"
            " bytes are remaining. This usually indicates that you are requesting more memory than you have reserved."
        ),
        "managed-memory",
        {"wanted": "71303168", "available": "67108864"},
    ),
    "an operator gets no pages": (
        "org.apache.flink.runtime.memory.MemoryAllocationException: Could not allocate 512 pages",
        "managed-memory",
        {"pages": "512"},
    ),
    "RocksDB gets no share": (
        (
            "java.lang.RuntimeException: Could not created the shared memory resource of size 67108864. Not"
            " enough memory"
            " left to reserve from the slot's managed memory."
        ),
        "managed-memory",
        {"wanted": "67108864"},
    ),
    "a consumer of managed memory has no weight": (
        (
            "java.lang.IllegalArgumentException: The fraction of memory to allocate should not be 0. Please make"
            " sure that"
            " all types of managed memory consumers contained in the job are configured with a non-negative weight via"
            " `taskmanager.memory.managed.consumer-weights`."
        ),
        "managed-memory",
        {},
    ),
    "a hash join has too few segments": (
        (
            "java.lang.IllegalArgumentException: Too few memory segments provided. Hash Join needs at least 33 memory"
            " segments."
        ),
        "managed-memory",
        {},
    ),
    "a hash join does not fit": (
        (
            "java.lang.RuntimeException: Hash join exceeded maximum number of recursions, without reducing"
            " partitions enough"
            " to be memory resident. Probably cause: Too many duplicate keys."
        ),
        "managed-memory",
        {},
    ),
    "ForSt of 2.x has too little": (
        (
            "ForStStateBackend performance will be poor because of the current Flink memory configuration! RocksDB will"
            " flush memtable constantly, causing high IO and CPU."
        ),
        "rocksdb-small",
        {},
    ),
    "state of 1.10 is too large for the JobManager": (
        (
            "java.io.IOException: Size of the state is larger than the maximum permitted memory-backed state."
            " Size=5251210"
            " , maxSize=5242880 . Consider using a different state backend, like the File System State backend."
        ),
        "state-size",
        {"size": "5251210", "limit": "5242880"},
    ),
    "state of 2.3 is too large for the JobManager": (
        (
            "java.io.IOException: Size of the state is larger than the maximum permitted memory-backed state."
            " Size=5251210,"
            " maxSize=5242880. Consider using a different checkpoint storage, like the FileSystemCheckpointStorage."
        ),
        "state-size",
        {"size": "5251210", "limit": "5242880"},
    ),
    "a call of 1.13 is too large": (
        "java.io.IOException: The rpc invocation size 12582912 exceeds the maximum akka framesize.",
        "rpc-size",
        {"size": "12582912"},
    ),
    "an answer of 1.20 is too large": (
        "The method requestJob's result size 12582912  exceeds the maximum size 10485760 .",
        "rpc-size",
        {"size": "12582912", "limit": "10485760"},
    ),
    "an answer of 2.3 is too large": (
        "The method requestJob's result size 12582912 exceeds the maximum size 10485760 .",
        "rpc-size",
        {"size": "12582912", "limit": "10485760"},
    ),
    "a message of 2.3 is too large": (
        (
            "org.apache.pekko.remote.OversizedPayloadException: Discarding oversized payload sent to"
            " Actor[pekko.tcp://flink@flink-1:6123/user/rpc/dispatcher_0#-17]: max allowed size 10485760 bytes,"
            " actual size"
            " of encoded class org.apache.flink.runtime.rpc.messages.RemoteFencedMessage was 12582912 bytes."
        ),
        "rpc-size",
        {"limit": "10485760", "size": "12582912"},
    ),
    "checkpoints fail too often": (
        "org.apache.flink.util.FlinkRuntimeException: Exceeded checkpoint tolerable failure threshold.",
        "checkpoint-failed",
        {"reason": "Exceeded checkpoint tolerable failure threshold"},
    ),
    "a checkpoint takes too long": (
        "org.apache.flink.runtime.checkpoint.CheckpointException: Checkpoint expired before completing.",
        "checkpoint-failed",
        {"reason": "Checkpoint expired before completing"},
    ),
    "a checkpoint fails in a task": (
        "org.apache.flink.runtime.checkpoint.CheckpointException: Asynchronous task checkpoint failed.",
        "checkpoint-failed",
        {"reason": "Asynchronous task checkpoint failed"},
    ),
    "a bulk of slots does not come": (
        (
            "java.util.concurrent.TimeoutException: Slot request bulk is not fulfillable! Could not allocate the"
            " required"
            " slot within slot request timeout"
        ),
        "slots",
        {},
    ),
    "slots of 1.10 do not come": ("Could not allocate all requires slots within timeout of 300000 ms.", "slots", {}),
    "there are not enough slots": (
        (
            "NoResourceAvailableException: Not enough free slots available to run the job. You can decrease the"
            " operator"
            " parallelism or increase the number of slots per TaskManager in the configuration."
        ),
        "slots",
        {},
    ),
    "a slot manager has no resources": (
        "Could not fulfill resource requirements of job 6db43d6187b790a14e66f5b529dcee08. Free slots: 0",
        "slots",
        {"job": "6db43d6187b790a14e66f5b529dcee08"},
    ),
    "a request of a slot of 1.10 is not answered": (
        "Pending slot request [SlotRequestId{9c}] timed out.",
        "slots",
        {},
    ),
    "a request of a slot of 2.3 is not answered": (
        "java.util.concurrent.TimeoutException: Pending slot request timed out in slot pool.",
        "slots",
        {},
    ),
    "no slot is large enough": (
        (
            "Could not fulfill slot request f8. Requested resource profile (ResourceProfile{cpuCores=1,"
            " taskHeapMemory=1.0gb"
            " (1073741824 bytes)}) is unfulfillable."
        ),
        "slots",
        {"profile": "ResourceProfile{cpuCores=1, taskHeapMemory=1.0gb (1073741824 bytes)}"},
    ),
    "a task of 1.13 does not end": (
        "Task 'Map (1/2)#0' did not react to cancelling signal - interrupting; it is stuck for 30 seconds in method:",
        "stuck-task",
        {"task": "Map (1/2)#0"},
    ),
    "a task of 1.10 does not end": (
        "Task 'Map (1/2)' did not react to cancelling signal for 30 seconds, but is stuck in method:",
        "stuck-task",
        {"task": "Map (1/2)"},
    ),
    "Flink refuses the memory of a TaskManager": (
        "TaskManager memory configuration failed: Sum of configured Framework Heap Memory and others exceeds the total",
        "start-refused",
        {
            "kind": "TaskManager",
            "reason": "Sum of configured Framework Heap Memory and others exceeds the total",
        },
    ),
    "Flink refuses a value": (
        (
            "Caused by: java.lang.IllegalArgumentException: Could not parse value 'many' for key"
            " 'taskmanager.network.netty.server.backlog'."
        ),
        "start-refused",
        {"reason": "Could not parse value 'many' for key 'taskmanager.network.netty.server.backlog'"},
    ),
    "Flink refuses a configuration": (
        "org.apache.flink.configuration.IllegalConfigurationException: Either required fine-grained memory or total",
        "start-refused",
        {"reason": "Either required fine-grained memory or total"},
    ),
    "a ResourceManager of 1.10 does not hear a TaskManager": (
        "The heartbeat of TaskManager with id 3c1b5f  timed out.",
        "heartbeat",
        {"kind": "TaskManager", "id": "3c1b5f"},
    ),
    "a TaskManager does not hear the JobManager": (
        "The heartbeat of JobManager with id 0f3c timed out.",
        "heartbeat",
        {"kind": "JobManager", "id": "0f3c"},
    ),
    "a TaskManager reaches the ResourceManager no longer": (
        "ResourceManager with id 9a is no longer reachable.",
        "lost-taskmanager",
        {"kind": "ResourceManager", "id": "9a"},
    ),
    "a connection of 1.13 ends": (
        (
            "RemoteTransportException: Connection unexpectedly closed by remote task manager"
            " 'flink-2/10.0.0.2:39013'. This"
            " might indicate that the remote task manager was lost."
        ),
        "lost-connection",
        {"address": "flink-2/10.0.0.2:39013"},
    ),
    "a connection of 2.3 ends": (
        (
            "Lost connection to task manager 'flink-2/10.0.0.2:39013 [ flink-2-1 ] '. This indicates that the"
            " remote task"
            " manager was lost."
        ),
        "lost-connection",
        {"address": "flink-2/10.0.0.2:39013", "id": "flink-2-1"},
    ),
    "an entry point ends with an error": (
        "Terminating cluster entrypoint process StandaloneSessionClusterEntrypoint with exit code 2.",
        "fatal-error",
        {"exit_code": "2"},
    ),
    "a TaskManager fails fatally": (
        (
            "ERROR org.apache.flink.runtime.taskexecutor.TaskExecutor [] - Fatal error occurred in TaskExecutor"
            " pekko.tcp://flink@flink-1:6122/user/rpc/taskmanager_0."
        ),
        "fatal-error",
        {},
    ),
    "a TaskManager finds no ResourceManager": (
        (
            "RegistrationTimeoutException: Could not register at the ResourceManager within the specified maximum"
            " registration duration PT5M. This indicates a problem with this instance. Terminating now."
        ),
        "not-registered",
        {"duration": "PT5M"},
    ),
    "a JVM does not know an option": (
        "Unrecognized VM option 'UseConcMarkSweepGC'",
        "jvm-start",
        {"option": "UseConcMarkSweepGC"},
    ),
    "there is no JVM": ("Error: Could not create the Java Virtual Machine.", "jvm-start", {}),
    "Java is too old": (
        (
            "java.lang.UnsupportedClassVersionError: org/apache/flink/runtime/taskexecutor/TaskManagerRunner has been"
            " compiled by a more recent version of the Java Runtime (class file version 61.0)"
        ),
        "java-version",
        {"name": "org/apache/flink/runtime/taskexecutor/TaskManagerRunner"},
    ),
    "a port is taken": ("Caused by: java.net.BindException: Address already in use", "address-in-use", {}),
    "a disk is full": ("java.io.IOException: No space left on device", "disk-full", {}),
    "a library holds on to a class loader": (
        (
            "java.lang.IllegalStateException: Trying to access closed classloader. Please check if you store"
            " classloaders"
            " directly or indirectly in static fields."
        ),
        "class-loader-closed",
        {},
    ),
    "a JobManager names whose task failed": (
        "Map (1/2) (5f) switched from RUNNING to FAILED on flink-2-1 @ flink-2 (dataPort=39013).",
        "task-failed",
        {"id": "flink-2-1", "host": "flink-2"},
    ),
    "the whole host is out of memory": (
        (
            "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,"
            "task_memcg=/system.slice/flink-taskmanager-1.service,task=java,pid=812,uid=998"
        ),
        "oom-kill",
        {
            "constraint": "CONSTRAINT_NONE",
            "cgroup": "/system.slice/flink-taskmanager-1.service",
            "task": "java",
            "pid": "812",
        },
    ),
    "a daemon kills before the kernel does": (
        "flink-taskmanager-1.service: systemd-oomd killed 1 process(es) in this unit.",
        "oomd-kill",
        {"count": "1"},
    ),
}
