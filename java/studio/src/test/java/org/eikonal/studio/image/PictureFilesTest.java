package org.eikonal.studio.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFilesTest {
    @TempDir
    Path folder;

    @Test
    void pngComesBackByteForByteWithItsAlpha() throws IOException {
        byte[] rgba = new byte[7 * 5 * 4];
        new Random(1).nextBytes(rgba);
        Path file = folder.resolve("deep/er/random.png");
        PictureFiles.writePng(new Picture(7, 5, rgba), file);
        Picture read = PictureFiles.read(file);
        assertEquals(7, read.width());
        assertEquals(5, read.height());
        assertArrayEquals(rgba, read.rgba());
    }

    @Test
    void writingReplacesTheFileAndLeavesNothingBeside() throws IOException {
        Path file = folder.resolve("a.png");
        Files.writeString(file, "old");
        PictureFiles.writePng(new Picture(1, 1, new byte[] {1, 2, 3, (byte) 255}), file);
        assertArrayEquals(new byte[] {1, 2, 3, (byte) 255}, PictureFiles.read(file).rgba());
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void failedWriteLeavesTheTargetAsItWas() throws IOException {
        Path target = folder.resolve("taken.png");
        Files.createDirectories(target.resolve("full"));
        assertThrows(IOException.class, () -> PictureFiles.writePng(new Picture(1, 1, new byte[4]), target));
        assertTrue(Files.isDirectory(target.resolve("full")));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void everyLayoutOfPngBecomesRgba() throws IOException {
        assertPixels(PngBytes.file(2, 1, 8, PngBytes.GREY, null, bytes(0, 100, 7)),
                100, 100, 100, 255, 7, 7, 7, 255);
        assertPixels(PngBytes.file(2, 1, 8, PngBytes.GREY_ALPHA, null, bytes(0, 100, 50, 7, 255)),
                100, 100, 100, 50, 7, 7, 7, 255);
        assertPixels(PngBytes.file(1, 2, 8, PngBytes.RGB, null, bytes(0, 1, 2, 3, 0, 4, 5, 6)),
                1, 2, 3, 255, 4, 5, 6, 255);
        assertPixels(PngBytes.file(1, 1, 8, PngBytes.RGBA, null, bytes(0, 200, 100, 50, 0)), 200, 100, 50, 0);
        assertPixels(PngBytes.file(2, 1, 1, PngBytes.PALETTE, bytes(9, 8, 7, 250, 251, 252), bytes(0, 0b0100_0000)),
                9, 8, 7, 255, 250, 251, 252, 255);
        assertPixels(PngBytes.file(2, 1, 1, PngBytes.GREY, null, bytes(0, 0b0100_0000)),
                0, 0, 0, 255, 255, 255, 255, 255);
    }

    @Test
    void sixteenBitsAreRoundedToEight() throws IOException {
        // 0x8080 = 128 * 257 exactly; 0x80FF is nearest to 128.5 * 257, below it; 0x0081 rounds up, 0x0080 down.
        assertPixels(PngBytes.file(1, 1, 16, PngBytes.RGB, null, bytes(0, 0x80, 0x80, 0xff, 0xff, 0x00, 0x81)),
                128, 255, 1, 255);
        assertPixels(PngBytes.file(1, 1, 16, PngBytes.RGBA, null, bytes(0, 0x80, 0xff, 0x00, 0x80, 0, 0, 0x40, 0x40)),
                128, 0, 0, 64);
        assertPixels(PngBytes.file(1, 1, 16, PngBytes.GREY, null, bytes(0, 0x12, 0x12)), 0x12, 0x12, 0x12, 255);
    }

    @Test
    void greyJpegKeepsItsStoredValues() throws IOException {
        BufferedImage grey = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        byte[] samples = new byte[256];
        Arrays.fill(samples, (byte) 100);
        grey.getRaster().setDataElements(0, 0, 16, 16, samples);
        Path file = folder.resolve("grey.jpg");
        ImageIO.write(grey, "jpg", file.toFile());
        byte[] rgba = PictureFiles.read(file).rgba();
        for (int i = 0; i < rgba.length; i += 4) {
            assertEquals(100, rgba[i] & 255, 1);
            assertEquals(rgba[i], rgba[i + 2]);
            assertEquals((byte) 255, rgba[i + 3]);
        }
    }

    @Test
    void tiffIsReadAsWell() throws IOException {
        BufferedImage image = new BufferedImage(5, 4, BufferedImage.TYPE_3BYTE_BGR);
        image.setRGB(3, 2, 0x0a141e);
        Path file = folder.resolve("a.tif");
        assertTrue(ImageIO.write(image, "tif", file.toFile()));
        Picture picture = PictureFiles.read(file);
        assertEquals(new PictureFiles.Size(5, 4), PictureFiles.size(file));
        assertArrayEquals(new byte[] {10, 20, 30, -1}, Arrays.copyOfRange(picture.rgba(), 4 * 13, 4 * 14));
    }

    @Test
    void hugeClaimIsRefusedFromTheHeader() throws IOException {
        int most = Integer.MAX_VALUE;
        for (int[] size : new int[][] {{200000, 200000}, {65536, 1}, {60000, 60000}, {most, most}}) {
            Path file = write(PngBytes.claiming(size[0], size[1]));
            String claim = size[0] + "x" + size[1];
            assertOneLine(assertThrows(IOException.class, () -> PictureFiles.read(file)), file, claim);
            assertOneLine(assertThrows(IOException.class, () -> PictureFiles.size(file)), file, claim);
        }
    }

    @Test
    void aClaimThatTheFileIsTooSmallForIsRefusedFromTheHeader() throws IOException {
        for (int[] size : new int[][] {{16384, 16384}, {65535, 4096}, {2000, 2000}}) {
            Path file = write(PngBytes.claiming(size[0], size[1]));
            String claim = size[0] + "x" + size[1] + " pixels, which its " + Files.size(file) + " bytes can't hold";
            assertOneLine(assertThrows(IOException.class, () -> PictureFiles.size(file)), file, claim);
            assertOneLine(assertThrows(IOException.class, () -> PictureFiles.read(file)), file, claim);
        }
        // What packs tightest is still read: one white bit a pixel.
        byte[] rows = new byte[4096 * (512 + 1)];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (byte) (i % 513 == 0 ? 0 : 255);
        }
        Path tight = write(PngBytes.file(4096, 4096, 1, PngBytes.GREY, null, rows));
        assertEquals(new PictureFiles.Size(4096, 4096), PictureFiles.size(tight));
        assertEquals(-1, PictureFiles.read(tight).rgba()[4 * 4096 * 2048]);
    }

    @Test
    void namesMayBeAsLongAsTheFileSystemAllows() throws IOException {
        Path file = folder.resolve("x".repeat(251) + ".png");
        PictureFiles.writePng(new Picture(1, 1, new byte[4]), file);
        assertEquals(1, PictureFiles.read(file).width());
    }

    @Test
    void filesThatAreNoPicturesAreNamed() throws IOException {
        Path text = write("this is no picture".getBytes());
        assertOneLine(assertThrows(IOException.class, () -> PictureFiles.read(text)), text, "no picture");
        Path empty = write(new byte[0]);
        assertOneLine(assertThrows(IOException.class, () -> PictureFiles.size(empty)), empty, "no picture");
        Path missing = folder.resolve("missing.png");
        assertOneLine(assertThrows(IOException.class, () -> PictureFiles.read(missing)), missing, "no such file");
    }

    @Test
    void damagedPicturesAreErrorsAndNotGrey() throws IOException {
        byte[] noise = new byte[64 * 64 * 3];
        new Random(2).nextBytes(noise);
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_3BYTE_BGR);
        image.getRaster().setDataElements(0, 0, 64, 64, noise);
        for (String format : new String[] {"png", "jpg"}) {
            Path whole = folder.resolve("whole." + format);
            ImageIO.write(image, format, whole.toFile());
            byte[] bytes = Files.readAllBytes(whole);
            for (int length : new int[] {bytes.length / 2, 40, 12}) {
                Path half = write(Arrays.copyOf(bytes, length));
                assertOneLine(assertThrows(IOException.class, () -> PictureFiles.read(half)), half, "");
            }
        }
    }

    @Test
    void flippedBytesNeverEscapeAsOtherExceptions() throws IOException {
        byte[] good = PngBytes.file(2, 2, 8, PngBytes.PALETTE, bytes(1, 2, 3), bytes(0, 0, 0, 0, 0, 0));
        Random random = new Random(3);
        int refused = 0;
        for (int round = 0; round < 200; round++) {
            byte[] bad = good.clone();
            bad[8 + random.nextInt(bad.length - 8)] ^= (byte) (1 + random.nextInt(255));
            Path file = write(bad);
            try {
                PictureFiles.read(file);
            } catch (IOException e) {
                assertOneLine(e, file, "");
                refused++;
            }
        }
        assertTrue(refused > 50, "only " + refused + " of 200 damaged files were refused");
    }

    @Test
    void compositingIsStraightAlphaOnStoredValues() {
        Picture picture = new Picture(3, 1, bytes(255, 0, 51, 51, 10, 20, 30, 0, 255, 128, 0, 255));
        float[] rgb = picture.compositeOver(1, 0.5f, 0);
        assertArrayEquals(new float[] {1, 0.4f, 0.04f, 1, 0.5f, 0, 1, 128 / 255f, 0}, rgb, 1e-6f);
        assertFalse(picture.isOpaque());
    }

    @Test
    void floatsAreClampedAndRounded() {
        Picture picture = Picture.ofRgb(2, 1, new float[] {-1, 2, 0.5f, Float.NaN, 0.2f, 1});
        assertArrayEquals(bytes(0, 255, 128, 255, 0, 51, 255, 255), picture.rgba());
        assertTrue(picture.isOpaque());
        assertThrows(IllegalArgumentException.class, () -> Picture.ofRgb(2, 2, new float[6]));
        assertThrows(IllegalArgumentException.class, () -> new Picture(40000, 40000, new byte[8]));
    }

    private void assertPixels(byte[] png, int... expected) throws IOException {
        assertArrayEquals(bytes(expected), PictureFiles.read(write(png)).rgba());
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(folder, "test", ".png"), bytes);
    }

    private static void assertOneLine(Exception e, Path file, String part) {
        assertTrue(e.getMessage().contains(file.toString()) && e.getMessage().contains(part), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void aBitmapOfAnotherFormatIsNotWhatItsLengthClaims() throws IOException {
        Path file = write(new byte[0]);
        assertTrue(ImageIO.write(new BufferedImage(16, 16, BufferedImage.TYPE_3BYTE_BGR), "bmp", file.toFile()));
        byte[] bytes = Files.readAllBytes(file);
        bytes[37] = 0x36; // 900 MB of compressed data, little-endian from 34
        for (byte format : new byte[] {4, 5}) {
            bytes[30] = format;
            Files.write(file, bytes);
            assertOneLine(assertThrows(IOException.class, () -> PictureFiles.read(file)), file, "a JPEG or PNG file inside");
        }
    }

    @Test
    void aSmallBitmapCanNotClaimMillionsOfPixels() throws IOException {
        Path file = write(new byte[0]);
        assertTrue(ImageIO.write(new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_INDEXED), "bmp", file.toFile()));
        assertEquals(16, PictureFiles.read(file).width());
        byte[] bytes = Files.readAllBytes(file);
        bytes[19] = bytes[23] = 4000 >> 8; // width and height, little-endian from 18 and 22
        bytes[30] = 1; // run lengths: what lies as it is claims no more than the decoder sees itself
        Files.write(file, bytes);
        String claim = " bytes can't hold";
        assertOneLine(assertThrows(IOException.class, () -> PictureFiles.read(file)), file, claim);
    }
}
