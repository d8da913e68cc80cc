package org.eikonal.studio.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eikonal.studio.photos.FakeColmap;
import org.eikonal.studio.scene.Scenes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Photos without poses on the command line, with a COLMAP that a script plays. */
@Timeout(120)
class PhotosTest {
    private static final List<String> NAMES = List.of("1.png", "2.png", "3.png", "4.png", "5.png", "6.png", "7.png");

    @TempDir
    Path folder;

    private Path photos;
    private Path drawing;
    private FakeColmap colmap;
    private Map<String, String> path;

    @BeforeEach
    void prepare() throws IOException {
        photos = Files.createDirectory(folder.resolve("photos"));
        drawing = folder.resolve("map.png");
        FakeColmap.photos(photos, NAMES);
        colmap = FakeColmap.in(folder.resolve("bin")).model(0, NAMES.subList(0, 6));
        path = Map.of("PATH", colmap.folder() + ":" + System.getenv("PATH"));
    }

    @Test
    void trainingPlacesThePhotosAndEvaluationOnlyOpensThem() throws IOException {
        Path run = folder.resolve("run");
        Program trained = Program.runElsewhere(path, "train", photos, "--run", run, "--steps", 2, Program.SMALL)
                .succeeded();
        for (String line : List.of("there are no poses: COLMAP estimates those of 7 photos",
                "finding features 100%  7/7 photos", "matching 100%  1/1", "placing  57%  4/7 photos",
                "COLMAP placed 6 of 7 photos, by 2 points with a mean reprojection error of 0.50 px",
                "not placed: 7.png", "scene: photos, 5 views to train on, 0 val, 1 test, 1 skipped")) {
            assertTrue(trained.err().contains(line), line + " in " + trained.err());
        }
        long calls = calls();
        assertEquals(1, Program.run("eval", run, "--json").json().get("views").size());
        Program.run("train", photos, "--run", run, "--steps", 3, "--resume").succeeded();
        Program said = Program.run("scene", photos, "--out", drawing).succeeded();
        assertTrue(said.out().contains("7.png: COLMAP could not place it"), said.out());
        // What opens the scene of a run never places it: the run's poses would not come back.
        Files.move(photos.resolve("eikonal-colmap"), folder.resolve("gone"));
        assertTrue(Program.run("eval", run).failed(Main.FAILED).contains("nor eikonal-colmap/sparse/0/cameras.bin"));
        assertEquals(calls, calls());
    }

    private long calls() throws IOException {
        return Files.lines(colmap.folder().resolve("calls")).count();
    }

    @Test
    void withoutColmapItSaysHowToGetIt() throws IOException {
        Path nothing = Files.createDirectory(folder.resolve("nothing"));
        String line = Program.runElsewhere(Map.of("PATH", nothing.toString()), "scene", photos, "--out", drawing)
                .failed(Main.FAILED);
        assertTrue(line.contains("is not installed: install it ('sudo apt install colmap'"), line);
    }

    @Test
    void interruptedItKillsColmapAndTheSameCommandGoesOn() throws IOException, InterruptedException {
        Path begun = folder.resolve("begun");
        colmap.at("exhaustive_matcher", "if [ ! -f " + begun + " ]; then echo $$ > " + begun + ".tmp; mv " + begun
                + ".tmp " + begun + "; exec sleep 300; fi");
        Path log = folder.resolve("log.txt");
        Process process = Program.start(path, log, "scene", photos, "--out", drawing);
        while (!Files.exists(begun)) {
            assertTrue(process.isAlive(), () -> text(log));
            Thread.sleep(10);
        }
        process.destroy(); // SIGTERM, which the JVM takes as it takes Ctrl-C
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertFalse(ProcessHandle.of(Long.parseLong(Files.readString(begun).strip())).isPresent());
        assertTrue(text(log).contains("stopped; the same command goes on"), () -> text(log));
        assertFalse(text(log).contains("eikonal: "), () -> text(log));
        assertFalse(Scenes.isScene(photos));
        assertFalse(Files.exists(drawing));
        Program said = Program.runElsewhere(path, "scene", photos, "--out", drawing).succeeded();
        assertTrue(said.err().contains("going on where it stopped"), said.err());
        assertTrue(said.out().contains("views     6: 5 train, 0 val, 1 test"), said.out());
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
