package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import org.eikonal.Activation;
import org.eikonal.Compositing;
import org.eikonal.CompositingConfig;
import org.eikonal.Device;
import org.eikonal.Samples;
import org.eikonal.conformance.Devices.OnEveryDevice;

/** Compositing of packed samples, at fp32 on every device. */
class CompositingTest {
    private static final int[][] COUNTS = {
        {}, {0}, {1}, {0, 0, 5, 0}, {17}, {96, 0, 1, 97, 3}, counts(100)
    };

    private static int[] counts(int rays) {
        int[] counts = new int[rays];
        for (int i = 0; i < rays; i++) {
            counts[i] = i * 7 % 13;
        }
        return counts;
    }

    /** Rays of so many samples each, with a gap of samples between rays that belongs to none. */
    private static Samples samples(int[] counts, Draws draws) {
        int[] starts = new int[counts.length];
        int at = 0;
        for (int i = 0; i < counts.length; i++) {
            starts[i] = at;
            at += counts[i] + (i == 2 ? 5 : 0);
        }
        float[] t = draws.uniform(at, 0, 2);
        return new Samples(starts, counts, new float[3 * at], draws.uniform(at, 0.001, 0.1), t);
    }

    @OnEveryDevice
    void valuesAndGradientsAreThoseOfTheFormula(Device device) {
        int turn = 0;
        for (int[] counts : COUNTS) {
            for (int channels : new int[] {1, 3, 7}) {
                for (Activation activation : new Activation[] {Activation.EXPONENTIAL, Activation.SOFTPLUS}) {
                    check(device, counts, channels, activation, 1e-4, turn++ % 3 != 0);
                }
            }
        }
    }

    /** Densities that let every ray through, or stop some rays early: far enough apart for rounding not to decide. */
    private static void check(
            Device device, int[] counts, int channels, Activation activation, double earlyStop, boolean background) {
        Draws draws = new Draws(counts.length + channels);
        Samples samples = samples(counts, draws);
        int m = samples.count();
        int n = counts.length;
        float[] raw = draws.uniform(m, -3, 3);
        for (int i = 0; i < m; i += 11) {
            raw[i] = 6;
        }
        float[] values = draws.uniform(m * channels, -1, 1);
        float[] behind = background ? draws.uniform(n * channels, 0, 1) : null;
        CompositingOracle oracle = new CompositingOracle(activation, earlyStop);
        CompositingOracle.Inputs in = new CompositingOracle.Inputs(
                Draws.wide(raw), Draws.wide(values), behind == null ? null : Draws.wide(behind));
        Compositing compositing = compositing(device, activation, earlyStop);
        String what = Arrays.toString(counts) + " of " + channels + ", " + activation;

        CompositingOracle.Outputs expected = oracle.forward(samples, channels, in);
        Compositing.Result result = compositing.forward(samples, raw, values, channels, behind);
        Check.within(what + ", colour", expected.color(), result.color(), 1e-6);
        Check.within(what + ", opacity", expected.opacity(), result.opacity(), 1e-6);
        Check.within(what + ", depth", expected.depth(), result.depth(), 2e-6);
        Check.within(what + ", weights", expected.weights(), result.weights(), 1e-6);
        assertArrayEquals(expected.live(), result.live(), what);

        float[] colorSlopes = draws.uniform(n * channels, -1, 1);
        float[] opacitySlopes = draws.uniform(n, -1, 1);
        float[] depthSlopes = draws.uniform(n, -1, 1);
        Compositing.Gradients back = compositing.backward(
                samples, raw, values, channels, behind, colorSlopes, opacitySlopes, depthSlopes);
        Check.within(what + ", by raw density", oracle.differences(samples, channels, in, in.rawDensity(), 1,
                Draws.wide(colorSlopes), Draws.wide(opacitySlopes), Draws.wide(depthSlopes)), back.rawDensity(), 1e-5);
        Check.within(what + ", by values", oracle.differences(samples, channels, in, in.values(), channels,
                Draws.wide(colorSlopes), Draws.wide(opacitySlopes), Draws.wide(depthSlopes)), back.values(), 1e-6);
        if (background) {
            Check.within(what + ", by background", oracle.differences(samples, channels, in, in.background(), channels,
                    Draws.wide(colorSlopes), Draws.wide(opacitySlopes), Draws.wide(depthSlopes)), back.background(), 1e-6);
        } else {
            assertNull(back.background());
        }
        Compositing.Gradients plain = compositing.backward(
                samples, raw, values, channels, behind, colorSlopes, null, null);
        Check.within(what + ", by raw density from colour alone", oracle.differences(samples, channels, in,
                in.rawDensity(), 1, Draws.wide(colorSlopes), new double[n], new double[n]), plain.rawDensity(), 1e-5);
    }

