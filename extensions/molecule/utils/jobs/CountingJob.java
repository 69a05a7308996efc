// Copyright: (c) 2026, streamops.flink contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Counts the numbers 0, 1, 2, ... by key, so that a number lost or counted twice shows at any time.
 *
 * <p>One source task emits the numbers in order and goes on where its state says; the key of a number is its remainder by
 * KEYS. For each number the counter adds one to the state of the key, and only then writes a line to its file:
 *
 * <pre>key count number milliseconds-since-1970</pre>
 *
 * <p>In every line {@code count == number / KEYS + 1}, whatever happened before: so many numbers up to this one have the
 * key. A smaller count means that numbers were lost, a larger one that some were counted twice. This holds for the state,
 * not for the file: after a failure the numbers since the last checkpoint are written again, with the same counts. After a
 * stop with a savepoint they are not, so that each number stands in the file once; and a key that begins again with a count
 * of 1 tells that the job came back without its state.
 *
 * <p>Arguments, all but {@code --out} optional:
 *
 * <ul>
 *   <li>{@code --out FILE}: appended to, on the host of each counting task
 *   <li>{@code --keys K}, {@code --rate NUMBERS_PER_SECOND}, {@code --name JOB}
 *   <li>{@code --events N}: then it is finished; the source keeps its end in its state, so that a later value does nothing
 *   <li>{@code --interval MS}: of checkpoints; 0 leaves it to the configuration
 *   <li>{@code --fail-after N}: each attempt fails when it has emitted N numbers
 *   <li>{@code --throw-in-main}: it fails before it is submitted
 *   <li>{@code --uid SUFFIX}: a counter that the state of another does not fit
 * </ul>
 *
 * <p>It names only what Flink has had under the same names since 1.13, so one class file runs on every release up to 2.3:
 * hence no {@code open}, whose parameter is another one in 2.0, and no sink.
 */
public class CountingJob {
    private static final int MAX_PARALLELISM = 128;

    public static void main(String[] arguments) throws Exception {
        String out = null;
        String name = "counting";
        String uid = "";
        long events = Long.MAX_VALUE;
        long rate = 100;
        long keys = 8;
        long interval = 0;
        long failAfter = Long.MAX_VALUE;
        boolean throwInMain = false;
        for (int i = 0; i < arguments.length; i++) {
            String option = arguments[i];
            if (option.equals("--throw-in-main")) {
                throwInMain = true;
                continue;
            }
            if (++i == arguments.length) {
                throw new IllegalArgumentException(option + ": expected a value, got none.");
            }
            switch (option) {
                case "--out": out = arguments[i]; break;
                case "--name": name = arguments[i]; break;
                case "--uid": uid = arguments[i]; break;
                case "--events": events = Long.parseLong(arguments[i]); break;
                case "--rate": rate = Long.parseLong(arguments[i]); break;
                case "--keys": keys = Long.parseLong(arguments[i]); break;
                case "--interval": interval = Long.parseLong(arguments[i]); break;
                case "--fail-after": failAfter = Long.parseLong(arguments[i]); break;
                default: throw new IllegalArgumentException(option + ": expected an option of CountingJob.");
            }
        }
        if (out == null) {
            throw new IllegalArgumentException("--out: expected a file, got none.");
        }
        if (throwInMain) {
            throw new IllegalStateException("The job was told to --throw-in-main.");
        }

        StreamExecutionEnvironment cluster = StreamExecutionEnvironment.getExecutionEnvironment();
        cluster.setMaxParallelism(MAX_PARALLELISM);
        if (interval > 0) {
            cluster.enableCheckpointing(interval);
        }
        long divisor = keys;
        cluster.fromSource(new NumberSequenceSource(0, events - 1), WatermarkStrategy.noWatermarks(), "numbers")
            .uid("numbers")
            .setParallelism(1)
            .map(new Pace(rate, failAfter))
            .uid("pace")
            .name("pace")
            .setParallelism(1)
            .keyBy(number -> number % divisor, Types.LONG)
            .process(new Counter(out))
            .uid("counter" + uid)
            .name("counter");
        cluster.execute(name);
    }

    /** Lets so many numbers pass in a second, and fails after so many. */
    private static class Pace implements MapFunction<Long, Long> {
        private final long nanoseconds;
        private final long failAfter;
        private long passed;
        private long due;

        Pace(long rate, long failAfter) {
            this.nanoseconds = TimeUnit.SECONDS.toNanos(1) / rate;
            this.failAfter = failAfter;
        }

        @Override
        public Long map(Long number) throws InterruptedException {
            if (passed++ == failAfter) {
                throw new IllegalStateException("The job was told to --fail-after " + failAfter + " numbers.");
            }
            long now = System.nanoTime();
            if (now < due) {
                TimeUnit.NANOSECONDS.sleep(due - now);
            }
            due = Math.max(due, now) + nanoseconds;
            return number;
        }
    }

    /** Counts by key, in its state, and tells the count in a file. */
    private static class Counter extends KeyedProcessFunction<Long, Long, Void> implements CheckpointedFunction {
        private final String out;
        private transient ValueState<Long> count;
        private transient OutputStream file;

        Counter(String out) {
            this.out = out;
        }

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            count = context.getKeyedStateStore().getState(new ValueStateDescriptor<>("count", Types.LONG));
            file = new FileOutputStream(out, true);
        }

        @Override
        public void processElement(Long number, Context context, Collector<Void> nothing) throws Exception {
            Long former = count.value();
            long now = former == null ? 1 : former + 1;
            count.update(now);
            String line = context.getCurrentKey() + " " + now + " " + number + " " + System.currentTimeMillis() + "\n";
            // One write for a line: other counters of this host append to the same file.
            file.write(line.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) {}

        @Override
        public void close() throws Exception {
            if (file != null) {
                file.close();
            }
        }
    }
}
