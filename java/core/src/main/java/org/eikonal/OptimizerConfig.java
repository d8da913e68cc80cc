package org.eikonal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eikonal.internal.Json;

/**
 * An optimiser, perhaps within schedules and averages, nested as tiny-cuda-nn nests them.
 *
 * <pre>{@code
 * OptimizerConfig.adam().learningRate(1e-2).epsilon(1e-15).build()
 *         .withExponentialDecay(20000, 10000, 0.33)
 *         .withEma(0.95);
 * }</pre>
 */
public final class OptimizerConfig extends Config {
    private OptimizerConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * Reads a configuration; what its keys hold is checked when a component is made of it.
     *
     * @param json a JSON object with tiny-cuda-nn's keys, such as {@code {"otype": "Adam", "learning_rate": 0.01}}
     * @return the configuration
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static OptimizerConfig fromJson(String json) {
        return new OptimizerConfig(Json.parseObject(json));
    }

    /** {@return the options of Adam (Kingma and Ba 2015, algorithm 1), to be built} */
    public static Adam adam() {
        return new Adam();
    }

    /**
     * Keeps an exponential moving average of the parameters as the last block of the optimiser's state, to evaluate
     * with ({@code "Ema"}). The model itself goes on with its own parameters.
     *
     * @param decay what the average keeps of itself at each step, 0 to 0.999999 ({@code "decay"})
     * @return a configuration around this one
     */
    public OptimizerConfig withEma(double decay) {
        return within("Ema", "decay", decay);
    }

    /**
     * Multiplies the learning rate at intervals ({@code "ExponentialDecay"}).
     *
     * @param start the first step to decay at, 0 and more ({@code "decay_start"})
     * @param interval steps between decays, 1 and more ({@code "decay_interval"})
     * @param base the factor of one decay, 0 to 1 ({@code "decay_base"})
     * @return a configuration around this one
     */
    public OptimizerConfig withExponentialDecay(long start, long interval, double base) {
        return within("ExponentialDecay", "decay_start", start, "decay_interval", interval, "decay_base", base);
    }

    /**
     * Raises the learning rate linearly from 0 ({@code "Warmup"}).
     *
     * @param steps how long, 1 and more ({@code "n_steps"})
     * @return a configuration around this one
     */
    public OptimizerConfig withWarmup(long steps) {
        return within("Warmup", "n_steps", steps);
    }

    /**
     * Lowers the learning rate along half a cosine (Loshchilov and Hutter 2017, equation 5; {@code "CosineDecay"}).
     *
     * @param begin the fraction of training after which it starts, 0 to 0.999 ({@code "begin"})
     * @param endFactor the rate's last value, as a factor, 1e-9 to 1 ({@code "end_factor"})
     * @return a configuration around this one
     */
    public OptimizerConfig withCosineDecay(double begin, double endFactor) {
        return within("CosineDecay", "begin", begin, "end_factor", endFactor);
    }

    /**
     * Lowers the logarithm of the learning rate linearly ({@code "LogDecay"}).
     *
     * @param begin the fraction of training after which it starts, 0 to 0.999 ({@code "begin"})
     * @param endFactor the rate's last value, as a factor, 1e-9 to 1 ({@code "end_factor"})
     * @return a configuration around this one
     */
    public OptimizerConfig withLogDecay(double begin, double endFactor) {
        return within("LogDecay", "begin", begin, "end_factor", endFactor);
    }

    private OptimizerConfig within(String otype, Object... options) {
        Map<String, Object> outer = new LinkedHashMap<>();
        outer.put("otype", otype);
        for (int i = 0; i < options.length; i += 2) {
            outer.put((String) options[i], options[i + 1]);
        }
        outer.put("nested", entries());
        return new OptimizerConfig(outer);
    }

    /** Collects the options of Adam; for one thread. What is not set has the engine's default. */
    public static final class Adam {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Adam() {
            entries.put("otype", "Adam");
        }

        /**
         * Sets the step size, {@code "learning_rate"}.
         *
         * @param rate 0 to 1000; 1e-3 by default
         * @return this builder
         */
        public Adam learningRate(double rate) {
            return put("learning_rate", rate);
        }

        /**
         * Sets the decay of the mean of gradients, {@code "beta1"}.
         *
         * @param decay 0 to 0.999999; 0.9 by default
         * @return this builder
         */
        public Adam beta1(double decay) {
            return put("beta1", decay);
        }

        /**
         * Sets the decay of the mean of squared gradients, {@code "beta2"}.
         *
         * @param decay 0 to 0.99999999; 0.999 by default
         * @return this builder
         */
        public Adam beta2(double decay) {
            return put("beta2", decay);
        }

        /**
         * Sets what is added to the root of the mean squared gradient, {@code "epsilon"}.
         *
         * @param epsilon 0 to 1; 1e-8 by default
         * @return this builder
         */
        public Adam epsilon(double epsilon) {
            return put("epsilon", epsilon);
        }

        /**
         * Adds a share of network weights to their gradients, {@code "l2_reg"}; grids are left alone.
         *
         * @param factor 0 to 1; 1e-8 by default
         * @return this builder
         */
        public Adam l2Regularization(double factor) {
            return put("l2_reg", factor);
        }

        /**
         * Shrinks parameters apart from the gradient, {@code "weight_decay"} (Loshchilov and Hutter 2019, "Decoupled
         * Weight Decay Regularization").
         *
         * @param factor of the learning rate, 0 (default) to 1000
         * @return this builder
         */
        public Adam weightDecay(double factor) {
            return put("weight_decay", factor);
        }

        /** {@return the configuration; the builder may be used further} */
        public OptimizerConfig build() {
            return new OptimizerConfig(entries);
        }

        private Adam put(String key, double value) {
            entries.put(key, value);
            return this;
        }
    }
}
