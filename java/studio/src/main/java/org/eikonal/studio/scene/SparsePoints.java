package org.eikonal.studio.scene;

/**
 * Points on surfaces that several photos see, as structure from motion finds them. Arrays are shared, not copied, and
 * not to be changed.
 *
 * @param xyz {@code [count][3]}: world coordinates, finite
 * @param rgb {@code [count][3]}: 8-bit sRGB
 * @param error {@code [count]}: mean reprojection error in pixels of the photos; negative or NaN where unknown
 */
public record SparsePoints(double[] xyz, byte[] rgb, double[] error) {
    /** No points. */
    public static final SparsePoints NONE = new SparsePoints(new double[0], new byte[0], new double[0]);

    /** @throws IllegalArgumentException if the arrays are of different counts */
    public SparsePoints {
        if (xyz.length != 3L * error.length || rgb.length != xyz.length) {
            throw new IllegalArgumentException("points have 3 coordinates, 3 colour values and 1 error each; not "
                    + xyz.length + ", " + rgb.length + " and " + error.length + " of them in all");
        }
    }

    /** @return how many */
    public int count() {
        return error.length;
    }

    /** @return the coordinates of one of them */
    public double[] at(int index) {
        return new double[] {xyz[3 * index], xyz[3 * index + 1], xyz[3 * index + 2]};
    }
}
