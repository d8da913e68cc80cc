package org.eikonal.studio.export;

import java.util.Arrays;
import java.util.Locale;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.scene.UnitCube;

/**
 * A part of the data set's world, edges along its axes.
 *
 * @param low the corner with the least coordinates, 3 in world units
 * @param high the opposite corner, greater in each of them
 */
public record Box(double[] low, double[] high) {
    /** The box that a field models. */
    static Box of(UnitCube cube) {
        double half = cube.aabbScale() / 2.0;
        return new Box(cube.toWorld(0.5 - half, 0.5 - half, 0.5 - half),
                cube.toWorld(0.5 + half, 0.5 + half, 0.5 + half));
    }

    /**
     * Reads a box as users write it: x0,y0,z0,x1,y1,z1.
     *
     * @throws ConfigException if the text is no box
     */
    public static Box parse(String text) {
        double[] numbers;
        try {
            numbers = Arrays.stream(text.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
        } catch (NumberFormatException e) {
            numbers = new double[0];
        }
        if (numbers.length != 6 || !Arrays.stream(numbers).allMatch(Double::isFinite)) {
            throw new ConfigException("--crop is " + text + "; write six numbers in the data set's units,"
                    + " x0,y0,z0,x1,y1,z1, such as -1,-1,0,1,1,0.5");
        }
        Box box = new Box(Arrays.copyOf(numbers, 3), Arrays.copyOfRange(numbers, 3, 6));
        for (int axis = 0; axis < 3; axis++) {
            if (!(box.low[axis] < box.high[axis])) {
                throw new ConfigException("--crop is " + text + ", which ends at " + "xyz".charAt(axis) + " "
                        + box.high[axis] + " before it begins at " + box.low[axis]
                        + "; write the lesser corner first, x0,y0,z0,x1,y1,z1");
            }
        }
        return box;
    }

    /**
     * The part of this box that is in another one.
     *
     * @throws RunException if there is none
     */
    Box within(Box whole) {
        double[] from = new double[3];
        double[] to = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            from[axis] = Math.max(low[axis], whole.low[axis]);
            to[axis] = Math.min(high[axis], whole.high[axis]);
            if (!(from[axis] < to[axis])) {
                throw new RunException("--crop is " + this + ", outside of the box that is modelled, " + whole
                        + "; take a part of that");
            }
        }
        return new Box(from, to);
    }

    /** @return the length of its longest edge, in world units */
    double longest() {
        return Math.max(high[0] - low[0], Math.max(high[1] - low[1], high[2] - low[2]));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.5g,%.5g,%.5g,%.5g,%.5g,%.5g", low[0], low[1], low[2], high[0], high[1],
                high[2]);
    }
}
