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
     * A network by itself.
     *
     * @param network may also come from the text of a published configuration, {@code {"encoding": ..., "network": ...}}:
     *     then the network stands behind its encoding
     * @param inputs numbers in a row of its input
     * @param outputs numbers in a row of its output
     * @param seed where its random initial parameters start
     */
    public static Network create(Device device, NetworkConfig network, int inputs, int outputs, long seed) {
        return new Network(device, network.toJson(), inputs, outputs, seed);
    }

    /**
     * A network behind an encoding: the neural field of an image, a volume or a distance.
     *
     * @param inputs coordinates of a point
     * @param outputs values at a point
     * @param seed where its random initial parameters start
     */
    public static Network create(
            Device device, EncodingConfig encoding, NetworkConfig network, int inputs, int outputs, long seed) {
        Map<String, Object> both = new LinkedHashMap<>();
        both.put("encoding", encoding.entries());
        both.put("network", network.entries());
        return new Network(device, Json.write(both), inputs, outputs, seed);
    }
}
