package org.eikonal.studio.export;

import org.eikonal.studio.recipe.ConfigException;

/**
 * Where the triangles of a mesh lie in a square texture: two of them in each cell of a grid, as the halves of a square,
 * whatever their shape. So every triangle has the same number of texels, none has those of another, and every mesh fits
 * that is not too large; but neighbours in the mesh are none in the texture, so that it wants no mipmaps.
 *
 * <p>Texels of a cell are numbered (i, j) from its upper left; (i, j) has its centre at i + 1/2, j + 1/2. The corners of
 * the first triangle are at the centres of (0, 0), (legs, 0) and (0, legs), those of the second the same from the lower
 * right. Sampling between four texels takes those with {@code i + j <= legs + 1} for the first triangle; with a cell of
 * {@code legs + 3} texels a side they are none of the second one's.
 *
 * @param size texels a side
 * @param triangles of the mesh
 * @param cell texels a side of a cell, {@value #SMALLEST_CELL} and more
 */
record TextureAtlas(int size, int triangles, int cell) {
    /** The most texels a side: a picture of them takes 10 bytes each while it is made. */
    static final int MAX_SIZE = 8192;

    private static final int MIN_SIZE = 64;
    private static final int SMALLEST_CELL = 4;
    private static final int BORDER = 3;

    /**
     * The atlas with the largest cells.
     *
     * @param size a power of two, 64 to {@value #MAX_SIZE}
     * @throws ConfigException if it is none, or has too few texels for so many triangles
     */
    static TextureAtlas of(int triangles, int size) {
        check(size);
        int pairs = (triangles + 1) / 2;
        int across = (int) Math.ceil(Math.sqrt(pairs));
        int cell = size / Math.max(1, across);
        if (cell < SMALLEST_CELL) {
            int enough = Integer.highestOneBit(Math.max(1, SMALLEST_CELL * across - 1)) << 1;
            throw new ConfigException("--texture is " + size + ", which has too few texels for " + triangles
                    + " triangles; " + (enough <= MAX_SIZE ? "write --texture " + enough + ", or lower --resolution"
                            : "lower --resolution, or take a part by --crop"));
        }
        return new TextureAtlas(size, triangles, cell);
    }

    /** @throws ConfigException if no texture has that size */
    static void check(int size) {
        if (size < MIN_SIZE || size > MAX_SIZE || Integer.bitCount(size) != 1) {
            throw new ConfigException("--texture is " + size + "; it must be a power of two from " + MIN_SIZE + " to "
                    + MAX_SIZE);
        }
    }

    /** @return texels from a triangle's first corner to its second, and to its third */
    int legs() {
        return cell - BORDER;
    }

    /** @return how many rows of texels have triangles; below, there are none */
    int usedRows() {
        int across = size / cell;
        return ((triangles + 1) / 2 + across - 1) / across * cell;
    }

    /** @return {@code [triangles][3][2]}: the corners, 0 to 1 from the upper left */
    float[] coordinates() {
        float[] coordinates = new float[6 * triangles];
        int across = size / cell;
        for (int triangle = 0; triangle < triangles; triangle++) {
            int x = triangle / 2 % across * cell;
            int y = triangle / 2 / across * cell;
            for (int corner = 0; corner < 3; corner++) {
                double i = 0.5 + (corner == 1 ? legs() : 0);
                double j = 0.5 + (corner == 2 ? legs() : 0);
                boolean first = triangle % 2 == 0;
                coordinates[6 * triangle + 2 * corner] = (float) ((x + (first ? i : cell - i)) / size);
                coordinates[6 * triangle + 2 * corner + 1] = (float) ((y + (first ? j : cell - j)) / size);
            }
        }
        return coordinates;
    }

    /** @return the triangle that a texel belongs to; -1: none */
    int triangle(int x, int y) {
        int across = size / cell;
        if (x / cell >= across) {
            return -1;
        }
        boolean first = x % cell + y % cell < cell;
        long triangle = 2L * ((long) (y / cell) * across + x / cell) + (first ? 0 : 1);
        return triangle < triangles ? (int) triangle : -1;
    }

    /**
     * Which point of its triangle a texel shows: the one at its centre, or where that is outside the nearest in the
     * direction of the first corner.
     *
     * @param weights set to those of the three corners, at least 0, of sum 1
     */
    void weights(int x, int y, double[] weights) {
        int i = x % cell;
        int j = y % cell;
        boolean first = i + j < cell;
        double one = (first ? i : cell - 1 - i) / (double) legs();
        double other = (first ? j : cell - 1 - j) / (double) legs();
        double sum = Math.max(1, one + other);
        weights[1] = one / sum;
        weights[2] = other / sum;
        weights[0] = Math.max(0, 1 - weights[1] - weights[2]);
    }
}
