package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.eikonal.Device;
import org.eikonal.Sampling;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.junit.jupiter.api.Test;

/** Samples by the inverse of a histogram's cumulative distribution, at fp32 on every device. */
class ResampleTest {
    /** Ascending numbers, bins + 1 a ray, of unequal distances; rays lie apart. */
    private static float[] edges(int rays, int bins, Draws draws) {
        float[] edges = new float[rays * (bins + 1)];
        for (int ray = 0; ray < rays; ray++) {
            float[] own = draws.uniform(bins + 1, ray % 3, ray % 3 + 1 + ray % 7);
            Arrays.sort(own);
            System.arraycopy(own, 0, edges, ray * own.length, own.length);
        }
        return edges;
    }

    private static ResampleOracle oracle(float[] edges, float[] weights, int bins, int ray) {
        return new ResampleOracle(Draws.row(edges, ray, bins + 1), Draws.row(weights, ray, bins));
    }

    /**
     * Every sample against the definition: it lies where the cumulative distribution passes its quantile, in a bin that has
     * a weight, and behind the one before. The distribution is asked half a digit of t to either side.
     */
    private static void check(
            Sampling sampling, String what, float[] edges, float[] weights, int bins, int samples, float[] jitter) {
        float[] t = sampling.inverseCdf(edges, weights, bins, samples, jitter);
        int rays = edges.length / (bins + 1);
        assertEquals(rays * samples, t.length, what);
        for (int ray = 0; ray < rays; ray++) {
            ResampleOracle oracle = oracle(edges, weights, bins, ray);
            for (int i = 0; i < samples; i++) {
                int at = ray * samples + i;
                double quantile = (i + (jitter == null ? 0.5 : jitter[at])) / samples;
                String which = what + ", ray " + ray + ", sample " + i + " at " + t[at] + " for " + quantile;
                assertTrue(oracle.sharesBefore(Math.nextDown(t[at])) <= quantile + 1e-6, which + " is too late");
                assertTrue(oracle.sharesUpTo(Math.nextUp(t[at])) >= quantile - 1e-6, which + " is too early");
                assertTrue(oracle.holds(t[at]), which + " lies where no weight is");
                assertTrue(i == 0 || t[at] >= t[at - 1], which + " lies before the last one");
            }
        }
    }

    @OnEveryDevice
    void samplesLieWhereTheDistributionPassesTheirQuantiles(Device device) {
        Sampling sampling = Sampling.create(device);
        for (int rays : new int[] {0, 1, 17, 97}) {
            for (int[] size : new int[][] {{1, 1}, {1, 64}, {64, 1}, {3, 5}, {64, 128}, {127, 33}}) {
                Draws draws = new Draws(rays);
                float[] edges = edges(rays, size[0], draws);
                float[] weights = draws.uniform(rays * size[0], 0, 1);
                float[] jitter = draws.uniform(rays * size[1], 0, Math.nextDown(1f));
                for (float[] given : new float[][] {jitter, null, new float[jitter.length]}) {
                    check(sampling, Arrays.toString(size), edges, weights, size[0], size[1], given);
                }
            }
        }
    }

    /** Where no bin is much rarer than others, t itself is as good as its last digits. */
    @OnEveryDevice
    void samplesAreTheInverseOfTheDistribution(Device device) {
        int rays = 97;
        int bins = 16;
        int samples = 33;
        Draws draws = new Draws(1);
        float[] edges = edges(rays, bins, draws);
        float[] weights = draws.uniform(rays * bins, 0.5, 1);
        float[] jitter = draws.uniform(rays * samples, 0, 1);
        double[] expected = new double[rays * samples];
        for (int i = 0; i < expected.length; i++) {
            double quantile = (i % samples + (double) jitter[i]) / samples;
            expected[i] = oracle(edges, weights, bins, i / samples).quantile(quantile);
        }
        Check.close("t", expected, Sampling.create(device).inverseCdf(edges, weights, bins, samples, jitter), 2e-6);
    }

