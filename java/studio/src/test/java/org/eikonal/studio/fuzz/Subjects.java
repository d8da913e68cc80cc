package org.eikonal.studio.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import javax.imageio.ImageIO;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.FieldConfig;
import org.eikonal.RadianceField;
import org.eikonal.studio.cli.Main;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.export.PortableField;
import org.eikonal.studio.fuzz.Fuzz.Attack;
import org.eikonal.studio.fuzz.Fuzz.Memory;
import org.eikonal.studio.fuzz.Fuzz.Subject;
import org.eikonal.studio.image.ExrBytes;
import org.eikonal.studio.image.ExrFile;
import org.eikonal.studio.image.Orientation;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.path.CameraPath;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.run.RenderedFolder;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.scene.CameraFile;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.View;

/** A valid file of every kind that this program reads, and what reads it. */
final class Subjects {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long MEBIBYTE = 1 << 20;
    /** A tree of JSON takes some hundred bytes for each of its smallest values. */
    private static final Memory TEXT = bytes -> 16 * MEBIBYTE + 400 * bytes;
    /** The pixels that so many bytes may hold, decoded and as RGBA, and what a decoder needs beside them. */
    private static final Memory PICTURE =
            bytes -> 32 * MEBIBYTE + 24 * Math.min(PictureFiles.MAX_PIXELS, bytes << 14);
    /** The parameters, once more in half precision and as gradients; and what a device takes for each thread. */
    private static final Memory FIELD = bytes -> 256 * MEBIBYTE + 400 * bytes;

    private final Path folder;
    private final Path run;
    private final List<Subject> all = new ArrayList<>();

    /** Makes all the files. */
    Subjects(Path folder) throws Exception {
        this.folder = folder;
        run = folder.resolve("run");
        scenes();
        pictures();
        DemoScene.write(folder.resolve("trained"), 3, 1, 16);
        program("train", folder.resolve("trained"), "--run", run, "--steps", 3, "--device", "cpu", "--threads", 1,
                "--set", "encoding.n_levels=2", "--set", "encoding.log2_hashmap_size=8", "--set",
                "network.n_neurons=16", "--set", "rgb_network.n_neurons=16", "--set", "occupancy.resolution=16",
                "--set", "samples_per_step=4096");
        runs();
        fields();
    }

    List<Subject> all() {
        return all;
    }

