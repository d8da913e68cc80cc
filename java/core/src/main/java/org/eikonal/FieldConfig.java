package org.eikonal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eikonal.internal.Json;

/**
 * A radiance field, with instant-ngp's keys: position -> encoding -> network -> features, of which the first is the raw
 * density; features and encoded direction -> rgb_network -> colour.
 */
public final class FieldConfig extends Config {
    private FieldConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * Reads a configuration; what its keys hold is checked when a component is made of it.
     *
     * @param json a JSON object with the keys named at {@link Builder}
     * @return the configuration
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static FieldConfig fromJson(String json) {
        return new FieldConfig(Json.parseObject(json));
    }

    /** {@return a builder in which nothing is set} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the options of a {@link FieldConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets the encoding of the position, {@code "encoding"}; required.
         *
         * @param encoding of 3 inputs
         * @return this builder
         */
        public Builder encoding(EncodingConfig encoding) {
            entries.put("encoding", encoding.entries());
            return this;
        }

        /**
         * Sets the network from the encoded position to 16 features, of which the first is the raw density,
         * {@code "network"}; required.
         *
         * @param network without output activation
         * @return this builder
         */
        public Builder network(NetworkConfig network) {
            entries.put("network", network.entries());
            return this;
        }

        /**
         * Sets the encoding of the view direction, {@code "dir_encoding"}; required.
         *
         * @param encoding of 3 inputs, without parameters
         * @return this builder
         */
        public Builder directionEncoding(EncodingConfig encoding) {
            entries.put("dir_encoding", encoding.entries());
            return this;
        }

        /**
         * Sets the network from features and encoded direction to colour, {@code "rgb_network"}; required.
         *
         * @param network without an output activation of its own, it has {@link Activation#SIGMOID}
         * @return this builder
         */
        public Builder colorNetwork(NetworkConfig network) {
            entries.put("rgb_network", network.entries());
            return this;
        }

        /** {@return the configuration; the builder may be used further} */
        public FieldConfig build() {
            return new FieldConfig(entries);
        }
    }
}
