package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.eikonal.Activation;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.EncodingConfig;
import org.eikonal.Network;
import org.eikonal.NetworkConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.Optimizer;
import org.eikonal.OptimizerConfig;
import org.eikonal.RadianceField;
import org.eikonal.RenderConfig;
import org.eikonal.Renderer;
import org.eikonal.Trainer;
import org.eikonal.TrainerConfig;
import org.eikonal.Views;
import org.eikonal.internal.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same seed, build and instruction set give the same bits, on any number of threads and across a resume. */
class DeterminismTest {
    private static final int STEPS = 25;

    /** A GPU has no number of threads to choose; its blocks run in an order of their own each time. */
    private static int[] others(DeviceConfig config) {
        return config.toJson().contains("cuda") ? new int[] {1} : new int[] {2, 3, 7};
    }

    private static DeviceConfig threads(DeviceConfig config, int threads) {
        Map<String, Object> entries = new LinkedHashMap<>(Json.parseObject(config.toJson()));
        entries.put("threads", threads);
        entries.put("deterministic", true);
        return DeviceConfig.fromJson(Json.write(entries));
    }

    @ParameterizedTest
    @MethodSource("org.eikonal.conformance.Devices#configs")
    void aRunHasTheSameBitsOnAnyNumberOfThreads(DeviceConfig config) {
        float[] one = run(threads(config, 1), 3, STEPS);
        for (int threads : others(config)) {
            assertArrayEquals(one, run(threads(config, threads), 3, STEPS), threads + " threads");
        }
    }

    @ParameterizedTest
    @MethodSource("org.eikonal.conformance.Devices#configs")
    void aRunHasTheSameBitsWhereverItIsResumed(DeviceConfig config) {
        float[] whole = run(threads(config, 2), 3, STEPS);
        for (int split : new int[] {1, 17}) {
            assertArrayEquals(whole, run(threads(config, 2), 3, split), "resumed after " + split);
        }
    }

    @ParameterizedTest
    @MethodSource("org.eikonal.conformance.Devices#configs")
    void anotherSeedGivesAnotherRun(DeviceConfig config) {
        assertFalse(Arrays.equals(run(threads(config, 2), 3, STEPS), run(threads(config, 2), 4, STEPS)));
    }

    /**
     * Trains, makes everything anew after some steps from what can be saved, and goes on.
     *
     * @return parameters, optimiser state, cells, and a picture, one after the other
     */
    private static float[] run(DeviceConfig config, long seed, int split) {
        float[] parameters = null;
        float[] cells = null;
        FloatBuffer state = null;
        long made = 0;
        float[] picture = null;
        try (Device device = Device.open(config); Views views = Scene.views(device)) {
            for (int[] part : new int[][] {{0, split}, {split, STEPS}}) {
                try (RadianceField field = RadianceField.create(device, Scene.FIELD.config(), 1);
                        Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().learningRate(1e-2).build()
                                .withExponentialDecay(10, 10, 0.5).withEma(0.9));
                        OccupancyGrid grid = OccupancyGrid.create(
                                device, OccupancyConfig.builder().resolution(16).cascades(2).warmup(20).build());
                        Trainer trainer = Trainer.create(field, optimizer, grid, views, TrainerConfig.builder()
                                .samplesPerStep(2048).sampler(Scene.SAMPLER).randomBackground().seed(seed).build())) {
                    if (part[0] > 0) {
                        field.setParameters(parameters);
                        grid.setValues(cells);
                        optimizer.writeState(made, state);
                    }
                    for (int step = part[0]; step < part[1]; step++) {
                        trainer.step(step, (double) step / STEPS);
                    }
                    parameters = field.parameters();
                    cells = grid.values();
                    state = FloatBuffer.allocate((int) optimizer.stateSize());
                    made = optimizer.readState(state);
                    picture = Renderer.create(field, grid, RenderConfig.builder().sampler(Scene.SAMPLER).build())
                            .render(Scene.camera(0)).color();
                }
            }
        }
        FloatBuffer all = FloatBuffer.allocate(parameters.length + cells.length + state.capacity() + picture.length);
        all.put(parameters).put(cells).put(state.array()).put(picture);
        return all.array();
    }

    /** More points than one chunk of work, so that every schedule has something to share out. */
    @ParameterizedTest
    @MethodSource("org.eikonal.conformance.Devices#configs")
    void aLargeBatchHasTheSameBitsOnAnyNumberOfThreads(DeviceConfig config) {
        float[] one = batch(threads(config, 1));
        for (int threads : others(config)) {
            assertArrayEquals(one, batch(threads(config, threads)), threads + " threads");
        }
    }

    private static float[] batch(DeviceConfig config) {
        NetworkOracle mlp = new NetworkOracle(8, 3, 16, 1, Activation.RELU, Activation.NONE, true, 1);
        EncodingConfig grid = new GridOracle.Shape("HashGrid", 3, 4, 2, 10, 4, 2, "Linear").config();
        EncodingConfig plane = new GridOracle.Shape("HashGrid", 2, 4, 2, 10, 4, 2, "Linear").config();
        EncodingConfig product = EncodingConfig.composite().reduction("Product")
                .add(0, 1, EncodingConfig.frequency(4)).add(1, 2, plane).add(0, 3, grid).build();
        return Stream.of(grid, product).map(encoding -> batch(config, encoding, mlp.config()))
                .reduce((a, b) -> FloatBuffer.allocate(a.length + b.length).put(a).put(b).array()).get();
    }

    private static float[] batch(DeviceConfig config, EncodingConfig encoding, NetworkConfig mlp) {
        try (Device device = Device.open(config)) {
            return batch(device, encoding, mlp, Devices.emulated(device) ? 5001 : 70001);
        }
    }

    private static float[] batch(Device device, EncodingConfig encoding, NetworkConfig mlp, int n) {
        Draws draws = new Draws(1);
        try (Network network = Network.create(device, encoding, mlp, 3, 3, 1)) {
            float[] points = draws.uniform(3 * n, 0, 1);
            float[] back = network.backward(points, draws.uniform(3 * n, -1, 1));
            float[] gradients = network.gradients();
            float[] out = network.forward(points);
            FloatBuffer all = FloatBuffer.allocate(back.length + gradients.length + out.length);
            return all.put(back).put(gradients).put(out).array();
        }
    }
}
