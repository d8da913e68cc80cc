package org.eikonal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whether the emulator of GPUs finds what it is there for: planted bugs of every kind, in each of its three builds. */
class EmulatorTest {
    private static final Path SOURCE = Path.of(System.getProperty("native.source"), "cuda", "emulator");
    private static final Path BUILD = Path.of(System.getProperty("native.build")).resolveSibling("emulator");

    @Test
    void everyPlantedBugIsCaught() throws Exception {
        assumeTrue(Files.exists(Path.of(System.getProperty("eikonal.emulated"))), "skipped, missing: nvcc");
        Files.createDirectories(BUILD);
        String threads = Integer.toString(Runtime.getRuntime().availableProcessors());
        run("cmake", "-S", SOURCE.toString(), "-B", BUILD.toString());
        run("cmake", "--build", BUILD.toString(), "--parallel", threads, "--target", "emulator_check");
        String said = run(SOURCE.resolve("bugs/run.sh").toString(), BUILD.toString());
        assertFalse(said.contains("MISSED"), said);
        assertTrue(said.lines().filter(line -> line.startsWith("caught: ")).count() > 100, said);
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Path log = BUILD.resolve("log.txt");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertTrue(process.waitFor(15, TimeUnit.MINUTES), String.join(" ", command) + " does not end");
        String said = Files.readString(log);
        assertEquals(0, process.exitValue(), said);
        return said;
    }
}
