package org.eikonal.bench.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The pictures of a run; what a run lacks is left out. */
final class Pictures {
    /**
     * A picture that was drawn.
     *
     * @param file its name, without folder
     * @param title what it shows
     * @param parts of the run that it was drawn from
     */
    record Picture(String file, String title, String parts) {}

    /** A benchmark at the one size at which it is compared with others. */
    private record Work(String benchmark, String label, String fixed) {}

    private static final List<Work> WORKS = List.of(
            new Work("EncodingBenchmark.forward", "encoding fwd", "log2Table=19"),
            new Work("EncodingBenchmark.backwardToParameters", "encoding back", "log2Table=19"),
            new Work("NetworkBenchmark.forward", "MLP 64 fwd", "width=64"),
            new Work("NetworkBenchmark.forwardAndBackward", "MLP 64 fwd+back", "width=64"),
            new Work("NetworkBenchmark.forward", "MLP 128 fwd", "width=128"),
            new Work("NetworkBenchmark.forwardAndBackward", "MLP 128 fwd+back", "width=128"),
            new Work("FieldBenchmark.forward", "field fwd", "log2Table=19"),
            new Work("FieldBenchmark.forwardAndBackward", "field fwd+back", "log2Table=19"),
            new Work("OptimizerBenchmark.step", "Adam", "log2Table=19"),
            new Work("StepBenchmark.step", "training step", "log2Table=19"));
    private static final List<String> PRECISIONS = List.of("bf16", "fp32");

    private final Run run;
    private final Charts charts;
    private final List<Picture> drawn = new ArrayList<>();

    private Pictures(Run run, Path folder) {
        this.run = run;
        this.charts = new Charts(folder);
    }

    static List<Picture> draw(Run run, Path folder) throws IOException {
        Pictures pictures = new Pictures(run, folder);
        pictures.peers();
        pictures.floors();
        pictures.instructionSets();
        pictures.threads();
        for (String precision : PRECISIONS) {
            pictures.batches(precision);
            pictures.tables(precision);
        }
        pictures.widths();
        return pictures.drawn;
    }

    private void peers() throws IOException {
        Charts.Bars bars = new Charts.Bars();
        for (Peers.Comparison c : Peers.of(run)) {
            bars.add("ours " + c.precision(), c.peer() + ": " + c.work(), c.ratio());
        }
        Picture picture = new Picture("peers", "How many times as long peers take (L16 F2 T2^19)",
                "step,table,batch,field,networks,java,torch,torch-large,step-threads,torch-threads");
        keep(picture, charts.bars(picture, "time of the peer / ours", true, 1, "the same", bars));
    }

    private void floors() throws IOException {
        Charts.Bars bars = new Charts.Bars();
        for (String precision : PRECISIONS) {
            for (Work work : WORKS) {
                find(work, "isa=auto", "precision=" + precision, "log2Batch=18", "threads=1")
                        .ifPresent(r -> bars.add(precision, work.label, 100 * r.fraction()));
            }
        }
        Picture picture =
                new Picture("floor", "Fraction of the floor, one thread, 2^18 points", "step,table,field,width,optimizer");
        keep(picture, charts.bars(picture, "floor / time, %", false, 100, "floor", bars));
    }

    private void instructionSets() throws IOException {
        Charts.Bars bars = new Charts.Bars();
        for (String isa : Limits.ISAS) {
            for (Work work : WORKS) {
                find(work, "isa=" + isa, "precision=fp32", "threads=1")
                        .ifPresent(r -> bars.add(isa, work.label, 100 * r.fraction()));
            }
        }
        Picture picture = new Picture("isa", "Fraction of the floor of each instruction set, fp32, one thread", "isa");
        keep(picture, charts.bars(picture, "floor / time, %", false, 100, "floor", bars));
    }

    private void threads() throws IOException {
        int all = run.limits.threads();
        Charts.Bars bars = new Charts.Bars();
        for (String precision : PRECISIONS) {
            for (Work work : WORKS) {
                String[] same = {"isa=auto", "precision=" + precision, "log2Batch=18"};
                Optional<Result> one = find(work, with(same, "threads=1"));
                Optional<Result> many = find(work, with(same, "threads=" + all));
                if (all > 1 && one.isPresent() && many.isPresent()) {
                    bars.add(precision, work.label, one.get().clock() / many.get().clock());
                }
            }
        }
        Picture picture = new Picture(
                "threads", "How much faster " + all + " threads are, 2^18 points",
                "step,table,field,width,optimizer,threads");
        keep(picture, charts.bars(picture, "time of one / time of all", false, all, "ideal", bars));
    }

    private void batches(String precision) throws IOException {
        String[] same = {"isa=auto", "precision=" + precision, "threads=1", "log2Table=19"};
        Picture picture = new Picture("batch-" + precision,
                "Cost against batch, " + precision + ", one thread, L16 F2 T2^19", "step,table,batch,field");
        keep(picture, charts.lines(picture, "points a call", true, List.of(
                Charts.Line.of("training step", run, "StepBenchmark.step", "log2Batch", same),
                Charts.Line.of("field, forward and back", run, "FieldBenchmark.forwardAndBackward", "log2Batch", same),
                Charts.Line.of("encoding, forward", run, "EncodingBenchmark.forward", "log2Batch", same),
                Charts.Line.of(
                        "encoding, to parameters", run, "EncodingBenchmark.backwardToParameters", "log2Batch", same))));
    }

    private void tables(String precision) throws IOException {
        String[] same = {"isa=auto", "precision=" + precision, "threads=1", "log2Batch=18"};
        Picture picture = new Picture("table-" + precision,
                "Cost against table size, " + precision + ", one thread, 2^18 points", "step,step-table,table");
        keep(picture, charts.lines(picture, "entries of a level's table", true, List.of(
                Charts.Line.of("training step", run, "StepBenchmark.step", "log2Table", same),
                Charts.Line.of("encoding, forward", run, "EncodingBenchmark.forward", "log2Table", same),
                Charts.Line.of(
                        "encoding, to parameters", run, "EncodingBenchmark.backwardToParameters", "log2Table", same))));
    }

    private void widths() throws IOException {
        List<Charts.Line> lines = new ArrayList<>();
        for (String precision : PRECISIONS) {
            String[] same = {"isa=auto", "precision=" + precision, "threads=1", "log2Batch=18"};
            lines.add(Charts.Line.of(precision + " forward", run, "NetworkBenchmark.forward", "width", same));
            lines.add(Charts.Line.of(
                    precision + " forward and back", run, "NetworkBenchmark.forwardAndBackward", "width", same));
        }
        Picture picture =
                new Picture("width", "Cost against width of a network of four matrices, one thread, 2^18 points", "width");
        keep(picture, charts.lines(picture, "width", false, lines));
    }

    private Optional<Result> find(Work work, String... parameters) {
        return run.find(work.benchmark, with(parameters, work.fixed));
    }

    private static String[] with(String[] parameters, String another) {
        List<String> all = new ArrayList<>(List.of(parameters));
        all.add(another);
        return all.toArray(new String[0]);
    }

    private void keep(Picture picture, boolean isDrawn) {
        if (isDrawn) {
            drawn.add(picture);
        }
    }
}
