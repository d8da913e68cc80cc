package org.eikonal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eikonal.internal.Json;

/** How rays are marched into samples. */
public final class SamplerConfig extends Config {
    private SamplerConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * @param json a JSON object with the keys named at {@link Builder}
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static SamplerConfig fromJson(String json) {
        return new SamplerConfig(Json.parseObject(json));
    }

    /** @return a builder in which nothing is set: the engine's defaults */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the options of a {@link SamplerConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {}

        /** Steps along the diagonal of the unit cube, sqrt(3); 1024 by default. */
        public Builder steps(int steps) {
            entries.put("steps", steps);
            return this;
        }

        /** Growth of a step per unit of distance; 0 (default): all steps are equal. */
        public Builder coneAngle(double angle) {
            entries.put("cone_angle", angle);
            return this;
        }

        /** Distance from the origin at which marching starts; 0.05 by default. */
        public Builder near(double distance) {
            entries.put("near", distance);
            return this;
        }

        /** @return the configuration; the builder may be used further */
        public SamplerConfig build() {
            return new SamplerConfig(entries);
        }
    }
}
