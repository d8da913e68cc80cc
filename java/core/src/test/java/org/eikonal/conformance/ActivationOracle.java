package org.eikonal.conformance;

import org.eikonal.Activation;

/** Activations and their derivatives in float64, from their definitions, with tiny-cuda-nn's constants. */
final class ActivationOracle {
    private ActivationOracle() {}

    static double value(Activation activation, double x) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> Math.max(x, 0);
            case LEAKY_RELU -> Math.max(x, x / 100);
            case EXPONENTIAL -> Math.exp(Math.max(-15, Math.min(15, x)));
            case SIGMOID -> logistic(x);
            case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(10 * x))) / 10;
            case SQUAREPLUS -> (x + Math.sqrt(x * x + 4 / 100.0)) / 2;
            case TANH -> Math.tanh(x);
            case SINE -> Math.sin(x);
            case SILU -> x * logistic(x);
        };
    }

    /** At a kink the slope from below; of the clamped exponential that of the clamped point, so that it can come back. */
    static double slope(Activation activation, double x) {
        return switch (activation) {
            case NONE -> 1;
            case RELU -> x > 0 ? 1 : 0;
            case LEAKY_RELU -> x > 0 ? 1 : 0.01;
            case EXPONENTIAL -> Math.exp(Math.max(-15, Math.min(15, x)));
            case SIGMOID -> logistic(x) * logistic(-x);
            case SOFTPLUS -> logistic(10 * x);
            case SQUAREPLUS -> (1 + x / Math.sqrt(x * x + 4 / 100.0)) / 2;
            case TANH -> 1 / Math.cosh(x) / Math.cosh(x);
            case SINE -> Math.cos(x);
            case SILU -> logistic(x) * (1 + x * logistic(-x));
        };
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** @return whether the derivative jumps at 0 */
    static boolean kinked(Activation activation) {
        return activation == Activation.RELU || activation == Activation.LEAKY_RELU;
    }
}
