package org.eikonal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eikonal.internal.Json;

/** A training step on rays of posed pictures. */
public final class TrainerConfig extends Config {
    private TrainerConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * @param json a JSON object with the keys named at {@link Builder}
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static TrainerConfig fromJson(String json) {
        return new TrainerConfig(Json.parseObject(json));
    }

    /** @return a builder in which nothing is set: the engine's defaults */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the options of a {@link TrainerConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {}

        /** Samples of one step, which as many rays as fit are drawn for; 32768 by default. */
        public Builder samplesPerStep(int samples) {
            entries.put("samples_per_step", samples);
            return this;
        }

        /** What is made small. */
        public Builder loss(LossConfig loss) {
            entries.put("loss", loss.entries());
            return this;
        }

        /** How rays are marched. */
        public Builder sampler(SamplerConfig sampler) {
            entries.put("sampler", sampler.entries());
            return this;
        }

        /** From raw density to density; exponential by default. */
        public Builder densityActivation(Activation activation) {
            entries.put("density_activation", activation.key());
            return this;
        }

        /** Cells that fewer views show stay empty; 1 or more, 0 closes none (default 1). */
        public Builder minViews(int views) {
            entries.put("min_views", views);
            return this;
        }

        /** Transmittance below which the rest of a ray is left out; 1e-4 by default. */
        public Builder earlyStop(double transmittance) {
            entries.put("early_stop", transmittance);
            return this;
        }

        /** A colour of its own behind every ray, which drives out fog; white behind all rays is the default. */
        public Builder randomBackground() {
            entries.put("background", "random");
            return this;
        }

        /** One colour behind every ray, stored sRGB, 0 to 1. */
        public Builder background(double r, double g, double b) {
            entries.put("background", List.of(r, g, b));
            return this;
        }

        /** Where random numbers start; the same seed gives the same bits. 0 by default. */
        public Builder seed(long seed) {
            entries.put("seed", seed);
            return this;
        }

        /** @return the configuration; the builder may be used further */
        public TrainerConfig build() {
            return new TrainerConfig(entries);
        }
    }
}
