package org.eikonal;

/** Activation functions of networks and densities, by tiny-cuda-nn's names. */
public enum Activation {
    /** x */
    NONE("None"),
    /** max(x, 0) */
    RELU("ReLU"),
    /** x where positive, x / 100 elsewhere */
    LEAKY_RELU("LeakyReLU"),
    /** exp(x), with x clamped to [-15, 15] */
    EXPONENTIAL("Exponential"),
    /** 1 / (1 + exp(-x)) */
    SIGMOID("Sigmoid"),
    /** log(1 + exp(10 x)) / 10 */
    SOFTPLUS("Softplus"),
    /** (x + sqrt(x^2 + 4 / 100)) / 2: softplus without transcendental functions */
    SQUAREPLUS("Squareplus"),
    /** tanh(x) */
    TANH("Tanh"),
    /** sin(x) */
    SINE("Sine"),
    /** x / (1 + exp(-x)) */
    SILU("SiLU");

    private final String key;

    Activation(String key) {
        this.key = key;
    }

    /** @return the name in JSON configurations */
    public String key() {
        return key;
    }
}
