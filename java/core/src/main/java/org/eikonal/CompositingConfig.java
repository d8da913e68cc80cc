package org.eikonal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eikonal.internal.Json;

/** Volume compositing of packed samples. */
public final class CompositingConfig extends Config {
    private CompositingConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * Reads a configuration; what its keys hold is checked when a component is made of it.
     *
     * @param json a JSON object with the keys named at {@link Builder}
     * @return the configuration
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static CompositingConfig fromJson(String json) {
        return new CompositingConfig(Json.parseObject(json));
    }

    /** {@return a builder in which nothing is set: the engine's defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the options of a {@link CompositingConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets what makes a density of a raw density, {@code "density_activation"}.
         *
         * @param activation {@link Activation#EXPONENTIAL} by default
         * @return this builder
         */
        public Builder densityActivation(Activation activation) {
            entries.put("density_activation", activation.key());
            return this;
        }

        /**
         * Sets the transmittance below which the rest of a ray is left out, {@code "early_stop"}.
         *
         * @param transmittance 0 to 0.5; 1e-4 by default
         * @return this builder
         */
        public Builder earlyStop(double transmittance) {
            entries.put("early_stop", transmittance);
            return this;
        }

        /** {@return the configuration; the builder may be used further} */
        public CompositingConfig build() {
            return new CompositingConfig(entries);
        }
    }
}
