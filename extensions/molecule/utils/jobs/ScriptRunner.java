// Copyright: (c) 2026, streamops.flink contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package org.apache.flink.table.gateway.service.application;

import java.lang.reflect.Method;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Stands for the class of flink-sql-gateway that Flink's SqlDriver gives a script to: the Python packages of Flink, which
 * the archives of the scenarios are made of, do not carry that jar.
 *
 * <p>Each statement ends with a semicolon at the end of a line. As in the original, the environment is that of whoever
 * submits the program. Hence the reflection: no jar of the Table API is needed to compile it.
 */
public class ScriptRunner {
    public static void run(String script) throws Exception {
        StreamExecutionEnvironment cluster = StreamExecutionEnvironment.getExecutionEnvironment();
        Class<?> type = Class.forName("org.apache.flink.table.api.bridge.java.StreamTableEnvironment");
        Object tables = type.getMethod("create", StreamExecutionEnvironment.class).invoke(null, cluster);
        Method execute = type.getMethod("executeSql", String.class);
        for (String statement : script.split(";\\s*(\n|$)")) {
            if (!statement.isBlank()) {
                execute.invoke(tables, statement);
            }
        }
    }
}
