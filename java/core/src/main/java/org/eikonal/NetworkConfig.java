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
     * Reads a configuration; what its keys hold is checked when a component is made of it.
     *
     * @param json a JSON object with the keys named at {@link Builder}
     * @return the configuration
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static NetworkConfig fromJson(String json) {
        return new NetworkConfig(Json.parseObject(json));
    }

    /** {@return a builder in which only {@code "otype"} is set} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the options of a {@link NetworkConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {
            entries.put("otype", "FullyFusedMLP");
        }

        /**
         * Sets the activation of the hidden layers, {@code "activation"}.
         *
         * @param activation {@link Activation#RELU} by default
         * @return this builder
         */
        public Builder activation(Activation activation) {
            entries.put("activation", activation.key());
            return this;
        }

        /**
         * Sets the activation of the last layer, {@code "output_activation"}.
         *
         * @param activation {@link Activation#NONE} by default
         * @return this builder
         */
        public Builder outputActivation(Activation activation) {
            entries.put("output_activation", activation.key());
            return this;
        }

        /**
         * Sets the width of the hidden layers, {@code "n_neurons"}.
         *
         * @param neurons 1 to 1024; 128 by default; up to 256 is fast
         * @return this builder
         */
        public Builder neurons(int neurons) {
            entries.put("n_neurons", neurons);
            return this;
        }

        /**
         * Sets the number of hidden layers, {@code "n_hidden_layers"}.
         *
         * @param layers 0 to 8; 5 by default
         * @return this builder
         */
        public Builder hiddenLayers(int layers) {
            entries.put("n_hidden_layers", layers);
            return this;
        }

        /**
         * Sets whether every layer adds a bias, zero at first, {@code "bias"}.
         *
         * @param bias false by default
         * @return this builder
         */
        public Builder bias(boolean bias) {
            entries.put("bias", bias);
            return this;
        }

        /**
         * Lets layers see the network's inputs again, in front of what the layer before answers, as NeRF's network does
         * in one (Mildenhall et al. 2020, figure 7): {@code "skip_connections"}.
         *
         * @param layers each 1 to the number of hidden layers, which is the output layer
         * @return this builder
         */
        public Builder skipConnections(int... layers) {
            entries.put("skip_connections", Arrays.stream(layers).boxed().toList());
            return this;
        }

        /** {@return the configuration; the builder may be used further} */
        public NetworkConfig build() {
            return new NetworkConfig(entries);
        }
    }
}
