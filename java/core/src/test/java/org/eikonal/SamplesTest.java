package org.eikonal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Samples that no grid is marched for. */
class SamplesTest {
    private static final Rays RAYS = new Rays(new float[] {0, 0, 0, 1, 2, 3}, new float[] {0, 0, 1, 0.6f, 0.8f, 0});

    @Test
    void lieInTheMiddleOfTheirIntervals() {
        Samples samples = Samples.between(RAYS, new float[] {1, 2, 4, 0, 10, 10});
        assertArrayEquals(new int[] {0, 2}, samples.starts());
        assertArrayEquals(new int[] {2, 2}, samples.counts());
        assertArrayEquals(new float[] {1, 2, 10, 0}, samples.dt());
        assertArrayEquals(new float[] {1.5f, 3, 5, 10}, samples.t());
        assertArrayEquals(new float[] {0, 0, 1.5f, 0, 0, 3, 4, 6, 3, 7, 10, 3}, samples.positions(), 1e-6f);
    }

    @Test
    void noRaysAndNoIntervalsHaveNoSamples() {
        assertEquals(0, Samples.between(new Rays(new float[0], new float[0]), new float[0]).count());
        Samples none = Samples.between(RAYS, new float[] {1, 1});
        assertEquals(2, none.rays());
        assertEquals(0, none.count());
    }

    @Test
    void edgesThatCannotBeMeantAreNamed() {
        says("edges has 3 numbers; expected 2", new float[3]);
        says("edges has 0 numbers", new float[0]);
        says("edges of ray 1 go from 2.0 to 1.0", new float[] {1, 2, 2, 1});
        says("NaN", new float[] {1, Float.NaN, 1, 2});
        says("Infinity", new float[] {1, 2, 1, Float.POSITIVE_INFINITY});
    }

    @Test
    void aFogIsAsThickWhereverItsIntervalsEnd() {
        try (Device device = Device.open(DeviceConfig.cpu())) {
            Rays ray = new Rays(new float[3], new float[] {0, 0, 1});
            float[] edges = Sampling.create(device).stratified(new float[] {1}, new float[] {3}, 9, null);
            Samples samples = Samples.between(ray, edges);
            Compositing fog = Compositing.create(
                    device, CompositingConfig.builder().densityActivation(Activation.NONE).build());
            float[] density = {.5f, .5f, .5f, .5f, .5f, .5f, .5f, .5f};
            double length = edges[8] - edges[0];
            assertEquals(2 * 8 / 9.0, length, 1e-6);
            assertEquals(1 - Math.exp(-.5 * length), fog.forward(samples, density, density, 1, null).opacity()[0], 1e-6);
        }
    }

    private static void says(String part, float[] edges) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Samples.between(RAYS, edges));
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
