package org.eikonal.conformance;

import org.eikonal.EncodingConfig;

/**
 * The integrated positional encoding in float64 (Barron et al. 2021, Mip-NeRF, equations 13 and 14), of a Gaussian that
 * was contracted before: matrices written out, index by index.
 */
record IntegratedFrequencyOracle(String basis, int frequencies, String contraction) implements PointMap {
    /** As Mip-NeRF 360 prints them in its appendix. */
    private static final double[][] PRINTED = {
        {0.8506508, 0, 0.5257311}, {0.809017, 0.5, 0.309017}, {0.5257311, 0.8506508, 0}, {1, 0, 0},
        {0.809017, 0.5, -0.309017}, {0.8506508, 0, -0.5257311}, {0.309017, 0.809017, -0.5},
        {0, 0.5257311, -0.8506508}, {0.5, 0.309017, -0.809017}, {0, 1, 0}, {-0.5257311, 0.8506508, 0},
        {-0.309017, 0.809017, -0.5}, {0, 0.5257311, 0.8506508}, {-0.309017, 0.809017, 0.5}, {0.309017, 0.809017, 0.5},
        {0.5, 0.309017, 0.809017}, {0.5, -0.309017, 0.809017}, {0, 0, 1}, {-0.5, 0.309017, 0.809017},
        {-0.809017, 0.5, 0.309017}, {-0.809017, 0.5, -0.309017}};
    private static final double[][] AXES = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    private static final double[][] ICOSAHEDRON = icosahedron();

    EncodingConfig config() {
        return EncodingConfig.integratedFrequency().basis(basis).frequencies(frequencies).contraction(contraction)
                .build();
    }

    double[][] directions() {
        return basis.equals("Axes") ? AXES : ICOSAHEDRON;
    }

    /**
     * The printed ones to all digits, by what they are: in each axis' plane a vertex, and middles of two of its edges.
     */
    private static double[][] icosahedron() {
        double golden = (1 + Math.sqrt(5)) / 2;
        double[] exact = {0, 1, 0.5, golden / 2, 1 / (2 * golden), golden / Math.sqrt(golden + 2),
                1 / Math.sqrt(golden + 2)};
        double[][] out = new double[21][3];
        for (int d = 0; d < 21; d++) {
            for (int i = 0; i < 3; i++) {
                for (double number : exact) {
                    if (Math.abs(Math.abs(PRINTED[d][i]) - number) < 1e-7) {
                        out[d][i] = Math.copySign(number, PRINTED[d][i]);
                    }
                }
            }
        }
        return out;
    }

    @Override
    public int inputs() {
        return 9;
    }

    @Override
    public int outputs() {
        return 2 * frequencies * directions().length;
    }

    @Override
    public int parameters() {
        return 0;
    }

    static double[][] covariance(double[] x) {
        return new double[][] {{x[3], x[4], x[5]}, {x[4], x[6], x[7]}, {x[5], x[7], x[8]}};
    }

    /** J covariance J^T. */
    private static double[][] moved(double[][] jacobian, double[][] covariance) {
        double[][] out = new double[3][3];
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                for (int i = 0; i < 3; i++) {
                    for (int j = 0; j < 3; j++) {
                        out[a][b] += jacobian[a][i] * covariance[i][j] * jacobian[b][j];
                    }
                }
            }
        }
        return out;
    }

    private static double along(double[] direction, double[] mean) {
        return direction[0] * mean[0] + direction[1] * mean[1] + direction[2] * mean[2];
    }

    private static double along(double[] direction, double[][] covariance) {
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            sum += direction[i] * along(direction, covariance[i]);
        }
        return sum;
    }

    @Override
    public double[] forward(double[] parameters, double[] x) {
        ContractionOracle space = new ContractionOracle(contraction);
        double[] mean = space.point(x);
        double[][] covariance = moved(space.jacobian(x), covariance(x));
        double[][] directions = directions();
        double[] out = new double[outputs()];
        for (int i = 0; i < out.length / 2; i++) {
            double[] p = directions[i % directions.length];
            int octave = i / directions.length;
            double faded = Math.exp(-Math.scalb(along(p, covariance), 2 * octave) / 2);
            out[i] = faded * Math.sin(Math.scalb(along(p, mean), octave));
            out[i + out.length / 2] = faded * Math.cos(Math.scalb(along(p, mean), octave));
        }
        return out;
    }

    @Override
    public double[] backward(double[] parameters, double[] x, double[] outputGradients, double[] parameterGradients) {
        double[] values = forward(parameters, x);
        double[][] directions = directions();
        double[] byMean = new double[3];
        double[][] byCovariance = new double[3][3];
        for (int i = 0; i < values.length / 2; i++) {
            double[] p = directions[i % directions.length];
            int octave = i / directions.length;
            double sine = values[i];
            double cosine = values[i + values.length / 2];
            double bySine = outputGradients[i];
            double byCosine = outputGradients[i + values.length / 2];
            for (int a = 0; a < 3; a++) {
                byMean[a] += Math.scalb(bySine * cosine - byCosine * sine, octave) * p[a];
                for (int b = 0; b < 3; b++) {
                    byCovariance[a][b] -= Math.scalb(bySine * sine + byCosine * cosine, 2 * octave) / 2 * p[a] * p[b];
                }
            }
        }
        ContractionOracle space = new ContractionOracle(contraction);
        double[][] jacobian = space.jacobian(x);
        double[][][] bends = space.bends(x);
        double[][] covariance = covariance(x);
        double[] back = new double[9];
        double[][] byOwn = new double[3][3];
        for (int a = 0; a < 3; a++) {
            for (int i = 0; i < 3; i++) {
                back[i] += jacobian[a][i] * byMean[a];
                for (int b = 0; b < 3; b++) {
                    for (int j = 0; j < 3; j++) {
                        byOwn[i][j] += byCovariance[a][b] * jacobian[a][i] * jacobian[b][j];
                        for (int k = 0; k < 3; k++) {
                            back[k] += byCovariance[a][b] * covariance[i][j]
                                    * (bends[a][i][k] * jacobian[b][j] + jacobian[a][i] * bends[b][j][k]);
                        }
                    }
                }
            }
        }
        for (int i = 0, at = 3; i < 3; i++) {
            for (int j = i; j < 3; j++, at++) {
                back[at] = i == j ? byOwn[i][i] : byOwn[i][j] + byOwn[j][i];
            }
        }
        return back;
    }
}
