package org.eikonal.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Time on processors, of all threads, native ones included: what a call costs however busy the machine is with other things.
 * Whatever is set up between calls is in it. {@code -prof org.eikonal.bench.ProcessorTime}; Linux only.
 */
public final class ProcessorTime implements InternalProfiler {
    /** The name of the metric. */
    public static final String METRIC = "processor";

    private static final Path THREADS = Path.of("/proc/self/task");

    private long begin;

    @Override
    public String getDescription() {
        return "Processor time of all threads";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        begin = nanoseconds();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double each = (double) (nanoseconds() - begin) / Math.max(1, result.getMetadata().getAllOps());
        return List.of(new ScalarResult(METRIC, each, "ns/op", AggregationPolicy.AVG));
    }

    private static long nanoseconds() {
        long sum = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                try {
                    String times = Files.readString(thread.resolve("schedstat"));
                    sum += Long.parseLong(times.substring(0, times.indexOf(' ')));
                } catch (NoSuchFileException e) {
                    // The thread has ended meanwhile.
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("Linux answers no processor times: " + e.getMessage(), e);
        }
        return sum;
    }
}