    @OnEveryDevice
    void densitiesOneTwoThreeHaveTheGoldenWeights(Device device) {
        float[] raw = {0, (float) Math.log(2), (float) Math.log(3)};
        Samples samples = new Samples(
                new int[1], new int[] {3}, new float[9], new float[] {1, 1, 1}, new float[] {0.5f, 1.5f, 2.5f});
        Compositing.Result result = compositing(device, Activation.EXPONENTIAL, 1e-4)
                .forward(samples, raw, new float[] {1, 10, 100}, 1, null);
        Check.within("weights", new double[] {.63212055, .31809238, .04730831}, result.weights(), 1e-7);
        assertEquals(.63212055 + 3.1809238 + 4.730831, result.color()[0], 1e-6);
        assertEquals(.63212055 * .5 + .31809238 * 1.5 + .04730831 * 2.5, result.depth()[0], 1e-6);
        assertEquals(1 - Math.exp(-6), result.opacity()[0], 1e-6);
    }

    @OnEveryDevice
    void aRayWithoutSamplesSeesTheBackground(Device device) {
        Samples none = new Samples(new int[2], new int[2], new float[0], new float[0], new float[0]);
        Compositing.Result result = compositing(device, Activation.EXPONENTIAL, 1e-4)
                .forward(none, new float[0], new float[0], 2, new float[] {1, 2, 3, 4});
        assertArrayEquals(new float[] {1, 2, 3, 4}, result.color());
        assertArrayEquals(new float[2], result.opacity());
        assertArrayEquals(new int[2], result.live());
        Compositing.Gradients back = compositing(device, Activation.EXPONENTIAL, 1e-4).backward(
                none, new float[0], new float[0], 2, new float[] {1, 2, 3, 4}, new float[] {5, 6, 7, 8}, null, null);
        assertArrayEquals(new float[] {5, 6, 7, 8}, back.background());
    }

    @OnEveryDevice
    void samplesBehindAnEarlyStopCountNothing(Device device) {
        // Each sample lets e^-1 through: after five of them less than 0.01 is left.
        float[] raw = new float[10];
        float[] ones = new float[10];
        Arrays.fill(ones, 1);
        Samples samples = new Samples(new int[1], new int[] {10}, new float[30], ones, ones);
        Compositing compositing = compositing(device, Activation.EXPONENTIAL, 0.01);
        Compositing.Result result = compositing.forward(samples, raw, ones, 1, null);
        assertEquals(5, result.live()[0]);
        assertEquals(1 - Math.exp(-5), result.opacity()[0], 1e-6);
        Compositing.Gradients back = compositing.backward(
                samples, raw, ones, 1, null, new float[] {1}, new float[] {1}, new float[] {1});
        for (int i = 5; i < 10; i++) {
            assertEquals(0, result.weights()[i]);
            assertEquals(0, back.rawDensity()[i]);
            assertEquals(0, back.values()[i]);
        }
        assertEquals(10, compositing(device, Activation.EXPONENTIAL, 0).forward(samples, raw, ones, 1, null).live()[0]);
    }

    /** The exponential is clamped at 15 either way; its slope there is that of the clamped point. */
    @OnEveryDevice
    void valuesAndGradientsStayFiniteForRawDensitiesOfHundreds(Device device) {
        for (double earlyStop : new double[] {0, 1e-4}) {
            for (double dt : new double[] {1e-7, 1e-3, 1, 1e3}) {
                for (int pattern = 0; pattern < 64; pattern++) {
                    float[] raw = new float[6];
                    for (int i = 0; i < 6; i++) {
                        raw[i] = (pattern >> i & 1) == 1 ? 100 : -100;
                    }
                    float[] steps = new float[6];
                    Arrays.fill(steps, (float) dt);
                    float[] values = {1, -1, 1, 1, -1, 1};
                    float[] t = {1, 2, 3, 4, 5, 6};
                    Samples samples = new Samples(new int[1], new int[] {6}, new float[18], steps, t);
                    Compositing compositing = compositing(device, Activation.EXPONENTIAL, earlyStop);
                    CompositingOracle.Outputs expected = new CompositingOracle(Activation.EXPONENTIAL, earlyStop).forward(
                            samples, 1, new CompositingOracle.Inputs(Draws.wide(raw), Draws.wide(values), null));
                    String what = Arrays.toString(raw) + " over " + dt;
                    Compositing.Result result = compositing.forward(samples, raw, values, 1, null);
                    Check.within(what, expected.weights(), result.weights(), 1e-6);
                    Compositing.Gradients back = compositing.backward(
                            samples, raw, values, 1, null, new float[] {1}, new float[] {1}, new float[] {1});
                    Check.finite(what, back.rawDensity());
                    // d/d raw = sigma dt (T w' - what is behind): at most sigma dt e^(-sigma dt) times the largest slopes.
                    for (float g : back.rawDensity()) {
                        assertEquals(0, g, 16, what);
                    }
                }
            }
        }
    }

    private static Compositing compositing(Device device, Activation activation, double earlyStop) {
        return Compositing.create(
                device, CompositingConfig.builder().densityActivation(activation).earlyStop(earlyStop).build());
    }
}
