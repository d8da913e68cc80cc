package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import org.eikonal.Device;
import org.eikonal.Encoding;
import org.eikonal.EncodingConfig;
import org.eikonal.conformance.CompositeOracle.Part;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.junit.jupiter.api.Test;

/** Waves on average over Gaussians, and what contracts Gaussians before. */
class IntegratedFrequencyTest {
    private static final String[] BASES = {"Axes", "Icosahedron"};
    private static final String[] CONTRACTIONS = {"None", "L2", "LInfinity"};
    private static final float[] NONE = {};

    private static Encoding encoding(Device device, IntegratedFrequencyOracle oracle) {
        return Encoding.create(device, oracle.config(), 9, 0);
    }

    /** {@code [n][9]}: means in a cube about the origin, covariances A A^T of all sizes up to about width^2. */
    private static float[] gaussians(int n, double far, double width, Draws draws) {
        float[] out = new float[9 * n];
        for (int g = 0; g < n; g++) {
            System.arraycopy(draws.uniform(3, -far, far), 0, out, 9 * g, 3);
            float[] a = draws.uniform(9, -width, width);
            double size = Math.pow(10, draws.uniform(1, -4, 0)[0]);
            for (int i = 0, at = 9 * g + 3; i < 3; i++) {
                for (int j = i; j < 3; j++, at++) {
                    for (int k = 0; k < 3; k++) {
                        out[at] += (float) (size * a[3 * i + k] * a[3 * j + k]);
                    }
                }
            }
        }
        return out;
    }

    /** Means and covariances each to their own scale. */
    private static float[] part(float[] rows, int first, int count) {
        float[] out = new float[rows.length / 9 * count];
        for (int i = 0; i < out.length; i++) {
            out[i] = rows[i / count * 9 + first + i % count];
        }
        return out;
    }

    private static void check(Device device, IntegratedFrequencyOracle oracle, float[] gaussians, double tolerance) {
        int n = gaussians.length / 9;
        float[] slopes = new Draws(n).uniform(n * oracle.outputs(), -1, 1);
        float[] expected = new float[gaussians.length];
        for (int i = 0; i < n; i++) {
            double[] back = oracle.backward(null, Draws.row(gaussians, i, 9), Draws.row(slopes, i, oracle.outputs()),
                    null);
            for (int k = 0; k < 9; k++) {
                expected[9 * i + k] = (float) back[k];
            }
        }
        try (Encoding encoding = encoding(device, oracle)) {
            ModelCheck.close(oracle.toString(), encoding, oracle, NONE, gaussians, slopes, tolerance);
            float[] back = encoding.backward(gaussians, slopes);
            Check.close(oracle + " by means", Draws.wide(part(expected, 0, 3)), part(back, 0, 3), tolerance);
        }
    }

    @OnEveryDevice
    void valuesAndGradientsAreThoseOfTheOracle(Device device) {
        int turn = 0;
        for (String contraction : CONTRACTIONS) {
            for (String basis : BASES) {
                for (int frequencies : new int[] {1, 5}) {
                    for (int n : new int[] {0, 1, 17}) {
                        check(device, new IntegratedFrequencyOracle(basis, frequencies, contraction),
                                gaussians(n, 3, 0.5, new Draws(turn++)), 1e-5);
                    }
                }
            }
            check(device, new IntegratedFrequencyOracle("Axes", 4, contraction),
                    gaussians(97, 3, 0.5, new Draws(turn)), 1e-5);
        }
    }

    @OnEveryDevice
    void aLargeBatchIsItsPointsOneByOne(Device device) {
        try (Encoding encoding = encoding(device, new IntegratedFrequencyOracle("Axes", 2, "L2"))) {
            int n = Devices.emulated(device) ? 300 : 4999;
            float[] gaussians = gaussians(n, 3, 0.5, new Draws(1));
            float[] slopes = new Draws(2).uniform(n * 12, -1, 1);
            float[] out = encoding.forward(gaussians);
            float[] back = encoding.backward(gaussians, slopes);
            for (int i : new int[] {0, n / 2, n - 1}) {
                float[] own = Arrays.copyOfRange(gaussians, 9 * i, 9 * i + 9);
                assertArrayEquals(encoding.forward(own), Arrays.copyOfRange(out, 12 * i, 12 * i + 12));
                assertArrayEquals(encoding.backward(own, Arrays.copyOfRange(slopes, 12 * i, 12 * i + 12)),
                        Arrays.copyOfRange(back, 9 * i, 9 * i + 9));
            }
        }
    }

