package org.eikonal.studio.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.image.PictureFiles.Size;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program with {@code --device}: without CUDA, on emulated GPUs, and where CUDA finds none. */
class CudaTest {
    private static final String NO_LIBRARY = "the CUDA library cannot be opened (libeikonal_cuda.so: ";
    private static final String NO_GPU = "looking for devices (cudaGetDeviceCount): no CUDA-capable device is detected"
            + " (cudaErrorNoDevice)";
    private static final String REMEDY = "; or use the device cpu (--device cpu, or auto)";

    /** So small that the emulator takes no time. */
    private static final Object[] TINY = {
        "--set", "encoding.n_levels=2", "--set", "encoding.log2_hashmap_size=8", "--set", "network.n_neurons=16",
        "--set", "rgb_network.n_neurons=16", "--set", "occupancy.resolution=16", "--set", "samples_per_step=4096",
        "--set", "sampler.steps=64",
    };

    @TempDir
    static Path folder;

    private static Path scene;

    @BeforeAll
    static void makeScene() throws IOException {
        scene = folder.resolve("scene");
        DemoScene.write(scene, 3, 1, 16);
    }

    private static Object[] train(Path run, int steps, Object... more) {
        return new Object[] {"train", scene, "--run", run, "--steps", steps, more};
    }

    private static String device(Program program) {
        return program.succeeded().err().lines().filter(line -> line.startsWith("device: ")).findFirst().orElse("");
    }

    private static String line(Program info, String start) {
        return info.succeeded().out().lines().filter(text -> text.startsWith(start)).findFirst().orElse("");
    }

    @Test
    void withoutALibraryAskingForCudaFailsAndAutoTakesTheCpu() {
        Path run = folder.resolve("no-library");
        String line = Program.run(train(run, 1, TINY, "--device", "cuda")).failed(Main.FAILED);
        assertTrue(line.startsWith("eikonal: device cuda: " + NO_LIBRARY) && line.endsWith(REMEDY), line);
        assertFalse(Files.exists(run));

        String device = device(Program.run(train(run, 1, TINY, "--device", "auto")));
        assertTrue(device.startsWith("device: cpu (") && device.contains("threads); auto took the CPU; no CUDA: "
                + NO_LIBRARY), device);
        Program info = Program.run("info");
        assertTrue(line(info, "device        cpu ").endsWith(" threads)"), info.out());
        assertTrue(line(info, "device        cuda ").contains("cuda is not available: " + NO_LIBRARY), info.out());
        assertTrue(line(info, "auto ").contains("cpu; auto took the CPU; no CUDA: " + NO_LIBRARY), info.out());
    }

    @Test
    void halfPrecisionOfGpusIsNoneOfTheCpu() {
        Path run = folder.resolve("half");
        String line = Program.run(train(run, 1, TINY, "--device", "cpu", "--set", "precision=fp16"))
                .failed(Main.FAILED);
        assertEquals("eikonal: device cpu: \"precision\": \"fp16\" is CUDA's; take \"bf16\", \"fp32\" or \"auto\"",
                line);
        assertFalse(Files.exists(run));
    }

    /** Two GPUs that are emulated, in JVMs of their own: a CUDA library stays in its process. */
    @Nested
    class Emulated {
        private static Map<String, String> two;
        private static Map<String, String> none;

        @BeforeAll
        static void installLibrary() throws IOException {
            Path emulated = Path.of(System.getProperty("eikonal.emulated", "libeikonal_cuda_emulated.so"));
            assumeTrue(Files.exists(emulated), "emulator: not built, which takes nvcc");
            Path system = Files.createDirectory(folder.resolve("system"));
            Files.copy(emulated, system.resolve("libeikonal_cuda.so"));
            two = Map.of("LD_LIBRARY_PATH", system.toString(), "EIK_EMULATOR_DEVICES", "2");
            none = Map.of("LD_LIBRARY_PATH", system.toString(), "EIK_EMULATOR_DEVICES", "0");
        }

