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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jcodec.api.FrameGrab;
import org.jcodec.api.JCodecException;
import org.jcodec.common.Demuxer;
import org.jcodec.common.DemuxerTrackMeta;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.io.SeekableByteChannel;
import org.jcodec.containers.mp4.demuxer.MP4Demuxer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Films, read back by JCodec, which shares nothing with what wrote them. */
class Mp4FileTest {
    @TempDir
    Path folder;

    /** Smooth colours that move. */
    private static Picture frame(int width, int height, int time) {
        float[] rgb = new float[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            double x = (double) (i % width) / width;
            double y = (double) (i / width) / height;
            rgb[3 * i] = (float) (0.5 + 0.4 * Math.sin(5 * x + 0.2 * time));
            rgb[3 * i + 1] = (float) (0.5 + 0.4 * Math.cos(4 * y - 0.1 * time));
            rgb[3 * i + 2] = (float) (0.5 + 0.3 * Math.sin(3 * (x + y)));
        }
        return Picture.ofRgb(width, height, rgb);
    }

    private static List<org.jcodec.common.model.Picture> decode(Path file) throws IOException, JCodecException {
        List<org.jcodec.common.model.Picture> frames = new ArrayList<>();
        try (SeekableByteChannel in = NIOUtils.readableChannel(file.toFile())) {
            FrameGrab grab = FrameGrab.createFrameGrab(in);
            org.jcodec.common.model.Picture next;
            while ((next = grab.getNativeFrame()) != null) {
                frames.add(next.cropped().cloneCropped());
            }
        }
        return frames;
    }

    /** A decoded value of 16 to 235 (luma) or 16 to 240 (chroma), of planes that JCodec stores from -128. */
    private static double plane(org.jcodec.common.model.Picture picture, int plane, int x, int y) {
        return picture.getPlaneData(plane)[y * picture.getPlaneWidth(plane) + x] + 128;
    }

    /** Against the written picture, by the inverse of BT.709's matrix in the narrow range. */
    private static double psnr(org.jcodec.common.model.Picture decoded, Picture written) {
        double sum = 0;
        for (int y = 0; y < written.height(); y++) {
            for (int x = 0; x < written.width(); x++) {
                double luma = (plane(decoded, 0, x, y) - 16) / 219;
                double blue = (plane(decoded, 1, x / 2, y / 2) - 128) / 224;
                double red = (plane(decoded, 2, x / 2, y / 2) - 128) / 224;
                double r = luma + 1.5748 * red;
                double b = luma + 1.8556 * blue;
                double g = (luma - 0.2126 * r - 0.0722 * b) / 0.7152;
                double[] rgb = {r, g, b};
                for (int c = 0; c < 3; c++) {
                    double difference = rgb[c] - (written.rgba()[4 * (y * written.width() + x) + c] & 255) / 255.0;
                    sum += difference * difference;
                }
            }
        }
        return -10 * Math.log10(sum / (3.0 * written.width() * written.height()));
    }

    @Test
    void anotherDecoderSeesTheSamePictures() throws IOException, JCodecException {
        Path file = folder.resolve("new/film.mp4");
        try (Mp4File film = new Mp4File(file, 96, 64, 24)) {
            for (int i = 0; i < 50; i++) {
                film.add(frame(96, 64, i));
            }
            film.finish();
        }
        List<org.jcodec.common.model.Picture> frames = decode(file);
        assertEquals(50, frames.size());
        for (int i = 0; i < 50; i++) {
            assertEquals(96, frames.get(i).getWidth());
            assertEquals(64, frames.get(i).getHeight());
            assertTrue(psnr(frames.get(i), frame(96, 64, i)) > 38, i + ": " + psnr(frames.get(i), frame(96, 64, i)));
        }
        try (SeekableByteChannel in = NIOUtils.readableChannel(file.toFile());
                Demuxer demuxer = MP4Demuxer.createMP4Demuxer(in)) {
            DemuxerTrackMeta track = demuxer.getVideoTracks().get(0).getMeta();
            assertEquals(50 / 24.0, track.getTotalDuration(), 0.02);
            assertArrayEquals(new int[] {0, 48}, track.getSeekFrames());
        }
    }

    @Test
    void theIndexComesBeforeThePictures() throws IOException {
        Path file = write(32, 32, 3);
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertTrue(bytes.indexOf("moov") > 0 && bytes.indexOf("moov") < bytes.indexOf("mdat"));
    }

    private Path write(int width, int height, int frames) throws IOException {
        Path file = folder.resolve("film.mp4");
        try (Mp4File film = new Mp4File(file, width, height, 30)) {
            for (int i = 0; i < frames; i++) {
                film.add(frame(width, height, i));
            }
            film.finish();
        }
        return file;
    }

    @Test
    void oddSizesGrowByThePixelsAtTheirEdge() throws IOException, JCodecException {
        org.jcodec.common.model.Picture frame = decode(write(47, 33, 2)).get(0);
        assertEquals(48, frame.getWidth());
        assertEquals(34, frame.getHeight());
        assertTrue(psnr(frame, frame(47, 33, 0)) > 36, () -> "" + psnr(frame, frame(47, 33, 0)));
        for (int y = 0; y < 33; y++) {
            assertEquals(plane(frame, 0, 46, y), plane(frame, 0, 47, y), 6);
        }
    }

    @Test
    void whatIsNotFinishedLeavesNothingAndTheOldFilmStays() throws IOException {
        Path file = write(32, 32, 2);
        byte[] old = Files.readAllBytes(file);
        try (Mp4File film = new Mp4File(file, 64, 64, 30)) {
            film.add(frame(64, 64, 0));
        }
        assertArrayEquals(old, Files.readAllBytes(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void whatCannotBeMeantIsRefused() throws IOException {
        Path file = folder.resolve("film.mp4");
        assertThrows(IllegalArgumentException.class, () -> new Mp4File(file, 8, 64, 30));
        assertThrows(IllegalArgumentException.class, () -> new Mp4File(file, 5000, 5000, 30));
        assertThrows(IllegalArgumentException.class, () -> new Mp4File(file, 64, 64, Double.NaN));
        assertThrows(IOException.class, () -> new Mp4File(Files.createDirectory(folder.resolve("d.mp4")), 64, 64, 30));
        try (Mp4File film = new Mp4File(file, 64, 64, 30)) {
            assertThrows(IllegalArgumentException.class, () -> film.add(frame(62, 64, 0)));
            assertThrows(IllegalStateException.class, film::finish);
        }
        assertTrue(Files.notExists(file));
    }

    /** A killed program leaves what it was writing; the next film of that name takes its place. */
    @Test
    void whatAKilledProgramLeftIsCleanedUp() throws IOException {
        Path file = folder.resolve("film.mp4");
        Files.write(folder.resolve(".film.mp4.tmp"), new byte[100_000]);
        try (Mp4File film = new Mp4File(file, 32, 16, 24)) {
            film.add(frame(32, 16, 0));
            film.finish();
        }
        assertFalse(Files.exists(folder.resolve(".film.mp4.tmp")));
        assertTrue(Files.size(file) < 100_000);
        Files.write(folder.resolve(".film.mp4.tmp"), new byte[100_000]);
        new Mp4File(file, 32, 16, 24).close();
        assertFalse(Files.exists(folder.resolve(".film.mp4.tmp")));
    }

    @Test
    void thelargestPictureIsWrittenAsWell() throws IOException {
        assertTrue(Files.size(write(4096, 2304, 1)) > 1000);
    }
}
