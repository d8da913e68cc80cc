package org.eikonal.studio.scene.colmap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.eikonal.Camera;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.Rays;
import org.eikonal.Views;
import org.eikonal.studio.image.Orientation;
import org.eikonal.studio.image.OrientationTest;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Skipped;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColmapFormatTest {
    private static final double[] STRAIGHT = {1, 0, 0, 0, 0, 0, 0};

    @TempDir
    Path folder;

    private ColmapFixture model() {
        return new ColmapFixture(folder);
    }

    /** Two photos of a camera, of which the second trains. */
    private Camera camera(String model, double... parameters) {
        model().camera(3, model, 80, 60, parameters).image(3, "a.png", STRAIGHT).image(3, "b.png", STRAIGHT)
                .picture("images/a.png", 80, 60).picture("images/b.png", 80, 60).binary("sparse/0");
        return Scenes.open(folder).views(Split.TRAIN).get(0).camera();
    }

    /** Images have the ids 7, 8, .. and every track names 7, 8 and 9. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void photosShowThePointsWhoseTracksNameThem(boolean binary) {
        ColmapFixture model = model().camera(1, "PINHOLE", 80, 60, 70, 65, 38, 31)
                .point(0, 0, 4, 1, 2, 3, 0.5).point(0, 0, 5, 1, 2, 3, 2.5).point(0, 0, 6, 1, 2, 3, 2);
        for (String name : List.of("a", "b", "c", "d")) {
            model.image(1, name + ".png", STRAIGHT).picture("images/" + name + ".png", 80, 60);
        }
        Scene scene = Scenes.open(binary ? model.binary("sparse").folder : model.text("sparse").folder);
        assertEquals(4, scene.views().size());
        for (View view : scene.views()) {
            // The second point is reprojected too badly to be relied on.
            assertArrayEquals(view.name().equals("d") ? new int[0] : new int[] {0, 2}, view.points(), view.name());
        }
    }

    /**
     * COLMAP's own way from a point in the world to a pixel, for a pinhole: u = f x/z + cx of R X + t, where R turns by
     * the angle about an axis. Our rays through that pixel must meet the point.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void raysThroughPixelsMeetThePointsThatColmapProjectsThere(boolean binary) {
        Random random = new Random(5);
        double[][] turns = new double[9][];
        double[][] shifts = new double[9][];
        ColmapFixture model = model().camera(1, "PINHOLE", 80, 60, 70, 65, 38, 31);
        for (int i = 0; i < 9; i++) {
            double angle = 3 * random.nextDouble();
            double[] axis = unit(random.nextGaussian(), random.nextGaussian(), random.nextGaussian());
            turns[i] = new double[] {axis[0] * angle, axis[1] * angle, axis[2] * angle};
            shifts[i] = new double[] {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
            double s = Math.sin(angle / 2);
            model.image(1, i + ".png", Math.cos(angle / 2), s * axis[0], s * axis[1], s * axis[2],
                    shifts[i][0], shifts[i][1], shifts[i][2]).picture("images/" + i + ".png", 80, 60);
        }
        Scene scene = Scenes.open(binary ? model.binary("sparse/0").folder : model.text("sparse").folder);
        assertEquals(List.of("0", "8"), scene.views(Split.TEST).stream().map(View::name).toList());
        try (Device device = Device.open(DeviceConfig.cpu()); Views views = Views.create(device, 1)) {
            for (View view : scene.views()) {
                int i = Integer.parseInt(view.name());
                // A point that the camera sees, taken back into the world by the turn's inverse: Rodrigues' formula.
                double[] inCamera = {random.nextGaussian(), random.nextGaussian(), 4 + random.nextDouble()};
                double[] world = rotate(turns[i], -1, inCamera[0] - shifts[i][0], inCamera[1] - shifts[i][1],
                        inCamera[2] - shifts[i][2]);
                float u = (float) (70 * inCamera[0] / inCamera[2] + 38);
                float v = (float) (65 * inCamera[1] / inCamera[2] + 31);
                views.setCamera(0, view.camera());
                Rays rays = views.rays(new int[1], new float[] {u, v});
                double[] along = unit(rays.directions()[0], rays.directions()[1], rays.directions()[2]);
                double[] to = world.clone();
                Arrays.setAll(to, k -> world[k] - rays.origins()[k]);
                assertArrayEquals(unit(to), along, 2e-6);
            }
        }
    }

    private static double[] rotate(double[] turn, double sign, double... v) {
        double angle = Math.sqrt(turn[0] * turn[0] + turn[1] * turn[1] + turn[2] * turn[2]);
        double[] k = unit(turn);
        double dot = k[0] * v[0] + k[1] * v[1] + k[2] * v[2];
        double[] cross = {k[1] * v[2] - k[2] * v[1], k[2] * v[0] - k[0] * v[2], k[0] * v[1] - k[1] * v[0]};
        double[] result = new double[3];
        Arrays.setAll(result, i -> v[i] * Math.cos(angle) + cross[i] * Math.sin(sign * angle)
                + k[i] * dot * (1 - Math.cos(angle)));
        return result;
    }

    private static double[] unit(double... v) {
        double length = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
        return new double[] {v[0] / length, v[1] / length, v[2] / length};
    }

    @Test
    void everyModelThatWeHaveALensFor() {
        assertIntrinsics(Lens.PERSPECTIVE, 50, 50, Distortion.NONE, camera("SIMPLE_PINHOLE", 50, 41, 29));
        assertIntrinsics(Lens.PERSPECTIVE, 50, 51, Distortion.NONE, camera("PINHOLE", 50, 51, 41, 29));
        assertIntrinsics(Lens.PERSPECTIVE, 50, 50, new Distortion(0.1f, 0, 0, 0, 0, 0),
                camera("SIMPLE_RADIAL", 50, 41, 29, 0.1));
        assertIntrinsics(Lens.PERSPECTIVE, 50, 50, new Distortion(0.1f, 0.2f, 0, 0, 0, 0),
                camera("RADIAL", 50, 41, 29, 0.1, 0.2));
        assertIntrinsics(Lens.PERSPECTIVE, 50, 51, new Distortion(0.1f, 0.2f, 0, 0, 0.3f, 0.4f),
                camera("OPENCV", 50, 51, 41, 29, 0.1, 0.2, 0.3, 0.4));
        assertIntrinsics(Lens.PERSPECTIVE, 50, 51, new Distortion(0.1f, 0.2f, 0.5f, 0, 0.3f, 0.4f),
                camera("FULL_OPENCV", 50, 51, 41, 29, 0.1, 0.2, 0.3, 0.4, 0.5, 0, 0, 0));
        assertIntrinsics(Lens.PERSPECTIVE, 50, 51, new Distortion(0.1f, 0.2f, 0.5f, 0.6f, 0.7f, 0.8f, 0.3f, 0.4f),
                camera("FULL_OPENCV", 50, 51, 41, 29, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8));
        assertIntrinsics(Lens.FISHEYE, 50, 51, new Distortion(0.1f, 0.2f, 0.3f, 0.4f, 0, 0),
                camera("OPENCV_FISHEYE", 50, 51, 41, 29, 0.1, 0.2, 0.3, 0.4));
        assertIntrinsics(Lens.FISHEYE, 50, 50, new Distortion(0.1f, 0, 0, 0, 0, 0),
                camera("SIMPLE_RADIAL_FISHEYE", 50, 41, 29, 0.1));
        assertIntrinsics(Lens.FISHEYE, 50, 50, new Distortion(0.1f, 0.2f, 0, 0, 0, 0),
                camera("RADIAL_FISHEYE", 50, 41, 29, 0.1, 0.2));
    }

    private static void assertIntrinsics(Lens lens, float fx, float fy, Distortion distortion, Camera camera) {
        assertEquals(lens, camera.lens());
        float[] numbers = {camera.fx(), camera.fy(), camera.cx(), camera.cy()};
        assertArrayEquals(new float[] {fx, fy, 41, 29}, numbers);
        assertEquals(distortion, camera.distortion());
    }

    @Test
    void severalCamerasAndPhotosInFoldersOfOneName() {
        model().camera(1, "SIMPLE_PINHOLE", 8, 6, 10, 4, 3).camera(5, "SIMPLE_PINHOLE", 6, 8, 12, 3, 4)
                .image(1, "left/0.png", STRAIGHT).image(5, "right/0.png", STRAIGHT).image(5, "gone.png", STRAIGHT)
                .point(1, 2, 3, 255, 128, 0, 0.75).point(-1, -2, -3, 1, 2, 3, 0.5)
                .picture("images/left/0.png", 8, 6).picture("images/right/0.png", 6, 8).binary("sparse");
        Scene scene = Scenes.open(folder);
        assertEquals("COLMAP", scene.format());
        assertEquals("images_left_0", scene.views(Split.TEST).get(0).name());
        assertEquals(10, scene.views(Split.TEST).get(0).camera().fx());
        assertEquals("images_right_0", scene.views(Split.TRAIN).get(0).name());
        assertEquals(12, scene.views(Split.TRAIN).get(0).camera().fx());
        assertEquals(List.of(new Skipped("gone.png", "there is no such image in images")), scene.skipped());
        assertArrayEquals(new double[] {1, 2, 3, -1, -2, -3}, scene.points().xyz());
        assertArrayEquals(new byte[] {-1, -128, 0, 1, 2, 3}, scene.points().rgb());
        assertArrayEquals(new double[] {0.75, 0.5}, scene.points().error());
    }

    @ParameterizedTest
    @CsvSource({"images_2, 40, 30", "images_4, 20, 15", "images_8, 10, 8"})
    void scaledCopiesWhereImagesAreMissing(String images, int width, int height) {
        ColmapFixture model = model().camera(1, "OPENCV", 80, 60, 70, 65, 38, 31, 0.1, 0, 0, 0);
        for (int i = 0; i < 2; i++) {
            // Copies are PNG often, where the model names JPEG.
            model.image(1, "p/" + i + ".JPG", STRAIGHT).picture(images + "/p/" + i + ".png", width, height);
        }
        model.binary("sparse/0");
        Camera camera = Scenes.open(folder).views(Split.TRAIN).get(0).camera();
        assertEquals(width, camera.width());
        assertEquals(70.0 * width / 80, camera.fx(), 1e-5);
        assertEquals(65.0 * height / 60, camera.fy(), 1e-5);
        assertEquals(38.0 * width / 80, camera.cx(), 1e-5);
        assertEquals(31.0 * height / 60, camera.cy(), 1e-5);
        assertEquals(0.1f, camera.distortion().k1());
    }

    /** COLMAP's poses are of the pixels as they lie; here both are upright, and written as they lie again. */
    @Test
    void photosThatExifTurnsAreTurnedWithTheirCameras() throws IOException {
        ColmapFixture fixture = model().camera(1, "OPENCV", 8, 6, 10, 11, 3, 2, 0.1, 0, 0.01, 0.02);
        for (int orientation : new int[] {1, 6, 2}) {
            fixture.image(1, orientation + ".jpg", STRAIGHT)
                    .write("images/" + orientation + ".jpg", OrientationTest.jpeg(8, 6, orientation));
        }
        fixture.binary("sparse/0");
        Scene scene = Scenes.open(folder);
        View turned = scene.views(Split.TRAIN).get(1);
        assertEquals("6", turned.name());
        assertEquals(Orientation.CLOCKWISE, turned.orientation());
        assertEquals(6, turned.picture().width());
        Camera camera = turned.camera();
        assertArrayEquals(new float[] {6, 8, 11, 10, 4, 3},
                new float[] {camera.width(), camera.height(), camera.fx(), camera.fy(), camera.cx(), camera.cy()});
        Camera straight = scene.views(Split.TEST).get(0).camera();
        assertEquals(straight.pose().at(1, 1), camera.pose().at(1, 0), "what was up is to the right");
        assertEquals(Orientation.NORMAL, scene.views(Split.TRAIN).get(0).orientation(), "a mirror is left alone");
        ColmapWriter.write(scene, folder.resolve("copy/sparse/0"));
        Files.move(folder.resolve("images"), folder.resolve("copy/images"));
        Camera again = Scenes.open(folder.resolve("copy")).views(Split.TRAIN).get(1).camera();
        assertEquals(camera, again);
    }

    @Test
    void binaryComesFirstAndTransformsBeforeBoth() throws IOException {
        model().camera(1, "SIMPLE_PINHOLE", 8, 6, 10, 4, 3).image(1, "a.png", STRAIGHT).image(1, "b.png", STRAIGHT)
                .picture("images/a.png", 8, 6).picture("images/b.png", 8, 6).binary("sparse/0")
                .write("sparse/0/cameras.txt", "nonsense".getBytes());
        assertEquals(2, Scenes.open(folder).views().size());
        Files.writeString(folder.resolve("transforms.json"), "{");
        assertTrue(assertThrows(RuntimeException.class, () -> Scenes.open(folder))
                .getMessage().contains("transforms.json"));
    }
}
