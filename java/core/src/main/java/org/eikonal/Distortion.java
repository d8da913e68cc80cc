package org.eikonal;

/**
 * OpenCV's lens distortion, in normalised image coordinates (y down, as OpenCV has them).
 *
 * <p>For {@link Lens#PERSPECTIVE}: radial {@code k1, k2, k3}, of the rational model also {@code k4, k5, k6}, by whose
 * polynomial the first one's is divided, and tangential {@code p1, p2}. For {@link Lens#FISHEYE}: {@code k1..k4} of
 * OpenCV's fisheye model; the others are zero. {@link Camera} checks that the coefficients fit its lens.
 *
 * @param k1 radial coefficient of the second order
 * @param k2 radial coefficient of the fourth order
 * @param k3 radial coefficient of the sixth order
 * @param k4 perspective: of the second order in the denominator; fisheye: radial coefficient of the eighth order
 * @param k5 of the fourth order in the denominator, perspective only
 * @param k6 of the sixth order in the denominator, perspective only
 * @param p1 first tangential coefficient, perspective only
 * @param p2 second tangential coefficient, perspective only
 */
public record Distortion(float k1, float k2, float k3, float k4, float k5, float k6, float p1, float p2) {
    /** A lens without distortion. */
    public static final Distortion NONE = new Distortion(0, 0, 0, 0, 0, 0);

    /**
     * Checks and keeps the coefficients.
     *
     * @param k1 radial coefficient of the second order
     * @param k2 radial coefficient of the fourth order
     * @param k3 radial coefficient of the sixth order
     * @param k4 radial coefficient, of the denominator's second order or of the eighth
     * @param k5 of the fourth order in the denominator
     * @param k6 of the sixth order in the denominator
     * @param p1 first tangential coefficient
     * @param p2 second tangential coefficient
     * @throws IllegalArgumentException if a coefficient is NaN or infinite
     */
    public Distortion {
        finite("k1", k1);
        finite("k2", k2);
        finite("k3", k3);
        finite("k4", k4);
        finite("k5", k5);
        finite("k6", k6);
        finite("p1", p1);
        finite("p2", p2);
    }

    /**
     * A distortion without {@code k5} and {@code k6}, as most lenses have it.
     *
     * @param k1 radial coefficient of the second order
     * @param k2 radial coefficient of the fourth order
     * @param k3 radial coefficient of the sixth order
     * @param k4 radial coefficient, of the denominator's second order or of the eighth
     * @param p1 first tangential coefficient
     * @param p2 second tangential coefficient
     * @throws IllegalArgumentException if a coefficient is NaN or infinite
     */
    public Distortion(float k1, float k2, float k3, float k4, float p1, float p2) {
        this(k1, k2, k3, k4, 0, 0, p1, p2);
    }

    /** {@return whether every coefficient is zero, so that the lens model alone holds} */
    public boolean isNone() {
        return k1 == 0 && k2 == 0 && k3 == 0 && k4 == 0 && k5 == 0 && k6 == 0 && p1 == 0 && p2 == 0;
    }

    private static void finite(String name, float value) {
        if (!Float.isFinite(value)) {
            throw new IllegalArgumentException(
                    "distortion " + name + " is " + value + "; it must be finite: write 0 where the lens has none");
        }
    }
}
