package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import org.eikonal.Activation;
import org.eikonal.Camera;
import org.eikonal.Compositing;
import org.eikonal.CompositingConfig;
import org.eikonal.Device;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.Rays;
import org.eikonal.SamplerConfig;
import org.eikonal.Samples;
import org.eikonal.Sampling;
import org.eikonal.Views;
import org.eikonal.conformance.Devices.OnEveryDevice;

/** A ray that holds what is no number, infinite, huge or denormal crashes nothing and changes no bit of any other ray. */
class HostileRaysTest {
    private static final int RAYS = 19;
    private static final int EACH = 7;
    private static final int BAD = 9;

    /** What is composited, an array a kind of number; all but the last have a row of EACH samples a ray. */
    private record Composited(float[] raw, float[] dt, float[] t, float[] values, float[] background) {
        float[][] arrays() {
            return new float[][] {raw, dt, t, values, background};
        }

        Composited with(int array, float[] other) {
            float[][] all = arrays();
            all[array] = other;
            return new Composited(all[0], all[1], all[2], all[3], all[4]);
        }

        Samples samples() {
            int[] starts = new int[RAYS];
            int[] counts = new int[RAYS];
            for (int ray = 0; ray < RAYS; ray++) {
                starts[ray] = ray * EACH;
                counts[ray] = EACH;
            }
            return new Samples(starts, counts, new float[3 * RAYS * EACH], dt, t);
        }
    }

    @OnEveryDevice
    void raysAreCompositedOnTheirOwn(Device device) {
        Draws draws = new Draws(1);
        Composited good = new Composited(draws.uniform(RAYS * EACH, -2, 2), draws.uniform(RAYS * EACH, 0.01, 0.2),
                draws.uniform(RAYS * EACH, 0, 2), draws.uniform(3 * RAYS * EACH, 0, 1), draws.uniform(3 * RAYS, 0, 1));
        int[] columns = {EACH, EACH, EACH, 3 * EACH, 3};
        for (Activation activation : Activation.values()) {
            Compositing compositing = Compositing.create(
                    device, CompositingConfig.builder().densityActivation(activation).earlyStop(1e-4).build());
            int turn = 0;
            for (float number : Hostile.NUMBERS) {
                for (int array = 0; array < 5; array++) {
                    int column = turn++ % 3 == 0 ? -1 : turn % columns[array];
                    float[] bad = Hostile.put(good.arrays()[array], columns[array], BAD, BAD + 1, column, number);
                    same(activation + " with " + number + " in array " + array + ", column " + column, compositing,
                            good, good.with(array, bad));
                }
            }
        }
    }

    private static void same(String what, Compositing compositing, Composited good, Composited spoilt) {
        Compositing.Result expected =
                compositing.forward(good.samples(), good.raw, good.values, 3, good.background);
        Compositing.Result actual =
                compositing.forward(spoilt.samples(), spoilt.raw, spoilt.values, 3, spoilt.background);
        Hostile.othersEqual(what, expected.color(), actual.color(), 3, BAD, BAD + 1);
        Hostile.othersEqual(what, expected.opacity(), actual.opacity(), 1, BAD, BAD + 1);
        Hostile.othersEqual(what, expected.depth(), actual.depth(), 1, BAD, BAD + 1);
        Hostile.othersEqual(what, expected.weights(), actual.weights(), EACH, BAD, BAD + 1);
        int live = actual.live()[BAD];
        assertTrue(live >= 0 && live <= EACH, what + ": " + live + " live samples");
        actual.live()[BAD] = expected.live()[BAD];
        assertArrayEquals(expected.live(), actual.live(), what);

        Draws draws = new Draws(2);
        float[] color = draws.uniform(3 * RAYS, -1, 1);
        float[] opacity = draws.uniform(RAYS, -1, 1);
        float[] depth = draws.uniform(RAYS, -1, 1);
        Compositing.Gradients back = compositing.backward(
                good.samples(), good.raw, good.values, 3, good.background, color, opacity, depth);
        Compositing.Gradients spoiltBack = compositing.backward(
                spoilt.samples(), spoilt.raw, spoilt.values, 3, spoilt.background, color, opacity, depth);
        Hostile.othersEqual(what, back.rawDensity(), spoiltBack.rawDensity(), EACH, BAD, BAD + 1);
        Hostile.othersEqual(what, back.values(), spoiltBack.values(), 3 * EACH, BAD, BAD + 1);
        Hostile.othersEqual(what, back.background(), spoiltBack.background(), 3, BAD, BAD + 1);
    }

