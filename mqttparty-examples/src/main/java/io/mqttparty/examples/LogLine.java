package io.mqttparty.examples;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** A record of the log as a line: date, time, level, message. The first line of {@link SimpleFormatter} makes a start 10 % longer. */
public final class LogLine extends Formatter {
    private static final String CONFIG = "java.util.logging.config.";
    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    /** Where nobody has configured the log otherwise. */
    public static void install() {
        if (isUnset(CONFIG + "file") && isUnset(CONFIG + "class") && isUnset(FORMAT)) {
            for (Handler handler : Logger.getLogger("").getHandlers()) {
                handler.setFormatter(new LogLine());
            }
        }
    }

    private static boolean isUnset(String property) {
        return System.getProperty(property) == null;
    }

    @Override
    public String format(LogRecord entry) {
        LocalDateTime time = LocalDateTime.ofInstant(entry.getInstant(), ZoneId.systemDefault());
        StringBuilder line = new StringBuilder();
        line.append(time.toLocalDate()).append(' ');
        twoDigits(line, time.getHour()).append(':');
        twoDigits(line, time.getMinute()).append(':');
        twoDigits(line, time.getSecond()).append(' ');
        line.append(entry.getLevel()).append(' ').append(formatMessage(entry)).append(System.lineSeparator());
        if (entry.getThrown() != null) {
            StringWriter trace = new StringWriter();
            entry.getThrown().printStackTrace(new PrintWriter(trace));
            line.append(trace);
        }
        return line.toString();
    }

    private static StringBuilder twoDigits(StringBuilder line, int number) {
        return line.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
