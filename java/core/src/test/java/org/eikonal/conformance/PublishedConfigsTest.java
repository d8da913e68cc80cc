package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.FieldConfig;
import org.eikonal.Loss;
import org.eikonal.LossConfig;
import org.eikonal.Network;
import org.eikonal.NetworkConfig;
import org.eikonal.Optimizer;
import org.eikonal.OptimizerConfig;
import org.eikonal.RadianceField;
import org.junit.jupiter.api.Test;

/** Configurations as tiny-cuda-nn and instant-ngp publish them load unchanged, to networks of the same size. */
class PublishedConfigsTest {
    /** tiny-cuda-nn's data/config_hash.json, but for its loss. */
    private static final String HASH = """
            {"loss": {"otype": "RelativeL2"},
             "optimizer": {"otype": "Adam", "learning_rate": 1e-2, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-15,
                           "l2_reg": 1e-6},
             "encoding": {"otype": "HashGrid", "n_levels": 16, "n_features_per_level": 2, "log2_hashmap_size": 15,
                          "base_resolution": 16, "per_level_scale": 1.5},
             "network": {"otype": "FullyFusedMLP", "activation": "ReLU", "output_activation": "None",
                         "n_neurons": 64, "n_hidden_layers": 2}}""";

    /** The shape of instant-ngp's configs/nerf/base.json. */
    private static final String NERF = """
            {"loss": {"otype": "Huber"},
             "optimizer": {"otype": "Ema", "decay": 0.95, "nested": {
                 "otype": "ExponentialDecay", "decay_start": 20000, "decay_interval": 10000, "decay_base": 0.33,
                 "nested": {"otype": "Adam", "learning_rate": 1e-2, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-15,
                            "l2_reg": 1e-6}}},
             "encoding": {"otype": "HashGrid", "n_levels": 8, "n_features_per_level": 4, "log2_hashmap_size": 19,
                          "base_resolution": 16},
             "network": {"otype": "FullyFusedMLP", "activation": "ReLU", "output_activation": "None",
                         "n_neurons": 64, "n_hidden_layers": 1},
             "dir_encoding": {"otype": "Composite", "nested": [
                 {"n_dims_to_encode": 3, "otype": "SphericalHarmonics", "degree": 4},
                 {"otype": "Identity", "n_bins": 4, "degree": 4}]},
             "rgb_network": {"otype": "FullyFusedMLP", "activation": "ReLU", "output_activation": "None",
                             "n_neurons": 64, "n_hidden_layers": 2}}""";

    @Test
    void hashGridAndNetworkOfAnImage() {
        long grid = 0;
        for (int level = 0; level < 16; level++) {
            long side = (long) Math.ceil((float) (16 * Math.pow(1.5, level) - 1)) + 1;
            grid += 2 * Math.min(1 << 15, (side * side + 7) / 8 * 8);
        }
        try (Device device = Device.open(DeviceConfig.cpu());
                Network field = Network.create(device, NetworkConfig.fromJson(HASH), 2, 3, 1)) {
            assertEquals(grid + 32 * 64 + 64 * 64 + 64 * 3, field.parameterCount());
            assertEquals(3, field.forward(new float[] {0.3f, 0.7f}).length);
        }
    }

    @Test
    void radianceField() {
        try (Device device = Device.open(DeviceConfig.cpu());
                RadianceField field = RadianceField.create(device, FieldConfig.fromJson(NERF), 1);
                Optimizer optimizer = Optimizer.create(field, OptimizerConfig.fromJson(part(NERF, "optimizer")))) {
            Loss loss = Loss.create(device, LossConfig.fromJson(part(NERF, "loss")));
            long grid = 0;
            for (int level = 0; level < 8; level++) {
                long side = 16L << level;
                grid += 4 * Math.min(1 << 19, side * side * side);
            }
            assertEquals(grid + 32 * 64 + 64 * 16 + 32 * 64 + 64 * 64 + 64 * 3, field.parameterCount());
            assertEquals(1e-2, optimizer.learningRate(0), 1e-12);
            assertEquals(3 * field.parameterCount(), optimizer.stateSize());
            float[] color = field.color(new float[] {0.1f, 0.2f, 0.3f}, new float[] {0, 0, -1});
            for (float channel : color) {
                assertTrue(channel > 0 && channel < 1, "colours are logistic, this is " + channel);
            }
            assertEquals(0, loss.evaluate(color, color, 3).value());
        }
    }

    /** The object under a key, cut out by its braces. */
    private static String part(String json, String key) {
        int begin = json.indexOf('{', json.indexOf('"' + key + '"'));
        int end = begin;
        for (int depth = 0; depth > 0 || end == begin; end++) {
            depth += json.charAt(end) == '{' ? 1 : json.charAt(end) == '}' ? -1 : 0;
        }
        return json.substring(begin, end);
    }
}
