package org.eikonal.studio.view.page;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Where on the page's stage a camera sees points of the world: by the pinhole camera's formula, for what the tests
 * click on.
 *
 * @param pose camera to world, 3x4, row-major, OpenGL axes
 * @param focal focal length in the stage's pixels
 * @param width of the stage in pixels
 * @param height of the stage in pixels
 * @param radius of the scene in world units
 */
record Sighting(double[] pose, double focal, double width, double height, double radius) {
    /** How long the drawn pyramids are, in radii. */
    private static final double PYRAMID = 0.06;

    /** A face of the crop box: where its handle is, and where it is dragged to reach the value. */
    record Handle(char axis, boolean isMax, int[] from, int[] to, double value) {}

    /** The camera that the page begins with: the first photo's, which fits into the window. */
    static Sighting first(Page page) {
        JsonNode scene = page.scene();
        JsonNode view = scene.get("views").get(0);
        double width = ((Number) page.script("return stage.clientWidth")).doubleValue();
        double height = ((Number) page.script("return stage.clientHeight")).doubleValue();
        double focal = Math.min(height / view.get("height").asDouble() * view.get("fy").asDouble(),
                width / view.get("width").asDouble() * view.get("fx").asDouble());
        return new Sighting(numbers(view.get("pose")), focal, width, height,
                scene.get("radius").asDouble());
    }

    private static double[] numbers(JsonNode list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).asDouble();
        }
        return numbers;
    }

    /** A point in the middle of the pyramid that is drawn for a view. */
    double[] inside(JsonNode view) {
        double[] of = numbers(view.get("pose"));
        double[] point = new double[3];
        for (int row = 0; row < 3; row++) {
            point[row] = of[4 * row + 3] - of[4 * row + 2] * radius * PYRAMID / 2;
        }
        return point;
    }

    /** The handle that is seen best: within the stage, and moving far on it. */
    Handle handle(JsonNode box) {
        double[] min = numbers(box.get("min"));
        double[] max = numbers(box.get("max"));
        Handle best = null;
        double farthest = 0;
        for (int face = 0; face < 6; face++) {
            int axis = face / 2;
            double[] at = {(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2};
            double middle = at[axis];
            at[axis] = face % 2 == 1 ? max[axis] : min[axis];
            int[] from = pixel(at);
            boolean seen = isOnStage(project(at));
            at[axis] = (middle + at[axis]) / 2;
            int[] to = pixel(at);
            double way = Math.hypot(from[0] - to[0], from[1] - to[1]);
            if (seen && way > farthest) {
                farthest = way;
                best = new Handle("xyz".charAt(axis), face % 2 == 1, from, to, at[axis]);
            }
        }
        return best;
    }

    /** Within the stage, and not below what lies on it. */
    private boolean isOnStage(double[] seen) {
        return seen[2] > 0 && seen[0] > 20 && seen[0] < width - 20 && seen[1] > 80 && seen[1] < height - 110;
    }

    /** A world point's column, row and distance along the line of sight. */
    private double[] project(double[] point) {
        double[] seen = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            for (int row = 0; row < 3; row++) {
                seen[axis] += pose[4 * row + axis] * (point[row] - pose[4 * row + 3]);
            }
        }
        return new double[] {width / 2 + focal * seen[0] / -seen[2], height / 2 - focal * seen[1] / -seen[2], -seen[2]};
    }

    int[] pixel(double[] point) {
        double[] seen = project(point);
        return new int[] {(int) Math.round(seen[0]), (int) Math.round(seen[1])};
    }

    /** The nearest camera that is well within the stage. */
    int visibleCamera(JsonNode views) {
        int best = -1;
        double nearest = Double.POSITIVE_INFINITY;
        for (int which = 1; which < views.size(); which++) {
            double[] seen = project(inside(views.get(which)));
            if (isOnStage(seen) && seen[2] < nearest) {
                best = which;
                nearest = seen[2];
            }
        }
        if (best < 0) {
            throw new AssertionError("the first photo shows no other camera");
        }
        return best;
    }
}
