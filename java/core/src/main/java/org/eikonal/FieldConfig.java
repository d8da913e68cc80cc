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
     * @param json a JSON object with the keys named at {@link Builder}
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static FieldConfig fromJson(String json) {
        return new FieldConfig(Json.parseObject(json));
    }

    /** @return a builder in which nothing is set: the engine's defaults */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the options of a {@link FieldConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {}

        /** Of the position. */
        public Builder encoding(EncodingConfig encoding) {
            entries.put("encoding", encoding.entries());
            return this;
        }

        /** From the encoded position to raw density and features. */
        public Builder network(NetworkConfig network) {
            entries.put("network", network.entries());
            return this;
        }

        /** Of the view direction. */
        public Builder directionEncoding(EncodingConfig encoding) {
            entries.put("dir_encoding", encoding.entries());
            return this;
        }

        /** From features and encoded direction to colour. */
        public Builder colorNetwork(NetworkConfig network) {
            entries.put("rgb_network", network.entries());
            return this;
        }

        /** @return the configuration; the builder may be used further */
        public FieldConfig build() {
            return new FieldConfig(entries);
        }
    }
}
