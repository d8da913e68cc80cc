package org.eikonal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eikonal.Eikonal;
import org.eikonal.internal.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the conformance suite calls, called again by a native program (cpp/replay): without a JVM, sanitizers see the
 * engine alone, and an emulator has the instruction set that it is told to have.
 *
 * <p>A tool that is missing skips its test, and fails it in continuous integration ({@code -Deikonal.ci=true}).
 */
class ReplayTest {
    private static final Path SOURCE = Path.of(System.getProperty("native.source"));
    private static final Path BUILD = Path.of(System.getProperty("native.build"));
    private static final Path FOLDER = BUILD.resolveSibling("replay");
    private static final Path RECORDINGS = FOLDER.resolve("recordings");

    /** What takes too long with a thread for each point: its kernels are those of the others. */
    private static final Set<String> LONG = Set.of("DeterminismTest.calls", "LargePictureTest.calls",
            "LossCurveTest.calls", "ManyChannelsTest.calls", "PicturedViewsTest.calls", "PublishedConfigsTest.calls",
            "TrainerTest.calls");

    /** A processor before AVX. */
    private static final String PORTABLE = "qemu64";

    /** And one with what the AVX2 path asks for. No model: those have what the emulator warns that it leaves out. */
    private static final String AVX2 = "qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt,+xsave,+avx,+avx2,+fma,+f16c,+bmi1,+bmi2";

    @BeforeAll
    static void record() throws Exception {
        build(BUILD, "replay", "recording");
        Files.createDirectories(RECORDINGS);
        for (Path old : recordings()) {
            Files.delete(old);
        }
        run("record", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Deikonal.library=" + BUILD.resolve("librecording.so"),
                "-cp", System.getProperty("java.class.path"), Recorder.class.getName(), RECORDINGS.toString())
                .succeeded();
    }

    @Test
    void everyFunctionGivesTheSameBitsInAnotherProcess() throws Exception {
        replay("exact", BUILD, List.of(), "--exact", "--complete").succeeded();
    }

    static List<String> instructionSets() {
        Object cpu = Json.parseObject(Eikonal.system()).get("cpu");
        return ((List<?>) Json.object(cpu).get("here")).stream().map(String.class::cast).toList();
    }

    @ParameterizedTest
    @MethodSource("instructionSets")
    void instructionSetsAgreeWithWhatWasRecorded(String isa) throws Exception {
        replay(isa, BUILD, List.of(), "--isa", isa).succeeded();
    }

    @Test
    void noAddressIsWrongNothingLeaksAndNothingIsUndefined() throws Exception {
        Path build = sanitized("address,undefined");
        for (String isa : instructionSets()) {
            replay("address-" + isa, build, List.of(), "--isa", isa).succeeded();
        }
    }

    @Test
    void threadsDoNotRace() throws Exception {
        Path build = sanitized("thread");
        // Which threads share what does not depend on the instruction set.
        replay("threads", build, settled(), "--isa", instructionSets().get(0), "--threads", "3").succeeded();
    }

    @Test
    void callersOfOneDeviceDoNotRace() throws Exception {
        Path build = sanitized("thread");
        replay("callers", build, settled(), "--isa", "portable", "--callers", "2", "--threads", "2").succeeded();
    }

    /** What runs on a GPU, by an emulator of GPUs: global and shared memory, and conversions. */
    @Test
    void cudaKernelsStayInTheirMemory() throws Exception {
        Path build = sanitized("address,undefined");
        replay("cuda-address", build, List.of(), brief(), "--isa", instructionSets().get(0), "--cuda", emulated(build))
                .succeeded();
    }

    /** Threads of a block and blocks of a grid are all fibers, which the thread sanitizer takes for threads. */
    @Test
    void cudaThreadsDoNotRace() throws Exception {
        Path build = sanitized("thread");
        replay("cuda-threads", build, settled(), brief(), "--isa", instructionSets().get(0), "--cuda", emulated(build))
                .succeeded();
    }

    @Test
    void thePortablePathNeedsNoAvx() throws Exception {
        replay("portable-emulated", BUILD, List.of(emulator(), "-cpu", PORTABLE), "--isa", "portable").succeeded();
    }

