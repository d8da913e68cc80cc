package org.eikonal.studio.scene.llff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.eikonal.Camera;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlffFormatTest {
    @TempDir
    Path folder;

    /** NumPy's format by its documentation (numpy.lib.format). */
    private static byte[] npy(int version, String type, String shape, double... values) {
        StringBuilder header = new StringBuilder(
                "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }");
        int before = version == 1 ? 10 : 12;
        while ((before + header.length() + 1) % 64 != 0) {
            header.append(' ');
        }
        header.append('\n');
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        out.writeBytes(Arrays.copyOf(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(header.length())
                .array(), version == 1 ? 2 : 4));
        out.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
        for (double value : values) {
            out.writeBytes(type.equals("<f4")
                    ? ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat((float) value).array()
                    : ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
        }
        return out.toByteArray();
    }

    private void images(String name, int count, int width, int height) throws IOException {
        for (int i = 0; i < count; i++) {
            PictureFiles.writePng(new Picture(width, height, new byte[4 * width * height]),
                    folder.resolve(name).resolve("IMG_" + (char) ('a' + i) + ".png"));
        }
    }

    /** A row whose camera looks along -z from (x, 0, 0) with y up: down is -y, right is x, backwards is z. */
    private static double[] row(double x, double near, double far) {
        return new double[] {0, 1, 0, x, 60, -1, 0, 0, 0, 80, 0, 0, 1, 0, 70, near, far};
    }

    private static double[] rows(int count) {
        double[] values = new double[17 * count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(row(0.1 * i, 3, 9), 0, values, 17 * i, 17);
        }
        return values;
    }

    @Test
    void axesAreTurnedAndIntrinsicsScaled() throws IOException {
        images("images_4", 9, 20, 15);
        Files.write(folder.resolve("poses_bounds.npy"), npy(1, "<f8", "(9, 17)", rows(9)));
        Scene scene = Scenes.open(folder);
        assertEquals("LLFF", scene.format());
        assertEquals(List.of("IMG_a", "IMG_i"), scene.views(Split.TEST).stream().map(view -> view.name()).toList());
        Camera camera = scene.views(Split.TRAIN).get(1).camera();
        assertArrayEquals(new double[] {1, 0, 0, 0.2, 0, 1, 0, 0, 0, 0, 1, 0}, camera.pose().matrix(), 1e-12);
        assertEquals(17.5f, camera.fx());
        assertEquals(10f, camera.cx());
        assertEquals(7.5f, camera.cy());
        // All depths are in the box: the corners of pictures at 9 units, seen from the outermost places.
        for (double x : new double[] {0, 0.8}) {
            for (double depth : new double[] {3, 9}) {
                double[] unit = scene.cube().toUnit(x, 0, -depth);
                for (double each : unit) {
                    assertTrue(Math.abs(each - 0.5) <= scene.cube().aabbScale() / 2.0, Arrays.toString(unit));
                }
            }
        }
    }

    /** A turned camera: LLFF's own words, where a row's first axis is down, the second right, the third backwards. */
    @Test
    void theColumnsAreThoseOfTheirNames() throws IOException {
        images("images", 2, 80, 60);
        double[] down = {0.6, 0, -0.8};
        double[] right = {0, 1, 0};
        double[] back = {0.8, 0, 0.6}; // = right x up, with up = -down: (1*0.8 - 0, ...)
        double[] values = new double[34];
        for (int r = 0; r < 2; r++) {
            for (int i = 0; i < 3; i++) {
                System.arraycopy(new double[] {down[i], right[i], back[i], 5 + i, i == 0 ? 60 : i == 1 ? 80 : 70}, 0,
                        values, 17 * r + 5 * i, 5);
            }
            values[17 * r + 15] = 1;
            values[17 * r + 16] = 2;
        }
        Files.write(folder.resolve("poses_bounds.npy"), npy(2, "<f4", "(2, 17)", values));
        Camera camera = Scenes.open(folder).views(Split.TRAIN).get(0).camera();
        for (int i = 0; i < 3; i++) {
            assertEquals(right[i], camera.pose().at(i, 0), 1e-6);
            assertEquals(-down[i], camera.pose().at(i, 1), 1e-6);
            assertEquals(back[i], camera.pose().at(i, 2), 1e-6);
            assertEquals(5 + i, camera.pose().at(i, 3), 1e-6);
        }
        assertEquals(70f, camera.fy());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "(2, 16)         | <f8 | no matrix of 17 columns and 1 to 100000 rows",
        "(0, 17)         | <f8 | no matrix of 17",
        "(999999999, 17) | <f8 | no matrix of 17",
        "(100000, 17)    | <f8 | it ends in the middle",
        "(3, 17)         | <f8 | it ends in the middle",
        "(34,)           | <f8 | no matrix of 17",
        "(2, 17)         | >f8 | little-endian floats",
        "(2, 17)         | <i8 | little-endian floats",
    })
    void matricesThatAreNone(String shape, String type, String message) throws IOException {
        images("images", 2, 80, 60);
        Files.write(folder.resolve("poses_bounds.npy"), npy(1, type, shape, rows(2)));
        assertRefused("poses_bounds.npy: ", message, "numpy.save");
    }

    @Test
    void numbersThatCannotBeMeant() throws IOException {
        images("images", 3, 80, 60);
        Files.write(folder.resolve("poses_bounds.npy"), npy(1, "<f8", "(2, 17)", rows(2)));
        assertRefused("it has 2 poses, but there are 3 photos in images");
        int[] places = {0, 3, 4, 9, 14, 14, 15, 15, 16, 16};
        double[] values = {Double.NaN, 1e300, 50, Double.NaN, 0, Double.NaN, 0, Double.NaN, 2, 1e300};
        for (int i = 0; i < places.length; i++) {
            double[] rows = rows(3);
            rows[17 + places[i]] = values[i];
            Files.write(folder.resolve("poses_bounds.npy"), npy(1, "<f8", "(3, 17)", rows));
            assertRefused("poses_bounds.npy: row 1 (of images/IMG_b.png): ");
        }
    }

    @Test
    void cutAndChangedFiles() throws IOException {
        images("images", 2, 80, 60);
        byte[] whole = npy(1, "<f8", "(2, 17)", rows(2));
        Random random = new Random(8);
        for (int round = 0; round < 600; round++) {
            byte[] bytes = round < whole.length ? Arrays.copyOf(whole, round) : whole.clone();
            if (round >= whole.length) {
                bytes[random.nextInt(128)] = (byte) random.nextInt(256);
            }
            Files.write(folder.resolve("poses_bounds.npy"), bytes);
            if (round < whole.length) {
                assertRefused("poses_bounds.npy");
            } else {
                try {
                    Scenes.open(folder);
                } catch (SceneException e) {
                    assertTrue(e.getMessage().contains("poses_bounds.npy"), e.getMessage());
                }
            }
        }
    }

    private void assertRefused(String... parts) {
        String message = assertThrows(SceneException.class, () -> Scenes.open(folder)).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), "'" + part + "' is not in: " + message);
        }
    }
}
