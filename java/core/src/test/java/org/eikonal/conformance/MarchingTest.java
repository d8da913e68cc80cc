package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.Rays;
import org.eikonal.SamplerConfig;
import org.eikonal.Samples;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.eikonal.conformance.MarchOracle.Step;
import org.eikonal.conformance.MarchOracle.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Samples lie exactly where a marcher that skips nothing puts them, at fp32 on every device. */
class MarchingTest {
    private static final int RESOLUTION = 16;
    private static final int CASCADE = RESOLUTION * RESOLUTION * RESOLUTION;

    /** Rays from inside, from outside, along axes, and past the box. */
    private static Rays rays(int n, double spread) {
        Draws draws = new Draws(n);
        float[] origins = draws.uniform(3 * n, 0.5 - spread, 0.5 + spread);
        float[] directions = draws.directions(n);
        for (int i = 0; i < n; i++) {
            if (i % 5 == 0) {
                for (int k = 0; k < 3; k++) {
                    directions[3 * i + k] = k == i / 5 % 3 ? (i % 2 == 0 ? 1 : -1) : 0;
                    // Between borders of cells, so that the ray grazes none.
                    origins[3 * i + k] = 0.5f + (float) (Math.round((origins[3 * i + k] - 0.5) * 8) / 8.0 + 0.021);
                }
            }
        }
        return new Rays(origins, directions);
    }

    private static OccupancyGrid grid(Device device, int cascades) {
        return OccupancyGrid.create(
                device, OccupancyConfig.builder().resolution(RESOLUTION).cascades(cascades).threshold(0.01).build());
    }

    private static SamplerConfig sampler(int steps, double cone, double near) {
        return SamplerConfig.builder().steps(steps).coneAngle(cone).near(near).build();
    }

    /**
     * Random balls of occupied cells among empty ones. A cell of a coarser cascade is occupied if one of the finer cells
     * inside is, as an updated grid has it.
     */
    private static boolean[] balls(int cascades, Draws draws) {
        boolean[] occupied = new boolean[cascades * CASCADE];
        for (int c = 0; c < cascades; c++) {
            for (int ball = 0; ball < 6; ball++) {
                float[] center = draws.uniform(3, 0, RESOLUTION);
                for (int i = 0; i < CASCADE; i++) {
                    double x = i % RESOLUTION - center[0];
                    double y = i / RESOLUTION % RESOLUTION - center[1];
                    double z = i / RESOLUTION / RESOLUTION - center[2];
                    occupied[c * CASCADE + i] |= x * x + y * y + z * z < 4;
                }
            }
            for (int i = 0; i < CASCADE && c > 0; i++) {
                int x = 2 * (i % RESOLUTION) - RESOLUTION / 2;
                int y = 2 * (i / RESOLUTION % RESOLUTION) - RESOLUTION / 2;
                int z = 2 * (i / RESOLUTION / RESOLUTION) - RESOLUTION / 2;
                if (Math.min(x, Math.min(y, z)) >= 0 && Math.max(x, Math.max(y, z)) < RESOLUTION) {
                    for (int k = 0; k < 8; k++) {
                        occupied[c * CASCADE + i] |= occupied[(c - 1) * CASCADE
                                + ((z + k / 4) * RESOLUTION + y + k / 2 % 2) * RESOLUTION + x + k % 2];
                    }
                }
            }
        }
        return occupied;
    }

    private static float[] values(boolean[] occupied) {
        float[] values = new float[occupied.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = occupied[i] ? 1 : 0;
        }
        return values;
    }

    @OnEveryDevice
    void aGridThatWasNeverUpdatedIsOccupiedEverywhere(Device device) {
        for (int cascades = 1; cascades <= 3; cascades++) {
            boolean[] all = new boolean[cascades * CASCADE];
            Arrays.fill(all, true);
            try (OccupancyGrid grid = grid(device, cascades)) {
                check(grid, cascades, all, rays(97, 2), 64, 0, 0.05);
                check(grid, cascades, all, rays(97, 0.5), 64, 0, 0.3);
                check(grid, cascades, all, rays(97, 2), 64, 1 / 64.0, 0.05);
            }
        }
    }

