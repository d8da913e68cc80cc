package org.eikonal.studio.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.eikonal.Pose;
import org.eikonal.studio.demo.Solid.Ball;
import org.eikonal.studio.demo.Solid.Marched;
import org.eikonal.studio.demo.Solid.Pedestal;
import org.eikonal.studio.export.PlyReader;

/**
 * A program, since a good field takes longer to train than a test may: how far a mesh of {@code eikonal demo}, as
 * {@code eikonal export eikonal-demo mesh --out mesh.ply} wrote it, is from the scene's own formulas, where cameras see
 * either. After a minute of training on two cores it was 0.4 % of the scene.
 */
final class MeshAgainstTruth {
    /** From one side of the pedestal to the other, in world units. */
    private static final double SCENE = 2.36;
    private static final int VIEWS = 24;
    private static final double FOCAL = 0.5 / Math.tan(0.69 / 2);
    /** Pixels a side: so few that each has a vertex of whatever surface it shows. */
    private static final int SIDE = 96;
    /** How far behind the nearest vertex of its pixel a vertex still counts as seen. */
    private static final double BEHIND = 0.03;
    private static final double CELL = 0.04;

    private MeshAgainstTruth() {}

    /** Measures a mesh: the path of a .ply of the demo scene. */
    public static void main(String[] arguments) throws IOException {
        double[] distances = distances(PlyReader.read(Path.of(arguments[0])));
        System.out.printf("mesh to truth %.4f, truth to mesh %.4f, their mean %.3f %% of the scene%n", distances[0],
                distances[1], 100 * (distances[0] + distances[1]) / 2 / SCENE);
    }

    /** The mean distances of the mesh's visible vertices from the truth, and of its visible points from a vertex. */
    static double[] distances(PlyReader mesh) {
        float[] p = mesh.positions();
        double toTruth = 0;
        int seen = 0;
        boolean[] visible = visible(p);
        for (int i = 0; i < visible.length; i++) {
            if (visible[i]) {
                toTruth += Math.abs(distance(p[3 * i], p[3 * i + 1], p[3 * i + 2]));
                seen++;
            }
        }
        Map<Long, List<Integer>> cells = new HashMap<>();
        for (int i = 0; i < p.length; i += 3) {
            cells.computeIfAbsent(cell(p[i], p[i + 1], p[i + 2], 0), key -> new ArrayList<>()).add(i);
        }
        double toMesh = 0;
        List<Vec> truth = truth();
        for (Vec point : truth) {
            double nearest = 2 * CELL; // farther ones count as that
            for (int around = 0; around < 125; around++) {
                for (int i : cells.getOrDefault(cell(point.x(), point.y(), point.z(), around), List.of())) {
                    nearest = Math.min(nearest, new Vec(p[i], p[i + 1], p[i + 2]).minus(point).length());
                }
            }
            toMesh += nearest;
        }
        return new double[] {toTruth / seen, toMesh / truth.size()};
    }

    /** A key for the cell of a point, or one of the 125 around it. */
    private static long cell(double x, double y, double z, int around) {
        int offset = around == 0 ? 62 : around <= 62 ? around - 1 : around;
        long cx = (long) Math.floor(x / CELL) + offset % 5 - 2;
        long cy = (long) Math.floor(y / CELL) + offset / 5 % 5 - 2;
        long cz = (long) Math.floor(z / CELL) + offset / 25 - 2;
        return (cx + 1000) * 10_000_000 + (cy + 1000) * 3000 + cz + 1000;
    }

    /** Which vertices a camera sees: no vertex is clearly nearer to it in the same pixel. */
    private static boolean[] visible(float[] p) {
        boolean[] visible = new boolean[p.length / 3];
        for (int view = 0; view < VIEWS; view++) {
            Pose pose = DemoScene.pose(view, VIEWS);
            double[] nearest = new double[SIDE * SIDE];
            Arrays.fill(nearest, Double.POSITIVE_INFINITY);
            int[] pixel = new int[visible.length];
            double[] depth = new double[visible.length];
            for (int i = 0; i < visible.length; i++) {
                double[] at = new double[3];
                for (int k = 0; k < 9; k++) {
                    at[k / 3] += pose.at(k % 3, k / 3) * (p[3 * i + k % 3] - pose.at(k % 3, 3));
                }
                depth[i] = -at[2];
                int x = (int) Math.floor(SIDE * (0.5 + FOCAL * at[0] / depth[i]));
                int y = (int) Math.floor(SIDE * (0.5 + FOCAL * at[1] / depth[i]));
                pixel[i] = depth[i] > 0 && x >= 0 && x < SIDE && y >= 0 && y < SIDE ? y * SIDE + x : -1;
                if (pixel[i] >= 0) {
                    nearest[pixel[i]] = Math.min(nearest[pixel[i]], depth[i]);
                }
            }
            for (int i = 0; i < visible.length; i++) {
                visible[i] |= pixel[i] >= 0 && depth[i] < nearest[pixel[i]] + BEHIND;
            }
        }
        return visible;
    }

    /** Points of the scene that cameras see. */
    private static List<Vec> truth() {
        List<Vec> points = new ArrayList<>();
        Random random = new Random(1);
        for (int view = 0; view < VIEWS; view++) {
            Pose pose = DemoScene.pose(view, VIEWS);
            for (int i = 0; i < 800; i++) {
                double x = (random.nextDouble() - 0.5) / FOCAL;
                double y = (random.nextDouble() - 0.5) / FOCAL;
                Vec direction = new Vec(pose.at(0, 0) * x + pose.at(0, 1) * y - pose.at(0, 2),
                        pose.at(1, 0) * x + pose.at(1, 1) * y - pose.at(1, 2),
                        pose.at(2, 0) * x + pose.at(2, 1) * y - pose.at(2, 2)).unit();
                Ray ray = new Ray(new Vec(pose.at(0, 3), pose.at(1, 3), pose.at(2, 3)), direction);
                double hit = Stage.things().stream().mapToDouble(thing -> thing.solid().hit(ray, Solid.MISS)).min()
                        .orElseThrow();
                if (hit != Solid.MISS) {
                    points.add(ray.at(hit));
                }
            }
        }
        return points;
    }

    private static double distance(double x, double y, double z) {
        return Stage.things().stream().mapToDouble(thing -> distance(thing.solid(), x, y, z)).min().orElseThrow();
    }

    private static double distance(Solid solid, double x, double y, double z) {
        if (solid instanceof Ball ball) {
            return new Vec(x, y, z).minus(ball.centre()).length() - ball.radius();
        }
        if (solid instanceof Pedestal pedestal) {
            Vec at = new Vec(x, y, z).minus(pedestal.centre());
            double out = Math.hypot(at.x(), at.y()) - pedestal.across();
            double above = Math.abs(at.z()) - pedestal.height() / 2;
            return Math.min(0, Math.max(out, above)) + Math.hypot(Math.max(out, 0), Math.max(above, 0));
        }
        return ((Marched) solid).distance(x, y, z);
    }
}
