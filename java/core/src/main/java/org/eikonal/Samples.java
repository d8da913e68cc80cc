package org.eikonal;

/**
 * Samples along rays, packed: ray r owns the samples {@code starts[r]} to {@code starts[r] + counts[r] - 1}.
 *
 * @param starts {@code [rays]}
 * @param counts {@code [rays]}
 * @param positions {@code [samples][3]} in [0,1]^3, the box of the outermost cascade
 * @param dt {@code [samples]} lengths
 * @param t {@code [samples]} distances of their middles from the ray's origin
 */
public record Samples(int[] starts, int[] counts, float[] positions, float[] dt, float[] t) {
    /** @throws IllegalArgumentException if lengths do not fit, or a ray's samples lie outside */
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

    /** @return how many rays there are */
    public int rays() {
        return counts.length;
    }

    /** @return how many samples there are */
    public int count() {
        return t.length;
    }
}
