package org.eikonal.studio.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A run of the program: in this JVM or in one of its own, with what it said, or in one that is to be killed. */
record Program(int code, String out, String err) {
    /** Settings that make a field so small that steps take a millisecond or two. */
    static final String[] SMALL = {
        "--set", "encoding.n_levels=4", "--set", "encoding.log2_hashmap_size=10", "--set", "samples_per_step=4096",
        "--set", "occupancy.resolution=32",
    };

    static Program run(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), texts(arguments));
        return new Program(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Arguments as text, arrays among them spread out. */
    static String[] texts(Object... arguments) {
        List<String> texts = new ArrayList<>();
        for (Object argument : arguments) {
            if (argument instanceof Object[] more) {
                texts.addAll(Arrays.asList(texts(more)));
            } else {
                texts.add(argument.toString());
            }
        }
        return texts.toArray(String[]::new);
    }

    /**
     * Runs the program to its end in a JVM of its own: native code reads the environment of its process, and a library
     * that was loaded stays.
     */
    static Program runElsewhere(Map<String, String> environment, Object... arguments) throws IOException {
        Path out = Files.createTempFile("out", ".txt");
        Path err = Files.createTempFile("err", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command(arguments))
                    .redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().putAll(environment);
            int code = builder.start().waitFor();
            return new Program(code, Files.readString(out), Files.readString(err));
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static List<String> command(Object... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true",
                "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(texts(arguments)));
        return command;
    }

    static Process start(Path log, Object... arguments) throws IOException {
        return start(List.of(), Map.of(), log, arguments);
    }

    static Process start(Map<String, String> environment, Path log, Object... arguments) throws IOException {
        return start(List.of(), environment, log, arguments);
    }

    /** A JVM that can't write more than so many bytes to a file. */
    static Process startLimited(Path log, int bytes, Object... arguments) throws IOException {
        return start(List.of("sh", "-c", "ulimit -f " + bytes / 512 + "; exec \"$@\"", "sh"), Map.of(), log, arguments);
    }

    private static Process start(List<String> prefix, Map<String, String> environment, Path log, Object... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(command(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())));
        builder.environment().putAll(environment);
        return builder.start();
    }

    Program succeeded() {
        assertEquals(Main.OK, code, err);
        return this;
    }

    /** Asserts one clear line on standard error, and nothing on standard output. */
    String failed(int expected) {
        assertEquals(expected, code, out + err);
        assertEquals("", out);
        String line = err.strip().lines().reduce((first, last) -> last).orElse("");
        assertTrue(line.startsWith("eikonal: "), err);
        assertTrue(err.lines().filter(text -> text.startsWith("eikonal: ")).count() == 1, err);
        assertTrue(!err.contains("\tat "), err);
        return line;
    }

    JsonNode json() {
        try {
            return new ObjectMapper().readTree(succeeded().out);
        } catch (JsonProcessingException e) {
            throw new AssertionError(out, e);
        }
    }
}
