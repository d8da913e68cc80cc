package org.eikonal.conformance;

/**
 * The frequency encoding in float64 (Mildenhall et al. 2020, equation 4), in tiny-cuda-nn's order: of each coordinate x
 * the sine and the cosine of 2^f pi x, f = 0, 1 and so on.
 */
record FrequencyOracle(int inputs, int frequencies) implements PointMap {
    @Override
    public int outputs() {
        return 2 * inputs * frequencies;
    }

    @Override
    public int parameters() {
        return 0;
    }

    /** 2^f pi x less whole turns: doubling and the remainder are exact, so that no frequency loses anything. */
    private static double angle(int f, double x) {
        return Math.PI * Math.IEEEremainder(Math.scalb(x, f), 2);
    }

    @Override
    public double[] forward(double[] parameters, double[] x) {
        double[] out = new double[outputs()];
        for (int i = 0; i < inputs * frequencies; i++) {
            double angle = angle(i % frequencies, x[i / frequencies]);
            out[2 * i] = Math.sin(angle);
            out[2 * i + 1] = Math.cos(angle);
        }
        return out;
    }

    @Override
    public double[] backward(double[] parameters, double[] x, double[] outputGradients, double[] parameterGradients) {
        double[] back = new double[inputs];
        for (int i = 0; i < inputs * frequencies; i++) {
            double angle = angle(i % frequencies, x[i / frequencies]);
            back[i / frequencies] += Math.scalb(Math.PI, i % frequencies)
                    * (outputGradients[2 * i] * Math.cos(angle) - outputGradients[2 * i + 1] * Math.sin(angle));
        }
        return back;
    }
}
