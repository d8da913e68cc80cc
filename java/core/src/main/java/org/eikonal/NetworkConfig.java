package org.eikonal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eikonal.internal.Json;

/**
 * A multilayer perceptron, {@code "otype": "FullyFusedMLP"} unless the JSON says otherwise.
 *
 * <p>Numbers of inputs and outputs are not part of it: they come with the module that it becomes a part of.
 */
public final class NetworkConfig extends Config {
    private NetworkConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * @param json a JSON object with the keys named at {@link Builder}
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static NetworkConfig fromJson(String json) {
        return new NetworkConfig(Json.parseObject(json));
    }

    /** @return a builder in which only {@code otype} is set */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the options of a {@link NetworkConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {
            entries.put("otype", "FullyFusedMLP");
        }

        /** Of the hidden layers; ReLU by default. */
        public Builder activation(Activation activation) {
            entries.put("activation", activation.key());
            return this;
        }

        /** Of the last layer; none by default. */
        public Builder outputActivation(Activation activation) {
            entries.put("output_activation", activation.key());
            return this;
        }

        /** Width of the hidden layers, 1 to 1024; up to 256 is fast. */
        public Builder neurons(int neurons) {
            entries.put("n_neurons", neurons);
            return this;
        }

        /** Number of hidden layers, 0 to 8. */
        public Builder hiddenLayers(int layers) {
            entries.put("n_hidden_layers", layers);
            return this;
        }

        /** Whether every layer adds a bias, zero at first; none by default. */
        public Builder bias(boolean bias) {
            entries.put("bias", bias);
            return this;
        }

        /**
         * Layers that see the network's inputs again, in front of what the layer before answers (NeRF's network has
         * one).
         *
         * @param layers each 1 to the number of hidden layers, which is the output layer
         */
        public Builder skipConnections(int... layers) {
            entries.put("skip_connections", Arrays.stream(layers).boxed().toList());
            return this;
        }

        /** @return the configuration; the builder may be used further */
        public NetworkConfig build() {
            return new NetworkConfig(entries);
        }
    }
}
