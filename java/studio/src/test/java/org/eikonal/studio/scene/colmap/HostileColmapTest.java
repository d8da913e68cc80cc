package org.eikonal.studio.scene.colmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.Scenes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that are damaged or mean harm: one clear line each, little memory, and no file outside is touched. */
class HostileColmapTest {
    private static final double[] STRAIGHT = {1, 0, 0, 0, 0, 0, 0};

    @TempDir
    Path outside;

    private Path folder;
    private ColmapFixture model;

    @BeforeEach
    void prepare() throws IOException {
        folder = Files.createDirectory(outside.resolve("scene"));
        model = new ColmapFixture(folder).camera(1, "PINHOLE", 8, 6, 10, 10, 4, 3).image(1, "a.png", STRAIGHT)
                .image(1, "b.png", STRAIGHT).point(0, 0, 4, 1, 2, 3, 0.5)
                .picture("images/a.png", 8, 6).picture("images/b.png", 8, 6).picture("../secret.png", 8, 6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cameras", "images", "points3D"})
    void countsAreNotBelieved(String name) {
        for (long count : new long[] {3, 1000, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            model.binary("sparse/0");
            byte[] bytes = switch (name) {
                case "cameras" -> model.camerasBin();
                case "images" -> model.imagesBin();
                default -> model.pointsBin();
            };
            System.arraycopy(new ColmapFixture.Bytes().int64(count).array(), 0, bytes, 0, 8);
            model.write("sparse/0/" + name + ".bin", bytes);
            assertRefused("sparse/0/" + name + ".bin", count == 3 ? "" : "it claims to hold "
                    + Long.toUnsignedString(count), "export the model again");
        }
    }

    /** Of every length, and with bytes of every place changed: a line or a scene, nothing else. */
    @Test
    void cutAndChangedFiles() {
        Random random = new Random(6);
        for (String name : List.of("cameras", "images", "points3D")) {
            byte[] whole = name.equals("cameras") ? model.camerasBin()
                    : name.equals("images") ? model.imagesBin() : model.pointsBin();
            model.binary("sparse/0");
            for (int length = 0; length < whole.length; length++) {
                model.write("sparse/0/" + name + ".bin", Arrays.copyOf(whole, length));
                assertRefused("sparse/0/" + name + ".bin");
            }
            for (int round = 0; round < 300; round++) {
                byte[] changed = whole.clone();
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
                model.write("sparse/0/" + name + ".bin", changed);
                try {
                    Scenes.open(folder);
                } catch (SceneException e) {
                    assertLine(e);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../secret.png", "../../../../../../etc/passwd.png", "x/../../../secret"})
    void namesThatLeadOutAreRefused(String name) throws IOException {
        model.image(1, name, STRAIGHT).binary("sparse/0");
        assertRefused("images.bin", "image '" + name + "': it leads out of the scene folder");
        model.text("sparse/0");
        assertTrue(Files.deleteIfExists(folder.resolve("sparse/0/cameras.bin")));
        assertRefused("images.txt", "image '" + name + "': it leads out of the scene folder");
    }

    @Test
    void linksThatLeadOutAreRefused() throws IOException {
        Files.createSymbolicLink(folder.resolve("images/c.png"), outside.resolve("secret.png"));
        model.image(1, "c.png", STRAIGHT).binary("sparse/0");
        assertRefused("image 'c.png': it leads out of the scene folder");
        Files.createDirectory(outside.resolve("other"));
        Files.move(folder.resolve("sparse/0/images.bin"), outside.resolve("other/images.bin"));
        Files.createSymbolicLink(folder.resolve("sparse/0/images.bin"), outside.resolve("other/images.bin"));
        assertRefused("sparse/0/images.bin: it is a link out of the scene folder");
    }

    @ParameterizedTest
    @CsvSource({"0, NaN, rotation is the quaternion NaN", "2, Infinity, quaternion",
        "5, NaN, NaN units from the origin", "4, -Infinity, units from the origin",
        "6, 1e12, 1.0E12 units from the origin"})
    void posesThatAreNone(int place, double value, String message) {
        double[] pose = STRAIGHT.clone();
        pose[place] = value;
        model.image(1, "a.png", pose).binary("sparse/0");
        assertRefused("images.bin: image 'a.png'", message, "estimate");
        model.images.set(2, new ColmapFixture.Photo(9, 1, "a.png", 0, 0, 0, 0, 1, 2, 3));
        model.binary("sparse/0");
        assertRefused("images.bin: image 'a.png'", "whose length must be above 0");
    }

    @Test
    void modelsWithoutALensNameTheRemedy() throws IOException {
        assertModelRefused("FOV", 10, 10, 4, 3, 0.5);
        assertModelRefused("THIN_PRISM_FISHEYE", 10, 10, 4, 3, 0, 0, 0, 0, 0, 0, 0, 0);
        model.cameras.set(0, new ColmapFixture.Lens(1, "NEW_ONE", 8, 6, 1, 1, 1, 1));
        model.binary("sparse/0");
        assertRefused("cameras.bin: camera 1: its camera model is number -1, which can't be used", "image_undistorter");
        model.text("sparse");
        assertTrue(Files.deleteIfExists(folder.resolve("sparse/0/cameras.bin")));
        assertRefused("cameras.txt: line 2: its camera model is NEW_ONE", "image_undistorter");
    }

    private void assertModelRefused(String name, double... parameters) {
        model.cameras.set(0, new ColmapFixture.Lens(1, name, 8, 6, parameters));
        model.binary("sparse/0");
        assertRefused("image 'a.png': its camera model is " + name, "known are SIMPLE_PINHOLE, PINHOLE,",
                "undistort the photos with 'colmap image_undistorter'");
    }

    @Test
    void numbersThatCannotBeMeant() {
        for (double focal : new double[] {0, -5, Double.NaN, 1e300}) {
            model.cameras.set(0, new ColmapFixture.Lens(1, "PINHOLE", 8, 6, focal, 10, 4, 3));
            model.binary("sparse/0");
            assertRefused("image 'a.png': camera fx is");
        }
        model.cameras.set(0, new ColmapFixture.Lens(1, "PINHOLE", 0, 6, 10, 10, 4, 3));
        model.binary("sparse/0");
        assertRefused("its camera 1 is of 0x6 pixels");
        model.cameras.set(0, new ColmapFixture.Lens(1, "PINHOLE", 6, 8, 10, 10, 4, 3));
        model.binary("sparse/0");
        assertRefused("it has 8x6 pixels, which is no scaled copy of the 6x8 of its camera 1");
        model.cameras.set(0, new ColmapFixture.Lens(2, "PINHOLE", 8, 6, 10, 10, 4, 3));
        model.binary("sparse/0");
        assertRefused("image 'a.png': its camera 1 is not in the model's cameras");
        model.cameras.set(0, new ColmapFixture.Lens(1, "PINHOLE", 8, 6, 10, 10, 4, 3));
        model.point(0, Double.NaN, 0, 0, 0, 0, 0).binary("sparse/0");
        assertRefused("points3D.bin: point 1 (counted from 0) has a coordinate of NaN");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "cameras  | 1 PINHOLE 8 6 10 10 4      | line 1: a camera of model PINHOLE has 4 parameters, not 3",
        "cameras  | 1 PINHOLE 8                | line 1: it has 3 words where there should be 4",
        "cameras  | 1 PINHOLE 8.5 6 1 1 1 1    | line 1: '8.5' is no whole number",
        "cameras  | 1 PINHOLE 8 6 1 1 1 one    | line 1: 'one' is no number",
        "images   | 1 1 0 0 0 0 0 0 1          | line 1: it has 9 words where there should be 10",
        "images   | 1 1 0 x 0 0 0 0 1 a.png    | line 1: 'x' is no number",
        "points3D | 1 0 0 0 256 0 0 1          | line 1: a colour has the value 256",
        "points3D | 1 0 0 NaN 255 0 0 1        | point 0 (counted from 0) has a coordinate of NaN",
    })
    void textThatIsWrongIsNamedWithItsLine(String name, String line, String message) {
        model.text("sparse").write("sparse/" + name + ".txt", line.getBytes(StandardCharsets.UTF_8));
        assertRefused("sparse/" + name + ".txt: " + message);
    }

    @Test
    void oneLineOfManyMegabytesIsPassedOver() {
        byte[] long1 = new byte[40_000_000];
        Arrays.fill(long1, (byte) 'x');
        model.text("sparse").write("sparse/points3D.txt", long1);
        assertRefused("points3D.txt: line 1: it has 1 words");
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        model.binary("sparse/0");
        Files.delete(folder.resolve("sparse/0/points3D.bin"));
        assertRefused("sparse/0/points3D.bin: no such file, but its neighbour is there");
        model.binary("sparse/0");
        model.images.clear();
        model.binary("sparse/0");
        assertRefused("images is 0 with an image");
        Files.move(folder.resolve("images"), folder.resolve("photos"));
        assertRefused("there is no folder images");
    }

    private void assertRefused(String... parts) {
        SceneException e = assertThrows(SceneException.class, () -> Scenes.open(folder));
        assertLine(e);
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), "'" + part + "' is not in: " + e.getMessage());
        }
    }

    private static void assertLine(SceneException e) {
        assertEquals(0, e.getMessage().chars().filter(Character::isISOControl).count(), e.getMessage());
        assertTrue(e.getMessage().length() < 700, e.getMessage());
    }
}
