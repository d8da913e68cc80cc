package org.eikonal.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code bench/run.sh} left in a folder: {@code limits*.json}, and for each piece of the run {@code NAME.json}, as JMH
 * writes it, and {@code NAME.txt}: a title, and the command.
 */
final class Run {
    /** Benchmarks that one command ran. */
    record Piece(String title, String command, List<Result> results) {}

    final Limits limits;
    final List<Piece> pieces = new ArrayList<>();
    private String jvm = "";

    Run(Path folder) throws IOException {
        limits = new Limits(files(folder, "limits", ".json"));
        ObjectMapper json = new ObjectMapper();
        for (Path text : files(folder, "", ".txt")) {
            Path measured = folder.resolve(text.getFileName().toString().replace(".txt", ".json"));
            if (!Files.exists(measured) || Files.size(measured) == 0) {
                continue;
            }
            List<String> lines = Files.readAllLines(text);
            List<Result> results = new ArrayList<>();
            for (JsonNode benchmark : json.readTree(measured.toFile())) {
                jvm = benchmark.path("vmName").asText() + " " + benchmark.path("vmVersion").asText();
                results.add(Result.of(Measurement.read(benchmark), limits));
            }
            pieces.add(new Piece(lines.get(0), lines.get(1), results));
        }
    }

    String jvm() {
        return jvm;
    }

    /** {@return the fastest result of a benchmark among those with these parameters, each {@code "name=value"}} */
    Optional<Result> find(String benchmark, String... parameters) {
        return all(benchmark, List.of(parameters)).min(Comparator.comparingDouble(Result::time));
    }

    /** {@return the values of a parameter for which there are results, ascending} */
    List<Integer> values(String benchmark, String parameter, String... others) {
        return all(benchmark, List.of(others)).map(r -> r.measurement().number(parameter)).distinct().sorted().toList();
    }

    private Stream<Result> all(String benchmark, List<String> parameters) {
        return pieces.stream().flatMap(piece -> piece.results.stream())
                .filter(r -> r.measurement().name().equals(benchmark))
                .filter(r -> parameters.stream().allMatch(p -> matches(r.measurement().parameters(), p)));
    }

    /** What a benchmark does not have matches everything: libtorch knows no precision. */
    private static boolean matches(Map<String, String> parameters, String expected) {
        String[] parts = expected.split("=");
        return parameters.getOrDefault(parts[0], parts[1]).equals(parts[1]);
    }

    private static List<Path> files(Path folder, String prefix, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().startsWith(prefix))
                    .filter(f -> f.getFileName().toString().endsWith(suffix)).sorted().toList();
        }
    }
}
