// Copyright: (c) 2026, streamops.flink contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Asks the Flink release on the class path what it makes of configurations: one case per line of standard input, one
 * answer per line of standard output. Flink is reached by reflection only, so one source serves every release.
 *
 * <p>A line is a row of fields separated by tabs, with backslash, tab, newline and return escaped.
 *
 * <pre>
 * case:   QUESTION  pairs  KEY VALUE KEY VALUE ...     options, each a text, as on a command line
 *         QUESTION  file   NAME TEXT                   a configuration file of that name
 * answer: ok        NAME VALUE NAME VALUE ...            jvm, memory.task_heap, slots.count ...; options; values
 *         refused   CLASS MESSAGE CLASS MESSAGE ...    the exception and its causes
 * </pre>
 */
public final class Oracle {

    /** First of all, for Flink and its logging must not find the real standard output. */
    private static final PrintStream answers = takeStandardOutput();

    private static final String CONFIGURATION = "org.apache.flink.configuration.";
    private static final String RUNTIME = "org.apache.flink.runtime.";

    private static final Class<?> configuration = type(CONFIGURATION + "Configuration");
    private static final Class<?> configOptions = type(CONFIGURATION + "ConfigOptions");
    private static final Class<?> globalConfiguration = type(CONFIGURATION + "GlobalConfiguration");
    private static final Class<?> taskManagerOptions = type(CONFIGURATION + "TaskManagerOptions");
    private static final Class<?> jobManagerOptions = type(CONFIGURATION + "JobManagerOptions");
    private static final Class<?> taskManagerProcess = type(RUNTIME + "clusterframework.TaskExecutorProcessUtils");
    private static final Class<?> taskManagerResources = type(RUNTIME + "taskexecutor.TaskExecutorResourceUtils");
    private static final Class<?> jobManagerProcess = type(RUNTIME + "jobmanager.JobManagerProcessUtils");
    private static final Class<?> bashJavaUtils = type(RUNTIME + "util.bash.BashJavaUtils");

    private static final Map<List<Object>, Method> methods = new HashMap<>();

    /** Constants that are printed as those of Flink's enums are. */
    private enum Spelling {
        NO_CLAIM,
        INFO_LEVEL,
        ALL,
        RETAIN("retain-on-cancellation"),
        FIXED_DELAY("fixed-delay"),
        STREET("straße");

        private final String printed;

        Spelling(String... printed) {
            this.printed = printed.length > 0 ? printed[0] : name();
        }

        @Override
        public String toString() {
            return printed;
        }
    }

    private final Path directory;

    private Oracle(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader cases = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Oracle oracle = new Oracle(Path.of(arguments[0]));
        for (String line = cases.readLine(); line != null; line = cases.readLine()) {
            answers.print(row(oracle.answer(fields(line))) + "\n");
            if (!cases.ready()) {
                answers.flush();
            }
        }
        answers.flush();
    }

    private static PrintStream takeStandardOutput() {
        PrintStream taken = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        return taken;
    }

