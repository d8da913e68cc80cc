package org.eikonal.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the machine can do at most, as {@code bench/limits} measured it; of several runs the best. */
final class Limits {
    /** Worst first: each has what those before it have. */
    static final List<String> ISAS = List.of("portable", "avx2", "avx512", "avx512bf16");

    private record Ceiling(String what, String isa, int threads, int log2Size, double value, String unit) {}

    private final List<Ceiling> ceilings = new ArrayList<>();
    private String processor = "unknown";
    private int threads;

    Limits(List<Path> files) throws IOException {
        for (Path file : files) {
            JsonNode json = new ObjectMapper().readTree(file.toFile());
            processor = json.path("processor").asText();
            threads = json.path("threads").asInt();
            for (JsonNode r : json.path("results")) {
                ceilings.add(new Ceiling(r.path("what").asText(), r.path("isa").asText(), r.path("threads").asInt(),
                        r.path("log2_size").asInt(), r.path("value").asDouble(), r.path("unit").asText()));
            }
        }
    }

    String processor() {
        return processor;
    }

    /** {@return all that the machine has} */
    int threads() {
        return threads;
    }

    /** {@return the best instruction set of the machine} */
    String bestIsa() {
        return ceilings.stream().map(Ceiling::isa).max(Comparator.comparing(ISAS::indexOf)).orElse("portable");
    }

    boolean isEmpty() {
        return ceilings.isEmpty();
    }

    /** {@return GFLOP/s; NaN if it was not measured} */
    double products(String what, String isa, int threads) {
        return measured(what, isa, threads).mapToDouble(Ceiling::value).max().orElse(Double.NaN);
    }

    /** {@return nanoseconds of each thread for one access to a table of so many entries; NaN if it was not measured} */
    double access(String what, String isa, int threads, double entries) {
        TreeMap<Integer, Double> best = new TreeMap<>();
        measured(what, isa, threads).forEach(c -> best.merge(c.log2Size, c.value, Math::min));
        // What holds for a large table holds for a smaller one: it can be spread out.
        double least = Double.POSITIVE_INFINITY;
        for (int size : best.descendingKeySet()) {
            least = Math.min(least, best.get(size));
            best.put(size, least);
        }
        return between(best, entries);
    }

    /** {@return GB/s within a working set of so many bytes; NaN if it was not measured} */
    double bandwidth(String what, int threads, double bytes) {
        TreeMap<Integer, Double> best = new TreeMap<>();
        measured(what, ISAS.get(ISAS.size() - 1), threads).forEach(c -> best.merge(c.log2Size, c.value, Math::max));
        return between(best, bytes);
    }

    private Stream<Ceiling> measured(String what, String isa, int threads) {
        return ceilings.stream().filter(c -> c.what.equals(what) && c.threads == threads
                && ISAS.indexOf(c.isa) <= ISAS.indexOf(isa));
    }

    /** Linear in the logarithm of the size; the ends hold beyond them. */
    private static double between(TreeMap<Integer, Double> values, double size) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        double log2 = Math.max(values.firstKey(), Math.min(values.lastKey(), Math.log(size) / Math.log(2)));
        int below = values.floorKey((int) Math.floor(log2));
        int above = values.ceilingKey((int) Math.ceil(log2));
        double part = above == below ? 0 : (log2 - below) / (above - below);
        return values.get(below) * (1 - part) + values.get(above) * part;
    }
}