    /**
     * QEMU 7.2 reads a gather's index register 4 as "no index", as in other instructions: the wrong entries are gathered,
     * so values are not compared. It also loads what a masked load leaves out: resampling without jitter reads from NULL.
     */
    @Test
    void theAvx2PathNeedsNothingBeyondAvx2() throws Exception {
        List<Path> files = recordings().stream().filter(file -> !file.endsWith("ResampleTest.calls")).toList();
        replay("avx2-emulated", BUILD, List.of(emulator(), "-cpu", AVX2), files, "--isa", "avx2", "--no-values")
                .succeeded();
    }

    private static List<Path> brief() throws IOException {
        return recordings().stream().filter(file -> !LONG.contains(file.getFileName().toString())).toList();
    }

    /** The CUDA backend, compiled for the host with a build's sanitizers. */
    private static String emulated(Path build) throws Exception {
        build(build, "for_tests");
        Path library = build.resolve("cuda/emulator/libeikonal_cuda_emulated.so");
        assumeTrue(Files.exists(library), "skipped, missing: nvcc");
        return library.toString();
    }

    /** Makes all recorded calls again, in a program that runs as prefix says. */
    private static Run replay(String name, Path build, List<String> prefix, String... options) throws Exception {
        return replay(name, build, prefix, recordings(), options);
    }

    private static Run replay(String name, Path build, List<String> prefix, List<Path> files, String... options)
            throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.add(build.resolve("replay").toString());
        command.addAll(List.of(options));
        for (Path recording : files) {
            command.add(recording.toString());
        }
        return run(name, command.toArray(String[]::new));
    }

    private static List<Path> recordings() throws IOException {
        try (Stream<Path> files = Files.list(RECORDINGS)) {
            return files.sorted().toList();
        }
    }

    /** The folder of a build with sanitizers. */
    private static Path sanitized(String sanitizers) throws Exception {
        Path build = FOLDER.resolve(sanitizers.replace(',', '-'));
        Run configured = run("configure-" + build.getFileName(), "cmake", "-S", SOURCE.toString(), "-B", build.toString(),
                "-DEIK_SANITIZE=" + sanitizers, "-DEIK_WERROR=" + System.getProperty("eikonal.ci"));
        if (configured.says().contains("has no runtime for")) {
            missing("the runtime of the compiler's sanitizers " + sanitizers);
        }
        configured.succeeded();
        build(build, "replay");
        return build;
    }

    private static void build(Path folder, String... targets) throws Exception {
        List<String> command = new ArrayList<>(List.of("cmake", "--build", folder.toString(),
                "--parallel", Integer.toString(Runtime.getRuntime().availableProcessors()), "--target"));
        command.addAll(List.of(targets));
        Files.createDirectories(FOLDER);
        run("build-" + folder.getFileName(), command.toArray(String[]::new)).succeeded();
    }

    /** GCC 12's thread sanitizer wants memory where it is with 28 random bits in addresses; newer kernels take 32. */
    private static List<String> settled() throws IOException {
        Path bits = Path.of("/proc/sys/vm/mmap_rnd_bits");
        boolean many = Files.isReadable(bits) && Integer.parseInt(Files.readString(bits).trim()) > 28;
        return many ? List.of("setarch", "--addr-no-randomize") : List.of();
    }

    private static String emulator() {
        for (String folder : System.getenv("PATH").split(":")) {
            Path program = Path.of(folder, "qemu-x86_64");
            if (Files.isExecutable(program)) {
                return program.toString();
            }
        }
        missing("qemu-x86_64 (Debian: qemu-user)");
        throw new AssertionError("unreachable");
    }

    private static void missing(String tool) {
        assertTrue(!Boolean.getBoolean("eikonal.ci"), "missing: " + tool);
        abort("skipped, missing: " + tool);
    }

    /** A program that has ended, and the file with what it said. */
    private record Run(int code, Path log) {
        String says() throws IOException {
            return Files.readString(log);
        }

        void succeeded() throws IOException {
            String said = says();
            assertEquals(0, code, log + " ends with:\n" + said.substring(Math.max(0, said.length() - 6000)));
        }
    }

    private static Run run(String name, String... command) throws Exception {
        Path log = FOLDER.resolve(name + ".log");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (!process.waitFor(15, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError(String.join(" ", command) + " takes more than a quarter of an hour; see " + log);
        }
        return new Run(process.exitValue(), log);
    }
}
