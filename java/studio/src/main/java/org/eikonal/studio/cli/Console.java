package org.eikonal.studio.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** Results go to {@code out}, what is said on the way to {@code err}. */
record Console(PrintStream out, PrintStream err) {
    private static final int USUAL_WIDTH = 80;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    void result(String format, Object... values) {
        out.println(harmless(text(format, values)));
    }

    void note(String format, Object... values) {
        err.println(harmless(text(format, values)));
    }

    /** Names of files may hold terminal codes; they don't reach the terminal. */
    private static String harmless(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    void json(Object value) {
        try {
            out.println(JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Numbers look the same in every country. */
    static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** Columns of the terminal; 80 if it does not tell. */
    int width() {
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            int columns = Integer.parseInt(size.substring(size.indexOf(' ') + 1));
            return columns < 20 ? USUAL_WIDTH : columns - 1;
        } catch (IOException | NumberFormatException e) {
            return USUAL_WIDTH;
        }
    }

    /** Whether somebody watches the terminal behind {@code err}; the JVM itself only knows of standard input. */
    boolean isWatched() {
        if (err != System.err || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            String device = Path.of("/proc/self/fd/2").toRealPath().toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }
}
