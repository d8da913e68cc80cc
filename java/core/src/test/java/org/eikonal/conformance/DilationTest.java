package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.eikonal.Device;
import org.eikonal.Sampling;
import org.eikonal.Sampling.Dilation;
import org.eikonal.conformance.Devices.OnEveryDevice;

/** Histograms made wider and flatter, at fp32 on every device. */
class DilationTest {
    /** The largest density of bins that begin at most so far behind x, and end more than so far in front of it. */
    private static double density(double[] edges, double[] weights, double distance, double x) {
        double density = 0;
        for (int i = 0; i < weights.length; i++) {
            if (edges[i] - distance <= x && x < edges[i + 1] + distance && edges[i + 1] > edges[i] && weights[i] > 0) {
                density = Math.max(density, weights[i] / (edges[i + 1] - edges[i]));
            }
        }
        return density;
    }

    private static float[] edges(int rays, int bins, Draws draws) {
        float[] edges = draws.uniform(rays * (bins + 1), 0, 1);
        for (int ray = 0; ray < rays; ray++) {
            Arrays.sort(edges, ray * (bins + 1), (ray + 1) * (bins + 1));
        }
        return edges;
    }

    /** By the definition, at the middle of each bin: nothing changes within one. */
    @OnEveryDevice
    void everyPlaceHasTheLargestDensityNearby(Device device) {
        Sampling sampling = Sampling.create(device);
        for (int rays : new int[] {0, 1, 33}) {
            for (int bins : new int[] {1, 2, 7, 32}) {
                Draws draws = new Draws(rays + bins);
                float[] edges = edges(rays, bins, draws);
                float[] weights = draws.uniform(rays * bins, -0.2, 1);
                for (float distance : new float[] {0, 0.01f, 0.2f, 3}) {
                    for (float exponent : new float[] {1, 0.3f, 0, 2}) {
                        Dilation wide = sampling.dilate(edges, weights, bins, distance, -0.1f, 1.05f, exponent);
                        assertEquals(rays * (3 * bins + 1), wide.edges().length);
                        for (int ray = 0; ray < rays; ray++) {
                            check("distance " + distance + ", exponent " + exponent + ", ray " + ray,
                                    Draws.row(edges, ray, bins + 1), Draws.row(weights, ray, bins), distance, exponent,
                                    Draws.row(wide.edges(), ray, 3 * bins + 1),
                                    Draws.row(wide.weights(), ray, 3 * bins));
                        }
                    }
                }
            }
        }
    }

    private static void check(String what, double[] edges, double[] weights, float distance, float exponent,
            double[] wide, double[] wideWeights) {
        double[] expected = new double[wide.length];
        int bins = weights.length;
        for (int i = 0; i < wide.length; i++) {
            double edge = i <= bins ? edges[i] : i <= 2 * bins ? edges[i - bins - 1] - distance
                    : edges[i - 2 * bins] + distance;
            expected[i] = Math.max(-0.1f, Math.min(1.05f, edge));
        }
        Arrays.sort(expected);
        assertArrayEquals(expected, wide, 1e-6, what);
        for (int i = 0; i < wideWeights.length; i++) {
            double length = wide[i + 1] - wide[i];
            assertTrue(length >= 0, what);
            if (length < 1e-6) {  // where the edges' last digits say which bins there are
                assertTrue(length > 0 || wideWeights[i] == 0, what);
                continue;
            }
            double weight = density(edges, weights, distance, (wide[i] + wide[i + 1]) / 2) * length;
            double power = exponent == 0 ? 1 : Math.pow(weight, exponent);
            assertEquals(power, wideWeights[i], 2e-6 * power, what + ", bin " + i);
        }
    }

    /** With no distance to go, and a power of one, it is the same histogram: it is sampled alike. */
    @OnEveryDevice
    void nothingChangesWithoutDistanceAndPower(Device device) {
        Sampling sampling = Sampling.create(device);
        Draws draws = new Draws(1);
        float[] edges = edges(17, 9, draws);
        float[] weights = draws.uniform(17 * 9, 0.2, 1);
        Dilation same = sampling.dilate(edges, weights, 9, 0, 0, 1, 1);
        Check.within("t", Draws.wide(sampling.inverseCdf(edges, weights, 9, 20, null)),
                sampling.inverseCdf(same.edges(), same.weights(), 27, 20, null), 1e-6);
    }

    @OnEveryDevice
    void annealedToNothingAllBinsAreAlike(Device device) {
        Dilation flat = Sampling.create(device).dilate(new float[] {0, 1, 2, 5}, new float[] {0, 8, 1}, 3, 0, 0, 5, 0);
        float[] sorted = flat.weights().clone();
        Arrays.sort(sorted);
        assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0, 1, 1, 1}, sorted);
    }

    @OnEveryDevice
    void extremesAndHostileWeights(Device device) {
        Sampling sampling = Sampling.create(device);
        float[] edges = {0, 1, 1, 1e30f, Float.MAX_VALUE, 0, 1, 2, 3, 4};
        float[] weights = {1, 1, 1, 1, 1, 1, 1, 1};
        float[] other = Arrays.copyOfRange(sampling.dilate(edges, weights, 4, 1, 0, 1e30f, 0.5f).weights(), 12, 24);
        for (float number : Hostile.NUMBERS) {
            for (float distance : new float[] {0, 1, Float.MAX_VALUE}) {
                float[] bad = Hostile.put(weights, 4, 0, 1, 1, number);
                Dilation wide = sampling.dilate(edges, bad, 4, distance, 0, 1e30f, 0.5f);
                Check.finite("edges", wide.edges());
                Check.finite("weights", wide.weights());
                if (distance == 1) {
                    assertArrayEquals(other, Arrays.copyOfRange(wide.weights(), 12, 24));
                }
            }
        }
    }
}
