package org.eikonal.studio.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eikonal.Camera;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.Pose;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.Scenes;

/**
 * Cameras to render from, in a file with the keys of transforms.json. No picture is needed, so that {@code w} and
 * {@code h} are; {@code file_path} only names the output.
 */
public final class CameraFile {
    private static final long MAX_BYTES = 64L << 20;
    // NaN is read, since Python writes it, and then complained of by name.
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private final Path file;
    private final JsonNode root;
    private final JsonNode frame;
    private final String place;

    private CameraFile(Path file, JsonNode root, JsonNode frame, String place) {
        this.file = file;
        this.root = root;
        this.frame = frame;
        this.place = place;
    }

    /**
     * Reads cameras.
     *
     * @return by name: file_path's last part without suffix, or the frame's number; safe as a file name
     * @throws SceneException if the file can't be used: the message names file, field, value and remedy
     */
    public static Map<String, Camera> read(Path file) {
        JsonNode root = root(file);
        JsonNode frames = root.path("frames");
        if (!frames.isArray() || frames.isEmpty() || frames.size() > Scenes.MAX_FRAMES) {
            throw new SceneException(file, "frames", frames.isArray() ? frames.size() + " long" : "missing",
                    "write an array of 1 to " + Scenes.MAX_FRAMES + " objects");
        }
        Map<String, Camera> cameras = new LinkedHashMap<>();
        for (int i = 0; i < frames.size(); i++) {
            CameraFile frame = new CameraFile(file, root, frames.get(i), "frames[" + i + "]");
            String name = frame.name(i);
            while (cameras.containsKey(name)) {
                name += "_";
            }
            cameras.put(name, frame.camera());
        }
        return cameras;
    }

    private static JsonNode root(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new SceneException(file, "it has more than " + MAX_BYTES + " bytes; split it");
            }
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (!root.isObject()) {
                throw new SceneException(file, "it holds no JSON object; write {\"frames\": [...]}");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new SceneException(file, "damaged JSON (" + e.getOriginalMessage() + "); write the file again");
        } catch (IOException e) {
            throw new SceneException(file, "can't be read (" + e + ")");
        }
    }

    private String name(int index) {
        String path = frame.path("file_path").asText("");
        String stem = path.substring(path.lastIndexOf('/') + 1).replaceFirst("(?<=.)\\.[A-Za-z]{3,4}$", "")
                .replaceAll("[^A-Za-z0-9_-]", "_");
        return stem.isEmpty() ? String.format("%04d", index) : stem;
    }

    private Camera camera() {
        int width = size("w");
        int height = size("h");
        double x = focal("fl_x", "camera_angle_x", width);
        double y = focal("fl_y", "camera_angle_y", height);
        if (Double.isNaN(x) && Double.isNaN(y)) {
            throw wrong("fl_x", "write the focal length in pixels, or camera_angle_x in radians");
        }
        String model = get("camera_model").asText("OPENCV");
        boolean fisheye = get("is_fisheye").asBoolean(false) || model.equals("OPENCV_FISHEYE");
        try {
            return new Camera(width, height, fisheye ? Lens.FISHEYE : Lens.PERSPECTIVE,
                    (float) (Double.isNaN(x) ? y : x), (float) (Double.isNaN(y) ? x : y),
                    (float) number("cx", width / 2.0), (float) number("cy", height / 2.0),
                    new Distortion((float) number("k1", 0), (float) number("k2", 0), (float) number("k3", 0),
                            (float) number("k4", 0), (float) number("p1", 0), (float) number("p2", 0)),
                    pose());
        } catch (IllegalArgumentException e) {
            throw new SceneException(file, place + ": " + e.getMessage());
        }
    }

    private Pose pose() {
        JsonNode rows = frame.path("transform_matrix");
        double[] matrix = new double[12];
        boolean good = rows.isArray() && (rows.size() == 3 || rows.size() == 4);
        for (int i = 0; i < 12 && good; i++) {
            JsonNode value = rows.get(i / 4).path(i % 4);
            good = rows.get(i / 4).size() == 4 && value.isNumber();
            matrix[i] = value.asDouble();
        }
        if (!good) {
            throw wrong("transform_matrix", "write a matrix of 4 rows (or 3) of 4 numbers");
        }
        return new Pose(matrix);
    }

    private int size(String key) {
        double value = number(key, Double.NaN);
        if (!(value >= 1 && value <= Camera.MAX_SIZE && value == Math.rint(value))) {
            throw wrong(key, "write a whole number from 1 to " + Camera.MAX_SIZE);
        }
        return (int) value;
    }

    /** NaN if the file says nothing of this axis; a frame's own word comes before the file's. */
    private double focal(String pixels, String angle, int size) {
        boolean byAngle = !frame.has(pixels) && (frame.has(angle) || !root.has(pixels));
        if (!byAngle) {
            return number(pixels, Double.NaN);
        }
        double radians = number(angle, Double.NaN);
        if (!Double.isNaN(radians) && !(radians > 0 && radians < Math.PI)) {
            throw wrong(angle, "write the field of view in radians, above 0 and below pi");
        }
        return size / 2.0 / Math.tan(radians / 2);
    }

    private double number(String key, double otherwise) {
        JsonNode value = get(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(key, "write a finite number");
        }
        return value.doubleValue();
    }

    private JsonNode get(String key) {
        return frame.hasNonNull(key) ? frame.get(key) : root.path(key);
    }

    private SceneException wrong(String key, String remedy) {
        JsonNode value = get(key);
        String where = frame.has(key) || !root.has(key) ? place + "." + key : key;
        return new SceneException(file, where, value.isMissingNode() ? "missing" : value.toString(), remedy);
    }
}
