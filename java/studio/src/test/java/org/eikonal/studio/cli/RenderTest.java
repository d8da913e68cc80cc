package org.eikonal.studio.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.image.PictureFiles.Size;
import org.eikonal.studio.run.DepthRange;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import org.jcodec.api.FrameGrab;
import org.jcodec.api.JCodecException;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.io.SeekableByteChannel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code eikonal render}, {@code eikonal compare} and reports, on a field of a second. */
class RenderTest {
    @TempDir
    static Path folder;

    private static Path run;

    @BeforeAll
    static void train() throws IOException {
        run = folder.resolve("run");
        DemoScene.write(folder.resolve("scene"), 12, 4, 32);
        Program.run("train", folder.resolve("scene"), "--run", run, "--steps", 300, "--device", "cpu", Program.SMALL)
                .succeeded();
    }

    private static Path path(String type, int width, int height, String... cameras) throws IOException {
        return Files.writeString(folder.resolve(type + ".json"), "{\"camera_type\":\"" + type + "\",\"render_width\":"
                + width + ",\"render_height\":" + height + ",\"fps\":10,\"camera_path\":[" + String.join(",", cameras)
                + "]}");
    }

    /** Looks at the middle of the scene from the side, upright. */
    private static String camera(double distance) {
        return String.format(Locale.ROOT, "{\"fov\":40,\"camera_to_world\":[1,0,0,0, 0,0,-1,%s, 0,1,0,0.5, 0,0,0,1]}",
                -distance);
    }

    @Test
    void whatIsThereIsNotRenderedAgain() throws IOException {
        Path out = folder.resolve("resumed");
        Object[] command = {"render", run, "--orbit", 3, "--out", out, "--channels", "rgb,normal"};
        Program.run(command).succeeded();
        Path kept = out.resolve("rgb/0000.png");
        Path lost = out.resolve("rgb/0002.png");
        byte[] whole = Files.readAllBytes(lost);
        Files.writeString(kept, "marked");
        Files.delete(lost);
        Files.writeString(out.resolve("rgb/.0002.png.tmp"), "half of one");
        String note = Program.run(command).succeeded().err();
        assertTrue(note.contains("2 of 3 pictures are there already"), note);
        assertEquals("marked", Files.readString(kept));
        assertArrayEquals(whole, Files.readAllBytes(lost));
        assertFalse(Files.exists(out.resolve("rgb/.0002.png.tmp")));
        // Another channel of the same cameras is another folder, other cameras are another rendering.
        Program.run("render", run, "--orbit", 3, "--out", out, "--channels", "depth").succeeded();
        for (Object[] other : new Object[][] {{"--orbit", 4}, {"--orbit", 3, "--scale", 0.5}}) {
            String line = Program.run("render", run, "--out", out, other).failed(Main.FAILED);
            assertTrue(line.contains("it holds pictures of another rendering (cameras differ); remove it, or"), line);
        }
        assertEquals("marked", Files.readString(kept));
        Files.writeString(out.resolve("rgb/rendering.json"), "no JSON");
        assertTrue(Program.run(command).failed(Main.FAILED).contains("another rendering (cameras, channels, conf"));
        Files.delete(out.resolve("rgb/rendering.json"));
        assertTrue(Program.run(command).failed(Main.FAILED).contains("it holds other files, and no rendering.json"));
    }

    @Test
    void aFilmOfAPath() throws IOException, JCodecException {
        Path film = folder.resolve("films/path.mp4");
        Program.run("render", run, "--path", path("perspective", 33, 20, camera(4), camera(3.8), camera(3.6)), "--out",
                film).succeeded();
        try (SeekableByteChannel in = NIOUtils.readableChannel(film.toFile())) {
            FrameGrab grab = FrameGrab.createFrameGrab(in);
            assertEquals(0.3, grab.getVideoTrack().getMeta().getTotalDuration(), 0.02);
            for (int i = 0; i < 3; i++) {
                org.jcodec.common.model.Picture frame = grab.getNativeFrame();
                assertEquals(34, frame.getCroppedWidth());
                assertEquals(20, frame.getCroppedHeight());
            }
            assertEquals(null, grab.getNativeFrame());
        }
        try (Stream<Path> files = Files.list(film.getParent())) {
            assertEquals(List.of(film), files.toList());
        }
    }

