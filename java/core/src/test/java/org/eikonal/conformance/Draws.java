package org.eikonal.conformance;

import java.util.Random;

/** Random numbers of tests: the same in every run. */
final class Draws {
    private final Random random;

    Draws(long seed) {
        random = new Random(seed);
    }

    float[] uniform(int n, double low, double high) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (low + (high - low) * random.nextDouble());
        }
        return values;
    }

    /**
     * Multiples of a step. With a power of two for a step, and a small range, sums and products of such numbers are
     * exact in fp32, and the numbers themselves in bf16.
     */
    float[] multiples(int n, double step, int low, int high) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (step * (low + random.nextInt(high - low + 1)));
        }
        return values;
    }

    /** Unit vectors, {@code [n][3]}. */
    float[] directions(int n) {
        float[] values = new float[3 * n];
        for (int i = 0; i < n; i++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            double z = random.nextGaussian();
            double length = Math.sqrt(x * x + y * y + z * z);
            values[3 * i] = (float) (x / length);
            values[3 * i + 1] = (float) (y / length);
            values[3 * i + 2] = (float) (z / length);
        }
        return values;
    }

    int below(int n) {
        return random.nextInt(n);
    }

    static double[] wide(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    static double[] row(float[] values, int row, int columns) {
        double[] out = new double[columns];
        for (int k = 0; k < columns; k++) {
            out[k] = values[row * columns + k];
        }
        return out;
    }
}
