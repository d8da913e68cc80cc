package org.eikonal.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The same work here and elsewhere, in one run. */
final class Peers {
    private record Pair(String work, String peer, String ours, String theirs) {}

    /**
     * @param work what was done, and how much at a time
     * @param precision of ours
     * @param peer who
     * @param ours the result here
     * @param theirs the result there
     */
    record Comparison(String work, String precision, String peer, Result ours, Result theirs) {
        /** {@return how many times as long theirs takes} */
        double ratio() {
            return theirs.time() / ours.time();
        }
    }

    private static final List<Pair> PAIRS = List.of(
            new Pair("encoding, forward", "plain Java", "EncodingBenchmark.forward", "PlainJavaBenchmark.scalar"),
            new Pair("encoding, forward", "Vector API", "EncodingBenchmark.forward", "PlainJavaBenchmark.vector"),
            new Pair("encoding, forward", "libtorch", "EncodingBenchmark.forward", "TorchBenchmark.encodingForward"),
            new Pair("networks, forward", "libtorch", "InstantNgpNetworksBenchmark.forward",
                    "TorchBenchmark.networksForward"),
            new Pair("networks, forward + back", "libtorch", "InstantNgpNetworksBenchmark.forwardAndBackward",
                    "TorchBenchmark.networksForwardAndBackward"),
            new Pair("training step", "libtorch", "StepBenchmark.step", "TorchBenchmark.step"));

    private Peers() {}

    static List<Comparison> of(Run run) {
        List<Comparison> comparisons = new ArrayList<>();
        for (Pair pair : PAIRS) {
            for (int batch : run.values(pair.theirs, "log2Batch")) {
                for (int threads = 1; threads <= run.limits.threads(); threads++) {
                    for (String precision : List.of("bf16", "fp32")) {
                        compare(run, pair, batch, threads, precision).ifPresent(comparisons::add);
                    }
                }
            }
        }
        return comparisons;
    }

    private static Optional<Comparison> compare(Run run, Pair pair, int batch, int threads, String precision) {
        String[] same = {
            "log2Batch=" + batch, "threads=" + threads, "log2Table=19", "isa=auto", "precision=" + precision
        };
        Optional<Result> ours = run.find(pair.ours, same);
        Optional<Result> theirs = run.find(pair.theirs, same);
        // Plain Java has no number of threads: it is compared on one.
        if (ours.isEmpty() || theirs.isEmpty() || threads > 1 && !pair.peer.equals("libtorch")) {
            return Optional.empty();
        }
        String work = pair.work + ", 2^" + batch + (threads == 1 ? "" : ", " + threads + " threads");
        return Optional.of(new Comparison(work, precision, pair.peer, ours.get(), theirs.get()));
    }
}
