package org.eikonal;

import org.eikonal.internal.Bindings;

/**
 * Where along rays a field is asked: stratified, or by the inverse of a histogram's cumulative distribution (Mildenhall
 * et al. 2020, NeRF, section 5.2). Sample i of a ray is the quantile (i + jitter) / samples, so that a ray's t ascend.
 * Holds nothing native; thread-safe: calls take turns.
 */
public final class Sampling {
    private final Device device;

    private Sampling(Device device) {
        this.device = device;
    }

    /**
     * Makes sampling on a device.
     *
     * @param device where to compute; must stay open
     * @return the sampling
     */
    public static Sampling create(Device device) {
        return new Sampling(device);
    }

    /**
     * One sample in each of as many equal parts of a ray's stretch.
     *
     * @param near {@code [rays]}: where each ray begins, finite
     * @param far {@code [rays]}: where it ends, not before near
     * @param samples of a ray, 1 to 65536
     * @param jitter {@code [rays][samples]} in [0, 1): where in its part a sample lies; null: in the middle
     * @return t, {@code [rays][samples]}
     */
    public float[] stratified(float[] near, float[] far, int samples, float[] jitter) {
        Shapes.length("far", far.length, near.length);
        float[] edges = new float[Shapes.size("edges", near.length, 2)];
        float[] weights = new float[near.length];
        for (int ray = 0; ray < near.length; ray++) {
            edges[2 * ray] = near[ray];
            edges[2 * ray + 1] = far[ray];
            weights[ray] = 1;
        }
        return inverseCdf(edges, weights, 1, samples, jitter);
    }

    /**
     * Samples where a histogram has weight, as coarse samples have after compositing.
     *
     * @param edges {@code [rays][bins + 1]}: t where bins begin and end, finite and ascending
     * @param weights {@code [rays][bins]}; negative or not finite: as 0; a ray without weight: as if all were equal
     * @param bins 1 to 65536
     * @param samples of a ray, 1 to 65536
     * @param jitter {@code [rays][samples]} in [0, 1); null: 0.5
     * @return t, {@code [rays][samples]}
     */
    public float[] inverseCdf(float[] edges, float[] weights, int bins, int samples, float[] jitter) {
        float[] t = new float[Shapes.size("t", rays(weights, bins, samples), samples)];
        inverseCdf(edges, weights, bins, samples, jitter, t);
        return t;
    }

    /**
     * As {@link #inverseCdf(float[], float[], int, int, float[])}, into an array of the caller's: allocates nothing.
     *
     * @param edges {@code [rays][bins + 1]}
     * @param weights {@code [rays][bins]}
     * @param bins 1 to 65536
     * @param samples of a ray, 1 to 65536
     * @param jitter {@code [rays][samples]} in [0, 1); null: 0.5
     * @param t {@code [rays][samples]}, overwritten
     */
    public void inverseCdf(float[] edges, float[] weights, int bins, int samples, float[] jitter, float[] t) {
        int rays = rays(weights, bins, samples);
        Shapes.length("edges", edges.length, (long) rays * (bins + 1));
        Shapes.optional("jitter", jitter, (long) rays * samples);
        Shapes.length("t", t.length, (long) rays * samples);
        synchronized (device.turn) {
            Status.check(Bindings.eik_resample(device.pointer(), rays, bins, edges, weights, samples, jitter, t));
        }
    }

    /**
     * Histograms along rays.
     *
     * @param edges {@code [rays][bins + 1]}
     * @param weights {@code [rays][bins]}
     */
    public record Dilation(float[] edges, float[] weights) {}

    /**
     * Makes histograms wider and flatter before they are sampled again (Barron et al. 2022, Mip-NeRF 360), so that a
     * proposal that is a little off, or has learnt little yet, hides nothing: each place gets the largest density,
     * weight by length, within a distance of it; weights are then raised to a power.
     *
     * @param edges {@code [rays][bins + 1]}, finite and ascending
     * @param weights {@code [rays][bins]}; negative or not finite: as 0
     * @param bins 1 to 21845
     * @param distance 0 and more, in the measure of the edges; Mip-NeRF 360's is 0.0025 + 0.5 / (the product of the
     *     numbers of samples so far), where edges lie in [0, 1]
     * @param low where the widened histograms begin at the earliest, finite
     * @param high where they end at the latest, finite
     * @param exponent 0 and more: 1 changes nothing, 0 makes all bins that have a length alike; Mip-NeRF 360's is 10 p
     *     / (9 p + 1), p being the fraction of the training that is done
     * @return 3 * bins bins a ray, of which some have neither length nor weight; only the ratios of a ray's weights
     *     matter
     */
    public Dilation dilate(
            float[] edges, float[] weights, int bins, float distance, float low, float high, float exponent) {
        int rays = rays(weights, bins, 1);
        Shapes.length("edges", edges.length, (long) rays * (bins + 1));
        Dilation wide = new Dilation(new float[Shapes.size("edges", rays, 3L * bins + 1)],
                new float[Shapes.size("weights", rays, 3L * bins)]);
        synchronized (device.turn) {
            Status.check(Bindings.eik_dilate(device.pointer(), rays, bins, edges, weights, distance, low, high,
                    exponent, wide.edges, wide.weights));
        }
        return wide;
    }

    /**
     * The Gaussians that stand for pieces of cones along rays (Barron et al. 2021, Mip-NeRF, equations 7 and 8), for
     * the encoding {@link EncodingConfig#integratedFrequency}: their means and covariances are those of the points in
     * the cone between two edges.
     *
     * @param rays {@code [rays]}: the cones' axes
     * @param radii {@code [rays]}: a cone's radius at t = 1; Mip-NeRF's is a pixel's width there, times 2/sqrt(12)
     * @param edges {@code [rays][bins + 1]}: t where pieces begin and end, finite, ascending, from 0 on
     * @return {@code [rays][bins][9]}: mean x, y, z; xx, xy, xz, yy, yz, zz of the covariance; in the frame of the rays
     * @throws IllegalArgumentException if lengths do not fit each other, or edges do not ascend from 0 on
     */
    public float[] frustums(Rays rays, float[] radii, float[] edges) {
        int n = rays.count();
        Shapes.length("radii", radii.length, n);
        int bins = n == 0 ? 1 : edges.length / n - 1;
        Shapes.length("edges", edges.length, (long) n * (bins + 1));
        float[] gaussians = new float[Shapes.size("gaussians", (long) n * Math.max(bins, 0), 9)];
        synchronized (device.turn) {
            Status.check(Bindings.eik_frustums(
                    device.pointer(), n, bins, rays.origins(), rays.directions(), radii, edges, gaussians));
        }
        return gaussians;
    }

    private static int rays(float[] weights, int bins, int samples) {
        if (bins < 1 || samples < 1) {
            throw new IllegalArgumentException(
                    "there are " + bins + " bins and " + samples + " samples; both must be 1 or more");
        }
        return Shapes.rows("weights", weights.length, bins);
    }
}
