package org.eikonal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eikonal.internal.Json;

/** A cascaded occupancy grid: where marching may skip empty space (instant-ngp). */
public final class OccupancyConfig extends Config {
    private OccupancyConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * @param json a JSON object with the keys named at {@link Builder}
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static OccupancyConfig fromJson(String json) {
        return new OccupancyConfig(Json.parseObject(json));
    }

    /** @return a builder in which nothing is set: the engine's defaults */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the options of a {@link OccupancyConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {}

        /** Nested grids, each twice as wide as the one within; 1 by default. */
        public Builder cascades(int cascades) {
            entries.put("cascades", cascades);
            return this;
        }

        /** Cells along an edge; 128 by default. */
        public Builder resolution(int resolution) {
            entries.put("resolution", resolution);
            return this;
        }

        /** What a cell keeps of its value at each update, 0 to 1; 0.95 by default. */
        public Builder decay(double decay) {
            entries.put("decay", decay);
            return this;
        }

        /** Density times smallest step above which a cell is occupied; 0.01 by default. */
        public Builder threshold(double threshold) {
            entries.put("threshold", threshold);
            return this;
        }

        /** Training steps between updates; 16 by default. */
        public Builder interval(int steps) {
            entries.put("interval", steps);
            return this;
        }

        /** Training steps during which an update samples many cells; 256 by default. */
        public Builder warmup(int steps) {
            entries.put("warmup", steps);
            return this;
        }

        /** @return the configuration; the builder may be used further */
        public OccupancyConfig build() {
            return new OccupancyConfig(entries);
        }
    }
}
