package org.eikonal.studio.scene;

import java.util.List;
import org.eikonal.Camera;

/** What cameras look at. */
public final class Focus {
    private Focus() {}

    /**
     * The point closest to the cameras' axes: least squares over the distances to them. Parallel axes, which meet
     * nowhere, are drawn to a point in front of the cameras by a small weight.
     *
     * @param cameras at least one
     * @param ahead how far in front of each camera that point is, above 0
     * @param weight of the distance to it, along the axis, against that to the axis; above 0
     * @return 3 world coordinates
     */
    public static double[] point(List<Camera> cameras, double ahead, double weight) {
        double[][] a = new double[3][4];
        for (Camera camera : cameras) {
            double[] axis = backwards(camera);
            double[] eye = camera.pose().position();
            for (int i = 0; i < 3; i++) {
                for (int k = 0; k < 3; k++) {
                    double across = (i == k ? 1 : 0) - axis[i] * axis[k];
                    a[i][k] += across;
                    a[i][3] += across * eye[k];
                }
                a[i][i] += weight;
                a[i][3] += weight * (eye[i] - ahead * axis[i]);
            }
        }
        return solve(a);
    }

    /** The direction away from what a camera looks at, of length 1. */
    static double[] backwards(Camera camera) {
        double[] axis = {camera.pose().at(0, 2), camera.pose().at(1, 2), camera.pose().at(2, 2)};
        double length = Math.sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]);
        return new double[] {axis[0] / length, axis[1] / length, axis[2] / length};
    }

    /** Gauss's elimination of a symmetric positive definite system of three. */
    private static double[] solve(double[][] a) {
        for (int i = 0; i < 3; i++) {
            for (int row = i + 1; row < 3; row++) {
                double factor = a[row][i] / a[i][i];
                for (int k = i; k < 4; k++) {
                    a[row][k] -= factor * a[i][k];
                }
            }
        }
        double[] x = new double[3];
        for (int i = 2; i >= 0; i--) {
            x[i] = a[i][3];
            for (int k = i + 1; k < 3; k++) {
                x[i] -= a[i][k] * x[k];
            }
            x[i] /= a[i][i];
        }
        return x;
    }
}
