package org.eikonal.conformance;

import org.eikonal.Activation;
import org.eikonal.Samples;

/**
 * Volume compositing in float64 by the formula itself (NeRF, equation 3): the weight of sample i is
 * exp(-sum of sigma dt before it) (1 - exp(-sigma_i dt_i)). Gradients are central differences of it.
 */
final class CompositingOracle {
    private final Activation activation;
    private final double earlyStop;

    /** What goes in, in float64: differences are taken by changing these. */
    record Inputs(double[] rawDensity, double[] values, double[] background) {}

    /** Colours, opacity and depth of every ray, and every sample's weight. */
    record Outputs(double[] color, double[] opacity, double[] depth, int[] live, double[] weights) {}

    CompositingOracle(Activation activation, double earlyStop) {
        this.activation = activation;
        this.earlyStop = earlyStop;
    }

    Outputs forward(Samples samples, int channels, Inputs in) {
        int rays = samples.rays();
        Outputs out = new Outputs(new double[rays * channels], new double[rays], new double[rays], new int[rays],
                new double[samples.count()]);
        for (int ray = 0; ray < rays; ray++) {
            composite(samples, channels, in, ray, out);
        }
        return out;
    }

    private void composite(Samples samples, int channels, Inputs in, int ray, Outputs out) {
        double thickness = 0;
        int i = samples.starts()[ray];
        int end = i + samples.counts()[ray];
        for (; i < end && Math.exp(-thickness) >= earlyStop; i++) {
            double own = ActivationOracle.value(activation, in.rawDensity[i]) * samples.dt()[i];
            double weight = Math.exp(-thickness) * -Math.expm1(-own);
            thickness += own;
            out.weights[i] = weight;
            out.opacity[ray] += weight;
            out.depth[ray] += weight * samples.t()[i];
            out.live[ray]++;
            for (int k = 0; k < channels; k++) {
                out.color[ray * channels + k] += weight * in.values[i * channels + k];
            }
        }
        for (int k = 0; k < channels && in.background != null; k++) {
            out.color[ray * channels + k] += Math.exp(-thickness) * in.background[ray * channels + k];
        }
    }

    /** The gradient of the sum of slopes times outputs by one of the inputs' arrays, changed in place. */
    double[] differences(Samples samples, int channels, Inputs in, double[] by, int perSample, double[] colorSlopes,
            double[] opacitySlopes, double[] depthSlopes) {
        double h = 1e-5;
        double[] gradient = new double[by.length];
        for (int ray = 0; ray < samples.rays(); ray++) {
            boolean ofRays = by == in.background;
            int begin = ofRays ? ray * channels : samples.starts()[ray] * perSample;
            int end = ofRays ? begin + channels : begin + samples.counts()[ray] * perSample;
            for (int i = begin; i < end; i++) {
                double x = by[i];
                by[i] = x + h;
                double above = dot(samples, channels, in, ray, colorSlopes, opacitySlopes, depthSlopes);
                by[i] = x - h;
                double below = dot(samples, channels, in, ray, colorSlopes, opacitySlopes, depthSlopes);
                by[i] = x;
                gradient[i] = (above - below) / (2 * h);
            }
        }
        return gradient;
    }

    private double dot(Samples samples, int channels, Inputs in, int ray, double[] colorSlopes, double[] opacitySlopes,
            double[] depthSlopes) {
        int rays = samples.rays();
        Outputs out = new Outputs(new double[rays * channels], new double[rays], new double[rays], new int[rays],
                new double[samples.count()]);
        composite(samples, channels, in, ray, out);
        double sum = opacitySlopes[ray] * out.opacity[ray] + depthSlopes[ray] * out.depth[ray];
        for (int k = 0; k < channels; k++) {
            sum += colorSlopes[ray * channels + k] * out.color[ray * channels + k];
        }
        return sum;
    }
}
