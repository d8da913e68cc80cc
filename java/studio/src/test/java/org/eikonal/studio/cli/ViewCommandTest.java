package org.eikonal.studio.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eikonal.Pose;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.view.ViewClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program with a page, as a user starts and ends it. */
@Timeout(180)
class ViewCommandTest {
    private static final Object[] SMALL = {
        "--set", "encoding.n_levels=4", "--set", "encoding.log2_hashmap_size=10", "--set", "samples_per_step=4096",
        "--set", "occupancy.resolution=32",
    };
    private static final Pattern LINK = Pattern.compile("viewer: (http://127\\.0\\.0\\.1:[0-9]+/)\n");

    @TempDir
    static Path folder;

    private Path log = folder.resolve("log" + System.nanoTime());
    private Process process;

    @BeforeAll
    static void makeScene() throws IOException {
        DemoScene.write(folder.resolve("scene"), 12, 4, 32);
    }

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "";
        }
    }

    private String link() throws InterruptedException {
        for (int i = 0; i < 600; i++) {
            Matcher link = LINK.matcher(log());
            if (link.find()) {
                return link.group(1);
            }
            Thread.sleep(100);
        }
        throw new AssertionError(log());
    }

    private static Object[] with(Object... arguments) {
        Object[] all = Arrays.copyOf(arguments, arguments.length + SMALL.length);
        System.arraycopy(SMALL, 0, all, arguments.length, SMALL.length);
        return all;
    }

    private void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(Main.INTERRUPTED, process.exitValue(), this::log);
        assertTrue(!log().contains("Exception") && !log().contains("SLF4J") && !log().contains("jetty"), this::log);
    }

    @Test
    void itTrainsShowsTrainsOnAndEndsByAnInterruption() throws Exception {
        Path run = folder.resolve("run");
        process = Program.start(log, with("train", folder.resolve("scene"), "--run", run, "--steps", 40, "--view"));
        try (ViewClient client = new ViewClient(link(), true)) {
            assertEquals(40, client.text("state", state -> state.get("training").asText().equals("finished"))
                    .get("step").asLong());
            client.send(ViewClient.camera(new Pose(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 4), 64, 48, false, "color",
                    "null"));
            assertEquals(40, client.frame(head -> head.get("final").asBoolean()).head().get("step").asLong());
            client.send("{\"type\":\"train\",\"do\":\"resume\"}");
            assertEquals(80, client.text("state", state -> state.get("training").asText().equals("finished")
                    && state.get("step").asLong() > 40).get("step").asLong());
            assertEquals(80, client.frame(head -> head.get("final").asBoolean() && head.get("step").asLong() > 40)
                    .head().get("step").asLong());
            interrupt();
        }
        assertEquals(80, Program.run("eval", run, "--json").json().get("steps").asLong());

        // A run is shown as it is.
        log = folder.resolve("other-log");
        process = Program.start(log, "view", run, "--no-browser", "--port", freePort());
        try (ViewClient client = new ViewClient(link(), true)) {
            assertEquals("finished", client.text("state", state -> state.get("step").asLong() > 0)
                    .get("training").asText());
            interrupt();
        }
    }

    @Test
    void interruptedInTrainingItSaves() throws Exception {
        Path run = folder.resolve("interrupted");
        process = Program.start(log, with("train", folder.resolve("scene"), "--run", run, "--steps", 10_000_000,
                "--view"));
        try (ViewClient client = new ViewClient(link(), true)) {
            client.text("metrics");
            client.send("{\"type\":\"train\",\"do\":\"pause\"}");
            long step = client.text("state", state -> state.get("training").asText().equals("paused"))
                    .get("step").asLong();
            interrupt();
            assertEquals(step, Program.run("eval", run, "--json").json().get("steps").asLong());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void whatCannotBeMeantIsToldInOneLine() throws IOException {
        assertTrue(Program.run("view", folder.resolve("nothing")).failed(Main.FAILED).contains("nothing"));
        assertTrue(Program.run("view", folder.resolve("scene"), "--port", 70000).failed(Main.USAGE)
                .contains("--port is 70000"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String line = Program.run("view", folder.resolve("scene"), "--no-browser", "--port", taken.getLocalPort())
                    .failed(Main.FAILED);
            assertTrue(line.contains("can't listen at 127.0.0.1:" + taken.getLocalPort()), line);
        }
        assertTrue(Program.run("view", folder.resolve("scene"), "--no-browser", "--host", "no.such.host.invalid")
                .failed(Main.FAILED).contains("no.such.host.invalid"));
    }
}
