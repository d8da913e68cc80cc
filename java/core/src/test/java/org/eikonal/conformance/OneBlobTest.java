package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.eikonal.Device;
import org.eikonal.Encoding;
import org.eikonal.EncodingConfig;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.junit.jupiter.api.Test;

class OneBlobTest {
    private static final float[] NONE = {};
    private static final int[] BINS = {1, 2, 3, 4, 16, 63, 64, 255, 256};

    /**
     * How far a value may be off. The distance from a bin's end is rounded at most three times (k/B, less x, a period
     * more) to 2^-24, and times B stands where the kernel is at most 15/16; a bin has two ends. The rest is roundings of
     * the polynomial.
     */
    private static double tolerance(int bins) {
        return 1e-6 + 6 * 0x1p-24 * bins;
    }

    @OnEveryDevice
    void valuesAndGradientsAreThoseOfTheOracleInsideAndOutside(Device device) {
        int turn = 0;
        for (int bins : BINS) {
            for (int inputs : new int[] {1, 2, 5}) {
                for (int n : new int[] {0, 1, 17, 97}) {
                    Draws draws = new Draws(turn);
                    // Within [0,1] and, every other time, one period and more to either side of it.
                    float[] points = turn++ % 2 == 0
                            ? draws.uniform(n * inputs, 0, 1) : draws.uniform(n * inputs, -2.5, 3.5);
                    check(device, new OneBlobOracle(inputs, bins), points, draws);
                }
            }
        }
    }

    @OnEveryDevice
    void bordersOfBinsAndFarPlacesAreFine(Device device) {
        for (int bins : BINS) {
            float[] points = new float[2 * bins + 14];
            for (int i = 0; i < 2 * bins; i++) {
                points[i] = (float) (0.5 * i / bins);
            }
            float[] far = {1, -0.0f, -1, 2, Math.nextDown(1f), Math.nextUp(1f), -Float.MIN_NORMAL, 100, -100, 1e10f,
                -1e10f, 1e30f, -1e30f, -Float.MAX_VALUE};
            System.arraycopy(far, 0, points, 2 * bins, far.length);
            check(device, new OneBlobOracle(1, bins), points, new Draws(bins));
        }
    }

    private static void check(Device device, OneBlobOracle oracle, float[] points, Draws draws) {
        try (Encoding encoding = encoding(device, oracle)) {
            float[] slopes = draws.uniform(points.length * oracle.bins(), -1, 1);
            // A gradient is B times the kernel, whose slope is at most 1.5, at the ends of the three bins a blob meets.
            ModelCheck.check(oracle.toString(), encoding, oracle, NONE, points, slopes,
                    (what, e, a) -> Check.within(what, e, a,
                            tolerance(oracle.bins()) * (what.endsWith("inputs") ? 3 * 1.5 * oracle.bins() : 1)));
        }
    }

    @OnEveryDevice
    void binsSumToOneWithinTheUnitInterval(Device device) {
        for (int bins : BINS) {
            float[] points = new Draws(bins).uniform(769, 0, 1);
            points[0] = 0;
            points[1] = 1;
            try (Encoding encoding = encoding(device, new OneBlobOracle(1, bins))) {
                float[] values = encoding.forward(points);
                for (int i = 0; i < points.length; i++) {
                    double sum = 0;
                    for (int k = 0; k < bins; k++) {
                        sum += values[i * bins + k];
                        assertEquals(0.5, values[i * bins + k], 0.5 + tolerance(bins));
                    }
                    // At most three bins are not 0.
                    assertEquals(1, sum, 3 * tolerance(bins), bins + " bins of " + points[i]);
                }
            }
        }
    }

    @OnEveryDevice
    void aBlobAtOneBorderShowsAtTheOther(Device device) {
        try (Encoding encoding = encoding(device, new OneBlobOracle(1, 4))) {
            // A blob about a border lies half on either side of it.
            Check.within("0", new double[] {0.5, 0, 0, 0.5}, encoding.forward(new float[] {0}), 1e-6);
            Check.within("1", new double[] {0.5, 0, 0, 0.5}, encoding.forward(new float[] {1}), 1e-6);
            // In the middle of a bin half the radius is left on either side: 2 (15/16) (1/2 - 1/12 + 1/160) = 0.79296875.
            Check.within("1/8", new double[] {0.79296875, 0.103515625, 0, 0.103515625},
                    encoding.forward(new float[] {0.125f}), 1e-6);
        }
    }

    @Test
    void theOraclesDerivativesAreFiniteDifferences() {
        for (int bins : new int[] {1, 3, 16}) {
            OneBlobOracle oracle = new OneBlobOracle(2, bins);
            Draws draws = new Draws(bins);
            for (int i = 0; i < 20; i++) {
                ModelCheck.differences(bins + " bins, point " + i, oracle, new double[0],
                        Draws.wide(draws.uniform(2, -0.5, 1.5)), Draws.wide(draws.uniform(oracle.outputs(), -1, 1)));
            }
        }
    }

    private static Encoding encoding(Device device, OneBlobOracle oracle) {
        return Encoding.create(device, EncodingConfig.oneBlob(oracle.bins()), oracle.inputs(), 0);
    }
}
