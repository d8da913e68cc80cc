package org.eikonal.studio.path;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.scene.JsonObject;

/**
 * A way of a camera through keyframes, an equal time from one to the next: positions and fields of view along a uniform
 * Catmull-Rom spline (Catmull and Rom 1974), turned by spherical cubic interpolation of quaternions (squad; Shoemake
 * 1987), so that neither jerks. Immutable.
 *
 * @param keys one and more
 * @param seconds how long the way takes
 * @param fps frames a second
 * @param loop whether it goes on from the last keyframe to the first
 */
public record Keyframes(List<Key> keys, double seconds, double fps, boolean loop) {
    private static final int MOST_KEYS = 1000;
    private static final double LONGEST = 3600;
    private static final double MOST_FPS = 240;
    private static final int MOST_FRAMES = 20_000;
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * A camera on the way.
     *
     * @param pose camera to world
     * @param fov vertical field of view in degrees, 0.01 to 179
     */
    public record Key(Pose pose, double fov) {}

    /** Copies the list. */
    public Keyframes {
        keys = List.copyOf(keys);
    }

    /**
     * Reads {@code {"keyframes": [{"pose": 12 numbers, "fov": degrees}], "seconds", "fps", "loop"}}.
     *
     * @throws org.eikonal.studio.scene.SceneException in one line, if it can't be meant
     */
    public static Keyframes read(JsonObject object) {
        return read(object, "pose", 12, "loop");
    }

    /** Reads the keyframes that {@link #cameraPath} wrote, likewise. */
    public static Keyframes ofCameraPath(JsonObject object) {
        return read(object, "matrix", 16, "is_cycle");
    }

    private static Keyframes read(JsonObject object, String pose, int numbers, String loop) {
        List<Key> keys = new ArrayList<>();
        for (JsonObject key : object.objects("keyframes", MOST_KEYS)) {
            keys.add(new Key(upright(PoseNumbers.read(key, pose, numbers)), number(key, "fov", 0.01, 179)));
        }
        if (keys.isEmpty()) {
            throw object.wrong("keyframes", "there must be one at least");
        }
        double seconds = number(object, "seconds", 0.01, LONGEST);
        double fps = number(object, "fps", 0.1, MOST_FPS);
        if (seconds * fps > MOST_FRAMES) {
            throw object.wrong("seconds", "at " + fps + " frames a second, that is more than " + MOST_FRAMES
                    + " frames");
        }
        return new Keyframes(keys, seconds, fps, object.has(loop) && object.flag(loop));
    }

    private static double number(JsonObject object, String key, double least, double most) {
        double value = object.number(key).orElse(Double.NaN);
        if (!(value >= least && value <= most)) {
            throw object.wrong(key, "write a number from " + least + " to " + most);
        }
        return value;
    }

    /** The nearest rotation that keeps where the camera looks: without scale, shear or mirroring. */
    private static Pose upright(Pose pose) {
        double[] eye = pose.position();
        double[] ahead = new double[3];
        double[] up = new double[3];
        double length = Math.sqrt(pose.at(0, 2) * pose.at(0, 2) + pose.at(1, 2) * pose.at(1, 2)
                + pose.at(2, 2) * pose.at(2, 2));
        for (int k = 0; k < 3; k++) {
            ahead[k] = -pose.at(k, 2) / length;
            up[k] = pose.at(k, 1);
        }
        // About the origin: far away, an eye and a point one unit ahead of it may be the same numbers.
        double[] rows = Pose.lookAt(new double[3], ahead, up).matrix();
        for (int k = 0; k < 3; k++) {
            rows[4 * k + 3] = eye[k];
        }
        return new Pose(rows);
    }

