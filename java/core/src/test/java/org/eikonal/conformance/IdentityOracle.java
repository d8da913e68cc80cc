package org.eikonal.conformance;

/** Coordinates themselves, scaled and shifted: scale x + offset. */
record IdentityOracle(int inputs, double scale, double offset) implements PointMap {
    @Override
    public int outputs() {
        return inputs;
    }

    @Override
    public int parameters() {
        return 0;
    }

    @Override
    public double[] forward(double[] parameters, double[] x) {
        double[] out = new double[inputs];
        for (int i = 0; i < inputs; i++) {
            out[i] = scale * x[i] + offset;
        }
        return out;
    }

    @Override
    public double[] backward(double[] parameters, double[] x, double[] outputGradients, double[] parameterGradients) {
        double[] back = new double[inputs];
        for (int i = 0; i < inputs; i++) {
            back[i] = scale * outputGradients[i];
        }
        return back;
    }
}
