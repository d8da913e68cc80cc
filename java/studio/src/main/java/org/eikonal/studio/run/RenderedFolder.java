package org.eikonal.studio.run;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eikonal.studio.scene.OneLine;

/**
 * A folder of pictures that belong together, so that an interrupted rendering goes on where it ended: {@code
 * rendering.json} says what they show, and each picture is there whole or not at all.
 *
 * @param path the folder
 */
public record RenderedFolder(Path path) {
    private static final String FILE = "rendering.json";
    private static final long LONGEST = 1 << 20;
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Begins a rendering, or goes on with the one that is there.
     *
     * @param rendering all that its pictures depend on
     * @throws RunException if the folder holds another rendering, or other files: pictures of two are never mixed
     */
    public static RenderedFolder open(Path path, Map<String, Object> rendering) throws IOException {
        JsonNode wanted = JSON.readTree(JSON.writeValueAsBytes(rendering));
        Path file = path.resolve(FILE);
        if (Files.isRegularFile(file)) {
            List<String> differences = differences(read(file), wanted);
            if (!differences.isEmpty()) {
                throw new RunException(path + ": it holds pictures of another rendering (" + OneLine.shortened(
                        String.join(", ", differences)) + " differ); remove it, or choose another folder by --out");
            }
        } else {
            Files.createDirectories(path);
            try (Stream<Path> files = Files.list(path)) {
                // A program that was killed may have left what it was writing.
                if (files.anyMatch(found -> !found.getFileName().toString().startsWith("."))) {
                    throw new RunException(path + ": it holds other files, and no " + FILE
                            + "; remove it, or choose another folder by --out");
                }
            }
            AtomicFiles.replace(file, (wanted.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return new RenderedFolder(path);
    }

    private static JsonNode read(Path file) throws IOException {
        // What is no JSON is of nothing that is wanted now.
        try {
            return Files.size(file) > LONGEST ? JSON.nullNode() : JSON.readTree(
                    new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            return JSON.nullNode();
        }
    }

    private static List<String> differences(JsonNode held, JsonNode wanted) {
        TreeSet<String> keys = new TreeSet<>();
        held.fieldNames().forEachRemaining(keys::add);
        wanted.fieldNames().forEachRemaining(keys::add);
        keys.removeIf(key -> wanted.path(key).equals(held.path(key)));
        return new ArrayList<>(keys);
    }

    /** @return whether a picture is there already */
    public boolean has(String name) {
        return Files.isRegularFile(path.resolve(name));
    }

    /** Puts a picture into the folder. */
    public void write(String name, byte[] picture) throws IOException {
        AtomicFiles.replace(path.resolve(name), picture);
    }
}
