package org.eikonal.studio.run;

import java.util.Arrays;
import java.util.BitSet;
import org.eikonal.OccupancyGrid;

/**
 * Which points the engine takes to be empty: what it marches through without asking the field, which answers anything
 * there. Immutable.
 */
public final class OccupiedCells {
    private final BitSet cells;
    private final int cascades;
    private final int side;

    /**
     * @param grid that says which cells are occupied, now
     * @param cascades 1 and more: nested cubes of as many cells, each twice as wide as the one within
     */
    OccupiedCells(OccupancyGrid grid, int cascades) {
        cells = grid.occupied();
        this.cascades = cascades;
        side = (int) Math.round(Math.cbrt((double) grid.cells() / cascades));
    }

    /** Those of a field as it is now. */
    public static OccupiedCells of(FieldRenderer field) {
        return new OccupiedCells(field.occupancy(), field.config().occupancyCascades());
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

    /**
     * Where something is: the middles of occupied cells, each space counted once, by its finest cell.
     *
     * @param most cells of the answer; where there are more, cells are taken together, eight at a time
     * @return {@code [n][3]}, unit-cube frame, the innermost cascade first
     */
    public float[] middles(int most) {
        for (int block = 1;; block *= 2) {
            float[] middles = middles(most, block);
            if (middles != null) {
                return middles;
            }
        }
    }

    private float[] middles(int most, int block) {
        float[] found = new float[3 * 1024];
        int count = 0;
        BitSet seen = new BitSet();
        for (int i = cells.nextSetBit(0); i >= 0; i = cells.nextSetBit(i + 1)) {
            int cascade = i / (side * side * side);
            int[] at = {i % side, i / side % side, i / (side * side) % side};
            // A cascade's inner half is the next finer one's whole.
            if (cascade > 0 && inner(at[0]) && inner(at[1]) && inner(at[2])) {
                continue;
            }
            int key = index(cascade, at[0] / block * block, at[1] / block * block, at[2] / block * block);
            if (seen.get(key)) {
                continue;
            }
            seen.set(key);
            if (count == most && block < side) {
                return null;
            }
            if (found.length < 3 * (count + 1)) {
                found = Arrays.copyOf(found, 2 * found.length);
            }
            double width = (1 << cascade) / (double) side;
            for (int axis = 0; axis < 3; axis++) {
                double middle = at[axis] / block * block + Math.min(block, side) / 2.0;
                found[3 * count + axis] = (float) (0.5 + (middle - side / 2.0) * width);
            }
            count++;
        }
        return Arrays.copyOf(found, 3 * count);
    }

    private boolean inner(int cell) {
        return cell >= side / 4 && cell < side - side / 4;
    }

    private int cell(double part) {
        return Math.min(side - 1, (int) (part * side));
    }

    private int index(int cascade, int x, int y, int z) {
        return ((cascade * side + z) * side + y) * side + x;
    }
}
