package org.eikonal.studio.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The triangles of a cube of which some corners are inside (Lorensen and Cline 1987), derived rather than listed.
 *
 * <p>On each face of the cube every run of corners inside is cut off by one segment. The segments close to loops, which
 * are cut into triangles. What is cut off on a face depends on that face alone, so that neighbouring cubes agree and
 * the surface has no hole; and no diagonal lies in a face, so that no two cubes make the same one.
 *
 * <p>Corner {@code i} is at x = bit 0, y = bit 1, z = bit 2 of {@code i}. Edge {@code 4 a + k} runs along axis
 * {@code a}; bit 0 of {@code k} is its place along axis {@code a + 1}, bit 1 along axis {@code a + 2}, modulo 3.
 */
final class CubeCases {
    /** Edges, three a triangle, by case: bit {@code i} of a case tells whether corner {@code i} is inside. */
    private static final byte[][] TRIANGLES = new byte[256][];

    static {
        Arrays.setAll(TRIANGLES, CubeCases::triangulate);
    }

    private CubeCases() {}

    /** @return edges, three a triangle, counterclockwise seen from outside; not to be changed */
    static byte[] triangles(int inside) {
        return TRIANGLES[inside];
    }

    private static byte[] triangulate(int inside) {
        int[] next = segments(inside);
        List<Integer> triangles = new ArrayList<>();
        for (int first = 0; first < 12; first++) {
            List<Integer> loop = new ArrayList<>();
            for (int edge = first; next[edge] >= 0; ) {
                loop.add(edge);
                int to = next[edge];
                next[edge] = -1;
                edge = to;
            }
            cut(loop, triangles);
        }
        byte[] edges = new byte[triangles.size()];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = triangles.get(i).byteValue();
        }
        return edges;
    }

    /** For each edge that the surface crosses, the one to which a segment leads from it; else -1. */
    private static int[] segments(int inside) {
        int[] next = new int[12];
        Arrays.fill(next, -1);
        for (int face = 0; face < 6; face++) {
            int[] corners = corners(face);
            for (int i = 0; i < 4; i++) {
                if (isInside(inside, corners[i]) || !isInside(inside, corners[(i + 1) % 4])) {
                    continue;
                }
                int last = i + 1;
                while (isInside(inside, corners[(last + 1) % 4])) {
                    last++;
                }
                next[edge(corners[i], corners[(i + 1) % 4])] = edge(corners[last % 4], corners[(last + 1) % 4]);
            }
        }
        return next;
    }

    private static boolean isInside(int inside, int corner) {
        return (inside >> corner & 1) != 0;
    }

    /** The corners of a face, counterclockwise seen from outside the cube. */
    private static int[] corners(int face) {
        int axis = face / 2;
        int side = face % 2;
        int one = 1 << (axis + 1) % 3;
        int other = 1 << (axis + 2) % 3;
        int origin = side << axis;
        return side == 1
                ? new int[] {origin, origin | one, origin | one | other, origin | other}
                : new int[] {origin, origin | other, origin | one | other, origin | one};
    }

    private static int edge(int from, int to) {
        int axis = Integer.numberOfTrailingZeros(from ^ to);
        return 4 * axis + (from >> (axis + 1) % 3 & 1) + 2 * (from >> (axis + 2) % 3 & 1);
    }

    /** Cuts ears off a loop whose third side lies in no face. */
    private static void cut(List<Integer> loop, List<Integer> triangles) {
        while (loop.size() >= 3) {
            int n = loop.size();
            int ear = 0;
            while (n > 3 && faces(loop.get((ear + n - 1) % n), loop.get((ear + 1) % n))) {
                ear++;
            }
            triangles.addAll(List.of(loop.get((ear + n - 1) % n), loop.get(ear), loop.get((ear + 1) % n)));
            loop.remove(ear);
        }
    }

    /** Whether two edges lie in one face. */
    private static boolean faces(int a, int b) {
        return (faces(a) & faces(b)) != 0;
    }

    private static int faces(int edge) {
        int axis = edge / 4;
        return 1 << 2 * ((axis + 1) % 3) + (edge & 1) | 1 << 2 * ((axis + 2) % 3) + (edge >> 1 & 1);
    }
}
