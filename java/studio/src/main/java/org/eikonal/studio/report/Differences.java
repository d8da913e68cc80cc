package org.eikonal.studio.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What differs between JSON objects. */
final class Differences {
    private static final JsonMapper JSON = new JsonMapper();

    private Differences() {}

    /** @return by the path of a value, as {@code a.b}, its text in each object; "-" where it is missing */
    static SortedMap<String, List<String>> of(List<String> objects) {
        List<Map<String, String>> flat = new ArrayList<>();
        TreeSet<String> paths = new TreeSet<>();
        for (String object : objects) {
            Map<String, String> values = new TreeMap<>();
            try {
                flatten("", JSON.readTree(object), values);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(e);
            }
            flat.add(values);
            paths.addAll(values.keySet());
        }
        SortedMap<String, List<String>> differences = new TreeMap<>();
        for (String path : paths) {
            List<String> values = flat.stream().map(of -> of.getOrDefault(path, "-")).toList();
            if (values.stream().distinct().count() > 1) {
                differences.put(path, values);
            }
        }
        return differences;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> into) {
        if (node.isObject()) {
            node.properties().forEach(entry ->
                    flatten(path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue(), into));
        } else {
            into.put(path, node.toString());
        }
    }
}
