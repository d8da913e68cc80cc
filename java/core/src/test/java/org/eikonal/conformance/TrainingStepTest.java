package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.eikonal.Camera;
import org.eikonal.Compositing;
import org.eikonal.CompositingConfig;
import org.eikonal.Device;
import org.eikonal.Distortion;
import org.eikonal.EncodingConfig;
import org.eikonal.FieldConfig;
import org.eikonal.Lens;
import org.eikonal.LossConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.Optimizer;
import org.eikonal.OptimizerConfig;
import org.eikonal.Pose;
import org.eikonal.RadianceField;
import org.eikonal.Rays;
import org.eikonal.Samples;
import org.eikonal.SamplerConfig;
import org.eikonal.StepReport;
import org.eikonal.Trainer;
import org.eikonal.TrainerConfig;
import org.eikonal.Views;
import org.eikonal.conformance.Devices.OnEveryDevice;

/**
 * A training step is its parts put together one by one: the pixels that the generator draws, their rays, marching, field,
 * compositing and loss, all the way back, and Adam.
 */
class TrainingStepTest {
    private static final Camera[] CAMERAS = {
        Scene.camera(0),
        new Camera(21, 13, Lens.PERSPECTIVE, 25, 25, 10.5f, 6.5f, new Distortion(.1f, -.05f, .01f, 0, .002f, -.003f),
                Scene.camera(1).pose()),
        new Camera(16, 16, Lens.FISHEYE, 20, 21, 8, 8, new Distortion(.05f, -.01f, 0, 0, 0, 0), Scene.camera(2).pose()),
    };
    private static final long SEED = (3L << 35) + 12;

    /** Rays of a step, with what their pictures show; known: how far away a point is that is there, or 0. */
    private record Drawn(Rays rays, float[] jitter, float[] background, float[] target, double[] known) {}

    /** What a step is asked beside colours. */
    private record RayLosses(double distortion, double depth) {
        static final RayLosses NONE = new RayLosses(0, 0);
    }

    /** A point on the ray through a place in a picture; behind the camera, or beside the picture, nobody looks at it. */
    private record Sighting(float x, float y, double distance) {
        boolean isSeen(Camera camera) {
            return distance > 0 && x >= 0 && y >= 0 && x < camera.width() && y < camera.height();
        }
    }

    private static Sighting[][] sightings() {
        Draws draws = new Draws(7);
        Sighting[][] sightings = new Sighting[CAMERAS.length][];
        for (int v = 0; v < CAMERAS.length; v++) {
            sightings[v] = new Sighting[v == 0 ? 0 : 7]; // the first picture shows none
            for (int i = 0; i < sightings[v].length; i++) {
                sightings[v][i] = new Sighting(draws.below(CAMERAS[v].width()) + 0.25f + 0.5f * (i % 2),
                        draws.below(CAMERAS[v].height()) + 0.3f, 1 + 0.1 * i);
            }
        }
        sightings[1][2] = new Sighting(3.5f, 4.5f, -1);
        sightings[2][4] = new Sighting(-3.5f, 4.5f, 1);
        sightings[2][5] = new Sighting(3.5f, CAMERAS[2].height() + 2, 1);
        return sightings;
    }

    private static void setPoints(Views views, Sighting[][] sightings) {
        for (int v = 0; v < sightings.length; v++) {
            int[] view = new int[sightings[v].length];
            float[] pixels = new float[2 * view.length];
            for (int i = 0; i < view.length; i++) {
                view[i] = v;
                pixels[2 * i] = sightings[v][i].x;
                pixels[2 * i + 1] = sightings[v][i].y;
            }
            Rays rays = views.rays(view, pixels);
            float[] points = new float[3 * view.length];
            for (int i = 0; i < points.length; i++) {
                points[i] = (float) (rays.origins()[i] + sightings[v][i / 3].distance * rays.directions()[i]);
            }
            views.setPoints(v, points);
        }
    }

    /** Pictures of noise, opaque to at most 127 of 255: no ray must hit something. */
    private static byte[][] pictures() {
        Draws draws = new Draws(1);
        byte[][] pictures = new byte[CAMERAS.length][];
        for (int v = 0; v < pictures.length; v++) {
            pictures[v] = new byte[4 * CAMERAS[v].width() * CAMERAS[v].height()];
            for (int i = 0; i < pictures[v].length; i++) {
                pictures[v][i] = (byte) draws.below(i % 4 == 3 ? 128 : 256);
            }
        }
        return pictures;
    }

