package org.eikonal.studio.scene.colmap;

/** Rotations as COLMAP writes them: w, x, y, z. */
final class Quaternion {
    private Quaternion() {}

    /**
     * The rotation's matrix.
     *
     * @param q of any length that is not 0
     * @return 9 numbers, row-major
     * @throws IllegalArgumentException if the numbers are no rotation
     */
    static double[] matrix(double... q) {
        double length = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
        if (!(length > 1e-9) || !Double.isFinite(length)) {
            throw new IllegalArgumentException("its rotation is the quaternion " + q[0] + ", " + q[1] + ", " + q[2]
                    + ", " + q[3] + ", whose length must be above 0 and finite: estimate its pose again");
        }
        double w = q[0] / length;
        double x = q[1] / length;
        double y = q[2] / length;
        double z = q[3] / length;
        return new double[] {
            1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
            2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
            2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)
        };
    }

    /**
     * The rotation of a matrix, with w of 0 or more; Shepperd's way, which takes the largest part first and so loses no
     * digits.
     *
     * @param m an orthonormal matrix of determinant 1: 9 numbers, row-major
     */
    static double[] of(double... m) {
        double[] squares = {
            1 + m[0] + m[4] + m[8], 1 + m[0] - m[4] - m[8], 1 - m[0] + m[4] - m[8], 1 - m[0] - m[4] + m[8]
        };
        int largest = 0;
        for (int i = 1; i < 4; i++) {
            largest = squares[i] > squares[largest] ? i : largest;
        }
        double[] q = switch (largest) {
            case 0 -> new double[] {squares[0], m[7] - m[5], m[2] - m[6], m[3] - m[1]};
            case 1 -> new double[] {m[7] - m[5], squares[1], m[1] + m[3], m[2] + m[6]};
            case 2 -> new double[] {m[2] - m[6], m[1] + m[3], squares[2], m[5] + m[7]};
            default -> new double[] {m[3] - m[1], m[2] + m[6], m[5] + m[7], squares[3]};
        };
        double factor = (q[0] < 0 ? -0.5 : 0.5) / Math.sqrt(squares[largest]);
        for (int i = 0; i < 4; i++) {
            q[i] *= factor;
        }
        return q;
    }
}
