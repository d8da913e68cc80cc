package org.eikonal.studio.scene;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eikonal.Camera;

/**
 * Chooses the unit cube of scenes that name none, and where their things begin.
 *
 * <ol>
 *   <li>The centre is {@link Focus#point}: what the cameras look at, drawn lightly to the median depth of the points
 *       that they see, which decides where all look the same way.
 *   <li>The radius is the median distance between cameras and centre, at least {@value #LOOKING_OUT} of that depth:
 *       some look out from the middle. The unit cube's half side is {@value #INNER} of it, so that it holds what they
 *       turn around.
 *   <li>{@code aabbScale} is the smallest power of two whose box reaches {@value #BEHIND} radii from the centre and holds
 *       {@value #INSIDE} of the points: what is blurred behind a thing has none, and must be somewhere, too.
 * </ol>
 */
public final class Framing {
    private static final double INNER = 0.375;
    private static final double LOOKING_OUT = 0.25;
    private static final double BEHIND = 3;
    private static final double INSIDE = 0.95;
    private static final double DEPTH_WEIGHT = 0.05;
    private static final double LARGEST = 1e9; // of scales and offsets: what UnitCube takes
    private static final int LARGEST_SAMPLE = 1 << 14; // points looked at: more don't move a median
    private static final int CAMERAS_OF_A_SAMPLE = 64;
    private static final double STRAY = 0.02; // points of a photo that may lie wrong, in front of everything
    private static final double NEARER = 0.85; // what has no points can be nearer than what has some
    private static final int FEW = 20;

    private Framing() {}

    /**
     * The cube of a scene.
     *
     * @param cameras in the world; where there are none, the result is the usual cube
     * @param points on surfaces; may be none
     */
    public static UnitCube cube(List<Camera> cameras, SparsePoints points) {
        double middle = UnitCube.DEFAULT_OFFSET;
        if (cameras.isEmpty()) {
            return new UnitCube(UnitCube.DEFAULT_SCALE, middle, middle, middle, 1);
        }
        double[] mean = mean(cameras);
        double depth = Math.min(LARGEST, depth(cameras, points, Math.max(1e-3, medianDistance(cameras, mean))));
        double[] center = Focus.point(cameras, depth, DEPTH_WEIGHT);
        double radius = Math.max(LOOKING_OUT * depth, medianDistance(cameras, center));
        double far = Math.max(Math.abs(center[0]), Math.max(Math.abs(center[1]), Math.abs(center[2])));
        double scale = Math.max(1 / LARGEST, Math.min((LARGEST - 1) / Math.max(1, far), 0.5 / (INNER * radius)));
        double reach = Math.max(BEHIND * radius, reach(points, center)) * scale;
        int side = 1;
        while (side < UnitCube.MAX_AABB_SCALE && side / 2.0 < reach) {
            side *= 2;
        }
        return new UnitCube(scale, middle - scale * center[0], middle - scale * center[1], middle - scale * center[2],
                side);
    }

    /** How far from the centre points are, in their largest coordinate, but for the farthest. */
    private static double reach(SparsePoints points, double[] center) {
        double[] reaches = Arrays.stream(sampled(points)).mapToDouble(index -> {
            double[] at = points.at(index);
            return Math.max(Math.abs(at[0] - center[0]),
                    Math.max(Math.abs(at[1] - center[1]), Math.abs(at[2] - center[2])));
        }).sorted().toArray();
        return reaches.length == 0 ? 0 : reaches[(int) Math.ceil((reaches.length - 1) * INSIDE)];
    }

    /**
     * Where things begin: a distance from every camera before which there is nothing but air. What lies there could only be
     * fog that one photo explains.
     *
     * @param cameras in the world
     * @param points on surfaces; may be none
     * @return in world units; 0 where there are too few points to tell
     */
    public static double near(List<Camera> cameras, SparsePoints points) {
        int[] sample = sampled(points);
        double near = Double.POSITIVE_INFINITY;
        for (Camera camera : cameras) {
            double[] depths = depths(camera, points, sample);
            if (depths.length >= FEW) {
                near = Math.min(near, depths[(int) (STRAY * depths.length)]);
            }
        }
        return Double.isInfinite(near) ? 0 : NEARER * near;
    }

    /** The median depth of points in the pictures that they are in. */
    private static double depth(List<Camera> cameras, SparsePoints points, double otherwise) {
        int[] sample = sampled(points);
        int step = 1 + cameras.size() / CAMERAS_OF_A_SAMPLE;
        double[] sorted = IntStream.range(0, cameras.size()).filter(i -> i % step == 0)
                .mapToObj(i -> depths(cameras.get(i), points, sample)).flatMapToDouble(Arrays::stream).sorted().toArray();
        return sorted.length == 0 ? otherwise : sorted[sorted.length / 2];
    }

    /** The depths of those of the points that lie within a camera's picture, lens distortion left out; sorted. */
    private static double[] depths(Camera camera, SparsePoints points, int[] sample) {
        return Arrays.stream(sample).mapToObj(index -> camera(camera, points.at(index)))
                .filter(at -> at[2] < 0 && Math.abs(at[0]) * camera.fx() < -at[2] * camera.width() / 2
                        && Math.abs(at[1]) * camera.fy() < -at[2] * camera.height() / 2)
                .mapToDouble(at -> -at[2]).sorted().toArray();
    }

    /** A world point in the axes of a camera. */
    private static double[] camera(Camera camera, double[] at) {
        double[] result = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            for (int i = 0; i < 3; i++) {
                result[axis] += camera.pose().at(i, axis) * (at[i] - camera.pose().at(i, 3));
            }
        }
        return result;
    }

    private static int[] sampled(SparsePoints points) {
        int count = Math.min(points.count(), LARGEST_SAMPLE);
        int[] sample = new int[count];
        for (int i = 0; i < count; i++) {
            sample[i] = (int) ((long) i * points.count() / count);
        }
        return sample;
    }

    private static double medianDistance(List<Camera> cameras, double[] from) {
        double[] distances = cameras.stream().mapToDouble(camera -> {
            double[] at = camera.pose().position();
            return Math.sqrt(square(at[0] - from[0]) + square(at[1] - from[1]) + square(at[2] - from[2]));
        }).sorted().toArray();
        return distances[distances.length / 2];
    }

    private static double[] mean(List<Camera> cameras) {
        double[] mean = new double[3];
        for (Camera camera : cameras) {
            for (int i = 0; i < 3; i++) {
                mean[i] += camera.pose().position()[i] / cameras.size();
            }
        }
        return mean;
    }

    private static double square(double x) {
        return x * x;
    }
}
