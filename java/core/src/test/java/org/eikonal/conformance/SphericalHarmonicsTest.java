package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.eikonal.Device;
import org.eikonal.Encoding;
import org.eikonal.EncodingConfig;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.junit.jupiter.api.Test;

class SphericalHarmonicsTest {
    private static final float[] NONE = {};

    @OnEveryDevice
    void valuesAndGradientsAreThoseOfTheOracle(Device device) {
        for (int degree = 1; degree <= 8; degree++) {
            for (int n : new int[] {0, 1, 3, 17, 96, 97, 769}) {
                Draws draws = new Draws(degree);
                check(device, degree, draws.directions(n), draws);
            }
        }
    }

    @OnEveryDevice
    void polesAndAxesAreFine(Device device) {
        float[] axes = {0, 0, 1, 0, 0, -1, 1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0, 1e-20f, 0, 1, 0, -0.0f, -1};
        for (int degree = 1; degree <= 8; degree++) {
            check(device, degree, axes, new Draws(degree));
        }
    }

    @OnEveryDevice
    void lowDegreesAreTheTextbookPolynomials(Device device) {
        float x = 1 / 3f;
        float y = 2 / 3f;
        float z = 2 / 3f;
        try (Encoding harmonics = harmonics(device, 3)) {
            Check.within("(1,2,2)/3", new double[] {
                0.28209479177387814, -0.4886025119029199 * y, 0.4886025119029199 * z, -0.4886025119029199 * x,
                1.0925484305920792 * x * y, -1.0925484305920792 * y * z, 0.31539156525252 * (3 * z * z - 1),
                -1.0925484305920792 * x * z, 0.5462742152960396 * (x * x - y * y)
            }, harmonics.forward(new float[] {x, y, z}), 1e-6);
        }
    }

    /** By the recurrences of Legendre functions (Abramowitz and Stegun 8.5.3) and of cos and sin of m phi. */
    @OnEveryDevice
    void valuesAreThoseOfTheRecurrences(Device device) {
        float[] directions = new Draws(11).directions(500);
        double[] expected = new double[500 * 64];
        for (int i = 0; i < 500; i++) {
            double[] v = Draws.row(directions, i, 3);
            double real = 1;
            double imaginary = 0;
            double first = Math.sqrt(1 / (4 * Math.PI));  // of l = m, with all of the normalisation but sqrt(2)
            for (int m = 0; m < 8; m++) {
                double before = 0;
                double now = first;
                for (int l = m; l < 8; l++) {
                    double size = m == 0 ? 1 : Math.sqrt(2);
                    expected[i * 64 + l * l + l + m] = size * now * real;
                    expected[i * 64 + l * l + l - m] = size * now * (m == 0 ? real : imaginary);
                    double a = Math.sqrt((4.0 * (l + 1) * (l + 1) - 1) / ((l + 1) * (l + 1) - m * m));
                    double b = Math.sqrt((double) (l * l - m * m) / (4.0 * l * l - 1));
                    double next = a * (v[2] * now - (l == m ? 0 : b) * before);
                    before = now;
                    now = next;
                }
                first *= -Math.sqrt((2 * m + 3) / (2.0 * m + 2));
                double turned = real * v[0] - imaginary * v[1];
                imaginary = real * v[1] + imaginary * v[0];
                real = turned;
            }
        }
        try (Encoding harmonics = harmonics(device, 8)) {
            Check.within("values", expected, harmonics.forward(directions), 1e-5);
        }
    }

    @OnEveryDevice
    void functionsAreOrthonormal(Device device) {
        // Products have degree 14: 8 Gauss nodes in z and 16 equal steps in phi integrate them exactly.
        double[] node = new double[8];
        double[] weight = new double[8];
        for (int i = 0; i < 8; i++) {
            double t = Math.cos(Math.PI * (i + 0.75) / 8.5);
            double slope = 0;
            for (int iteration = 0; iteration < 20; iteration++) {
                double p = 1;
                double before = 0;
                for (int k = 1; k <= 8; k++) {
                    double next = ((2 * k - 1) * t * p - (k - 1) * before) / k;
                    before = p;
                    p = next;
                }
                slope = 8 * (t * p - before) / (t * t - 1);
                t -= p / slope;
            }
            node[i] = t;
            weight[i] = 2 / ((1 - t * t) * slope * slope);
        }
        float[] directions = new float[3 * 128];
        for (int i = 0; i < 128; i++) {
            double r = Math.sqrt(1 - node[i / 16] * node[i / 16]);
            double phi = 2 * Math.PI * (i % 16) / 16;
            directions[3 * i] = (float) (r * Math.cos(phi));
            directions[3 * i + 1] = (float) (r * Math.sin(phi));
            directions[3 * i + 2] = (float) node[i / 16];
        }
        try (Encoding harmonics = harmonics(device, 8)) {
            float[] values = harmonics.forward(directions);
            for (int a = 0; a < 64; a++) {
                for (int b = 0; b <= a; b++) {
                    double integral = 0;
                    for (int i = 0; i < 128; i++) {
                        integral += weight[i / 16] * 2 * Math.PI / 16 * values[64 * i + a] * values[64 * i + b];
                    }
                    assertEquals(a == b ? 1 : 0, integral, 1e-5, a + " and " + b);
                }
            }
        }
    }

    @Test
    void theOracleIsTheTrigonometricFormulaOnTheSphere() {
        float[] directions = new Draws(9).directions(100);
        for (int i = 0; i < 100; i++) {
            double[] v = Draws.row(directions, i, 3);
            double length = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
            double[] values = new HarmonicsOracle(8).forward(
                    new double[0], new double[] {v[0] / length, v[1] / length, v[2] / length});
            for (int l = 0, k = 0; l < 8; l++) {
                for (int m = -l; m <= l; m++, k++) {
                    assertEquals(HarmonicsOracle.onSphere(l, m, v[0] / length, v[1] / length, v[2] / length), values[k],
                            1e-11, "l " + l + ", m " + m);
                }
            }
        }
    }

    @Test
    void theOraclesDerivativesAreFiniteDifferences() {
        Draws draws = new Draws(10);
        float[] directions = draws.directions(20);
        for (int i = 0; i < 20; i++) {
            ModelCheck.differences("direction " + i, new HarmonicsOracle(8), new double[0], Draws.row(directions, i, 3),
                    Draws.wide(draws.uniform(64, -1, 1)));
        }
    }

    private static Encoding harmonics(Device device, int degree) {
        return Encoding.create(device, EncodingConfig.sphericalHarmonics(degree), 3, 0);
    }

    private static void check(Device device, int degree, float[] directions, Draws draws) {
        try (Encoding harmonics = harmonics(device, degree)) {
            float[] slopes = draws.uniform(directions.length / 3 * degree * degree, -1, 1);
            ModelCheck.close("degree " + degree, harmonics, new HarmonicsOracle(degree), NONE, directions, slopes, 1e-5);
        }
    }
}