    @OnEveryDevice
    void raysOfCamerasAreOnTheirOwn(Device device) {
        Camera[] cameras = {
            Scene.camera(0),
            new Camera(64, 48, Lens.PERSPECTIVE, 40, 41, 32, 24, new Distortion(.1f, -.05f, .01f, 0, .002f, -.003f),
                    Scene.camera(1).pose()),
            new Camera(64, 48, Lens.FISHEYE, 20, 21, 32, 24, new Distortion(.02f, -.01f, .003f, -.0005f, 0, 0),
                    Scene.camera(2).pose())
        };
        float[] pixels = new Draws(3).uniform(2 * 97, 0, 48);
        try (Views views = Views.create(device, 3)) {
            for (int view = 0; view < 3; view++) {
                views.setCamera(view, cameras[view]);
                int[] own = new int[97];
                Arrays.fill(own, view);
                Rays expected = views.rays(own, pixels);
                for (float number : Hostile.NUMBERS) {
                    for (int column = -1; column < 2; column++) {
                        String what = "view " + view + " with " + number + " in column " + column;
                        Rays actual = views.rays(own, Hostile.put(pixels, 2, 50, 51, column, number));
                        Hostile.othersEqual(what, expected.origins(), actual.origins(), 3, 50, 51);
                        Hostile.othersEqual(what, expected.directions(), actual.directions(), 3, 50, 51);
                    }
                }
            }
        }
    }

    /** Origins and jitter may be anything; a direction has to be a unit vector, and the error says which is none. */
    @OnEveryDevice
    void raysAreMarchedOnTheirOwn(Device device) {
        Draws draws = new Draws(4);
        float[] origins = draws.uniform(3 * 97, 0.1, 0.9);
        float[] directions = draws.directions(97);
        float[] jitter = draws.uniform(97, 0, 1);
        try (OccupancyGrid grid = OccupancyGrid.create(
                device, OccupancyConfig.builder().resolution(16).cascades(2).threshold(0.01).build())) {
            for (boolean updated : new boolean[] {false, true}) {
                for (double cone : new double[] {0, 1 / 64.0}) {
                    SamplerConfig sampler = SamplerConfig.builder().steps(64).coneAngle(cone).near(0.05).build();
                    Samples expected = grid.march(sampler, new Rays(origins, directions), jitter, 1 << 16);
                    for (float number : Hostile.NUMBERS) {
                        for (int column = -1; column < 3; column++) {
                            float[] bad = Hostile.put(origins, 3, 50, 51, column, number);
                            sameSamples("origin with " + number, expected,
                                    grid.march(sampler, new Rays(bad, directions), jitter, 1 << 16));
                            refused(grid, sampler,
                                    new Rays(origins, Hostile.put(directions, 3, 50, 51, column, number)), jitter);
                        }
                        sameSamples("jitter " + number, expected, grid.march(sampler, new Rays(origins, directions),
                                Hostile.put(jitter, 1, 50, 51, 0, number), 1 << 16));
                    }
                }
                float[] cells = new float[(int) grid.cells()];
                for (int i = 0; i < cells.length; i++) {
                    cells[i] = draws.below(3);
                }
                grid.setValues(cells);
            }
        }
    }

