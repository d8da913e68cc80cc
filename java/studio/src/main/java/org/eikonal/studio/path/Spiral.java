package org.eikonal.studio.path;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Pose;

/**
 * The spiral of LLFF (Mildenhall et al. 2019) for photos that all look one way: two turns about their mean pose, in
 * which the camera goes to and fro once and always looks at one point in the scene.
 *
 * <p>In the frame of the mean pose (mean position, mean viewing direction, mean up), the camera is at
 * {@code (rx cos t, -ry sin t, -rz sin(t / 2))} for t from 0 to 4 pi, where each radius is the 90th percentile of how
 * far the photos lie from the mean pose along that axis, and looks at {@code (0, 0, -focus)}.
 */
public final class Spiral {
    private static final double TURNS = 2;
    private static final double PERCENTILE = 0.9;
    // A shorter mean of unit vectors comes from cameras that look around: over a hemisphere it is 0.5.
    private static final double SHORTEST_MEAN = 0.8;

    private final Camera lens;
    private final double[][] axes;
    private final double[] center;
    private final double[] up;
    private final double[] radii = new double[3];
    private final double focus;

    /**
     * @param cameras of the training views, at least one, in the data set's world
     * @param focus how far ahead of the mean pose all look, in world units, above 0; see {@link #focus(double, double)}
     * @throws IllegalArgumentException if the cameras look in too many directions for a spiral
     */
    public Spiral(List<Camera> cameras, double focus) {
        this.focus = focus;
        lens = cameras.get(0);
        double[] back = mean(cameras, 2, true);
        if (!(length(back) >= SHORTEST_MEAN)) {
            throw new IllegalArgumentException("the photos look in many directions; a spiral is for those that look"
                    + " one way: use --orbit");
        }
        center = mean(cameras, 3, false);
        double[] ahead = {center[0] - back[0], center[1] - back[1], center[2] - back[2]};
        up = mean(cameras, 1, true);
        Pose mean = Pose.lookAt(center, ahead, up);
        axes = new double[][] {column(mean, 0, false), column(mean, 1, false), column(mean, 2, false)};
        for (int k = 0; k < 3; k++) {
            double[] axis = axes[k];
            radii[k] = percentile(cameras.stream().mapToDouble(camera -> {
                double[] at = camera.pose().position();
                return Math.abs((at[0] - center[0]) * axis[0] + (at[1] - center[1]) * axis[1]
                        + (at[2] - center[2]) * axis[2]);
            }).sorted().toArray());
        }
    }

    /**
     * LLFF's distance of what the eye rests on: a mean of inverse depths, three quarters of it the far end's.
     *
     * @param nearest depth of what is seen, above 0
     * @param farthest the same
     */
    public static double focus(double nearest, double farthest) {
        return 1 / (0.25 / (0.9 * nearest) + 0.75 / (5 * farthest));
    }

    /**
     * Cameras along the way, with the lens of the first photo, undistorted.
     *
     * @param frames how many, 1 or more; played again and again, they make one smooth movement
     */
    public List<Camera> cameras(int frames) {
        double[] target = at(0, 0, -focus);
        List<Camera> cameras = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            double t = 2 * Math.PI * TURNS * i / frames;
            double[] eye = at(radii[0] * Math.cos(t), -radii[1] * Math.sin(t), -radii[2] * Math.sin(t / TURNS));
            cameras.add(Camera.perspective(lens.width(), lens.height(), lens.fx(), Pose.lookAt(eye, target, up)));
        }
        return cameras;
    }

    private double[] at(double x, double y, double z) {
        double[] point = center.clone();
        Arrays.setAll(point, k -> point[k] + x * axes[0][k] + y * axes[1][k] + z * axes[2][k]);
        return point;
    }

    private static double[] mean(List<Camera> cameras, int column, boolean unit) {
        double[] mean = new double[3];
        for (Camera camera : cameras) {
            double[] of = column(camera.pose(), column, unit);
            Arrays.setAll(mean, k -> mean[k] + of[k] / cameras.size());
        }
        return mean;
    }

    private static double[] column(Pose pose, int column, boolean unit) {
        double[] v = {pose.at(0, column), pose.at(1, column), pose.at(2, column)};
        double length = unit ? length(v) : 1;
        return new double[] {v[0] / length, v[1] / length, v[2] / length};
    }

    /** Linear between the values, as NumPy's. */
    private static double percentile(double[] sorted) {
        double at = PERCENTILE * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    private static double length(double[] v) {
        return Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    }
}
