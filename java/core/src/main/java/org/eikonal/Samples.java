package org.eikonal;

/**
 * Samples along rays, packed: ray r owns the samples {@code starts[r]} to {@code starts[r] + counts[r] - 1}.
 *
 * @param starts {@code [rays]}
 * @param counts {@code [rays]}
 * @param positions {@code [samples][3]}, where a field is asked: in [0,1]<sup>3</sup>, the box of the outermost cascade
 * @param dt {@code [samples]} lengths
 * @param t {@code [samples]} distances of their middles from the ray's origin
 */
public record Samples(int[] starts, int[] counts, float[] positions, float[] dt, float[] t) {
    /**
     * Checks and keeps the arrays, which are not copied.
     *
     * @param starts {@code [rays]}
     * @param counts {@code [rays]}
     * @param positions {@code [samples][3]}
     * @param dt {@code [samples]}
     * @param t {@code [samples]}
     * @throws IllegalArgumentException if lengths do not fit, or a ray's samples lie outside
     */
    public Samples {
        Shapes.length("counts", counts.length, starts.length);
        Shapes.length("dt", dt.length, t.length);
        Shapes.length("positions", positions.length, 3L * t.length);
        for (int ray = 0; ray < starts.length; ray++) {
            if (starts[ray] < 0 || counts[ray] < 0 || (long) starts[ray] + counts[ray] > t.length) {
                throw new IllegalArgumentException("ray " + ray + " owns samples " + starts[ray] + " to "
                        + ((long) starts[ray] + counts[ray] - 1) + ", but there are " + t.length);
            }
        }
    }

    /**
     * Samples in the middle of intervals along rays: for fields that no occupancy grid goes with.
     *
     * @param rays {@code [rays]}
     * @param edges {@code [rays][n + 1]}: t where intervals begin and end, ascending and finite, as {@link Sampling}
     *     answers them
     * @return n samples a ray, each as long as its interval; positions are in the frame of the rays
     * @throws IllegalArgumentException if the edges are not as many for each ray, or do not ascend
     */
    public static Samples between(Rays rays, float[] edges) {
        int n = rays.count();
        int columns = n == 0 ? 1 : edges.length / n;
        Shapes.length("edges", edges.length, (long) n * columns);
        if (columns < 1) {
            throw new IllegalArgumentException("edges has 0 numbers; expected 1 and more for each of " + n + " rays");
        }
        int each = columns - 1;
        int[] starts = new int[n];
        int[] counts = new int[n];
        float[] positions = new float[Shapes.size("positions", (long) n * each, 3)];
        float[] dt = new float[n * each];
        float[] t = new float[n * each];
        for (int ray = 0; ray < n; ray++) {
            starts[ray] = ray * each;
            counts[ray] = each;
            for (int i = 0; i < each; i++) {
                float begin = edges[ray * columns + i];
                float end = edges[ray * columns + i + 1];
                if (!(begin <= end) || Float.isInfinite(begin) || Float.isInfinite(end)) {
                    throw new IllegalArgumentException("edges of ray " + ray + " go from " + begin + " to " + end
                            + "; they must be finite and ascend");
                }
                int at = ray * each + i;
                dt[at] = end - begin;
                t[at] = begin + dt[at] / 2;
                for (int axis = 0; axis < 3; axis++) {
                    positions[3 * at + axis] =
                            rays.origins()[3 * ray + axis] + t[at] * rays.directions()[3 * ray + axis];
                }
            }
        }
        return new Samples(starts, counts, positions, dt, t);
    }

    /** {@return how many rays there are} */
    public int rays() {
        return counts.length;
    }

    /** {@return how many samples there are} */
    public int count() {
        return t.length;
    }
}