    @OnEveryDevice
    void goldenValues(Device device) {
        try (Encoding encoding = encoding(device, new IntegratedFrequencyOracle("Axes", 3, "None"))) {
            float[] out = encoding.forward(new float[] {0.5f, 0.5f, 0.5f, 0.25f, 0, 0, 0.25f, 0, 0.25f});
            double[] waves = {0.42309156, 0.51037794, 0.12306002, 0.77446383, 0.32770982, -0.05631937};
            double[] expected = new double[18];
            for (int i = 0; i < 18; i++) {
                expected[i] = waves[i / 3];
            }
            Check.within("mean 0.5, variance 0.25", expected, out, 3e-7);
        }
        try (Encoding encoding = encoding(device, new IntegratedFrequencyOracle("Axes", 1, "L2"))) {
            float[] out = encoding.forward(new float[] {3, 4, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0, 1, 0, 1});
            for (int i = 0; i < 3; i++) {
                assertEquals(new double[] {1.08, 1.44, 0}[i], Math.atan2(out[i], out[3 + i]), 1e-6,
                        "contract(3, 4, 0)");
                // With J = diag(0.25, 0.75, 0.75) at (2, 0, 0), variances of 1 become J J^T.
                double variance = -2 * Math.log(Math.hypot(out[6 + i], out[9 + i]));
                assertEquals(new double[] {0.0625, 0.5625, 0.5625}[i], variance, 1e-6, "variance along " + i);
            }
        }
    }

    /**
     * By a wave's angle and its slope, points come out as contracted as they are: near, far, and farther than squares
     * reach.
     */
    @OnEveryDevice
    void meansAreContractedWhereverTheyLie(Device device) {
        Draws draws = new Draws(3);
        int n = 170;
        float[] gaussians = new float[9 * n];
        for (int i = 0; i < n; i++) {
            float[] direction = draws.directions(1);
            for (int k = 0; k < 3; k++) {
                gaussians[9 * i + k] = (float) Math.scalb(direction[k], i < 160 ? i - 40 : i % 3);
            }
        }
        for (String contraction : new String[] {"L2", "LInfinity"}) {
            ContractionOracle oracle = new ContractionOracle(contraction);
            try (Encoding encoding = encoding(device, new IntegratedFrequencyOracle("Axes", 1, contraction))) {
                float[] waves = encoding.forward(gaussians);
                float[] slopes = new float[waves.length];
                float[] byPoint = draws.uniform(3 * n, -1, 1);
                for (int i = 0; i < 3 * n; i++) {
                    int sine = i / 3 * 6 + i % 3;
                    slopes[sine] = byPoint[i] * waves[sine + 3];
                    slopes[sine + 3] = -byPoint[i] * waves[sine];
                }
                float[] back = encoding.backward(gaussians, slopes);
                for (int i = 0; i < n; i++) {
                    double[] x = Draws.row(gaussians, i, 9);
                    double[] point = oracle.point(x);
                    double[][] jacobian = oracle.jacobian(x);
                    double largest = 0;
                    for (double[] row : jacobian) {
                        largest = Math.max(largest, Check.largest(row));
                    }
                    for (int k = 0; k < 3; k++) {
                        double slope = 0;
                        for (int j = 0; j < 3; j++) {
                            slope += jacobian[j][k] * byPoint[3 * i + j];
                        }
                        String which = contraction + " at " + Arrays.toString(Arrays.copyOf(x, 3)) + " along " + k;
                        double angle = Math.atan2(waves[6 * i + k], waves[6 * i + 3 + k]);
                        assertEquals(point[k], angle, 1e-6, which);
                        assertEquals(slope, back[9 * i + k], 3e-6 * largest + 1e-37, which);
                    }
                }
            }
        }
    }

