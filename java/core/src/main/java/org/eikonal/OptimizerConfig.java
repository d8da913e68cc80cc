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
     * @param json a JSON object with tiny-cuda-nn's keys, such as {@code {"otype": "Adam", "learning_rate": 0.01}}
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static OptimizerConfig fromJson(String json) {
        return new OptimizerConfig(Json.parseObject(json));
    }

    /** @return the options of Adam (Kingma and Ba 2014), to be built */
    public static Adam adam() {
        return new Adam();
    }

    /**
     * Keeps a moving average of the parameters, which evaluation uses.
     *
     * @param decay what the average keeps of itself at each step, 0 to 1
     */
    public OptimizerConfig withEma(double decay) {
        return within("Ema", "decay", decay);
    }

    /**
     * Multiplies the learning rate at intervals.
     *
     * @param start the first step to decay at
     * @param interval steps between decays
     * @param base the factor of one decay
     */
    public OptimizerConfig withExponentialDecay(long start, long interval, double base) {
        return within("ExponentialDecay", "decay_start", start, "decay_interval", interval, "decay_base", base);
    }

    /**
     * Raises the learning rate linearly from 0.
     *
     * @param steps how long
     */
    public OptimizerConfig withWarmup(long steps) {
        return within("Warmup", "n_steps", steps);
    }

    /**
     * Lowers the learning rate along half a cosine.
     *
     * @param begin the fraction of training after which it starts, 0 to 1
     * @param endFactor the rate's last value, as a factor
     */
    public OptimizerConfig withCosineDecay(double begin, double endFactor) {
        return within("CosineDecay", "begin", begin, "end_factor", endFactor);
    }

    /**
     * Lowers the logarithm of the learning rate linearly.
     *
     * @param begin the fraction of training after which it starts, 0 to 1
     * @param endFactor the rate's last value, as a factor
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

        /** Step size, above 0. */
        public Adam learningRate(double rate) {
            return put("learning_rate", rate);
        }

        /** Decay of the mean of gradients, 0 to 1. */
        public Adam beta1(double decay) {
            return put("beta1", decay);
        }

        /** Decay of the mean of squared gradients, 0 to 1. */
        public Adam beta2(double decay) {
            return put("beta2", decay);
        }

        /** Added to the root of the mean squared gradient. */
        public Adam epsilon(double epsilon) {
            return put("epsilon", epsilon);
        }

        /** Adds this share of network weights to their gradients; grids are left alone. */
        public Adam l2Regularization(double factor) {
            return put("l2_reg", factor);
        }

        /** Shrinks parameters apart from the gradient (Loshchilov and Hutter 2017). */
        public Adam weightDecay(double factor) {
            return put("weight_decay", factor);
        }

        /** @return the configuration; the builder may be used further */
        public OptimizerConfig build() {
            return new OptimizerConfig(entries);
        }

        private Adam put(String key, double value) {
            entries.put(key, value);
            return this;
        }
    }
}
