package org.eikonal.conformance;

/**
 * The one-blob encoding in float64 (Mueller et al. 2019, "Neural Importance Sampling", section 4.3), with tiny-cuda-nn's
 * kernel: of each coordinate x, bin k of B holds as much of a quartic kernel of radius 1/B about x as lies within
 * [k/B, (k+1)/B], or within the same bin of the periods before and after [0, 1].
 */
record OneBlobOracle(int inputs, int bins) implements PointMap {
    @Override
    public int outputs() {
        return inputs * bins;
    }

    @Override
    public int parameters() {
        return 0;
    }

    /** The integral of the kernel up to y: 0 from its left end on, 1 from its right end on. */
    private double integral(double y) {
        double u = Math.max(-1, Math.min(1, y * bins));
        return 15 / 16.0 * (u - 2 / 3.0 * u * u * u + u * u * u * u * u / 5) + 0.5;
    }

    private double kernel(double y) {
        double u = y * bins;
        return Math.abs(u) < 1 ? bins * 15 / 16.0 * (1 - u * u) * (1 - u * u) : 0;
    }

    private double wrappedIntegral(double y) {
        return integral(y) + integral(y - 1) + integral(y + 1);
    }

    private double wrappedKernel(double y) {
        return kernel(y) + kernel(y - 1) + kernel(y + 1);
    }

    @Override
    public double[] forward(double[] parameters, double[] x) {
        double[] out = new double[outputs()];
        for (int i = 0; i < out.length; i++) {
            double begin = (double) (i % bins) / bins - x[i / bins];
            out[i] = wrappedIntegral(begin + 1.0 / bins) - wrappedIntegral(begin);
        }
        return out;
    }

    @Override
    public double[] backward(double[] parameters, double[] x, double[] outputGradients, double[] parameterGradients) {
        double[] back = new double[inputs];
        for (int i = 0; i < outputs(); i++) {
            double begin = (double) (i % bins) / bins - x[i / bins];
            back[i / bins] -= outputGradients[i] * (wrappedKernel(begin + 1.0 / bins) - wrappedKernel(begin));
        }
        return back;
    }
}
