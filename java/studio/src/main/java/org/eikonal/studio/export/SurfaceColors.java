package org.eikonal.studio.export;

import org.eikonal.studio.run.TrainedField;

/**
 * What a surface looks like from outside. What is seen at a point lies a little behind it, since a field's surfaces
 * have a thickness: the colour is asked for at the mean depth of what a ray against the normal meets in the next
 * voxels, and averaged over some directions, so that a highlight does not become paint.
 */
final class SurfaceColors {
    private static final int STEPS = 6;
    private static final double STEP = 0.5; // voxels
    private static final int AROUND = 4; // directions beside the one against the normal
    private static final double SLANT = Math.toRadians(40);

    private final TrainedField field;
    private final double step;

    /** @param spacing the edge of a voxel, in world units */
    SurfaceColors(TrainedField field, double spacing) {
        this.field = field;
        step = STEP * spacing;
    }

    /**
     * @param positions {@code [n][3]}, in world units
     * @param normals {@code [n][3]}, unit vectors, outwards
     * @return {@code [n][3]}, stored sRGB of 0 to 1
     */
    float[] of(float[] positions, float[] normals) {
        double[] depths = depths(positions, normals);
        double[] points = new double[positions.length];
        for (int i = 0; i < points.length; i++) {
            points[i] = positions[i] - depths[i / 3] * normals[i];
        }
        float[] mean = new float[positions.length];
        for (int around = 0; around <= AROUND; around++) {
            float[] directions = new float[normals.length];
            for (int i = 0; i < normals.length; i += 3) {
                direction(normals, i, around, directions);
            }
            float[] color = field.color(points, directions);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += color[i] / (AROUND + 1);
            }
        }
        return mean;
    }

    /** The mean depth of what a ray against the normal meets. */
    private double[] depths(float[] positions, float[] normals) {
        int n = positions.length / 3;
        double[] passing = new double[n];
        double[] weights = new double[n];
        double[] depths = new double[n];
        double[] points = new double[positions.length];
        for (int k = 0; k < STEPS; k++) {
            double depth = (k + 0.5) * step;
            for (int i = 0; i < points.length; i++) {
                points[i] = positions[i] - depth * normals[i];
            }
            float[] density = field.density(points);
            for (int i = 0; i < n; i++) {
                double left = k == 0 ? 1 : passing[i];
                passing[i] = left * Math.exp(-density[i] * step);
                weights[i] += left - passing[i];
                depths[i] += (left - passing[i]) * depth;
            }
        }
        for (int i = 0; i < n; i++) {
            depths[i] = weights[i] > 0 ? depths[i] / weights[i] : 0;
        }
        return depths;
    }

    /** The way that is looked along: against the normal, or slanted to one of the sides. */
    private static void direction(float[] normals, int at, int around, float[] to) {
        double x = normals[at];
        double y = normals[at + 1];
        double z = normals[at + 2];
        double across = 0;
        double along = 1;
        double turn = 0;
        if (around > 0) {
            across = Math.sin(SLANT);
            along = Math.cos(SLANT);
            turn = 2 * Math.PI * around / AROUND;
        }
        // Two vectors across the normal (Duff et al. 2017).
        double sign = Math.copySign(1, z);
        double a = -1 / (sign + z);
        double b = x * y * a;
        double one = across * Math.cos(turn);
        double other = across * Math.sin(turn);
        to[at] = (float) (one * (1 + sign * x * x * a) + other * b - along * x);
        to[at + 1] = (float) (one * sign * b + other * (sign + y * y * a) - along * y);
        to[at + 2] = (float) (-one * sign * x - other * y - along * z);
    }
}
