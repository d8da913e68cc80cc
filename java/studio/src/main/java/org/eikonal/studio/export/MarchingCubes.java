package org.eikonal.studio.export;

import java.util.Arrays;
import org.eikonal.studio.run.RunException;

/**
 * The surface on which a function on a regular grid has one value (Lorensen and Cline 1987), as the grid's planes come
 * in, two of which are held. A point is inside if its value is above the level; NaN is outside, as is everything around
 * the grid, so that the surface is closed: each edge has exactly two triangles. Vertices are shared.
 *
 * <p>A vertex lies where the straight line between the two values meets the level; where the outer one is not finite,
 * in the middle.
 */
final class MarchingCubes {
    /** The most triangles of a surface. */
    static final int MAX_TRIANGLES = 100_000_000;

    // So near a grid point a vertex may come: nearer, triangles would have no area.
    private static final float NEAREST = 1e-3f;

    private final int nx;
    private final int ny;
    private final float level;
    // A ring of points outside is about each plane.
    private final int width;
    private final int size;
    private final boolean[] anyInside = new boolean[2];
    // The lower plane and the upper one; of each, the vertices on edges along x and along y that start at a point.
    private final float[][] values = new float[2][];
    private final int[][][] vertices = new int[2][2][];
    private final int[] upright;
    private int planes;

    private float[] positions = new float[3 << 10];
    private int vertexCount;
    private int[] triangles = new int[3 << 11];
    private int triangleCount;

    /**
     * @param nx points along x
     * @param ny points along y
     * @param level the value of the surface
     */
    MarchingCubes(int nx, int ny, float level) {
        this.nx = nx;
        this.ny = ny;
        this.level = level;
        width = nx + 2;
        size = Math.multiplyExact(width, ny + 2);
        upright = new int[size];
        for (int plane = 0; plane < 2; plane++) {
            values[plane] = new float[size];
            Arrays.fill(values[plane], Float.NaN);
            vertices[plane][0] = new int[size];
            vertices[plane][1] = new int[size];
            Arrays.fill(vertices[plane][0], -1);
            Arrays.fill(vertices[plane][1], -1);
        }
    }

    /**
     * Adds the next plane along z.
     *
     * @param plane {@code [ny][nx]}
     */
    void add(float[] plane) {
        boolean any = false;
        for (int y = 0; y < ny; y++) {
            System.arraycopy(plane, y * nx, values[1], (y + 1) * width + 1, nx);
        }
        for (int i = 0; i < nx * ny; i++) {
            any |= plane[i] > level;
        }
        layer(any);
    }

    /** Closes the surface above the last plane. To be called once, and then {@link #positions} and the others. */
    void finish() {
        Arrays.fill(values[1], Float.NaN);
        layer(false);
        positions = Arrays.copyOf(positions, 3 * vertexCount);
        triangles = Arrays.copyOf(triangles, 3 * triangleCount);
    }

    /** @return {@code [vertices][3]}, in steps of the grid from its first point */
    float[] positions() {
        return positions;
    }

    /** @return vertices, three a triangle, counterclockwise seen from outside */
    int[] triangles() {
        return triangles;
    }

    /** The cubes between the two planes. */
    private void layer(boolean upper) {
        anyInside[1] = upper;
        if (anyInside[0] || anyInside[1]) {
            Arrays.fill(upright, -1);
            for (int y = 0; y <= ny; y++) {
                row(y * width);
            }
        }
        planes++;
        swap(values);
        swap(vertices);
        anyInside[0] = anyInside[1];
        Arrays.fill(vertices[1][0], -1);
        Arrays.fill(vertices[1][1], -1);
    }

    private static <T> void swap(T[] pair) {
        T first = pair[0];
        pair[0] = pair[1];
        pair[1] = first;
    }

    private void row(int start) {
        int inside = side(start) << 1;
        for (int at = start; at <= start + nx; at++) {
            // What was the right side of the cube before is the left one of this.
            inside = inside >> 1 & 0x55 | side(at + 1) << 1;
            byte[] edges = CubeCases.triangles(inside);
            if (edges.length > 0) {
                if (triangleCount + edges.length / 3 > MAX_TRIANGLES) {
                    throw new RunException("the surface has more than " + MAX_TRIANGLES
                            + " triangles; lower --resolution, or take a part by --crop");
                }
                triangles = room(triangles, 3 * triangleCount + edges.length);
                for (int i = 0; i < edges.length; i++) {
                    triangles[3 * triangleCount + i] = vertex(edges[i], at);
                }
                triangleCount += edges.length / 3;
            }
        }
    }

    /** The four corners with the x of a point, as corners 0, 2, 4, 6 of a cube. */
    private int side(int at) {
        return (values[0][at] > level ? 1 : 0) | (values[0][at + width] > level ? 4 : 0)
                | (values[1][at] > level ? 16 : 0) | (values[1][at + width] > level ? 64 : 0);
    }

    /** The vertex on an edge of the cube whose lowest corner is at a point; made where there is none yet. */
    private int vertex(int edge, int at) {
        int axis = edge / 4;
        int one = edge & 1;
        int other = edge >> 1 & 1;
        int plane = axis == 0 ? other : axis == 1 ? one : 0;
        int from = at + switch (axis) {
            case 0 -> one * width;
            case 1 -> other;
            default -> one + other * width;
        };
        int[] known = axis == 2 ? upright : vertices[plane][axis];
        if (known[from] < 0) {
            known[from] = vertexCount;
            float a = values[plane][from];
            float b = axis == 2 ? values[1][from] : values[plane][from + (axis == 0 ? 1 : width)];
            append(axis, from % width - 1, from / width - 1, planes - 1 + plane, crossing(a, b));
        }
        return known[from];
    }

    private float crossing(float a, float b) {
        float t = (level - a) / (b - a);
        boolean finite = Float.isFinite(a) && Float.isFinite(b) && Float.isFinite(t);
        return finite ? Math.max(NEAREST, Math.min(1 - NEAREST, t)) : 0.5f;
    }

    private void append(int axis, float x, float y, float z, float along) {
        if (positions.length < 3 * vertexCount + 3) {
            positions = Arrays.copyOf(positions, 2 * positions.length);
        }
        positions[3 * vertexCount] = x;
        positions[3 * vertexCount + 1] = y;
        positions[3 * vertexCount + 2] = z;
        positions[3 * vertexCount + axis] += along;
        vertexCount++;
    }

    private static int[] room(int[] array, int length) {
        return array.length >= length ? array
                : Arrays.copyOf(array, (int) Math.min(3L * MAX_TRIANGLES, Math.max(length, 2L * array.length)));
    }
}
