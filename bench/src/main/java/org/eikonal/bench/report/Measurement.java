package org.eikonal.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eikonal.bench.ProcessorTime;

/**
 * One benchmark at one choice of parameters, as JMH wrote it.
 *
 * @param name class and method, such as {@code EncodingBenchmark.forward}
 * @param parameters by name
 * @param wall nanoseconds of a call in the fastest iteration
 * @param median nanoseconds of a call in the median iteration
 * @param processor nanoseconds of all threads for a call, in the iteration that took least; NaN if it was not measured
 * @param allocated bytes of Java's heap a call; NaN if it was not measured
 * @param counts what calls counted, for each call
 */
record Measurement(String name, Map<String, String> parameters, double wall, double median, double processor,
        double allocated, Map<String, Double> counts) {
    static Measurement read(JsonNode json) {
        String[] path = json.path("benchmark").asText().split("\\.");
        Map<String, String> parameters = new TreeMap<>();
        json.path("params").properties().forEach(p -> parameters.put(p.getKey(), p.getValue().asText()));
        List<Double> times = ascending(json.path("primaryMetric"));
        Map<String, Double> counts = new TreeMap<>();
        JsonNode secondary = json.path("secondaryMetrics");
        double calls = secondary.path("calls").path("score").asDouble(Double.NaN);
        secondary.properties().forEach(metric -> {
            if (!metric.getKey().contains("gc.") && !metric.getKey().equals(ProcessorTime.METRIC)) {
                counts.put(metric.getKey(), metric.getValue().path("score").asDouble() / calls);
            }
        });
        double allocated = Double.NaN;
        for (String key : List.of("gc.alloc.rate.norm", "·gc.alloc.rate.norm")) {
            allocated = secondary.path(key).path("score").asDouble(allocated);
        }
        List<Double> processor = ascending(secondary.path(ProcessorTime.METRIC));
        return new Measurement(path[path.length - 2] + "." + path[path.length - 1], parameters, times.get(0),
                times.get(times.size() / 2), processor.isEmpty() ? Double.NaN : processor.get(0), allocated, counts);
    }

    /** @return the values of a metric in all iterations */
    private static List<Double> ascending(JsonNode metric) {
        List<Double> values = new ArrayList<>();
        metric.path("rawData").forEach(fork -> fork.forEach(value -> values.add(value.asDouble())));
        Collections.sort(values);
        return values;
    }

    int number(String parameter) {
        return Integer.parseInt(parameters.getOrDefault(parameter, "0"));
    }

    String text(String parameter) {
        return parameters.getOrDefault(parameter, "");
    }

    /** {@return the best instruction set that it might use} */
    Setting setting(String bestIsa) {
        String isa = text("isa").isEmpty() || text("isa").equals("auto") ? bestIsa : text("isa");
        boolean half = text("precision").equals("bf16") || text("precision").equals("auto") && isa.equals("avx512bf16");
        return new Setting(isa, half, Math.max(1, number("threads")));
    }
}
