package org.eikonal.bench.report;

import org.eikonal.bench.RayBenchmark;
import org.eikonal.bench.SceneBenchmark;

/**
 * A measurement with what it means.
 *
 * @param measurement what JMH measured
 * @param work what was done
 * @param item what time is counted by: point, sample, ray, ...
 * @param items how many of them a call has
 * @param floor nanoseconds an item; NaN if there is none
 */
record Result(Measurement measurement, String work, String item, double items, double floor) {
    static Result of(Measurement m, Limits limits) {
        Floors floors = new Floors(limits);
        Setting s = m.setting(limits.bestIsa());
        double batch = 1L << m.number("log2Batch");
        int table = m.number("log2Table");
        int width = m.number("width");
        double none = Double.NaN;
        return switch (m.name()) {
            case "EncodingBenchmark.forward" ->
                new Result(m, "encoding, forward", "point", batch, floors.encodingForward(s, table));
            case "EncodingBenchmark.backwardToParameters" ->
                new Result(m, "encoding, to parameters", "point", batch, floors.encodingBackward(s, table));
            // The slope of a feature needs what its corners hold.
            case "EncodingBenchmark.backwardToInputs" ->
                new Result(m, "encoding, to inputs", "point", batch, floors.encodingForward(s, table));
            case "NetworkBenchmark.forward" ->
                new Result(m, "network, forward", "point", batch, floors.network(s, width));
            case "NetworkBenchmark.forwardAndBackward" ->
                new Result(m, "network, forward and back", "point", batch, floors.networkAndBack(s, width));
            case "InstantNgpNetworksBenchmark.forward" ->
                new Result(m, "both networks, forward", "point", batch, floors.instantNgpNetworks(s));
            case "InstantNgpNetworksBenchmark.forwardAndBackward" ->
                new Result(m, "both networks, forward and back", "point", batch, floors.instantNgpNetworksAndBack(s));
            case "FieldBenchmark.forward" ->
                new Result(m, "field, forward", "point", batch, floors.field(s, table));
            case "FieldBenchmark.forwardAndBackward" ->
                new Result(m, "field, forward and back", "point", batch, floors.fieldAndBack(s, table));
            case "RayBenchmark.compositingForward" ->
                new Result(m, "compositing, forward", "sample", batch, floors.compositing(s, batch));
            case "RayBenchmark.compositingBackward" ->
                new Result(m, "compositing, back", "sample", batch, floors.compositingBack(s, batch));
            // Edge, weight, jitter in, t out; prediction, target in, gradient out; view, pixel in, ray out.
            case "RayBenchmark.resampling" ->
                new Result(m, "resampling", "sample", batch, floors.stream(s, 4 * Float.BYTES, batch));
            case "RayBenchmark.huberLoss" -> new Result(m, "loss", "pixel", batch,
                    floors.stream(s, 3 * RayBenchmark.CHANNELS * Float.BYTES, batch));
            case "RayBenchmark.cameraRays" ->
                new Result(m, "camera rays", "ray", batch, floors.stream(s, 9 * Float.BYTES, batch));
            case "OptimizerBenchmark.step" -> {
                boolean average = m.text("average").equals("true");
                yield new Result(m, average ? "Adam with moving average" : "Adam", "parameter of a touched line",
                        m.counts().get("touched"), floors.adam(s, m.counts().get("parameters"), average));
            }
            case "StepBenchmark.step" -> {
                double live = m.counts().get("live");
                yield new Result(m, "training step", "live sample", live,
                        floors.step(s, table, live, m.counts().get("touched") / live));
            }
            case "SceneBenchmark.occupancyUpdate" -> new Result(m, "occupancy update", "cell asked",
                    SceneBenchmark.CELLS_ASKED, floors.density(s, SceneBenchmark.LOG2_TABLE));
            case "SceneBenchmark.marching" ->
                new Result(m, "marching", "marched sample", m.counts().get("marched"), none);
            case "SceneBenchmark.step" ->
                new Result(m, "training step, trained scene", "marched sample", m.counts().get("marched"), none);
            case "SceneBenchmark.rendering" ->
                new Result(m, "rendering, trained scene", "pixel", (double) m.number("size") * m.number("size"), none);
            case "PlainJavaBenchmark.scalar" -> new Result(m, "plain Java: encoding, forward", "point", batch, none);
            case "PlainJavaBenchmark.vector" -> new Result(m, "Vector API: encoding, forward", "point", batch, none);
            case "TorchBenchmark.encodingForward" -> new Result(m, "libtorch: encoding, forward", "point", batch, none);
            case "TorchBenchmark.networksForward" ->
                new Result(m, "libtorch: both networks, forward", "point", batch, none);
            case "TorchBenchmark.networksForwardAndBackward" ->
                new Result(m, "libtorch: both networks, forward and back", "point", batch, none);
            case "TorchBenchmark.step" -> new Result(m, "libtorch: training step", "live sample", batch, none);
            default -> new Result(m, m.name(), "call", 1, none);
        };
    }

    /**
     * {@return nanoseconds an item, in the best iteration: on the processor where there is one thread, as ceilings are, on the
     * clock where there are several, which may wait for each other}
     */
    double time() {
        // Adam's gradients are set up between calls, which only the clock leaves out.
        boolean clock = measurement.number("threads") > 1 || Double.isNaN(measurement.processor())
                || measurement.name().startsWith("OptimizerBenchmark");
        return clock ? clock() : measurement.processor() / items;
    }

    /** {@return nanoseconds an item on the clock, in the fastest iteration: what numbers of threads can be compared by} */
    double clock() {
        return measurement.wall() / items;
    }

    /** {@return nanoseconds an item on the clock, in the median iteration} */
    double median() {
        return measurement.median() / items;
    }

    /** {@return 1 at the floor, less above it; NaN without one} */
    double fraction() {
        return floor / time();
    }

    /** {@return bytes of Java's heap an item} */
    double allocated() {
        return measurement.allocated() / items;
    }
}