    /** Differences around a pixel, and what a smooth one has. */
    private static double detail(Camera camera, byte[] picture, int pixel) {
        int width = camera.width();
        int x = pixel % width;
        int y = pixel / width;
        int left = pixel - (x > 0 ? 1 : 0);
        int right = pixel + (x < width - 1 ? 1 : 0);
        int above = pixel - (y > 0 ? width : 0);
        int below = pixel + (y < camera.height() - 1 ? width : 0);
        int sum = 64;
        for (int k = 0; k < 4; k++) {
            sum += Math.abs((picture[4 * right + k] & 255) - (picture[4 * left + k] & 255))
                    + Math.abs((picture[4 * below + k] & 255) - (picture[4 * above + k] & 255));
        }
        return sum;
    }

    /** As unsigned 32 bits, which wrap at 1. */
    private static double wrapped(int start, int i, long step) {
        return RandomOracle.unit((int) (start + i * step));
    }

    private static Drawn draw(
            Views views, Camera[] cameras, byte[][] pictures, Sighting[][] sightings, float[] fixed, int perPixel, boolean detail,
            long step, int n) {
        int[] view = new int[n];
        float[] pixels = new float[2 * n];
        float[] jitter = new float[n];
        float[] background = new float[3 * n];
        float[] target = new float[3 * n];
        double[] known = new double[n];
        for (int i = 0; i < n; i++) {
            int draw = i / perPixel;
            int own = i % perPixel;
            int[] a = RandomOracle.bits(SEED, step, draw, 0);
            int[] b = RandomOracle.bits(SEED, step, draw, 1);
            view[i] = RandomOracle.below(a[0], cameras.length);
            int pixel = RandomOracle.below(a[1], cameras[view[i]].width() * cameras[view[i]].height());
            int[] p = RandomOracle.bits(SEED, step, draw, 6);
            Sighting[] seen = sightings == null ? new Sighting[0] : sightings[view[i]];
            if (seen.length > 0 && RandomOracle.unit(p[0]) < 0.125) {
                Sighting point = seen[RandomOracle.below(p[1], seen.length)];
                if (point.isSeen(cameras[view[i]])) {
                    pixel = (int) point.y * cameras[view[i]].width() + (int) point.x;
                    known[i] = point.distance;
                }
            }
            if (detail && known[i] == 0) {
                int[] c = RandomOracle.bits(SEED, step, draw, 5);
                int otherView = RandomOracle.below(c[0], cameras.length);
                int other = RandomOracle.below(c[1], cameras[otherView].width() * cameras[otherView].height());
                double first = detail(cameras[view[i]], pictures[view[i]], pixel);
                double second = detail(cameras[otherView], pictures[otherView], other);
                if (RandomOracle.unit(c[2]) < second / (first + second)) {
                    view[i] = otherView;
                    pixel = other;
                }
            }
            int width = cameras[view[i]].width();
            boolean one = perPixel == 1;
            // Roberts' sequence: powers of the inverse of the plastic number, as 32-bit fractions; the golden ratio's.
            pixels[2 * i] = (float) (pixel % width + (one ? 0.5 : wrapped(a[3], own, 3242174889L)));
            pixels[2 * i + 1] = (float) (pixel / width + (one ? 0.5 : wrapped(b[3], own, 2447445414L)));
            jitter[i] = (float) wrapped(a[2], own, 2654435769L);
            double alpha = (pictures[view[i]][4 * pixel + 3] & 255) / 255.0;
            for (int k = 0; k < 3; k++) {
                background[3 * i + k] = fixed == null ? (float) RandomOracle.unit(b[k]) : fixed[k];
                target[3 * i + k] = (float) ((pictures[view[i]][4 * pixel + k] & 255) / 255.0 * alpha
                        + background[3 * i + k] * (1 - alpha));
            }
        }
        return new Drawn(views.rays(view, pixels), jitter, background, target, known);
    }

    private static OccupancyGrid sparse(Device device) {
        OccupancyGrid grid = OccupancyGrid.create(
                device, OccupancyConfig.builder().resolution(16).cascades(2).threshold(0.01).build());
        float[] values = new float[(int) grid.cells()];
        Draws draws = new Draws(3);
        for (int i = 0; i < values.length; i++) {
            values[i] = draws.below(60) == 0 ? 1 : 0;
        }
        grid.setValues(values);
        return grid;
    }

    @OnEveryDevice
    void aStepIsItsPartsPutTogether(Device device) {
        step(device, 0, null, 1, false, RayLosses.NONE, 3);
        step(device, 0.2, new float[] {.25f, .5f, .75f}, 1, true, RayLosses.NONE, (9L << 32) + 5);
    }

