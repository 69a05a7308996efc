// Copyright: (c) 2026, streamops.flink contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Takes memory of one kind, a mebibyte or a piece for each number that its source emits, up to an amount, and works on.
 *
 * <p>Arguments, all but {@code --eats} optional:
 *
 * <ul>
 *   <li>{@code --eats heap}: arrays that stay; {@code garbage}: small objects that stay, and as many that do not, so that
 *       collections find little to free; {@code direct}: buffers outside the heap; {@code native}: memory that the JVM does
 *       not count; {@code metaspace}: classes, each with a loader of its own; {@code threads}: one that sleeps for each
 *       number; {@code state}: a kibibyte of keyed state for each number; {@code states}: one in each of many states, of
 *       which no two share a write buffer; {@code nothing}: only the work
 *   <li>{@code --most N}: so many mebibytes, classes, threads or kibibytes, and no more
 *   <li>{@code --rate NUMBERS_PER_SECOND}, {@code --name JOB}
 *   <li>{@code --exchanges N}: each number is sent from everyone to everyone so often
 *   <li>{@code --parallelism N}: of all but the source
 * </ul>
 *
 * <p>Like CountingJob, it names only what Flink has had under the same names from 1.13 to 2.3.
 */
public class HungryJob {
    public static void main(String[] arguments) throws Exception {
        String eats = null;
        String name = "hungry";
        long rate = 100;
        long most = Long.MAX_VALUE;
        int exchanges = 1;
        int parallelism = 0;
        for (int i = 0; i < arguments.length; i++) {
            String option = arguments[i];
            if (++i == arguments.length) {
                throw new IllegalArgumentException(option + ": expected a value, got none.");
            }
            switch (option) {
                case "--eats": eats = arguments[i]; break;
                case "--name": name = arguments[i]; break;
                case "--rate": rate = Long.parseLong(arguments[i]); break;
                case "--most": most = Long.parseLong(arguments[i]); break;
                case "--exchanges": exchanges = Integer.parseInt(arguments[i]); break;
                case "--parallelism": parallelism = Integer.parseInt(arguments[i]); break;
                default: throw new IllegalArgumentException(option + ": expected an option of HungryJob.");
            }
        }
        if (eats == null) {
            throw new IllegalArgumentException("--eats: expected a kind of memory, got none.");
        }

        StreamExecutionEnvironment cluster = StreamExecutionEnvironment.getExecutionEnvironment();
        if (parallelism > 0) {
            cluster.setParallelism(parallelism);
        }
        DataStream<Long> numbers =
            cluster
                .fromSource(new NumberSequenceSource(0, Long.MAX_VALUE - 1), WatermarkStrategy.noWatermarks(), "numbers")
                .setParallelism(1)
                .map(new Pace(rate))
                .name("pace")
                .setParallelism(1);
        for (int i = 1; i < exchanges; i++) {
            numbers = numbers.keyBy(number -> number, Types.LONG).map(new Work()).name("work " + i);
        }
        numbers.keyBy(number -> number, Types.LONG).process(new Eater(eats, most)).name("eat " + eats);
        cluster.execute(name);
    }

    /** Lets so many numbers pass in a second. */
    private static class Pace implements MapFunction<Long, Long> {
        private final long nanoseconds;
        private long due;

        Pace(long rate) {
            this.nanoseconds = TimeUnit.SECONDS.toNanos(1) / rate;
        }

        @Override
        public Long map(Long number) throws InterruptedException {
            long now = System.nanoTime();
            if (now < due) {
                TimeUnit.NANOSECONDS.sleep(due - now);
            }
            due = Math.max(due, now) + nanoseconds;
            return number;
        }
    }

    /** Passes a number on, so that the operators cannot be chained away. */
    private static class Work implements MapFunction<Long, Long> {
        @Override
        public Long map(Long number) {
            return number;
        }
    }

