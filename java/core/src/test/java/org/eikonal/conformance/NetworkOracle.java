package org.eikonal.conformance;

import java.util.Arrays;
import java.util.OptionalInt;
import org.eikonal.Activation;
import org.eikonal.NetworkConfig;

/**
 * The multilayer perceptron in float64: y = f(W x + b), layer after layer. The input of a layer with a skip connection
 * is that of the network and then the outputs of the layer before. Parameters are layer by layer the matrix,
 * [outputs][inputs] row-major, and then the biases if there are any.
 */
final class NetworkOracle implements PointMap {
    private final int[] widths;
    private final Activation hidden;
    private final Activation output;
    private final boolean biased;
    private final int[] skips;

    NetworkOracle(int inputs, int outputs, int neurons, int hiddenLayers, Activation hidden, Activation output) {
        this(inputs, outputs, neurons, hiddenLayers, hidden, output, false);
    }

    /** @param skips layers that see the network's inputs once more */
    NetworkOracle(int inputs, int outputs, int neurons, int hiddenLayers, Activation hidden, Activation output,
            boolean biased, int... skips) {
        widths = new int[hiddenLayers + 2];
        Arrays.fill(widths, neurons);
        widths[0] = inputs;
        widths[hiddenLayers + 1] = outputs;
        this.hidden = hidden;
        this.output = output;
        this.biased = biased;
        this.skips = skips;
    }

    NetworkConfig config() {
        NetworkConfig.Builder builder = NetworkConfig.builder().neurons(layers() == 1 ? 1 : widths[1])
                .hiddenLayers(widths.length - 2).activation(hidden).outputActivation(output);
        if (biased) {
            builder.bias(true);
        }
        if (skips.length > 0) {
            builder.skipConnections(skips);
        }
        return builder.build();
    }

    @Override
    public int inputs() {
        return widths[0];
    }

    @Override
    public int outputs() {
        return widths[widths.length - 1];
    }

    int layers() {
        return widths.length - 1;
    }

    /** @return how many columns a layer's matrix has */
    int columns(int layer) {
        return widths[layer] + (skips(layer) ? widths[0] : 0);
    }

    /** @return how many rows a layer's matrix has */
    int rows(int layer) {
        return widths[layer + 1];
    }

    /** @return the first parameter of a layer; its biases stand behind its matrix */
    int offset(int layer) {
        int at = 0;
        for (int l = 0; l < layer; l++) {
            at += rows(l) * columns(l) + (biased ? rows(l) : 0);
        }
        return at;
    }

    /** @return the first of a layer's biases, if it has any */
    OptionalInt biases(int layer) {
        return biased ? OptionalInt.of(offset(layer) + rows(layer) * columns(layer)) : OptionalInt.empty();
    }

    @Override
    public int parameters() {
        return offset(layers());
    }

    private boolean skips(int layer) {
        return Arrays.stream(skips).anyMatch(skip -> skip == layer);
    }

    private Activation activation(int layer) {
        return layer == widths.length - 2 ? output : hidden;
    }

    /** What a layer's matrix gets. */
    private double[] in(int layer, double[] x, double[][] sums) {
        if (layer == 0) {
            return x;
        }
        double[] before = activated(layer - 1, sums[layer - 1]);
        if (!skips(layer)) {
            return before;
        }
        double[] both = Arrays.copyOf(x, x.length + before.length);
        System.arraycopy(before, 0, both, x.length, before.length);
        return both;
    }

    /** What every layer's activation gets. */
    private double[][] sums(double[] parameters, double[] x) {
        double[][] sums = new double[layers()][];
        int at = 0;
        for (int l = 0; l < sums.length; l++) {
            double[] in = in(l, x, sums);
            sums[l] = new double[rows(l)];
            for (int o = 0; o < rows(l); o++) {
                for (double each : in) {
                    sums[l][o] += parameters[at++] * each;
                }
            }
            for (int o = 0; o < rows(l) && biased; o++) {
                sums[l][o] += parameters[at++];
            }
        }
        return sums;
    }

    private double[] activated(int layer, double[] sums) {
        double[] out = new double[sums.length];
        for (int o = 0; o < out.length; o++) {
            out[o] = ActivationOracle.value(activation(layer), sums[o]);
        }
        return out;
    }

    @Override
    public double[] forward(double[] parameters, double[] x) {
        double[][] sums = sums(parameters, x);
        return activated(sums.length - 1, sums[sums.length - 1]);
    }

    @Override
    public double[] backward(double[] parameters, double[] x, double[] outputGradients, double[] parameterGradients) {
        double[][] sums = sums(parameters, x);
        double[] back = new double[widths[0]];
        double[] slope = outputGradients;
        for (int l = sums.length - 1; l >= 0; l--) {
            double[] in = in(l, x, sums);
            double[] below = new double[in.length];
            int matrix = offset(l);
            int biases = matrix + rows(l) * in.length;
            for (int o = 0; o < rows(l); o++) {
                double g = slope[o] * ActivationOracle.slope(activation(l), sums[l][o]);
                for (int k = 0; k < in.length; k++) {
                    parameterGradients[matrix + o * in.length + k] += g * in[k];
                    below[k] += g * parameters[matrix + o * in.length + k];
                }
                if (biased) {
                    parameterGradients[biases + o] += g;
                }
            }
            int skipped = l > 0 && !skips(l) ? 0 : widths[0];
            for (int k = 0; k < skipped; k++) {
                back[k] += below[k];
            }
            slope = l == 0 ? below : Arrays.copyOfRange(below, skipped, below.length);
        }
        return back;
    }

    /** @return whether a layer's activation has a kink */
    boolean kinked() {
        return ActivationOracle.kinked(output) || widths.length > 2 && ActivationOracle.kinked(hidden);
    }

    /** @return how near to a kink of an activation the point comes: on which side it lies is then a matter of rounding */
    double distanceToKink(double[] parameters, double[] x) {
        double nearest = Double.MAX_VALUE;
        double[][] sums = sums(parameters, x);
        for (int l = 0; l < sums.length; l++) {
            for (double sum : sums[l]) {
                nearest = ActivationOracle.kinked(activation(l)) ? Math.min(nearest, Math.abs(sum)) : nearest;
            }
        }
        return nearest;
    }
}
