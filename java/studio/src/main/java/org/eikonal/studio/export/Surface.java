package org.eikonal.studio.export;

import java.util.Arrays;

/**
 * Where a surface is, and nothing else.
 *
 * @param positions {@code [vertices][3]}
 * @param triangles three vertices each, counterclockwise seen from outside
 */
record Surface(float[] positions, int[] triangles) {
    /**
     * What is left without the parts that are far smaller than the largest one.
     *
     * @param surface of large parts alone
     * @param dropped how many were left out
     */
    record Parts(Surface surface, int dropped) {}

    /**
     * Leaves out parts, each connected in itself, that have less than a fraction of the largest one's area: specks that
     * float about.
     */
    Parts withoutSpecks(double fraction) {
        int[] part = parts();
        double[] area = new double[positions.length / 3];
        double largest = 0;
        for (int i = 0; i < triangles.length; i += 3) {
            double[] normal = normal(i);
            double sum = area[part[triangles[i]]] += Math.sqrt(dot(normal, normal)) / 2;
            largest = Math.max(largest, sum);
        }
        int dropped = 0;
        for (int vertex = 0; vertex < part.length; vertex++) {
            dropped += part[vertex] == vertex && area[vertex] < fraction * largest ? 1 : 0;
        }
        if (dropped == 0) {
            return new Parts(this, 0);
        }
        int[] number = new int[part.length];
        float[] kept = new float[positions.length];
        int count = 0;
        for (int vertex = 0; vertex < part.length; vertex++) {
            number[vertex] = area[part[vertex]] < fraction * largest ? -1 : count;
            if (number[vertex] >= 0) {
                System.arraycopy(positions, 3 * vertex, kept, 3 * count++, 3);
            }
        }
        int[] remaining = Arrays.stream(triangles).map(vertex -> number[vertex]).filter(to -> to >= 0).toArray();
        return new Parts(new Surface(Arrays.copyOf(kept, 3 * count), remaining), dropped);
    }

    /** For each vertex, a vertex that stands for its part; union and find with halved paths. */
    private int[] parts() {
        int[] parent = new int[positions.length / 3];
        Arrays.setAll(parent, i -> i);
        for (int i = 0; i < triangles.length; i += 3) {
            for (int corner = 1; corner < 3; corner++) {
                int a = root(parent, triangles[i]);
                int b = root(parent, triangles[i + corner]);
                parent[Math.max(a, b)] = Math.min(a, b);
            }
        }
        for (int vertex = 0; vertex < parent.length; vertex++) {
            parent[vertex] = root(parent, vertex);
        }
        return parent;
    }

    private static int root(int[] parent, int vertex) {
        int at = vertex;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    /** @return unit normals {@code [vertices][3]}, outwards: the mean of the triangles', by their areas */
    float[] normals() {
        float[] sums = new float[positions.length];
        for (int i = 0; i < triangles.length; i += 3) {
            double[] normal = normal(i);
            for (int corner = 0; corner < 3; corner++) {
                for (int axis = 0; axis < 3; axis++) {
                    sums[3 * triangles[i + corner] + axis] += (float) normal[axis];
                }
            }
        }
        for (int i = 0; i < sums.length; i += 3) {
            double length = Math.sqrt((double) sums[i] * sums[i] + (double) sums[i + 1] * sums[i + 1]
                    + (double) sums[i + 2] * sums[i + 2]);
            for (int axis = 0; axis < 3; axis++) {
                // Where triangles cancel out, any direction is as good.
                sums[i + axis] = length > 0 ? (float) (sums[i + axis] / length) : axis == 2 ? 1 : 0;
            }
        }
        return sums;
    }

    /** The outward normal of the triangle whose corners start at an index, twice its area long. */
    private double[] normal(int at) {
        return cross(edge(at, 1), edge(at, 2));
    }

    private double[] edge(int at, int corner) {
        double[] edge = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            edge[axis] = (double) positions[3 * triangles[at + corner] + axis] - positions[3 * triangles[at] + axis];
        }
        return edge;
    }

    static double[] cross(double[] a, double[] b) {
        return new double[] {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    }

    static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }
}
