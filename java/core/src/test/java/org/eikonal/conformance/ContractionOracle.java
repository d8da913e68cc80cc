package org.eikonal.conformance;

/**
 * The contraction of space about the origin in float64 (Barron et al. 2022, Mip-NeRF 360, equation 10): x where |x| is
 * at most 1, else g(|x|) x with g(r) = (2 - 1/r) / r, and its derivatives, index by index. |x| is the length ({@code
 * L2}) or the largest coordinate's magnitude ({@code LInfinity}); {@code None} leaves all as it is.
 */
record ContractionOracle(String norm) {
    private double of(double[] x) {
        return switch (norm) {
            case "L2" -> Math.sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
            case "LInfinity" -> Math.max(Math.abs(x[0]), Math.max(Math.abs(x[1]), Math.abs(x[2])));
            default -> 0;
        };
    }

    /** @return d |x| / d x_i */
    private double slope(double[] x, int i) {
        return norm.equals("L2") ? x[i] / of(x) : Math.abs(x[i]) == of(x) ? Math.signum(x[i]) : 0;
    }

    /** @return d^2 |x| / d x_i d x_k */
    private double bend(double[] x, int i, int k) {
        return norm.equals("L2") ? ((i == k ? 1 : 0) - slope(x, i) * slope(x, k)) / of(x) : 0;
    }

    double[] point(double[] x) {
        double r = of(x);
        double g = r <= 1 ? 1 : (2 - 1 / r) / r;
        return new double[] {g * x[0], g * x[1], g * x[2]};
    }

    /** @return d contract(x)_i / d x_j */
    double[][] jacobian(double[] x) {
        double[][] out = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        double r = of(x);
        for (int i = 0; r > 1 && i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                out[i][j] = (i == j ? (2 - 1 / r) / r : 0) + x[i] * (-2 / (r * r) + 2 / (r * r * r)) * slope(x, j);
            }
        }
        return out;
    }

    /** @return d^2 contract(x)_i / d x_j d x_k */
    double[][][] bends(double[] x) {
        double[][][] out = new double[3][3][3];
        double r = of(x);
        double first = -2 / Math.pow(r, 2) + 2 / Math.pow(r, 3);
        double second = 4 / Math.pow(r, 3) - 6 / Math.pow(r, 4);
        for (int at = 0; r > 1 && at < 27; at++) {
            int i = at / 9;
            int j = at / 3 % 3;
            int k = at % 3;
            out[i][j][k] = (i == j ? first * slope(x, k) : 0) + (i == k ? first * slope(x, j) : 0)
                    + x[i] * (second * slope(x, j) * slope(x, k) + first * bend(x, j, k));
        }
        return out;
    }
}
