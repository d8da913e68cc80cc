package org.eikonal.studio.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eikonal.Camera;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.export.PlyReader;
import org.eikonal.studio.scene.CameraFile;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.View;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
    @TempDir
    static Path folder;

    private static Path scene;
    private static Path run;

    @TempDir
    Path out;

    @BeforeAll
    static void train() throws IOException {
        scene = folder.resolve("scene");
        run = folder.resolve("run");
        DemoScene.write(scene, 12, 4, 32);
        Program.run("train", scene, "--run", run, "--steps", 400, "--device", "cpu", Program.SMALL).succeeded();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aMeshIsTheSameInEveryFormat() throws IOException {
        for (String name : new String[] {"a.ply", "a.obj", "a.glb", "sub/b.PLY"}) {
            String said = Program.run("export", run, "mesh", "--out", out.resolve(name), "--resolution", 64)
                    .succeeded().out();
            assertTrue(said.matches("(?s).*" + name
                    + ": \\d+ vertices, \\d+ triangles at density .* specks left out\\s"), said);
        }
        assertEquals(List.of("a.glb", "a.obj", "a.ply", "sub"), files());
        assertArrayEquals(Files.readAllBytes(out.resolve("a.ply")), Files.readAllBytes(out.resolve("sub/b.PLY")));
        PlyReader mesh = PlyReader.read(out.resolve("a.ply"));
        assertTrue(mesh.triangles().length > 3000, "triangles " + mesh.triangles().length / 3);
        List<String> lines = Files.readAllLines(out.resolve("a.obj"));
        assertEquals(mesh.positions().length / 3, lines.stream().filter(line -> line.startsWith("v ")).count());
        assertEquals(mesh.triangles().length / 3, lines.stream().filter(line -> line.startsWith("f ")).count());
        unitNormals(mesh);
    }

    private static void unitNormals(PlyReader read) {
        for (int i = 0; i < read.normals().length; i += 3) {
            float[] normal = Arrays.copyOfRange(read.normals(), i, i + 3);
            assertEquals(1, Math.hypot(Math.hypot(normal[0], normal[1]), normal[2]), 1e-5);
        }
    }

    @Test
    void aCropIsAllThatIsTaken() throws IOException {
        Program.run("export", run, "mesh", "--out", out.resolve("a.ply"), "--resolution", 40,
                "--crop", "-1,-0.5,-0.6,0.5,0.5,0").succeeded();
        float[] low = {-1, -0.5f, -0.6f};
        float[] high = {0.5f, 0.5f, 0};
        float[] positions = PlyReader.read(out.resolve("a.ply")).positions();
        for (int i = 0; i < positions.length; i++) {
            // The shorter edges are no multiple of a voxel, 1.5 / 40.
            assertTrue(positions[i] > low[i % 3] - 0.02 && positions[i] < high[i % 3] + 0.02, "at " + positions[i]);
        }
    }

    @Test
    void pointsAreAsManyAsAskedForAndTheSameEveryTime() throws IOException {
        Program.run("export", run, "points", "--out", out.resolve("a.ply"), "--count", 5000).succeeded();
        Program.run("export", run, "points", "--out", out.resolve("b.ply"), "--count", 5000).succeeded();
        assertArrayEquals(Files.readAllBytes(out.resolve("a.ply")), Files.readAllBytes(out.resolve("b.ply")));
        PlyReader points = PlyReader.read(out.resolve("a.ply"));
        assertEquals(5000, points.positions().length / 3, 50);
        assertEquals(0, points.triangles().length);
        unitNormals(points);
        for (float number : points.positions()) {
            assertTrue(Math.abs(number) < 1.5152, "outside the modelled box: " + number);
        }
    }

    @Test
    void camerasComeBack() throws IOException {
        // Beside the photos, the file is a scene; elsewhere, it is cameras to render from.
        Path file = out.resolve("cameras.json");
        Program.run("export", run, "cameras", "--out", file).succeeded();
        List<View> views = Scenes.open(scene).views();
        List<Camera> back = new ArrayList<>(CameraFile.read(file).values());
        assertEquals(16, back.size());
        for (int i = 0; i < 16; i++) {
            assertEquals(views.get(i).camera(), back.get(i));
        }
        Path copy = folder.resolve("copy");
        Files.createDirectories(copy);
        for (String split : new String[] {"train", "test"}) {
            Files.createDirectories(copy.resolve(split));
            try (Stream<Path> photos = Files.list(scene.resolve(split))) {
                for (Path photo : photos.toList()) {
                    Files.copy(photo, copy.resolve(split).resolve(photo.getFileName()));
                }
            }
        }
        Files.copy(file, copy.resolve("transforms.json"));
        assertEquals(Scenes.open(scene).cube(), Scenes.open(copy).cube());
        assertEquals(views.stream().map(View::camera).map(Camera::pose).sorted((a, b) ->
                Arrays.compare(a.matrix(), b.matrix())).toList(),
                Scenes.open(copy).views().stream().map(View::camera).map(Camera::pose).sorted((a, b) ->
                Arrays.compare(a.matrix(), b.matrix())).toList());
        assertEquals(12, new ObjectMapper().readTree(Files.readAllBytes(file))
                .get("train_filenames").size());
    }

    @Test
    void voxelsAndTheirPlaces() throws IOException {
        Program.run("export", run, "voxels", "--out", out.resolve("a.npy"), "--resolution", 20).succeeded();
        assertEquals(List.of("a.json", "a.npy"), files());
        assertEquals(128 + 4 * 8000, Files.size(out.resolve("a.npy")));
    }

    @Test
    void whatCanNotBeMeantIsUsage() {
        refused(Main.USAGE, "\"surface\" can't be exported; known are mesh, points, cameras, voxels, field",
                "surface", "--out", "a.ply");
        refused(Main.USAGE, "a mesh goes to a file that ends in .ply or .obj or .glb", "mesh", "--out", "a.stl");
        refused(Main.USAGE, "a mesh goes to a file", "mesh", "--out", "ply");
        refused(Main.USAGE, "points goes to a file that ends in .ply", "points", "--out", ".");
        refused(Main.USAGE, "--count belongs to points alone", "mesh", "--out", "a.ply", "--count", 5);
        refused(Main.USAGE, "--level belongs to a mesh alone", "voxels", "--out", "a.npy", "--level", 5);
        refused(Main.USAGE, "--resolution belongs to", "field", "--out", "a.safetensors", "--resolution", 5);
        for (Object resolution : new Object[] {1, 0, -3, 4096, 2147483647}) {
            refused(Main.USAGE, "it must be 2 to 2048", "mesh", "--out", "a.ply", "--resolution", resolution);
        }
        refused(Main.USAGE, "is no whole number", "mesh", "--out", "a.ply", "--resolution", "many");
        for (Object level : new Object[] {"0", "-1", "NaN", "Infinity", "1e300", "1e-300", "much"}) {
            refused(Main.USAGE, "write auto, or a density above 0", "mesh", "--out", "a.ply", "--level", level);
        }
        refused(Main.USAGE, "it must be 1 to 20000000", "points", "--out", "a.ply", "--count", 0);
        refused(Main.USAGE, "before it begins at", "mesh", "--out", "a.ply", "--crop", "1,1,1,0,0,0");
        refused(Main.FAILED, "outside of the box that is modelled", "mesh", "--out", "a.ply", "--crop", "5,5,5,6,6,6");
        refused(Main.FAILED, "there is no surface: the densest point here has", "mesh", "--out", "a.ply",
                "--level", "1e30", "--resolution", 16);
        refused(Main.FAILED, "there is no surface: everything here is empty", "mesh", "--out", "a.ply", "--crop",
                "-1.5,-1.5,1.45,-1.45,-1.45,1.5", "--resolution", 8, "--level", 1);
    }

    private void refused(int code, String why, Object... arguments) {
        Object[] own = arguments.clone();
        own[2] = out.resolve(own[2].toString());
        String line = Program.run("export", run, own).failed(code);
        assertTrue(line.contains(why), line);
        try {
            assertEquals(List.of(), files(), line);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatCanNotBeWrittenIsToldBeforeTheWork() throws IOException {
        Files.createDirectories(out.resolve("folder.ply"));
        Files.writeString(out.resolve("file"), "");
        String line = Program.run("export", run, "mesh", "--out", out.resolve("folder.ply")).failed(Main.FAILED);
        assertTrue(line.contains("a folder is where a file is needed"), line);
        line = Program.run("export", run, "mesh", "--out", out.resolve("file/a.ply")).failed(Main.FAILED);
        assertTrue(line.contains("a file is where a folder is needed"), line);
        assertEquals(List.of("file", "folder.ply"), files());
        line = Program.run("export", folder.resolve("nothing"), "mesh", "--out", out.resolve("a.ply"))
                .failed(Main.FAILED);
        assertTrue(line.contains("there is no run here"), line);
    }

    @Test
    void interruptedItLeavesNothing() throws IOException, InterruptedException {
        Path log = folder.resolve("interrupted.log");
        Process export = Program.start(log, "export", run, "voxels", "--out", out.resolve("a.npy"), "--resolution",
                2048);
        long end = System.nanoTime() + 60_000_000_000L;
        while (files().isEmpty() && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertEquals(List.of(".a.npy.tmp"), files(), Files.readString(log));
        export.destroy();
        assertTrue(export.waitFor(60, TimeUnit.SECONDS));
        assertEquals(List.of(), files());
        assertTrue(Files.readString(log).contains("stopped; nothing was written"), Files.readString(log));
        assertFalse(Files.readString(log).contains("eikonal: "), Files.readString(log));
    }
}
