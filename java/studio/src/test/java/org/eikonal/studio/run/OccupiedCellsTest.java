package org.eikonal.studio.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.Rays;
import org.eikonal.Samples;
import org.eikonal.SamplerConfig;
import org.junit.jupiter.api.Test;

/** The same cells as those that the engine marches through. */
class OccupiedCellsTest {
    private static final int CASCADES = 3;
    private static final int SIDE = 16;

    @Test
    void theEngineSamplesWhatIsOccupiedAndNothingElse() {
        Random random = new Random(3);
        for (float threshold : new float[] {0.01f, 1e6f}) {
            float[] values = new float[CASCADES * SIDE * SIDE * SIDE];
            for (int i = 0; i < values.length; i++) {
                double draw = random.nextDouble();
                values[i] = draw < 0.5 ? 0 : draw < 0.6 ? -1 : (float) (0.03 * (draw - 0.6));
            }
            try (Device device = Device.open(DeviceConfig.cpu());
                    OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().cascades(CASCADES)
                            .resolution(SIDE).threshold(threshold).build())) {
                grid.setValues(values);
                double fraction = grid.occupiedFraction();
                assertTrue(fraction > 0.05 && fraction < 0.95, "fraction " + fraction);
                march(grid, new OccupiedCells(grid, CASCADES), random);
            }
        }
    }

    @Test
    void middlesAreOfTheFinestOccupiedCellsEachOnce() {
        Random random = new Random(7);
        float[] values = new float[CASCADES * SIDE * SIDE * SIDE];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextDouble() < 0.1 ? 1 : 0;
        }
        OccupiedCells cells;
        try (Device device = Device.open(DeviceConfig.cpu());
                OccupancyGrid grid = OccupancyGrid.create(device,
                        OccupancyConfig.builder().cascades(CASCADES).resolution(SIDE).build())) {
            grid.setValues(values);
            cells = new OccupiedCells(grid, CASCADES);
        }
        Set<List<Double>> expected = new HashSet<>();
        // Where the finest cells of the outermost cascade are: every cell of each cascade, asked in its middle.
        for (int cascade = 0; cascade < CASCADES; cascade++) {
            double width = (double) (1 << cascade) / SIDE;
            for (int i = 0; i < SIDE * SIDE * SIDE; i++) {
                double x = 0.5 + (i % SIDE + 0.5 - SIDE / 2.0) * width;
                double y = 0.5 + (i / SIDE % SIDE + 0.5 - SIDE / 2.0) * width;
                double z = 0.5 + (i / SIDE / SIDE + 0.5 - SIDE / 2.0) * width;
                double far = 2 * Math.max(Math.abs(x - 0.5), Math.max(Math.abs(y - 0.5), Math.abs(z - 0.5)));
                if ((cascade == 0 || far > 1 << (cascade - 1)) && cells.contains(x, y, z)) {
                    expected.add(List.of(x, y, z));
                }
            }
        }
        float[] middles = cells.middles(1 << 20);
        Set<List<Double>> found = new HashSet<>();
        for (int i = 0; i < middles.length; i += 3) {
            found.add(List.of((double) middles[i], (double) middles[i + 1], (double) middles[i + 2]));
        }
        assertEquals(expected, found);
        assertEquals(expected.size(), middles.length / 3);

        float[] fewer = cells.middles(expected.size() / 2);
        assertTrue(fewer.length > 0 && fewer.length / 3 <= expected.size() / 2, "cells " + fewer.length / 3);
    }

    /** Rays along x from one side of the outermost cascade to the other, in steps that are alike in all. */
    private static void march(OccupancyGrid grid, OccupiedCells cells, Random random) {
        int rays = 500;
        float[] origins = new float[3 * rays];
        float[] directions = new float[3 * rays];
        for (int i = 0; i < rays; i++) {
            origins[3 * i] = -1.5f;
            origins[3 * i + 1] = (float) (4 * random.nextDouble() - 1.5);
            origins[3 * i + 2] = (float) (4 * random.nextDouble() - 1.5);
            directions[3 * i] = 1;
        }
        SamplerConfig sampler = SamplerConfig.builder().steps(64).coneAngle(0).near(0).build();
        Samples samples = grid.march(sampler, new Rays(origins, directions), null, 1 << 20);
        float step = samples.dt()[0];
        int compared = 0;
        for (int ray = 0; ray < rays; ray++) {
            int next = samples.starts()[ray];
            int end = next + samples.counts()[ray];
            // Without jitter the first step begins half a step in; each is judged at its middle.
            for (double t = step; t + step < 4; t += step) {
                boolean sampled = next < end && Math.abs(samples.t()[next] - t) < step / 4;
                double place = (t - 1.5) * SIDE;
                // A cell of the innermost cascade has 1/16: beside a wall of cells, rounding decides.
                if (Math.abs(place - Math.rint(place)) > 1e-3) {
                    assertEquals(sampled, cells.contains(t - 1.5, origins[3 * ray + 1], origins[3 * ray + 2]),
                            "ray " + ray + " at " + t);
                    compared++;
                }
                next += sampled ? 1 : 0;
            }
        }
        assertTrue(compared > 10_000, "compared " + compared);
    }

    @Test
    void beforeTrainingAllIsOccupiedThatIsNotClosed() {
        float[] values = new float[SIDE * SIDE * SIDE];
        values[0] = -1;
        try (Device device = Device.open(DeviceConfig.cpu());
                OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(SIDE).build())) {
            grid.setValues(values);
            OccupiedCells cells = new OccupiedCells(grid, 1);
            assertFalse(cells.contains(0.01, 0.01, 0.01));
            assertTrue(cells.contains(0.5, 0.5, 0.5));
            assertTrue(cells.contains(1, 1, 1));
            assertFalse(cells.contains(1.001, 0.5, 0.5));
            assertFalse(cells.contains(0.5, -0.001, 0.5));
            assertFalse(cells.contains(Double.NaN, 0.5, 0.5));
        }
    }
}
