package org.eikonal;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eikonal.internal.Json;

/** Which device to open, and how much of it to use. */
public final class DeviceConfig extends Config {
    /**
     * System property: the best instruction set that CPU devices use whose configuration names none, such as
     * {@code "avx2"}; to compare, or to keep a program off an instruction set.
     */
    public static final String ISA = "eikonal.isa";

    private DeviceConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * Reads a configuration; what its keys hold is checked when a component is made of it.
     *
     * @param json a JSON object with the keys named at {@link Builder}
     * @return the configuration
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static DeviceConfig fromJson(String json) {
        return new DeviceConfig(Json.parseObject(json));
    }

    /** {@return a builder in which nothing is set: the engine's defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a configuration that asks for the CPU and nothing else} */
    public static DeviceConfig cpu() {
        return builder().type("cpu").build();
    }

    /** {@return a configuration that asks for a CUDA device, the first, and nothing else} */
    public static DeviceConfig cuda() {
        return builder().type("cuda").build();
    }

    /** Whether a CUDA device may be opened, by the library that comes with this one. */
    boolean mayTakeCuda() {
        return !"cpu".equals(entries().get("type")) && !entries().containsKey("library");
    }

    /** Whether nothing but a CUDA device will do. */
    boolean wantsCuda() {
        return "cuda".equals(entries().get("type"));
    }

    /** This configuration, within the limit that the system property sets. */
    DeviceConfig limited() {
        String isa = System.getProperty(ISA);
        if (isa == null || !"auto".equals(entries().getOrDefault("isa", "auto"))) {
            return this;
        }
        Map<String, Object> limited = new LinkedHashMap<>(entries());
        limited.put("isa", isa);
        return new DeviceConfig(limited);
    }

    /** Collects the options of a {@link DeviceConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets which kind of device to open, {@code "type"}.
         *
         * @param type {@code "auto"} (default), {@code "cpu"} or {@code "cuda"}
         * @return this builder
         */
        public Builder type(String type) {
            entries.put("type", type);
            return this;
        }

        /**
         * Sets which device of its kind to open, {@code "index"}.
         *
         * @param index 0 (default), the first, to 1023
         * @return this builder
         */
        public Builder index(int index) {
            entries.put("index", index);
            return this;
        }

        /**
         * Sets how many threads the CPU computes with, {@code "threads"}.
         *
         * @param threads 1 to 1024; 0 (default): as many as the process may use
         * @return this builder
         */
        public Builder threads(int threads) {
            entries.put("threads", threads);
            return this;
        }

        /**
         * Sets the best instruction set to use, {@code "isa"}.
         *
         * @param isa {@code "auto"} (default), {@code "avx512bf16"}, {@code "avx512"}, {@code "avx2"} or
         *     {@code "portable"}
         * @return this builder
         */
        public Builder isa(String isa) {
            entries.put("isa", isa);
            return this;
        }

        /**
         * Sets how features and products are stored, {@code "precision"}; sums are always fp32.
         *
         * @param precision {@code "fp32"}, {@code "bf16"}, {@code "fp16"} (CUDA), or {@code "auto"} (default): bf16 where
         *     the processor multiplies it natively, else fp16 (CUDA) or fp32 (CPU)
         * @return this builder
         */
        public Builder precision(String precision) {
            entries.put("precision", precision);
            return this;
        }

        /**
         * Sets whether a CUDA device gives the same bits every time, {@code "deterministic"}; the CPU always does.
         *
         * @param deterministic {@code false} (default): sums of many threads are taken in any order, which is faster
         * @return this builder
         */
        public Builder deterministic(boolean deterministic) {
            entries.put("deterministic", deterministic);
            return this;
        }

        /**
         * Sets the CUDA stream to work on, {@code "stream"}.
         *
         * @param address of a {@code cudaStream_t} of the device, which must outlive the device and all that is made on it;
         *     0 (default): one of its own
         * @return this builder
         */
        public Builder stream(long address) {
            entries.put("stream", address);
            return this;
        }

        /**
         * Sets the file of the CUDA backend, {@code "library"}.
         *
         * @param file instead of the one that the class path has
         * @return this builder
         */
        public Builder library(Path file) {
            entries.put("library", file.toAbsolutePath().toString());
            return this;
        }

        /** {@return the configuration; the builder may be used further} */
        public DeviceConfig build() {
            return new DeviceConfig(entries);
        }
    }
}
