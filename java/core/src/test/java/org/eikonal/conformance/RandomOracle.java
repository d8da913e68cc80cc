package org.eikonal.conformance;

/**
 * The counter-based generator, so that tests know what was drawn: pcg4d (Jarzynski and Olano, "Hash Functions for GPU
 * Rendering", JCGT 2020), two rounds of it, on a seed, a step, an element and a dimension. Whoever draws uses a dimension
 * of his own: 0 and 1 a training ray's pixel and background, 2 a point in a cell, 3 and 4 which cells are looked at, 5 a training
 * ray's other pixel, 9 an
 * initial parameter.
 */
final class RandomOracle {
    private RandomOracle() {}

    /** Four times 32 bits. */
    static int[] bits(long seed, long step, int element, int dimension) {
        int x = element;
        int y = dimension ^ (int) (step >>> 32) * 0x9e3779b9;
        int z = (int) step;
        int w = (int) (seed ^ seed >>> 32);
        int[] v = {x, y, z, w};
        for (int i = 0; i < 4; i++) {
            v[i] = v[i] * 1664525 + 1013904223;
        }
        for (int round = 0; round < 2; round++) {
            v[0] += v[1] * v[3];
            v[1] += v[2] * v[0];
            v[2] += v[0] * v[1];
            v[3] += v[1] * v[2];
            for (int i = 0; i < 4; i++) {
                v[i] ^= v[i] >>> 16;
            }
        }
        return v;
    }

    /** In [0, 1). */
    static double unit(int bits) {
        return (bits >>> 8) * 0x1p-24;
    }

    /** 0 to n - 1. */
    static int below(int bits, int n) {
        return (int) ((bits & 0xffffffffL) * n >>> 32);
    }
}
