package org.eikonal.conformance;

import org.eikonal.EncodingConfig;

/** An encoding of contracted positions in float64. */
record ContractedOracle(String norm, double radius, EncodingConfig nested, PointMap oracle) implements PointMap {
    EncodingConfig config() {
        return EncodingConfig.contraction(norm, radius, nested);
    }

    @Override
    public int inputs() {
        return 3;
    }

    @Override
    public int outputs() {
        return oracle.outputs();
    }

    @Override
    public int parameters() {
        return oracle.parameters();
    }

    private double[] scaled(double[] x) {
        return new double[] {(x[0] - 0.5) / radius, (x[1] - 0.5) / radius, (x[2] - 0.5) / radius};
    }

    private double[] inside(double[] x) {
        double[] y = new ContractionOracle(norm).point(scaled(x));
        return new double[] {y[0] / 4 + 0.5, y[1] / 4 + 0.5, y[2] / 4 + 0.5};
    }

    @Override
    public double[] forward(double[] parameters, double[] x) {
        return oracle.forward(parameters, inside(x));
    }

    @Override
    public double[] backward(double[] parameters, double[] x, double[] outputGradients, double[] parameterGradients) {
        double[] slopes = oracle.backward(parameters, inside(x), outputGradients, parameterGradients);
        double[][] jacobian = new ContractionOracle(norm).jacobian(scaled(x));
        double[] back = new double[3];
        for (int j = 0; j < 3; j++) {
            for (int i = 0; i < 3; i++) {
                back[j] += slopes[i] * jacobian[i][j] / (4 * radius);
            }
        }
        return back;
    }
}
