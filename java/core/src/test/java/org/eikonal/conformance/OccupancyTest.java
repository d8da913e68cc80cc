package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import org.eikonal.Device;
import org.eikonal.EncodingConfig;
import org.eikonal.FieldConfig;
import org.eikonal.NetworkConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.RadianceField;
import org.eikonal.conformance.Devices.OnEveryDevice;

/** Which cells are occupied, and how an update finds out. */
class OccupancyTest {
    private static final int RESOLUTION = 16;
    private static final int CASCADE = RESOLUTION * RESOLUTION * RESOLUTION;
    /** A cell holds density times this: the step of 1024 along the unit cube's diagonal. */
    private static final double SMALLEST_STEP = Math.sqrt(3) / 1024;

    private static OccupancyGrid grid(Device device, int cascades, double decay) {
        return OccupancyGrid.create(device, OccupancyConfig.builder()
                .resolution(RESOLUTION).cascades(cascades).decay(decay).threshold(0.01).build());
    }

    /** Raw density 32 (x - 1/2) at position x of [0,1]^3: numbers that bf16 holds. */
    private static RadianceField ramp(Device device) {
        NetworkConfig linear = NetworkConfig.builder().hiddenLayers(0).build();
        RadianceField field = RadianceField.create(device, FieldConfig.builder()
                .encoding(EncodingConfig.fromJson("{\"otype\": \"Identity\", \"offset\": -0.5}")).network(linear)
                .directionEncoding(EncodingConfig.sphericalHarmonics(1)).colorNetwork(linear).build(), 0);
        float[] parameters = new float[(int) field.parameterCount()];
        parameters[0] = 32;
        field.setParameters(parameters);
        return field;
    }

    /** What a cell may hold: the ramp's density at its left and at its right side, times the smallest step. */
    private static double[] range(int cascades, int cell) {
        double scale = (double) (1 << cell / CASCADE) / (1 << cascades - 1);
        double[] range = new double[2];
        for (int side = 0; side < 2; side++) {
            double x = ((double) (cell % RESOLUTION + side) / RESOLUTION - 0.5) * scale + 0.5;
            range[side] = Math.exp(Math.max(-15, Math.min(15, 32 * (x - 0.5)))) * SMALLEST_STEP;
        }
        return range;
    }

    /** Positions are rounded to bf16 where the device does so: 2^-8 of at most 1/2, 32 times. */
    private static double slack(Device device) {
        return Math.exp(32 * 0.5 * (device.precision().equals("fp32") ? 1e-6 : 0x1p-8));
    }

    @OnEveryDevice
    void everythingIsOccupiedAtFirst(Device device) {
        for (int cascades = 1; cascades <= 3; cascades++) {
            try (OccupancyGrid grid = grid(device, cascades, 0.95)) {
                assertEquals(cascades * CASCADE, grid.cells());
                assertEquals(1, grid.occupiedFraction());
                assertArrayEquals(new float[cascades * CASCADE], grid.values());
            }
        }
    }

    @OnEveryDevice
    void valuesGoInAndOutAndDecideWhatIsOccupied(Device device) {
        try (OccupancyGrid grid = grid(device, 2, 0.95)) {
            float[] values = new float[2 * CASCADE];
            for (int i = 0; i < CASCADE; i += 4) {
                values[i] = 1;
            }
            grid.setValues(values);
            assertArrayEquals(values, grid.values());
            // x = 0, 4, 8, 12 of the finer one; the coarser one holds it at x = 4 to 11, a quarter of it occupied: every
            // other column of its middle half along each axis.
            double coarse = 4 * 8 * 8;
            assertEquals((CASCADE / 4 + coarse) / (2 * CASCADE), grid.occupiedFraction(), 1e-9);
            grid.setValues(new float[2 * CASCADE]);
            assertEquals(1, grid.occupiedFraction());
        }
    }

    @OnEveryDevice
    void eachCascadeHoldsWhatTheNextFinerOneDoes(Device device) {
        try (OccupancyGrid grid = grid(device, 3, 0.95)) {
            float[] values = new float[3 * CASCADE];
            values[0] = 1;        // the first cell of the finest lies in (4, 4, 4) of the middle one, that in (6, 6, 6)
            values[CASCADE] = 1;  // the first cell of the middle one lies in (4, 4, 4) of the coarsest
            grid.setValues(values);
            assertEquals(5.0 / (3 * CASCADE), grid.occupiedFraction(), 1e-9);
        }
    }

    @OnEveryDevice
    void itsBitsAreTheCellsThatAreOccupied(Device device) {
        try (OccupancyGrid grid = grid(device, 2, 0.95)) {
            float[] values = new float[2 * CASCADE];
            values[0] = 1; // in the corner of the finer cascade: a quarter along each axis of the coarser one
            values[CASCADE + 5] = 1;
            grid.setValues(values);
            BitSet expected = new BitSet();
            expected.set(0);
            expected.set(CASCADE + 5);
            expected.set(CASCADE + (RESOLUTION / 4 * RESOLUTION + RESOLUTION / 4) * RESOLUTION + RESOLUTION / 4);
            assertEquals(expected, grid.occupied());
            assertEquals(3.0 / (2 * CASCADE), grid.occupiedFraction(), 1e-9);
        }
    }