    private List<String> answer(List<String> asked) {
        List<String> answer = new ArrayList<>(List.of("ok"));
        try {
            Object config = config(asked.subList(1, asked.size()));
            ask(asked.get(0), config).forEach((name, value) -> answer.addAll(List.of(name, value)));
        } catch (Throwable reason) {
            answer.clear();
            answer.add("refused");
            for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
                answer.addAll(List.of(cause.getClass().getName(), String.valueOf(cause.getMessage())));
            }
        }
        return answer;
    }

    private Object config(List<String> asked) throws Throwable {
        if (asked.get(0).equals("file")) {
            Path file = directory.resolve(asked.get(1));
            Files.writeString(file, asked.get(2));
            try {
                return call(globalConfiguration, "loadConfiguration", directory.toString());
            } finally {
                Files.delete(file);
            }
        }
        Object config = configuration.getConstructor().newInstance();
        for (int i = 1; i < asked.size(); i += 2) {
            call(config, "setString", asked.get(i), asked.get(i + 1));
        }
        return config;
    }

    private static Map<String, String> ask(String question, Object config) throws Throwable {
        switch (question) {
            case "taskmanager":
                return taskManager(config);
            case "jobmanager":
                return jobManager(config);
            case "local":
                return local(config);
            case "options":
                return options(config);
            case "values":
                return values(config);
            default:
                throw new IllegalArgumentException("no such question: " + question);
        }
    }

    /** What the start script of a TaskManager learns, the components behind it, and the default slot. */
    private static Map<String, String> taskManager(Object config) throws Throwable {
        Object effective = config;
        String legacyHeap = "getConfigurationMapLegacyTaskManagerHeapSizeToConfigOption";
        if (has(taskManagerProcess, legacyHeap)) {
            effective = call(taskManagerProcess, legacyHeap, config, option(taskManagerOptions, "TOTAL_FLINK_MEMORY"));
        }
        Map<String, String> answer = new LinkedHashMap<>();
        Object spec;
        if (bashJavaUtils == null) {
            spec = call(taskManagerProcess, "processSpecFromConfig", effective);
            answer.put("jvm", (String) call(taskManagerProcess, "generateJvmParametersStr", spec));
            answer.put("dynamic", (String) call(taskManagerProcess, "generateDynamicConfigsStr", spec));
        } else {
            startParameters((List<?>) call(bashJavaUtils, "getTmResourceParams", config), answer);
            spec = call(taskManagerProcess, "processSpecFromConfig", effective);
        }
        answer.put("memory.framework_heap", bytes(spec, "getFrameworkHeapSize"));
        answer.put("memory.task_heap", bytes(spec, "getTaskHeapSize"));
        answer.put("memory.framework_off_heap", bytes(spec, "getFrameworkOffHeapMemorySize"));
        answer.put("memory.task_off_heap", bytes(spec, "getTaskOffHeapSize"));
        answer.put("memory.network", bytes(spec, "getNetworkMemSize"));
        answer.put("memory.managed", bytes(spec, "getManagedMemorySize"));
        process(spec, answer);
        slot(config, answer);
        return answer;
    }

    /** The default slot of a TaskManager that was started with its dynamic properties. */
    private static void slot(Object config, Map<String, String> answer) throws Throwable {
        Object started = configuration.getConstructor(configuration).newInstance(config);
        for (String word : answer.get("dynamic").split(" ")) {
            if (word.contains("=")) {
                String[] property = word.split("=", 2);
                call(started, "setString", property[0], property[1]);
            }
        }
        try {
            Object spec = call(taskManagerResources, "resourceSpecFromConfig", started);
            defaultSlot(spec, started, answer);
        } catch (RuntimeException noSlots) {
            // The calculation goes on where the process would not.
        }
    }

    private static void defaultSlot(Object spec, Object config, Map<String, String> answer) throws Throwable {
        Object slots = call(type(RUNTIME + "util.ConfigurationParserUtils"), "getSlot", config);
        Object slot = call(taskManagerResources, "generateDefaultSlotResourceProfile", spec, slots);
        answer.put("slots.count", slots.toString());
        answer.put("slots.task_heap", bytes(slot, "getTaskHeapMemory"));
        answer.put("slots.task_off_heap", bytes(slot, "getTaskOffHeapMemory"));
        answer.put("slots.managed_memory", bytes(slot, "getManagedMemory"));
        answer.put("slots.network_memory", bytes(slot, "getNetworkMemory"));
    }

    /** What the start script of a JobManager learns, and the components behind it. */
    private static Map<String, String> jobManager(Object config) throws Throwable {
        Map<String, String> answer = new LinkedHashMap<>();
        startParameters((List<?>) call(bashJavaUtils, "getJmResourceParams", config), answer);
        String legacyHeap = "processSpecFromConfigWithNewOptionToInterpretLegacyHeap";
        Object spec =
                has(jobManagerProcess, legacyHeap)
                        ? call(jobManagerProcess, legacyHeap, config, option(jobManagerOptions, "JVM_HEAP_MEMORY"))
                        : call(jobManagerProcess, "processSpecFromConfig", config);
        answer.put("memory.off_heap", bytes(spec, "getJvmDirectMemorySize"));
        process(spec, answer);
        return answer;
    }

    /** The TaskManager of a mini cluster. */
    private static Map<String, String> local(Object config) throws Throwable {
        Object spec = call(taskManagerResources, "resourceSpecFromConfigForLocalExecution", config);
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("memory.task_heap", bytes(spec, "getTaskHeapSize"));
        answer.put("memory.task_off_heap", bytes(spec, "getTaskOffHeapSize"));
        answer.put("memory.network", bytes(spec, "getNetworkMemSize"));
        answer.put("memory.managed", bytes(spec, "getManagedMemorySize"));
        defaultSlot(spec, config, answer);
        return answer;
    }

    /** Every option that was read: the type of its value; then the value read as text, as double and as list. */
    private static Map<String, String> options(Object config) throws Throwable {
        Field data = configuration.getDeclaredField("confData");
        data.setAccessible(true);
        Map<String, String> answer = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) data.get(config)).entrySet()) {
            Object option = call(configOptions, "key", entry.getKey());
            String type = entry.getValue().getClass().getSimpleName();
            String text = (String) read(config, call(option, "stringType"));
            Object number = readIfPossible(config, call(option, "doubleType"));
            Object items = readIfPossible(config, call(call(option, "stringType"), "asList"));
            answer.put((String) entry.getKey(), row(List.of(type, text, String.valueOf(number), items(items))));
        }
        return answer;
    }

    /** Every option read as what its key begins with: {@code list-enum-7} is a list of enums. */
    private static Map<String, String> values(Object config) throws Throwable {
        Map<String, String> answer = new TreeMap<>();
        for (Object name : (Set<?>) call(config, "keySet")) {
            String key = ((String) name).split("\\.", 2)[0];
            if (!answer.containsKey(key)) {
                answer.put(key, value(config, key));
            }
        }
        return answer;
    }

    private static String value(Object config, String key) throws Throwable {
        String[] words = key.split("-");
        Object option = call(configOptions, "key", key);
        String type = words[words.length - 2];
        option = type.equals("enum") ? call(option, "enumType", Spelling.class) : call(option, typeMethod(type));
        try {
            return row(shown(read(config, words[0].equals("list") ? call(option, "asList") : option)));
        } catch (RuntimeException unreadable) {
            return row(List.of("refused", String.valueOf(unreadable.getMessage())));
        }
    }

    private static String typeMethod(String type) {
        return type.equals("integer") ? "intType" : type + "Type";
    }

    private static List<String> shown(Object value) throws Throwable {
        List<String> shown = new ArrayList<>(List.of("scalar"));
        if (value instanceof List) {
            shown.set(0, "list");
            for (Object item : (List<?>) value) {
                shown.add(row(shown(item)));
            }
        } else if (value instanceof Map) {
            shown.set(0, "map");
            new TreeMap<>((Map<?, ?>) value).forEach((key, text) -> shown.addAll(List.of((String) key, (String) text)));
        } else if (value instanceof Duration) {
            BigDecimal seconds = BigDecimal.valueOf(((Duration) value).getSeconds());
            BigDecimal nanoseconds = BigDecimal.valueOf(((Duration) value).getNano());
            shown.add(seconds.scaleByPowerOfTen(9).add(nanoseconds).toPlainString());
        } else if (value instanceof Float || value instanceof Double) {
            shown.add(Double.toHexString(((Number) value).doubleValue()));
        } else if (value.getClass().getSimpleName().equals("MemorySize")) {
            shown.add(call(value, "getBytes").toString());
        } else {
            shown.add(value.toString());
        }
        return shown;
    }

    private static String items(Object list) {
        if (list == null) {
            return "";
        }
        List<String> items = new ArrayList<>(List.of("list"));
        for (Object item : (List<?>) list) {
            items.add(String.valueOf(item));
        }
        return row(items);
    }

    private static Object readIfPossible(Object config, Object option) throws Throwable {
        try {
            return read(config, option);
        } catch (RuntimeException notOfThisType) {
            return null;
        }
    }

    private static Object read(Object config, Object option) throws Throwable {
        return call(config, "get", call(option, "noDefaultValue"));
    }

    private static void startParameters(List<?> lines, Map<String, String> answer) {
        answer.put("jvm", (String) lines.get(0));
        answer.put("dynamic", lines.size() > 1 ? (String) lines.get(1) : "");
    }

    private static void process(Object spec, Map<String, String> answer) throws Throwable {
        answer.put("memory.jvm_metaspace", bytes(spec, "getJvmMetaspaceSize"));
        answer.put("memory.jvm_overhead", bytes(spec, "getJvmOverheadSize"));
        answer.put("memory.jvm_heap", bytes(spec, "getJvmHeapMemorySize"));
        answer.put("memory.total_flink", bytes(spec, "getTotalFlinkMemorySize"));
        answer.put("memory.total_process", bytes(spec, "getTotalProcessMemorySize"));
    }

    private static String bytes(Object target, String name, Object... arguments) throws Throwable {
        return call(call(target, name, arguments), "getBytes").toString();
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException notInThisRelease) {
            return null;
        }
    }

    private static Object option(Class<?> options, String name) throws ReflectiveOperationException {
        return options.getField(name).get(null);
    }

    private static boolean has(Class<?> type, String name) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Calls a method of an object, or a static one of a class, whatever its visibility. */
    private static Object call(Object target, String name, Object... arguments) throws Throwable {
        Class<?> type = target instanceof Class ? (Class<?>) target : target.getClass();
        List<Object> signature = new ArrayList<>(List.of(type, name));
        for (Object argument : arguments) {
            signature.add(argument.getClass());
        }
        Method method = methods.get(signature);
        if (method == null) {
            method = find(type, name, arguments);
            methods.put(signature, method);
        }
        try {
            return method.invoke(target instanceof Class ? null : target, arguments);
        } catch (InvocationTargetException exception) {
            throw exception.getCause();
        }
    }

    private static Method find(Class<?> type, String name, Object[] arguments) throws NoSuchMethodException {
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            for (Method method : owner.getDeclaredMethods()) {
                if (method.getName().equals(name) && accepts(method.getParameterTypes(), arguments)) {
                    method.setAccessible(true);
                    return method;
                }
            }
        }
        throw new NoSuchMethodException(type.getName() + "." + name);
    }

    private static boolean accepts(Class<?>[] parameters, Object[] arguments) {
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < parameters.length; i++) {
            if (!parameters[i].isInstance(arguments[i]) && parameters[i] != int.class) {
                return false;
            }
        }
        return true;
    }

    private static List<String> fields(String row) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < row.length(); i++) {
            char c = row.charAt(i);
            if (c == '\t') {
                fields.add(field.toString());
                field.setLength(0);
            } else if (c == '\\') {
                c = row.charAt(++i);
                field.append(c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
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
