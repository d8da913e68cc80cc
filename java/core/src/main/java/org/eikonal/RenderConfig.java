package org.eikonal;

import java.util.Arrays;
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
     * Reads a configuration; what its keys hold is checked when a component is made of it.
     *
     * @param json a JSON object with the keys named at {@link Builder}
     * @return the configuration
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static RenderConfig fromJson(String json) {
        return new RenderConfig(Json.parseObject(json));
    }

    /** {@return a builder in which nothing is set: the engine's defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the options of a {@link RenderConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets how rays are marched, {@code "sampler"}.
         *
         * @param sampler the one that the field was trained with, as a rule
         * @return this builder
         */
        public Builder sampler(SamplerConfig sampler) {
            entries.put("sampler", sampler.entries());
            return this;
        }

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

        /**
         * Sets the colour behind what is left of a ray, {@code "background"}; white by default.
         *
         * @param r red, stored sRGB, 0 to 1
         * @param g green, likewise
         * @param b blue, likewise
         * @return this builder
         */
        public Builder background(double r, double g, double b) {
            entries.put("background", List.of(r, g, b));
            return this;
        }

        /**
         * Sets how many rays look through a pixel each way, {@code "supersampling"}: a pixel is the mean of n x n rays,
         * spread evenly over it, which smooths edges and costs n x n times as much.
         *
         * @param n 1 (default) to 8
         * @return this builder
         */
        public Builder supersampling(int n) {
            entries.put("supersampling", n);
            return this;
        }

        /**
         * Shows only what lies in a box, {@code "crop"}: samples of a ray outside of it are left out, those inside stay
         * where they are.
         *
         * @param min least corner, {@code [3]}, in the unit-cube frame, of which the box may be larger
         * @param max greatest corner, {@code [3]}, above the least along each axis
         * @return this builder
         */
        public Builder crop(double[] min, double[] max) {
            entries.put("crop", List.of(list(min), list(max)));
            return this;
        }

        private static List<Double> list(double[] corner) {
            return Arrays.stream(corner).boxed().toList();
        }

        /** {@return the configuration; the builder may be used further} */
        public RenderConfig build() {
            return new RenderConfig(entries);
        }
    }
}