    private static void sameSamples(String what, Samples expected, Samples actual) {
        for (int ray = 0; ray < expected.rays(); ray++) {
            if (ray != 50) {
                int count = expected.counts()[ray];
                int from = expected.starts()[ray];
                int to = actual.starts()[ray];
                assertEquals(count, actual.counts()[ray], what + ", ray " + ray);
                assertArrayEquals(Arrays.copyOfRange(expected.t(), from, from + count),
                        Arrays.copyOfRange(actual.t(), to, to + count), what + ", ray " + ray);
                assertArrayEquals(Arrays.copyOfRange(expected.dt(), from, from + count),
                        Arrays.copyOfRange(actual.dt(), to, to + count), what + ", ray " + ray);
                assertArrayEquals(Arrays.copyOfRange(expected.positions(), 3 * from, 3 * (from + count)),
                        Arrays.copyOfRange(actual.positions(), 3 * to, 3 * (to + count)), what + ", ray " + ray);
            }
        }
    }

    /** A direction that is not of unit length is refused; one number of it that hardly changes it is not. */
    private static void refused(OccupancyGrid grid, SamplerConfig sampler, Rays rays, float[] jitter) {
        double[] direction = Draws.row(rays.directions(), 50, 3);
        double length = Math.hypot(Math.hypot(direction[0], direction[1]), direction[2]);
        try {
            grid.march(sampler, rays, jitter, 1 << 16);
            if (!(Math.abs(length - 1) < 0.02)) {
                fail("marched along " + Arrays.toString(direction));
            }
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().contains("ray 50"), e.getMessage());
        }
    }

    @OnEveryDevice
    void raysAreResampledOnTheirOwn(Device device) {
        int bins = 5;
        int samples = 8;
        Draws draws = new Draws(5);
        float[] edges = new float[RAYS * (bins + 1)];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = i % (bins + 1) + i / (bins + 1);
        }
        float[] weights = draws.uniform(RAYS * bins, 0, 1);
        float[] jitter = draws.uniform(RAYS * samples, 0, 1);
        Sampling sampling = Sampling.create(device);
        float[] expected = sampling.inverseCdf(edges, weights, bins, samples, jitter);
        int turn = 0;
        for (float number : Hostile.NUMBERS) {
            for (int repeat = 0; repeat < 9; repeat++, turn++) {
                String what = number + " once more, " + turn;
                float[] badEdges = Hostile.put(edges, bins + 1, BAD, BAD + 1, turn % (bins + 2) - 1, number);
                float[] badWeights = Hostile.put(weights, bins, BAD, BAD + 1, turn % (bins + 1) - 1, number);
                float[] badJitter = Hostile.put(jitter, samples, BAD, BAD + 1, turn % (samples + 1) - 1, number);
                Hostile.othersEqual(what, expected, sampling.inverseCdf(edges, weights, bins, samples, badJitter), samples,
                        BAD, BAD + 1);
                float[] t = sampling.inverseCdf(edges, badWeights, bins, samples, jitter);
                Hostile.othersEqual(what, expected, t, samples, BAD, BAD + 1);
                // Weights that are not finite count nothing: the ray's samples stay within its edges, and in order.
                for (int i = BAD * samples; i < (BAD + 1) * samples; i++) {
                    assertTrue(t[i] >= BAD && t[i] <= BAD + bins, what + ": a sample at " + t[i]);
                    assertTrue(i == BAD * samples || t[i] >= t[i - 1], what + ": a sample at " + t[i]);
                }
                // Edges that are not finite, or do not ascend, are refused.
                try {
                    t = sampling.inverseCdf(badEdges, badWeights, bins, samples, badJitter);
                    Hostile.othersEqual(what, expected, t, samples, BAD, BAD + 1);
                    Check.finite(what, badEdges);
                } catch (IllegalArgumentException e) {
                    assertTrue(e.getMessage().contains("ray " + BAD), e.getMessage());
                }
            }
        }
    }
}
