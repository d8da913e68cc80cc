package org.eikonal.conformance;

import java.util.Arrays;

/** An encoding and then a network, in float64; parameters are the encoding's and then the network's. */
record ChainOracle(PointMap encoding, PointMap network) implements PointMap {
    @Override
    public int inputs() {
        return encoding.inputs();
    }

    @Override
    public int outputs() {
        return network.outputs();
    }

    @Override
    public int parameters() {
        return encoding.parameters() + network.parameters();
    }

    private double[] ofEncoding(double[] parameters) {
        return Arrays.copyOf(parameters, encoding.parameters());
    }

    private double[] ofNetwork(double[] parameters) {
        return Arrays.copyOfRange(parameters, encoding.parameters(), parameters());
    }

    @Override
    public double[] forward(double[] parameters, double[] x) {
        return network.forward(ofNetwork(parameters), encoding.forward(ofEncoding(parameters), x));
    }

    @Override
    public double[] backward(double[] parameters, double[] x, double[] outputGradients, double[] parameterGradients) {
        double[] own = new double[network.parameters()];
        double[] encoded = encoding.forward(ofEncoding(parameters), x);
        double[] back = network.backward(ofNetwork(parameters), encoded, outputGradients, own);
        for (int i = 0; i < own.length; i++) {
            parameterGradients[encoding.parameters() + i] += own[i];
        }
        return encoding.backward(ofEncoding(parameters), x, back, parameterGradients);
    }
}
