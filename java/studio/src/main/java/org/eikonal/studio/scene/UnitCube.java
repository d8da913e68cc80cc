package org.eikonal.studio.scene;

/**
 * instant-ngp's mapping of a scene into the unit cube: {@code unit = world * scale + offset}. The box that is modelled
 * has {@code aabbScale} times the cube's side, about the cube's centre.
 *
 * @param scale 1e-9 to 1e9
 * @param x offset of the first coordinate, -1e9 to 1e9 as the others
 * @param y offset of the second coordinate
 * @param z offset of the third coordinate
 * @param aabbScale 1, 2, 4, ... 128
 */
public record UnitCube(double scale, double x, double y, double z, int aabbScale) {
    /** instant-ngp's scale for scenes that name none. */
    public static final double DEFAULT_SCALE = 0.33;
    /** The offset that takes the world's origin to the cube's centre. */
    public static final double DEFAULT_OFFSET = 0.5;
    /** The largest side of the modelled box, in cubes. */
    public static final int MAX_AABB_SCALE = 128;

    // Beyond these, positions and depths leave the range of 32-bit floats.
    private static final double LARGEST = 1e9;

    /** @throws IllegalArgumentException if a value is out of its range */
    public UnitCube {
        if (!(scale >= 1 / LARGEST && scale <= LARGEST)) {
            throw new IllegalArgumentException("scale is " + scale + "; it must be 1e-9 to 1e9");
        }
        if (!(Math.abs(x) <= LARGEST && Math.abs(y) <= LARGEST && Math.abs(z) <= LARGEST)) {
            throw new IllegalArgumentException("offset is " + x + ", " + y + ", " + z + "; each must be -1e9 to 1e9");
        }
        if (aabbScale < 1 || aabbScale > MAX_AABB_SCALE || Integer.bitCount(aabbScale) != 1) {
            throw new IllegalArgumentException(
                    "aabb_scale is " + aabbScale + "; it must be a power of two from 1 to " + MAX_AABB_SCALE);
        }
    }

    /** @return how many cubes of cells nest in the modelled box, each twice as wide as the one inside */
    public int cascades() {
        return 1 + Integer.numberOfTrailingZeros(aabbScale);
    }

    /**
     * @param world 3 coordinates in world units
     * @return the same point in the unit cube's coordinates
     */
    public double[] toUnit(double... world) {
        return new double[] {world[0] * scale + x, world[1] * scale + y, world[2] * scale + z};
    }

    /**
     * @param unit 3 coordinates of the unit cube
     * @return the same point in world units
     */
    public double[] toWorld(double... unit) {
        return new double[] {(unit[0] - x) / scale, (unit[1] - y) / scale, (unit[2] - z) / scale};
    }

    /**
     * @param world 3 coordinates in world units
     * @return the same point as fields want it: 0 to 1 along the modelled box, and beyond outside of it
     */
    public double[] toBox(double... world) {
        double[] point = toUnit(world);
        for (int axis = 0; axis < 3; axis++) {
            point[axis] = (point[axis] - 0.5) / aabbScale + 0.5;
        }
        return point;
    }
}
