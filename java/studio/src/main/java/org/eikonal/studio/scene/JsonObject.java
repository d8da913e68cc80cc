package org.eikonal.studio.scene;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * An object of a JSON file that knows where it stands, so that every complaint names file, field and value.
 *
 * @param file the file it was read from
 * @param place how to find it there, as "frames[3]"; empty for the file's root
 * @param node the object itself
 */
public record JsonObject(Path file, String place, JsonNode node) {
    static final int MAX_BYTES = 64 << 20;
    // Enough for the most frames, each with intrinsics of its own; a file of empty objects only would fill the memory.
    private static final int MAX_TOKENS = 8_000_000;

    // NaN and Infinity are read, since Python writes them, and then complained of by name.
    private static final JsonMapper MAPPER = JsonMapper.builder(
            JsonFactory.builder().streamReadConstraints(
                    StreamReadConstraints.builder().maxTokenCount(MAX_TOKENS).build()).build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    public static JsonObject read(Path file) {
        // A file's size is not asked for: pipes and devices have none.
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new SceneException(file, "it is longer than " + MAX_BYTES
                        + " bytes, which is the limit: split the scene");
            }
            return parse(file, bytes, "write {\"frames\": [...]}", "write the file again");
        } catch (NoSuchFileException e) {
            throw new SceneException(file, "no such file");
        } catch (IOException e) {
            throw SceneException.unreadable(file, e);
        }
    }

    /**
     * Reads an object that did not come from a file.
     *
     * @param name stands for the file in complaints
     */
    public static JsonObject parse(String name, byte[] text) {
        return parse(Path.of(name), text, "send one", "send JSON");
    }

    private static JsonObject parse(Path file, byte[] text, String missing, String damaged) {
        try {
            JsonNode root = MAPPER.readTree(text);
            if (!root.isObject()) {
                throw new SceneException(file, "it holds no JSON object; " + missing);
            }
            return new JsonObject(file, "", root);
        } catch (JsonProcessingException e) {
            throw new SceneException(file, JsonFault.describe(e) + "; " + damaged);
        } catch (IOException e) {
            throw SceneException.unreadable(file, e);
        }
    }

    /** The full name of one of this object's fields, as "frames[3].file_path". */
    public String field(String key) {
        return place.isEmpty() ? key : place + "." + key;
    }

    public boolean has(String key) {
        return node.hasNonNull(key);
    }

    /** A finite number, if the key is there. */
    public OptionalDouble number(String key) {
        return has(key) ? OptionalDouble.of(number(node.get(key), key)) : OptionalDouble.empty();
    }

    /** A whole number from 1 to {@code limit}, if the key is there; 270.0 is one. */
    public OptionalInt count(String key, int limit) {
        OptionalDouble number = number(key);
        if (number.isEmpty()) {
            return OptionalInt.empty();
        }
        double value = number.getAsDouble();
        if (!(value >= 1 && value <= limit && value == Math.rint(value))) {
            throw wrong(key, "write a whole number from 1 to " + limit);
        }
        return OptionalInt.of((int) value);
    }

    public String text(String key) {
        if (!node.path(key).isTextual()) {
            throw wrong(key, "write a string");
        }
        return node.get(key).textValue();
    }

    public boolean flag(String key) {
        if (!node.path(key).isBoolean()) {
            throw wrong(key, "write true or false");
        }
        return node.get(key).booleanValue();
    }

    /** An array of objects. */
    public List<JsonObject> objects(String key, int limit) {
        JsonNode array = node.path(key);
        if (!array.isArray()) {
            throw wrong(key, "write an array of objects");
        }
        if (array.size() > limit) {
            throw new SceneException(file, field(key), array.size() + " long", "the limit is " + limit
                    + ": split the scene");
        }
        List<JsonObject> objects = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (!array.get(i).isObject()) {
                throw wrong(key + "[" + i + "]", array.get(i), "write an object");
            }
            objects.add(new JsonObject(file, field(key) + "[" + i + "]", array.get(i)));
        }
        return objects;
    }

    /** An array of strings. */
    List<String> texts(String key, int limit) {
        JsonNode array = node.path(key);
        if (!array.isArray() || array.size() > limit) {
            throw wrong(key, "write an array of at most " + limit + " strings");
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (!array.get(i).isTextual()) {
                throw wrong(key + "[" + i + "]", array.get(i), "write a string");
            }
            texts.add(array.get(i).textValue());
        }
        return texts;
    }

    /** An array of so many finite numbers. */
    public double[] numbers(String key, int count) {
        return numbers(node.path(key), key, count);
    }

    /** A matrix of 4 columns and at least 3 rows, of finite numbers: the first 3 rows, row-major. */
    public double[] affine(String key) {
        JsonNode rows = node.path(key);
        if (!rows.isArray() || rows.size() != 3 && rows.size() != 4) {
            throw wrong(key, "write a matrix of 4 rows (or 3) of 4 numbers");
        }
        double[] matrix = new double[12];
        for (int row = 0; row < rows.size(); row++) {
            double[] values = numbers(rows.get(row), key + "[" + row + "]", 4);
            if (row < 3) {
                System.arraycopy(values, 0, matrix, row * 4, 4);
            } else if (Math.abs(values[0]) + Math.abs(values[1]) + Math.abs(values[2])
                    + Math.abs(values[3] - 1) > 1e-3) {
                throw wrong(key + "[3]", rows.get(3), "the last row must be 0, 0, 0, 1: transpose the matrix?");
            }
        }
        return matrix;
    }

    private double[] numbers(JsonNode array, String key, int count) {
        if (!array.isArray() || array.size() != count) {
            throw wrong(key, array, "write an array of " + count + " numbers");
        }
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = number(array.get(i), key + "[" + i + "]");
        }
        return numbers;
    }

    private double number(JsonNode value, String key) {
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(key, value, "write a finite number");
        }
        return value.doubleValue();
    }

    public SceneException wrong(String key, String remedy) {
        return wrong(key, node.path(key), remedy);
    }

    private SceneException wrong(String key, JsonNode value, String remedy) {
        String held = value.isMissingNode() ? "missing" : value.isNumber() ? value.asText() : value.toString();
        return new SceneException(file, field(key), held, remedy);
    }
}