    @OnEveryDevice
    void binsWithoutWeightGetNoSamples(Device device) {
        Sampling sampling = Sampling.create(device);
        Draws draws = new Draws(2);
        int bins = 12;
        // First and last ones, runs of them, all but one, and all.
        String[] patterns = {"011111111111", "111111111110", "000111000100", "000000000001", "100000000000",
            "000001000000", "000000000000", "101010101010"};
        float[] edges = edges(patterns.length, bins, draws);
        float[] weights = draws.uniform(patterns.length * bins, 0.1, 1);
        for (float none : new float[] {0, -0.0f, -1, Float.NaN, Float.NEGATIVE_INFINITY, -1e30f}) {
            for (int i = 0; i < weights.length; i++) {
                weights[i] = patterns[i / bins].charAt(i % bins) == '0' ? none : weights[i];
            }
            float[] jitter = draws.uniform(patterns.length * 64, 0, 1);
            jitter[0] = 0;
            jitter[63] = Math.nextDown(1f);
            for (float[] given : new float[][] {jitter, null, new float[jitter.length]}) {
                check(sampling, "weights of " + none, edges, weights, bins, 64, given);
            }
        }
    }

    @OnEveryDevice
    void withoutAnyWeightBinsAreEqual(Device device) {
        float[] t = Sampling.create(device).inverseCdf(new float[] {0, 1, 3, 7}, new float[3], 3, 6, null);
        // Two samples a bin, a quarter and three quarters along, however long the bin.
        Check.within("t", new double[] {0.25, 0.75, 1.5, 2.5, 4, 6}, t, 1e-6);
    }

    @OnEveryDevice
    void binsWithoutLengthHoldTheirSamplesInOnePlace(Device device) {
        Sampling sampling = Sampling.create(device);
        float[] edges = {0, 1, 1, 1, 2, 2, 3, 3};
        float[] weights = {1, 2, 1, 1, 3, 1, 1};
        check(sampling, "some", edges, weights, 7, 100, null);
        float[] t = sampling.inverseCdf(edges, weights, 7, 100, null);
        for (int i = 0; i < 100; i++) {
            assertEquals(i >= 10 && i < 40, t[i] == 1, "sample " + i);
            assertEquals(i >= 50 && i < 80, t[i] == 2, "sample " + i);
            assertEquals(i >= 90, t[i] == 3, "sample " + i);
        }
        float[] one = new float[65];
        Arrays.fill(one, 0.7f);
        float[] all = new float[50];
        Arrays.fill(all, 0.7f);
        assertArrayEquals(all, sampling.inverseCdf(one, new Draws(3).uniform(64, 0, 1), 64, 50, null));
    }

    /**
     * Whole weights whose sum is odd: no quantile falls on a border, and how many samples a bin gets can be counted in
     * whole numbers. That is never further than one from its share.
     */
    @OnEveryDevice
    void binsGetTheirShareOfTheSamples(Device device) {
        Sampling sampling = Sampling.create(device);
        for (int[] size : new int[][] {{64, 1001}, {63, 64}, {7, 1}, {500, 601}}) {
            int bins = size[0];
            int samples = size[1];
            float[] weights = new Draws(bins).multiples(bins, 1, 0, 9);
            long total = 0;
            for (float weight : weights) {
                total += (long) weight;
            }
            weights[3] += total % 2 == 0 ? 1 : 0;
            total += total % 2 == 0 ? 1 : 0;
            float[] edges = new float[bins + 1];
            for (int k = 0; k <= bins; k++) {
                edges[k] = k;
            }
            int[] counts = new int[bins];
            for (float t : sampling.inverseCdf(edges, weights, bins, samples, null)) {
                counts[(int) t]++;
            }
            long before = 0;
            for (int k = 0; k < bins; k++) {
                // Samples i with before <= (i + 1/2) total / samples < before + weight.
                long begin = (2 * before * samples / total + 1) / 2;
                before += (long) weights[k];
                long end = (2 * before * samples / total + 1) / 2;
                assertEquals(end - begin, counts[k], "bin " + k + " of " + bins);
                assertEquals(weights[k] * samples / total, counts[k], 1, "bin " + k + " of " + bins);
            }
        }
    }