    @OnEveryDevice
    void skippingEmptyCellsNeverShiftsSamples(Device device) {
        for (int cascades = 1; cascades <= 3; cascades++) {
            boolean[] occupied = balls(cascades, new Draws(cascades));
            try (OccupancyGrid grid = grid(device, cascades)) {
                grid.setValues(values(occupied));
                check(grid, cascades, occupied, rays(769, 2), 64, 0, 0.05);
                check(grid, cascades, occupied, rays(97, 0.5), 200, 0, 0.2);
            }
        }
    }

    @OnEveryDevice
    void skippingEmptyCellsNeverShiftsSamplesOfGrowingSteps(Device device) {
        for (int cascades = 1; cascades <= 3; cascades++) {
            boolean[] occupied = balls(cascades, new Draws(cascades));
            try (OccupancyGrid grid = grid(device, cascades)) {
                grid.setValues(values(occupied));
                check(grid, cascades, occupied, rays(769, 2), 200, 1 / 64.0, 0.05);
                check(grid, cascades, occupied, rays(97, 0.5), 64, 1 / 256.0, 0.05);
            }
        }
    }

    private static void check(
            OccupancyGrid grid, int cascades, boolean[] occupied, Rays rays, int steps, double cone, double near) {
        MarchOracle oracle = new MarchOracle(cascades, RESOLUTION, occupied, steps, cone, near);
        float[] jitter = new Draws(3).uniform(rays.count(), 0, 1);
        for (float[] given : new float[][] {jitter, null}) {
            Samples samples = grid.march(sampler(steps, cone, near), rays, given, 1 << 20);
            double side = 1 << cascades - 1;
            for (int ray = 0; ray < rays.count(); ray++) {
                double[] origin = Draws.row(rays.origins(), ray, 3);
                double[] direction = Draws.row(rays.directions(), ray, 3);
                String what = cascades + " cascades, cone angle " + cone + ", ray " + ray + " from "
                        + Arrays.toString(origin) + " along " + Arrays.toString(direction);
                int at = samples.starts()[ray];
                int end = at + samples.counts()[ray];
                for (Step step : oracle.steps(origin, direction, given == null ? 0.5 : given[ray])) {
                    double slack = 2e-5 * Math.max(1, step.middle());
                    boolean met = at < end && Math.abs(samples.t()[at] - step.middle()) < slack;
                    if (!met && step.verdict() == Verdict.SAMPLE) {
                        fail(what + ": no sample at " + step + ", the next is at " + (at < end ? samples.t()[at] : "none"));
                    } else if (met && step.verdict() == Verdict.EMPTY) {
                        fail(what + ": a sample at " + step);
                    } else if (met) {
                        assertEquals(step.dt(), samples.dt()[at], slack, what);
                        for (int k = 0; k < 3; k++) {
                            double p = origin[k] + step.middle() * direction[k];
                            assertEquals((p - 0.5) / side + 0.5, samples.positions()[3 * at + k], slack, what);
                        }
                        at++;
                    }
                }
                assertEquals(end, at, what + ": a sample where no step is, at " + (at < end ? samples.t()[at] : 0));
            }
        }
    }

    @OnEveryDevice
    void aRayThatWouldPassTheCapacityGetsNothingAndSoDoAllAfterIt(Device device) {
        try (OccupancyGrid grid = grid(device, 1)) {
            Rays rays = rays(97, 0.5);
            Samples all = grid.march(sampler(64, 0, 0), rays, null, 1 << 16);
            for (int kept : new int[] {0, 1, 50, 96, 97}) {
                int needed = Arrays.stream(all.counts(), 0, kept).sum();
                int next = Arrays.stream(all.counts(), kept, 97).filter(count -> count > 0).findFirst().orElse(1);
                for (int capacity : new int[] {needed, needed + next - 1}) {
                    Samples some = grid.march(sampler(64, 0, 0), rays, null, capacity);
                    assertEquals(needed, some.count(), "capacity " + capacity);
                    int[] counts = Arrays.copyOf(all.counts(), 97);
                    Arrays.fill(counts, kept, 97, 0);
                    assertArrayEquals(counts, some.counts());
                    assertArrayEquals(Arrays.copyOf(all.t(), needed), some.t());
                    assertArrayEquals(Arrays.copyOf(all.positions(), 3 * needed), some.positions());
                }
            }
        }
    }

