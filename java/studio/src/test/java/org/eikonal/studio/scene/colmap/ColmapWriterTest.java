package org.eikonal.studio.scene.colmap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.eikonal.Camera;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.Pose;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.SparsePoints;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.UnitCube;
import org.eikonal.studio.scene.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColmapWriterTest {
    @TempDir
    Path folder;

    /** Lines of a file of the model, split at blanks, without comments and empty lines. */
    private List<String[]> lines(String name) throws IOException {
        return Files.readAllLines(folder.resolve("out").resolve(name)).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#")).map(line -> line.split(" ")).toList();
    }

    private static double[] numbers(String[] words, int from, int to) {
        return Stream.of(words).limit(to).skip(from).mapToDouble(Double::parseDouble).toArray();
    }

    /** From COLMAP's files to a scene and back: every number within 1e-6 of itself, or of 1 where it is smaller. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsReadIsWrittenAgain(boolean binary) throws IOException {
        Random random = new Random(7);
        ColmapFixture model = new ColmapFixture(folder).camera(4, "PINHOLE", 8, 6, 1234.5678, 1233.25, 4.125, 3.0625)
                .camera(9, "OPENCV", 16, 12, 77.7, 78.8, 8.1, 6.2, -0.123456, 0.0123, 1e-4, -2e-4)
                .camera(2, "FULL_OPENCV", 8, 6, 99.1, 98.1, 4, 3, 0.1, -0.2, 0.001, 0.002, 0.3, 0, 0, 0)
                .camera(7, "OPENCV_FISHEYE", 8, 6, 5.5, 5.25, 4, 3, 0.01, -0.02, 0.003, -0.004);
        int[] ids = {4, 9, 2, 7};
        for (int i = 0; i < 40; i++) {
            double[] pose = new double[7];
            double square = 0;
            for (int k = 0; k < 7; k++) {
                pose[k] = k < 4 ? random.nextGaussian() : 10 * random.nextGaussian();
                square += k < 4 ? pose[k] * pose[k] : 0;
            }
            for (int k = 0; k < 4; k++) {
                pose[k] /= Math.sqrt(square);
            }
            // Turns by half a circle, about each axis and nearly so: where w vanishes.
            if (i < 4) {
                System.arraycopy(new double[] {i == 3 ? 1e-9 : 0, 0, 0, 0}, 0, pose, 0, 4);
                pose[1 + i % 3] = 1;
            }
            String name = (i % 2 == 0 ? "even/" : "") + String.format("p%02d.png", i);
            model.image(ids[i % 4], name, pose).picture("images/" + name, i % 4 == 1 ? 16 : 8, i % 4 == 1 ? 12 : 6)
                    .point(50 * random.nextGaussian(), random.nextGaussian(), 1e-3, i, 255 - i, 128, 0.7 + i);
        }
        Scene scene = Scenes.open(binary ? model.binary("sparse/0").folder : model.text("sparse").folder);
        ColmapWriter.write(scene, folder.resolve("out"));

        Map<String, String[]> lenses = new HashMap<>();
        lines("cameras.txt").forEach(words -> lenses.put(words[0], words));
        assertEquals(4, lenses.size());
        List<String[]> images = lines("images.txt");
        assertEquals(40, images.size());
        for (String[] words : images) {
            ColmapFixture.Photo photo = model.images.stream().filter(each -> each.name().equals(words[9])).findFirst()
                    .orElseThrow();
            double[] pose = numbers(words, 1, 8);
            double sign = Math.signum(pose[0] * photo.pose()[0] + pose[1] * photo.pose()[1] + pose[2] * photo.pose()[2]
                    + pose[3] * photo.pose()[3]); // q and -q are the same rotation
            for (int k = 0; k < 7; k++) {
                assertEquals(photo.pose()[k], (k < 4 ? sign : 1) * pose[k], 1e-6, words[9] + " " + k);
            }
            ColmapFixture.Lens lens = model.cameras.stream().filter(each -> each.id() == photo.camera()).findFirst()
                    .orElseThrow();
            String[] written = lenses.get(words[8]);
            assertEquals(lens.model(), written[1]);
            assertEquals(lens.width() + "x" + lens.height(), written[2] + "x" + written[3]);
            double[] parameters = numbers(written, 4, written.length);
            assertEquals(lens.parameters().length, parameters.length);
            for (int k = 0; k < parameters.length; k++) {
                assertEquals(lens.parameters()[k], parameters[k], 1e-6 * Math.max(1, Math.abs(lens.parameters()[k])));
            }
        }
        List<String[]> points = lines("points3D.txt");
        assertEquals(40, points.size());
        for (int i = 0; i < 40; i++) {
            assertArrayEquals(model.points.get(i), numbers(points.get(i), 1, 8), 1e-6);
        }
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        for (int i = 0; i < 3; i++) {
            new ColmapFixture(folder).picture("images/" + i + ".png", 8, 6);
        }
        Camera camera = new Camera(8, 6, Lens.PERSPECTIVE, 11, 12, 3.5f, 3.25f, new Distortion(0.1f, 0, 0, 0, 0, 0),
                Pose.lookAt(new double[] {1, 2, 3}, new double[3], new double[] {0, 0, 1}));
        Path images = folder.toRealPath().resolve("images");
        List<View> views = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            views.add(new View("" + i, images.resolve(i + ".png"), camera, Split.TRAIN));
        }
        Scene scene = new Scene("s", folder.toRealPath(), "none", views, new UnitCube(1, 0, 0, 0, 1), SparsePoints.NONE,
                List.of());
        ColmapWriter.write(scene, folder.resolve("sparse/0"));
        Scene read = Scenes.open(folder);
        assertEquals(3, read.views().size());
        for (View view : read.views()) {
            assertEquals(camera.withPose(Pose.IDENTITY), view.camera().withPose(Pose.IDENTITY));
            assertArrayEquals(camera.pose().matrix(), view.camera().pose().matrix(), 1e-12);
        }
        assertTrue(assertThrows(SceneException.class, () -> ColmapWriter.write(scene, folder.resolve("sparse/0")))
                .getMessage().contains("cameras.txt: it is already there"));
    }
}
