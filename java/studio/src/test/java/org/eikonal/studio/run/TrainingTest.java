package org.eikonal.studio.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.EikonalException;
import org.eikonal.Rendering;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.recipe.Recipes;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
    static final String[] SMALL = {
        "encoding.n_levels=4", "encoding.log2_hashmap_size=10", "samples_per_step=4096", "occupancy.resolution=32",
    };

    @TempDir
    static Path folder;

    private static Scene scene;

    @BeforeAll
    static void makeScene() throws IOException {
        DemoScene.write(folder.resolve("scene"), 12, 4, 32);
        scene = Scenes.open(folder.resolve("scene"));
    }

    private static RunConfig config(RunOptions options) {
        return RunConfig.resolve(Recipes.usual(), scene, options);
    }

    private static BooleanSupplier after(int steps) {
        int[] asked = {0};
        return () -> asked[0]++ == steps;
    }

    /** Trains until the end or {@code stop}, going on from the folder's checkpoint; answers whether it is the end. */
    private static boolean train(RunFolder run, RunConfig config, BooleanSupplier stop) throws IOException {
        try (Device device = Device.open(DeviceConfig.cpu());
                Training training = new Training(device, config, scene)) {
            run.checkpoint(config).ifPresent(training::resume);
            return training.run(run, progress -> {}, () -> !stop.getAsBoolean());
        }
    }

    private static String parameters(RunFolder run) throws IOException {
        try (TrainedField field = TrainedField.open(run)) {
            return field.parametersSha256();
        }
    }

    @Test
    void stoppedAndResumedItEndsWithTheSameBits() throws IOException {
        RunConfig config = config(RunOptions.steps(150, SMALL));
        RunFolder whole = new RunFolder(folder.resolve("whole"));
        assertTrue(train(whole, config, () -> false));
        RunFolder parts = new RunFolder(folder.resolve("parts"));
        assertFalse(train(parts, config, after(37)));
        assertNotEquals(parameters(whole), parameters(parts));
        assertEquals(37, parts.checkpoint(config).orElseThrow().header().step());
        assertNull(parts.checkpoint(config).orElseThrow().header().firstStepAfterResume());
        assertFalse(train(parts, config, after(64)));
        double seconds = parts.checkpoint(config).orElseThrow().header().trainSeconds();
        assertTrue(train(parts, config, () -> false));
        assertEquals(parameters(whole), parameters(parts));

        Checkpoint.Header header = parts.checkpoint(config).orElseThrow().header();
        assertEquals(150, header.step());
        assertEquals(150, header.optimizerStep());
        assertEquals(101, header.firstStepAfterResume());
        assertTrue(header.trainSeconds() > seconds);
        List<String> lines = Files.readAllLines(parts.metricsFile());
        assertTrue(lines.get(lines.size() - 1).startsWith("{\"step\":150,"), lines::toString);

        // Another look at a finished run changes nothing.
        assertTrue(train(parts, config, () -> false));
        assertEquals(header, parts.checkpoint(config).orElseThrow().header());
    }

    @Test
    void theClockStandsBetweenStepsAndSavingThereIsWhole() throws IOException {
        RunFolder run = new RunFolder(folder.resolve("between"));
        RunConfig config = config(RunOptions.steps(6, SMALL));
        try (Device device = Device.open(DeviceConfig.cpu());
                Training training = new Training(device, config, scene)) {
            assertThrows(IllegalStateException.class, training::save);
            List<Double> seconds = new ArrayList<>();
            assertTrue(training.run(run, progress -> {}, () -> {
                seconds.add(training.seconds());
                assertEquals(training.seconds(), training.seconds(), "it does not go on here");
                try {
                    Thread.sleep(200);
                    if (training.step() == 3) {
                        training.save();
                        assertEquals(3, run.checkpoint(config).orElseThrow().header().step());
                    }
                } catch (InterruptedException | IOException e) {
                    throw new IllegalStateException(e);
                }
                assertEquals(seconds.get(seconds.size() - 1), training.seconds());
                return true;
            }));
            assertEquals(6, seconds.size());
        }
        Checkpoint.Header header = run.checkpoint(config).orElseThrow().header();
        assertEquals(6, header.step());
        assertTrue(header.trainSeconds() >= 0, "seconds " + header.trainSeconds());
    }

    @Test
    void secondsCountFromTheFirstStepAndAcrossResumes() throws IOException {
        RunFolder run = new RunFolder(folder.resolve("seconds"));
        RunConfig config = config(RunOptions.seconds(0.4, SMALL));
        long start = System.nanoTime();
        train(run, config, () -> System.nanoTime() - start > 200_000_000L);
        List<TrainingProgress> reports = new ArrayList<>();
        try (Device device = Device.open(DeviceConfig.cpu());
                Training training = new Training(device, config, scene)) {
            training.resume(run.checkpoint(config).orElseThrow());
            double before = training.seconds();
            Thread.sleep(50);
            assertEquals(before, training.seconds(), "loading does not count");
            assertTrue(training.run(run, reports::add, () -> true));
            assertTrue(training.seconds() >= 0.4, "seconds " + training.seconds());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        TrainingProgress last = reports.get(reports.size() - 1);
        assertEquals(1, last.fraction());
        assertTrue(last.raysPerSecond() > 0 && last.loss() > 0 && last.trainPsnr() > 0, last::toString);
    }

    @Test
    void aMovingAverageIsWhatIsShown() throws IOException {
        List<String> settings = new ArrayList<>(List.of(SMALL));
        RunFolder plain = new RunFolder(folder.resolve("plain"));
        train(plain, config(RunOptions.steps(20, settings.toArray(String[]::new))), () -> false);
        settings.add("optimizer={\"otype\":\"Ema\",\"decay\":0.9,\"nested\":" + optimizer() + "}");
        RunFolder averaged = new RunFolder(folder.resolve("averaged"));
        train(averaged, config(RunOptions.steps(20, settings.toArray(String[]::new))), () -> false);
        try (TrainedField one = TrainedField.open(plain); TrainedField other = TrainedField.open(averaged)) {
            assertEquals(one.parametersSha256(), other.parametersSha256(), "averaging does not disturb training");
            Rendering a = one.render(scene.views(Split.TEST).get(0).camera());
            Rendering b = other.render(scene.views(Split.TEST).get(0).camera());
            assertFalse(Arrays.equals(a.color(), b.color()));
        }
    }

    private static String optimizer() {
        return config(RunOptions.steps(1)).optimizer().toJson();
    }

    @Test
    void divergenceIsToldAndTheLastCheckpointStays() throws IOException {
        RunFolder run = new RunFolder(folder.resolve("diverged"));
        RunConfig config = config(RunOptions.steps(60, SMALL));
        train(run, config, after(20));
        Checkpoint checkpoint = run.checkpoint(config).orElseThrow();
        FloatBuffer parameters = checkpoint.floats("parameters");
        for (int i = 0; i < parameters.limit(); i++) {
            parameters.put(i, Float.NaN);
        }
        checkpoint.write(run.checkpointFile());
        byte[] before = Files.readAllBytes(run.checkpointFile());
        EikonalException e = assertThrows(EikonalException.class, () -> train(run, config, () -> false));
        assertTrue(e.getMessage().startsWith("the training diverged before step "), e.getMessage());
        assertArrayEquals(before, Files.readAllBytes(run.checkpointFile()));
    }

    @Test
    void aFieldThatDivergedIsNotShown() throws IOException {
        RunFolder run = new RunFolder(folder.resolve("infinite"));
        RunConfig config = config(RunOptions.steps(3, SMALL));
        train(run, config, () -> false);
        Checkpoint checkpoint = run.checkpoint(config).orElseThrow();
        checkpoint.floats("parameters").put(7, Float.NEGATIVE_INFINITY);
        checkpoint.write(run.checkpointFile());
        RunException e = assertThrows(RunException.class, () -> TrainedField.open(run));
        assertTrue(e.getMessage().startsWith(run.checkpointFile() + ": a parameter is -Infinity"), e.getMessage());
    }

    @Test
    void aRunInTrainingKeepsItsConfiguration() throws IOException {
        RunFolder run = new RunFolder(folder.resolve("busy"));
        train(run, config(RunOptions.steps(3, SMALL)), () -> false);
        String before = run.config().toJson();
        try (MetricsLog busy = MetricsLog.open(run.metricsFile(), 3)) {
            RunException e = assertThrows(RunException.class,
                    () -> train(run, config(RunOptions.steps(9, SMALL)), () -> false));
            assertTrue(e.getMessage().contains("another process is training this run"), e.getMessage());
        }
        assertEquals(before, run.config().toJson());
    }

    @Test
    void tensorsOfAnotherSizeAreRefusedThoughTheConfigurationIsTheSame() throws IOException {
        RunFolder run = new RunFolder(folder.resolve("resized"));
        RunConfig config = config(RunOptions.steps(3, SMALL));
        train(run, config, () -> false);
        Checkpoint good = run.checkpoint(config).orElseThrow();
        for (int which = 0; which < 3; which++) {
            List<Checkpoint.Tensor> tensors = new ArrayList<>(good.header().tensors());
            List<ByteBuffer> data = new ArrayList<>(good.data());
            Checkpoint.Tensor tensor = tensors.get(which);
            tensors.set(which, new Checkpoint.Tensor(tensor.name(), tensor.count() - 1));
            data.set(which, data.get(which).slice(0, (int) (4 * (tensor.count() - 1))).order(ByteOrder.LITTLE_ENDIAN));
            Checkpoint.Header header = good.header();
            new Checkpoint(new Checkpoint.Header(header.step(), header.optimizerStep(), header.trainSeconds(), null,
                    header.config(), tensors), data).write(run.checkpointFile());
            String message = assertThrows(RunException.class, () -> train(run, config, () -> false)).getMessage();
            assertTrue(message.contains(tensor.name() + " are " + (tensor.count() - 1) + " numbers"), message);
            if (which != 1) { // pictures need no optimiser
                message = assertThrows(RunException.class, () -> TrainedField.open(run)).getMessage();
                assertTrue(message.contains(tensor.name() + " are "), message);
            }
        }
    }

    @Test
    void photosThatCannotFitIntoMemoryAreRefusedBeforeOneIsDecoded() throws IOException {
        View photo = scene.views(Split.TRAIN).get(0);
        View large = new View("large", folder.resolve("nowhere.png"), photo.camera().resized(65535, 4096), Split.TRAIN);
        Scene huge = new Scene("huge", folder, scene.format(), Collections.nCopies(5000, large), scene.cube(),
                scene.points(), List.of());
        try (Device device = Device.open(DeviceConfig.cpu())) {
            RunException e = assertThrows(RunException.class,
                    () -> new Training(device, config(RunOptions.steps(1, SMALL)), huge));
            assertTrue(e.getMessage().contains("its 5000 training photos take 5368.6 GB"), e.getMessage());
        }
    }

    @Test
    void aCheckpointOfAnotherConfigurationIsRefused() throws IOException {
        RunFolder run = new RunFolder(folder.resolve("mixed"));
        train(run, config(RunOptions.steps(3, SMALL)), () -> false);
        RunConfig other = config(RunOptions.steps(3));
        assertThrows(RunException.class, () -> run.checkpoint(other));
        try (Device device = Device.open(DeviceConfig.cpu());
                Training training = new Training(device, other, scene)) {
            assertThrows(RunException.class, () -> training.resume(Checkpoint.read(run.checkpointFile())));
        }
    }
}
