package org.eikonal.conformance;

/**
 * A histogram along one ray in float64 (Mildenhall et al. 2020, section 5.2): a density that is constant within each bin,
 * its cumulative distribution, and the inverse of that, straight from the definition. Weights that are negative or NaN are
 * 0; where none is left all are equal.
 */
final class ResampleOracle {
    private final double[] edges;
    private final double[] weights;
    private final double[] below;

    ResampleOracle(double[] edges, double[] weights) {
        this.edges = edges;
        this.weights = new double[weights.length];
        double total = 0;
        for (int k = 0; k < weights.length; k++) {
            this.weights[k] = weights[k] > 0 ? weights[k] : 0;
            total += this.weights[k];
        }
        below = new double[weights.length + 1];
        for (int k = 0; k < weights.length; k++) {
            this.weights[k] = total > 0 ? this.weights[k] / total : 1.0 / weights.length;
            below[k + 1] = below[k] + this.weights[k];
        }
    }

    /** @return a bin's share of the samples */
    double share(int bin) {
        return weights[bin];
    }

    /** @return where the cumulative distribution reaches q, in (0, 1) */
    double quantile(double q) {
        int k = 0;
        while (k < weights.length - 1 && (weights[k] == 0 || below[k + 1] <= q)) {
            k++;
        }
        while (weights[k] == 0) {
            k--;
        }
        return edges[k] + Math.max(0, Math.min(1, (q - below[k]) / weights[k])) * (edges[k + 1] - edges[k]);
    }

    /** @return the share of samples before t; where t is a bin without length, before the bin */
    double sharesBefore(double t) {
        double sum = 0;
        for (int k = 0; k < weights.length; k++) {
            double length = edges[k + 1] - edges[k];
            double part = t <= edges[k] ? 0 : t >= edges[k + 1] ? 1 : (t - edges[k]) / length;
            sum += weights[k] * part;
        }
        return sum;
    }

    /** @return the share of samples up to t, bins without length at t included */
    double sharesUpTo(double t) {
        double sum = sharesBefore(t);
        for (int k = 0; k < weights.length; k++) {
            sum += edges[k] == t && edges[k + 1] == t ? weights[k] : 0;
        }
        return sum;
    }

    /** @return whether t lies in a bin that has a share, borders included */
    boolean holds(double t) {
        for (int k = 0; k < weights.length; k++) {
            if (weights[k] > 0 && edges[k] <= t && t <= edges[k + 1]) {
                return true;
            }
        }
        return false;
    }
}
