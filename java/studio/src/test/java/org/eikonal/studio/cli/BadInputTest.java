package org.eikonal.studio.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.image.PngBytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong most plainly: one clear line, an exit code, and nothing written or lost. */
class BadInputTest {
    private static final String POSE = "\"transform_matrix\":[[1,0,0,0],[0,1,0,0],[0,0,1,4],[0,0,0,1]]";

    @TempDir
    Path folder;

    private Path scene;
    private Path run;

    @BeforeEach
    void paths() throws IOException {
        scene = Files.createDirectory(folder.resolve("scene"));
        run = folder.resolve("run");
    }

    private void transforms(String frames) throws IOException {
        Files.writeString(scene.resolve("transforms.json"), "{\"fl_x\":50,\"frames\":[" + frames + "]}");
    }

    private String trainingFails(int code, Object... more) {
        String line = Program.run("train", scene, "--run", run, "--steps", 2, more).failed(code);
        assertFalse(Files.exists(run), line);
        return line;
    }

    private void goodScene() throws IOException {
        DemoScene.write(scene, 3, 1, 16);
    }

    @Test
    void aSceneThatIsNotThere() throws IOException {
        assertTrue(trainingFails(Main.FAILED).contains("neither transforms_train.json nor transforms.json"));
        Files.delete(scene);
        assertTrue(trainingFails(Main.FAILED).contains("no such folder"));
        Files.writeString(scene, "no folder");
        assertTrue(trainingFails(Main.FAILED).contains("it is a file; name the folder of the scene"));
    }

    @Test
    void aSingleImage() throws IOException {
        Files.write(scene.resolve("a.png"), Files.readAllBytes(picture()));
        transforms("{\"file_path\":\"a.png\"," + POSE + "}");
        assertTrue(trainingFails(Main.FAILED).contains("the only image is held out for tests and none remains"));
        // Where the tests are elsewhere, be they missing, one image trains.
        Files.move(scene.resolve("transforms.json"), scene.resolve("transforms_train.json"));
        Files.writeString(scene.resolve("transforms_test.json"),
                "{\"fl_x\":50,\"frames\":[{\"file_path\":\"gone.png\"," + POSE + "}]}");
        Program.run("train", scene, "--run", run, "--steps", 2, Program.SMALL).succeeded();
        assertTrue(Program.run("eval", run).failed(Main.FAILED)
                .contains("the scene has no test views, but 1 train, 0 val, 0 test; choose another --split"));
        assertEquals(1, Program.run("eval", run, "--split", "train", "--json").json().get("views").size());
        Program.run("render", run, "--orbit", 1, "--out", folder.resolve("out")).succeeded();
    }

    @Test
    void aBoxThatNoPhotoSees() throws IOException {
        goodScene();
        // The cameras look down; the box is put high above them.
        String line = trainingFails(Main.FAILED, "--set", "unit_cube.offset=[0.5,0.5,-50]");
        assertTrue(line.contains("no photo sees the box that is modelled (with aabb_scale 1, scale 0.33, offset 0.5,"),
                line);
        assertTrue(trainingFails(Main.USAGE, "--set", "unit_cube.scale=0")
                .contains("unit_cube.scale is 0.0; expected a number above 0"));
        assertTrue(trainingFails(Main.USAGE, "--set", "occupancy.cascades=0")
                .contains("occupancy.cascades is 0; expected a whole number from 1 to 8"));
    }

    @Test
    void truncatedJson() throws IOException {
        goodScene();
        Path file = scene.resolve("transforms_train.json");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        String line = trainingFails(Main.FAILED);
        assertTrue(line.contains(file.getFileName().toString()) && line.contains("damaged JSON"), line);
    }

    @Test
    void aPoseThatIsNotANumber() throws IOException {
        Files.write(scene.resolve("a.png"), Files.readAllBytes(picture()));
        transforms("{\"file_path\":\"a.png\"," + POSE.replace("4]", "NaN]") + "}");
        assertTrue(trainingFails(Main.FAILED).contains("frames[0].transform_matrix[2][3] is NaN"));
    }

    private Path picture() throws IOException {
        DemoScene.write(folder.resolve("other"), 1, 1, 16);
        return folder.resolve("other/train/r_0.png");
    }

    @Test
    void aPathThatLeavesTheScene() throws IOException {
        picture();
        transforms("{\"file_path\":\"../other/train/r_0.png\"," + POSE + "}");
        assertTrue(trainingFails(Main.FAILED).contains("leads out of the scene folder"));
    }

    @Test
    void anEmptyScene() throws IOException {
        transforms("");
        assertTrue(trainingFails(Main.FAILED).contains("no frames"));
    }

