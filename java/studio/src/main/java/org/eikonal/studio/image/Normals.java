package org.eikonal.studio.image;

/**
 * Surface normals from depth: across a pixel's neighbours, so that what is seen needs no derivative of the field.
 * Where one neighbour lies on another surface, the nearer one alone counts.
 */
public final class Normals {
    private static final double EDGE = 3;

    private Normals() {}

    /**
     * Computes normals.
     *
     * @param points {@code [height][width][3]}: what each pixel sees, NaN where it sees nothing
     * @param directions {@code [height][width][3]}: where each pixel looks; normals look the other way
     * @return {@code [height][width][3]}: unit vectors, NaN where there is nothing to see or nothing beside it
     */
    public static float[] of(int width, int height, float[] points, float[] directions) {
        float[] normals = new float[points.length];
        double[] across = new double[3];
        double[] down = new double[3];
        for (int y = 0, i = 0; y < height; y++) {
            for (int x = 0; x < width; x++, i += 3) {
                slope(points, i, x > 0 ? i - 3 : i, x + 1 < width ? i + 3 : i, across);
                slope(points, i, y > 0 ? i - 3 * width : i, y + 1 < height ? i + 3 * width : i, down);
                double a = across[1] * down[2] - across[2] * down[1];
                double b = across[2] * down[0] - across[0] * down[2];
                double c = across[0] * down[1] - across[1] * down[0];
                double length = Math.sqrt(a * a + b * b + c * c);
                double sign = a * directions[i] + b * directions[i + 1] + c * directions[i + 2] > 0 ? -1 : 1;
                normals[i] = (float) (sign * a / length); // 0 / 0 is the NaN that is promised
                normals[i + 1] = (float) (sign * b / length);
                normals[i + 2] = (float) (sign * c / length);
            }
        }
        return normals;
    }

    /** From before to after; from or to the point itself where the other one is missing or far away. */
    private static void slope(float[] points, int at, int before, int after, double[] slope) {
        double left = distance(points, before, at);
        double right = distance(points, at, after);
        int from = before == at || !(left <= EDGE * right || after == at) ? at : before;
        int to = after == at || !(right <= EDGE * left || before == at) ? at : after;
        if (Double.isNaN(left) && !Double.isNaN(right)) {
            to = after;
        } else if (Double.isNaN(right) && !Double.isNaN(left)) {
            from = before;
        }
        for (int k = 0; k < 3; k++) {
            slope[k] = (double) points[to + k] - points[from + k];
        }
    }

    private static double distance(float[] points, int a, int b) {
        double sum = 0;
        for (int k = 0; k < 3; k++) {
            sum += Math.pow((double) points[a + k] - points[b + k], 2);
        }
        return Math.sqrt(sum);
    }
}
