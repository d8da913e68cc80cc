package org.eikonal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eikonal.internal.Json;

/** How rays are marched into samples, at most 1024 a ray (Mueller et al. 2022, appendix E.1). */
public final class SamplerConfig extends Config {
    private SamplerConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * Reads a configuration; what its keys hold is checked when a component is made of it.
     *
     * @param json a JSON object with the keys named at {@link Builder}
     * @return the configuration
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static SamplerConfig fromJson(String json) {
        return new SamplerConfig(Json.parseObject(json));
    }

    /** {@return a builder in which nothing is set: the engine's defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the options of a {@link SamplerConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets the smallest step, as a part of the diagonal of the unit cube, {@code "steps"}.
         *
         * @param steps along the diagonal, sqrt(3): 16 to 65536; 1024 by default
         * @return this builder
         */
        public Builder steps(int steps) {
            entries.put("steps", steps);
            return this;
        }

        /**
         * Sets how much a step grows per unit of distance, {@code "cone_angle"}.
         *
         * @param angle 0 (default; all steps are equal) to 1; 1/256 suits scenes larger than the unit cube
         * @return this builder
         */
        public Builder coneAngle(double angle) {
            entries.put("cone_angle", angle);
            return this;
        }

        /**
         * Sets where marching starts, {@code "near"}.
         *
         * @param distance from a ray's origin, 0 and more; 0.05 by default
         * @return this builder
         */
        public Builder near(double distance) {
            entries.put("near", distance);
            return this;
        }

        /** {@return the configuration; the builder may be used further} */
        public SamplerConfig build() {
            return new SamplerConfig(entries);
        }
    }
}