        @Test
        void aRunMovesBetweenDevices() throws IOException {
            Path run = folder.resolve("moving");
            String device = device(Program.runElsewhere(two, train(run, 3, TINY, "--device", "cuda")));
            assertEquals("device: cuda:0 (Emulated GPU, 227 KB of shared memory, sm_90, bf16, 8.0 GiB); asked for",
                    device);
            assertTrue(Files.readString(run.resolve("config.json")).contains("\"device\" : \"cuda\""));

            JsonNode there = Program.runElsewhere(two, "eval", run, "--json").json();
            assertEquals("cuda", there.get("device").asText());
            Path pictures = folder.resolve("pictures");
            Program.runElsewhere(two, "render", run, "--split", "test", "--out", pictures).succeeded();
            assertEquals(new Size(16, 16), PictureFiles.size(pictures.resolve("rgb/r_0.png")));

            String line = Program.run("eval", run).failed(Main.FAILED);
            assertTrue(line.startsWith("eikonal: device cuda: " + NO_LIBRARY) && line.endsWith(REMEDY), line);
            JsonNode here = Program.run("eval", run, "--json", "--device", "cpu").json();
            assertEquals("cpu", here.get("device").asText());
            assertEquals(there.get("parametersSha256"), here.get("parametersSha256"));
            assertEquals(there.get("psnr").asDouble(), here.get("psnr").asDouble(), 0.1);
            Path orbit = folder.resolve("orbit");
            assertTrue(device(Program.run("render", run, "--orbit", 1, "--out", orbit, "--device", "auto"))
                    .startsWith("device: cpu ("));

            line = Program.run(train(run, 5, "--resume")).failed(Main.FAILED);
            assertTrue(line.endsWith(REMEDY), line);
            Program onwards = Program.run(train(run, 5, "--resume", "--device", "cpu")).succeeded();
            assertTrue(onwards.err().contains("going on from step 3"), onwards.err());
            Program back = Program.runElsewhere(two, train(run, 7, "--resume", "--device", "cuda:1")).succeeded();
            assertTrue(back.err().contains("going on from step 5"), back.err());
            assertTrue(back.err().contains("device: cuda:1 (Emulated GPU, 99 KB of shared memory, sm_120, "),
                    back.err());
        }

        @Test
        void deterministicRunsHaveTheSameBitsAndHalfPrecisionIsSeenOnTheCpu() throws IOException {
            Path run = folder.resolve("first");
            Path again = folder.resolve("second");
            Object[] settings = {TINY, "--set", "precision=fp16", "--set", "deterministic=true"};
            String device = device(Program.runElsewhere(two, train(run, 4, settings)));
            assertTrue(device.contains(", sm_90, fp16, deterministic, 8.0 GiB)"), device);
            Program.runElsewhere(two, train(again, 4, settings)).succeeded();
            Program here = Program.run("eval", run, "--json");
            assertTrue(device(here).startsWith("device: cpu ("), here.err());
            assertEquals(here.json().get("parametersSha256"),
                    Program.run("eval", again, "--device", "cpu", "--json").json().get("parametersSha256"));
        }

        @Test
        void aGpuThatIsNotThere() throws IOException {
            Path run = folder.resolve("eighth");
            String line = Program.runElsewhere(two, train(run, 1, TINY, "--device", "cuda:7")).failed(Main.FAILED);
            assertEquals("eikonal: device cuda: \"index\": 7, but there are 2 devices" + REMEDY, line);
            assertFalse(Files.exists(run));
        }

        @Test
        void withoutAGpuAskingForCudaFailsAndAutoTakesTheCpu() throws IOException {
            Path run = folder.resolve("no-gpu");
            String line = Program.runElsewhere(none, train(run, 1, TINY, "--device", "cuda")).failed(Main.FAILED);
            assertEquals("eikonal: device cuda: " + NO_GPU + REMEDY, line);
            assertFalse(Files.exists(run));
            String device = device(Program.runElsewhere(none, train(run, 1, TINY)));
            assertTrue(device.endsWith("; auto took the CPU; no CUDA: " + NO_GPU), device);
            Program info = Program.runElsewhere(none, "info");
            assertEquals("device        cuda is not available: " + NO_GPU, line(info, "device        cuda"));
            assertEquals("auto          cpu; auto took the CPU; no CUDA: " + NO_GPU, line(info, "auto"));
        }

        @Test
        void informationIsAboutEveryGpu() throws IOException {
            Program info = Program.runElsewhere(two, "info");
            assertTrue(line(info, "device        cpu ").endsWith(" threads)"), info.out());
            assertEquals("device        cuda:0 (Emulated GPU, 227 KB of shared memory, sm_90, bf16, 8.0 GiB)",
                    line(info, "device        cuda:0"));
            assertEquals("device        cuda:1 (Emulated GPU, 99 KB of shared memory, sm_120, bf16, 8.0 GiB)",
                    line(info, "device        cuda:1"));
            assertEquals("auto          cuda:0; auto takes a CUDA device where there is one", line(info, "auto"));

            JsonNode json = Program.runElsewhere(two, "info", "--json").json();
            JsonNode second = json.at("/devices/2");
            assertEquals("cuda", second.get("type").asText());
            assertEquals(1, second.get("index").asInt());
            assertTrue(second.get("available").asBoolean());
            assertEquals("sm_120", second.get("isa").asText());
            assertEquals("bf16", second.get("precision").asText());
            assertEquals(8L << 30, second.get("memory").asLong());
            assertEquals("cuda", json.at("/device/type").asText());
            assertTrue(json.at("/device/why").isTextual());
        }
    }
}