    /** Takes a piece for each number. */
    private static class Eater extends KeyedProcessFunction<Long, Long, Void> implements CheckpointedFunction {
        private static final int MEBIBYTE = 1 << 20;
        private static final int KIBIBYTE = 1 << 10;
        private static final int SMALL = 64;
        private static final int LARGE = 1 << 16;
        private static final int STATES = 16;

        private final String eats;
        private final long most;
        private transient ValueState<byte[]> state;
        private transient List<ValueState<byte[]>> states;
        private transient List<Object> kept;
        private transient Random random;
        private transient long eaten;

        Eater(String eats, long most) {
            this.eats = eats;
            this.most = most;
        }

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            state = context.getKeyedStateStore().getState(new ValueStateDescriptor<>("kept", byte[].class));
            states = new ArrayList<>();
            for (int i = 0; eats.equals("states") && i < STATES; i++) {
                states.add(context.getKeyedStateStore().getState(new ValueStateDescriptor<>("kept " + i, byte[].class)));
            }
            kept = new ArrayList<>();
            random = new Random(1);
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) {}

        @Override
        public void processElement(Long number, Context context, Collector<Void> out) throws Exception {
            if (eaten < most) {
                eaten++;
                eat();
            }
            if (eats.equals("garbage")) {
                waste();
            }
        }

        private void eat() throws Exception {
            switch (eats) {
                case "heap": keepLarge(); break;
                case "garbage": keepSmall(); break;
                case "direct": kept.add(ByteBuffer.allocateDirect(MEBIBYTE)); break;
                case "native": takeNative(); break;
                case "metaspace": kept.add(new Loader().define(StreamExecutionEnvironment.class)); break;
                case "threads": startThread(); break;
                case "state": state.update(filled(KIBIBYTE)); break;
                case "states": fillStates(); break;
                case "nothing": waste(); break;
                default: throw new IllegalArgumentException("--eats: expected a kind of memory, got " + eats + ".");
            }
        }

        /** A mebibyte of arrays that are small enough to share a region with others. */
        private void keepLarge() {
            for (int i = 0; i < MEBIBYTE / LARGE; i++) {
                kept.add(new byte[LARGE - Long.BYTES * 2]);
            }
        }

        /** A mebibyte of objects that a collector has to visit one by one. */
        private void keepSmall() {
            for (int i = 0; i < MEBIBYTE / SMALL / 2; i++) {
                kept.add(new long[SMALL / Long.BYTES]);
            }
        }

        /** As much again, which is garbage at once. */
        private void waste() {
            for (int i = 0; i < MEBIBYTE / KIBIBYTE; i++) {
                random.nextBytes(new byte[KIBIBYTE]);
            }
        }

        /** Zeros, which take next to nothing on disk. */
        private void fillStates() throws Exception {
            for (ValueState<byte[]> one : states) {
                one.update(new byte[KIBIBYTE]);
            }
        }

        private byte[] filled(int size) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            return bytes;
        }

        /** Resident at once, and known only to the kernel. */
        private void takeNative() throws Exception {
            Field field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            sun.misc.Unsafe unsafe = (sun.misc.Unsafe) field.get(null);
            unsafe.setMemory(unsafe.allocateMemory(MEBIBYTE), MEBIBYTE, (byte) 1);
        }

        private void startThread() {
            Thread thread = new Thread(
                () -> {
                    try {
                        TimeUnit.DAYS.sleep(1);
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                });
            thread.setDaemon(true);
            thread.start();
            kept.add(thread);
        }
    }

    /** Defines a class once more, which stays as long as the loader. */
    private static class Loader extends ClassLoader {
        Class<?> define(Class<?> original) throws IOException {
            String name = original.getName();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (InputStream file = original.getResourceAsStream(original.getSimpleName() + ".class")) {
                byte[] block = new byte[1 << 12];
                for (int count = file.read(block); count > 0; count = file.read(block)) {
                    bytes.write(block, 0, count);
                }
            }
            byte[] content = bytes.toByteArray();
            return defineClass(name, content, 0, content.length);
        }
    }
}
