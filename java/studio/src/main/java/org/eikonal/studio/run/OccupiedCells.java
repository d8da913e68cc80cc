package org.eikonal.studio.run;

import java.util.BitSet;

/**
 * Which points the engine takes to be empty: what it marches through without asking the field, which answers anything
 * there. A cell is occupied if its value is above the threshold, or above the mean of the innermost cascade where that
 * is less; a cell of a further cascade also if one inside it is. Immutable.
 */
final class OccupiedCells {
    private final int cascades;
    private final int side;
    private final BitSet cells = new BitSet();

    /**
     * @param values of each cell, x fastest and cascades slowest; closed cells below 0
     * @param cascades 1 and more: nested cubes of {@code side} cells a side, each twice as wide as the one within
     * @param threshold of the configuration
     */
    OccupiedCells(float[] values, int cascades, float threshold) {
        this.cascades = cascades;
        side = (int) Math.round(Math.cbrt((double) values.length / cascades));
        int size = values.length / cascades;
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += Math.max(0, values[i]);
        }
        // Before anything was looked at, every cell that is not closed is occupied.
        float above = sum == 0 ? -0.5f : Math.min(threshold, (float) (sum / size));
        for (int i = 0; i < values.length; i++) {
            if (values[i] > above || i >= size && anyInside(i)) {
                cells.set(i);
            }
        }
    }

    /** Whether one of the eight cells that fill a cell in the cascade within is occupied. */
    private boolean anyInside(int cell) {
        int cascade = cell / (side * side * side);
        int x = 2 * (cell % side) - side / 2;
        int y = 2 * (cell / side % side) - side / 2;
        int z = 2 * (cell / (side * side) % side) - side / 2;
        if (Math.min(x, Math.min(y, z)) < 0 || Math.max(x, Math.max(y, z)) >= side) {
            return false;
        }
        for (int i = 0; i < 8; i++) {
            if (cells.get(index(cascade - 1, x + (i & 1), y + (i >> 1 & 1), z + (i >> 2)))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the finest cell about a point is occupied; none is outside the outermost cascade. Unit-cube frame. */
    boolean contains(double x, double y, double z) {
        double far = 2 * Math.max(Math.abs(x - 0.5), Math.max(Math.abs(y - 0.5), Math.abs(z - 0.5)));
        for (int cascade = 0; cascade < cascades; cascade++) {
            double width = 1 << cascade;
            if (far <= width) {
                double low = 0.5 - width / 2;
                return cells.get(index(cascade, cell((x - low) / width), cell((y - low) / width),
                        cell((z - low) / width)));
            }
        }
        return false;
    }

    /** @return the fraction of cells that are occupied, of all cascades */
    double fraction() {
        return cells.cardinality() / ((double) cascades * side * side * side);
    }

    private int cell(double part) {
        return Math.min(side - 1, (int) (part * side));
    }

    private int index(int cascade, int x, int y, int z) {
        return ((cascade * side + z) * side + y) * side + x;
    }
}
