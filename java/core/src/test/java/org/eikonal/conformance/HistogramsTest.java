package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.eikonal.Device;
import org.eikonal.Histograms;
import org.eikonal.Histograms.Result;
import org.eikonal.Samples;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.junit.jupiter.api.Test;

/** Losses of histograms along rays, at fp32 on every device. */
class HistogramsTest {
    private static final float[] HALF_WIDTHS = {0, 0.003f, 0.03f, 1};

    /** Ascending numbers in [0, 1], bins + 1 a ray, of which some are alike. */
    private static float[] edges(int rays, int bins, Draws draws) {
        float[] edges = draws.uniform(rays * (bins + 1), 0, 1);
        for (int ray = 0; ray < rays; ray++) {
            int first = ray * (bins + 1);
            if (bins > 2) {
                edges[first + draws.below(bins + 1)] = edges[first];
            }
            Arrays.sort(edges, first, first + bins + 1);
        }
        return edges;
    }

    /** Weights as compositing makes them: about 1 a ray, most of them in few bins. */
    private static float[] weights(int rays, int bins, Draws draws) {
        float[] weights = draws.uniform(rays * bins, 0, 1);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = weights[i] < 0.2f ? 0 : (float) Math.pow(weights[i], 6) * 6 / bins;
        }
        return weights;
    }

    private static double oracle(double[] edges, double[] w, double[] proposalEdges, double[] v, float halfWidth,
            double[] d) {
        return halfWidth == 0 ? HistogramsOracle.bound(edges, w, proposalEdges, v, d)
                : HistogramsOracle.blurred(edges, w, proposalEdges, v, halfWidth, d);
    }

    @OnEveryDevice
    void distortionIsTheSumOverAllPairs(Device device) {
        Histograms histograms = Histograms.create(device);
        for (int rays : new int[] {0, 1, 17, 97}) {
            for (int bins : new int[] {1, 2, 3, 33}) {
                Draws draws = new Draws(rays + bins);
                float[] edges = edges(rays, bins, draws);
                float[] weights = weights(rays, bins, draws);
                Result result = histograms.distortion(edges, weights, bins);
                double[] values = new double[rays];
                double[] slopes = new double[rays * bins];
                for (int ray = 0; ray < rays; ray++) {
                    double[] own = Draws.row(edges, ray, bins + 1);
                    double[] middles = new double[bins];
                    double[] lengths = new double[bins];
                    for (int i = 0; i < bins; i++) {
                        middles[i] = (own[i] + own[i + 1]) / 2;
                        lengths[i] = own[i + 1] - own[i];
                    }
                    double[] d = new double[bins];
                    values[ray] = HistogramsOracle.distortion(middles, lengths, Draws.row(weights, ray, bins), d);
                    System.arraycopy(d, 0, slopes, ray * bins, bins);
                }
                Check.close(rays + " rays of " + bins, values, result.values(), 2e-6);
                Check.close(rays + " rays of " + bins + ", slopes", slopes, result.gradient(), 2e-6);
            }
        }
    }

    /** Packed, with rays that have none, samples that no ray owns, and gaps between samples. */
    @OnEveryDevice
    void distortionOfPackedSamples(Device device) {
        Draws draws = new Draws(1);
        int[] counts = {3, 0, 17, 1, 64, 0, 5};
        int[] starts = {2, 5, 5, 30, 40, 0, 110};
        int n = 120;
        float[] t = draws.uniform(n, 0, 5);
        float[] dt = draws.uniform(n, 0, 0.1);
        float[] weights = draws.uniform(n, 0, 0.1);
        double[] values = new double[counts.length];
        double[] slopes = new double[n];
        for (int ray = 0; ray < counts.length; ray++) {
            int end = starts[ray] + counts[ray];
            Arrays.sort(t, starts[ray], end);
            double[] d = new double[counts[ray]];
            values[ray] = HistogramsOracle.distortion(Draws.wide(Arrays.copyOfRange(t, starts[ray], end)),
                    Draws.wide(Arrays.copyOfRange(dt, starts[ray], end)),
                    Draws.wide(Arrays.copyOfRange(weights, starts[ray], end)), d);
            System.arraycopy(d, 0, slopes, starts[ray], d.length);
        }
        Result result = Histograms.create(device).distortion(new Samples(starts, counts, new float[3 * n], dt, t),
                weights);
        Check.close("values", values, result.values(), 1e-6);
        Check.close("slopes", slopes, result.gradient(), 1e-6);
    }

    /** Far from the origin, where distances are a few last digits: sums of t would have lost them. */
    @OnEveryDevice
    void distortionIsTheSameWhereverARayBegins(Device device) {
        float[] near = {0, 0.25f, 0.5f, 1.5f, 2};
        float[] far = {16384, 16384.25f, 16384.5f, 16385.5f, 16386};
        float[] weights = {0.1f, 0.2f, 0.6f, 0.1f};
        Histograms histograms = Histograms.create(device);
        Result expected = histograms.distortion(near, weights, 4);
        Result actual = histograms.distortion(far, weights, 4);
        assertArrayEquals(expected.values(), actual.values());
        assertArrayEquals(expected.gradient(), actual.gradient());
    }

    @OnEveryDevice
    void goldenValues(Device device) {
        Histograms histograms = Histograms.create(device);
        float[] edges = {0, 1, 2, 3};
        float[] weights = {0.2f, 0.5f, 0.3f};
        assertEquals(0.8666667, histograms.distortion(edges, weights, 3).values()[0], 1e-7);
        Result proposal = histograms.proposal(edges, weights, 3, new float[] {0, 1.5f, 3}, new float[] {0.1f, 0.2f}, 2);
        // Bounds of 0.1, 0.3, 0.2 lack 0.1, 0.2, 0.1; the first two are the first bin's, the last two the second's.
        assertEquals(0.05 + 0.08 + 0.0333333, proposal.values()[0], 1e-7);
        Check.within("slopes", new double[] {-2 * (0.1 / 0.2 + 0.2 / 0.5), -2 * (0.2 / 0.5 + 0.1 / 0.3)},
                proposal.gradient(), 1e-6);
    }

    @OnEveryDevice
    void proposalsAreHeldToTheOracle(Device device) {
        Histograms histograms = Histograms.create(device);
        for (int rays : new int[] {0, 1, 19}) {
            for (int[] size : new int[][] {{1, 1}, {1, 7}, {7, 1}, {3, 5}, {32, 64}, {64, 31}}) {
                Draws draws = new Draws(rays + size[0]);
                float[] edges = edges(rays, size[0], draws);
                float[] weights = weights(rays, size[0], draws);
                float[] proposalEdges = edges(rays, size[1], draws);
                float[] proposal = draws.uniform(rays * size[1], 0.1 / size[1], 1.0 / size[1]);
                for (float halfWidth : HALF_WIDTHS) {
                    Result result =
                            histograms.proposal(edges, weights, size[0], proposalEdges, proposal, size[1], halfWidth);
                    double[] values = new double[rays];
                    double[] slopes = new double[rays * size[1]];
                    for (int ray = 0; ray < rays; ray++) {
                        double[] d = new double[size[1]];
                        values[ray] = oracle(Draws.row(edges, ray, size[0] + 1), Draws.row(weights, ray, size[0]),
                                Draws.row(proposalEdges, ray, size[1] + 1), Draws.row(proposal, ray, size[1]),
                                halfWidth, d);
                        System.arraycopy(d, 0, slopes, ray * size[1], size[1]);
                    }
                    String what = rays + " rays of " + Arrays.toString(size) + ", half width " + halfWidth;
                    Check.close(what, values, result.values(), 1e-5);
                    Check.close(what + ", slopes", slopes, result.gradient(), 1e-5);
                }
            }
        }
    }

    @OnEveryDevice
    void aProposalThatCoversTheFieldCostsNothing(Device device) {
        Draws draws = new Draws(2);
        float[] edges = edges(17, 20, draws);
        float[] weights = weights(17, 20, draws);
        Histograms histograms = Histograms.create(device);
        // The field's own histogram, whose edges touch those of its neighbours; and one bin over all.
        Result same = histograms.proposal(edges, weights, 20, edges, weights, 20);
        float[] ends = new float[34];
        float[] sums = new float[17];
        for (int ray = 0; ray < 17; ray++) {
            ends[2 * ray] = -2;
            ends[2 * ray + 1] = 3;
            for (int i = 0; i < 20; i++) {
                sums[ray] += weights[20 * ray + i];
            }
            sums[ray] *= 1.00001f;
        }
        for (float halfWidth : HALF_WIDTHS) {
            Result whole = histograms.proposal(edges, weights, 20, ends, sums, 1, halfWidth);
            assertArrayEquals(new float[17], whole.values());
            assertArrayEquals(new float[17], whole.gradient());
        }
        for (int ray = 0; ray < 17; ray++) {
            for (int i = 0; i < 20; i++) {
                boolean empty = edges[21 * ray + i] == edges[21 * ray + i + 1];
                assertTrue(empty || same.gradient()[20 * ray + i] == 0, "bin " + i + " of ray " + ray);
            }
        }
        // Beside the field, it covers nothing.
        Result beside =
                histograms.proposal(new float[] {0, 1}, new float[] {0.5f}, 1, new float[] {1, 2}, new float[] {9}, 1);
        assertEquals(0.5, beside.values()[0], 1e-6);
        assertEquals(0, beside.gradient()[0]);
    }

    /**
     * A peak beside a bin's border is as much the neighbour's after a blur as it is the bin's: Zip-NeRF's smooth
     * transition.
     */
    @OnEveryDevice
    void aBlurredHistogramMovesSmoothlyOverABorder(Device device) {
        Histograms histograms = Histograms.create(device);
        for (int i = -20; i <= 20; i++) {
            float at = 0.5f + 0.005f * i;
            double before = HistogramsOracle.share(0.5, at - 0.001f, at + 0.001f, 0.05f);
            Result result = histograms.proposal(new float[] {at - 0.001f, at + 0.001f}, new float[] {1}, 1,
                    new float[] {0, 0.5f, 1}, new float[] {1, 0.25f}, 2, 0.05f);
            double excess = Math.max(0, 1 - before - 0.25);
            assertEquals(excess * excess / (0.25 + 1e-5), result.values()[0], 1e-5, "a peak at " + at);
        }
    }

    /** Weights of nothing, of almost nothing, and far above 1; bins without length; edges far out. */
    @OnEveryDevice
    void extremesAreFinite(Device device) {
        Histograms histograms = Histograms.create(device);
        for (float weight : new float[] {0, Float.MIN_VALUE, 1e-30f, 1, 1e10f}) {
            for (float proposal : new float[] {0, Float.MIN_VALUE, 1e-30f, 1, 1e10f}) {
                for (float length : new float[] {0, 1e-30f, 1, 1e15f}) {
                    float[] edges = {0, length, length, 2 * length};
                    float[] w = {weight, weight, weight};
                    float[] v = {proposal, proposal, proposal};
                    String what = "weights " + weight + ", proposal " + proposal + ", lengths " + length;
                    Result distortion = histograms.distortion(edges, w, 3);
                    Check.finite(what, distortion.values());
                    Check.finite(what, distortion.gradient());
                    for (float halfWidth : HALF_WIDTHS) {
                        Result result = histograms.proposal(edges, w, 3, edges, v, 3, halfWidth);
                        Check.finite(what, result.values());
                        Check.finite(what, result.gradient());
                    }
                }
            }
        }
    }

    @OnEveryDevice
    void asManyBinsAsThereMayBe(Device device) {
        int many = 65536;
        float[] edges = new float[many + 1];
        for (int i = 0; i <= many; i++) {
            edges[i] = i;
        }
        float[] weights = new float[many];
        Arrays.fill(weights, 1f / many);
        float[] half = new float[many];
        Arrays.fill(half, 0.5f / many);
        Histograms histograms = Histograms.create(device);
        // Of equal weights all over [0, many]: the mean distance of two of its points is a third of it.
        assertEquals(many / 3.0, histograms.distortion(edges, weights, many).values()[0], 1);
        assertEquals(0.25, histograms.proposal(edges, weights, many, edges, half, many).values()[0], 0.01);
        Result whole =
                histograms.proposal(edges, weights, many, new float[] {0, many}, new float[] {0.5f}, 1, 0.5f);
        assertEquals(0.25 / 0.5, whole.values()[0], 1e-3);
    }

    @OnEveryDevice
    void raysAreOnTheirOwnAndWhatIsNoNumberShows(Device device) {
        Draws draws = new Draws(3);
        int rays = 33;
        float[] edges = edges(rays, 4, draws);
        float[] weights = weights(rays, 4, draws);
        float[] proposalEdges = edges(rays, 3, draws);
        float[] proposal = draws.uniform(rays * 3, 0.01, 0.1);
        Histograms histograms = Histograms.create(device);
        Result distortion = histograms.distortion(edges, weights, 4);
        for (float number : Hostile.NUMBERS) {
            float[] bad = Hostile.put(weights, 4, 7, 8, 2, number);
            float[] worse = Hostile.put(proposal, 3, 7, 8, 1, number);
            String what = "a weight of " + number;
            Result result = histograms.distortion(edges, bad, 4);
            Hostile.othersEqual(what, distortion.values(), result.values(), 1, 7, 8);
            Hostile.othersEqual(what, distortion.gradient(), result.gradient(), 4, 7, 8);
            assertTrue(!Float.isNaN(number) || Float.isNaN(result.values()[7]), what + " is hidden");
            for (float halfWidth : HALF_WIDTHS) {
                Result clean = histograms.proposal(edges, weights, 4, proposalEdges, proposal, 3, halfWidth);
                for (boolean own : new boolean[] {false, true}) {
                    result = histograms.proposal(edges, own ? weights : bad, 4, proposalEdges, own ? worse : proposal,
                            3, halfWidth);
                    Hostile.othersEqual(what, clean.values(), result.values(), 1, 7, 8);
                    Hostile.othersEqual(what, clean.gradient(), result.gradient(), 3, 7, 8);
                    if (halfWidth == 0 && !own || halfWidth > 0 && own) {
                        assertTrue(!Float.isNaN(number) || Float.isNaN(result.values()[7]), what + " is hidden");
                    }
                }
            }
        }
    }

    @Test
    void theOraclesSlopesAreFiniteDifferences() {
        Draws draws = new Draws(4);
        double h = 1e-6;
        for (float halfWidth : new float[] {-1, 0, 0.03f, 1}) {
            double[] edges = Draws.wide(edges(1, 6, draws));
            double[] weights = Draws.wide(draws.uniform(6, 0.2, 0.5));
            double[] proposalEdges = Draws.wide(edges(1, 4, draws));
            double[] v = Draws.wide(draws.uniform(4, 0.01, 0.2));
            double[] own = halfWidth < 0 ? weights : v;
            double[] d = new double[own.length];
            double[] unused = new double[own.length];
            oracle(halfWidth, edges, weights, proposalEdges, v, d);
            for (int i = 0; i < own.length; i++) {
                own[i] += h;
                double above = oracle(halfWidth, edges, weights, proposalEdges, v, unused);
                own[i] -= 2 * h;
                double below = oracle(halfWidth, edges, weights, proposalEdges, v, unused);
                own[i] += h;
                assertEquals((above - below) / (2 * h), d[i], 1e-5 * Math.max(1, Math.abs(d[i])), "by weight " + i);
            }
        }
    }

    /** Of a half width below 0: the distortion of the first histogram. */
    private static double oracle(
            float halfWidth, double[] edges, double[] w, double[] proposalEdges, double[] v, double[] d) {
        return halfWidth < 0 ? HistogramsOracle.distortion(edges, new double[] {1, 2, 3, 4, 5, 6}, w, d)
                : oracle(edges, w, proposalEdges, v, halfWidth, d);
    }

    /** By 10^4 points of a bin, each spread evenly. */
    @Test
    void theOraclesBlurIsAMeanOverPoints() {
        for (double x = -0.5; x < 1.5; x += 0.1) {
            double sum = 0;
            for (int i = 0; i < 10000; i++) {
                double point = 0.2 + 0.3 * (i + 0.5) / 10000;
                sum += Math.max(0, Math.min(1, (x - point + 0.25) / 0.5)) / 10000;
            }
            assertEquals(sum, HistogramsOracle.share(x, 0.2, 0.5, 0.25), 1e-8);
        }
    }
}