    @OnEveryDevice
    void soIsOneThatIsAskedForMoreThanColors(Device device) {
        step(device, 0, null, 1, true, new RayLosses(0.3, 0), 6);
        step(device, 0.2, null, 1, true, new RayLosses(0, 0.7), 7);
        step(device, 1e-4, new float[] {.25f, .5f, .75f}, 3, false, new RayLosses(2, 0.5), 8);
    }

    /** Its parameters lie as those of the field do that sees the box as it is. */
    @OnEveryDevice
    void soIsOneOfAContractedField(Device device) {
        FieldConfig field = FieldConfig.builder()
                .encoding(EncodingConfig.contraction("L2", 0.2, Scene.FIELD.shape.config()))
                .network(Scene.FIELD.network.config()).directionEncoding(EncodingConfig.sphericalHarmonics(Scene.FIELD.degree))
                .colorNetwork(Scene.FIELD.head.config()).build();
        step(device, field, 1e-4, null, 1, false, RayLosses.NONE, 9);
    }

    private static void step(
            Device device, double earlyStop, float[] fixed, int perPixel, boolean detail, RayLosses losses, long step) {
        step(device, Scene.FIELD.config(), earlyStop, fixed, perPixel, detail, losses, step);
    }

    @OnEveryDevice
    void soIsOneOfSeveralRaysAPixel(Device device) {
        step(device, 1e-4, null, 3, false, RayLosses.NONE, 4);
        step(device, 1e-4, new float[] {.25f, .5f, .75f}, 4, true, RayLosses.NONE, 5);
    }

