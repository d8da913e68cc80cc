package org.eikonal.conformance;

/**
 * Real spherical harmonics in float64, from Rodrigues' formula for Legendre polynomials, written out, and its derivatives.
 * The order is l, then m = -l to l; the sign is that of the Condon-Shortley phase, as in tiny-cuda-nn. Off the sphere a
 * function goes on as the polynomial Q(z) Re or Im (x + iy)^m, as tiny-cuda-nn's do.
 */
final class HarmonicsOracle implements PointMap {
    private final int degree;

    HarmonicsOracle(int degree) {
        this.degree = degree;
    }

    /** On the sphere, by angles: normalisation times associated Legendre function times cos or sin of m phi. */
    static double onSphere(int l, int m, double x, double y, double z) {
        int a = Math.abs(m);
        double legendre = Math.pow(1 - z * z, a / 2.0) * legendreDerivative(l, a, z);
        double phi = Math.atan2(y, x);
        return norm(l, a) * legendre * (m == 0 ? 1 : m > 0 ? Math.cos(a * phi) : Math.sin(a * phi));
    }

    /** With the phase (-1)^m. */
    private static double norm(int l, int m) {
        double norm = Math.sqrt((2 * l + 1) / (4 * Math.PI) * factorial(l - m) / factorial(l + m));
        return (m % 2 == 0 ? 1 : -1) * (m == 0 ? norm : Math.sqrt(2) * norm);
    }

    /** d^m/dz^m of P_l(z) = 2^-l sum_k (-1)^k C(l,k) C(2l-2k,l) z^(l-2k). */
    private static double legendreDerivative(int l, int m, double z) {
        double sum = 0;
        for (int k = 0; 2 * k <= l; k++) {
            int power = l - 2 * k;
            if (power < m) {
                break;
            }
            double c = (k % 2 == 0 ? 1 : -1) * choose(l, k) * choose(2 * l - 2 * k, l);
            sum += c * factorial(power) / factorial(power - m) * Math.pow(z, power - m);
        }
        return sum / Math.pow(2, l);
    }

    /** Re or Im of (x + iy)^m by the binomial formula. */
    private static double power(int m, boolean imaginary, double x, double y) {
        double sum = 0;
        for (int k = imaginary ? 1 : 0; k <= m; k += 2) {
            sum += (k / 2 % 2 == 0 ? 1 : -1) * choose(m, k) * Math.pow(x, m - k) * Math.pow(y, k);
        }
        return sum;
    }

    @Override
    public int inputs() {
        return 3;
    }

    @Override
    public int outputs() {
        return degree * degree;
    }

    @Override
    public int parameters() {
        return 0;
    }

    @Override
    public double[] forward(double[] parameters, double[] x) {
        double[] out = new double[outputs()];
        for (int l = 0, i = 0; l < degree; l++) {
            for (int m = -l; m <= l; m++) {
                int a = Math.abs(m);
                out[i++] = norm(l, a) * legendreDerivative(l, a, x[2]) * power(a, m < 0, x[0], x[1]);
            }
        }
        return out;
    }

    /** Analytic: d/dz of Q is the next derivative of Legendre's polynomial; (x + iy)^m is holomorphic. */
    @Override
    public double[] backward(double[] parameters, double[] x, double[] outputGradients, double[] parameterGradients) {
        double[] back = new double[3];
        for (int l = 0, i = 0; l < degree; l++) {
            for (int m = -l; m <= l; m++, i++) {
                int a = Math.abs(m);
                double q = norm(l, a) * legendreDerivative(l, a, x[2]);
                double real = a == 0 ? 0 : a * power(a - 1, false, x[0], x[1]);
                double imaginary = a == 0 ? 0 : a * power(a - 1, true, x[0], x[1]);
                back[0] += outputGradients[i] * q * (m < 0 ? imaginary : real);
                back[1] += outputGradients[i] * q * (m < 0 ? real : -imaginary);
                back[2] += outputGradients[i] * norm(l, a) * legendreDerivative(l, a + 1, x[2])
                        * power(a, m < 0, x[0], x[1]);
            }
        }
        return back;
    }

    private static double factorial(int n) {
        double product = 1;
        for (int i = 2; i <= n; i++) {
            product *= i;
        }
        return product;
    }

    private static double choose(int n, int k) {
        return factorial(n) / factorial(k) / factorial(n - k);
    }
}
