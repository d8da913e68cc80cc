package org.eikonal.studio.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.eikonal.Pose;
import org.eikonal.studio.path.PoseNumbers;
import org.eikonal.studio.scene.JsonObject;
import org.eikonal.studio.scene.SceneException;

/** What a client says through its socket. */
sealed interface Message {
    /** The longest one, in bytes. */
    int LONGEST = 64 << 10;
    /** The largest pictures, in pixels a side. */
    int MAX_SIZE = 4096;
    /** How far away things may be. */
    double FARTHEST = 1e9;

    /** Where it looks from now on. */
    record Camera(Look look) implements Message {}

    /** What the training is to do. */
    record Train(Order order) implements Message {}

    /** How much of the time goes to pictures while a field trains. */
    record Share(double value) implements Message {}

    /** A picture has arrived. */
    record Ack(long sequence) implements Message {}

    /** What a training can be asked for. */
    enum Order { PAUSE, RESUME, STOP, SAVE }

    /**
     * Understands a message.
     *
     * @throws SceneException in one line, if it can't be meant
     */
    static Message parse(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("a message of " + text.length() + " characters; the limit is "
                    + LONGEST);
        }
        JsonObject message = JsonObject.parse("message", text.getBytes(StandardCharsets.UTF_8));
        return switch (message.text("type")) {
            case "camera" -> new Camera(look(message));
            case "train" -> new Train(order(message));
            case "share" -> new Share(between(message, "value", 0.05, 0.95));
            case "ack" -> new Ack((long) between(message, "sequence", 0, 1L << 53));
            default -> throw message.wrong("type", "send camera, train, share or ack");
        };
    }

    private static Order order(JsonObject message) {
        for (Order order : Order.values()) {
            if (order.name().toLowerCase(Locale.ROOT).equals(message.text("do"))) {
                return order;
            }
        }
        throw message.wrong("do", "send pause, resume, stop or save");
    }

    private static Look look(JsonObject message) {
        Pose pose = PoseNumbers.read(message, "pose", 12);
        double fov = fov(message);
        int width = size(message, "width");
        int height = size(message, "height");
        boolean moving = message.has("moving") && message.flag("moving");
        return new Look(camera(pose, fov, width, height), fov, moving, channel(message), crop(message), null);
    }

    /** A perspective camera of a vertical field of view in degrees. */
    static org.eikonal.Camera camera(Pose pose, double fov, int width, int height) {
        return org.eikonal.Camera.perspective(width, height,
                (float) (height / 2.0 / Math.tan(Math.toRadians(fov) / 2)), pose);
    }

    static double fov(JsonObject message) {
        return between(message, "fov", 0.01, 179);
    }

    static int size(JsonObject message, String key) {
        return message.count(key, MAX_SIZE).orElseThrow(
                () -> message.wrong(key, "send a whole number from 1 to " + MAX_SIZE));
    }

    static double between(JsonObject message, String key, double least, double most) {
        double value = message.number(key).orElse(Double.NaN);
        if (!(value >= least && value <= most)) {
            throw message.wrong(key, "send a number from " + least + " to " + most);
        }
        return value;
    }

    static Channel channel(JsonObject message) {
        if (!message.has("channel")) {
            return Channel.COLOR;
        }
        int index = Channel.keys().indexOf(message.text("channel"));
        if (index < 0) {
            throw message.wrong("channel", "send " + String.join(", ", Channel.keys()));
        }
        return Channel.values()[index];
    }

    static Crop crop(JsonObject message) {
        if (!message.has("crop")) {
            return null;
        }
        JsonNode node = message.node().get("crop");
        if (!node.isObject()) {
            throw message.wrong("crop", "send {\"min\": [3 numbers], \"max\": [3 numbers]} or null");
        }
        JsonObject box = new JsonObject(message.file(), "crop", node);
        Crop crop = new Crop(box.numbers("min", 3), box.numbers("max", 3));
        for (int axis = 0; axis < 3; axis++) {
            if (!(crop.min()[axis] < crop.max()[axis] && crop.min()[axis] >= -FARTHEST
                    && crop.max()[axis] <= FARTHEST)) {
                throw message.wrong("crop", "each number of min must be below that of max, and within 1e9");
            }
        }
        return crop;
    }
}
