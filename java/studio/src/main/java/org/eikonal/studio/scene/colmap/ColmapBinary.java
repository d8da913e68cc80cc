package org.eikonal.studio.scene.colmap;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.SparsePoints;

/** The binary files of a COLMAP model (src/colmap/scene/reconstruction_io_binary.cc). */
final class ColmapBinary {
    private static final int CAMERA_BYTES = 4 + 4 + 8 + 8 + 3 * 8;
    private static final int IMAGE_BYTES = 4 + 7 * 8 + 4 + 1 + 8;
    private static final int OBSERVATION_BYTES = 8 + 8 + 8;
    private static final int POINT_BYTES = 8 + 3 * 8 + 3 + 8 + 8;
    private static final int TRACK_BYTES = 4 + 4;

    private ColmapBinary() {}

    static Map<Integer, ColmapModel.Intrinsics> cameras(Path file) {
        return ByteReader.read(file, in -> {
            int count = in.count("cameras", CAMERA_BYTES, Scenes.MAX_FRAMES);
            Map<Integer, ColmapModel.Intrinsics> cameras = new HashMap<>();
            for (int i = 0; i < count; i++) {
                int id = in.int32();
                int number = in.int32();
                try {
                    CameraModel model = CameraModel.of(number);
                    cameras.put(id, new ColmapModel.Intrinsics(model, in.int64(), in.int64(),
                            in.floats64(model.parameterCount())));
                } catch (IllegalArgumentException e) {
                    throw new SceneException(file, "camera " + id + ": " + e.getMessage());
                }
            }
            return cameras;
        });
    }

    static List<ColmapModel.Image> images(Path file) {
        return ByteReader.read(file, in -> {
            int count = in.count("images", IMAGE_BYTES, Scenes.MAX_FRAMES);
            List<ColmapModel.Image> images = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                images.add(new ColmapModel.Image(in.int32(), in.floats64(4), in.floats64(3), in.int32(), in.name()));
                in.skip((long) OBSERVATION_BYTES * in.count("observations", OBSERVATION_BYTES, Integer.MAX_VALUE));
            }
            return images;
        });
    }

    static SparsePoints points(Path file, Tracks tracks) {
        return ByteReader.read(file, in -> {
            int count = in.count("points", POINT_BYTES, ColmapModel.MAX_POINTS);
            double[] xyz = new double[3 * count];
            byte[] rgb = new byte[3 * count];
            double[] error = new double[count];
            for (int i = 0; i < count; i++) {
                in.skip(8); // its id
                System.arraycopy(in.floats64(3), 0, xyz, 3 * i, 3);
                for (int c = 0; c < 3; c++) {
                    rgb[3 * i + c] = (byte) in.int8();
                }
                error[i] = in.float64();
                int[] images = new int[in.count("observations", TRACK_BYTES, Integer.MAX_VALUE)];
                for (int k = 0; k < images.length; k++) {
                    images[k] = in.int32();
                    in.skip(4); // which of the image's observations
                }
                tracks.add(i, error[i], images);
            }
            return new SparsePoints(xyz, rgb, error);
        });
    }
}
