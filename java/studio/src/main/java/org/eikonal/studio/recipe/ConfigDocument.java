package org.eikonal.studio.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eikonal.studio.scene.JsonFault;
import org.eikonal.studio.scene.OneLine;
import org.eikonal.studio.scene.Scenes;

/**
 * Reads the JSON of a {@link RunConfig} and checks what this program itself uses of it. Components are checked by the
 * engine when they are made.
 */
final class ConfigDocument {
    private static final Map<String, JsonNodeType> TYPES = types();
    private static final int MAX_CASCADES = 8;
    private static final int MOST_RAYS = 64;
    private static final String REMEDY = "restore it from a copy, or train another run";

    private final String source;
    private final ObjectNode document;

    private ConfigDocument(String source, ObjectNode document) {
        this.source = source;
        this.document = document;
    }

    private static Map<String, JsonNodeType> types() {
        Map<String, JsonNodeType> types = new LinkedHashMap<>();
        for (String key : "recipe scene device precision isa density_activation".split(" ")) {
            types.put(key, JsonNodeType.STRING);
        }
        for (String key : "threads seed early_stop samples_per_step min_views".split(" ")) {
            types.put(key, JsonNodeType.NUMBER);
        }
        String objects = "unit_cube encoding network dir_encoding rgb_network occupancy sampler loss optimizer";
        for (String key : objects.split(" ")) {
            types.put(key, JsonNodeType.OBJECT);
        }
        types.put("background", JsonNodeType.ARRAY);
        types.put("random_background", JsonNodeType.BOOLEAN);
        return types;
    }

    /** Reads a document; {@code source} names it in messages. */
    static ObjectNode read(String json, String source) {
        try {
            if (!(RunConfig.JSON.readTree(json) instanceof ObjectNode document)) {
                throw new ConfigException(source + ": it holds no JSON object; " + REMEDY);
            }
            new ConfigDocument(source, document).check();
            return document;
        } catch (JsonProcessingException e) {
            throw new ConfigException(source + ": " + JsonFault.describe(e) + "; " + REMEDY);
        }
    }

    private void check() {
        TYPES.forEach((key, type) -> {
            if (at(key).getNodeType() != type) {
                throw wrong(key, "expected a value of type " + type.name().toLowerCase(Locale.ROOT));
            }
        });
        JsonNode steps = at("steps");
        JsonNode seconds = at("seconds");
        boolean bySteps = steps.canConvertToLong() && steps.isIntegralNumber() && steps.longValue() > 0
                && seconds.isNull();
        boolean bySeconds = seconds.isNumber() && seconds.doubleValue() > 0 && Double.isFinite(seconds.doubleValue())
                && steps.isNull();
        if (!bySteps && !bySeconds) {
            throw wrong(seconds.isNull() ? "steps" : "seconds",
                    "one of steps and seconds must be above 0, and the other one null");
        }
        whole("threads", 0, RunOptions.MOST_THREADS);
        whole("seed", 0, RunOptions.LARGEST_SEED);
        if (DeviceName.parse(at("device").textValue()).isEmpty()) {
            throw wrong("device", DeviceName.REMEDY);
        }
        // Runs of earlier versions lack these keys, and their checkpoints belong to what they have.
        for (String key : List.of("deterministic", "prefer_detail")) {
            if (!at(key).isMissingNode() && !at(key).isBoolean()) {
                throw wrong(key, "expected a value of type boolean");
            }
        }
        for (String key : List.of("rays_per_pixel", "supersampling")) {
            if (!at(key).isMissingNode()) {
                whole(key, 1, MOST_RAYS);
            }
        }
        if (!at("resident_photos").isMissingNode()) {
            whole("resident_photos", 0, Scenes.MAX_FRAMES);
        }
        if (!at("rays_per_pixel_from").isMissingNode() && !at("rays_per_pixel_from").isNumber()) {
            throw wrong("rays_per_pixel_from", "expected a number from 0 to 1");
        }
        for (String key : List.of("distortion_loss_mult", "depth_loss_mult")) {
            if (!at(key).isMissingNode() && !at(key).isNumber()) {
                throw wrong(key, "expected a number from 0 to 1000");
            }
        }
        if (!isAbsolute(at("scene").textValue())) {
            throw wrong("scene", "expected the absolute path of a folder");
        }
        numbers("background", 0, 1);
        numbers("unit_cube.offset", -1e9, 1e9);
        if (!(at("unit_cube.scale").isNumber() && at("unit_cube.scale").doubleValue() > 0)) {
            throw wrong("unit_cube.scale", "expected a number above 0");
        }
        if (!at("occupancy.cascades").isMissingNode()) {
            whole("occupancy.cascades", 1, MAX_CASCADES);
        }
        try {
            RunConfig.unitCube(document);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(source + ": unit_cube." + e.getMessage());
        }
    }

    private JsonNode at(String path) {
        return document.at("/" + path.replace('.', '/'));
    }

    private void whole(String path, long low, long high) {
        JsonNode value = at(path);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < low
                || value.longValue() > high) {
            throw wrong(path, "expected a whole number from " + low + " to " + high);
        }
    }

    private void numbers(String path, double low, double high) {
        JsonNode array = at(path);
        boolean good = array.isArray() && array.size() == 3;
        for (JsonNode value : array) {
            good &= value.isNumber() && value.doubleValue() >= low && value.doubleValue() <= high;
        }
        if (!good) {
            throw wrong(path, "expected 3 numbers from " + (long) low + " to " + (long) high);
        }
    }

    private static boolean isAbsolute(String path) {
        try {
            return Path.of(path).isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private ConfigException wrong(String path, String remedy) {
        JsonNode held = at(path);
        String value = held.isMissingNode() ? "missing" : held.toString();
        return new ConfigException(source + ": " + path + " is " + OneLine.shortened(value) + "; " + remedy);
    }
}