    /** @return every frame; without a loop, the first and the last one are keyframes */
    public List<Key> frames() {
        int count = (int) Math.max(1, Math.round(seconds * fps));
        int spans = loop ? keys.size() : keys.size() - 1;
        List<Key> frames = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            double part = loop ? (double) i / count : count == 1 ? 0 : (double) i / (count - 1);
            double at = part * spans;
            int span = Math.max(0, Math.min(spans - 1, (int) at));
            frames.add(between(span, at - span));
        }
        return frames;
    }

    private Key between(int span, double t) {
        double[] eye = new double[3];
        for (int k = 0; k < 3; k++) {
            int axis = k;
            eye[k] = spline(span, t, index -> keys.get(index).pose().at(axis, 3));
        }
        double fov = spline(span, t, index -> keys.get(index).fov());
        double[] rows = Quaternion.rows(turn(span, t));
        return new Key(new Pose(rows[0], rows[1], rows[2], eye[0], rows[3], rows[4], rows[5], eye[1], rows[6], rows[7],
                rows[8], eye[2]), Math.max(0.01, Math.min(179, fov)));
    }

    private interface Value {
        double of(int index);
    }

    private double spline(int span, double t, Value value) {
        double b = at(span, value);
        double c = at(span + 1, value);
        double a = at(span - 1, value);
        double d = at(span + 2, value);
        return b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }

    /** Beyond the ends of a way that is no loop, it goes on straight. */
    private double at(int index, Value value) {
        int last = keys.size() - 1;
        if (loop) {
            return value.of(Math.floorMod(index, keys.size()));
        }
        if (last == 0) {
            return value.of(0);
        }
        return index < 0 ? 2 * value.of(0) - value.of(1)
                : index > last ? 2 * value.of(last) - value.of(last - 1) : value.of(index);
    }

    private double[] turn(int span, double t) {
        double[] from = quaternion(span);
        double[] to = Quaternion.near(quaternion(span + 1), from);
        return Quaternion.slerp(Quaternion.slerp(from, to, t),
                Quaternion.slerp(control(span, from), control(span + 1, to), t), 2 * t * (1 - t));
    }

    /** Shoemake's control quaternion of a keyframe, whose own is {@code at}. */
    private double[] control(int index, double[] at) {
        if (!loop && (index == 0 || index >= keys.size() - 1)) {
            return at; // as if it went on evenly beyond its end
        }
        double[] before = Quaternion.log(Quaternion.between(at, Quaternion.near(quaternion(index - 1), at)));
        double[] after = Quaternion.log(Quaternion.between(at, Quaternion.near(quaternion(index + 1), at)));
        double[] mean = new double[3];
        Arrays.setAll(mean, k -> -(before[k] + after[k]) / 4);
        return Quaternion.times(at, Quaternion.exp(mean));
    }

    private double[] quaternion(int index) {
        // One keyframe alone stands for both ends of its span.
        return Quaternion.of(keys.get(loop ? Math.floorMod(index, keys.size()) : Math.min(keys.size() - 1, index))
                .pose());
    }

    /** The frames as pictures to be taken, named by number. */
    public List<Shot> shots(int width, int height) {
        List<Shot> shots = new ArrayList<>();
        for (Key frame : frames()) {
            float focal = (float) (height / 2.0 / Math.tan(Math.toRadians(frame.fov()) / 2));
            shots.add(new Shot(String.format(Locale.ROOT, "%05d", shots.size()),
                    Camera.perspective(width, height, focal, frame.pose()), false));
        }
        return shots;
    }

    /** As {@link #read} has it. */
    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("seconds", seconds).put("fps", fps).put("loop", loop);
        ArrayNode array = json.putArray("keyframes");
        for (Key key : keys) {
            array.addObject().put("fov", key.fov()).set("pose", JSON.valueToTree(key.pose().matrix()));
        }
        return json;
    }

    /** The way as nerfstudio's camera_path.json, with every frame: {@link CameraPath} reads it. */
    public ObjectNode cameraPath(int width, int height) {
        ObjectNode json = JSON.createObjectNode();
        json.put("camera_type", "perspective").put("render_width", width).put("render_height", height);
        json.put("fps", fps).put("seconds", seconds).put("is_cycle", loop).put("smoothness_value", 0);
        json.putNull("crop");
        ArrayNode array = json.putArray("keyframes");
        for (Key key : keys) {
            put(array.addObject(), "matrix", key, width, height);
        }
        ArrayNode frames = json.putArray("camera_path");
        for (Key frame : frames()) {
            put(frames.addObject(), "camera_to_world", frame, width, height);
        }
        return json;
    }

    private static void put(ObjectNode object, String name, Key key, int width, int height) {
        double[] matrix = Arrays.copyOf(key.pose().matrix(), 16);
        matrix[15] = 1;
        object.set(name, JSON.valueToTree(matrix));
        object.put("fov", key.fov()).put("aspect", (double) width / height);
    }
}
