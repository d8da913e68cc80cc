package org.eikonal.studio.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One {@code --set key=value}: the key's parts are joined by dots, and the value has the JSON type of the one that it
 * replaces. Text needs no quotes.
 */
record Assignment(String key, String value) {
    static Assignment parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new ConfigException("--set " + text + ": write key=value, such as encoding.log2_hashmap_size=19");
        }
        return new Assignment(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
    }

    /** @return the value that was replaced */
    JsonNode applyTo(ObjectNode settings) {
        ObjectNode level = settings;
        String path = "";
        String[] parts = key.split("\\.", -1);
        for (int i = 0; ; i++) {
            JsonNode old = level.get(parts[i]);
            if (old == null) {
                throw unknown(parts[i], path, level);
            }
            path += (i == 0 ? "" : ".") + parts[i];
            if (i == parts.length - 1) {
                return level.replace(parts[i], replacement(old));
            }
            if (!(old instanceof ObjectNode inner)) {
                throw new ConfigException("--set " + key + ": " + path + " is " + old + " and has no keys of its own");
            }
            level = inner;
        }
    }

    /** @return the value that settings have there */
    JsonNode in(ObjectNode settings) {
        return settings.at("/" + key.replace('.', '/'));
    }

    private JsonNode replacement(JsonNode old) {
        JsonNode given = given(old);
        boolean fits = switch (old.getNodeType()) {
            case STRING -> given.isTextual();
            case BOOLEAN -> given.isBoolean();
            case NUMBER -> old.isIntegralNumber() ? given.isIntegralNumber() && given.canConvertToLong()
                    : given.isNumber() && Double.isFinite(given.doubleValue());
            case ARRAY -> given.isArray() && given.size() == old.size();
            default -> given.getNodeType() == old.getNodeType();
        };
        if (!fits) {
            throw new ConfigException("--set " + key + "=" + value + ": the value must be " + kind(old) + ", such as "
                    + old);
        }
        return old.isFloatingPointNumber() ? DoubleNode.valueOf(given.doubleValue()) : given;
    }

    private JsonNode given(JsonNode old) {
        try {
            JsonNode json = RunConfig.JSON.readTree(value);
            return old.isTextual() && !json.isTextual() ? TextNode.valueOf(value) : json;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(value);
        }
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "a text";
            case BOOLEAN -> "true or false";
            case NUMBER -> node.isIntegralNumber() ? "a whole number" : "a number";
            case ARRAY -> "a JSON array of " + node.size() + " values";
            default -> "a JSON object";
        };
    }

    private ConfigException unknown(String part, String path, ObjectNode level) {
        if (path.isEmpty() && RunConfig.OWN_OPTIONS.contains(part)) {
            return new ConfigException("--set " + key + ": this has an option of its own, --" + part);
        }
        List<String> known = new ArrayList<>();
        level.fieldNames().forEachRemaining(known::add);
        return new ConfigException("--set " + key + ": unknown key \"" + part + "\""
                + (path.isEmpty() ? "" : " of " + path) + "; known are " + String.join(", ", known));
    }
}
