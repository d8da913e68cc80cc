package org.eikonal.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;
import java.util.SplittableRandom;

/** Random numbers, the same in every run. */
final class Numbers {
    private Numbers() {}

    static RandomGenerator random() {
        return new SplittableRandom(1);
    }

    /** @return numbers from {@code low} to {@code high} */
    static float[] array(RandomGenerator random, int count, double low, double high) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(low, high);
        }
        return values;
    }

    /** @return such numbers where native code reads and writes them in place */
    static FloatBuffer buffer(RandomGenerator random, int count, double low, double high) {
        return room(count).put(array(random, count, low, high)).rewind();
    }

    static FloatBuffer room(int count) {
        return ByteBuffer.allocateDirect(Float.BYTES * count).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** @return how many of them lie in cache lines in which any is not 0: memory moves no less than a line */
    static long inTouchedLines(float[] values) {
        int line = 64 / Float.BYTES;
        long touched = 0;
        for (int begin = 0; begin < values.length; begin += line) {
            int end = Math.min(begin + line, values.length);
            boolean any = false;
            for (int i = begin; i < end; i++) {
                any |= values[i] != 0;
            }
            touched += any ? end - begin : 0;
        }
        return touched;
    }

    /** @return n unit vectors, one after the other */
    static float[] directions(RandomGenerator random, int n) {
        float[] directions = new float[3 * n];
        for (int i = 0; i < n; i++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            double z = random.nextGaussian();
            double length = Math.sqrt(x * x + y * y + z * z);
            directions[3 * i] = (float) (x / length);
            directions[3 * i + 1] = (float) (y / length);
            directions[3 * i + 2] = (float) (z / length);
        }
        return directions;
    }
}
