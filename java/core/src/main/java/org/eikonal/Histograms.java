package org.eikonal;

import org.eikonal.internal.Bindings;

/**
 * Losses of histograms along rays, with which proposals are trained (Barron et al. 2022, Mip-NeRF 360, section 3; 2023,
 * Zip-NeRF, section 3). A histogram has ascending, finite edges, in t or in any measure that ascends with it, and
 * weights that are not negative. What is no number in a weight shows in the ray's loss. Holds nothing native;
 * thread-safe: calls take turns.
 */
public final class Histograms {
    private final Device device;

    private Histograms(Device device) {
        this.device = device;
    }

    /**
     * Makes losses of histograms on a device.
     *
     * @param device where to compute; must stay open
     * @return the losses
     */
    public static Histograms create(Device device) {
        return new Histograms(device);
    }

    /**
     * Losses and their slopes.
     *
     * @param values {@code [rays]}
     * @param gradient of a ray's own loss by its weights, {@code [rays][bins]} or {@code [samples]}, as the weights
     */
    public record Result(float[] values, float[] gradient) {}

    /**
     * How far weights lie apart (Mip-NeRF 360, equation 15): sum<sub>ij</sub> w<sub>i</sub> w<sub>j</sub>
     * |t<sub>i</sub> - t<sub>j</sub>| + 1/3 sum<sub>i</sub> w<sub>i</sub><sup>2</sup> dt<sub>i</sub>, in time that goes
     * with the samples.
     *
     * @param samples of {@code [rays]} rays, each ray's in order of t
     * @param weights {@code [samples]}, as {@link Compositing} answers them
     * @return the losses and their slopes by the weights
     */
    public Result distortion(Samples samples, float[] weights) {
        Shapes.length("weights", weights.length, samples.count());
        return distortion(samples.starts(), samples.counts(), samples.t(), samples.dt(), weights);
    }

    /**
     * The same of histograms without gaps.
     *
     * @param edges {@code [rays][bins + 1]}
     * @param weights {@code [rays][bins]}
     * @param bins 1 and more
     * @return the losses and their slopes by the weights
     */
    public Result distortion(float[] edges, float[] weights, int bins) {
        int rays = rays(edges, weights, bins);
        int[] starts = new int[rays];
        int[] counts = new int[rays];
        float[] middles = new float[weights.length];
        float[] lengths = new float[weights.length];
        for (int ray = 0; ray < rays; ray++) {
            starts[ray] = ray * bins;
            counts[ray] = bins;
            for (int i = starts[ray]; i < starts[ray] + bins; i++) {
                lengths[i] = edges[i + ray + 1] - edges[i + ray];
                middles[i] = edges[i + ray] + lengths[i] / 2;
            }
        }
        return distortion(starts, counts, middles, lengths, weights);
    }

    private Result distortion(int[] starts, int[] counts, float[] t, float[] dt, float[] weights) {
        Result result = new Result(new float[starts.length], new float[weights.length]);
        synchronized (device.turn) {
            Status.check(Bindings.eik_distortion_loss(device.pointer(), starts.length, starts, counts, weights.length,
                    t, dt, weights, result.values, result.gradient));
        }
        return result;
    }

    /**
     * By how much a field's weights exceed a proposal's (Mip-NeRF 360, equations 12 and 13): sum<sub>i</sub> max(0,
     * w<sub>i</sub> - b<sub>i</sub>)<sup>2</sup> / (w<sub>i</sub> + 2<sup>-23</sup>), b<sub>i</sub> being the sum of
     * all the proposal's bins that the field's bin i overlaps. The field's weights count as constants.
     *
     * @param edges {@code [rays][bins + 1]}: the field's
     * @param weights {@code [rays][bins]}: the field's
     * @param bins 1 to 65536
     * @param proposalEdges {@code [rays][proposalBins + 1]}
     * @param proposalWeights {@code [rays][proposalBins]}
     * @param proposalBins 1 to 65536
     * @return the losses and their slopes by the proposal's weights
     */
    public Result proposal(float[] edges, float[] weights, int bins, float[] proposalEdges, float[] proposalWeights,
            int proposalBins) {
        return proposal(edges, weights, bins, proposalEdges, proposalWeights, proposalBins, 0);
    }

    /**
     * The same without aliasing (Zip-NeRF, section 3): sum<sub>j</sub> max(0, w<sub>j</sub> -
     * v<sub>j</sub>)<sup>2</sup> / (v<sub>j</sub> + 10<sup>-5</sup>), v being the proposal's weights and w<sub>j</sub>
     * what of the field's histogram lies in the proposal's bin j, once it is spread evenly by a width to both sides.
     * Changes smoothly with all edges.
     *
     * @param edges {@code [rays][bins + 1]}: the field's
     * @param weights {@code [rays][bins]}: the field's
     * @param bins 1 to 65536
     * @param proposalEdges {@code [rays][proposalBins + 1]}
     * @param proposalWeights {@code [rays][proposalBins]}
     * @param proposalBins 1 to 65536
     * @param halfWidth in the measure of the edges, above 0 and finite; Zip-NeRF's are 0.03 and 0.003 where edges lie
     *     in [0, 1]. 0 asks for the loss of {@link #proposal(float[], float[], int, float[], float[], int)}
     * @return the losses and their slopes by the proposal's weights
     */
    public Result proposal(float[] edges, float[] weights, int bins, float[] proposalEdges, float[] proposalWeights,
            int proposalBins, float halfWidth) {
        int rays = rays(edges, weights, bins);
        Shapes.length("proposalWeights, at " + proposalBins + " bins,", proposalWeights.length,
                (long) rays * proposalBins);
        Shapes.length("proposalEdges", proposalEdges.length, (long) rays * (proposalBins + 1));
        Result result = new Result(new float[rays], new float[proposalWeights.length]);
        synchronized (device.turn) {
            Status.check(Bindings.eik_proposal_loss(device.pointer(), rays, bins, edges, weights, proposalBins,
                    proposalEdges, proposalWeights, halfWidth, result.values, result.gradient));
        }
        return result;
    }

    private static int rays(float[] edges, float[] weights, int bins) {
        if (bins < 1) {
            throw new IllegalArgumentException("there are " + bins + " bins; there must be 1 or more");
        }
        int rays = Shapes.rows("weights", weights.length, bins);
        Shapes.length("edges", edges.length, (long) rays * (bins + 1));
        return rays;
    }
}
