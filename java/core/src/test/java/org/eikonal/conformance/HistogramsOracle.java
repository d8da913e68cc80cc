package org.eikonal.conformance;

import java.util.Arrays;

/** Losses of one ray's histograms in float64, as sums over all pairs of bins, with their slopes. */
final class HistogramsOracle {
    private HistogramsOracle() {}

    /** Barron et al. 2022, Mip-NeRF 360, equation 15; the slopes by the weights are written to d. */
    static double distortion(double[] t, double[] dt, double[] w, double[] d) {
        double value = 0;
        for (int i = 0; i < w.length; i++) {
            value += w[i] * w[i] * dt[i] / 3;
            d[i] = 2 * w[i] * dt[i] / 3;
            for (int j = 0; j < w.length; j++) {
                value += w[i] * w[j] * Math.abs(t[i] - t[j]);
                d[i] += 2 * w[j] * Math.abs(t[i] - t[j]);
            }
        }
        return value;
    }

    /** Mip-NeRF 360, equations 12 and 13; the slopes by the proposal's weights v are written to d. */
    static double bound(double[] edges, double[] w, double[] proposalEdges, double[] v, double[] d) {
        double value = 0;
        Arrays.fill(d, 0);
        for (int i = 0; i < w.length; i++) {
            double bound = 0;
            for (int j = 0; j < v.length; j++) {
                bound += overlap(edges, i, proposalEdges, j) ? v[j] : 0;
            }
            double excess = Math.max(0, w[i] - bound);
            value += excess * excess / (w[i] + 0x1p-23);
            for (int j = 0; j < v.length; j++) {
                d[j] -= overlap(edges, i, proposalEdges, j) ? 2 * excess / (w[i] + 0x1p-23) : 0;
            }
        }
        return value;
    }

    private static boolean overlap(double[] edges, int i, double[] others, int j) {
        return edges[i] < others[j + 1] && others[j] < edges[i + 1];
    }

    /** Zip-NeRF, section 3; the slopes by the proposal's weights v are written to d. */
    static double blurred(double[] edges, double[] w, double[] proposalEdges, double[] v, double halfWidth,
            double[] d) {
        double value = 0;
        for (int j = 0; j < v.length; j++) {
            double inside = 0;
            for (int i = 0; i < w.length; i++) {
                inside += w[i] * (share(proposalEdges[j + 1], edges[i], edges[i + 1], halfWidth)
                        - share(proposalEdges[j], edges[i], edges[i + 1], halfWidth));
            }
            double excess = Math.max(0, inside - v[j]);
            value += excess * excess / (v[j] + 1e-5);
            d[j] = -2 * excess / (v[j] + 1e-5) - Math.pow(excess / (v[j] + 1e-5), 2);
        }
        return value;
    }

    /**
     * How much of a bin lies before x once it is spread: a box convolved with a box is a trapezoid, whose integral is
     * made of four parabolas; of a bin without length, the box's.
     */
    static double share(double x, double begin, double end, double halfWidth) {
        if (begin == end) {
            return Math.max(0, Math.min(1, (x - begin + halfWidth) / (2 * halfWidth)));
        }
        return (parabola(x - begin + halfWidth) - parabola(x - end + halfWidth) - parabola(x - begin - halfWidth)
                + parabola(x - end - halfWidth)) / (2 * halfWidth * (end - begin));
    }

    private static double parabola(double x) {
        return x > 0 ? x * x / 2 : 0;
    }
}
