package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eikonal.Activation;
import org.eikonal.Device;
import org.eikonal.EncodingConfig;
import org.eikonal.FieldConfig;
import org.eikonal.Network;
import org.eikonal.NetworkConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.RadianceField;
import org.eikonal.conformance.Devices.OnEveryDevice;

/** What is drawn at random is what the generator says, number by number: the same on every device and for ever. */
class RandomDrawsTest {
    private static final int RESOLUTION = 16;
    private static final int CASCADE = RESOLUTION * RESOLUTION * RESOLUTION;
    private static final double SMALLEST_STEP = Math.sqrt(3) / 1024;
    private static final double[] RAMP = {32, 16, -8};

    @OnEveryDevice
    void initialParametersAreUniformDraws(Device device) {
        GridOracle.Shape shape = new GridOracle.Shape("HashGrid", 2, 3, 2, 8, 4, 2, "Linear");
        int table = new GridOracle(shape).parameters();
        NetworkOracle mlp = new NetworkOracle(6, 3, 16, 1, Activation.RELU, Activation.NONE);
        for (long seed : new long[] {0, 7, (5L << 40) + 1}) {
            try (Network network = Network.create(device, shape.config(), mlp.config(), 2, 3, seed)) {
                float[] parameters = network.parameters();
                assertEquals(table + 6 * 16 + 16 * 3, parameters.length);
                for (int i = 0; i < parameters.length; i++) {
                    double limit = i < table ? 1e-4 : Math.sqrt(6.0 / (i < table + 6 * 16 ? 6 : 16));
                    double expected = (2 * RandomOracle.unit(RandomOracle.bits(seed, 0, i, 9)[0]) - 1) * limit;
                    assertEquals(expected, parameters[i], 1e-6 * limit, "parameter " + i + " of seed " + seed);
                }
            }
        }
    }

    /** A field whose raw density is a ramp along each axis: numbers that bf16 holds. */
    private static RadianceField ramp(Device device) {
        NetworkConfig linear = NetworkConfig.builder().hiddenLayers(0).build();
        RadianceField field = RadianceField.create(device, FieldConfig.builder()
                .encoding(EncodingConfig.fromJson("{\"otype\": \"Identity\", \"offset\": -0.5}")).network(linear)
                .directionEncoding(EncodingConfig.sphericalHarmonics(1)).colorNetwork(linear).build(), 0);
        float[] parameters = new float[(int) field.parameterCount()];
        for (int k = 0; k < 3; k++) {
            parameters[k] = (float) RAMP[k];
        }
        field.setParameters(parameters);
        return field;
    }

    /** What an update finds in a cell: the ramp's density at the point that it draws, times the smallest step. */
    private static double found(int cascades, long seed, long step, int cell) {
        int[] bits = RandomOracle.bits(seed, step, cell, 2);
        double scale = (double) (1 << cell / CASCADE) / (1 << cascades - 1);
        double raw = 0;
        for (int k = 0; k < 3; k++) {
            double at = (cell >> 4 * k & 15) + RandomOracle.unit(bits[k]);
            raw += RAMP[k] * (at / RESOLUTION - 0.5) * scale;
        }
        return Math.exp(Math.max(-15, Math.min(15, raw))) * SMALLEST_STEP;
    }

    /** Positions are rounded to bf16 where the device does so: by 2^-9 of at most 1/2 along each axis. */
    private static double tolerance(Device device) {
        return device.precision().equals("fp32") ? 1e-4 : Math.expm1((32 + 16 + 8) * 0.5 * 0x1p-9) + 1e-4;
    }

    private static OccupancyGrid grid(Device device, int cascades) {
        return OccupancyGrid.create(device, OccupancyConfig.builder().resolution(RESOLUTION).cascades(cascades)
                .decay(0.5).threshold(0.01).warmup(10).build());
    }

    /** Sets values, updates once, and holds every cell to what the draws of that step make of it. */
    private static void updateOnce(Device device, int cascades, float[] before, boolean[] looked, long seed, long step) {
        try (OccupancyGrid grid = grid(device, cascades); RadianceField field = ramp(device)) {
            grid.setValues(before);
            grid.update(field, seed, step);
            float[] after = grid.values();
            int seen = 0;
            for (int cell = 0; cell < after.length; cell++) {
                double left = 0.5 * before[cell];
                double expected = looked[cell] ? Math.max(left, found(cascades, seed, step, cell)) : left;
                assertEquals(expected, after[cell], tolerance(device) * expected,
                        "cell " + cell + " of " + cascades + " cascades, step " + step);
                seen += expected > left ? 1 : 0;
            }
            assertTrue(seen > 50, seen + " cells show that they were looked at");
        }
    }

    /** One cell of every so many. */
    private static boolean[] uniform(int cells, int portion, long seed, long step) {
        boolean[] looked = new boolean[cells];
        for (int i = 0; i < cells / portion; i++) {
            looked[i * portion + RandomOracle.below(RandomOracle.bits(seed, step, i, 3)[0], portion)] = true;
        }
        return looked;
    }

    @OnEveryDevice
    void anUpdateLooksAtOneCellOfEveryFourWhileWarmingUp(Device device) {
        for (int cascades = 1; cascades <= 3; cascades++) {
            float[] before = new float[cascades * CASCADE];
            before[5] = 1;
            for (long seed : new long[] {3, 1L << 33}) {
                updateOnce(device, cascades, before, uniform(before.length, 4, seed, 9), seed, 9);
            }
        }
    }

    /** As many cells again as are drawn uniformly, or all if there are fewer. */
    @OnEveryDevice
    void laterItLooksAtOneOfThirtyTwoAndAtOccupiedOnes(Device device) {
        for (int every : new int[] {3, 97}) {
            float[] before = new float[3 * CASCADE];
            for (int cell = 1; cell < CASCADE; cell += every) {
                before[cell] = 0.02f;
                before[CASCADE + cell] = cell % 2 == 0 ? 0.02f : 0;
            }
            // Above the mean of the finest, and so occupied: they themselves, and the coarser cells about them.
            boolean[] occupied = new boolean[before.length];
            int count = 0;
            for (int cell = 0; cell < occupied.length; cell++) {
                occupied[cell] |= before[cell] > 0;
                if (occupied[cell] && cell < 2 * CASCADE) {
                    int[] at = {cell & 15, cell >> 4 & 15, cell >> 8 & 15};
                    int coarser = ((at[2] / 2 + 4) * 16 + at[1] / 2 + 4) * 16 + at[0] / 2 + 4;
                    occupied[(cell / CASCADE + 1) * CASCADE + coarser] = true;
                }
            }
            for (boolean set : occupied) {
                count += set ? 1 : 0;
            }
            for (long step : new long[] {10, (7L << 32) + 16}) {
                boolean[] looked = uniform(before.length, 32, 4, step);
                int drawn = before.length / 32;
                int left = drawn;
                for (int cell = 0; cell < occupied.length; cell++) {
                    double u = RandomOracle.unit(RandomOracle.bits(4, step, cell, 4)[0]);
                    if (occupied[cell] && u < (float) drawn / count && left > 0) {
                        looked[cell] = true;
                        left--;
                    }
                }
                updateOnce(device, 3, before, looked, 4, step);
            }
        }
    }
}
