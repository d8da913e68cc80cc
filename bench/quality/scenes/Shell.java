/**
 * A sphere about the origin, seen from inside, of which some patches are missing. Patches are squares of about 11
 * degrees on the faces of a cube, each of a colour of its own with finer checkers on it.
 *
 * @param covered the probability that a patch is there
 * @param seed which are, and of what colours
 */
record Shell(double radius, double covered, long seed) implements Thing {
    private static final int PATCHES = 8; // along a face of the cube
    private static final int CHECKERS = 4; // along a patch

    @Override
    public double hit(Vec origin, Vec direction, double limit) {
        double along = origin.dot(direction);
        double t = Math.sqrt(along * along - origin.dot(origin) + radius * radius) - along;
        return t < limit && patch(origin.plus(direction.times(t))).random(0) < covered ? t : MISS;
    }

    @Override
    public Vec colour(Vec point) {
        Patch patch = patch(point);
        boolean even = ((int) (patch.u * CHECKERS) + (int) (patch.v * CHECKERS) & 1) == 0;
        return Pattern.hue(patch.random(1), even ? 0.9 : 0.6, 0.3 + 0.6 * patch.random(2));
    }

    /** Where a point is within its patch, 0 to 1 each way, and which one that is. */
    private record Patch(double u, double v, long key) {
        /** The patch's own random number, 0 to 1 (SplitMix64). */
        double random(int dimension) {
            long z = key + (dimension + 1) * 0x9e3779b97f4a7c15L;
            z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
            z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
            return ((z ^ z >>> 31) >>> 11) * 0x1p-53;
        }
    }

    private Patch patch(Vec point) {
        double[] p = point.array();
        int axis = 0;
        for (int i = 1; i < 3; i++) {
            axis = Math.abs(p[i]) > Math.abs(p[axis]) ? i : axis;
        }
        int face = 2 * axis + (p[axis] > 0 ? 1 : 0);
        double u = place(p[(axis + 1) % 3] / p[axis]);
        double v = place(p[(axis + 2) % 3] / p[axis]);
        long key = ((face * PATCHES + (long) u) * PATCHES + (long) v) * 0xd1342543de82ef95L ^ seed;
        return new Patch(u - (long) u, v - (long) v, key);
    }

    /** The tangent of an angle from a face's middle to patches from its edge, so that all of them are about as wide. */
    private static double place(double tangent) {
        return Math.min((Math.atan(tangent) * 4 / Math.PI + 1) / 2 * PATCHES, Math.nextDown(PATCHES));
    }
}
