package org.eikonal.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PlainGrid} with the Vector API: as many points at once as a register has lanes, level by level over the whole
 * batch, so that one level's table stays in the cache.
 */
final class VectorGrid {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    static final int LANES = FLOATS.length();

    private final PlainGrid grid;
    /**
     * Of each axis, of the lower and the upper vertex: the term of the index and the weight. In arrays, for vectors that are
     * chosen between or handed on become objects. So do the indices of a gather, 96 bytes each, up to JDK 17 at least.
     */
    private final int[] terms = new int[6 * LANES];
    private final float[] weights = new float[6 * LANES];
    private final int[] at = new int[LANES];

    VectorGrid(PlainGrid grid) {
        this.grid = grid;
    }

    /**
     * @param points {@code [3][n]} in [0,1), n a multiple of the lanes
     * @param features {@code [32][n]}, overwritten
     */
    void forward(float[] points, float[] features) {
        int n = points.length / 3;
        for (int level = 0; level < InstantNgp.LEVELS; level++) {
            for (int i = 0; i < n; i += LANES) {
                axis(0, 1, grid.scale[level], points, i);
                axis(1, grid.strideY[level], grid.scale[level], points, n + i);
                axis(2, grid.strideZ[level], grid.scale[level], points, 2 * n + i);
                if (grid.hashed[level]) {
                    hashed(level, features, n, i);
                } else {
                    dense(level, features, n, i);
                }
            }
        }
    }

    private void axis(int axis, int stride, float scale, float[] points, int i) {
        FloatVector position = FloatVector.fromArray(FLOATS, points, i).mul(scale).add(.5f);
        IntVector vertex = (IntVector) position.convert(VectorOperators.F2I, 0);
        FloatVector upper = position.sub((FloatVector) vertex.convert(VectorOperators.I2F, 0));
        IntVector term = vertex.mul(stride);
        term.intoArray(terms, 2 * axis * LANES);
        term.add(stride).intoArray(terms, (2 * axis + 1) * LANES);
        upper.neg().add(1).intoArray(weights, 2 * axis * LANES);
        upper.intoArray(weights, (2 * axis + 1) * LANES);
    }

    private void hashed(int level, float[] features, int n, int i) {
        FloatVector first = FloatVector.zero(FLOATS);
        FloatVector second = FloatVector.zero(FLOATS);
        for (int corner = 0; corner < 8; corner++) {
            int x = (corner & 1) * LANES;
            int y = (2 + (corner >> 1 & 1)) * LANES;
            int z = (4 + (corner >> 2)) * LANES;
            IntVector index = IntVector.fromArray(INTS, terms, x)
                    .lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, terms, y))
                    .lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, terms, z)).and(grid.entries[level] - 1);
            index.lanewise(VectorOperators.LSHL, 1).add(grid.offset[level]).intoArray(at, 0);
            FloatVector weight = FloatVector.fromArray(FLOATS, weights, x).mul(FloatVector.fromArray(FLOATS, weights, y))
                    .mul(FloatVector.fromArray(FLOATS, weights, z));
            first = FloatVector.fromArray(FLOATS, grid.parameters, 0, at, 0).fma(weight, first);
            second = FloatVector.fromArray(FLOATS, grid.parameters, 1, at, 0).fma(weight, second);
        }
        first.intoArray(features, 2 * level * n + i);
        second.intoArray(features, (2 * level + 1) * n + i);
    }

    private void dense(int level, float[] features, int n, int i) {
        FloatVector first = FloatVector.zero(FLOATS);
        FloatVector second = FloatVector.zero(FLOATS);
        for (int corner = 0; corner < 8; corner++) {
            int x = (corner & 1) * LANES;
            int y = (2 + (corner >> 1 & 1)) * LANES;
            int z = (4 + (corner >> 2)) * LANES;
            IntVector index = IntVector.fromArray(INTS, terms, x).add(IntVector.fromArray(INTS, terms, y))
                    .add(IntVector.fromArray(INTS, terms, z));
            // A vertex past the border wraps.
            index = index.min(index.sub(grid.entries[level]).and(Integer.MAX_VALUE));
            index.lanewise(VectorOperators.LSHL, 1).add(grid.offset[level]).intoArray(at, 0);
            FloatVector weight = FloatVector.fromArray(FLOATS, weights, x).mul(FloatVector.fromArray(FLOATS, weights, y))
                    .mul(FloatVector.fromArray(FLOATS, weights, z));
            first = FloatVector.fromArray(FLOATS, grid.parameters, 0, at, 0).fma(weight, first);
            second = FloatVector.fromArray(FLOATS, grid.parameters, 1, at, 0).fma(weight, second);
        }
        first.intoArray(features, 2 * level * n + i);
        second.intoArray(features, (2 * level + 1) * n + i);
    }
}
