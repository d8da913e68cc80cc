package org.eikonal.studio.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.image.PictureFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SceneCommandTest {
    @TempDir
    Path folder;

    private Path scene;
    private Path drawing;

    @BeforeEach
    void prepare() throws IOException {
        scene = folder.resolve("demo");
        drawing = folder.resolve("map.png");
        DemoScene.write(scene, 6, 2, 8);
    }

    @Test
    void aSceneInWordsAndAsADrawing() throws IOException {
        Program said = Program.run("scene", scene, "--out", drawing).succeeded();
        assertTrue(said.out().contains("views     8: 6 train, 0 val, 2 test"), said.out());
        assertTrue(said.out().contains("camera    8 photos of 8x8, perspective, focal length 11.1"), said.out());
        assertTrue(said.out().contains("box       3.030 world units a side (aabb_scale 1)"), said.out());
        assertTrue(said.out().contains("skipped   0"), said.out());
        assertTrue(said.out().contains("The drawing is in " + drawing), said.out());
        assertEquals(1580, PictureFiles.size(drawing).width());
    }

    @Test
    void aSceneAsJson() throws IOException {
        Files.delete(scene.resolve("train/r_2.png"));
        JsonNode json = Program.run("scene", scene, "--out", drawing, "--json").json();
        assertEquals(5, json.at("/views/train").asInt());
        assertEquals(8, json.at("/cameras/0/width").asInt());
        assertEquals(7, json.at("/cameras/0/photos").asInt());
        assertEquals(1 / 0.33, json.at("/boxSide").asDouble(), 1e-9);
        assertEquals("./train/r_2", json.at("/skipped/0/name").asText());
        assertEquals("there is no such image", json.at("/skipped/0/reason").asText());
    }

    /** To COLMAP and from there back: the same cameras; the photos lie in train and test there. */
    @Test
    void conversionThereAndBack() throws IOException {
        Program.run("scene", scene, "--out", drawing, "--convert", scene.resolve("sparse/0")).succeeded();
        Files.move(scene.resolve("train"), Files.createDirectories(scene.resolve("images")).resolve("train"));
        Files.move(scene.resolve("test"), scene.resolve("images/test"));
        Files.delete(scene.resolve("transforms_train.json"));
        JsonNode colmap = Program.run("scene", scene, "--out", drawing, "--json").json();
        assertEquals("COLMAP", colmap.get("format").asText());
        assertEquals(7, colmap.at("/views/train").asInt());
        Path file = scene.resolve("transforms.json");
        Files.delete(scene.resolve("transforms_test.json"));
        Program.run("scene", scene, "--out", drawing, "--convert", file).succeeded();
        JsonNode json = Program.run("scene", scene, "--out", drawing, "--json").json();
        assertEquals("transforms.json", json.get("format").asText());
        for (String key : new String[] {"views", "cameras", "scale", "offset", "aabbScale"}) {
            assertEquals(colmap.get(key), json.get(key), key);
        }
        assertTrue(Program.run("scene", scene, "--out", drawing, "--convert", file).failed(Main.FAILED)
                .contains("it is already there"));
    }

    @Test
    void whatCannotBeDone() throws IOException {
        assertTrue(Program.run("scene", folder, "--out", drawing).failed(Main.FAILED).contains("nor poses_bounds.npy"));
        assertFalse(Files.exists(drawing));
        assertTrue(Program.run("scene", scene, "--out", drawing, "--convert", folder.resolve("transforms.json"))
                .failed(Main.FAILED).contains("paths must not lead out of it"));
        assertTrue(Program.run("scene").failed(Main.USAGE).contains("SCENE"));
    }
}
