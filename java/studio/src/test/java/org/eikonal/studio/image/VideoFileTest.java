package org.eikonal.studio.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Films that {@link Mp4File} wrote, which another decoder agrees with ({@link Mp4FileTest}). */
@Timeout(60)
public class VideoFileTest {
    @TempDir
    Path folder;

    /** A picture whose left third is red, whose right third is blue, with a green bar on top that grows with time. */
    private static Picture frame(int width, int height, int time) {
        float[] rgb = new float[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            int x = i % width;
            int y = i / width;
            rgb[3 * i] = x < width / 3 ? 0.8f : 0.2f;
            rgb[3 * i + 1] = y < height / 4 && x < time * 4 ? 0.9f : 0.2f;
            rgb[3 * i + 2] = x > 2 * width / 3 ? 0.8f : 0.2f;
        }
        return Picture.ofRgb(width, height, rgb);
    }

    private Path film(int frames) throws IOException {
        Path file = folder.resolve("film.mp4");
        try (Mp4File film = new Mp4File(file, 96, 64, 20)) {
            for (int i = 0; i < frames; i++) {
                film.add(frame(96, 64, i));
            }
            film.finish();
        }
        return file;
    }

    private static double psnr(Picture one, Picture other) {
        assertEquals(one.width(), other.width());
        assertEquals(one.height(), other.height());
        double sum = 0;
        for (int i = 0; i < one.rgba().length; i++) {
            sum += Math.pow((one.rgba()[i] & 255) - (other.rgba()[i] & 255), 2) / 255 / 255;
        }
        return -10 * Math.log10(sum / (0.75 * one.rgba().length));
    }

    @Test
    void framesComeAsTheyWereWritten() throws IOException {
        try (VideoFile film = new VideoFile(film(24))) {
            assertEquals(24, film.frames());
            assertEquals(24 / 20.0, film.seconds(), 1e-6);
            for (int i = 0; i < 24; i++) {
                assertTrue(film.next());
                double psnr = psnr(frame(96, 64, i), film.picture(1000));
                assertTrue(psnr > 27, i + ": " + psnr); // chroma has half the resolution, and edges are hard
            }
            assertFalse(film.next());
            assertFalse(film.next());
        }
    }

    @Test
    void largeFramesAreScaledDown() throws IOException {
        try (VideoFile film = new VideoFile(film(2))) {
            film.next();
            Picture small = film.picture(48);
            assertEquals(48, small.width());
            assertEquals(32, small.height());
            int middleLeft = 4 * (20 * 48 + 5);
            assertEquals(204, small.rgba()[middleLeft] & 255, 8);
            assertEquals(51, small.rgba()[middleLeft + 2] & 255, 8);
        }
    }

    /** The matrix of the track's header (ISO 14496-12, 8.3.2), as phones write it that are held upright. */
    public static void turn(Path film, int a, int b, int c, int d) throws IOException {
        byte[] bytes = Files.readAllBytes(film);
        int header = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("tkhd");
        ByteBuffer matrix = ByteBuffer.wrap(bytes, header + 4 + 40, 36).slice();
        assertEquals(1 << 16, matrix.getInt(0), "the matrix is where the standard says");
        matrix.putInt(0, a << 16).putInt(4, b << 16).putInt(12, c << 16).putInt(16, d << 16);
        Files.write(film, bytes);
    }

    @Test
    void aFilmIsTurnedAsItSays() throws IOException {
        int[][] matrices = {{0, 1, -1, 0}, {-1, 0, 0, -1}, {0, -1, 1, 0}};
        Orientation[] turns = {Orientation.CLOCKWISE, Orientation.HALF_TURN, Orientation.COUNTERCLOCKWISE};
        for (int i = 0; i < 3; i++) {
            Path file = film(3);
            turn(file, matrices[i][0], matrices[i][1], matrices[i][2], matrices[i][3]);
            try (VideoFile film = new VideoFile(file)) {
                film.next();
                assertTrue(psnr(turns[i].apply(frame(96, 64, 0)), film.picture(1000)) > 27, turns[i].toString());
            }
        }
    }

