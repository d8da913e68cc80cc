package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Locale;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.Encoding;
import org.eikonal.EncodingConfig;
import org.eikonal.FieldConfig;
import org.eikonal.Loss;
import org.eikonal.LossConfig;
import org.eikonal.Network;
import org.eikonal.NetworkConfig;
import org.eikonal.Optimizer;
import org.eikonal.OptimizerConfig;
import org.eikonal.RadianceField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations as tiny-cuda-nn and instant-ngp publish them load unchanged, to networks of the same size. */
@ParameterizedClass
@MethodSource("org.eikonal.conformance.Devices#configs")
class PublishedConfigsTest {
    @Parameter
    DeviceConfig config;

    /** tiny-cuda-nn's data/config_hash.json. */
    private static final String HASH = """
            {"loss": {"otype": "RelativeL2"},
             "optimizer": {"otype": "Adam", "learning_rate": 1e-2, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-15,
                           "l2_reg": 1e-6},
             "encoding": {"otype": "HashGrid", "n_levels": 16, "n_features_per_level": 2, "log2_hashmap_size": 15,
                          "base_resolution": 16, "per_level_scale": 1.5, "fixed_point_pos": false},
             "network": {"otype": "FullyFusedMLP", "activation": "ReLU", "output_activation": "None",
                         "n_neurons": 64, "n_hidden_layers": 2}}""";

    /** tiny-cuda-nn's data/config_oneblob.json. */
    private static final String ONE_BLOB = """
            {"loss": {"otype": "RelativeL2"},
             "optimizer": {"otype": "Adam", "learning_rate": 1e-2, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8,
                           "l2_reg": 1e-8},
             "encoding": {"otype": "OneBlob", "n_bins": 64},
             "network": {"otype": "FullyFusedMLP", "activation": "ReLU", "output_activation": "None",
                         "n_neurons": 128, "n_hidden_layers": 5}}""";

    /** Mueller et al. 2021, "Real-time Neural Radiance Caching", table 1: position, angles and roughness, the rest. */
    private static final String RADIANCE_CACHE = """
            {"encoding": {"otype": "Composite", "nested": [
                 {"n_dims_to_encode": 3, "otype": "TriangleWave", "n_frequencies": 12},
                 {"n_dims_to_encode": 5, "otype": "OneBlob", "n_bins": 4},
                 {"otype": "Identity"}]},
             "network": {"otype": "FullyFusedMLP", "activation": "ReLU", "output_activation": "None",
                         "n_neurons": 64, "n_hidden_layers": 5}}""";

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
    void hashGridOfAnImage() {
        long grid = 0;
        for (int level = 0; level < 16; level++) {
            long side = (long) Math.ceil((float) (16 * Math.pow(1.5, level) - 1)) + 1;
            grid += 2 * Math.min(1 << 15, (side * side + 7) / 8 * 8);
        }
        learnsAnImage(HASH, grid + 32 * 64 + 64 * 64 + 64 * 3);
    }

    @Test
    void oneBlobOfAnImage() {
        learnsAnImage(ONE_BLOB, 5 * 128 * 128 + 128 * 3);
    }

    /** All four parts of a file, put together as its readers do: the loss of a smooth picture falls. */
    private void learnsAnImage(String json, long parameters) {
        try (Device device = Device.open(config);
                Network field = Network.create(device, NetworkConfig.fromJson(json), 2, 3, 1);
                Optimizer optimizer = Optimizer.create(field, OptimizerConfig.fromJson(part(json, "optimizer")))) {
            assertEquals(parameters, field.parameterCount());
            Loss loss = Loss.create(device, LossConfig.fromJson(part(json, "loss")));
            Draws draws = new Draws(1);
            int n = Devices.emulated(device) ? 70 : 256;
            double first = 0;
            double last = 0;
            for (int step = 0; step < 40; step++) {
                float[] points = draws.uniform(2 * n, 0, 1);
                float[] colors = new float[3 * n];
                for (int i = 0; i < colors.length; i++) {
                    colors[i] = (float) (0.5 + 0.4 * Math.sin(4 * points[i / 3 * 2] + i % 3) * points[i / 3 * 2 + 1]);
                }
                Loss.Result result = loss.evaluate(field.forward(points), colors, 3);
                field.backwardToParameters(points, result.gradient());
                optimizer.step(step / 40.0);
                first += step < 5 ? result.value() : 0;
                last += step >= 35 ? result.value() : 0;
            }
            assertTrue(last < first / 2, "loss " + first / 5 + " became " + last / 5);
        }
    }

