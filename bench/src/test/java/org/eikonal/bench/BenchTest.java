package org.eikonal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.eikonal.bench.report.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The way of a run, with next to no work: limits, benchmarks, page and pictures. */
class BenchTest {
    @Test
    void runBecomesPageAndPictures(@TempDir Path folder) throws IOException, InterruptedException, RunnerException {
        Path run = Files.createDirectory(folder.resolve("run"));
        Process limits = new ProcessBuilder(
                        System.getProperty("limits.program"), "--quick", "--json", run.resolve("limits-1.json").toString())
                .redirectOutput(folder.resolve("limits.log").toFile()).redirectErrorStream(true).start();
        assertEquals(0, limits.waitFor(), () -> "see " + folder.resolve("limits.log"));

        Collection<RunResult> results = new Runner(new OptionsBuilder()
                .include("EncodingBenchmark.(forward|backwardToParameters)").include("StepBenchmark")
                .include("PlainJavaBenchmark")
                .param("log2Batch", "11", "12").param("log2Table", "19").param("precision", "fp32")
                .forks(0).warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(20))
                .addProfiler(ProcessorTime.class).addProfiler(GCProfiler.class)
                .resultFormat(ResultFormatType.JSON).result(run.resolve("10-all.json").toString())
                .output(folder.resolve("jmh.log").toString()).shouldFailOnError(true).build()).run();
        assertEquals(10, results.size());

        Files.write(run.resolve("10-all.txt"), List.of("Everything", "bench/run.sh"));
        Report.write(run, folder.resolve("docs"));
        String page = Files.readString(folder.resolve("docs/benchmarks-cpu.md"));
        assertTrue(page.contains("| training step | batch 2^12, table 2^19, fp32, threads 1 | live sample |"), page);
        assertTrue(Files.size(folder.resolve("docs/pictures/benchmarks/batch-fp32.png")) > 1000);
    }
}
