package org.eikonal.conformance;

import java.util.Arrays;
import org.eikonal.Activation;
import org.eikonal.EncodingConfig;
import org.eikonal.FieldConfig;

/**
 * The radiance field in float64: position -> grid -> network with 16 outputs, of which the first is the raw density;
 * those and the harmonics of the direction -> colour network. Outputs are the channels and, last, the raw density.
 */
final class FieldOracle implements PointMap {
    private static final int FEATURES = 16;

    final GridOracle.Shape shape;
    final int degree;
    final GridOracle grid;
    final NetworkOracle network;
    final HarmonicsOracle harmonics;
    final NetworkOracle head;

    FieldOracle(GridOracle.Shape shape, int neurons, int layers, int degree, int channels, Activation hidden,
            Activation color) {
        this(shape, neurons, layers, degree, channels, hidden, color, false);
    }

    /** @param skips layers that skip, of both networks */
    FieldOracle(GridOracle.Shape shape, int neurons, int layers, int degree, int channels, Activation hidden,
            Activation color, boolean biased, int... skips) {
        this.shape = shape;
        this.degree = degree;
        grid = new GridOracle(shape);
        network = new NetworkOracle(
                grid.outputs(), FEATURES, neurons, layers, hidden, Activation.NONE, biased, skips);
        harmonics = new HarmonicsOracle(degree);
        head = new NetworkOracle(
                FEATURES + degree * degree, channels, neurons, layers, hidden, color, biased, skips);
    }

    FieldConfig config() {
        return FieldConfig.builder().encoding(shape.config()).network(network.config())
                .directionEncoding(EncodingConfig.sphericalHarmonics(degree)).colorNetwork(head.config()).build();
    }

    @Override
    public int inputs() {
        return 6;
    }

    @Override
    public int outputs() {
        return head.outputs() + 1;
    }

    @Override
    public int parameters() {
        return grid.parameters() + network.parameters() + head.parameters();
    }

    private double[] ofNetwork(double[] parameters) {
        return Arrays.copyOfRange(parameters, grid.parameters(), grid.parameters() + network.parameters());
    }

    private double[] ofHead(double[] parameters) {
        return Arrays.copyOfRange(parameters, grid.parameters() + network.parameters(), parameters());
    }

    private double[] headInputs(double[] features, double[] x) {
        double[] in = Arrays.copyOf(features, FEATURES + degree * degree);
        System.arraycopy(harmonics.forward(null, Arrays.copyOfRange(x, 3, 6)), 0, in, FEATURES, degree * degree);
        return in;
    }

    @Override
    public double[] forward(double[] parameters, double[] x) {
        double[] features = network.forward(ofNetwork(parameters), grid.forward(parameters, Arrays.copyOf(x, 3)));
        double[] out = Arrays.copyOf(head.forward(ofHead(parameters), headInputs(features, x)), outputs());
        out[outputs() - 1] = features[0];
        return out;
    }

    @Override
    public double[] backward(double[] parameters, double[] x, double[] outputGradients, double[] parameterGradients) {
        double[] encoded = grid.forward(parameters, Arrays.copyOf(x, 3));
        double[] features = network.forward(ofNetwork(parameters), encoded);
        double[] ofHead = new double[head.parameters()];
        double[] back = head.backward(ofHead(parameters), headInputs(features, x),
                Arrays.copyOf(outputGradients, head.outputs()), ofHead);
        double[] slopes = Arrays.copyOf(back, FEATURES);
        slopes[0] += outputGradients[outputs() - 1];
        double[] ofNetwork = new double[network.parameters()];
        double[] toGrid = network.backward(ofNetwork(parameters), encoded, slopes, ofNetwork);
        add(ofNetwork, parameterGradients, grid.parameters());
        add(ofHead, parameterGradients, grid.parameters() + network.parameters());
        double[] out = Arrays.copyOf(grid.backward(parameters, Arrays.copyOf(x, 3), toGrid, parameterGradients), 6);
        System.arraycopy(harmonics.backward(null, Arrays.copyOfRange(x, 3, 6),
                Arrays.copyOfRange(back, FEATURES, back.length), null), 0, out, 3, 3);
        return out;
    }

    private static void add(double[] values, double[] to, int at) {
        for (int i = 0; i < values.length; i++) {
            to[at + i] += values[i];
        }
    }

    int layers() {
        return network.layers() + head.layers();
    }

    boolean kinked() {
        return network.kinked() || head.kinked();
    }

    double distanceToKink(double[] parameters, double[] x) {
        double[] encoded = grid.forward(parameters, Arrays.copyOf(x, 3));
        double[] features = network.forward(ofNetwork(parameters), encoded);
        return Math.min(network.distanceToKink(ofNetwork(parameters), encoded),
                head.distanceToKink(ofHead(parameters), headInputs(features, x)));
    }
}
