package org.eikonal.conformance;

import java.util.Arrays;
import org.eikonal.Activation;
import org.eikonal.NetworkConfig;

/**
 * The multilayer perceptron without biases in float64: y = f(W x), layer after layer; parameters are the matrices one
 * after the other, [outputs][inputs] row-major.
 */
final class NetworkOracle implements PointMap {
    private final int[] widths;
    private final Activation hidden;
    private final Activation output;

    NetworkOracle(int inputs, int outputs, int neurons, int hiddenLayers, Activation hidden, Activation output) {
        widths = new int[hiddenLayers + 2];
        Arrays.fill(widths, neurons);
        widths[0] = inputs;
        widths[hiddenLayers + 1] = outputs;
        this.hidden = hidden;
        this.output = output;
    }

    NetworkConfig config() {
        return NetworkConfig.builder().neurons(Math.max(1, widths[1])).hiddenLayers(widths.length - 2)
                .activation(hidden).outputActivation(output).build();
    }

    @Override
    public int inputs() {
        return widths[0];
    }

    @Override
    public int outputs() {
        return widths[widths.length - 1];
    }

    @Override
    public int parameters() {
        int count = 0;
        for (int l = 0; l + 1 < widths.length; l++) {
            count += widths[l] * widths[l + 1];
        }
        return count;
    }

    private Activation activation(int layer) {
        return layer == widths.length - 2 ? output : hidden;
    }

    /** What every layer's activation gets. */
    private double[][] sums(double[] parameters, double[] x) {
        double[][] sums = new double[widths.length - 1][];
        double[] in = x;
        int at = 0;
        for (int l = 0; l < sums.length; l++) {
            sums[l] = new double[widths[l + 1]];
            for (int o = 0; o < widths[l + 1]; o++) {
                for (int k = 0; k < widths[l]; k++) {
                    sums[l][o] += parameters[at++] * in[k];
                }
            }
            in = activated(l, sums[l]);
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
        double[] slope = outputGradients;
        int end = parameters();
        for (int l = sums.length - 1; l >= 0; l--) {
            double[] in = l == 0 ? x : activated(l - 1, sums[l - 1]);
            double[] below = new double[widths[l]];
            int begin = end - widths[l] * widths[l + 1];
            for (int o = 0; o < widths[l + 1]; o++) {
                double g = slope[o] * ActivationOracle.slope(activation(l), sums[l][o]);
                for (int k = 0; k < widths[l]; k++) {
                    parameterGradients[begin + o * widths[l] + k] += g * in[k];
                    below[k] += g * parameters[begin + o * widths[l] + k];
                }
            }
            slope = below;
            end = begin;
        }
        return slope;
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