    @Test
    void anImageThatIsNone() throws IOException {
        Files.writeString(scene.resolve("a.png"), "not a picture");
        transforms("{\"file_path\":\"a.png\"," + POSE + "}");
        String line = trainingFails(Main.FAILED);
        assertTrue(line.contains("a.png") && line.contains("it is no picture"), line);
    }

    @Test
    void anImageThatIsDamagedBehindItsHeader() throws IOException {
        goodScene();
        Path image = scene.resolve("train/r_1.png");
        byte[] whole = Files.readAllBytes(image);
        Files.write(image, Arrays.copyOf(whole, 60));
        assertTrue(trainingFails(Main.FAILED).contains("r_1.png: can't read this picture"));
    }

    @Test
    void anImageThatClaimsToBeHuge() throws IOException {
        Files.write(scene.resolve("a.png"), PngBytes.claiming(200_000, 200_000));
        transforms("{\"file_path\":\"a.png\"," + POSE + "}");
        assertTrue(trainingFails(Main.FAILED).contains("claims 200000x200000 pixels"));
    }

    @Test
    void settingsThatCannotBeMeant() throws IOException {
        goodScene();
        String line = trainingFails(Main.USAGE, "--set", "encoding.log2_hashmapsize=12");
        assertTrue(line.contains("known are otype, n_levels, n_features_per_level, log2_hashmap_size"), line);
        assertTrue(trainingFails(Main.USAGE, "--recipe", "instant-gnp").contains("known are instant-ngp"));
        assertTrue(trainingFails(Main.USAGE, "--seconds", 3).contains("steps and seconds are both given"));
        assertTrue(trainingFails(Main.USAGE, "--device", "gpu").contains("it must be auto, cpu, cuda, or cuda:N"));
        assertTrue(trainingFails(Main.USAGE, "--step", 3).contains("see 'eikonal train --help'"));
        assertTrue(trainingFails(Main.USAGE, "--threads", "two").contains("'two' is no whole number; see 'eikonal"));
        assertTrue(trainingFails(Main.USAGE, "more").contains("one argument too many: 'more'; see 'eikonal train"));
        assertTrue(trainingFails(Main.USAGE, "--set", "wibble=1").contains("known are precision, isa, deterministic"));
        assertTrue(Program.run("tran", scene).failed(Main.USAGE)
                .contains("unknown command 'tran'; known are demo, scene, train, view, eval, compare, render, export, info"));
        assertTrue(trainingFails(Main.FAILED, "--set", "encoding.n_levels=99").contains("must be in [1, 32]"));
    }

    @Test
    void anExistingRunIsNotWrittenOver() throws IOException {
        goodScene();
        Object[] train = {"train", scene, "--run", run, "--steps", 5, Program.SMALL};
        // To resume what is not there is to start it.
        Program.run(train, "--resume").succeeded();
        byte[] config = Files.readAllBytes(run.resolve("config.json"));
        byte[] checkpoint = Files.readAllBytes(run.resolve("checkpoint.eik"));
        assertTrue(Program.run(train).failed(Main.FAILED).contains("there is a run already; go on with it by --resume"));
        assertTrue(Program.run(train, "--resume", "--set", "encoding.n_levels=5").failed(Main.USAGE)
                .contains("the run was made with encoding.n_levels 4, not 5"));
        assertTrue(Program.run(train, "--resume", "--seed", 3).failed(Main.USAGE).contains("made with seed 0, not 3"));
        DemoScene.write(folder.resolve("other"), 1, 1, 16);
        assertTrue(Program.run("train", folder.resolve("other"), "--run", run, "--resume").failed(Main.FAILED)
                .contains("this run trains the scene"));
        assertArrayEquals(config, Files.readAllBytes(run.resolve("config.json")));
        assertArrayEquals(checkpoint, Files.readAllBytes(run.resolve("checkpoint.eik")));
    }

    @Test
    void damagedRuns() throws IOException {
        goodScene();
        assertTrue(Program.run("eval", run).failed(Main.FAILED).contains("there is no run here"));
        Program.run("train", scene, "--run", run, "--steps", 5, Program.SMALL).succeeded();
        Path checkpoint = run.resolve("checkpoint.eik");
        byte[] whole = Files.readAllBytes(checkpoint);
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 1;
        Files.write(checkpoint, flipped);
        assertTrue(Program.run("eval", run).failed(Main.FAILED).contains("damaged checkpoint (its checksum differs)"));
        assertTrue(Program.run("train", scene, "--run", run, "--steps", 9, "--resume").failed(Main.FAILED)
                .contains("damaged checkpoint"));
        assertArrayEquals(flipped, Files.readAllBytes(checkpoint));
        Files.delete(checkpoint);
        assertTrue(Program.run("eval", run).failed(Main.FAILED).contains("there is no checkpoint yet"));
        Files.createSymbolicLink(checkpoint, folder.resolve("a-disk-that-is-not-there"));
        assertTrue(Program.run("train", scene, "--run", run, "--steps", 9, "--resume").failed(Main.FAILED)
                .contains("checkpoint.eik: no such file"));
        assertTrue(Files.isSymbolicLink(checkpoint));
        Files.writeString(run.resolve("config.json"), "{\"recipe\":");
        assertTrue(Program.run("render", run, "--orbit", 2, "--out", folder.resolve("out")).failed(Main.USAGE)
                .contains("config.json: damaged JSON"));
        assertFalse(Files.exists(folder.resolve("out")));
        Files.delete(run.resolve("config.json"));
        for (Object[] command : new Object[][] {{"eval", run}, {"train", scene, "--run", run, "--resume"}}) {
            assertTrue(Program.run(command).failed(Main.FAILED)
                    .contains("config.json: it is missing or no file, but a run was here; restore it"));
        }
    }