    private static void step(
            Device device, FieldConfig config, double earlyStop, float[] fixed, int perPixel, boolean detail, RayLosses losses,
            long step) {
        int capacity = 5000; // at least 1024 for each ray of a pixel
        byte[][] pictures = pictures();
        OptimizerConfig adam = OptimizerConfig.adam().learningRate(0.01).beta1(0.9).beta2(0.99).epsilon(1e-3)
                .l2Regularization(1e-3).build();
        try (RadianceField field = RadianceField.create(device, config, 1);
                Optimizer optimizer = Optimizer.create(field, adam);
                OccupancyGrid grid = sparse(device);
                Views views = Views.create(device, CAMERAS.length)) {
            for (int v = 0; v < CAMERAS.length; v++) {
                views.set(v, CAMERAS[v], pictures[v]);
            }
            Sighting[][] sightings = sightings();
            setPoints(views, sightings);
            int table = Scene.FIELD.grid.parameters();
            float[] parameters = field.parameters();
            System.arraycopy(new Draws(2).uniform(table, -6, 6), 0, parameters, 0, table);
            field.setParameters(parameters);

            Drawn drawn = draw(views, CAMERAS, pictures, losses.depth > 0 ? sightings : null, fixed, perPixel,
                    detail, step, 8000);
            Samples all = grid.march(Scene.SAMPLER, drawn.rays, drawn.jitter, 8000 * 128);
            int rays = 0;
            int hit = 0;
            int marched = 0;
            for (; marched + all.counts()[rays] <= capacity; rays++) {
                hit += all.counts()[rays] > 0 ? 1 : 0;
                marched += all.counts()[rays];
            }
            for (; rays % perPixel != 0; rays--) { // whole pixels only
                hit -= all.counts()[rays - 1] > 0 ? 1 : 0;
                marched -= all.counts()[rays - 1];
            }
            assertTrue(hit > 200 && hit < rays - 200, hit + " of " + rays);

            // The rays that hit something.
            int[] starts = new int[hit];
            int[] counts = new int[hit];
            float[] background = new float[3 * hit];
            float[] target = new float[3 * hit];
            double[] known = new double[hit];
            int[] pixelOf = new int[hit];
            float[] inputs = new float[6 * marched];
            for (int ray = 0, r = 0; ray < rays; ray++) {
                if (all.counts()[ray] > 0) {
                    starts[r] = all.starts()[ray];
                    counts[r] = all.counts()[ray];
                    pixelOf[r] = ray / perPixel;
                    System.arraycopy(drawn.background, 3 * ray, background, 3 * r, 3);
                    System.arraycopy(drawn.target, 3 * ray, target, 3 * r, 3);
                    known[r] = drawn.known[ray];
                    for (int i = starts[r]; i < starts[r] + counts[r]; i++) {
                        System.arraycopy(all.positions(), 3 * i, inputs, 6 * i, 3);
                        System.arraycopy(drawn.rays.directions(), 3 * ray, inputs, 6 * i + 3, 3);
                    }
                    r++;
                }
            }
            Samples samples = new Samples(starts, counts, Arrays.copyOf(all.positions(), 3 * marched),
                    Arrays.copyOf(all.dt(), marched), Arrays.copyOf(all.t(), marched));
            float[] outputs = field.forward(inputs);
            float[] raw = new float[marched];
            float[] colors = new float[3 * marched];
            for (int i = 0; i < marched; i++) {
                System.arraycopy(outputs, 4 * i, colors, 3 * i, 3);
                raw[i] = outputs[4 * i + 3];
            }
            Compositing compositing =
                    Compositing.create(device, CompositingConfig.builder().earlyStop(earlyStop).build());
            // Samples that weigh next to nothing have no colour and no gradients.
            float[] weights = compositing.forward(samples, raw, colors, 3, background).weights();
            int visible = 0;
            for (int i = 0; i < marched; i++) {
                if (weights[i] >= 1e-4f) {
                    visible++;
                } else {
                    Arrays.fill(colors, 3 * i, 3 * i + 3, 0);
                }
            }
            Compositing.Result seen = compositing.forward(samples, raw, colors, 3, background);
            // Squared errors of pixels: of the mean of their rays, those included that met nothing but the background.
            float[] gradient = new float[3 * hit];
            double loss = 0;
            int pixels = 0;
            for (int begin = 0, end; begin < hit; begin = end) {
                for (end = begin + 1; end < hit && pixelOf[end] == pixelOf[begin]; ) {
                    end++;
                }
                pixels++;
                for (int k = 0; k < 3; k++) {
                    double mean = (perPixel - (end - begin)) * (double) background[3 * begin + k];
                    for (int r = begin; r < end; r++) {
                        mean += seen.color()[3 * r + k];
                    }
                    double error = mean / perPixel - target[3 * begin + k];
                    loss += error * error;
                    for (int r = begin; r < end; r++) {
                        gradient[3 * r + k] = (float) (2 * error / perPixel);
                    }
                }
            }
            loss /= 3 * pixels;
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] /= 3 * pixels;
            }
            // A fourth channel whose colours are the slopes of the rays' losses by weights: its slope is theirs.
            float[] asked = new float[4 * marched];
            float[] behind = new float[4 * hit];
            float[] gradients4 = new float[4 * hit];
            for (int i = 0; i < marched; i++) {
                System.arraycopy(colors, 3 * i, asked, 4 * i, 3);
            }
            for (int r = 0; r < hit; r++) {
                rayLosses(samples, r, weights, losses, known[r], asked);
                System.arraycopy(background, 3 * r, behind, 4 * r, 3);
                System.arraycopy(gradient, 3 * r, gradients4, 4 * r, 3);
                behind[4 * r + 3] = known[r] > 0 ? (float) losses.depth : 0;
                gradients4[4 * r + 3] = 1f / (pixels * perPixel);
            }
            Compositing.Gradients back = compositing.backward(samples, raw, asked, 4, behind, gradients4, null, null);
            float[] slopes = new float[4 * marched];
            for (int i = 0; i < marched; i++) {
                if (weights[i] >= 1e-4f) {
                    System.arraycopy(back.values(), 4 * i, slopes, 4 * i, 3);
                    slopes[4 * i + 3] = back.rawDensity()[i];
                }
            }
            field.zeroGradients();
            field.backwardToParameters(inputs, slopes);
            float[] gradients = field.gradients();
            field.zeroGradients();

