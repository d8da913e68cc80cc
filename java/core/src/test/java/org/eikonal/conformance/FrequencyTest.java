package org.eikonal.conformance;

import org.eikonal.Device;
import org.eikonal.Encoding;
import org.eikonal.EncodingConfig;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.junit.jupiter.api.Test;

/** Sines and cosines of octaves, as exact for the highest octave as for the lowest. */
class FrequencyTest {
    private static final float[] NONE = {};
    private static final int HIGHEST = 32;

    @OnEveryDevice
    void valuesAndGradientsAreThoseOfTheOracle(Device device) {
        int turn = 0;
        for (int inputs : new int[] {1, 2, 3, 5}) {
            for (int frequencies : new int[] {1, 2, 6, 12}) {
                for (int n : new int[] {0, 1, 17, 97}) {
                    Draws draws = new Draws(turn++);
                    check(device, new FrequencyOracle(inputs, frequencies), draws.uniform(n * inputs, -2, 2), draws);
                }
            }
        }
        Draws draws = new Draws(turn);
        check(device, new FrequencyOracle(3, 10), draws.uniform(3 * 4999, 0, 1), draws);
    }

    private static void check(Device device, FrequencyOracle oracle, float[] points, Draws draws) {
        try (Encoding encoding = encoding(device, oracle)) {
            float[] slopes = draws.uniform(points.length * 2 * oracle.frequencies(), -1, 1);
            ModelCheck.close(oracle.toString(), encoding, oracle, NONE, points, slopes, 1e-6);
        }
    }

    @OnEveryDevice
    void everyFrequencyIsAccurate(Device device) {
        // Whole numbers, halves, their neighbours, and numbers so large that only whole turns are left of them.
        float[] odd = {0, -0.0f, 0.5f, -0.5f, 1, -1, 1.5f, Math.nextUp(0.5f), Math.nextDown(0.5f), Math.nextDown(1f),
            Math.nextUp(-1f), 0x1p-20f, -0x1p-31f, 1e-30f, Float.MIN_NORMAL, 3, 1234.567f, -98765.43f, 0x1p22f + 0.5f,
            0x1p23f + 1, -0x1p24f + 1, 0x1p24f, 3e9f, -4e15f, 1e30f, -1e30f, Float.MAX_VALUE};
        FrequencyOracle oracle = new FrequencyOracle(1, HIGHEST);
        Draws draws = new Draws(1);
        try (Encoding encoding = encoding(device, oracle)) {
            for (float[] points : new float[][] {draws.uniform(769, 0, 1), draws.uniform(769, -100, 100), odd}) {
                double[] expected = new double[points.length * 2 * HIGHEST];
                for (int i = 0; i < points.length; i++) {
                    System.arraycopy(oracle.forward(null, new double[] {points[i]}), 0, expected, i * 2 * HIGHEST,
                            2 * HIGHEST);
                }
                Check.within("outputs", expected, encoding.forward(points), 1e-6);
                for (int f = 0; f < HIGHEST; f++) {
                    slopesOfOneFrequency(encoding, oracle, points, f, draws);
                }
            }
        }
    }

    /** The gradient through one sine and its cosine: through all of them the highest would drown the others. */
    private static void slopesOfOneFrequency(
            Encoding encoding, FrequencyOracle oracle, float[] points, int f, Draws draws) {
        float[] slopes = new float[points.length * 2 * HIGHEST];
        double[] expected = new double[points.length];
        for (int i = 0; i < points.length; i++) {
            System.arraycopy(draws.uniform(2, -1, 1), 0, slopes, (i * HIGHEST + f) * 2, 2);
            expected[i] = oracle.backward(null, new double[] {points[i]}, Draws.row(slopes, i, 2 * HIGHEST), null)[0];
        }
        Check.within("slopes of frequency " + f, expected, encoding.backwardToInputs(points, slopes),
                1e-6 * Math.scalb(Math.PI, f));
    }

    @Test
    void theOraclesDerivativesAreFiniteDifferences() {
        FrequencyOracle oracle = new FrequencyOracle(3, 6);
        Draws draws = new Draws(2);
        for (int i = 0; i < 20; i++) {
            ModelCheck.differences("point " + i, oracle, new double[0], Draws.wide(draws.uniform(3, -2, 2)),
                    Draws.wide(draws.uniform(oracle.outputs(), -1, 1)));
        }
    }

    private static Encoding encoding(Device device, FrequencyOracle oracle) {
        return Encoding.create(device, EncodingConfig.frequency(oracle.frequencies()), oracle.inputs(), 0);
    }
}
