package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eikonal.Compositing;
import org.eikonal.CompositingConfig;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.Eikonal;
import org.eikonal.Encoding;
import org.eikonal.EncodingConfig;
import org.eikonal.FieldConfig;
import org.eikonal.Histograms;
import org.eikonal.Loss;
import org.eikonal.LossConfig;
import org.eikonal.Network;
import org.eikonal.NetworkConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.Optimizer;
import org.eikonal.OptimizerConfig;
import org.eikonal.RadianceField;
import org.eikonal.Rays;
import org.eikonal.RenderConfig;
import org.eikonal.Renderer;
import org.eikonal.Rendering;
import org.eikonal.SamplerConfig;
import org.eikonal.Samples;
import org.eikonal.Sampling;
import org.eikonal.Trainer;
import org.eikonal.TrainerConfig;
import org.eikonal.Views;
import org.eikonal.internal.Bindings;
import org.eikonal.internal.DeviceHandle;
import org.eikonal.internal.ModuleHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be meant is an exception that names the thing, the value and what would be right. */
@ParameterizedClass
@MethodSource("org.eikonal.conformance.Devices#configs")
class MisuseTest {
    private static final String GRID = "{\"otype\": \"HashGrid\", \"n_levels\": 2, \"log2_hashmap_size\": 8}";
    private static final String FIELD = "{\"encoding\": " + GRID
            + ", \"network\": {\"otype\": \"FullyFusedMLP\", \"activation\": \"ReLU\", \"n_neurons\": 16},"
            + " \"dir_encoding\": {\"otype\": \"Composite\", \"nested\": [{\"otype\": \"SphericalHarmonics\"}]},"
            + " \"rgb_network\": {\"otype\": \"FullyFusedMLP\", \"n_hidden_layers\": 1, \"n_neurons\": 16}}";
    private static Device device;

    @Parameter
    DeviceConfig config;

    @BeforeParameterizedClassInvocation
    static void open(DeviceConfig config) {
        device = Device.open(config);
    }

    @AfterParameterizedClassInvocation
    static void close() {
        device.close();
    }

    private static void encoding(String json, int inputs) {
        Encoding.create(device, EncodingConfig.fromJson(json), inputs, 0).close();
    }

    private static void network(String json) {
        Network.create(device, NetworkConfig.fromJson(json), 3, 3, 0).close();
    }

    private static void loss(String json) {
        Loss.create(device, LossConfig.fromJson(json)).evaluate(new float[1], new float[1], 1);
    }

    private static void optimizer(String json) {
        try (Encoding grid = Encoding.create(device, EncodingConfig.fromJson(GRID), 3, 0)) {
            Optimizer.create(grid, OptimizerConfig.fromJson(json)).close();
        }
    }

