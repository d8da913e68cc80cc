package org.eikonal.studio.scene.colmap;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.SparsePoints;

/** The text files of a COLMAP model (src/colmap/scene/reconstruction_io_text.cc). */
final class ColmapText {
    private ColmapText() {}

    /** CAMERA_ID MODEL WIDTH HEIGHT PARAMS[] */
    static Map<Integer, ColmapModel.Intrinsics> cameras(Path file) {
        return LineReader.read(file, in -> {
            Map<Integer, ColmapModel.Intrinsics> cameras = new HashMap<>();
            for (String[] words = in.next(4, 5); words != null; words = in.next(4, 5)) {
                try {
                    CameraModel model = CameraModel.of(words[1]);
                    double[] parameters = words.length < 5 ? new double[0]
                            : Arrays.stream(words[4].split("\\s+")).mapToDouble(in::number).toArray();
                    if (parameters.length != model.parameterCount()) {
                        throw in.wrong("a camera of model " + model + " has " + model.parameterCount()
                                + " parameters, not " + parameters.length);
                    }
                    cameras.put(in.integer(words[0]), new ColmapModel.Intrinsics(
                            model, in.integer(words[2]), in.integer(words[3]), parameters));
                } catch (IllegalArgumentException e) {
                    throw in.wrong(e.getMessage());
                }
                in.limit("cameras", cameras.size(), Scenes.MAX_FRAMES);
            }
            return cameras;
        });
    }

    /** Two lines each: IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME, then observations, perhaps none. */
    static List<ColmapModel.Image> images(Path file) {
        return LineReader.read(file, in -> {
            List<ColmapModel.Image> images = new ArrayList<>();
            for (String[] words = in.next(10, 10); words != null; words = in.next(10, 10)) {
                double[] pose = Arrays.stream(words, 1, 8).mapToDouble(in::number).toArray();
                images.add(new ColmapModel.Image(in.integer(words[0]), Arrays.copyOf(pose, 4), Arrays.copyOfRange(pose, 4, 7),
                        in.integer(words[8]), words[9]));
                in.limit("images", images.size(), Scenes.MAX_FRAMES);
                in.skip();
            }
            return images;
        });
    }

    /** POINT3D_ID X Y Z R G B ERROR TRACK[] */
    static SparsePoints points(Path file, Tracks tracks) {
        return LineReader.read(file, in -> {
            int count = 0;
            double[] xyz = new double[0];
            byte[] rgb = new byte[0];
            double[] error = new double[0];
            for (String[] words = in.next(8, 9); words != null; words = in.next(8, 9), count++) {
                in.limit("points", count + 1, ColmapModel.MAX_POINTS);
                if (count == error.length) {
                    int larger = Math.max(1024, 2 * count);
                    xyz = Arrays.copyOf(xyz, 3 * larger);
                    rgb = Arrays.copyOf(rgb, 3 * larger);
                    error = Arrays.copyOf(error, larger);
                }
                for (int c = 0; c < 3; c++) {
                    xyz[3 * count + c] = in.number(words[1 + c]);
                    int value = in.integer(words[4 + c]);
                    if (value < 0 || value > 255) {
                        throw in.wrong("a colour has the value " + value + "; it must be 0 to 255");
                    }
                    rgb[3 * count + c] = (byte) value;
                }
                error[count] = in.number(words[7]);
                String[] track = words.length < 9 ? new String[0] : words[8].split("\\s+");
                int[] images = new int[track.length / 2]; // each is followed by which of the image's observations
                for (int k = 0; k < images.length; k++) {
                    images[k] = in.integer(track[2 * k]);
                }
                tracks.add(count, error[count], images);
            }
            return new SparsePoints(Arrays.copyOf(xyz, 3 * count), Arrays.copyOf(rgb, 3 * count),
                    Arrays.copyOf(error, count));
        });
    }
}