    @Test
    void sharpnessIsTheVarianceOfTheLaplacian() throws IOException {
        Path file = folder.resolve("s.mp4");
        float[] rgb = new float[3 * 64 * 48];
        Random random = new Random(3);
        for (int i = 0; i < 64 * 48; i++) {
            Arrays.fill(rgb, 3 * i, 3 * i + 3, random.nextFloat());
        }
        try (Mp4File film = new Mp4File(file, 64, 48, 20)) {
            film.add(Picture.ofRgb(64, 48, rgb));
            film.finish();
        }
        try (VideoFile film = new VideoFile(file)) {
            film.next();
            byte[] rgba = film.picture(64).rgba();
            double[] values = new double[62 * 46];
            for (int y = 1; y < 47; y++) {
                for (int x = 1; x < 63; x++) {
                    int at = y * 64 + x;
                    values[(y - 1) * 62 + x - 1] = 4 * grey(rgba, at) - grey(rgba, at - 1) - grey(rgba, at + 1)
                            - grey(rgba, at - 64) - grey(rgba, at + 64);
                }
            }
            double mean = Arrays.stream(values).average().orElseThrow();
            double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
            assertEquals(1, film.sharpness() / variance, 0.03); // RGB is clamped, luma is not
        }
    }

    private static double grey(byte[] rgba, int at) {
        return 0.299 * (rgba[4 * at] & 255) + 0.587 * (rgba[4 * at + 1] & 255) + 0.114 * (rgba[4 * at + 2] & 255);
    }

    private String refused(Path file) {
        String message = assertThrows(IOException.class, () -> new VideoFile(file).close()).getMessage();
        assertTrue(message.startsWith(file.toString()) && message.lines().count() == 1, message);
        return message;
    }

    @Test
    void whatIsNoFilmIsRefused() throws IOException {
        Path file = folder.resolve("f.mp4");
        assertTrue(refused(file).contains("no such file"));
        Files.write(file, new byte[0]);
        assertTrue(refused(file).contains("can't read this film"));
        Files.writeString(file, "a letter to nobody ".repeat(500));
        refused(file);
        byte[] whole = Files.readAllBytes(film(30));
        Files.write(file, Arrays.copyOf(whole, 300));
        refused(file);
        // Playlists and scripts would lead to files elsewhere.
        Files.writeString(file, "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + folder.resolve("film.mp4") + "\n");
        refused(file);
        Files.writeString(file, "ffconcat version 1.0\nfile '" + folder.resolve("film.mp4") + "'\n");
        refused(file);
    }

    @Test
    void damagedFilmsEndWithoutACrash() throws IOException {
        byte[] whole = Files.readAllBytes(film(30));
        Path file = folder.resolve("damaged.mp4");
        // Cut off: what is there is read.
        Files.write(file, Arrays.copyOf(whole, whole.length - whole.length / 4));
        try (VideoFile film = new VideoFile(file)) {
            int frames = 0;
            while (film.next()) {
                frames++;
            }
            assertTrue(frames > 3 && frames <= 30, "" + frames);
        }
        Random random = new Random(5);
        for (int round = 0; round < 150; round++) {
            byte[] bytes = whole.clone();
            for (int i = 0; i < 4; i++) {
                bytes[random.nextInt(round % 2 == 0 ? 1200 : bytes.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            try (VideoFile film = new VideoFile(file)) {
                for (int i = 0; i < 100 && film.next(); i++) {
                    assertTrue(film.sharpness() >= 0);
                    film.picture(50);
                }
            } catch (IOException e) {
                assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
            }
        }
    }

    @Test
    void aColourFilmTwiceTheSame() throws IOException {
        Path file = film(3);
        byte[][] seen = new byte[2][];
        for (int i = 0; i < 2; i++) {
            try (VideoFile film = new VideoFile(file)) {
                film.next();
                seen[i] = film.picture(96).rgba();
            }
        }
        assertArrayEquals(seen[0], seen[1]);
    }
}
