package org.eikonal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The road from pixels to parameters and back, as a whole and in its parts, on four views of a red wall. */
class RoadTest {
    private static final int SIZE = 16;
    private static final SamplerConfig SAMPLER = SamplerConfig.builder().steps(64).build();

    @Test
    void aTrainerLearnsAndARendererShowsIt() {
        try (Device device = Device.open(DeviceConfig.cpu());
                RadianceField field = RadianceField.create(device, TinyField.CONFIG, 1);
                Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().learningRate(1e-2).build());
                OccupancyGrid occupancy = OccupancyGrid.create(device, grid());
                Views views = views(device);
                Trainer trainer = Trainer.create(field, optimizer, occupancy, views, training())) {
            assertEquals(0, trainer.report().rays());
            double first = trainer.step(0, 0);
            for (int step = 1; step < 100; step++) {
                trainer.step(step, step / 100.0);
            }
            StepReport last = trainer.report();
            assertTrue(last.loss() < first / 4, first + " became " + last);
            assertTrue(last.rays() >= last.raysWithSamples() && last.samplesMarched() >= last.samplesLive());
            assertTrue(last.occupiedFraction() > 0 && last.occupiedFraction() <= 1, last.toString());

            Renderer renderer = Renderer.create(field, occupancy,
                    RenderConfig.builder().sampler(SAMPLER).background(0, 0, 0).build());
            Rendering picture = renderer.render(camera(0));
            assertEquals(SIZE * SIZE * 3, picture.color().length);
            int middle = SIZE * SIZE / 2 + SIZE / 2;
            assertTrue(picture.color()[middle * 3] > 0.6f && picture.color()[middle * 3 + 1] < 0.4f,
                    Arrays.toString(Arrays.copyOfRange(picture.color(), middle * 3, middle * 3 + 3)));
            assertTrue(picture.opacity()[middle] > 0.5f && picture.depth()[middle] > 0);
            Rendering rows = renderer.render(camera(0), 8, 9);
            assertArrayEquals(Arrays.copyOfRange(picture.color(), 8 * SIZE * 3, 9 * SIZE * 3), rows.color());
        }
    }

    @Test
    void theBitsDoNotDependOnThreadsAndSurviveAResume() {
        float[] whole = train(1, 0);
        assertArrayEquals(whole, train(2, 0));
        assertArrayEquals(whole, train(2, 17));
    }

    /** Parameters after 40 steps; if asked for, everything is made anew after some and goes on from the saved states. */
    private static float[] train(int threads, int resumeAfter) {
        try (Device device = Device.open(DeviceConfig.builder().type("cpu").threads(threads).build());
                Views views = views(device)) {
            float[] parameters = null;
            float[] cells = null;
            FloatBuffer moments = null;
            long optimized = 0;
            for (int[] part : new int[][] {{0, resumeAfter}, {resumeAfter, 40}}) {
                try (RadianceField field = RadianceField.create(device, TinyField.CONFIG, 1);
                        Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().build().withEma(0.9));
                        OccupancyGrid occupancy = OccupancyGrid.create(device, grid());
                        Trainer trainer = Trainer.create(field, optimizer, occupancy, views, training())) {
                    if (part[0] > 0) {
                        field.setParameters(parameters);
                        occupancy.setValues(cells);
                        optimizer.writeState(optimized, moments);
                    }
                    for (int step = part[0]; step < part[1]; step++) {
                        trainer.step(step, step / 40.0);
                    }
                    parameters = field.parameters();
                    cells = occupancy.values();
                    moments = FloatBuffer.allocate((int) optimizer.stateSize());
                    optimized = optimizer.readState(moments);
                }
            }
            return parameters;
        }
    }

    @Test
    void aLossOfOnesOwnDrivesTheParts() {
        try (Device device = Device.open(DeviceConfig.cpu());
                RadianceField field = RadianceField.create(device, TinyField.CONFIG, 1);
                Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().learningRate(1e-2).build());
                OccupancyGrid occupancy = OccupancyGrid.create(device, grid());
                Views views = views(device)) {
            int n = 64;
            int[] view = new int[n];
            float[] pixels = new float[2 * n];
            for (int ray = 0; ray < n; ray++) {
                view[ray] = ray % 4;
                pixels[2 * ray] = ray % SIZE + 0.5f;
                pixels[2 * ray + 1] = ray / 4 % SIZE + 0.5f;
            }
            Rays rays = views.rays(view, pixels);
            Samples samples = occupancy.march(SAMPLER, rays, null, n * 256);
            assertTrue(samples.count() > n, samples.count() + " samples");
            float[] inputs = inputs(rays, samples);
            Compositing compositing = Compositing.create(device, CompositingConfig.builder().build());
            double first = 0;
            double last = 0;
            for (int step = 0; step < 60; step++) {
                float[] outputs = field.forward(inputs);
                float[] raw = new float[samples.count()];
                float[] colors = new float[3 * raw.length];
                for (int i = 0; i < raw.length; i++) {
                    raw[i] = outputs[4 * i + 3];
                    System.arraycopy(outputs, 4 * i, colors, 3 * i, 3);
                }
                Compositing.Result seen = compositing.forward(samples, raw, colors, 3, null);
                float[] slope = new float[3 * n];
                last = 0;
                for (int i = 0; i < 3 * n; i++) {
                    float error = seen.color()[i] - (i % 3 == 0 ? 1 : 0);
                    last += error * error / (3 * n);
                    slope[i] = 2 * error / (3 * n);
                }
                first = step == 0 ? last : first;
                Compositing.Gradients back = compositing.backward(samples, raw, colors, 3, null, slope, null, null);
                float[] outputGradients = new float[outputs.length];
                for (int i = 0; i < raw.length; i++) {
                    outputGradients[4 * i + 3] = back.rawDensity()[i];
                    System.arraycopy(back.values(), 3 * i, outputGradients, 4 * i, 3);
                }
                field.backwardToParameters(inputs, outputGradients);
                optimizer.step(step / 60.0);
            }
            assertTrue(last < first / 4, "loss " + first + " became " + last);
        }
    }

    private static float[] inputs(Rays rays, Samples samples) {
        float[] inputs = new float[6 * samples.count()];
        for (int ray = 0; ray < samples.rays(); ray++) {
            for (int i = samples.starts()[ray]; i < samples.starts()[ray] + samples.counts()[ray]; i++) {
                System.arraycopy(samples.positions(), 3 * i, inputs, 6 * i, 3);
                System.arraycopy(rays.directions(), 3 * ray, inputs, 6 * i + 3, 3);
            }
        }
        return inputs;
    }

    private static OccupancyConfig grid() {
        return OccupancyConfig.builder().resolution(16).build();
    }

    private static TrainerConfig training() {
        return TrainerConfig.builder().samplesPerStep(2048).loss(LossConfig.l2()).sampler(SAMPLER).seed(3).build();
    }

    private static Views views(Device device) {
        byte[] red = new byte[SIZE * SIZE * 4];
        for (int i = 0; i < red.length; i++) {
            red[i] = (byte) (i % 4 == 0 || i % 4 == 3 ? 255 : 0);
        }
        Views views = Views.create(device, 4);
        for (int i = 0; i < 4; i++) {
            views.set(i, camera(i), red);
        }
        return views;
    }

    private static Camera camera(int i) {
        double[] eye = {0.5 + 1.2 * Math.cos(i), 0.5, 0.5 + 1.2 * Math.sin(i)};
        return Camera.perspective(SIZE, SIZE, 20, Pose.lookAt(eye, new double[] {.5, .5, .5}, new double[] {0, 1, 0}));
    }
}
