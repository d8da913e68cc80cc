package org.eikonal;

/** Activation functions of networks and densities, with tiny-cuda-nn's names and constants. */
public enum Activation {
    /** f(x) = x. */
    NONE("None"),
    /** f(x) = max(x, 0). */
    RELU("ReLU"),
    /** f(x) = x where x is above 0, x / 100 elsewhere. */
    LEAKY_RELU("LeakyReLU"),
    /** f(x) = exp(x), with x clamped to [-15, 15]; the slope is that of the clamped point. */
    EXPONENTIAL("Exponential"),
    /** f(x) = 1 / (1 + exp(-x)). */
    SIGMOID("Sigmoid"),
    /** f(x) = log(1 + exp(10 x)) / 10. */
    SOFTPLUS("Softplus"),
    /** f(x) = (x + sqrt(x<sup>2</sup> + 4 / 100)) / 2: softplus without transcendental functions (Barron 2021). */
    SQUAREPLUS("Squareplus"),
    /** f(x) = tanh(x). */
    TANH("Tanh"),
    /** f(x) = sin(x). */
    SINE("Sine"),
    /** f(x) = x / (1 + exp(-x)). */
    SILU("SiLU");

    private final String key;

    Activation(String key) {
        this.key = key;
    }

    /** {@return the name in JSON configurations} */
    public String key() {
        return key;
    }
}
