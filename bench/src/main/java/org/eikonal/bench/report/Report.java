package org.eikonal.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes {@code benchmarks-cpu.md} and its pictures from a run: {@code Report RUN DOCS}. */
public final class Report {
    private static final String PICTURES = "pictures/benchmarks";

    private final Run run;
    private final Path docs;
    private final StringBuilder text = new StringBuilder();

    private Report(Run run, Path docs) {
        this.run = run;
        this.docs = docs;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: Report RUN DOCS: the folder that bench/run.sh filled, and where the page goes");
            System.exit(2);
        }
        write(Path.of(arguments[0]), Path.of(arguments[1]));
    }

    /**
     * Writes page and pictures.
     *
     * @param folder of the run
     * @param docs where they go
     */
    public static void write(Path folder, Path docs) throws IOException {
        Files.createDirectories(docs.resolve(PICTURES));
        Report report = new Report(new Run(folder), docs);
        report.head();
        report.pictures();
        report.peers();
        report.pieces();
        report.ceilings();
        Files.writeString(docs.resolve("benchmarks-cpu.md"), report.text);
    }

    private void head() {
        line("# Benchmarks of the CPU backend", "",
                "Written by `bench/run.sh`: measured in one run on " + run.limits.processor() + ", " + run.limits.threads()
                        + " threads, best instruction set " + run.limits.bestIsa() + ", " + run.jvm() + ".",
                "",
                "*Time*: nanoseconds an item in the best iteration, processor time with one thread, on the clock with several; "
                        + "*median*: on the clock, in the median iteration, while the machine may do other things. *Floor*: the time "
                        + "below which this machine cannot do the work, from [ceilings](#ceilings) of the same run; what each counts "
                        + "is in [Floors](../bench/src/main/java/org/eikonal/bench/report/Floors.java). *B*: bytes of Java's heap for "
                        + "an item; JMH itself allocates some 5 KB an iteration, which is in there.", "");
    }

    private void pictures() throws IOException {
        line("## Pictures", "");
        for (Pictures.Picture picture : Pictures.draw(run, docs.resolve(PICTURES))) {
            line("![" + picture.title() + "](" + PICTURES + "/" + picture.file() + ".png)", "",
                    "`bench/run.sh --only limits," + picture.parts() + "`", "");
        }
    }

    private void peers() {
        List<Peers.Comparison> all = Peers.of(run);
        if (all.isEmpty()) {
            return;
        }
        line("## Peers", "", "The same work on the same machine in the same run; theirs is fp32.", "",
                "| work | peer | theirs, ns | ours | ours, ns | ratio |", "|---|---|--:|---|--:|--:|");
        for (Peers.Comparison c : all) {
            line("| " + c.work() + " | " + c.peer() + " | " + number(c.theirs().time()) + " | " + c.precision() + " | "
                    + number(c.ours().time()) + " | " + number(c.ratio()) + " |");
        }
        line("");
    }

    private void pieces() {
        for (Run.Piece piece : run.pieces) {
            line("## " + piece.title(), "", "```sh", piece.command(), "```", "",
                    "| work | with | item | time | median | floor | time / floor | B |", "|---|---|---|--:|--:|--:|--:|--:|");
            for (Result r : piece.results()) {
                List<String> with = new ArrayList<>();
                r.measurement().parameters().forEach((name, value) -> {
                    if (!(name.equals("isa") && value.equals("auto"))) {
                        with.add(parameter(name, value));
                    }
                });
                line("| " + r.work() + " | " + String.join(", ", with) + " | " + r.item() + " | " + number(r.time()) + " | "
                        + number(r.median()) + " | " + number(r.floor()) + " | " + number(1 / r.fraction()) + " | "
                        + number(r.allocated()) + " |");
            }
            counts(piece);
            line("");
        }
    }

    private static String parameter(String name, String value) {
        if (name.startsWith("log2")) {
            return name.substring(4).toLowerCase(Locale.ROOT) + " 2^" + value;
        }
        return name.equals("precision") || name.equals("isa") ? value : name + " " + value;
    }

    /** What steps on scenes did: whether the work is what it is called. */
    private void counts(Run.Piece piece) {
        for (Result r : piece.results()) {
            if (r.measurement().counts().containsKey("live") && r.measurement().counts().get("live") > 0) {
                StringBuilder counted = new StringBuilder();
                r.measurement().counts().forEach((name, value) -> {
                    if (!name.equals("calls")) {
                        counted.append(counted.length() == 0 ? "" : ", ").append(name).append(' ')
                                .append(String.format(Locale.ROOT, "%,.0f", value));
                    }
                });
                line("", r.work() + " " + r.measurement().parameters() + ": a call has " + counted + ".");
            }
        }
    }

    private void ceilings() {
        Limits limits = run.limits;
        if (limits.isEmpty()) {
            return;
        }
        int all = limits.threads();
        line("## Ceilings", "", "```sh", "bench/target/limits/limits --json limits.json", "```", "",
                "| | one thread | " + all + " threads |", "|---|--:|--:|");
        for (String isa : Limits.ISAS.subList(0, Limits.ISAS.indexOf("avx512bf16"))) {
            ceiling("fp32 multiply-add, " + isa + ", GFLOP/s", limits.products("fp32", isa, 1),
                    limits.products("fp32", isa, all));
        }
        ceiling("bf16 dot, GFLOP/s", limits.products("bf16", limits.bestIsa(), 1),
                limits.products("bf16", limits.bestIsa(), all));
        for (String what : List.of("read", "triad", "update")) {
            for (int log2 : new int[] {18, 22, 28}) {
                ceiling(what + " within 2^" + log2 + " bytes, GB/s", limits.bandwidth(what, 1, 1 << log2),
                        limits.bandwidth(what, all, 1 << log2));
            }
        }
        line("", "Random accesses, ns for one of a thread, by the table's entries:", "",
                "| entries | read 4 B | read 8 B | update 8 B | read 4 B, " + all + " threads | read 8 B | update 8 B |",
                "|---|--:|--:|--:|--:|--:|--:|");
        for (int log2 = 12; log2 <= 23; log2++) {
            StringBuilder row = new StringBuilder("| 2^" + log2 + " |");
            for (int threads : new int[] {1, all}) {
                for (String what : List.of("read4", "read8", "update8")) {
                    row.append(' ').append(number(limits.access(what, limits.bestIsa(), threads, 1 << log2))).append(" |");
                }
            }
            line(row.toString());
        }
    }

    private void ceiling(String name, double one, double all) {
        line("| " + name + " | " + number(one) + " | " + number(all) + " |");
    }

    private void line(String... lines) {
        for (String line : lines) {
            text.append(line).append('\n');
        }
    }

    /** Three digits that matter. */
    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return "";
        }
        int decimals = value == 0 ? 0 : (int) Math.max(0, Math.min(3, 2 - Math.floor(Math.log10(Math.abs(value)))));
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
