package org.eikonal.studio.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoSceneTest {
    @TempDir
    Path folder;

    @Test
    void sameBytesOnOneThreadAndOnFour() throws IOException {
        Path one = folder.resolve("one");
        Path four = folder.resolve("four");
        write(one, 1);
        write(four, 4);
        List<Path> files;
        try (var walk = Files.walk(one)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        assertEquals(12 + 4 + 2, files.size());
        for (Path file : files) {
            Path other = four.resolve(one.relativize(file).toString());
            assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(other), file.toString());
        }
    }

    @Test
    void opensAsABlenderSceneWithObjectsOverNothing() throws IOException {
        DemoScene.write(folder, 12, 4, 32);
        Scene scene = Scenes.open(folder);
        assertEquals("transforms_train.json", scene.format());
        assertEquals(12, scene.views(Split.TRAIN).size());
        assertEquals(4, scene.views(Split.TEST).size());
        for (View view : scene.views()) {
            Picture picture = PictureFiles.read(view.image());
            assertEquals(32, picture.width());
            int empty = 0;
            int covered = 0;
            int edge = 0;
            for (int i = 3; i < picture.rgba().length; i += 4) {
                int alpha = picture.rgba()[i] & 255;
                empty += alpha == 0 ? 1 : 0;
                covered += alpha == 255 ? 1 : 0;
                edge += alpha > 0 && alpha < 255 ? 1 : 0;
            }
            assertTrue(empty > 150 && covered > 150 && edge > 20,
                    view.name() + ": " + empty + ", " + covered + ", " + edge);
            assertEquals(0, picture.rgba()[3], "the corner is sky");
        }
    }

    @Test
    void camerasStandOnAHemisphereAndLookAtTheMiddle() throws IOException {
        DemoScene.write(folder, 12, 4, 8);
        for (View view : Scenes.open(folder).views()) {
            double[] p = view.camera().pose().position();
            double distance = Math.sqrt(p[0] * p[0] + p[1] * p[1] + (p[2] + 0.14) * (p[2] + 0.14));
            assertEquals(3.8, distance, 1e-9);
            assertTrue(p[2] > 0);
            // -z of the camera points at the target.
            assertEquals(p[0] / distance, view.camera().pose().at(0, 2), 1e-9);
            assertEquals(p[1] / distance, view.camera().pose().at(1, 2), 1e-9);
        }
    }

    @Test
    void hitsLieOnTheSurfaceAndNormalsPointOut() {
        Vec eye = new Vec(2.1, -1.7, 1.9);
        for (Stage.Thing thing : Stage.things()) {
            Solid solid = thing.solid();
            int hits = 0;
            for (int i = 0; i < 400; i++) {
                Vec jitter = new Vec(i % 20 / 10.0 - 0.95, i / 20 / 10.0 - 0.95, 0).times(solid.radius());
                Ray ray = new Ray(eye, solid.centre().plus(jitter).minus(eye).unit());
                double t = solid.hit(ray, Solid.MISS);
                if (t == Solid.MISS) {
                    continue;
                }
                hits++;
                Vec point = ray.at(t);
                Vec normal = solid.normal(point);
                assertEquals(1, normal.length(), 1e-9);
                // All of it fits the unit cube at the default scale.
                assertTrue(Math.max(Math.hypot(point.x(), point.y()), Math.abs(point.z())) < 1.3, "far out: " + point);
                assertTrue(point.minus(solid.centre()).length() < solid.radius() + 2e-3);
                assertTrue(normal.dot(ray.direction()) < 0.05, thing + " faces away at " + point);
                assertEquals(Solid.MISS, solid.hit(ray, t * 0.99), "a limit before the surface");
                // From just outside, away from the surface, nothing is hit where the solid is convex.
                if (!(solid instanceof Solid.Torus)) {
                    assertEquals(Solid.MISS, solid.hit(new Ray(point.plus(normal.times(1e-3)), normal), Solid.MISS));
                }
            }
            assertTrue(hits > 40, thing + " was hit " + hits + " times");
        }
    }

    @Test
    void countsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> DemoScene.write(folder, 0, 1, 8));
        assertThrows(IllegalArgumentException.class, () -> DemoScene.write(folder, 3, 4, 8));
        assertThrows(IllegalArgumentException.class, () -> DemoScene.write(folder, 3, 1, 5000));
    }

    private static void write(Path folder, int threads) {
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            pool.submit(() -> {
                try {
                    DemoScene.write(folder, 12, 4, 32);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).join();
        } finally {
            pool.shutdown();
        }
    }
}