    @Test
    void filesWhereFoldersAreNeededAndFoldersWhereFiles() throws IOException {
        goodScene();
        Path file = Files.writeString(folder.resolve("file"), "precious");
        for (Object[] more : new Object[][] {{file}, {file.resolve("run")}, {file, "--resume"}}) {
            String line = Program.run("train", scene, "--steps", 2, Program.SMALL, "--run", more).failed(Main.FAILED);
            assertTrue(line.contains("it is a file; a run needs a folder")
                    || line.contains("a file is where a folder is needed"), line);
        }
        assertTrue(Program.run("demo", "--out", file, "--seconds", 1).failed(Main.FAILED)
                .contains("a file is where a folder is needed"));
        Program.run("train", scene, "--run", run, "--steps", 2, Program.SMALL).succeeded();
        assertTrue(Program.run("render", run, "--orbit", 1, "--out", file).failed(Main.FAILED)
                .contains("a file is where a folder is needed"));
        assertEquals("precious", Files.readString(file));
        Files.delete(run.resolve("metrics.jsonl"));
        Files.createDirectory(run.resolve("metrics.jsonl"));
        assertTrue(Program.run("train", scene, "--run", run, "--steps", 4, "--resume").failed(Main.FAILED)
                .contains("metrics.jsonl: a folder is where a file is needed"));
        assertEquals(2, Program.run("eval", run, "--json").json().get("steps").asInt());
    }

    @Test
    void resultsThatNobodyCanRead() throws IOException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (PrintStream full = new PrintStream(new FileOutputStream("/dev/full"))) {
            assertEquals(Main.FAILED, Main.run(full, new PrintStream(err), "info", "--json"));
        }
        assertTrue(err.toString().startsWith("eikonal: standard output: can't be written"), err::toString);
    }

    @Test
    void terminalCodesInNames() throws IOException {
        goodScene();
        Path evil = folder.resolve("\u001b[31mevil");
        Files.move(scene, evil);
        Path cursed = folder.resolve("\u001b[2Jrun");
        Program trained = Program.run("train", evil, "--run", cursed, "--steps", 2, Program.SMALL);
        assertFalse((trained.succeeded().out() + trained.err()).contains("\u001b"), trained::toString);
        assertFalse(Program.run("train", "\u001b[31mnowhere").failed(Main.FAILED).contains("\u001b"));
    }

    @Test
    void picturesThatCannotBeMeant() throws IOException {
        Path out = folder.resolve("out");
        assertEquals(Main.USAGE, Program.run("render", run, "--out", out).code());
        assertEquals(Main.USAGE, Program.run("render", run, "--orbit", 3, "--split", "test", "--out", out).code());
        assertTrue(Program.run("render", run, "--orbit", 3, "--out", out, "--channels", "rgb,normals")
                .failed(Main.USAGE).contains("unknown channel \"normals\"; known are rgb, depth, normal, opacity"));
        assertTrue(Program.run("render", run, "--orbit", 0, "--out", out).failed(Main.USAGE).contains("--orbit is 0"));
        assertTrue(Program.run("render", run, "--split", "tests", "--out", out).failed(Main.USAGE)
                .contains("it is train, val or test"));
        assertTrue(Program.run("render", run, "--camera", folder.resolve("none.json"), "--out", out)
                .failed(Main.FAILED).contains("none.json: no such file"));
        assertTrue(Program.run("render", run, "--out", out).failed(Main.USAGE)
                .contains("eikonal: Missing required argument (specify one of these)"));
        assertFalse(Files.exists(out));
    }

    @Test
    void aDemoInAFolderOfSomethingElse() throws IOException {
        Path out = Files.createDirectory(folder.resolve("thesis"));
        Files.writeString(out.resolve("thesis.tex"), "do not touch");
        assertTrue(Program.run("demo", "--out", out, "--seconds", 1).failed(Main.FAILED).contains("not empty"));
        assertEquals(1, out.toFile().list().length);
    }
}
