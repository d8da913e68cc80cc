package org.eikonal.studio.view.page;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eikonal.studio.cli.Main;

/** The program in a JVM of its own, serving the page: it can be killed, and started once more. */
final class ViewerProcess implements AutoCloseable {
    private static final Pattern LINK = Pattern.compile("http://\\S+");

    private final Process process;
    private final String link;

    private ViewerProcess(Process process, String link) {
        this.process = process;
        this.link = link;
    }

    /** Starts {@code eikonal} with these arguments, lists among them spread out, and waits for the link it prints. */
    static ViewerProcess start(Object... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true",
                "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        for (Object argument : arguments) {
            if (argument instanceof List<?> more) {
                more.forEach(one -> command.add(one.toString()));
            } else {
                command.add(argument.toString());
            }
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            // Where there is a display, the program opens a browser there.
            builder.environment().keySet().removeAll(List.of("DISPLAY", "WAYLAND_DISPLAY"));
            Process process = builder.start();
            return new ViewerProcess(process, link(process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String link(Process process) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            Matcher found = LINK.matcher(line);
            if (found.find()) {
                drain(output);
                return found.group();
            }
        }
        process.destroyForcibly();
        throw new AssertionError("no link was printed: " + said);
    }

    /** Reads on, so that the program never waits for somebody to read. */
    private static void drain(BufferedReader output) {
        Thread reader = new Thread(() -> output.lines().forEach(line -> { }), "drain");
        reader.setDaemon(true);
        reader.start();
    }

    /** What a person opens. */
    String link() {
        return link;
    }

    int port() {
        Matcher port = Pattern.compile(":(\\d+)").matcher(link.substring("http:".length()));
        if (!port.find()) {
            throw new AssertionError(link);
        }
        return Integer.parseInt(port.group(1));
    }

    /** Kills the program as a power cut would. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
