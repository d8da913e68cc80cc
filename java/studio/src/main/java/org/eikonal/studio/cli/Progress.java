package org.eikonal.studio.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far long work is: a bar where somebody watches, plain lines now and then elsewhere. */
final class Progress implements AutoCloseable {
    private static final long LINE_NANOS = 10_000_000_000L;

    private final PrintStream err;
    private final String task;
    private final String unit;
    private final long total;
    private final long start = System.nanoTime();
    private final double begun;
    private final ProgressBar bar;
    // The bar asks from a thread of its own; closing it waits for that thread, so there must be no lock between them.
    private volatile double fraction;
    private String line;
    private long printed = start;

    /**
     * @param total how much there is to do, in {@code unit}s
     * @param done how much of it was done before
     */
    Progress(Console console, String task, long total, long done, String unit) {
        this.err = console.err();
        this.task = task;
        this.unit = unit;
        this.total = total;
        begun = (double) done / total;
        // Written through us, not through the library's own console: that one would bring JLine to life, which takes
        // Ctrl-C away from the JVM, and with it the chance to save.
        bar = !console.isWatched() ? null : new ProgressBarBuilder()
                .setTaskName(task).setInitialMax(total).setUnit(unit, 1).startsFrom(done, Duration.ZERO)
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK).setUpdateIntervalMillis(500)
                .setEtaFunction(state -> left())
                .setConsumer(new DelegatingProgressBarConsumer(this::draw, console.width())).build();
    }

    /**
     * @param part how much of the whole is done, 0 to 1: what remains is estimated from it
     * @param done the same, in units
     * @param details how it fares
     */
    void update(double part, long done, String details) {
        fraction = part;
        line = Console.text("%s %3.0f%%  %d/%d%s  %s", task, 100 * part, done, total, unit, details);
        if (bar != null) {
            bar.setExtraMessage(" " + details);
            bar.stepTo(done);
        } else if (System.nanoTime() - printed >= LINE_NANOS) {
            print();
        }
    }

    private void draw(String text) {
        err.print("\r" + text);
        err.flush();
    }

    private void print() {
        err.println(line + left().filter(left -> !left.isZero())
                .map(left -> "  " + duration(left.toMillis() / 1e3) + " left").orElse(""));
        line = null;
        printed = System.nanoTime();
    }

    private Optional<Duration> left() {
        double mine = fraction - begun;
        return mine <= 0 ? Optional.empty() : Optional.of(Duration.ofMillis((long) ((System.nanoTime() - start) / 1e6 * (1 - fraction) / mine)));
    }

    /** Shows the last state. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            err.println();
        } else if (line != null) {
            print();
        }
    }

    /** As people write it: 12 s, 3 min 20 s, 2 h 5 min. */
    static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return Console.text(seconds < 10 ? "%.1f s" : "%.0f s", seconds);
        }
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole / 60 % 60 + " min";
    }

    /** A number with its thousands: 950, 12.3k, 1.45M. */
    static String count(double value) {
        return value < 1e3 ? Console.text("%.0f", value)
                : value < 1e6 ? Console.text("%.1fk", value / 1e3) : Console.text("%.2fM", value / 1e6);
    }
}