    @OnEveryDevice
    void asManyBinsAndSamplesAsThereMayBe(Device device) {
        int many = 65536;
        float[] edges = new float[many + 1];
        for (int k = 0; k <= many; k++) {
            edges[k] = k;
        }
        float[] weights = new Draws(4).uniform(many, 0.5, 1.5);
        ResampleOracle oracle = new ResampleOracle(Draws.wide(edges), Draws.wide(weights));
        float[] t = Sampling.create(device).inverseCdf(edges, weights, many, many, null);
        double before = 0;
        int bin = 0;
        for (int i = 0; i < many; i++) {
            for (; bin < (int) t[i]; bin++) {
                before += oracle.share(bin);
            }
            double cumulative = before + (t[i] - bin) * oracle.share(bin);
            // The last digit of t is 2^-8 of a bin here.
            assertEquals((i + 0.5) / many, cumulative, 0x1p-8 * oracle.share(bin) + 1e-7, "sample " + i);
        }
    }

    @OnEveryDevice
    void onlyTheRatiosOfWeightsMatter(Device device) {
        Sampling sampling = Sampling.create(device);
        Draws draws = new Draws(5);
        float[] edges = edges(17, 20, draws);
        float[] weights = draws.uniform(17 * 20, 0, 1);
        float[] t = sampling.inverseCdf(edges, weights, 20, 50, null);
        for (float factor : new float[] {0x1p-100f, 0x1p100f, 0x1p127f}) {
            float[] scaled = weights.clone();
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] *= factor;
            }
            assertArrayEquals(t, sampling.inverseCdf(edges, scaled, 20, 50, null), "weights times " + factor);
        }
    }

    @OnEveryDevice
    void stratifiedSamplesHaveEachAnEqualPartOfTheRay(Device device) {
        Sampling sampling = Sampling.create(device);
        for (int rays : new int[] {0, 1, 17, 97}) {
            for (int samples : new int[] {1, 2, 3, 64, 1000}) {
                Draws draws = new Draws(samples);
                float[] near = draws.uniform(rays, -1, 1);
                float[] far = draws.uniform(rays, 1, 6);
                float[] jitter = draws.uniform(rays * samples, 0, Math.nextDown(1f));
                for (float[] given : new float[][] {jitter, null}) {
                    float[] t = sampling.stratified(near, far, samples, given);
                    double[] expected = new double[rays * samples];
                    for (int i = 0; i < expected.length; i++) {
                        int ray = i / samples;
                        double along = (i % samples + (given == null ? 0.5 : given[i])) / samples;
                        expected[i] = near[ray] + along * ((double) far[ray] - near[ray]);
                        assertTrue(t[i] >= near[ray] && t[i] <= far[ray], "sample " + i + " at " + t[i]);
                        assertTrue(i % samples == 0 || t[i] >= t[i - 1], "sample " + i + " at " + t[i]);
                    }
                    Check.within(samples + " samples", expected, t, 1e-6);
                }
            }
        }
    }

    @OnEveryDevice
    void aLargeBatchIsItsRaysOneByOne(Device device) {
        Sampling sampling = Sampling.create(device);
        Draws draws = new Draws(6);
        int rays = 3001;
        float[] edges = edges(rays, 5, draws);
        float[] weights = draws.uniform(rays * 5, 0, 1);
        float[] t = sampling.inverseCdf(edges, weights, 5, 7, null);
        for (int ray : new int[] {0, 1, 63, 64, 1023, 1024, 3000}) {
            assertArrayEquals(sampling.inverseCdf(Arrays.copyOfRange(edges, 6 * ray, 6 * ray + 6),
                    Arrays.copyOfRange(weights, 5 * ray, 5 * ray + 5), 5, 7, null),
                    Arrays.copyOfRange(t, 7 * ray, 7 * ray + 7));
        }
    }

    @Test
    void theOraclesQuantileIsTheInverseOfItsDistribution() {
        Draws draws = new Draws(7);
        ResampleOracle oracle =
                new ResampleOracle(Draws.wide(edges(1, 20, draws)), Draws.wide(draws.uniform(20, -0.5, 1)));
        for (float q : draws.uniform(100, 0, 1)) {
            assertEquals(q, oracle.sharesBefore(oracle.quantile(q)), 1e-12);
            assertTrue(oracle.holds(oracle.quantile(q)));
        }
    }
}
