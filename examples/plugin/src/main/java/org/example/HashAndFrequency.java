package org.example;

import org.eikonal.Activation;
import org.eikonal.EncodingConfig;
import org.eikonal.LossConfig;
import org.eikonal.NetworkConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OptimizerConfig;
import org.eikonal.SamplerConfig;
import org.eikonal.studio.recipe.Recipe;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.recipe.Settings;
import org.eikonal.studio.scene.Scene;

/** A recipe of one's own: positions are encoded by a hash grid and, beside it, by the waves of NeRF. */
public final class HashAndFrequency implements Recipe {
    @Override
    public String name() {
        return "hash-and-frequency";
    }

    @Override
    public String description() {
        return "a hash grid for details beside sines and cosines for what is large and smooth";
    }

    @Override
    public Settings settings(Scene scene, RunOptions options) {
        EncodingConfig grid = EncodingConfig.hashGrid().levels(8).log2HashmapSize(options.isLong() ? 17 : 14).build();
        EncodingConfig positions = EncodingConfig.composite()
                .add(0, 3, grid)
                .add(0, 3, EncodingConfig.frequency(4)) // of the same three coordinates
                .build();
        return new Settings(scene)
                .samplesPerStep(16384)
                .field(positions, network(1, Activation.NONE),
                        EncodingConfig.sphericalHarmonics(3), network(2, Activation.SIGMOID))
                .occupancy(OccupancyConfig.builder().cascades(scene.cube().cascades()).resolution(64).build())
                .sampler(SamplerConfig.builder().steps(256).build())
                .loss(LossConfig.l2())
                .optimizer(OptimizerConfig.adam().learningRate(1e-2).build());
    }

    private static NetworkConfig network(int hiddenLayers, Activation output) {
        return NetworkConfig.builder().neurons(32).hiddenLayers(hiddenLayers).outputActivation(output).build();
    }
}