    /** With axes and no contraction nothing is rounded before the wave: the highest octave is as good as the lowest. */
    @OnEveryDevice
    void everyOctaveIsAccurate(Device device) {
        IntegratedFrequencyOracle oracle = new IntegratedFrequencyOracle("Axes", 12, "None");
        float[] gaussians = gaussians(97, 2, 1e-3, new Draws(4));
        for (int i = 0; i < gaussians.length; i++) {
            gaussians[i] = i / 9 % 2 == 0 && i % 9 > 2 ? 0 : gaussians[i];
        }
        double[] expected = new double[97 * oracle.outputs()];
        for (int i = 0; i < 97; i++) {
            System.arraycopy(oracle.forward(null, Draws.row(gaussians, i, 9)), 0, expected, i * oracle.outputs(),
                    oracle.outputs());
        }
        try (Encoding encoding = encoding(device, oracle)) {
            Check.within("outputs", expected, encoding.forward(gaussians), 1e-6);
        }
    }

    @OnEveryDevice
    void whatIsFiniteStaysFinite(Device device) {
        // Slopes by a mean are as large as the covariance there: up to 1e20, they fit in a float.
        float[] variances = {0, 1e-6f, 1, 1e20f};
        float[] sizes = {0, Float.MIN_VALUE, 1, Math.nextUp(1f), 1e10f, -1e30f, Float.MAX_VALUE};
        float[] gaussians = new float[9 * 9 * sizes.length * variances.length];
        Draws draws = new Draws(5);
        for (int i = 0; i < gaussians.length / 9; i++) {
            float mean = sizes[i % sizes.length];
            float variance = variances[i / sizes.length % variances.length];
            int kind = i / sizes.length / variances.length;
            for (int k = 0; k < 3; k++) {
                gaussians[9 * i + k] = kind % 3 == 0 || kind % 3 == k ? mean : 0.3f * (k - 1);
            }
            // All of it along one axis, alike in all, or along the diagonal.
            int[][] places = {{3}, {3, 6, 8}, {3, 4, 5, 6, 7, 8}};
            for (int place : places[kind / 3]) {
                gaussians[9 * i + place] = variance;
            }
        }
        for (String contraction : CONTRACTIONS) {
            try (Encoding encoding = encoding(device, new IntegratedFrequencyOracle("Icosahedron", 16, contraction))) {
                for (float value : encoding.forward(gaussians)) {
                    if (!(Math.abs(value) <= 1.000001f)) {
                        fail(contraction + " answers " + value);
                    }
                }
                float[] slopes = draws.uniform(gaussians.length / 9 * encoding.outputs(), -1, 1);
                Check.finite(contraction, encoding.backward(gaussians, slopes));
            }
        }
    }

    @OnEveryDevice
    void shortWavesFadeWhereTheGaussianIsWide(Device device) {
        try (Encoding encoding = encoding(device, new IntegratedFrequencyOracle("Icosahedron", 16, "None"))) {
            float[] out = encoding.forward(new float[] {0.3f, -0.2f, 0.7f, 1, 0, 0, 1, 0, 1});
            for (int i = 0; i < out.length; i++) {
                int octave = i % (out.length / 2) / 21;
                assertTrue(Math.abs(out[i]) <= Math.exp(-Math.scalb(0.5, 2 * octave)) + 1e-7, "output " + i);
            }
        }
    }

    /** A covariance that rounding has made slightly indefinite fades nothing the other way. */
    @OnEveryDevice
    void negativeVariancesCountAsNone(Device device) {
        try (Encoding encoding = encoding(device, new IntegratedFrequencyOracle("Axes", 16, "None"))) {
            float[] none = {0.3f, -0.2f, 0.7f, 0, 0, 0, 0, 0, 0};
            float[] negative = {0.3f, -0.2f, 0.7f, -1e-9f, 0, 0, -1e-3f, 0, -1e30f};
            assertArrayEquals(encoding.forward(none), encoding.forward(negative));
        }
    }

    @OnEveryDevice
    void rowsAreOnTheirOwn(Device device) {
        for (String contraction : CONTRACTIONS) {
            try (Encoding encoding = encoding(device, new IntegratedFrequencyOracle("Icosahedron", 3, contraction))) {
                float[] gaussians = gaussians(17, 3, 0.5, new Draws(6));
                float[] slopes = new Draws(7).uniform(17 * encoding.outputs(), -1, 1);
                float[] out = encoding.forward(gaussians);
                float[] back = encoding.backward(gaussians, slopes);
                int column = -1;
                for (float number : Hostile.NUMBERS) {
                    String what = contraction + " with " + number + " in column " + column;
                    float[] spoilt = Hostile.put(gaussians, 9, 8, 9, column, number);
                    Hostile.othersEqual(what, out, encoding.forward(spoilt), encoding.outputs(), 8, 9);
                    Hostile.othersEqual(what, back, encoding.backward(spoilt, slopes), 9, 8, 9);
                    column = column == 8 ? -1 : column + 1;
                }
            }
        }
    }

