package org.eikonal;

/**
 * Rays, in the unit-cube frame.
 *
 * @param origins {@code [n][3]}
 * @param directions {@code [n][3]}, unit vectors
 */
public record Rays(float[] origins, float[] directions) {
    /**
     * Checks and keeps the arrays, which are not copied.
     *
     * @param origins {@code [n][3]}
     * @param directions {@code [n][3]}
     * @throws IllegalArgumentException if the two are not as long as each other, or not rows of three
     */
    public Rays {
        Shapes.rows("origins", origins.length, 3);
        Shapes.length("directions", directions.length, origins.length);
    }

    /** {@return how many rays there are} */
    public int count() {
        return origins.length / 3;
    }
}
