package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

/** Numbers that nobody means, and comparison of everything but what got them. */
final class Hostile {
    static final float[] NUMBERS = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f, -1e30f,
        Float.MAX_VALUE, 0, -0.0f, Float.MIN_VALUE, -1e-40f, Float.intBitsToFloat(0xffc12345)};

    private Hostile() {}

    /** @return a copy whose rows {@code begin} to {@code end} hold the number in one column, or in all if that is -1 */
    static float[] put(float[] values, int columns, int begin, int end, int column, float number) {
        float[] out = values.clone();
        for (int i = begin * columns; i < end * columns; i++) {
            out[i] = column < 0 || i % columns == column ? number : out[i];
        }
        return out;
    }

    /** To the last bit, but for some rows, which may hold anything. */
    static void othersEqual(String what, float[] expected, float[] actual, int columns, int begin, int end) {
        float[] rest = actual.clone();
        System.arraycopy(expected, begin * columns, rest, begin * columns, (end - begin) * columns);
        assertArrayEquals(expected, rest, what);
    }
}
