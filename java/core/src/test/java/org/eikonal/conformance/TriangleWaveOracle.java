package org.eikonal.conformance;

/**
 * Triangle waves in float64, as tiny-cuda-nn's: with v = 2^(f-1) x + f/4, of each coordinate x and each f = 0, 1 and so
 * on, 4 |v - floor(v) - 1/2| - 1.
 */
record TriangleWaveOracle(int inputs, int frequencies) implements PointMap {
    @Override
    public int outputs() {
        return inputs * frequencies;
    }

    @Override
    public int parameters() {
        return 0;
    }

    /** Where in its period a wave is, in [0, 1): of a float's x exact, for doubling and flooring are. */
    private static double phase(int f, double x) {
        double v = Math.scalb(x, f - 1);
        double phase = v - Math.floor(v) + f % 4 / 4.0;
        return phase - Math.floor(phase);
    }

    @Override
    public double[] forward(double[] parameters, double[] x) {
        double[] out = new double[outputs()];
        for (int i = 0; i < out.length; i++) {
            out[i] = 4 * Math.abs(phase(i % frequencies, x[i / frequencies]) - 0.5) - 1;
        }
        return out;
    }

    /** The wave falls in the first half of its period and rises in the second, at a kink as after it. */
    @Override
    public double[] backward(double[] parameters, double[] x, double[] outputGradients, double[] parameterGradients) {
        double[] back = new double[inputs];
        for (int i = 0; i < outputs(); i++) {
            double slope = Math.scalb(1.0, i % frequencies + 1);
            back[i / frequencies] +=
                    outputGradients[i] * (phase(i % frequencies, x[i / frequencies]) < 0.5 ? -slope : slope);
        }
        return back;
    }

    /** @return how near a wave of the point comes to a kink, in periods */
    double distanceToKink(int f, double x) {
        double half = 2 * phase(f, x);
        return Math.abs(half - Math.rint(half)) / 2;
    }
}
