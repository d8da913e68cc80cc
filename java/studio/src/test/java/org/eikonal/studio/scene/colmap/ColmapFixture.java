package org.eikonal.studio.scene.colmap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;

/**
 * A COLMAP model as numbers, and both kinds of files of it, written by COLMAP's documentation of them alone
 * (colmap.github.io/format.html).
 */
public final class ColmapFixture {
    static final List<String> MODELS = List.of("SIMPLE_PINHOLE", "PINHOLE", "SIMPLE_RADIAL", "RADIAL", "OPENCV",
            "OPENCV_FISHEYE", "FULL_OPENCV", "FOV", "SIMPLE_RADIAL_FISHEYE", "RADIAL_FISHEYE", "THIN_PRISM_FISHEYE");

    final Path folder;
    final List<Lens> cameras = new ArrayList<>();
    final List<Photo> images = new ArrayList<>();
    final List<double[]> points = new ArrayList<>(); // x y z r g b error

    record Lens(int id, String model, int width, int height, double... parameters) {}

    /** @param pose qw qx qy qz tx ty tz */
    record Photo(int id, int camera, String name, double... pose) {}

    public ColmapFixture(Path folder) {
        this.folder = folder;
    }

    public ColmapFixture camera(int id, String model, int width, int height, double... parameters) {
        cameras.add(new Lens(id, model, width, height, parameters));
        return this;
    }

    public ColmapFixture image(int camera, String name, double... pose) {
        images.add(new Photo(images.size() + 7, camera, name, pose));
        return this;
    }

    public ColmapFixture point(double... numbers) {
        points.add(numbers);
        return this;
    }

    ColmapFixture picture(String name, int width, int height) {
        try {
            PictureFiles.writePng(new Picture(width, height, new byte[4 * width * height]), folder.resolve(name));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] camerasBin() {
        Bytes out = new Bytes().int64(cameras.size());
        for (Lens lens : cameras) {
            out.int32(lens.id).int32(MODELS.indexOf(lens.model)).int64(lens.width).int64(lens.height)
                    .floats(lens.parameters);
        }
        return out.array();
    }

    byte[] imagesBin() {
        Bytes out = new Bytes().int64(images.size());
        for (Photo photo : images) {
            out.int32(photo.id).floats(photo.pose).int32(photo.camera)
                    .bytes((photo.name + "\0").getBytes(StandardCharsets.UTF_8));
            out.int64(2).floats(1.5, 2.5).int64(1).floats(3.5, 4.5).int64(-1);
        }
        return out.array();
    }

    byte[] pointsBin() {
        Bytes out = new Bytes().int64(points.size());
        for (double[] point : points) {
            out.int64(99).floats(point[0], point[1], point[2])
                    .bytes((byte) point[3], (byte) point[4], (byte) point[5]).floats(point[6])
                    .int64(3).int32(7).int32(0).int32(8).int32(1).int32(9).int32(2);
        }
        return out.array();
    }

    public ColmapFixture binary(String at) {
        write(at + "/cameras.bin", camerasBin());
        write(at + "/images.bin", imagesBin());
        write(at + "/points3D.bin", pointsBin());
        return this;
    }

    ColmapFixture text(String at) {
        StringBuilder lenses = new StringBuilder("# Camera list with one line of data per camera:\n");
        cameras.forEach(lens -> lenses.append(lens.id + " " + lens.model + " " + lens.width + " " + lens.height + " "
                + words(lens.parameters) + "\n"));
        StringBuilder photos = new StringBuilder("# Image list with two lines of data per image:\n#\n");
        images.forEach(photo -> photos.append(photo.id + " " + words(photo.pose) + " " + photo.camera + " " + photo.name
                + "\n" + (photo.id % 2 == 0 ? "" : "1.5 2.5 1 3.5 4.5 -1") + "\n"));
        StringBuilder places = new StringBuilder("# 3D point list with one line of data per point:\n");
        points.forEach(point -> places.append("99 " + point[0] + " " + point[1] + " " + point[2] + " " + (int) point[3]
                + " " + (int) point[4] + " " + (int) point[5] + " " + point[6] + " 7 0 8 1 9 2\n"));
        write(at + "/cameras.txt", lenses.toString().getBytes(StandardCharsets.UTF_8));
        write(at + "/images.txt", photos.toString().getBytes(StandardCharsets.UTF_8));
        write(at + "/points3D.txt", places.toString().getBytes(StandardCharsets.UTF_8));
        return this;
    }

    ColmapFixture write(String name, byte[] bytes) {
        try {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.write(folder.resolve(name), bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String words(double... numbers) {
        StringJoiner words = new StringJoiner(" ");
        for (double number : numbers) {
            words.add(Double.toString(number));
        }
        return words.toString();
    }

    /** Little-endian. */
    static final class Bytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Bytes int32(int value) {
            return bytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
        }

        Bytes int64(long value) {
            return bytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
        }

        Bytes floats(double... values) {
            for (double value : values) {
                int64(Double.doubleToLongBits(value));
            }
            return this;
        }

        Bytes bytes(byte... bytes) {
            out.writeBytes(bytes);
            return this;
        }

        byte[] array() {
            return out.toByteArray();
        }
    }
}
