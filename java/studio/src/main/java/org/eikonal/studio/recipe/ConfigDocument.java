package org.eikonal.studio.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the JSON of a {@link RunConfig} and checks what this program itself uses of it. Components are checked by the
 * engine when they are made.
 */
final class ConfigDocument {
    private static final Map<String, JsonNodeType> TYPES = types();
    private static final int MAX_CASCADES = 8;

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
                throw new ConfigException(source + ": expected a JSON object; restore the file, or train again");
            }
            new ConfigDocument(source, document).check();
            return document;
        } catch (JsonProcessingException e) {
            throw new ConfigException(source + ": damaged JSON (" + e.getOriginalMessage()
                    + "); restore the file, or train again");
        }
    }

    private void check() {
        TYPES.forEach((key, type) -> {
            if (document.path(key).getNodeType() != type) {
                throw wrong(document, key, "expected a value of type " + type.name().toLowerCase(Locale.ROOT));
            }
        });
        JsonNode steps = document.path("steps");
        JsonNode seconds = document.path("seconds");
        boolean bySteps = steps.isIntegralNumber() && steps.longValue() > 0 && seconds.isNull();
        boolean bySeconds = seconds.isNumber() && seconds.doubleValue() > 0 && steps.isNull();
        if (!bySteps && !bySeconds) {
            throw wrong(document, "steps", "one of steps and seconds must be above 0, and the other one null");
        }
        numbers(document, "background", 3, 0, 1);
        JsonNode cube = document.get("unit_cube");
        numbers(cube, "offset", 3, -1e9, 1e9);
        double scale = cube.path("scale").asDouble();
        if (!(scale > 0 && scale < 1e9)) {
            throw wrong(cube, "scale", "it must be above 0");
        }
        int cascades = document.get("occupancy").path("cascades").asInt(1);
        if (cascades < 1 || cascades > MAX_CASCADES) {
            throw wrong(document.get("occupancy"), "cascades", "it must be 1 to " + MAX_CASCADES);
        }
    }

    private void numbers(JsonNode parent, String key, int count, double low, double high) {
        JsonNode array = parent.path(key);
        boolean good = array.isArray() && array.size() == count;
        for (JsonNode value : array) {
            good &= value.isNumber() && value.doubleValue() >= low && value.doubleValue() <= high;
        }
        if (!good) {
            throw wrong(parent, key, "expected " + count + " numbers from " + low + " to " + high);
        }
    }

    private ConfigException wrong(JsonNode parent, String key, String remedy) {
        JsonNode held = parent.path(key);
        return new ConfigException(source + ": " + key + " is " + (held.isMissingNode() ? "missing" : held) + "; "
                + remedy);
    }
}
