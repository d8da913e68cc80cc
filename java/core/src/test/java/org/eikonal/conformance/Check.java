package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import org.eikonal.Model;

/** Comparison of a kernel's numbers with an oracle's. */
final class Check {
    private Check() {}

    /** Every number is within the tolerance, relative to the largest number expected. */
    static void close(String what, double[] expected, float[] actual, double tolerance) {
        within(what, expected, actual, tolerance * largest(expected));
    }

    /** Every number is within an absolute distance. */
    static void within(String what, double[] expected, float[] actual, double distance) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(expected[i] - actual[i]) <= distance)) {
                fail(what + ": [" + i + "] is " + actual[i] + ", expected " + expected[i] + ", off by "
                        + (actual[i] - expected[i]) + ", allowed " + distance);
            }
        }
    }

    /**
     * The root of the mean squared difference is within the tolerance, relative to that of what is expected. For half
     * precisions behind a kink, where a rounding can open or close a unit: a few numbers are far off, most are not.
     */
    static void closeOnAverage(String what, double[] expected, float[] actual, double tolerance) {
        assertEquals(expected.length, actual.length, what);
        double error = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            error += (expected[i] - actual[i]) * (expected[i] - actual[i]);
            size += expected[i] * expected[i];
        }
        if (!(Math.sqrt(error) <= tolerance * Math.sqrt(size))) {
            fail(what + ": relative error " + Math.sqrt(error / size) + " on average, allowed " + tolerance);
        }
    }

    /**
     * What a model answers to the same call is the same; but for the roundings of fp32 sums (see {@link Devices#tolerance})
     * where its device takes them as they come.
     */
    static void repeated(String what, Model model, float[] before, float[] now) {
        if (model.device().deterministic()) {
            assertArrayEquals(before, now, what);
        } else {
            close(what, Draws.wide(before), now, 1e-5);
        }
    }

    static void finite(String what, float[] values) {
        for (int i = 0; i < values.length; i++) {
            assertTrue(Float.isFinite(values[i]), what + ": [" + i + "] is " + values[i]);
        }
    }

    static double largest(double[] values) {
        double largest = Double.MIN_NORMAL;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
