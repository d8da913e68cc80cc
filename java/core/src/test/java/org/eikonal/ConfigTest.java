package org.eikonal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Configurations built in Java are the JSON that tiny-cuda-nn reads. */
class ConfigTest {
    @Test
    void hashGrid() {
        EncodingConfig grid = EncodingConfig.hashGrid().levels(16).featuresPerLevel(2).log2HashmapSize(19)
                .baseResolution(16).perLevelScale(1.5).interpolation("Linear").build();
        assertEquals(EncodingConfig.fromJson("""
                {"otype": "HashGrid", "n_levels": 16, "n_features_per_level": 2, "log2_hashmap_size": 19,
                 "base_resolution": 16, "per_level_scale": 1.5, "interpolation": "Linear"}"""), grid);
    }

    @Test
    void otherEncodings() {
        assertEquals("{\"otype\": \"DenseGrid\", \"n_levels\": 2}",
                EncodingConfig.denseGrid().levels(2).build().toJson());
        assertEquals("{\"otype\": \"TiledGrid\"}", EncodingConfig.tiledGrid().build().toJson());
        assertEquals("{\"otype\": \"Identity\"}", EncodingConfig.identity().toJson());
        assertEquals("{\"otype\": \"SphericalHarmonics\", \"degree\": 4}",
                EncodingConfig.sphericalHarmonics(4).toJson());
    }

    @Test
    void composite() {
        assertEquals(EncodingConfig.fromJson("""
                {"otype": "Composite", "reduction": "Concatenation", "nested": [
                    {"n_dims_to_encode": 3, "otype": "HashGrid"}, {"n_dims_to_encode": 2, "otype": "Identity"}]}"""),
                EncodingConfig.composite().reduction("Concatenation")
                        .add(3, EncodingConfig.hashGrid().build()).add(2, EncodingConfig.identity()).build());
    }

    @Test
    void network() {
        assertEquals("{\"otype\": \"FullyFusedMLP\", \"activation\": \"ReLU\", \"output_activation\": \"None\","
                + " \"n_neurons\": 64, \"n_hidden_layers\": 2}",
                NetworkConfig.builder().activation(Activation.RELU).outputActivation(Activation.NONE).neurons(64)
                        .hiddenLayers(2).build().toJson());
    }

    @Test
    void optimizersNest() {
        OptimizerConfig config = OptimizerConfig.adam().learningRate(1e-2).beta1(0.9).beta2(0.99).epsilon(1e-15)
                .l2Regularization(1e-6).build().withExponentialDecay(20000, 10000, 0.33).withEma(0.95);
        assertEquals(OptimizerConfig.fromJson("""
                {"otype": "Ema", "decay": 0.95, "nested": {
                    "otype": "ExponentialDecay", "decay_start": 20000, "decay_interval": 10000, "decay_base": 0.33,
                    "nested": {"otype": "Adam", "learning_rate": 0.01, "beta1": 0.9, "beta2": 0.99,
                               "epsilon": 1e-15, "l2_reg": 1e-6}}}"""), config);
    }

    @Test
    void schedules() {
        OptimizerConfig adam = OptimizerConfig.adam().build();
        assertEquals("{\"otype\": \"Warmup\", \"n_steps\": 100, \"nested\": {\"otype\": \"Adam\"}}",
                adam.withWarmup(100).toJson());
        assertEquals("{\"otype\": \"CosineDecay\", \"begin\": 0.5, \"end_factor\": 0.1, \"nested\": {\"otype\": \"Adam\"}}",
                adam.withCosineDecay(0.5, 0.1).toJson());
        assertEquals("{\"otype\": \"LogDecay\", \"begin\": 0.5, \"end_factor\": 0.1, \"nested\": {\"otype\": \"Adam\"}}",
                adam.withLogDecay(0.5, 0.1).toJson());
    }

    @Test
    void fieldHasInstantNgpsKeys() {
        assertEquals("{\"encoding\": {\"otype\": \"HashGrid\"}, \"network\": {\"otype\": \"FullyFusedMLP\"},"
                + " \"dir_encoding\": {\"otype\": \"SphericalHarmonics\", \"degree\": 4},"
                + " \"rgb_network\": {\"otype\": \"FullyFusedMLP\"}}",
                FieldConfig.builder().encoding(EncodingConfig.hashGrid().build())
                        .network(NetworkConfig.builder().build())
                        .directionEncoding(EncodingConfig.sphericalHarmonics(4))
                        .colorNetwork(NetworkConfig.builder().build()).build().toJson());
    }

    @Test
    void theRoad() {
        SamplerConfig sampler = SamplerConfig.builder().steps(1024).coneAngle(0.004).near(0.1).build();
        assertEquals("{\"samples_per_step\": 4096, \"loss\": {\"otype\": \"Huber\"}, \"sampler\": " + sampler
                + ", \"density_activation\": \"Exponential\", \"early_stop\": 1.0E-4, \"background\": \"random\", \"seed\": 7}",
                TrainerConfig.builder().samplesPerStep(4096).loss(LossConfig.huber()).sampler(sampler)
                        .densityActivation(Activation.EXPONENTIAL).earlyStop(1e-4).randomBackground().seed(7).build()
                        .toJson());
        assertEquals("{\"background\": [1.0, 1.0, 1.0]}",
                RenderConfig.builder().background(1, 1, 1).build().toJson());
        assertEquals("{\"cascades\": 3, \"resolution\": 64, \"decay\": 0.9, \"threshold\": 0.1, \"interval\": 8, \"warmup\": 9}",
                OccupancyConfig.builder().cascades(3).resolution(64).decay(0.9).threshold(0.1).interval(8).warmup(9)
                        .build().toJson());
    }

    @Test
    void theSameOptionsInOneOrderAreEqual() {
        assertEquals(DeviceConfig.cpu(), DeviceConfig.fromJson("{ \"type\":\"cpu\" }"));
        assertEquals(DeviceConfig.cpu().hashCode(), DeviceConfig.fromJson("{\"type\": \"cpu\"}").hashCode());
        assertNotEquals(DeviceConfig.cpu(), DeviceConfig.builder().type("cuda").build());
    }

    @Test
    void aBuilderDoesNotChangeWhatItBuilt() {
        DeviceConfig.Builder builder = DeviceConfig.builder().threads(1);
        DeviceConfig one = builder.build();
        builder.threads(2);
        assertEquals("{\"threads\": 1}", one.toJson());
    }

    @Test
    void whatJsonCannotSayIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> OptimizerConfig.adam().learningRate(Double.NaN).build());
        assertThrows(IllegalArgumentException.class, () -> EncodingConfig.fromJson("not JSON"));
    }
}
