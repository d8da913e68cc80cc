package org.eikonal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eikonal.internal.Json;

/** Which device to open, and how much of it to use. */
public final class DeviceConfig extends Config {
    private DeviceConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * @param json a JSON object with the keys named at {@link Builder}
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static DeviceConfig fromJson(String json) {
        return new DeviceConfig(Json.parseObject(json));
    }

    /** @return a builder in which nothing is set: the engine's defaults */
    public static Builder builder() {
        return new Builder();
    }

    /** @return a configuration that asks for the CPU and nothing else */
    public static DeviceConfig cpu() {
        return builder().type("cpu").build();
    }

    /** Collects the options of a {@link DeviceConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {}

        /** {@code "auto"} (default), {@code "cpu"} or {@code "cuda"}. */
        public Builder type(String type) {
            entries.put("type", type);
            return this;
        }

        /** Which device of its type; 0 (default) is the first. */
        public Builder index(int index) {
            entries.put("index", index);
            return this;
        }

        /** CPU threads; 0 (default): as many as the process may use. */
        public Builder threads(int threads) {
            entries.put("threads", threads);
            return this;
        }

        /**
         * The best instruction set to use: {@code "auto"} (default), {@code "avx512bf16"}, {@code "avx512"}, {@code "avx2"} or
         * {@code "portable"}.
         */
        public Builder isa(String isa) {
            entries.put("isa", isa);
            return this;
        }

        /**
         * Storage and products: {@code "fp32"}, {@code "bf16"}, or {@code "auto"} (default): bf16 where the instruction set
         * multiplies it natively. Sums are always fp32.
         */
        public Builder precision(String precision) {
            entries.put("precision", precision);
            return this;
        }

        /** @return the configuration; the builder may be used further */
        public DeviceConfig build() {
            return new DeviceConfig(entries);
        }
    }
}