    @OnEveryDevice
    void aPartOfAComposite(Device device) {
        for (String reduction : new String[] {"Concatenation", "Product"}) {
            IntegratedFrequencyOracle waves = new IntegratedFrequencyOracle("Axes", 2, "L2");
            CompositeOracle oracle = new CompositeOracle(11, reduction, List.of(new Part(2, waves.config(), waves),
                    new Part(0, EncodingConfig.frequency(3), new FrequencyOracle(2, 3))));
            float[] gaussians = gaussians(33, 2, 0.5, new Draws(8));
            float[] inputs = new float[33 * 11];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = i % 11 < 2 ? 0.01f * i : gaussians[i / 11 * 9 + i % 11 - 2];
            }
            try (Encoding encoding = Encoding.create(device, oracle.config(), 11, 0)) {
                ModelCheck.close(reduction, encoding, oracle, NONE, inputs,
                        new Draws(9).uniform(33 * oracle.outputs(), -1, 1), 1e-5);
            }
        }
    }

    @Test
    void theOraclesDerivativesAreFiniteDifferences() {
        for (String contraction : CONTRACTIONS) {
            for (String basis : BASES) {
                IntegratedFrequencyOracle oracle = new IntegratedFrequencyOracle(basis, 3, contraction);
                Draws draws = new Draws(10);
                float[] gaussians = gaussians(20, 3, 0.5, draws);
                for (int i = 0; i < 20; i++) {
                    ModelCheck.differences(oracle + " at " + i, oracle, new double[0], Draws.row(gaussians, i, 9),
                            Draws.wide(draws.uniform(oracle.outputs(), -1, 1)));
                }
            }
        }
    }

    /** By a sum over 2001 points along each direction, within 10 deviations. */
    @Test
    void theOraclesWavesAreMeansOverTheGaussian() {
        IntegratedFrequencyOracle oracle = new IntegratedFrequencyOracle("Icosahedron", 3, "None");
        double[] x = Draws.row(gaussians(1, 1, 0.5, new Draws(11)), 0, 9);
        double[] out = oracle.forward(null, x);
        for (int i = 0; i < out.length / 2; i++) {
            double[] p = oracle.directions()[i % 21];
            double mean = 0;
            double variance = 0;
            for (int a = 0; a < 3; a++) {
                mean += p[a] * x[a];
                for (int b = 0; b < 3; b++) {
                    variance += p[a] * p[b] * IntegratedFrequencyOracle.covariance(x)[a][b];
                }
            }
            double sine = 0;
            double cosine = 0;
            for (int s = -1000; s <= 1000; s++) {
                double z = s * 0.01;
                double weight = 0.01 * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
                sine += weight * Math.sin(Math.scalb(mean + z * Math.sqrt(variance), i / 21));
                cosine += weight * Math.cos(Math.scalb(mean + z * Math.sqrt(variance), i / 21));
            }
            assertEquals(sine, out[i], 1e-12);
            assertEquals(cosine, out[i + out.length / 2], 1e-12);
        }
    }

    /**
     * Unit vectors, no two of them alike or opposite, alike in all directions of space: their outer products add up to
     * 7 I.
     */
    @Test
    void theIcosahedronsDirectionsAreSpreadEvenly() {
        double[][] directions = new IntegratedFrequencyOracle("Icosahedron", 1, "None").directions();
        assertEquals(21, directions.length);
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                double sum = 0;
                for (double[] p : directions) {
                    sum += p[a] * p[b];
                }
                assertEquals(a == b ? 7 : 0, sum, 1e-12);
            }
        }
        for (int i = 0; i < 21; i++) {
            double nearest = 0;
            for (int j = 0; j < 21; j++) {
                double cosine = 0;
                for (int a = 0; a < 3; a++) {
                    cosine += directions[i][a] * directions[j][a];
                }
                if (i == j) {
                    assertEquals(1, cosine, 1e-12);
                } else {
                    nearest = Math.max(nearest, Math.abs(cosine));
                }
            }
            // A vertex and the middle of its edge: half of the angle between two vertices, whose tangent is 2.
            assertEquals(Math.cos(Math.atan(2) / 2), nearest, 1e-12);
        }
    }
}
