package org.eikonal.studio.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MarchingCubesTest {
    private interface Function {
        double at(double x, double y, double z);
    }

    /** The surface on which a function is 0, inside where it is above, on a grid of n points a side. */
    private static Surface surface(int nx, int ny, int nz, Function function) {
        MarchingCubes cubes = new MarchingCubes(nx, ny, 0);
        for (int z = 0; z < nz; z++) {
            float[] plane = new float[nx * ny];
            for (int i = 0; i < plane.length; i++) {
                plane[i] = (float) function.at(i % nx, i / nx, z);
            }
            cubes.add(plane);
        }
        cubes.finish();
        return new Surface(cubes.positions(), cubes.triangles());
    }

    /** Each edge has two triangles, one in each direction, each vertex one ring of triangles; answers V - E + F. */
    private static int euler(Surface surface) {
        Map<Long, Integer> edges = new HashMap<>();
        int[] triangles = surface.triangles();
        for (int i = 0; i < triangles.length; i++) {
            long from = triangles[i];
            long to = triangles[i % 3 == 2 ? i - 2 : i + 1];
            assertTrue(from != to);
            assertEquals(null, edges.put(from << 32 | to, i / 3), "an edge is used twice in one direction");
        }
        for (long edge : edges.keySet()) {
            assertTrue(edges.containsKey(edge << 32 | edge >>> 32), "an edge has one triangle alone");
        }
        int vertices = surface.positions().length / 3;
        Map<Integer, Map<Integer, Integer>> links = new HashMap<>();
        for (int i = 0; i < triangles.length; i += 3) {
            for (int k = 0; k < 3; k++) {
                links.computeIfAbsent(triangles[i + k], v -> new HashMap<>())
                        .put(triangles[i + (k + 1) % 3], triangles[i + (k + 2) % 3]);
            }
        }
        assertEquals(vertices, links.size(), "a vertex without a triangle");
        for (Map<Integer, Integer> link : links.values()) {
            int first = link.keySet().iterator().next();
            Set<Integer> seen = new HashSet<>();
            for (int at = first; seen.add(at); at = link.get(at)) { }
            assertEquals(link.size(), seen.size(), "a vertex in which two sheets touch");
        }
        return vertices - edges.size() / 2 + triangles.length / 3;
    }

    /** Area and, by the divergence theorem, volume. */
    private static double[] size(Surface surface) {
        double area = 0;
        double volume = 0;
        for (int i = 0; i < surface.triangles().length; i += 3) {
            double[][] p = new double[3][3];
            for (int k = 0; k < 9; k++) {
                p[k / 3][k % 3] = surface.positions()[3 * surface.triangles()[i + k / 3] + k % 3];
            }
            double[] u = {p[1][0] - p[0][0], p[1][1] - p[0][1], p[1][2] - p[0][2]};
            double[] v = {p[2][0] - p[0][0], p[2][1] - p[0][1], p[2][2] - p[0][2]};
            double[] n = {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
            area += Math.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]) / 2;
            volume += (n[0] * p[0][0] + n[1] * p[0][1] + n[2] * p[0][2]) / 6;
        }
        return new double[] {area, volume};
    }

    private static double farthest(Surface surface, Function distance) {
        double farthest = 0;
        float[] p = surface.positions();
        for (int i = 0; i < p.length; i += 3) {
            farthest = Math.max(farthest, Math.abs(distance.at(p[i], p[i + 1], p[i + 2])));
        }
        return farthest;
    }

    @Test
    void aBallIsABall() {
        double r = 17.3;
        Function ball = (x, y, z) -> r - Math.sqrt((x - 20.2) * (x - 20.2) + (y - 21.1) * (y - 21.1)
                + (z - 19.7) * (z - 19.7));
        Surface surface = surface(42, 43, 41, ball);
        assertEquals(2, euler(surface));
        // Linear between points 1 apart, of a function whose curvature is at most 1 / (r - 1): off by an eighth of
        // that.
        assertTrue(farthest(surface, ball) < 1 / (8 * (r - 1)), "farthest " + farthest(surface, ball));
        assertEquals(4 * Math.PI * r * r, size(surface)[0], 0.005 * 4 * Math.PI * r * r);
        assertEquals(4 * Math.PI / 3 * r * r * r, size(surface)[1], 0.005 * 4 * Math.PI / 3 * r * r * r);
        float[] normals = surface.normals();
        double worst = 1;
        for (int i = 0; i < normals.length; i += 3) {
            float[] p = surface.positions();
            double dot = normals[i] * (p[i] - 20.2) + normals[i + 1] * (p[i + 1] - 21.1)
                    + normals[i + 2] * (p[i + 2] - 19.7);
            worst = Math.min(worst, dot / r);
        }
        assertTrue(worst > 0.98, "a normal that does not point outwards: " + worst);
    }

    @Test
    void aTorusHasOneHole() {
        double ring = 13.4;
        double tube = 5.2;
        Function torus = (x, y, z) -> tube - Math.hypot(Math.hypot(x - 20.1, z - 20.3) - ring, y - 8.2);
        Surface surface = surface(41, 17, 41, torus);
        assertEquals(0, euler(surface));
        assertTrue(farthest(surface, torus) < 1 / (8 * (tube - 1)), "farthest " + farthest(surface, torus));
        double area = 4 * Math.PI * Math.PI * ring * tube;
        assertEquals(area, size(surface)[0], 0.01 * area);
        assertEquals(area * tube / 2, size(surface)[1], 0.02 * area * tube / 2);
    }

    @Test
    void noiseMakesAClosedSurfaceToo() {
        // Every one of the 256 cases, with all neighbours that it can have.
        Random random = new Random(5);
        Set<Integer> cases = new HashSet<>();
        for (int round = 0; round < 8; round++) {
            float[] noise = new float[21 * 22 * 23];
            double inside = 0.2 + 0.08 * round;
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (float) (random.nextDouble() - 1 + inside);
            }
            euler(surface(21, 22, 23, (x, y, z) -> noise[(int) ((z * 22 + y) * 21 + x)]));
            for (int i = 0; i + 22 * 21 + 21 + 1 < noise.length; i++) {
                int at = 0;
                for (int corner = 0; corner < 8; corner++) {
                    int to = i + (corner & 1) + 21 * (corner >> 1 & 1) + 21 * 22 * (corner >> 2);
                    at |= noise[to] > 0 ? 1 << corner : 0;
                }
                cases.add(at);
            }
        }
        assertEquals(256, cases.size());
    }

    @Test
    void whatReachesTheSidesIsCutOffHalfwayToTheNextPoint() {
        Surface box = surface(4, 5, 6, (x, y, z) -> 1);
        assertEquals(2, euler(box));
        for (int i = 0; i < box.positions().length; i++) {
            float last = new float[] {3, 4, 5}[i % 3];
            assertTrue(box.positions()[i] >= -0.5 && box.positions()[i] <= last + 0.5, "outside the grid");
        }
        assertEquals(-0.5, minimum(box.positions()), 0);
    }

    private static double minimum(float[] values) {
        double least = Double.POSITIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
        }
        return least;
    }

    @Test
    void whatIsNoNumberIsOutside() {
        Random random = new Random(6);
        float[] odd = {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 0, -Float.MIN_VALUE,
            Float.MAX_VALUE, -Float.MAX_VALUE, 1};
        Surface surface = surface(12, 12, 12, (x, y, z) -> odd[random.nextInt(odd.length)]);
        euler(surface);
        for (float number : surface.positions()) {
            assertTrue(Float.isFinite(number));
        }
        assertEquals(0, surface(9, 9, 9, (x, y, z) -> Double.NaN).triangles().length);
    }

    @Test
    void onePointIsTheSmallestGrid() {
        assertEquals(2, euler(surface(1, 1, 1, (x, y, z) -> 1)));
        assertEquals(0, surface(1, 1, 1, (x, y, z) -> 0).triangles().length);
    }
}
