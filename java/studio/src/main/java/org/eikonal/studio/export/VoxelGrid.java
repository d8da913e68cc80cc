package org.eikonal.studio.export;

import org.eikonal.studio.recipe.ConfigException;

/**
 * Cubes of one size that fill a box; what is asked of them is asked at their middles. Along the shorter edges they may
 * stick out by less than half a cube.
 *
 * @param x the middle of the first cube, in world units
 * @param y likewise
 * @param z likewise
 * @param spacing the edge of a cube, in world units
 * @param nx cubes along x
 * @param ny cubes along y
 * @param nz cubes along z
 */
record VoxelGrid(double x, double y, double z, double spacing, int nx, int ny, int nz) {
    /** The most cubes along an edge: memory is needed for a few planes of them. */
    static final int MAX_RESOLUTION = 2048;

    /**
     * @param resolution cubes along the longest edge, 2 to {@value #MAX_RESOLUTION}
     * @throws ConfigException if it is out of its range
     */
    static VoxelGrid over(Box box, int resolution) {
        if (resolution < 2 || resolution > MAX_RESOLUTION) {
            throw new ConfigException("--resolution is " + resolution + "; it must be 2 to " + MAX_RESOLUTION
                    + " (for finer detail take parts by --crop)");
        }
        double spacing = box.longest() / resolution;
        int[] count = new int[3];
        double[] first = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            double edge = box.high()[axis] - box.low()[axis];
            count[axis] = Math.max(1, (int) Math.round(edge / spacing));
            first[axis] = box.low()[axis] + (edge - (count[axis] - 1) * spacing) / 2;
        }
        return new VoxelGrid(first[0], first[1], first[2], spacing, count[0], count[1], count[2]);
    }

    /** The middles of some cubes of a plane, {@code [count][3]} in world units; x runs fastest, then y. */
    double[] middles(int plane, int first, int count) {
        double[] middles = new double[3 * count];
        for (int i = 0; i < count; i++) {
            middles[3 * i] = x + spacing * ((first + i) % nx);
            middles[3 * i + 1] = y + spacing * ((first + i) / nx);
            middles[3 * i + 2] = z + spacing * plane;
        }
        return middles;
    }
}
