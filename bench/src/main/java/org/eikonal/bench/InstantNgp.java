package org.eikonal.bench;

import org.eikonal.Activation;
import org.eikonal.EncodingConfig;
import org.eikonal.FieldConfig;
import org.eikonal.NetworkConfig;

/**
 * The radiance field of Mueller et al. 2022, section 5.4: 16 levels of 2 features from 16 vertices on, density 32-64-16,
 * colour 32-64-64-3. A level is 1.5 times as fine as the one before: with 2<sup>19</sup> entries 4 levels are dense.
 */
public final class InstantNgp {
    public static final int LEVELS = 16;
    public static final int BASE = 16;
    public static final double GROWTH = 1.5;

    private InstantNgp() {}

    static EncodingConfig encoding(int log2Table) {
        return EncodingConfig.hashGrid().levels(LEVELS).featuresPerLevel(2).log2HashmapSize(log2Table)
                .baseResolution(BASE).perLevelScale(GROWTH).build();
    }

    static FieldConfig field(int log2Table) {
        return FieldConfig.builder().encoding(encoding(log2Table)).network(network(1, Activation.NONE))
                .directionEncoding(EncodingConfig.sphericalHarmonics(4)).colorNetwork(network(2, Activation.SIGMOID))
                .build();
    }

    private static NetworkConfig network(int hiddenLayers, Activation output) {
        return NetworkConfig.builder().neurons(64).hiddenLayers(hiddenLayers).activation(Activation.RELU)
                .outputActivation(output).build();
    }

    /**
     * {@return the entries of each level's table}
     *
     * @param log2Table of the largest
     */
    public static long[] entries(int log2Table) {
        long[] entries = new long[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            double vertices = Math.pow(Math.ceil(scale(level)) + 1, 3);
            entries[level] = vertices <= 1L << log2Table ? ((long) vertices + 7) / 8 * 8 : 1L << log2Table;
        }
        return entries;
    }

    static float scale(int level) {
        return (float) (BASE * Math.pow(GROWTH, level) - 1);
    }
}
