package org.eikonal.conformance;

import org.eikonal.Device;
import org.eikonal.Encoding;
import org.eikonal.EncodingConfig;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.junit.jupiter.api.Test;

/** Triangle waves of octaves, as exact for the highest octave as for the lowest. */
class TriangleWaveTest {
    private static final float[] NONE = {};
    private static final int HIGHEST = 32;

    /** Multiples of 2^-10 lie on corners and on both sides of them; all sums are exact in fp32. */
    @OnEveryDevice
    void cornersAndTheirSlopesComeOutToTheLastBit(Device device) {
        int turn = 0;
        for (int inputs : new int[] {1, 2, 3, 5}) {
            for (int frequencies : new int[] {1, 2, 5, 12, 20}) {
                for (int n : new int[] {0, 1, 17, 97}) {
                    TriangleWaveOracle oracle = new TriangleWaveOracle(inputs, frequencies);
                    Draws draws = new Draws(turn++);
                    try (Encoding encoding = encoding(device, oracle)) {
                        ModelCheck.exact(n + " points, " + oracle, encoding, oracle, NONE,
                                draws.multiples(n * inputs, 0x1p-10, -2048, 2048),
                                draws.multiples(n * oracle.outputs(), 1, -1, 1));
                    }
                }
            }
        }
    }

    @OnEveryDevice
    void everyFrequencyIsAccurate(Device device) {
        float[] odd = {0, -0.0f, 0.5f, -0.25f, 1, -1, Math.nextUp(0.5f), Math.nextDown(0.5f), Math.nextDown(1f),
            Math.nextUp(-1f), 0x1p-20f, -0x1p-33f, 1e-30f, -1e-30f, 1234.567f, -98765.43f, 0x1p22f + 0.5f, 0x1p23f + 1,
            -0x1p24f + 1, 3e9f, -4e15f, 1e30f, -1e30f};
        TriangleWaveOracle oracle = new TriangleWaveOracle(1, HIGHEST);
        Draws draws = new Draws(1);
        try (Encoding encoding = encoding(device, oracle)) {
            for (float[] points : new float[][] {draws.uniform(4999, 0, 1), draws.uniform(769, -100, 100), odd}) {
                double[] expected = new double[points.length * HIGHEST];
                for (int i = 0; i < points.length; i++) {
                    System.arraycopy(oracle.forward(null, new double[] {points[i]}), 0, expected, i * HIGHEST, HIGHEST);
                }
                Check.within("outputs", expected, encoding.forward(points), 1e-6);
                for (int f = 0; f < HIGHEST; f++) {
                    slopesOfOneFrequency(encoding, oracle, points, f, draws);
                }
            }
        }
    }

    /** The gradient through one wave is a power of two times what comes; of all, the highest would drown the rest. */
    private static void slopesOfOneFrequency(
            Encoding encoding, TriangleWaveOracle oracle, float[] points, int f, Draws draws) {
        float[] slopes = new float[points.length * HIGHEST];
        double[] expected = new double[points.length];
        for (int i = 0; i < points.length; i++) {
            // On which side of a kink such a point lies is a matter of rounding.
            slopes[i * HIGHEST + f] = oracle.distanceToKink(f, points[i]) < 1e-6 ? 0 : draws.uniform(1, -1, 1)[0];
            expected[i] = oracle.backward(null, new double[] {points[i]}, Draws.row(slopes, i, HIGHEST), null)[0];
        }
        Check.within("slopes of frequency " + f, expected, encoding.backwardToInputs(points, slopes), 0);
    }

    @Test
    void theOraclesDerivativesAreFiniteDifferences() {
        TriangleWaveOracle oracle = new TriangleWaveOracle(3, 6);
        Draws draws = new Draws(2);
        // Odd multiples of 2^-12 stay away from the corners, which lie at multiples of 2^-7.
        for (int i = 0; i < 20; i++) {
            double[] x = Draws.wide(draws.multiples(3, 0x1p-11, -2048, 2048));
            for (int k = 0; k < 3; k++) {
                x[k] += 0x1p-12;
            }
            ModelCheck.differences("point " + i, oracle, new double[0], x,
                    Draws.wide(draws.uniform(oracle.outputs(), -1, 1)));
        }
    }

    private static Encoding encoding(Device device, TriangleWaveOracle oracle) {
        return Encoding.create(device, EncodingConfig.triangleWave(oracle.frequencies()), oracle.inputs(), 0);
    }
}