            TrainerConfig.Builder trained = TrainerConfig.builder().samplesPerStep(capacity).raysPerPixel(perPixel, 0.5)
                    .preferDetail(detail).loss(LossConfig.l2())
                    .distortionLossMult(losses.distortion).depthLossMult(losses.depth)
                    .sampler(Scene.SAMPLER).earlyStop(earlyStop).minViews(0).seed(SEED);
            trained = fixed == null ? trained.randomBackground() : trained.background(fixed[0], fixed[1], fixed[2]);
            try (Trainer trainer = Trainer.create(field, optimizer, grid, views, trained.build())) {
                trainer.step(step, perPixel == 1 ? 0.4 : 0.5);
                StepReport report = trainer.report();
                assertEquals(rays, report.rays());
                assertEquals(hit, report.raysWithSamples());
                assertEquals(marched, report.samplesMarched());
                assertEquals(Arrays.stream(seen.live()).sum(), report.samplesLive());
                assertEquals(visible, report.samplesVisible());
                assertEquals(loss, report.loss(), 1e-5 * loss);
            }
            AdamOracle oracle = new AdamOracle(parameters, 0.9, 0.99, 1e-3, 1e-3, 0);
            oracle.step(1, 0.01, gradients, table);
            int network = table + Scene.FIELD.network.parameters();
            int end = parameters.length;
            FloatBuffer state = FloatBuffer.allocate((int) optimizer.stateSize());
            optimizer.readState(state);
            float[] first = Arrays.copyOf(state.array(), end);
            float[] second = Arrays.copyOfRange(state.array(), end, 2 * end);
            int[] blocks = {0, table, network, end};
            for (int b = 0; b < 3; b++) {
                close(device, "first moments of block " + b, oracle.first, first, blocks[b], blocks[b + 1]);
                close(device, "second moments of block " + b, oracle.second, second, blocks[b], blocks[b + 1]);
                close(device, "parameters of block " + b, oracle.values, field.parameters(), blocks[b], blocks[b + 1]);
            }
        }
    }

    /** Slopes by the weights of a ray's visible samples, into the fourth channel: every pair of them counts. */
    private static void rayLosses(Samples samples, int ray, float[] weights, RayLosses losses, double known, float[] asked) {
        int begin = samples.starts()[ray];
        int end = begin + samples.counts()[ray];
        for (int i = begin; i < end; i++) {
            if (weights[i] < 1e-4f) {
                continue;
            }
            double t = samples.t()[i];
            double sum = weights[i] * samples.dt()[i] / ((1 + t) * (1 + t)) / 3;
            for (int j = begin; j < end; j++) {
                double other = samples.t()[j];
                sum += weights[j] < 1e-4f ? 0 : weights[j] * Math.abs(t / (1 + t) - other / (1 + other));
            }
            double away = known > 0 ? Math.min(1, Math.abs(t - known) / known) : 0;
            asked[4 * i + 3] = (float) (losses.distortion * 2 * sum + losses.depth * away);
        }
    }

    /**
     * The same kernels on the same numbers, but grouped otherwise; and a CPU that multiplies bf16 keeps the gradients of
     * features, of which each parameter of a grid gets many, in that, each off by up to 2^-9.
     */
    private static void close(Device device, String what, double[] expected, float[] actual, int begin, int end) {
        boolean rounded = device.type().equals("cpu") && device.precision().equals("bf16");
        Check.close(what, Arrays.copyOfRange(expected, begin, end), Arrays.copyOfRange(actual, begin, end),
                rounded ? 0x1p-9 : 1e-4);
    }

    /**
     * A ray that must hit something but meets only empty cells is marched through all of them, in steps eight times as
     * long: those of a coarser sampler in a coarser grid.
     */
    @OnEveryDevice
    void aRayThatMustHitSomethingSearchesInLongSteps(Device device) {
        Camera camera = Camera.perspective(1, 1, 1, new Pose(1, 0, 0, .5, 0, 1, 0, .5, 0, 0, 1, 2.4));
        for (int alpha : new int[] {127, 128}) {
            try (RadianceField field = RadianceField.create(device, Scene.FIELD.config(), 1);
                    Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().build());
                    OccupancyGrid empty = OccupancyGrid.create(
                            device, OccupancyConfig.builder().resolution(128).cascades(3).build());
                    OccupancyGrid full = OccupancyGrid.create(
                            device, OccupancyConfig.builder().resolution(16).cascades(3).build());
                    Views views = Views.create(device, 1)) {
                byte[][] picture = {{1, 2, 3, (byte) alpha}};
                views.set(0, camera, picture[0]);
                float[] corner = new float[(int) empty.cells()];
                corner[0] = 1;
                empty.setValues(corner);
                Drawn drawn = draw(views, new Camera[] {camera}, picture, null, new float[3], 1, false, 1, 2000);
                SamplerConfig coarse = SamplerConfig.builder().steps(16).coneAngle(0.8).build();
                Samples samples = full.march(coarse, drawn.rays, drawn.jitter, 2000 * 100);
                int rays = 0;
                int marched = 0;
                for (; marched + samples.counts()[rays] <= 2048; rays++) {
                    marched += samples.counts()[rays];
                }
                try (Trainer trainer = Trainer.create(field, optimizer, empty, views, TrainerConfig.builder()
                        .samplesPerStep(2048).sampler(SamplerConfig.builder().steps(128).coneAngle(0.1).build())
                        .minViews(0).seed(SEED).build())) {
                    trainer.step(1, 0);
                    StepReport report = trainer.report();
                    assertEquals(alpha > 127 ? marched : 0, report.samplesMarched());
                    assertEquals(alpha > 127 ? rays : 8 * 2048, report.rays());
                }
            }
        }
    }
}
