package org.eikonal.studio.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.image.PictureFiles.Size;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program from end to end, on a scene so small that it takes seconds. */
class MainTest {
    @TempDir
    static Path folder;

    private static Path scene;
    private static Path run;

    @BeforeAll
    static void train() throws IOException {
        scene = folder.resolve("scene");
        run = folder.resolve("run");
        DemoScene.write(scene, 12, 4, 32);
        Program trained = Program.run("train", scene, "--run", run, "--steps", 400, "--device", "cpu", Program.SMALL);
        trained.succeeded();
        assertTrue(trained.out().contains("eikonal eval " + run), trained.out());
        assertTrue(trained.err().contains("12 views to train on, 0 val, 4 test"), trained.err());
        assertTrue(trained.err().contains("trained 400 steps"), trained.err());
    }

    @Test
    void aRunFolderHoldsConfigurationMetricsAndCheckpoint() throws IOException {
        try (Stream<Path> files = Files.list(run)) {
            assertEquals(List.of("checkpoint.eik", "config.json", "metrics.jsonl"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        assertTrue(Files.readString(run.resolve("config.json")).contains("\"steps\" : 400"));
        assertTrue(Files.readString(run.resolve("metrics.jsonl")).contains("\"loss\""));
    }

    @Test
    void tensorBoardLearnsOfHeldOutViewsAtTheEnd() throws IOException {
        Path logged = folder.resolve("logged");
        Program.run("train", scene, "--run", logged, "--steps", 2, "--device", "cpu", Program.SMALL,
                "--tensorboard").succeeded();
        try (Stream<Path> files = Files.list(logged)) {
            Path events = files.filter(file -> file.toString().contains("tfevents")).findAny().orElseThrow();
            String text = Files.readString(events, StandardCharsets.ISO_8859_1);
            assertTrue(text.indexOf("train/loss") < text.indexOf("held_out/r_0"), "curves come first");
            assertTrue(text.contains("held_out/psnr"));
        }
    }

    @Test
    void evaluationSpeaksJson() {
        Program evaluated = Program.run("eval", run, "--json");
        JsonNode json = evaluated.json();
        assertTrue(json.get("psnr").asDouble() > 13, json::toString);
        assertTrue(json.get("ssim").asDouble() > 0.1 && json.get("ssim").asDouble() <= 1, json::toString);
        assertEquals(4, json.get("views").size());
        double sum = 0;
        for (JsonNode view : json.get("views")) {
            sum += view.get("psnr").asDouble();
            assertTrue(view.get("name").isTextual() && view.get("ssim").isNumber() && view.get("seconds").isNumber());
        }
        assertEquals(sum / 4, json.get("psnr").asDouble(), 1e-9);
        assertEquals("instant-ngp", json.get("recipe").asText());
        assertEquals("cpu", json.get("device").asText());
        assertEquals("test", json.get("split").asText());
        assertEquals(400, json.get("steps").asLong());
        assertTrue(json.get("trainSeconds").asDouble() > 0);
        assertTrue(json.get("parametersSha256").asText().matches("[0-9a-f]{64}"));
        assertTrue(json.get("firstStepAfterResume").isNull());
        assertTrue(json.get("raysPerSecond").asDouble() > 0 && json.get("seconds").asDouble() > 0);
        assertEquals("[1.0,1.0,1.0]", json.get("background").toString());
    }

    @Test
    void evaluationHasATableAndOtherSplits() {
        String table = Program.run("eval", run).succeeded().out();
        String mean = "mean +\\d+\\.\\d{3}  0\\.\\d{4} +- +\\d+\\.\\d{3}";
        assertTrue(table.lines().anyMatch(line -> line.matches(mean)), table);
        assertEquals(12, Program.run("eval", run, "--split", "train", "--json").json().get("views").size());
        String none = Program.run("eval", run, "--split", "val").failed(Main.FAILED);
        assertTrue(none.contains("no val views, but 12 train, 0 val, 4 test"), none);
    }

    @Test
    void picturesAreOfFullSizeAndNamedAfterPhotos() throws IOException {
        Path out = folder.resolve("test");
        Program.run("render", run, "--split", "test", "--out", out, "--channels", "rgb,depth,opacity").succeeded();
        for (String channel : List.of("rgb", "depth", "opacity")) {
            for (int i = 0; i < 4; i++) {
                Path file = out.resolve(channel).resolve("r_" + i + ".png");
                assertEquals(new Size(32, 32), PictureFiles.size(file));
            }
        }
        assertTrue(PictureFiles.read(out.resolve("rgb/r_0.png")).isOpaque());
    }

    @Test
    void picturesAreTakenFromAnOrbitOrFromGivenCameras() throws IOException {
        Path out = folder.resolve("free");
        Program.run("render", run, "--orbit", 3, "--out", out, "--scale", 0.5).succeeded();
        for (String name : List.of("0000", "0001", "0002")) {
            assertEquals(new Size(16, 16), PictureFiles.size(out.resolve("rgb/" + name + ".png")));
        }
        assertNotEquals(-1, Files.mismatch(out.resolve("rgb/0000.png"), out.resolve("rgb/0001.png")));
        Path cameras = Files.writeString(folder.resolve("path.json"), "{\"w\":20,\"h\":10,\"camera_angle_x\":0.7,"
                + "\"frames\":[{\"file_path\":\"a/top.png\",\"transform_matrix\":[[1,0,0,0],[0,1,0,0],[0,0,1,4]]}]}");
        Program.run("render", run, "--camera", cameras, "--out", out, "--channels", "depth").succeeded();
        assertEquals(new Size(20, 10), PictureFiles.size(out.resolve("depth/top.png")));
    }

    @Test
    void informationIsForPeopleAndForMachines() {
        JsonNode json = Program.run("info", "--json").json();
        assertTrue(json.get("version").isTextual() && json.get("library").isTextual());
        assertEquals("cpu", json.at("/devices/0/type").asText());
        assertTrue(json.at("/cpu/threads").asInt() >= 1);
        assertTrue(json.at("/device/why").isTextual());
        String lines = Program.run("info").succeeded().out();
        for (String word : List.of("version", "library", "instructions", "threads", "device", "recipe")) {
            assertTrue(lines.lines().anyMatch(line -> line.startsWith(word)), lines);
        }
    }

    @Test
    void everyCommandHasHelpWithExamples() {
        for (String command : List.of("demo", "train", "eval", "compare", "render", "info")) {
            String help = Program.run(command, "--help").succeeded().out();
            assertTrue(help.contains("Usage: eikonal " + command) && help.contains("Example"), help);
            assertTrue(help.lines().allMatch(line -> line.length() <= 100), help);
        }
        assertTrue(Program.run("--help").succeeded().out().contains("eikonal demo"));
        assertTrue(Program.run("--version").succeeded().out().startsWith("eikonal "));
        assertEquals(Main.USAGE, Program.run().code());
    }

    @Test
    void theDemoGoesTheWholeRoadAndGoesOnWhereItEnded() throws IOException {
        Path out = folder.resolve("demo");
        // The scene of an earlier demo, and a small one: a field of one second is fog, which takes long to render.
        DemoScene.write(out.resolve("scene"), 12, 12, 24);
        Program demo = Program.run("demo", "--out", out, "--seconds", 1).succeeded();
        assertTrue(demo.out().matches("(?s)Held out: PSNR \\d+\\.\\d\\d dB, SSIM 0\\.\\d{4} over 12 views.*"), demo.out());
        assertTrue(PictureFiles.size(out.resolve("contact-sheet.png")).width() > 600);
        assertTrue(Files.size(out.resolve("orbit.gif")) > 1000);
        assertTrue(Files.size(out.resolve("report.html")) > 10_000);
        assertEquals(new Size(24, 24), PictureFiles.size(out.resolve("pictures/orbit/0035.png")));
        assertTrue(Program.run("eval", out, "--json").json().get("steps").asLong() > 0);

        Program again = Program.run("demo", "--out", out, "--seconds", 1).succeeded();
        assertTrue(again.err().contains("the run is at its end"), again.err());
        assertFalse(again.err().contains("ray tracing"), again.err());
    }
}
