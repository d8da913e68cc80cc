package org.eikonal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eikonal.internal.Json;

/** A multilayer perceptron, by itself or behind an encoding. */
public final class Network extends Model {
    private Network(Device device, String config, int inputs, int outputs, long seed) {
        super(device, config, inputs, outputs, seed);
    }

    /**
     * Makes a network by itself.
     *
     * @param device where it lives
     * @param network may also come from the text of a published configuration, {@code {"encoding": ..., "network":
     *     ...}}: then the network stands behind its encoding
     * @param inputs numbers in a row of its input, 1 to 16384
     * @param outputs numbers in a row of its output, 1 to 16384
     * @param seed where its random initial parameters start
     * @return the network, to be closed
     * @throws IllegalArgumentException if the configuration cannot be meant
     * @throws DeviceMemoryException if the device has too little memory
     */
    public static Network create(Device device, NetworkConfig network, int inputs, int outputs, long seed) {
        return new Network(device, network.toJson(), inputs, outputs, seed);
    }

    /**
     * Makes a network behind an encoding: the neural field of an image, a volume or a distance.
     *
     * @param device where it lives
     * @param encoding of a point
     * @param network from the encoded point to its values
     * @param inputs coordinates of a point, 1 to 16384
     * @param outputs values at a point, 1 to 16384
     * @param seed where its random initial parameters start
     * @return the network, to be closed
     * @throws IllegalArgumentException if a configuration cannot be meant
     * @throws DeviceMemoryException if the device has too little memory
     */
    public static Network create(
            Device device, EncodingConfig encoding, NetworkConfig network, int inputs, int outputs, long seed) {
        Map<String, Object> both = new LinkedHashMap<>();
        both.put("encoding", encoding.entries());
        both.put("network", network.entries());
        return new Network(device, Json.write(both), inputs, outputs, seed);
    }
}
