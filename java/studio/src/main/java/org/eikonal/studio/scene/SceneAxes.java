package org.eikonal.studio.scene;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.eikonal.Camera;

/**
 * How to hold a scene to draw it.
 *
 * @param middle the world point in the middle of the drawing
 * @param east the horizontal direction in which cameras are farthest apart
 * @param north the other horizontal direction
 * @param up the mean of the cameras' own
 * @param width world units across the drawing: cameras, the unit cube and most points are in it
 * @param holdsBox whether the modelled box is in it, too: it is where it is not much larger
 * @param frustum world units that a camera's picture is drawn before it
 */
record SceneAxes(double[] middle, double[] east, double[] north, double[] up, double width, boolean holdsBox,
        double frustum) {
    private static final double MARGIN = 1.12;
    private static final double LARGEST_BOX = 2.5; // as wide as all else
    private static final double OUTLIERS = 0.05; // of points, at either end

    static SceneAxes of(Scene scene) {
        List<Camera> cameras = scene.views().stream().map(View::camera).toList();
        double[] up = new double[3];
        double[] mean = new double[3];
        for (Camera camera : cameras) {
            double[] own = column(camera, 1);
            double[] at = camera.pose().position();
            Arrays.setAll(up, i -> up[i] + own[i] / length(own));
            Arrays.setAll(mean, i -> mean[i] + at[i] / cameras.size());
        }
        double[] above = length(up) > 1e-6 * cameras.size() ? unit(up) : new double[] {0, 0, 1};
        double[] some = unit(cross(above, Math.abs(above[0]) < 0.7 ? new double[] {1, 0, 0} : new double[] {0, 1, 0}));
        double[] east = widest(cameras, mean, some, cross(above, some));
        double[] north = cross(above, east);
        double half = 0.5 / scene.cube().scale();
        double[] center = scene.cube().toWorld(0.5, 0.5, 0.5);
        double[] low = new double[3];
        double[] high = new double[3];
        double[][] directions = {east, north, above};
        for (int k = 0; k < 3; k++) {
            double[] axis = directions[k];
            double reach = half * (Math.abs(axis[0]) + Math.abs(axis[1]) + Math.abs(axis[2]));
            double[] places = sorted(cameras, camera -> dot(camera.pose().position(), axis));
            double[] points = points(scene.points(), axis);
            int cut = (int) (points.length * OUTLIERS);
            low[k] = Math.min(places[0], dot(center, axis) - reach);
            high[k] = Math.max(places[places.length - 1], dot(center, axis) + reach);
            if (points.length > 0) {
                low[k] = Math.min(low[k], points[cut]);
                high[k] = Math.max(high[k], points[points.length - 1 - cut]);
            }
        }
        double[] boxes = new double[3]; // how far it reaches along each direction
        double without = Math.max(high[0] - low[0], Math.max(high[1] - low[1], high[2] - low[2]));
        boolean holdsBox = true;
        for (int k = 0; k < 3; k++) {
            double[] axis = directions[k];
            boxes[k] = half * scene.cube().aabbScale() * (Math.abs(axis[0]) + Math.abs(axis[1]) + Math.abs(axis[2]));
            holdsBox &= 2 * boxes[k] < LARGEST_BOX * without;
        }
        for (int k = 0; k < 3 && holdsBox; k++) {
            low[k] = Math.min(low[k], dot(center, directions[k]) - boxes[k]);
            high[k] = Math.max(high[k], dot(center, directions[k]) + boxes[k]);
        }
        double[] middle = new double[3];
        double width = 0;
        for (int k = 0; k < 3; k++) {
            for (int i = 0; i < 3; i++) {
                middle[i] += (low[k] + high[k]) / 2 * directions[k][i];
            }
            width = Math.max(width, MARGIN * (high[k] - low[k]));
        }
        return new SceneAxes(middle, east, north, above, width, holdsBox, width / (cameras.size() > 60 ? 36 : 24));
    }

    /** The direction of the largest spread, among those between two: of a symmetric matrix of two, in closed form. */
    private static double[] widest(List<Camera> cameras, double[] mean, double[] x, double[] y) {
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (Camera camera : cameras) {
            double a = dot(minus(camera.pose().position(), mean), x);
            double b = dot(minus(camera.pose().position(), mean), y);
            xx += a * a;
            xy += a * b;
            yy += b * b;
        }
        double angle = 0.5 * Math.atan2(2 * xy, xx - yy);
        double[] widest = new double[3];
        Arrays.setAll(widest, i -> Math.cos(angle) * x[i] + Math.sin(angle) * y[i]);
        return widest;
    }

    private static double[] sorted(List<Camera> cameras, ToDoubleFunction<Camera> of) {
        return cameras.stream().mapToDouble(of).sorted().toArray();
    }

    private static double[] points(SparsePoints points, double[] axis) {
        double[] along = new double[points.count()];
        Arrays.setAll(along, i -> dot(points.at(i), axis));
        Arrays.sort(along);
        return along;
    }

    static double[] column(Camera camera, int column) {
        return new double[] {
            camera.pose().at(0, column), camera.pose().at(1, column), camera.pose().at(2, column)
        };
    }

    static double[] minus(double[] a, double[] b) {
        return new double[] {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    }

    static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    static double length(double[] v) {
        return Math.sqrt(dot(v, v));
    }

    private static double[] unit(double[] v) {
        double length = length(v);
        return new double[] {v[0] / length, v[1] / length, v[2] / length};
    }

    private static double[] cross(double[] a, double[] b) {
        return new double[] {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    }
}
