// Copyright: (c) 2026, streamops.flink contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Lists every option in the given jars of a Flink release, which are on the class path: one a line of standard output,
 * in the rows of {@code Oracle.java}. Flink is reached by reflection only, so one source serves every release.
 *
 * <pre>
 * option  CLASS FIELD KEY TYPE DEFAULT CHOICES ALIASES PREFIX MARKS     the option in a field
 * failed  CLASS WHY                                                     a class that cannot be read
 * </pre>
 *
 * <p>TYPE is the simple name of the class, {@code []} behind it for a list. CHOICES, ALIASES and MARKS, the annotations
 * of class and field, are rows themselves; an alias that is not deprecated begins with {@code =}. PREFIX stands in front
 * of KEY if the option is one of a thing that users name.
 */
public final class Catalogue {

    /** First of all, for Flink must not find the real standard output. */
    private static final PrintStream answers = takeStandardOutput();

    private static final String OPTION = "org.apache.flink.configuration.ConfigOption";
    private static final byte[] MENTION = ("L" + OPTION.replace('.', '/') + ";").getBytes(StandardCharsets.UTF_8);
    private static final String SUFFIX_OPTION = "org.apache.flink.annotation.docs.Documentation$SuffixOption";

    private static final String[] SIZES = {"bytes", "kb", "mb", "gb", "tb"};
    private static final String[] TIMES = {"d", "h", "min", "s", "ms", "µs", "ns"};
    private static final long[] NANOSECONDS = {
        86_400_000_000_000L, 3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L, 1_000L, 1L
    };

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            try (JarFile file = new JarFile(jar)) {
                for (JarEntry entry : Collections.list(file.entries())) {
                    String name = entry.getName();
                    if (name.startsWith("org/apache/flink/") && name.endsWith(".class") && mentions(file, entry)) {
                        list(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                    }
                }
            }
        }
        answers.flush();
    }

    private static PrintStream takeStandardOutput() {
        PrintStream taken = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        return taken;
    }

    private static boolean mentions(JarFile file, JarEntry entry) throws IOException {
        try (InputStream stream = file.getInputStream(entry)) {
            byte[] bytes = stream.readAllBytes();
            for (int start = 0; start <= bytes.length - MENTION.length; start++) {
                int length = 0;
                while (length < MENTION.length && bytes[start + length] == MENTION[length]) {
                    length++;
                }
                if (length == MENTION.length) {
                    return true;
                }
            }
            return false;
        }
    }

    private static void list(String className) {
        try {
            Class<?> type = Class.forName(className, false, Catalogue.class.getClassLoader());
            for (Field field : type.getDeclaredFields()) {
                if (field.getType().getName().equals(OPTION)) {
                    Object owner = owner(field);
                    if (owner != null) {
                        field.setAccessible(true);
                        Object option = field.get(owner);
                        if (option != null) {
                            answers.print(row(describe(field, option)) + "\n");
                        }
                    }
                }
            }
        } catch (ReflectiveOperationException | LinkageError | RuntimeException reason) {
            answers.print(row(List.of("failed", className, reason.toString())) + "\n");
        }
    }

    /** Whatever stands for the class of a static field, the object of a field in a Scala object, null for others. */
    private static Object owner(Field field) throws ReflectiveOperationException {
        Class<?> type = field.getDeclaringClass();
        if (Modifier.isStatic(field.getModifiers())) {
            return type;
        }
        for (Field other : type.getDeclaredFields()) {
            if (other.getName().equals("MODULE$")) {
                return other.get(null);
            }
        }
        return null;
    }

    private static List<String> describe(Field field, Object option) throws ReflectiveOperationException {
        Class<?> type = (Class<?>) get(option, "clazz");
        boolean list = (Boolean) get(option, "isList");
        Object defaultValue = get(option, "defaultValue");
        List<String> choices = new ArrayList<>();
        for (Object constant : type.isEnum() ? type.getEnumConstants() : new Object[0]) {
            choices.add(constant.toString());
        }
        List<String> aliases = new ArrayList<>();
        for (Object fallback : (Object[]) get(option, "fallbackKeys")) {
            String mark = (Boolean) get(fallback, "isDeprecated") ? "" : "=";
            aliases.add(mark + get(fallback, "key"));
        }
        List<String> marks = new ArrayList<>();
        String prefix = "";
        for (AnnotatedElement element : List.of(field.getDeclaringClass(), field)) {
            for (Annotation annotation : element.getAnnotations()) {
                marks.add(annotation.annotationType().getSimpleName());
                if (annotation.annotationType().getName().equals(SUFFIX_OPTION)) {
                    prefix = value(annotation);
                }
            }
        }
        return List.of(
                "option",
                field.getDeclaringClass().getName(),
                field.getName(),
                (String) get(option, "key"),
                (type.isEnum() ? "Enum" : type.getSimpleName()) + (list ? "[]" : ""),
                defaultValue == null ? "" : text(defaultValue),
                row(choices),
                row(aliases),
                prefix,
                row(marks));
    }

    private static String value(Annotation annotation) throws ReflectiveOperationException {
        try {
            Method value = annotation.annotationType().getMethod("value");
            return (String) value.invoke(annotation);
        } catch (NoSuchMethodException notInThisRelease) {
            return "";
        }
    }

    private static Object get(Object target, String name) throws ReflectiveOperationException {
        Field field = target.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(target);
    }

    /** A value as the newest release prints it, whatever the release at hand does. */
    private static String text(Object value) throws ReflectiveOperationException {
        if (value instanceof Duration) {
            return duration((Duration) value);
        }
        if (value.getClass().getSimpleName().equals("MemorySize")) {
            return size((Long) get(value, "bytes"));
        }
        if (value instanceof List) {
            List<String> items = new ArrayList<>();
            for (Object item : (List<?>) value) {
                items.add(quoted(text(item), ";"));
            }
            return String.join(";", items);
        }
        if (value instanceof Map) {
            Map<String, String> pairs = new TreeMap<>();
            for (Map.Entry<?, ?> pair : ((Map<?, ?>) value).entrySet()) {
                pairs.put(quoted(text(pair.getKey()), ":"), quoted(text(pair.getValue()), ":"));
            }
            List<String> items = new ArrayList<>();
            pairs.forEach((key, of) -> items.add(quoted(key + ":" + of, ",")));
            return String.join(",", items);
        }
        return value.toString();
    }

    /** {@code MemorySize.toString}. */
    private static String size(long bytes) {
        for (int unit = 1; unit < SIZES.length; unit++) {
            if (bytes % (1L << 10 * unit) != 0) {
                return (bytes >> 10 * (unit - 1)) + " " + SIZES[unit - 1];
            }
        }
        return bytes + " bytes";
    }

    /** {@code TimeUtils.formatWithHighestUnit}. */
    private static String duration(Duration duration) {
        BigInteger nanoseconds =
                BigInteger.valueOf(duration.getSeconds())
                        .multiply(BigInteger.valueOf(1_000_000_000L))
                        .add(BigInteger.valueOf(duration.getNano()));
        if (nanoseconds.signum() == 0) {
            return "0 ms";
        }
        int unit = 0;
        while (nanoseconds.mod(BigInteger.valueOf(NANOSECONDS[unit])).signum() != 0) {
            unit++;
        }
        return nanoseconds.divide(BigInteger.valueOf(NANOSECONDS[unit])) + " " + TIMES[unit];
    }

    /** {@code StructuredOptionsSplitter.escapeWithSingleQuote}. */
    private static String quoted(String text, String separator) {
        boolean plain = !text.contains(separator) && !text.contains("\"") && !text.contains("'");
        return plain ? text : "'" + text.replace("'", "''") + "'";
    }

    private static String row(List<String> fields) {
        List<String> escaped = new ArrayList<>();
        for (String field : fields) {
            escaped.add(
                    field.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r"));
        }
        return String.join("\t", escaped);
    }
}
