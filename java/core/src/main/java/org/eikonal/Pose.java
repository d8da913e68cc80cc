package org.eikonal;

import java.util.Arrays;

/**
 * Where a camera stands and how it is turned: an immutable camera-to-world matrix of 3 rows and 4 columns.
 *
 * <p>Axes are OpenGL's: the columns are the camera's right (x), its up (y), the direction it looks away from (z),
 * and its position, all in world coordinates and world units. The 3x3 part may carry a scale.
 */
public final class Pose {
    /** At the origin, looking along -z with y up. */
    public static final Pose IDENTITY = new Pose(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);

    private final double[] matrix;

    /**
     * Takes a matrix.
     *
     * @param cameraToWorld 12 finite numbers, row-major; the array is copied
     * @throws IllegalArgumentException if there are not 12, if one is NaN or infinite, or if the 3x3 part maps space
     *     onto a plane
     */
    public Pose(double... cameraToWorld) {
        if (cameraToWorld.length != 12) {
            throw new IllegalArgumentException("a pose has 12 numbers (3 rows of 4), not " + cameraToWorld.length);
        }
        matrix = cameraToWorld.clone();
        for (int i = 0; i < 12; i++) {
            if (!Double.isFinite(matrix[i])) {
                throw new IllegalArgumentException("pose entry [" + i / 4 + "][" + i % 4 + "] is " + matrix[i]
                        + "; every entry must be finite: drop this camera or estimate its pose again");
            }
        }
        double[] right = column(0);
        double[] up = column(1);
        double[] back = column(2);
        double determinant = dot(right, cross(up, back));
        double size = length(right) * length(up) * length(back);
        // Written so that a NaN or an overflow of the products fails as well.
        if (!(Math.abs(determinant) > 1e-6 * size) || !Double.isFinite(size)) {
            throw new IllegalArgumentException("the 3x3 part of the pose has determinant " + determinant
                    + "; it must be a rotation, perhaps scaled: its three axes must be independent");
        }
    }

    /**
     * The pose of a camera at {@code eye} that looks at {@code target}.
     *
     * @param eye position, 3 numbers in world units
     * @param target the point at the centre of the view, 3 numbers, apart from {@code eye}
     * @param up a direction that shall point upwards in the picture, 3 numbers, not along the line of sight
     * @return the pose, a rotation without scale
     * @throws IllegalArgumentException if the three do not determine a pose
     */
    public static Pose lookAt(double[] eye, double[] target, double[] up) {
        double[] back = unit(new double[] {eye[0] - target[0], eye[1] - target[1], eye[2] - target[2]},
                "eye and target coincide");
        double[] right = unit(cross(unit(up, "up has no length"), back), "up lies along the line of sight");
        double[] above = cross(back, right);
        return new Pose(
                right[0], above[0], back[0], eye[0],
                right[1], above[1], back[1], eye[1],
                right[2], above[2], back[2], eye[2]);
    }

    /**
     * One entry of the matrix.
     *
     * @param row 0 to 2
     * @param column 0 to 3
     * @return the entry
     */
    public double at(int row, int column) {
        return matrix[row * 4 + column];
    }

    /** {@return a copy of the matrix: 12 numbers, row-major} */
    public double[] matrix() {
        return matrix.clone();
    }

    /** {@return the camera's position: 3 numbers in world units} */
    public double[] position() {
        return column(3);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pose pose && Arrays.equals(matrix, pose.matrix);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(matrix);
    }

    @Override
    public String toString() {
        return "Pose" + Arrays.toString(matrix);
    }

    private double[] column(int index) {
        return new double[] {at(0, index), at(1, index), at(2, index)};
    }

    private static double[] unit(double[] v, String failure) {
        double length = length(v);
        if (!(length > 1e-12) || !Double.isFinite(length)) {
            throw new IllegalArgumentException("no pose looks that way: " + failure);
        }
        return new double[] {v[0] / length, v[1] / length, v[2] / length};
    }

    private static double length(double[] v) {
        return Math.sqrt(dot(v, v));
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    private static double[] cross(double[] a, double[] b) {
        return new double[] {
            a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
        };
    }
}