    private static void program(Object... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said);
        String[] texts = java.util.Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
        assertEquals(Main.OK, Main.run(stream, stream, texts), said::toString);
    }

    private void add(String name, Path file, boolean linked, Attack attack, Fuzz.Reader reader, Memory memory) {
        all.add(new Subject(name, file, linked, attack, reader, memory));
    }

    private void scene(String name, Path file, Mutation mutation) {
        Path scene = folder.resolve(name);
        add(name + " " + file.getFileName(), scene.resolve(file), false, mutation::once, () -> open(scene), TEXT);
    }

    private static void open(Path path) throws IOException {
        Scene scene = Scenes.open(path);
        for (View view : scene.views()) {
            assertTrue(view.image().toRealPath().startsWith(path.toRealPath()), view.image() + " is not in the scene");
            assertTrue(Float.isFinite(view.camera().fx() + view.camera().fy()), view.camera().toString());
        }
    }

    private void scenes() throws IOException {
        DemoScene.write(folder.resolve("blender"), 3, 1, 16);
        scene("blender", Path.of("transforms_train.json"), Mutation.JSON);
        scene("blender", Path.of("transforms_test.json"), Mutation.JSON);
        for (String name : List.of("transforms", "colmap", "colmap-text", "llff")) {
            DemoScene.write(folder.resolve(name), 3, 1, 16);
            Files.createDirectories(folder.resolve(name).resolve("images"));
            for (int i = 0; i < 3; i++) {
                Files.move(folder.resolve(name).resolve("train").resolve("r_" + i + ".png"),
                        folder.resolve(name).resolve("images").resolve("r_" + i + ".png"));
            }
            for (String split : List.of("train", "test")) {
                Files.delete(folder.resolve(name).resolve("transforms_" + split + ".json"));
            }
            // What hostile paths lead to.
            Files.createSymbolicLink(folder.resolve(name).resolve("link.png"), folder.resolve("secret.png"));
            Files.createSymbolicLink(folder.resolve(name).resolve("linked"), folder);
            Files.createSymbolicLink(folder.resolve(name).resolve("loop"), Path.of("loop"));
        }
        ObjectNode root = JSON.createObjectNode().put("fl_x", 20.0).put("cx", 8.0).put("cy", 8.0).put("w", 16)
                .put("h", 16).put("k1", 0.01).put("camera_model", "OPENCV").put("aabb_scale", 2).put("scale", 0.4);
        root.putArray("offset").add(0.5).add(0.5).add(0.4);
        for (int i = 0; i < 3; i++) {
            root.withArray("frames").addObject().put("file_path", "images/r_" + i + ".png")
                    .set("transform_matrix", JSON.readTree("[[1,0,0," + i + "],[0,1,0,0],[0,0,1,4],[0,0,0,1]]"));
        }
        root.putArray("train_filenames").add("images/r_0.png").add("images/r_1.png");
        root.putArray("test_filenames").add("images/r_2.png");
        write("transforms/transforms.json", root.toString().getBytes(StandardCharsets.UTF_8));
        scene("transforms", Path.of("transforms.json"), Mutation.JSON);
        write("cameras.json", root.toString().getBytes(StandardCharsets.UTF_8));
        add("cameras", folder.resolve("cameras.json"), true, Mutation.JSON::once,
                () -> CameraFile.read(folder.resolve("cameras.json")), TEXT);
        colmap();
        ByteBuffer rows = little(3 * 17 * 8);
        for (int i = 0; i < 3; i++) {
            for (double value : new double[] {0, 1, 0, i, 16, -1, 0, 0, 0, 16, 0, 0, 1, 4, 20, 1, 9}) {
                rows.putDouble(value);
            }
        }
        String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 17), }";
        write("llff/poses_bounds.npy", Mutation.joined(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0,
            (byte) header.length(), 0}, header.getBytes(StandardCharsets.US_ASCII), rows.array()));
        scene("llff", Path.of("poses_bounds.npy"), Mutation.BYTES);
        write("camera_path.json", ("{\"camera_type\":\"perspective\",\"render_width\":16,\"render_height\":12,\"fps\":24,"
                + "\"seconds\":2,\"camera_path\":[{\"camera_to_world\":[1,0,0,0,0,1,0,0,0,0,1,0,0,0,0,1],\"fov\":50},"
                + "{\"camera_to_world\":[1,0,0,2,0,1,0,0,0,0,1,0,0,0,0,1],\"fov\":50}]}").getBytes());
        add("camera path", folder.resolve("camera_path.json"), true, Mutation.JSON::once,
                () -> CameraPath.read(folder.resolve("camera_path.json")), TEXT);
    }

    /** A model in both kinds of files, by COLMAP's documentation of them (colmap.github.io/format.html). */
    private void colmap() throws IOException {
        ByteBuffer cameras = little(1000).putLong(1).putInt(1).putInt(1).putLong(16).putLong(16);
        cameras.putDouble(20).putDouble(20).putDouble(8).putDouble(8);
        ByteBuffer images = little(1000).putLong(3);
        ByteBuffer points = little(1000).putLong(3);
        StringBuilder imageLines = new StringBuilder("# Image list\n");
        StringBuilder pointLines = new StringBuilder("# 3D point list\n");
        for (int i = 0; i < 3; i++) {
            images.putInt(i + 1);
            for (double value : new double[] {1, 0, 0, 0, i, 0.5, 2}) {
                images.putDouble(value);
            }
            images.putInt(1).put(("r_" + i + ".png\0").getBytes()).putLong(1).putDouble(3.5).putDouble(4.5).putLong(1);
            imageLines.append(i + 1).append(" 1 0 0 0 ").append(i).append(" 0.5 2 1 r_").append(i)
                    .append(".png\n3.5 4.5 1\n");
            points.putLong(i).putDouble(i).putDouble(1).putDouble(5).put(new byte[] {1, 2, 3}).putDouble(0.5)
                    .putLong(1).putInt(1).putInt(0);
            pointLines.append(i).append(' ').append(i).append(" 1 5 1 2 3 0.5 1 0\n");
        }
        for (Map.Entry<String, ByteBuffer> file : Map.of("cameras", cameras, "images", images, "points3D", points)
                .entrySet()) {
            byte[] bytes = new byte[file.getValue().flip().remaining()];
            file.getValue().get(bytes);
            write("colmap/sparse/0/" + file.getKey() + ".bin", bytes);
        }
        write("colmap-text/sparse/cameras.txt", "# Camera list\n1 PINHOLE 16 16 20 20 8 8\n".getBytes());
        write("colmap-text/sparse/images.txt", imageLines.toString().getBytes());
        write("colmap-text/sparse/points3D.txt", pointLines.toString().getBytes());
        for (String name : List.of("cameras", "images", "points3D")) {
            scene("colmap", Path.of("sparse/0/" + name + ".bin"), Mutation.BYTES);
            scene("colmap-text", Path.of("sparse/" + name + ".txt"), Mutation.WORDS);
        }
    }

    private void pictures() throws IOException {
        BufferedImage image = new BufferedImage(24, 16, BufferedImage.TYPE_3BYTE_BGR);
        Random random = new Random(5);
        for (int i = 0; i < 24 * 16; i++) {
            image.setRGB(i % 24, i / 24, random.nextInt());
        }
        for (String format : List.of("png", "jpg", "tif", "bmp", "gif")) {
            Path file = folder.resolve("picture." + format);
            assertTrue(ImageIO.write(image, format, file.toFile()), format);
            if (format.equals("jpg")) {
                // Behind the start of the image: EXIF with one entry, the orientation.
                ByteBuffer exif = ByteBuffer.allocate(36).putShort((short) 0xffe1).putShort((short) 34)
                        .put("Exif\0\0MM\0*".getBytes()).putInt(8).putShort((short) 1).putShort((short) 0x112)
                        .putShort((short) 3).putInt(1).putShort((short) 6).putShort((short) 0).putInt(0);
                byte[] plain = Files.readAllBytes(file);
                Files.write(file, Mutation.joined(java.util.Arrays.copyOf(plain, 2), exif.array(),
                        java.util.Arrays.copyOfRange(plain, 2, plain.length)));
                assertEquals(Orientation.CLOCKWISE, Orientation.of(file));
            }
            add("picture " + format, file, true, Mutation.BYTES::once, () -> {
                PictureFiles.size(file);
                Orientation.of(file).apply(PictureFiles.read(file));
            }, PICTURE);
        }
        Map<String, float[]> light = new HashMap<>();
        for (String channel : List.of("R", "G", "B", "A")) {
            light.put(channel, new float[24 * 16]);
            for (int i = 0; i < 24 * 16; i++) {
                light.get(channel)[i] = random.nextInt(8) / 8f;
            }
        }
        exr("exr", ExrFile.encode(24, 16, light));
        exr("exr zip", ExrBytes.encoded(24, 16, light, "zip16", "half"));
        for (String kind : List.of("piz-half", "pxr24-float", "b44a-half", "zip-half-tiled")) {
            exr("exr " + kind, ExrBytes.class.getResourceAsStream("exr/" + kind + ".exr").readAllBytes());
        }
    }

    private void exr(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name.replace(' ', '-') + ".exr");
        Files.write(file, bytes);
        add("picture " + name, file, true, Mutation.BYTES::once, () -> {
            PictureFiles.size(file);
            PictureFiles.read(file);
        }, PICTURE);
    }

    private void runs() throws IOException {
        RunFolder made = new RunFolder(run);
        RunFolder copy = new RunFolder(Files.createDirectory(folder.resolve("copy")));
        Files.copy(made.configFile(), copy.configFile());
        byte[] checkpoint = Files.readAllBytes(made.checkpointFile());
        // An attacker makes both files: the checkpoint says that it belongs to the configuration, and its sum is right.
        add("configuration", copy.configFile(), true, Mutation.JSON::once, () -> {
            RunConfig config = copy.config();
            Files.write(copy.checkpointFile(), resealed(checkpoint, header -> header.put("config", config.sha256())));
            TrainedField.open(copy, "cpu").close();
        }, FIELD);
        add("checkpoint", made.checkpointFile(), true, (file, random) -> switch (random.nextInt(3)) {
            case 0 -> Mutation.BYTES.once(file, random);
            case 1 -> summed(Mutation.BYTES.once(file, random));
            default -> file.length < 20 ? file : withHeader(file, Mutation.JSON.once(header(file), random));
        }, () -> TrainedField.open(made, "cpu").close(), FIELD);
        add("metrics", made.metricsFile(), true, Mutation.JSON::once, made::metrics, bytes -> TEXT.of(8 * bytes));
        RenderedFolder.open(run.resolve("pictures"), Map.of("cameras", "0", "channels", List.of("rgb"), "nearest", 1));
        add("rendering", run.resolve("pictures/rendering.json"), true, Mutation.JSON::once,
                () -> RenderedFolder.open(run.resolve("pictures"),
                        Map.of("cameras", "0", "channels", List.of("rgb"), "nearest", 1)), TEXT);
    }

    private void fields() throws IOException {
        Path file = folder.resolve("field.safetensors");
        program("export", run, "field", "--out", file);
        add("field", file, true, (bytes, random) -> random.nextInt(3) == 0 ? Mutation.BYTES.once(bytes, random)
                : withFieldHeader(bytes, random), () -> {
            try (Device device = Device.open(DeviceConfig.fromJson("{\"type\":\"cpu\",\"threads\":1}"))) {
                PortableField.open(device, file).close();
            }
        }, FIELD);
        JsonNode config = JSON.readTree(Files.readAllBytes(folder.resolve("field.json"))).get("field");
        Path text = folder.resolve("engine.json");
        Files.write(text, JSON.writeValueAsBytes(config));
        add("engine configuration", text, true, Mutation.JSON::once, () -> {
            try {
                RadianceField.parameterCount(FieldConfig.fromJson(Files.readString(text, StandardCharsets.ISO_8859_1)));
            } catch (IllegalArgumentException | IOException e) {
                throw new ConfigException(text + ": " + e.getMessage()); // it knows of no file
            }
        }, TEXT);
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.write(folder.resolve(name), bytes);
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private interface Edit {
        void on(ObjectNode header);
    }

    private static byte[] resealed(byte[] checkpoint, Edit edit) throws IOException {
        ObjectNode header = (ObjectNode) JSON.readTree(header(checkpoint));
        edit.on(header);
        return withHeader(checkpoint, JSON.writeValueAsBytes(header));
    }

    private static int length(byte[] file, int at, int most) {
        int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
        return Math.max(0, Math.min(length, most));
    }

    private static byte[] header(byte[] checkpoint) {
        return java.util.Arrays.copyOfRange(checkpoint, 16, 16 + length(checkpoint, 12, checkpoint.length - 16));
    }

    /** A checkpoint with another header, whose length and sum are right. */
    private static byte[] withHeader(byte[] checkpoint, byte[] header) {
        byte[] start = java.util.Arrays.copyOf(checkpoint, 12);
        int behind = 16 + header(checkpoint).length;
        return summed(Mutation.joined(start, little(4).putInt(header.length).array(), header,
                java.util.Arrays.copyOfRange(checkpoint, behind, checkpoint.length)));
    }

    private static byte[] summed(byte[] checkpoint) {
        int end = Math.max(0, checkpoint.length - 4);
        CRC32C crc = new CRC32C();
        crc.update(checkpoint, 0, end);
        return Mutation.joined(java.util.Arrays.copyOf(checkpoint, end), little(4).putInt((int) crc.getValue()).array());
    }

    /** A field with another header or another configuration in it, whose length is right. */
    private static byte[] withFieldHeader(byte[] file, Random random) throws IOException {
        if (file.length < 10) {
            return file;
        }
        int length = length(file, 0, file.length - 8);
        byte[] header = java.util.Arrays.copyOfRange(file, 8, 8 + length);
        try {
            if (random.nextBoolean() && JSON.readTree(header) instanceof ObjectNode root
                    && root.path("__metadata__") instanceof ObjectNode metadata && metadata.has("config")) {
                byte[] config = metadata.get("config").asText().getBytes(StandardCharsets.UTF_8);
                metadata.put("config", new String(Mutation.JSON.once(config, random), StandardCharsets.UTF_8));
                header = JSON.writeValueAsBytes(root);
            } else {
                header = Mutation.JSON.once(header, random);
            }
        } catch (IOException e) {
            header = Mutation.BYTES.once(header, random);
        }
        return Mutation.joined(little(8).putLong(header.length).array(), header,
                java.util.Arrays.copyOfRange(file, 8 + length, file.length));
    }
}
