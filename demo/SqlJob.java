// Copyright: (c) 2026, streamops.flink contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import java.lang.reflect.Method;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Runs SQL statements on a cluster: SqlJob RELEASE HOST PORT PARALLELISM ["SET key = value"...] STATEMENT...
 *
 * <p>Janino compiles and runs it, the compiler inside Flink's own jars: so it needs no JDK, and no SQL gateway, which the
 * SQL client needs from 1.17 on and which the Python packages of Flink do not carry. Janino cannot call the static method
 * of an interface, and 1.10 has other names, hence the reflection.
 */
public class SqlJob {
    public static void main(String[] arguments) throws Exception {
        boolean first = arguments[0].startsWith("1.10");
        String host = arguments[1];
        int port = Integer.parseInt(arguments[2]);
        int parallelism = Integer.parseInt(arguments[3]);
        StreamExecutionEnvironment cluster =
            StreamExecutionEnvironment.createRemoteEnvironment(host, port, parallelism, new String[0]);

        Configuration settings = new Configuration();
        int i = 4;
        for (; arguments[i].startsWith("SET "); i++) {
            String[] setting = arguments[i].substring(4).split(" = ");
            settings.setString(setting[0], setting[1]);
        }
        cluster.configure(settings, SqlJob.class.getClassLoader());

        Class type = Class.forName("org.apache.flink.table.api." + (first ? "" : "bridge.") + "java.StreamTableEnvironment");
        Method create = type.getMethod("create", new Class[] {StreamExecutionEnvironment.class});
        Method run = type.getMethod(first ? "sqlUpdate" : "executeSql", new Class[] {String.class});
        Object tables = create.invoke(null, new Object[] {cluster});
        for (; i < arguments.length; i++) {
            run.invoke(tables, new Object[] {arguments[i]});
        }
        if (first) {
            type.getMethod("execute", new Class[] {String.class}).invoke(tables, new Object[] {"sqlUpdate"});
        }
    }
}
