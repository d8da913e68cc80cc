package org.eikonal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eikonal.internal.Json;

/** Rendering of pictures from a field. */
public final class RenderConfig extends Config {
    private RenderConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * @param json a JSON object with the keys named at {@link Builder}
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static RenderConfig fromJson(String json) {
        return new RenderConfig(Json.parseObject(json));
    }

    /** @return a builder in which nothing is set: the engine's defaults */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the options of a {@link RenderConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {}

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

        /** Transmittance below which the rest of a ray is left out; 1e-4 by default. */
        public Builder earlyStop(double transmittance) {
            entries.put("early_stop", transmittance);
            return this;
        }

        /** Colour behind what is left of a ray, stored sRGB, 0 to 1. */
        public Builder background(double r, double g, double b) {
            entries.put("background", List.of(r, g, b));
            return this;
        }

        /** @return the configuration; the builder may be used further */
        public RenderConfig build() {
            return new RenderConfig(entries);
        }
    }
}