    @Test
    void radianceCache() {
        try (Device device = Device.open(config);
                Network field = Network.create(device, NetworkConfig.fromJson(RADIANCE_CACHE), 14, 3, 1);
                Encoding encoding = Encoding.create(
                        device, EncodingConfig.fromJson(part(RADIANCE_CACHE, "encoding")), 14, 0)) {
            assertEquals(3 * 12 + 5 * 4 + 6, encoding.outputs());
            assertEquals(62 * 64 + 4 * 64 * 64 + 64 * 3, field.parameterCount());
            float[] point = new Draws(1).uniform(14, 0, 1);
            float[] encoded = encoding.forward(point);
            assertArrayEquals(Arrays.copyOfRange(point, 8, 14), Arrays.copyOfRange(encoded, 56, 62));
            Check.within("positions", new TriangleWaveOracle(3, 12).forward(null, Draws.row(point, 0, 3)),
                    Arrays.copyOf(encoded, 36), 1e-6);
            Check.within("angles", new OneBlobOracle(5, 4).forward(null, Arrays.copyOfRange(Draws.wide(point), 3, 8)),
                    Arrays.copyOfRange(encoded, 36, 56), 1e-5);
        }
    }

    @Test
    void keysOfGridsThatMeanNothingHereAreIgnored() {
        try (Device device = Device.open(config);
                Encoding grid = Encoding.create(device, EncodingConfig.fromJson("""
                        {"otype": "Grid", "type": "Hash", "n_levels": 2, "log2_hashmap_size": 8, "fixed_point_pos": true,
                         "hash": "CoherentPrime", "stochastic_interpolation": false}"""), 3, 0);
                Encoding same = Encoding.create(
                        device, EncodingConfig.hashGrid().levels(2).log2HashmapSize(8).build(), 3, 0)) {
            assertArrayEquals(same.parameters(), grid.parameters());
        }
    }

    @Test
    void spellingsMayBeUpperAndLowerCase() {
        String lower = NERF;
        for (String name : new String[] {"Ema", "ExponentialDecay", "Adam", "HashGrid", "FullyFusedMLP", "ReLU", "None",
            "Composite", "SphericalHarmonics", "Identity", "Huber"}) {
            lower = lower.replace('"' + name + '"', '"' + name.toLowerCase(Locale.ROOT) + '"');
        }
        for (String json : new String[] {lower, lower.replace("\"ema\"", "\"EMA\"").replace("\"relu\"", "\"RELU\"")}) {
            try (Device device = Device.open(config);
                    RadianceField field = RadianceField.create(device, FieldConfig.fromJson(NERF), 1);
                    RadianceField same = RadianceField.create(device, FieldConfig.fromJson(json), 1);
                    Optimizer optimizer = Optimizer.create(same, OptimizerConfig.fromJson(part(json, "optimizer")))) {
                float[] points = {0.1f, 0.2f, 0.3f, 0, 0, -1};
                assertEquals(field.layout(), same.layout());
                assertArrayEquals(field.forward(points), same.forward(points));
                assertEquals(3 * field.parameterCount(), optimizer.stateSize());
                // Huber's, of 1 with a delta of 0.1.
                assertEquals(0.095, Loss.create(device, LossConfig.fromJson(part(json, "loss")))
                        .evaluate(new float[] {1}, new float[1], 1).value(), 1e-6);
            }
        }
    }

    @Test
    void radianceField() {
        try (Device device = Device.open(config);
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
