package org.eikonal;

import org.eikonal.internal.Bindings;

/**
 * Where along rays a field is asked: stratified, or by the inverse of a histogram's cumulative distribution (Mildenhall et
 * al. 2020, NeRF, section 5.2). Sample i of a ray is the quantile (i + jitter) / samples, so that a ray's t ascend. Holds
 * nothing native; thread-safe: calls take turns.
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

    private static int rays(float[] weights, int bins, int samples) {
        if (bins < 1 || samples < 1) {
            throw new IllegalArgumentException(
                    "there are " + bins + " bins and " + samples + " samples; both must be 1 or more");
        }
        return Shapes.rows("weights", weights.length, bins);
    }
}
