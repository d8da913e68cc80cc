package org.eikonal.bench;

/** The hash grid of {@link InstantNgp} in Java as one writes it first: point by point, level by level, corner by corner. */
final class PlainGrid {
    static final int PRIME_Y = (int) 2654435761L;
    static final int PRIME_Z = 805459861;

    final int[] entries = new int[InstantNgp.LEVELS];
    final int[] offset = new int[InstantNgp.LEVELS];
    final int[] strideY = new int[InstantNgp.LEVELS];
    final int[] strideZ = new int[InstantNgp.LEVELS];
    final float[] scale = new float[InstantNgp.LEVELS];
    final boolean[] hashed = new boolean[InstantNgp.LEVELS];
    final float[] parameters;

    /** @param parameters level by level, entry by entry, two features each */
    PlainGrid(int log2Table, float[] parameters) {
        this.parameters = parameters;
        long[] sizes = InstantNgp.entries(log2Table);
        int at = 0;
        for (int level = 0; level < InstantNgp.LEVELS; level++) {
            scale[level] = InstantNgp.scale(level);
            int resolution = (int) Math.ceil(scale[level]) + 1;
            entries[level] = (int) sizes[level];
            hashed[level] = (long) resolution * resolution * resolution > 1L << log2Table;
            strideY[level] = hashed[level] ? PRIME_Y : resolution;
            strideZ[level] = hashed[level] ? PRIME_Z : resolution * resolution;
            offset[level] = at;
            at += 2 * entries[level];
        }
    }

    /**
     * @param points {@code [n][3]} in [0,1)
     * @param features {@code [n][32]}, overwritten
     */
    void forward(float[] points, float[] features) {
        int n = points.length / 3;
        for (int i = 0; i < n; i++) {
            for (int level = 0; level < InstantNgp.LEVELS; level++) {
                float px = points[3 * i] * scale[level] + .5f;
                float py = points[3 * i + 1] * scale[level] + .5f;
                float pz = points[3 * i + 2] * scale[level] + .5f;
                int x = (int) px;
                int y = (int) py;
                int z = (int) pz;
                float fx = px - x;
                float fy = py - y;
                float fz = pz - z;
                float first = 0;
                float second = 0;
                for (int corner = 0; corner < 8; corner++) {
                    int dx = corner & 1;
                    int dy = corner >> 1 & 1;
                    int dz = corner >> 2;
                    float weight = (dx == 0 ? 1 - fx : fx) * (dy == 0 ? 1 - fy : fy) * (dz == 0 ? 1 - fz : fz);
                    int at = offset[level] + 2 * entry(level, x + dx, (y + dy) * strideY[level], (z + dz) * strideZ[level]);
                    first += weight * parameters[at];
                    second += weight * parameters[at + 1];
                }
                features[2 * (InstantNgp.LEVELS * i + level)] = first;
                features[2 * (InstantNgp.LEVELS * i + level) + 1] = second;
            }
        }
    }

    private int entry(int level, int x, int y, int z) {
        if (hashed[level]) {
            return (x ^ y ^ z) & entries[level] - 1;
        }
        int index = x + y + z;
        return index < entries[level] ? index : index - entries[level];
    }
}