    @OnEveryDevice
    void aCellIsOccupiedAboveTheThresholdOrTheMeanOfTheFinestIfThatIsLower(Device device) {
        try (OccupancyGrid grid = grid(device, 1, 0.95)) {
            float[] values = new float[CASCADE];
            Arrays.fill(values, 1);
            values[7] = 0.011f;
            values[8] = 0.009f;
            grid.setValues(values);
            assertEquals((CASCADE - 1.0) / CASCADE, grid.occupiedFraction(), 1e-9);
            Arrays.fill(values, 0);
            values[0] = 0.004f;  // the mean is 0.001 and more
            for (int i = 1; i < CASCADE / 4; i++) {
                values[i] = 0.005f;
            }
            values[CASCADE - 1] = 0.001f;
            grid.setValues(values);
            assertEquals(0.25, grid.occupiedFraction(), 1e-9);
        }
    }

    @OnEveryDevice
    void valuesThatNoDensityHasAreRefused(Device device) {
        try (OccupancyGrid grid = grid(device, 1, 0.95)) {
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -0.5f, -2}) {
                float[] values = new float[CASCADE];
                values[77] = bad;
                String message = assertThrows(IllegalArgumentException.class, () -> grid.setValues(values)).getMessage();
                assertTrue(message.contains("77"), message);
            }
        }
    }

    @OnEveryDevice
    void anUpdateFindsWhereAFieldIsDense(Device device) {
        for (int cascades = 1; cascades <= 3; cascades++) {
            // Without decay a cell's value stays one that its density had somewhere in the cell.
            try (OccupancyGrid grid = grid(device, cascades, 1); RadianceField field = ramp(device)) {
                // Each update looks at a part of the cells: after so many none is left out.
                for (int step = 0; step < 80; step++) {
                    grid.update(field, 5, step);
                }
                float[] values = grid.values();
                int sure = 0;
                int possible = 0;
                for (int i = 0; i < values.length; i++) {
                    double[] range = range(cascades, i);
                    assertTrue(values[i] >= range[0] / slack(device) && values[i] <= range[1] * slack(device),
                            "cell " + i + " holds " + values[i] + ", its density has " + Arrays.toString(range));
                    sure += range[0] > 0.01 * slack(device) ? 1 : 0;
                    possible += range[1] * slack(device) > 0.01 ? 1 : 0;
                }
                double cells = grid.cells();
                assertTrue(grid.occupiedFraction() >= sure / cells && grid.occupiedFraction() <= (possible + sure) / cells,
                        grid.occupiedFraction() + " is not " + sure / cells + " to " + possible / cells);
            }
        }
    }

    @OnEveryDevice
    void laterUpdatesLetValuesDecayAndLookAtSomeCells(Device device) {
        try (OccupancyGrid grid = grid(device, 2, 0.5); RadianceField field = ramp(device)) {
            float[] before = new float[2 * CASCADE];
            for (int i = 0; i < before.length; i++) {
                before[i] = (float) (2 * range(2, i)[1] * slack(device));
            }
            grid.setValues(before);
            grid.update(field, 5, 1 << 20);
            float[] after = grid.values();
            for (int i = 0; i < after.length; i++) {
                // As much as the density can be: what is found is no more than what is left.
                assertEquals(before[i] * 0.5f, after[i], 1e-6f * before[i], "cell " + i);
            }
            grid.setValues(emptied(before));
            grid.update(field, 5, (1 << 20) + 16);
            after = grid.values();
            int seen = 0;
            for (int i = 0; i < after.length; i++) {
                double[] range = range(2, i);
                assertTrue(after[i] == 0 || after[i] >= range[0] / slack(device) && after[i] <= range[1] * slack(device)
                        || i == 0, "cell " + i + " holds " + after[i]);
                seen += after[i] > 0 ? 1 : 0;
            }
            assertTrue(seen > after.length / 100 && seen < after.length / 2, seen + " of " + after.length + " cells");
        }
    }

    /** One value that is not 0, so that the grid does not count as one that was never updated. */
    private static float[] emptied(float[] values) {
        float[] out = new float[values.length];
        out[0] = 1;
        return out;
    }

    @OnEveryDevice
    void aClosedCellStaysEmpty(Device device) {
        try (OccupancyGrid grid = grid(device, 1, 0.5); RadianceField field = ramp(device)) {
            float[] values = new float[CASCADE];
            Arrays.fill(values, 0, CASCADE / 2, -1);
            grid.setValues(values);
            assertEquals(0.5, grid.occupiedFraction(), 1e-9);
            for (int step = 0; step < 20; step++) {
                grid.update(field, 5, step);
            }
            float[] after = grid.values();
            for (int i = 0; i < CASCADE; i++) {
                assertEquals(i < CASCADE / 2, after[i] == -1, "cell " + i);
            }
            assertTrue(grid.occupiedFraction() <= 0.5);
        }
    }

    @OnEveryDevice
    void anUpdateIsAFunctionOfSeedAndStep(Device device) {
        try (RadianceField field = ramp(device)) {
            float[] once = updated(device, field, 1, 0);
            assertArrayEquals(once, updated(device, field, 1, 0));
            assertFalse(Arrays.equals(once, updated(device, field, 2, 0)));
            assertFalse(Arrays.equals(once, updated(device, field, 1, 16)));
        }
    }

    private static float[] updated(Device device, RadianceField field, long seed, long step) {
        try (OccupancyGrid grid = grid(device, 1, 0.95)) {
            grid.update(field, seed, step);
            return grid.values();
        }
    }
}
