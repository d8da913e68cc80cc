package org.eikonal.conformance;

/**
 * Adam in float64 (Kingma and Ba 2015, algorithm 1), with L2 regularisation added to the gradient and weight decay apart
 * from it (Loshchilov and Hutter 2019). Where it is sparse, a parameter without gradient keeps its value and its moments,
 * and nothing is regularised.
 */
final class AdamOracle {
    final double[] values;
    final double[] first;
    final double[] second;
    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double l2;
    private final double decay;

    AdamOracle(float[] values, double beta1, double beta2, double epsilon, double l2, double decay) {
        this.values = Draws.wide(values);
        this.first = new double[values.length];
        this.second = new double[values.length];
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        this.l2 = l2;
        this.decay = decay;
    }

    /**
     * @param t 1 for the first step
     * @param sparse how many parameters, from the first on, are a grid's
     */
    void step(int t, double rate, float[] gradients, int sparse) {
        for (int i = 0; i < values.length; i++) {
            if (i < sparse && gradients[i] == 0) {
                continue;
            }
            double g = gradients[i] + (i < sparse ? 0 : l2 * values[i]);
            first[i] = beta1 * first[i] + (1 - beta1) * g;
            second[i] = beta2 * second[i] + (1 - beta2) * g * g;
            double mean = first[i] / (1 - Math.pow(beta1, t));
            double square = second[i] / (1 - Math.pow(beta2, t));
            values[i] -= rate * decay * values[i] + rate * mean / (Math.sqrt(square) + epsilon);
        }
    }
}