    @OnEveryDevice
    void manyRoundsOfRaysArePackedInTheirOrder(Device device) {
        try (OccupancyGrid grid = grid(device, 1)) {
            Rays rays = rays(3000, 0.5);
            Samples together = grid.march(sampler(32, 0, 0), rays, null, 1 << 18);
            for (int ray : new int[] {0, 1, 1023, 1024, 2047, 2048, 2999}) {
                Samples alone = grid.march(sampler(32, 0, 0), new Rays(
                        Arrays.copyOfRange(rays.origins(), 3 * ray, 3 * ray + 3),
                        Arrays.copyOfRange(rays.directions(), 3 * ray, 3 * ray + 3)), null, 1000);
                int start = together.starts()[ray];
                assertArrayEquals(alone.t(), Arrays.copyOfRange(together.t(), start, start + together.counts()[ray]));
            }
        }
    }

    @OnEveryDevice
    void noRaysAndRaysThatMissAreFine(Device device) {
        try (OccupancyGrid grid = grid(device, 1)) {
            assertEquals(0, grid.march(sampler(64, 0, 0), new Rays(new float[0], new float[0]), null, 10).count());
            Rays past = new Rays(new float[] {3, 3, 3, 0.5f, 0.5f, 2}, new float[] {1, 0, 0, 0, 0, 1});
            assertEquals(0, grid.march(sampler(64, 0, 0), past, null, 1000).count());
        }
    }

    /** On a device of its own each: a march that does not end could not be closed. */
    @ParameterizedTest
    @MethodSource("org.eikonal.conformance.Devices#configs")
    void raysThatCannotBeMeantComeToAnEnd(DeviceConfig config) {
        float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f, -1e30f, 0, 0.5f};
        assertTimeoutPreemptively(Duration.ofSeconds(3), () -> {
            try (Device device = Device.open(config); OccupancyGrid grid = grid(device, 2)) {
                for (boolean updated : new boolean[] {false, true}) {
                    for (float a : bad) {
                        for (float b : bad) {
                            for (double cone : new double[] {0, 1 / 64.0}) {
                                odd(grid, a, b, cone);
                            }
                        }
                    }
                    // So far away that a step is less than the last digit of t.
                    for (float far = 1e4f; far < 1e12f; far *= 10) {
                        Rays rays = new Rays(new float[] {-far, 0.5f, 0.5f}, new float[] {1, 0, 0});
                        grid.march(sampler(1024, 0, 0.05), rays, null, 4096);
                        grid.march(sampler(1024, 1 / 64.0, 0.05), rays, null, 4096);
                    }
                    grid.setValues(values(balls(2, new Draws(1))));
                }
            }
        });
    }

    /** Refused or marched: either is fine. */
    private static void odd(OccupancyGrid grid, float origin, float direction, double cone) {
        float[] origins = {origin, 0.5f, origin, 0.5f, 0.5f, 0.5f};
        float[] directions = {direction, 0, direction, 0, 0, 1};
        try {
            grid.march(sampler(64, cone, 0.05), new Rays(origins, directions), null, 4096);
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().contains("ray"), e.getMessage());
        }
    }

    @OnEveryDevice
    void stepsOfARayAreListedFrontToBack(Device device) {
        try (OccupancyGrid grid = grid(device, 3)) {
            Samples samples = grid.march(sampler(64, 1 / 64.0, 0.05), rays(97, 1), null, 1 << 17);
            List<Integer> counts = Arrays.stream(samples.counts()).boxed().toList();
            for (int ray = 0, at = 0; ray < counts.size(); at += counts.get(ray++)) {
                assertEquals(at, samples.starts()[ray]);
                for (int i = at + 1; i < at + counts.get(ray); i++) {
                    // Steps touch: half of one and half of the next lie between their middles.
                    assertEquals((samples.dt()[i] + samples.dt()[i - 1]) / 2, samples.t()[i] - samples.t()[i - 1], 1e-5);
                }
            }
        }
    }
}
