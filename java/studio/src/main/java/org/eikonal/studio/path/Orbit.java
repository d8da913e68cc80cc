package org.eikonal.studio.path;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.scene.Focus;

/**
 * A way around what the photos look at: about the point that lies closest to all their axes, upright as they are on
 * average, at their median distance and height. Where photos were taken from all sides it goes once around; where they
 * leave out a part of the circle it swings to and fro before the part that they show.
 */
public final class Orbit {
    private static final double WIDEST_GAP = Math.toRadians(100);

    private final double[] center;
    private final double[] up;
    private final double[] east;
    private final double[] north;
    private final double distance;
    private final double height;
    private final double from;
    private final double span;
    private final Camera lens;

    /** @param cameras of the training views, at least one, in the data set's world */
    public Orbit(List<Camera> cameras) {
        if (cameras.isEmpty()) {
            throw new IllegalArgumentException("an orbit is estimated from cameras; there are none");
        }
        lens = cameras.get(0);
        center = closestToAxes(cameras);
        up = unit(sum(cameras, 1), new double[] {0, 0, 1});
        double[] first = minus(position(cameras.get(0)), center);
        east = unit(minus(first, times(up, dot(first, up))), perpendicular(up));
        north = cross(up, east);
        height = median(cameras, camera -> dot(minus(position(camera), center), up));
        distance = Math.max(1e-6, median(cameras, camera -> {
            double[] from = minus(position(camera), center);
            return length(minus(from, times(up, dot(from, up))));
        }));
        double[] angles = cameras.stream().mapToDouble(camera -> {
            double[] from = minus(position(camera), center);
            return Math.atan2(dot(from, north), dot(from, east));
        }).sorted().toArray();
        double gap = 0;
        double gapEnd = 0;
        for (int i = 0; i < angles.length; i++) {
            double next = i + 1 < angles.length ? angles[i + 1] : angles[0] + 2 * Math.PI;
            if (next - angles[i] > gap) {
                gap = next - angles[i];
                gapEnd = next;
            }
        }
        span = gap > WIDEST_GAP ? 2 * Math.PI - gap : 2 * Math.PI;
        from = gap > WIDEST_GAP ? gapEnd : 0;
    }

    /** @return the point that the way leads around, in world units */
    public double[] center() {
        return center.clone();
    }

    /** @return the direction that is up in the photos on average, a unit vector in the world */
    public double[] up() {
        return up.clone();
    }

    /** @return how far from {@link #center} the cameras stand, in world units */
    public double radius() {
        return Math.hypot(distance, height);
    }

    /**
     * Cameras along the way, with the lens of the first photo, undistorted.
     *
     * @param frames how many, 1 or more; played again and again, they make one smooth movement
     */
    public List<Camera> cameras(int frames) {
        List<Camera> cameras = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            double turn = 2 * Math.PI * i / frames;
            double angle = span < 2 * Math.PI ? from + span * (0.5 - 0.5 * Math.cos(turn)) : turn;
            double[] eye = center.clone();
            for (int k = 0; k < 3; k++) {
                eye[k] += distance * (Math.cos(angle) * east[k] + Math.sin(angle) * north[k]) + height * up[k];
            }
            Camera camera = Camera.perspective(lens.width(), lens.height(), lens.fx(), Pose.lookAt(eye, center, up));
            cameras.add(camera);
        }
        return cameras;
    }

    /** The point closest to all axes; where they are parallel, one as far ahead as the cameras are apart. */
    private static double[] closestToAxes(List<Camera> cameras) {
        double spread = 0;
        double[] mean = times(sum(cameras, 3), 1.0 / cameras.size());
        for (Camera camera : cameras) {
            spread += length(minus(position(camera), mean)) / cameras.size();
        }
        return Focus.point(cameras, Math.max(spread, 1e-3), 1e-3);
    }

    private static double median(List<Camera> cameras, ToDoubleFunction<Camera> of) {
        double[] values = cameras.stream().mapToDouble(of).sorted().toArray();
        return values[values.length / 2];
    }

    private static double[] sum(List<Camera> cameras, int column) {
        double[] sum = new double[3];
        cameras.forEach(camera -> Arrays.setAll(sum, i -> sum[i] + column(camera, column)[i]));
        return sum;
    }

    private static double[] position(Camera camera) {
        return camera.pose().position();
    }

    private static double[] column(Camera camera, int column) {
        return new double[] {
            camera.pose().at(0, column), camera.pose().at(1, column), camera.pose().at(2, column)
        };
    }

    private static double[] perpendicular(double[] v) {
        return unit(cross(v, Math.abs(v[0]) < 0.7 ? new double[] {1, 0, 0} : new double[] {0, 1, 0}), null);
    }

    private static double[] unit(double[] v, double[] otherwise) {
        double length = length(v);
        return length > 1e-9 ? times(v, 1 / length) : otherwise;
    }

    private static double[] minus(double[] a, double[] b) {
        return new double[] {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    }

    private static double[] times(double[] a, double factor) {
        return new double[] {a[0] * factor, a[1] * factor, a[2] * factor};
    }

    private static double[] cross(double[] a, double[] b) {
        return new double[] {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    private static double length(double[] v) {
        return Math.sqrt(dot(v, v));
    }
}
