package org.eikonal.studio.recipe;

import org.eikonal.Activation;
import org.eikonal.EncodingConfig;
import org.eikonal.LossConfig;
import org.eikonal.NetworkConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OptimizerConfig;
import org.eikonal.SamplerConfig;
import org.eikonal.studio.scene.Framing;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.UnitCube;
import org.eikonal.studio.scene.View;

/**
 * Mueller et al. 2022: a multiresolution hash grid and two small networks, sampled through an occupancy grid. Tables
 * and batches are small: on a few cores that learns fastest in the first minutes. What was tried stands in
 * docs/benchmarks.md.
 */
final class InstantNgp implements Recipe {
    private static final int COARSEST = 16;
    private static final double GROWTH = 1.49; // from one level to the next
    // Cells of the finest level in what one pixel sees of the middle of the scene: finer ones could not be told apart.
    private static final double CELLS_IN_A_PIXEL = 2.5;
    private static final double FINEST = 2048;
    private static final double NEAREST = 0.05; // unit cubes: where rays begin if the scene does not say
    private static final double DISTORTION = 1e-3; // more of it flattens what is far away
    private static final double DECAY = 0.67; // of the learning rate, and the time for edges, begin here

    @Override
    public String name() {
        return "instant-ngp";
    }

    @Override
    public String description() {
        return "hash grid, two small networks, occupancy grid: good pictures within minutes (Mueller et al. 2022)";
    }

    @Override
    public Settings settings(Scene scene, RunOptions options) {
        int side = scene.cube().aabbScale();
        boolean small = side == 1;
        // The finest cells are as fine in a large box as in a small one.
        double finest = side * Math.min(FINEST, Math.max(16 * COARSEST, CELLS_IN_A_PIXEL / pixel(scene)));
        int levels = 1 + (int) Math.round(Math.log(finest / COARSEST) / Math.log(GROWTH));
        // A larger table costs a fifth of the steps, and objects gain nothing by it.
        int table = small ? 17 : options.isLong() ? 19 : 18;
        return new Settings(scene)
                .samplesPerStep(32768)
                .preferDetail()
                // Objects in front of nothing are all edges; photos of rooms gain more from other pixels.
                .antialiasing(small ? 4 : 1, DECAY, small ? 2 : 1)
                .field(
                        EncodingConfig.hashGrid().levels(levels).featuresPerLevel(2).log2HashmapSize(table)
                                .baseResolution(COARSEST).perLevelScale(GROWTH).interpolation("Linear").build(),
                        network(1, Activation.NONE),
                        EncodingConfig.sphericalHarmonics(4),
                        network(2, Activation.SIGMOID))
                .occupancy(OccupancyConfig.builder().cascades(scene.cube().cascades()).resolution(128).decay(0.95)
                        .threshold(0.01).interval(16).warmup(256).build())
                .sampler(SamplerConfig.builder().steps(512).coneAngle(small ? 0 : 1.0 / 128).near(near(scene))
                        .build())
                .rayLoss(small ? 0 : DISTORTION, 0)
                .loss(LossConfig.fromJson("{\"otype\": \"Huber\", \"delta\": 0.1}"))
                .optimizer(OptimizerConfig.adam().learningRate(1e-2).beta1(0.9).beta2(0.99).epsilon(1e-15)
                        .l2Regularization(1e-6).weightDecay(0).build().withLogDecay(DECAY, 0.1));
    }

    /** How wide a pixel is at the middle of the scene, in unit cubes; the median over the views to train on. */
    private static double pixel(Scene scene) {
        double[] widths = scene.views(Split.TRAIN).stream().mapToDouble(view -> {
            double[] at = scene.cube().toUnit(view.camera().pose().position());
            double square = 0;
            for (double x : at) {
                square += (x - UnitCube.DEFAULT_OFFSET) * (x - UnitCube.DEFAULT_OFFSET);
            }
            return Math.sqrt(square) / view.camera().fx();
        }).sorted().toArray();
        return widths.length == 0 ? 0 : widths[widths.length / 2];
    }

    private static double near(Scene scene) {
        double world = Framing.near(scene.views(Split.TRAIN).stream().map(View::camera).toList(), scene.points());
        return Math.max(NEAREST, world * scene.cube().scale());
    }

    private static NetworkConfig network(int hiddenLayers, Activation output) {
        return NetworkConfig.builder().activation(Activation.RELU).outputActivation(output)
                .neurons(64).hiddenLayers(hiddenLayers).build();
    }
}