    private static void trainer(String json) {
        try (RadianceField field = RadianceField.create(device, FieldConfig.fromJson(FIELD), 0);
                Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().build());
                OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build());
                Views views = Scene.views(device)) {
            Trainer.create(field, optimizer, grid, views, TrainerConfig.fromJson(json)).close();
        }
    }

    private static void render(String json) {
        try (RadianceField field = RadianceField.create(device, FieldConfig.fromJson(FIELD), 0);
                OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build())) {
            Renderer.create(field, grid, RenderConfig.fromJson(json)).render(Scene.camera(0));
        }
    }

    private static void says(Executable misuse, String... parts) {
        String message = assertThrows(IllegalArgumentException.class, misuse).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), "\"" + message + "\" does not say " + part);
        }
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void aMisspeltKeyNamesTheRightOnes() {
        says(() -> encoding("{\"otype\": \"HashGrid\", \"n_levelz\": 2}", 3), "n_levelz", "n_levels", "base_resolution");
        says(() -> encoding("{\"otype\": \"SphericalHarmonics\", \"degrees\": 2}", 3), "degrees", "degree");
        says(() -> encoding("{\"otype\": \"Identity\", \"scales\": 2}", 3), "scales", "scale", "offset");
        says(() -> network("{\"otype\": \"FullyFusedMLP\", \"neurons\": 2}"), "neurons", "n_neurons");
        says(() -> optimizer("{\"otype\": \"Adam\", \"lr\": 1}"), "\"lr\"", "learning_rate");
        says(() -> optimizer("{\"otype\": \"Ema\", \"decy\": 1, \"nested\": {\"otype\": \"Adam\"}}"), "decy", "decay");
        says(() -> OccupancyGrid.create(device, OccupancyConfig.fromJson("{\"cascade\": 1}")), "cascade", "cascades");
        says(() -> encoding("{\"otype\": \"Frequency\", \"n_bins\": 2}", 3), "n_bins", "n_frequencies");
        says(() -> encoding("{\"otype\": \"TriangleWave\", \"frequencies\": 2}", 3), "frequencies", "n_frequencies");
        says(() -> encoding("{\"otype\": \"IntegratedFrequency\", \"contract\": \"L2\"}", 9), "contract", "contraction", "basis");
        says(() -> encoding("{\"otype\": \"OneBlob\", \"n_frequencies\": 2}", 3), "n_frequencies", "n_bins");
        says(() -> encoding("{\"otype\": \"Composite\", \"reduce\": \"Sum\", \"nested\": [{\"otype\": \"Identity\"}]}", 3),
                "reduce", "reduction", "nested");
        says(() -> network("{\"otype\": \"FullyFusedMLP\", \"biases\": true}"), "biases", "bias");
        says(() -> network("{\"otype\": \"FullyFusedMLP\", \"skips\": [1]}"), "skips", "skip_connections");
        says(() -> loss("{\"otype\": \"Huber\", \"dleta\": 1}"), "dleta", "delta");
        says(() -> loss("{\"otype\": \"Charbonnier\", \"delta\": 1}"), "delta", "epsilon");
        says(() -> loss("{\"otype\": \"Mape\", \"epsilon\": 1}"), "epsilon", "otype");
        says(() -> Device.open(DeviceConfig.fromJson("{\"thread\": 1}")), "thread", "threads");
        says(() -> trainer("{\"sampels\": 1}"), "sampels", "samples_per_step");
        says(() -> trainer("{\"sampler\": {\"step\": 1}}"), "step", "steps");
        says(() -> RadianceField.create(device, FieldConfig.fromJson(FIELD.replace("dir_encoding", "direction")), 0),
                "direction", "dir_encoding");
        Samples none = new Samples(new int[0], new int[0], new float[0], new float[0], new float[0]);
        says(() -> Compositing.create(device, CompositingConfig.fromJson("{\"earlystop\": 1}"))
                .forward(none, new float[0], new float[0], 3, null), "earlystop", "early_stop");
        says(() -> render("{\"color\": 1}"), "color", "background");
    }

    @Test
    void aCropIsABoxOfNumbers() {
        for (String box : new String[] {
            "1", "{}", "[]", "[[0, 0, 0]]", "[[0, 0, 0], [1, 1]]", "[[0, 0, 0], [1, 1, 1], [2, 2, 2]]", "[0, 0, 0, 1, 1, 1]"
        }) {
            says(() -> render("{\"crop\": " + box + "}"), "crop", "[[x, y, z], [x, y, z]]");
        }
        for (String number : new String[] {"\"1\"", "null", "1e10", "-1e300", "[1]"}) {
            says(() -> render("{\"crop\": [[0, 0, 0], [1, " + number + ", 1]]}"), "crop", "along y", "[-1e9, 1e9]");
        }
        says(() -> render("{\"crop\": [[0, 0, 0.5], [1, 1, 0.25]]}"), "crop", "along z", "from 0.5 to 0.25");
        says(() -> render("{\"crop\": [[1, 0, 0], [1, 1, 1]]}"), "crop", "along x", "from 1 to 1");
    }

    @ParameterizedTest
    @CsvSource({
        "n_levels, 0, 1, 32", "n_levels, 33, 1, 32", "n_features_per_level, 3, 1, 8", "n_features_per_level, 16, 1, 8",
        "log2_hashmap_size, 7, 8, 24", "log2_hashmap_size, 25, 8, 24", "base_resolution, 0, 1, 1048576",
        "per_level_scale, 0.5, 1, 16", "per_level_scale, 17, 1, 16"
    })
    void aGridsNumbersHaveLimitsThatTheErrorNames(String key, String value, String low, String high) {
        says(() -> encoding("{\"otype\": \"HashGrid\", \"" + key + "\": " + value + "}", 3), key, value, low, high);
    }

    @Test
    void otherNumbersHaveLimitsThatTheErrorNames() {
        says(() -> encoding("{\"otype\": \"SphericalHarmonics\", \"degree\": 9}", 3), "degree", "9", "1", "8");
        says(() -> encoding("{\"otype\": \"SphericalHarmonics\"}", 2), "3 inputs", "2");
        says(() -> encoding("{\"otype\": \"Contraction\", \"nested\": {\"otype\": \"Identity\"}}", 2), "3 inputs", "2");
        says(() -> encoding("{\"otype\": \"Contraction\"}", 3), "nested", "missing");
        says(() -> encoding("{\"otype\": \"Contraction\", \"norm\": \"L3\", \"nested\": {\"otype\": \"Identity\"}}", 3), "L3",
                "L2", "LInfinity");
        says(() -> encoding(GRID, 5), "5 inputs", "4");
        says(() -> encoding("{\"otype\": \"IntegratedFrequency\"}", 3), "9 inputs", "3", "mean", "covariance");
        says(() -> encoding("{\"otype\": \"IntegratedFrequency\", \"basis\": \"Cube\"}", 9), "Cube", "Axes", "Icosahedron");
        says(() -> encoding("{\"otype\": \"IntegratedFrequency\", \"contraction\": \"L1\"}", 9), "L1", "L2", "LInfinity");
        says(() -> encoding(GRID, 0), "0 inputs");
        says(() -> encoding("{\"otype\": \"HashGrid\", \"n_levels\": 2.5}", 3), "n_levels", "2.5", "whole");
        says(() -> encoding("{\"otype\": \"HashGrid\", \"n_levels\": \"2\"}", 3), "n_levels", "number");
        says(() -> encoding("{\"otype\": \"HashGrid\", \"n_levels\": 32, \"per_level_scale\": 4}", 3), "resolution");
        says(() -> encoding("{\"otype\": \"DenseGrid\", \"n_levels\": 16}", 3), "dense", "Hash");
        says(() -> network("{\"otype\": \"FullyFusedMLP\", \"n_neurons\": 1025}"), "n_neurons", "1025", "1024");
        says(() -> network("{\"otype\": \"FullyFusedMLP\", \"n_hidden_layers\": 9}"), "n_hidden_layers", "9", "8");
        says(() -> network("{\"otype\": \"FullyFusedMLP\", \"activation\": \"Relux\"}"), "Relux", "ReLU", "SiLU");
        says(() -> optimizer("{\"otype\": \"Adam\", \"beta1\": 1}"), "beta1", "1");
        says(() -> trainer("{\"samples_per_step\": 100}"), "samples_per_step", "100", "2048");
        says(() -> trainer("{\"early_stop\": 1}"), "early_stop", "0.5");
        says(() -> trainer("{\"background\": [1, 2, 3]}"), "background", "[0, 1]");
        says(() -> trainer("{\"background\": \"white\"}"), "background");
        says(() -> OccupancyGrid.create(device, OccupancyConfig.builder().cascades(9).build()), "cascades", "9", "8");
        says(() -> OccupancyGrid.create(device, OccupancyConfig.builder().resolution(48).build()), "resolution", "48");
        says(() -> Device.open(DeviceConfig.builder().type("cpu").threads(-1).build()), "threads", "-1", "1024");
    }

    @ParameterizedTest
    @CsvSource({
        "Frequency, n_frequencies, 0, 1, 32", "Frequency, n_frequencies, 33, 1, 32",
        "Frequency, n_frequencies, -1, 1, 32", "TriangleWave, n_frequencies, 0, 1, 32",
        "TriangleWave, n_frequencies, 33, 1, 32", "OneBlob, n_bins, 0, 1, 256", "OneBlob, n_bins, 257, 1, 256",
        "IntegratedFrequency, n_frequencies, 0, 1, 16", "IntegratedFrequency, n_frequencies, 17, 1, 16"
    })
    void numbersOfWavesAndBinsHaveLimitsThatTheErrorNames(
            String otype, String key, String value, String low, String high) {
        int inputs = otype.equals("IntegratedFrequency") ? 9 : 3;
        says(() -> encoding("{\"otype\": \"" + otype + "\", \"" + key + "\": " + value + "}", inputs), key, value, low, high);
    }

    @Test
    void widthsHaveLimitsThatTheErrorNames() {
        NetworkConfig narrow = NetworkConfig.fromJson("{\"otype\": \"MLP\", \"n_neurons\": 1}");
        says(() -> Network.create(device, narrow, 16385, 3, 0), "16385", "16384");
        says(() -> Network.create(device, narrow, 3, 16385, 0), "16385", "16384");
        says(() -> Network.create(device, narrow, 0, 3, 0), "0 inputs");
        says(() -> Network.create(device, narrow, 3, 0, 0), "0 outputs");
        says(() -> encoding("{\"otype\": \"OneBlob\", \"n_bins\": 256}", 65), "16640", "16384");
        says(() -> encoding("{\"otype\": \"OneBlob\", \"n_bins\": 256}", 16384), "outputs", "16384");
    }

    @Test
    void skipConnectionsAreLayersOfTheNetwork() {
        for (String skips : new String[] {"[0]", "[3]", "[1, 3]", "[-1]", "[1.5]", "[1e99]"}) {
            says(() -> network("{\"otype\": \"MLP\", \"n_hidden_layers\": 2, \"skip_connections\": " + skips + "}"),
                    "skip_connections", "1", "2");
        }
        for (String skips : new String[] {"1", "\"1\"", "{}", "true", "[\"1\"]", "[[1]]", "[null]"}) {
            says(() -> network("{\"otype\": \"MLP\", \"skip_connections\": " + skips + "}"), "skip_connections", "list");
        }
        says(() -> network("{\"otype\": \"MLP\", \"n_hidden_layers\": 0, \"skip_connections\": [1]}"),
                "skip_connections");
        says(() -> network("{\"otype\": \"MLP\", \"bias\": 1}"), "bias", "true");
        says(() -> network("{\"otype\": \"MLP\", \"bias\": \"true\"}"), "bias", "true");
    }

    @Test
    void sumsAndProductsNeedPartsWithAsManyOutputs() {
        for (String reduction : new String[] {"Sum", "Product"}) {
            says(() -> encoding("{\"otype\": \"Composite\", \"reduction\": \"" + reduction + "\", \"nested\": ["
                    + "{\"n_dims_to_encode\": 1, \"otype\": \"Frequency\", \"n_frequencies\": 4}, "
                    + "{\"otype\": \"OneBlob\", \"n_bins\": 7}]}", 2), "8", "7", "outputs");
        }
        says(() -> encoding("{\"otype\": \"Composite\", \"reduction\": \"Max\", \"nested\": [{\"otype\": \"Identity\"}]}",
                3), "Max", "Concatenation", "Sum", "Product");
        says(() -> encoding("{\"otype\": \"Composite\", \"reduction\": 1, \"nested\": [{\"otype\": \"Identity\"}]}", 3),
                "reduction");
    }

    @Test
    void lossesHaveLimitsThatTheErrorNames() {
        for (String value : new String[] {"0", "-1", "1e7"}) {
            says(() -> loss("{\"otype\": \"Charbonnier\", \"epsilon\": " + value + "}"), "epsilon");
            says(() -> loss("{\"otype\": \"Huber\", \"delta\": " + value + "}"), "delta");
        }
        says(() -> loss("{\"otype\": 1}"), "otype");
    }

    @Test
    void lettersOfAllAlphabetsComeBackInErrors() {
        says(() -> network("{\"otype\": \"FullyFusedMLP\", \"\u00e9\u4e2d\ud83d\ude00\": 1}"), "\u00e9\u4e2d\ud83d\ude00");
    }

    @Test
    void arraysForResultsMustBeAsLongAsResults() {
        Samples samples = new Samples(new int[2], new int[] {1, 2}, new float[9], new float[3], new float[3]);
        Compositing compositing = Compositing.create(device, CompositingConfig.builder().build());
        float[] density = new float[3];
        float[] values = new float[6];
        says(() -> compositing.forward(samples, density, values, 2, null,
                new Compositing.Result(new float[4], new float[2], new float[2], new int[2], new float[4])),
                "weights", "4", "3");
        says(() -> compositing.forward(samples, density, values, 2, null,
                new Compositing.Result(new float[3], new float[2], new float[2], new int[2], new float[3])),
                "color", "3", "4");
        says(() -> compositing.backward(samples, density, values, 2, null, new float[4], null, null,
                new Compositing.Gradients(new float[3], new float[5], null)), "values", "5", "6");
        says(() -> Loss.create(device, LossConfig.l2()).evaluate(values, values, 2, new float[5]), "gradient", "5", "6");
        says(() -> Sampling.create(device).inverseCdf(new float[2], new float[1], 1, 4, null, new float[3]), "t", "3", "4");
        try (Views views = Views.create(device, 1)) {
            says(() -> views.rays(new int[2], new float[4], new Rays(new float[3], new float[3])), "origins", "3", "6");
        }
        try (OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build())) {
            says(() -> grid.marchInto(SamplerConfig.builder().build(), new Rays(new float[3], new float[3]), null, samples),
                    "starts", "2", "1");
        }
        says(() -> new Rendering(2, 2, new float[12], new float[3], new float[4]), "depth", "3", "4");
    }

    @Test
    void lossesOfHistogramsNeedEdgesThatAscendAndSizesThatFit() {
        Histograms histograms = Histograms.create(device);
        float[] edges = {0, 1, 2, 3};
        float[] weights = new float[3];
        float[] ends = {0, 3};
        float[] one = {1};
        says(() -> histograms.distortion(edges, weights, 0), "0 bins");
        says(() -> histograms.distortion(edges, weights, 2), "weights", "2");
        says(() -> histograms.distortion(new float[3], weights, 3), "edges", "4");
        says(() -> histograms.distortion(Samples.between(new Rays(new float[3], new float[3]), edges), one), "weights", "3");
        says(() -> histograms.proposal(edges, weights, 3, ends, one, 0), "proposalWeights", "0 bins");
        says(() -> histograms.proposal(edges, weights, 3, ends, one, 2), "proposalWeights", "2");
        says(() -> histograms.proposal(edges, weights, 3, edges, one, 1), "proposalEdges", "4", "2");
        says(() -> histograms.proposal(new float[] {0, 2, 1, 3}, weights, 3, ends, one, 1), "edge 2", "ray 0", "ascend");
        says(() -> histograms.proposal(edges, weights, 3, new float[] {3, 0}, one, 1), "proposal", "edge 1", "ascend");
        says(() -> histograms.proposal(edges, weights, 3, new float[] {0, Float.NaN}, one, 1), "edge 1", "finite");
        for (float halfWidth : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
            says(() -> histograms.proposal(edges, weights, 3, ends, one, 1, halfWidth), "half_width", "positive");
        }
    }

    @Test
    void dilationsHaveARangeAndNumbersThatAreNotNegative() {
        Sampling sampling = Sampling.create(device);
        float[] edges = {0, 1};
        float[] one = {1};
        says(() -> sampling.dilate(edges, one, 0, 1, 0, 1, 1), "0 bins");
        says(() -> sampling.dilate(edges, one, 2, 1, 0, 1, 1), "weights", "2");
        says(() -> sampling.dilate(new float[3], one, 1, 1, 0, 1, 1), "edges", "2");
        says(() -> sampling.dilate(new float[] {1, 0}, one, 1, 1, 0, 1, 1), "edge 1", "ascend");
        says(() -> sampling.dilate(new float[21847], new float[21846], 21846, 1, 0, 1, 1), "21846", "21845");
        says(() -> sampling.dilate(edges, one, 1, -1, 0, 1, 1), "dilation", "-1");
        says(() -> sampling.dilate(edges, one, 1, 1, 0, 1, Float.NaN), "exponent", "finite");
        says(() -> sampling.dilate(edges, one, 1, 1, 1, 0, 1), "from 1 to 0");
        says(() -> sampling.dilate(edges, one, 1, 1, 0, Float.POSITIVE_INFINITY, 1), "range", "finite");
    }

    @Test
    void frustumsBeginAtTheEyeOrBehind() {
        Sampling sampling = Sampling.create(device);
        Rays ray = new Rays(new float[3], new float[] {0, 0, 1});
        says(() -> sampling.frustums(ray, new float[2], new float[] {0, 1}), "radii", "1");
        says(() -> sampling.frustums(ray, new float[1], new float[1]), "0 bins");
        says(() -> sampling.frustums(ray, new float[1], new float[] {-1, 1}), "edge 0", "ray 0", "-1", "from 0 on");
        says(() -> sampling.frustums(ray, new float[1], new float[] {2, 1}), "edge 1", "ascend");
        says(() -> sampling.frustums(ray, new float[1], new float[] {0, Float.POSITIVE_INFINITY}), "edge 1", "finite");
    }

    @Test
    void histogramsHaveEdgesThatAscendAndSizesThatFit() {
        Sampling sampling = Sampling.create(device);
        float[] edges = {0, 1, 2, 3};
        float[] weights = new float[3];
        says(() -> sampling.inverseCdf(edges, weights, 0, 4, null), "0 bins");
        says(() -> sampling.inverseCdf(edges, weights, -1, 4, null), "-1 bins");
        says(() -> sampling.inverseCdf(edges, weights, 3, 0, null), "0 samples");
        says(() -> sampling.inverseCdf(edges, weights, 2, 4, null), "weights", "2");
        says(() -> sampling.inverseCdf(new float[3], weights, 3, 4, null), "edges", "4");
        says(() -> sampling.inverseCdf(edges, weights, 3, 4, new float[5]), "jitter", "4");
        says(() -> sampling.inverseCdf(new float[65538], new float[65537], 65537, 4, null), "65537", "65536");
        says(() -> sampling.inverseCdf(edges, weights, 3, 65537, null), "65537", "65536");
        says(() -> sampling.inverseCdf(new float[] {0, 2, 1, 3}, weights, 3, 4, null), "edge 2", "ray 0", "ascend");
        says(() -> sampling.inverseCdf(new float[] {0, 1, 0, 1, 5, 4}, new float[3], 1, 4, null), "edge 1", "ray 2");
        says(() -> sampling.inverseCdf(new float[] {0, 1, 0, Float.NaN}, new float[2], 1, 4, null), "ray 1", "finite");
        says(() -> sampling.stratified(new float[] {0, 1}, new float[] {1, 0}, 4, null), "ray 1");
        says(() -> sampling.stratified(new float[] {0, 1}, new float[1], 4, null), "far", "2");
        says(() -> sampling.stratified(new float[1], new float[] {Float.POSITIVE_INFINITY}, 4, null), "ray 0", "finite");
        says(() -> sampling.stratified(new float[2], new float[2], 4, new float[7]), "jitter", "8");
    }

    @Test
    void anUnknownTypeNamesTheKnownOnes() {
        says(() -> encoding("{\"otype\": \"HashGird\"}", 3), "HashGird", "HashGrid", "DenseGrid", "TiledGrid",
                "Frequency", "TriangleWave", "OneBlob", "SphericalHarmonics", "Identity", "Composite");
        says(() -> encoding("{\"n_levels\": 2}", 3), "otype");
        says(() -> network("{\"otype\": \"FullyFusedMPL\"}"), "FullyFusedMPL");
        says(() -> optimizer("{\"otype\": \"Adamm\"}"), "Adamm", "Adam", "Ema");
        says(() -> optimizer("{\"otype\": \"Ema\"}"), "nested", "Adam");
        says(() -> loss("{\"otype\": \"L7\"}"),
                "L7", "L2", "L1", "Huber", "RelativeL2", "Mape", "Smape", "Charbonnier");
        says(() -> Device.open(DeviceConfig.builder().type("tpu").build()), "tpu", "cpu", "cuda");
    }

    @Test
    void aSliceOfACompositeHasToLieWithinItsInputs() {
        for (String slice : new String[] {
            "\"n_dims_to_encode\": 4", "\"n_dims_to_encode\": 0", "\"n_dims_to_encode\": -1",
            "\"dims_to_encode_begin\": 3", "\"dims_to_encode_begin\": -1", "\"n_dims_to_encode\": 1.5",
            "\"n_dims_to_encode\": 2147483647, \"dims_to_encode_begin\": 2147483647", "\"n_dims_to_encode\": 1e300",
            "\"n_dims_to_encode\": \"3\""
        }) {
            says(() -> encoding("{\"otype\": \"Composite\", \"nested\": [{" + slice + ", \"otype\": \"Identity\"}]}", 3),
                    "dims_to_encode");
        }
    }

    @Test
    void raysAndViewsThatAreNotThereAreNamed() {
        try (Views views = Views.create(device, 2)) {
            says(() -> views.rays(new int[] {2}, new float[2]), "view 2");
            says(() -> views.rays(new int[] {-1}, new float[2]), "view -1");
            says(() -> views.rays(new int[] {1}, new float[2]), "view 1", "not set");
            says(() -> views.setCamera(2, Scene.camera(0)), "2");
            says(() -> views.setPoints(2, new float[3]), "2");
            says(() -> views.setPoints(0, new float[4]), "xyz", "4");
            says(() -> views.setPoints(0, new float[] {0, 0, 0, 0, Float.NaN, 0}), "point 1", "view 0", "finite");
            says(() -> views.setPoints(0, new float[] {0, 0, Float.POSITIVE_INFINITY}), "point 0", "finite");
        }
        says(() -> Views.create(device, 0), "0 views");
        try (OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build())) {
            says(() -> grid.march(SamplerConfig.builder().build(), new Rays(new float[3], new float[3]), null, 9),
                    "ray 0", "unit");
        }
    }

    /** The Java side reads a configuration first; here the engine's own reader gets the pieces. */
    @Test
    void aConfigurationCutAnywhereIsAnErrorAndNoCrash() {
        Eikonal.system();
        DeviceHandle handle = new DeviceHandle();
        assertEquals(Bindings.EIK_OK, Bindings.eik_device_open("{\"type\": \"cpu\", \"threads\": 1}", handle));
        try {
            for (int length = 0; length < FIELD.length(); length++) {
                String cut = FIELD.substring(0, length);
                ModuleHandle module = new ModuleHandle();
                assertEquals(Bindings.EIK_INVALID_ARGUMENT, Bindings.eik_module_create(handle, cut, 6, 4, 0, module), cut);
                assertTrue(Bindings.eik_last_error().contains("JSON"), Bindings.eik_last_error());
                assertThrows(IllegalArgumentException.class, () -> FieldConfig.fromJson(cut));
            }
            for (int i = 0; i < FIELD.length(); i++) {
                for (String put : new String[] {"", "\"", "}", "[", "9", "-", "\\", "\u0001", "null", "\u00e9"}) {
                    String bent = FIELD.substring(0, i) + put + FIELD.substring(i + 1);
                    ModuleHandle module = new ModuleHandle();
                    if (Bindings.eik_module_create(handle, bent, 6, 4, 0, module) == Bindings.EIK_OK) {
                        Bindings.eik_module_destroy(module);
                    } else {
                        assertTrue(Bindings.eik_last_error().length() > 10, bent);
                    }
                }
            }
            String deep = "[".repeat(100000);
            assertEquals(Bindings.EIK_INVALID_ARGUMENT,
                    Bindings.eik_module_create(handle, deep, 6, 4, 0, new ModuleHandle()));
        } finally {
            Bindings.eik_device_close(handle);
        }
    }
}
