package org.eikonal.studio.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.eikonal.studio.image.ExrBytes.Channel;
import org.eikonal.studio.image.PictureFiles.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of {@link ExrFile}, of FFmpeg's own encoder, of OpenEXR, and some laid out by its documentation. */
class ExrReaderTest {
    @TempDir
    Path folder;

    /** sRGB's curve as IEC 61966-2-1 has it, 0 to 255, of what is clipped. */
    private static double curve(double linear) {
        double value = Math.max(0, Math.min(1, linear));
        return 255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * Math.pow(value, 1 / 2.4) - 0.055);
    }

    private static int stored(double linear) {
        return (int) Math.round(curve(linear));
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(folder, "test", ".exr"), bytes);
    }

    private Picture read(byte[] bytes) throws IOException {
        Path file = write(bytes);
        Picture picture = PictureFiles.read(file);
        assertEquals(PictureFiles.size(file), new Size(picture.width(), picture.height()));
        return picture;
    }

    private static float[] random(int count, int seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() * 1.2f - 0.1f;
        }
        return values;
    }

    private static Map<String, float[]> rgb(int count) {
        return Map.of("R", random(count, 1), "G", random(count, 2), "B", random(count, 3));
    }

    private static void assertPixels(Map<String, float[]> linear, Picture picture) {
        for (int i = 0; i < picture.width() * picture.height(); i++) {
            for (int c = 0; c < 3; c++) {
                float value = linear.get(List.of("R", "G", "B").get(c))[i];
                assertEquals(stored(value), picture.rgba()[4 * i + c] & 255, "pixel " + i + ", " + c + ": " + value);
            }
            assertEquals(-1, picture.rgba()[4 * i + 3]);
        }
    }

    @Test
    void linearBecomesStoredAndWhatIsOutsideIsClipped() throws IOException {
        Map<String, float[]> planes = new HashMap<>(rgb(7 * 5));
        float[] red = planes.get("R");
        System.arraycopy(new float[] {-1, 1e6f, Float.NaN, Float.POSITIVE_INFINITY, 1, 0, -0f}, 0, red, 0, 7);
        planes.put("Z", random(35, 4)); // depth is no colour
        planes.put("N.X", random(35, 5));
        Picture picture = read(ExrFile.encode(7, 5, planes));
        red[2] = 0;
        assertPixels(planes, picture);
    }

    @Test
    void everyByteOfSrgbComesBack() throws IOException {
        float[] grey = new float[256];
        for (int i = 0; i < 256; i++) {
            double value = i / 255.0;
            grey[i] = (float) (value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4));
        }
        byte[] rgba = read(ExrFile.encode(16, 16, Map.of("Y", grey))).rgba();
        for (int i = 0; i < 256; i++) {
            byte[] expected = {(byte) i, (byte) i, (byte) i, -1};
            assertArrayEquals(expected, Arrays.copyOfRange(rgba, 4 * i, 4 * i + 4));
        }
    }

    @Test
    void premultipliedAlphaBecomesStraight() throws IOException {
        Map<String, float[]> planes = Map.of("R", new float[] {0.5f, 0.1f, 0.7f, 0.3f, 0.9f}, "G", new float[5],
                "B", new float[] {0.25f, 0.2f, 0, 0.3f, 0.2f}, "A", new float[] {0.5f, 0.8f, 0, 2, Float.NaN});
        assertArrayEquals(new byte[] {-1, 0, (byte) stored(0.5), (byte) 128,
            (byte) stored(0.125), 0, (byte) stored(0.25), (byte) 204, 0, 0, 0, 0,
            (byte) stored(0.3), 0, (byte) stored(0.3), -1, 0, 0, 0, 0}, read(ExrFile.encode(5, 1, planes)).rgba());
        byte grey = (byte) stored(0.4);
        assertArrayEquals(new byte[] {-1, -1, -1, (byte) 128, grey, grey, grey, -1}, read(ExrFile.encode(2, 1, Map.of("Y", new float[] {0.5f, 0.4f}, "A", new float[] {0.5f, 1}))).rgba());
    }

    @Test
    void halvesAreWhatIeee754Says() {
        assertEquals(1, ExrReader.half((short) 0x3c00));
        assertEquals(-2, ExrReader.half((short) 0xc000));
        assertEquals(65504, ExrReader.half((short) 0x7bff));
        assertEquals((float) Math.pow(2, -14), ExrReader.half((short) 0x0400));
        assertEquals((float) Math.pow(2, -24), ExrReader.half((short) 0x0001));
        assertEquals(0.33325195f, ExrReader.half((short) 0x3555));
        assertEquals(Float.NEGATIVE_INFINITY, ExrReader.half((short) 0xfc00));
        assertTrue(Float.isNaN(ExrReader.half((short) 0x7e00)));
    }

    /** Halves as they are rounded, to the nearest even one: on 0.001 to 2 all are normal. */
    private static float rounded(float value) {
        float unit = Math.ulp(value) * (1 << 13);
        return (float) Math.rint(value / unit) * unit;
    }

    @Test
    void compressedFilesOfAnotherEncoderAreRead() throws IOException {
        int width = 37;
        int height = 41; // more than one block of 16 lines
        Map<String, float[]> planes = rgb(width * height);
        planes.values().forEach(plane -> {
            for (int i = 0; i < plane.length; i++) {
                plane[i] = (int) (64 * Math.max(0.01f, plane[i])) / 64f + 0.01f; // that can be compressed
            }
        });
        for (String compression : List.of("none", "rle", "zip1", "zip16")) {
            assertPixels(planes, read(ExrBytes.encoded(width, height, planes, compression, "float")));
            Map<String, float[]> halves = new HashMap<>();
            planes.forEach((name, plane) -> {
                float[] half = plane.clone();
                for (int i = 0; i < half.length; i++) {
                    half[i] = rounded(half[i]);
                }
                halves.put(name, half);
            });
            assertPixels(halves, read(ExrBytes.encoded(width, height, planes, compression, "half")));
        }
    }

    private static final List<Channel> RGB = channels(2, "B", "G", "R");

    private static List<Channel> channels(int type, String... names) {
        return Stream.of(names).map(name -> new Channel(name, type)).toList();
    }

    /** 40x36 pixels by OpenEXR 3.1.5: R is x / 40, G is y / 36, B a chessboard; from line 18 on, half transparent. */
    @Test
    void filesOfOpenExrAreRead() throws IOException {
        Map<String, Double> worst = Map.of("piz-half", 0.51, "pxr24-float", 0.51, "zip-half-tiled", 0.51,
                "rle-float-tiled", 0.51, "b44a-half", 2.0); // halves lose 0.01, b44a more
        for (String name : worst.keySet()) {
            Picture picture = read(resource(name));
            assertEquals(new Size(40, 36), new Size(picture.width(), picture.height()));
            for (int i = 0; i < 40 * 36; i++) {
                int x = i % 40;
                int y = i / 40;
                double[] linear = {x / 40.0, y / 36.0, (x / 8 + y / 8) % 2 == 1 ? 0.75 : 0.125};
                for (int c = 0; c < 3; c++) {
                    assertEquals(curve(linear[c]), picture.rgba()[4 * i + c] & 255, worst.get(name), name + " at " + i);
                }
                assertEquals(y < 18 ? 255 : 128, picture.rgba()[4 * i + 3] & 255);
            }
        }
        assertRefused(resource("dwaa-half"), "its compression is DWAA, which is not read");
    }

    private byte[] resource(String name) throws IOException {
        return getClass().getResourceAsStream("exr/" + name + ".exr").readAllBytes();
    }

    private static void assertRamp(Picture picture, int[] data) {
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                boolean inside = x >= data[0] && x <= data[2] && y >= data[1] && y <= data[3];
                byte value = (byte) stored(inside ? 0.01f * (10 * y + x) : 0);
                int at = 4 * (y * picture.width() + x);
                assertArrayEquals(new byte[] {value, value, value, -1}, Arrays.copyOfRange(picture.rgba(), at, at + 4),
                        x + ", " + y);
            }
        }
    }

    @Test
    void thePictureIsThatOfTheDisplayWindow() throws IOException {
        for (int[] data : new int[][] {{0, 0, 7, 5}, {1, 2, 4, 3}, {-3, -2, 9, 8}, {5, -4, 9, 1}, {0, 5, 7, 5}}) {
            Picture picture = read(ExrBytes.file(2, RGB, new int[] {0, 0, 7, 5}, data, false));
            assertEquals(new Size(8, 6), new Size(picture.width(), picture.height()));
            assertRamp(picture, data);
        }
        int[] all = {0, 0, 7, 6};
        assertRamp(read(ExrBytes.file(2 | 1 << 9, RGB, all, all, true)), all);
    }

    private void assertRefused(byte[] bytes, String part) throws IOException {
        Path file = write(bytes);
        String message = assertThrows(IOException.class, () -> PictureFiles.read(file)).getMessage();
        assertTrue(message.startsWith(file + ": can't read this picture: ") && message.contains(part), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void whatCanNotBeShownSaysWhy() throws IOException {
        int[] all = {0, 0, 3, 2};
        int[] moved = {2, 1, 5, 3};
        assertRefused(ExrBytes.file(2, RGB, moved, moved, false), "display window is (2, 1) to (5, 3)");
        assertRefused(ExrBytes.file(2, RGB, all, new int[] {4, 0, 5, 2}, false), "data window (4, 0) to (5, 2)");
        assertRefused(ExrBytes.file(2, channels(2, "Z"), all, all, false), "it has the channels Z; R, G, B or Y");
        assertRefused(ExrBytes.file(2, channels(2, "View.B", "View.G", "View.R"), all, all, false),
                "it has the channels View.B, View.G, View.R;");
        assertRefused(ExrBytes.file(2, channels(2, "BY", "RY", "Y"), all, all, false), "it has the channels BY, RY, Y;");
        assertRefused(ExrBytes.file(2, channels(0, "B", "G", "R"), all, all, false), "all halves or all floats");
        assertRefused(ExrBytes.file(2 | 1 << 12, RGB, all, all, false), "several parts");
        assertRefused(ExrBytes.file(2 | 1 << 11, RGB, all, all, false), "several parts or depths");
        assertRefused(ExrBytes.file(3, RGB, all, all, false), "version 3");
        assertRefused(Arrays.copyOf(ExrBytes.file(2, RGB, all, all, false), 100), "header is damaged");
    }

    @Test
    void hugeClaimsAreRefusedFromTheHeader() throws IOException {
        byte[] small = ExrBytes.file(2, RGB, new int[] {0, 0, 3, 2}, new int[] {0, 0, 3, 2}, false);
        int huge = 1 << 30;
        for (int[] size : new int[][] {{200000, 200000}, {65536, 1}, {60000, 60000}, {huge, huge}, {5000, 5000}}) {
            byte[] claim = small.clone();
            for (String window : List.of("displayWindow\0box2i\0", "dataWindow\0box2i\0")) {
                int at = new String(claim, StandardCharsets.ISO_8859_1).indexOf(window) + window.length() + 4;
                System.arraycopy(ExrBytes.numbers(0, 0, size[0] - 1, size[1] - 1), 0, claim, at, 16);
            }
            assertRefused(claim, "its header claims " + size[0] + "x" + size[1] + " pixels");
        }
    }

    @Test
    void damageIsAnErrorAndNotBlack() throws IOException {
        Map<String, float[]> planes = rgb(64 * 64);
        byte[] zip = ExrBytes.encoded(64, 64, planes, "zip16", "half");
        for (byte[] whole : List.of(ExrFile.encode(64, 64, planes), zip)) {
            read(whole);
            assertRefused(Arrays.copyOf(whole, whole.length - 1), "");
            assertRefused(Arrays.copyOf(whole, whole.length / 2), "");
            assertRefused(Arrays.copyOf(whole, 400), "");
        }
        zip[zip.length - 100] ^= 4;
        assertRefused(zip, "its pixels around (0, 48) are damaged");
    }
}