    @Test
    void anInterruptedFilmLeavesNothing() throws Exception {
        Path film = Files.createDirectory(folder.resolve("interrupted")).resolve("film.mp4");
        Path log = folder.resolve("interrupted.log");
        Process process = Program.start(log, "render", run, "--orbit", 100_000, "--scale", 4, "--out", film);
        try {
            Path beside = film.resolveSibling(".film.mp4.tmp");
            for (int i = 0; i < 600 && !Files.exists(beside) && process.isAlive(); i++) {
                Thread.sleep(50);
            }
            assertTrue(Files.exists(beside), () -> read(log));
            process.destroy(); // SIGTERM, which the JVM takes as it takes Ctrl-C
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertTrue(read(log).contains("there is no film"), () -> read(log));
            try (Stream<Path> files = Files.list(film.getParent())) {
                assertEquals(List.of(), files.toList());
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Each pixel of a panorama against a camera of its own that looks exactly there. */
    @Test
    void aPanoramaIsWhatCamerasSeeAllAround() throws IOException {
        int width = 64;
        int height = 32;
        // In the middle of the scene and above its table, turned: right is +y, up is +z, ahead is -x.
        double[][] axes = {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}};
        double[] eye = {0.1, -0.2, 1.5};
        String matrix = "";
        for (int row = 0; row < 3; row++) {
            matrix += axes[0][row] + "," + axes[1][row] + "," + axes[2][row] + "," + eye[row] + ",";
        }
        Path file = path("equirectangular", width, height, "{\"camera_to_world\":[" + matrix + "0,0,0,1]}");
        Path out = folder.resolve("panorama");
        Program.run("render", run, "--path", file, "--out", out, "--channels", "rgb,normal").succeeded();
        Picture panorama = PictureFiles.read(out.resolve("rgb/0000.png"));
        assertEquals(new Size(width, height), PictureFiles.size(out.resolve("normal/0000.png")));

        StringBuilder frames = new StringBuilder();
        int[] pixels = {5 + 10 * width, 20 + 25 * width, 31 + 16 * width, 32 + 30 * width, 50 + 20 * width,
            63 + 12 * width, 12 + 28 * width, 40 + 22 * width};
        for (int pixel : pixels) {
            double longitude = (pixel % width + 0.5 - width / 2.0) / width * 2 * Math.PI;
            double latitude = (height / 2.0 - (pixel / width + 0.5)) / height * Math.PI;
            double[] local = {Math.sin(longitude) * Math.cos(latitude), Math.sin(latitude),
                -Math.cos(longitude) * Math.cos(latitude)};
            double[] ahead = new double[3];
            for (int k = 0; k < 3; k++) {
                for (int row = 0; row < 3; row++) {
                    ahead[row] += local[k] * axes[k][row];
                }
            }
            // Right lies level, up is across both.
            double level = Math.hypot(ahead[0], ahead[1]);
            double[] right = {ahead[1] / level, -ahead[0] / level, 0};
            double[] up = {right[1] * ahead[2], -right[0] * ahead[2], right[0] * ahead[1] - right[1] * ahead[0]};
            frames.append(frames.length() == 0 ? "" : ",").append("{\"transform_matrix\":[");
            for (int row = 0; row < 3; row++) {
                frames.append("[" + right[row] + "," + up[row] + "," + -ahead[row] + "," + eye[row] + "]")
                        .append(row < 2 ? "," : "]}");
            }
        }
        Path cameras = Files.writeString(folder.resolve("around.json"), "{\"w\":1,\"h\":1,\"fl_x\":"
                + width / 2 / Math.PI + ",\"frames\":[" + frames + "]}");
        Program.run("render", run, "--camera", cameras, "--out", folder.resolve("around")).succeeded();
        double spread = 0;
        for (int i = 0; i < pixels.length; i++) {
            Picture alone = PictureFiles.read(folder.resolve("around/rgb/000" + i + ".png"));
            for (int c = 0; c < 3; c++) {
                int expected = alone.rgba()[c] & 255;
                assertEquals(expected, panorama.rgba()[4 * pixels[i] + c] & 255, 24, "pixel " + pixels[i]);
                spread = Math.max(spread, Math.abs(expected - (PictureFiles.read(folder.resolve("around/rgb/0000.png"))
                        .rgba()[c] & 255)));
            }
        }
        assertTrue(spread > 60, "all looks alike, so that nothing was compared: " + spread);
    }

    /** Photos from a wall of places, made by the field itself; the scene is a unit or so around the origin. */
    @Test
    void aSpiralBeforeWhatLooksOneWay() throws IOException {
        List<Camera> cameras = new ArrayList<>();
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            double x = 0.2 * (i % 3 - 1);
            double z = 0.5 + 0.2 * (i / 3 - 1);
            String rows = "[1,0,0," + x + "],[0,0,-1,-4],[0,1,0," + z + "]";
            frames.append(i == 0 ? "" : ",")
                    .append("{\"file_path\":\"000" + i + "\",\"transform_matrix\":[" + rows + "]}");
            cameras.add(Camera.perspective(24, 16, 30, new Pose(1, 0, 0, x, 0, 0, -1, -4, 0, 1, 0, z)));
        }
        Path wall = folder.resolve("wall/rgb");
        Path transforms = Files.writeString(folder.resolve("wall.json"),
                "{\"w\":24,\"h\":16,\"fl_x\":30,\"frames\":[" + frames + "]}");
        Program.run("render", run, "--camera", transforms, "--out", folder.resolve("wall")).succeeded();
        Files.move(transforms, wall.resolve("transforms.json"));
        Path trained = folder.resolve("wall-run");
        Program.run("train", wall, "--run", trained, "--steps", 150, "--device", "cpu", Program.SMALL).succeeded();
        Path out = folder.resolve("spiral");
        Program.run("render", trained, "--spiral", 3, "--out", out).succeeded();
        assertEquals(new Size(24, 16), PictureFiles.size(out.resolve("rgb/0002.png")));

        try (TrainedField field = TrainedField.open(new RunFolder(run))) {
            DepthRange range = DepthRange.of(field, cameras);
            assertTrue(range.nearest() > 2.5 && range.nearest() < range.farthest(), range::toString);
            assertTrue(range.farthest() < 6, range::toString);
            Camera away = cameras.get(0).withPose(new Pose(1, 0, 0, 0, 0, 0, 1, -4, 0, -1, 0, 0));
            assertTrue(assertThrows(RunException.class, () -> DepthRange.of(field, List.of(away))).getMessage()
                    .contains("the field is empty where the photos look"));
        }
    }

    @Test
    void floatsOfAllChannels() throws IOException {
        Path out = folder.resolve("floats");
        Program.run("render", run, "--split", "test", "--out", out, "--format", "exr", "--channels",
                "rgb,depth,normal,opacity").succeeded();
        byte[] bytes = Files.readAllBytes(out.resolve("exr/r_0.exr"));
        // Eight float channels of 32x32 pixels, and 32 lines of 16 bytes more, behind the header.
        int pixels = 32 * (8 * 4 * 32 + 16);
        assertTrue(bytes.length > pixels && bytes.length < pixels + 1000, "" + bytes.length);
        ByteBuffer lines = ByteBuffer.wrap(bytes, bytes.length - 32 * (8 * 4 * 32 + 8), 32 * (8 * 4 * 32 + 8)).slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        Program.run("render", run, "--split", "test", "--out", out, "--channels", "rgb,opacity").succeeded();
        Picture rgb = PictureFiles.read(out.resolve("rgb/r_0.png"));
        Picture opacity = PictureFiles.read(out.resolve("opacity/r_0.png"));
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 32; x++) {
                int at = y * (8 * 4 * 32 + 8) + 8 + 4 * x;
                // By the order of their names: A, B, G, N.X, N.Y, N.Z, R, Z.
                assertEquals(opacity.rgba()[4 * (y * 32 + x)] & 255, 255 * lines.getFloat(at), 0.51);
                double red = lines.getFloat(at + 6 * 128);
                double stored = red <= 0.0031308 ? 12.92 * red : 1.055 * Math.pow(red, 1 / 2.4) - 0.055;
                assertEquals(rgb.rgba()[4 * (y * 32 + x)] & 255, 255 * stored, 0.51);
                double squares = 0;
                for (int k = 3; k < 6; k++) {
                    squares += Math.pow(lines.getFloat(at + k * 128), 2);
                }
                assertTrue(Double.isNaN(squares) || Math.abs(squares - 1) < 1e-4, "" + squares);
                float depth = lines.getFloat(at + 7 * 128);
                assertTrue(depth >= 0 && depth < 20, "" + depth);
            }
        }
    }

    @Test
    void wishesThatCannotBeMeant() throws IOException {
        Object[][] wishes = {
            {"--fps is for films", "--orbit", 2, "--out", folder.resolve("x"), "--fps", 24},
            {"--fps is 0.0; it must be 0.1 to 1000", "--orbit", 2, "--out", folder.resolve("x.mp4"), "--fps", 0},
            {"--out is a film, which shows one of --channels", "--orbit", 2, "--out", folder.resolve("x.mp4"),
                "--channels", "rgb,depth"},
            {"--format is tiff; it must be png or exr", "--orbit", 2, "--out", folder.resolve("x"), "--format", "tiff"},
            {"--spiral is 0; it must be 1 to 100000 pictures", "--spiral", 0, "--out", folder.resolve("x")},
        };
        for (Object[] wish : wishes) {
            Object[] rest = Arrays.copyOfRange(wish, 1, wish.length);
            String line = Program.run("render", run, rest).failed(Main.USAGE);
            assertTrue(line.contains(wish[0].toString()), line);
        }
        assertTrue(Program.run("render", run, "--spiral", 2, "--out", folder.resolve("x")).failed(Main.FAILED)
                .contains("a spiral is for those that look one way: use --orbit"));
        Path sizes = Files.writeString(folder.resolve("sizes.json"), "{\"fl_x\":50,\"h\":32,\"frames\":["
                + "{\"w\":32,\"transform_matrix\":[[1,0,0,0],[0,1,0,0],[0,0,1,4]]},"
                + "{\"w\":40,\"transform_matrix\":[[1,0,0,0],[0,1,0,0],[0,0,1,4]]}]}");
        assertTrue(Program.run("render", run, "--camera", sizes, "--out", folder.resolve("x.mp4")).failed(Main.USAGE)
                .contains("a film's pictures are of one size, but 0000 has 32x32 pixels, and 0001 40x32"));
        assertTrue(Program.run("render", run, "--orbit", 2, "--out", folder.resolve("x.mp4"), "--scale", 0.2)
                .failed(Main.FAILED).contains("a film of 6x6 pixels can't be written"));
        assertFalse(Files.exists(folder.resolve("x")) || Files.exists(folder.resolve("x.mp4")));
    }
}
