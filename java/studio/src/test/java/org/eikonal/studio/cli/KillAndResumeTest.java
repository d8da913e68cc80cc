package org.eikonal.studio.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eikonal.studio.demo.DemoScene;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** JVMs that are killed at any moment, and the runs that go on after them. */
@Timeout(120)
class KillAndResumeTest {
    // Two kills come within about two seconds of training: a machine several times as fast must not be done by then.
    private static final int STEPS = 6000;

    @TempDir
    Path folder;

    private Path run;
    private Path log;

    @BeforeEach
    void makeScene() throws IOException {
        DemoScene.write(folder.resolve("scene"), 12, 4, 32);
        run = folder.resolve("run");
        log = folder.resolve("log.txt");
    }

    private Object[] train(Path to) {
        return new Object[] {"train", folder.resolve("scene"), "--run", to, "--steps", STEPS, Program.SMALL, "--resume"};
    }

    private void waitFor(Process process, Path file, FileTime newerThan) throws IOException, InterruptedException {
        while (!Files.exists(file) || newerThan != null && Files.getLastModifiedTime(file).compareTo(newerThan) <= 0) {
            assertTrue(process.isAlive(), () -> "ended before " + file + " was written: " + log());
            Thread.sleep(5);
        }
    }

    private String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void killedAtAnyMomentItEndsWithTheSameBits() throws IOException, InterruptedException {
        Path checkpoint = run.resolve("checkpoint.eik");
        // Before anything is there; after the configuration; then in and after checkpoints.
        kill(Program.start(log, train(run)), 250);
        Process second = Program.start(log, train(run));
        waitFor(second, run.resolve("config.json"), null);
        kill(second, 150);
        List<Long> steps = new ArrayList<>();
        for (int delay : new int[] {0, 120}) {
            FileTime last = Files.exists(checkpoint) ? Files.getLastModifiedTime(checkpoint) : null;
            Process process = Program.start(log, train(run));
            waitFor(process, checkpoint, last);
            kill(process, delay);
            JsonNode json = Program.run("eval", run, "--json").json();
            steps.add(json.get("steps").asLong());
            assertTrue(json.get("steps").asLong() < STEPS, json::toString);
        }
        assertTrue(steps.get(0) > 0 && steps.get(1) > steps.get(0), steps::toString);

        Program.run(train(run)).succeeded();
        JsonNode resumed = Program.run("eval", run, "--json").json();
        assertEquals(STEPS, resumed.get("steps").asInt());
        assertEquals(steps.get(1), resumed.get("firstStepAfterResume").asLong());
        assertMetricsInOrder();

        Path whole = folder.resolve("whole");
        Program.run(train(whole)).succeeded();
        JsonNode uninterrupted = Program.run("eval", whole, "--json").json();
        assertTrue(uninterrupted.get("firstStepAfterResume").isNull());
        assertEquals(uninterrupted.get("parametersSha256"), resumed.get("parametersSha256"));
        assertEquals(uninterrupted.get("psnr"), resumed.get("psnr"));
    }

    private static void kill(Process process, long afterMillis) throws InterruptedException {
        assertFalse(process.waitFor(afterMillis, TimeUnit.MILLISECONDS), "ended before it was killed");
        process.destroyForcibly().waitFor();
    }

    private void assertMetricsInOrder() throws IOException {
        long before = 0;
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            long step = Long.parseLong(line.replaceAll("\\{\"step\":(\\d+),.*}", "$1"));
            assertTrue(step > before, line);
            before = step;
        }
        assertEquals(STEPS, before);
    }

    @Test
    void interruptedItSavesEverythingAndSaysSo() throws IOException, InterruptedException {
        Process process = Program.start(log, train(run));
        waitFor(process, run.resolve("metrics.jsonl"), null);
        Thread.sleep(100);
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(Main.INTERRUPTED, process.exitValue(), this::log);
        assertTrue(log().contains("stopped at step "), this::log);
        long steps = Program.run("eval", run, "--json").json().get("steps").asLong();
        assertTrue(log().contains("stopped at step " + steps + " "), this::log);
        assertTrue(steps > 0 && steps < STEPS, this::log);
    }
}
