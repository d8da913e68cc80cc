package org.eikonal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eikonal.internal.Json;

/** A cascaded occupancy grid: where marching may skip empty space (Mueller et al. 2022, appendix E). */
public final class OccupancyConfig extends Config {
    private OccupancyConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * Reads a configuration; what its keys hold is checked when a component is made of it.
     *
     * @param json a JSON object with the keys named at {@link Builder}
     * @return the configuration
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static OccupancyConfig fromJson(String json) {
        return new OccupancyConfig(Json.parseObject(json));
    }

    /** {@return a builder in which nothing is set: the engine's defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the options of a {@link OccupancyConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets how many grids are nested, each twice as wide as the one within, {@code "cascades"}.
         *
         * @param cascades 1 (default) to 8
         * @return this builder
         */
        public Builder cascades(int cascades) {
            entries.put("cascades", cascades);
            return this;
        }

        /**
         * Sets how many cells a grid has along an edge, {@code "resolution"}.
         *
         * @param resolution 16, 32, 64, 128 (default) or 256
         * @return this builder
         */
        public Builder resolution(int resolution) {
            entries.put("resolution", resolution);
            return this;
        }

        /**
         * Sets what a cell keeps of its value at each update, {@code "decay"}.
         *
         * @param decay 0 to 1; 0.95 by default
         * @return this builder
         */
        public Builder decay(double decay) {
            entries.put("decay", decay);
            return this;
        }

        /**
         * Sets the density times smallest step above which a cell is occupied, {@code "threshold"}.
         *
         * @param threshold 0 and more; 0.01 by default
         * @return this builder
         */
        public Builder threshold(double threshold) {
            entries.put("threshold", threshold);
            return this;
        }

        /**
         * Sets how many training steps lie between updates, {@code "interval"}.
         *
         * @param steps 1 and more; 16 by default
         * @return this builder
         */
        public Builder interval(int steps) {
            entries.put("interval", steps);
            return this;
        }

        /**
         * Sets for how many training steps an update samples many cells, {@code "warmup"}.
         *
         * @param steps 0 and more; 256 by default
         * @return this builder
         */
        public Builder warmup(int steps) {
            entries.put("warmup", steps);
            return this;
        }

        /** {@return the configuration; the builder may be used further} */
        public OccupancyConfig build() {
            return new OccupancyConfig(entries);
        }
    }
}
