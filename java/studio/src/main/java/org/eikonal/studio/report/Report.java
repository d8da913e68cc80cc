package org.eikonal.studio.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.eikonal.studio.run.AtomicFiles;
import org.eikonal.studio.run.Evaluation.ViewQuality;
import org.eikonal.studio.run.TrainingProgress;

/**
 * A page about one run, or about several of one scene: how training went, how good each held-out view is, and what it
 * looks like beside the truth. One HTML file that needs nothing else and asks no network for anything.
 */
public final class Report {
    /** How many runs have a colour of their own. */
    static final int COLOURS = 6;

    private final List<RunResult> runs;
    private final List<ViewQuality> views;
    private final Html html;

    private Report(List<RunResult> runs, Html html) {
        this.runs = runs;
        this.html = html;
        views = runs.get(0).evaluation().views();
    }

    /**
     * Writes the page in place of what is there; its folder is made as needed.
     *
     * @param split what the views are called, such as "test"
     * @param runs at least one, of the same views, with their pictures
     * @throws IOException if the file can't be written
     */
    public static void write(Path file, String split, List<RunResult> runs) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        AtomicFiles.replace(file, channel -> {
            Writer out = new BufferedWriter(new OutputStreamWriter(Channels.newOutputStream(channel),
                    StandardCharsets.UTF_8), 1 << 16);
            new Report(runs, new Html(out)).page(split);
            out.flush();
        });
    }

    private void page(String split) throws IOException {
        String scene = String.valueOf(runs.get(0).config().scene().getFileName());
        String script = resource("report.js");
        html.raw("<!DOCTYPE html>\n").open("html", "lang", "en").open("head").raw("<meta charset=\"utf-8\">\n")
                .open("meta", "http-equiv", "Content-Security-Policy", "content", "default-src 'none'; img-src data:;"
                        + " style-src 'unsafe-inline'; script-src 'sha256-" + sha256(script) + "'")
                .open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .open("meta", "name", "color-scheme", "content", "light dark")
                .element("title", scene + " - Eikonal").raw("<style>\n" + resource("report.css") + "</style>\n")
                .close("head").open("body").open("main");
        html.element("h1", scene).element("p", "Measured on " + views.size() + " " + split + " views"
                + (runs.size() > 1 ? ", " + runs.size() + " runs" : ""));
        summary();
        curves();
        wipe();
        ViewSections sections = new ViewSections(html, runs);
        sections.gallery();
        sections.table();
        configuration();
        html.close("main").raw("<script>" + script + "</script>\n").close("body").close("html");
    }

    private void summary() throws IOException {
        html.open("div", "class", "card scroll").open("table").open("thead").open("tr");
        for (String title : columns("run", "recipe", "steps", "trained", "PSNR", "SSIM", "MS-SSIM",
                lpips(runs) ? "LPIPS" : null, "a view takes")) {
            html.element("th", title);
        }
        html.close("tr").close("thead").open("tbody");
        for (int i = 0; i < runs.size(); i++) {
            RunResult run = runs.get(i);
            html.open("tr").open("td");
            name(i).close("td");
            for (String value : columns(run.config().recipe(), Long.toString(run.header().step()),
                    text("%.0f s", run.header().trainSeconds()), text("%.2f dB", run.evaluation().psnr()),
                    text("%.4f", run.evaluation().ssim()), optional(run.evaluation().msSsim()),
                    lpips(runs) ? optional(run.evaluation().lpips()) : null,
                    text("%.3f s (%s)", run.secondsPerView(), run.device()))) {
                html.element("td", value);
            }
            html.close("tr");
        }
        html.close("tbody").close("table").close("div");
    }

    private Html name(int run) throws IOException {
        return dot(html, runs, run).text(runs.get(run).name());
    }

    /** A run's colour, where there are several. */
    static Html dot(Html html, List<RunResult> runs, int run) throws IOException {
        return runs.size() == 1 ? html
                : html.raw("<span class=\"dot run" + run % COLOURS + "\"></span>");
    }

    private void curves() throws IOException {
        Chart loss = chart("Loss", true, TrainingProgress::loss);
        Chart psnr = chart("PSNR of training pixels, dB", false,
                line -> line.trainPsnr() == null ? Double.NaN : line.trainPsnr());
        if (loss.isEmpty() && psnr.isEmpty()) {
            return;
        }
        html.element("h2", "Training").open("div", "class", "charts");
        for (Chart chart : List.of(loss, psnr)) {
            if (!chart.isEmpty()) {
                chart.write(html);
            }
        }
        html.close("div");
    }

    private Chart chart(String title, boolean logarithmic, ToDoubleFunction<TrainingProgress> value) {
        List<Chart.Line> lines = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            lines.add(Chart.line(i, runs.get(i).metrics().stream()
                    .map(line -> new double[] {line.seconds(), value.applyAsDouble(line)}).toList(), logarithmic));
        }
        return new Chart(title, logarithmic, lines);
    }

    private void wipe() throws IOException {
        html.open("section", "id", "wipe", "hidden", "").element("h2", "Compare").open("div", "class", "card")
                .open("div", "class", "controls");
        html.element("button", "\u2190", "id", "back", "type", "button", "aria-label", "the view before")
                .open("select", "id", "view", "aria-label", "view");
        for (int i = 0; i < views.size(); i++) {
            html.element("option", views.get(i).name(), "value", Integer.toString(i));
        }
        html.close("select").element("button", "\u2192", "id", "next", "type", "button", "aria-label", "the next view");
        choice("left", "truth");
        choice("right", runs.size() == 1 ? "render0" : "render" + (runs.size() - 1));
        html.close("div").raw("<div id=\"stage\" class=\"stage\"><img id=\"under-image\" alt=\"\">"
                + "<div id=\"over\" class=\"over\"><img id=\"over-image\" alt=\"\"></div></div>\n"
                + "<input id=\"position\" type=\"range\" min=\"0\" max=\"100\" value=\"50\" step=\"0.5\""
                + " aria-label=\"where the left picture ends, in percent\">\n").close("div").close("section");
    }

    private void choice(String id, String chosen) throws IOException {
        html.open("label").text(id + " ").open("select", "id", id);
        option("truth", "truth", chosen);
        for (int i = 0; i < runs.size(); i++) {
            String of = runs.size() == 1 ? "" : " of " + runs.get(i).name();
            option("render" + i, "render" + of, chosen);
            option("error" + i, "error" + of, chosen);
        }
        html.close("select").close("label");
    }

    private void option(String value, String text, String chosen) throws IOException {
        String[] attributes = value.equals(chosen) ? new String[] {"value", value, "selected", ""}
                : new String[] {"value", value};
        html.element("option", text, attributes);
    }

    private void configuration() throws IOException {
        html.element("h2", "Configuration");
        if (runs.size() > 1) {
            differences();
        }
        for (RunResult run : runs) {
            html.open("details").element("summary", run.name()).open("pre", "class", "card")
                    .text(run.config().toJson()).close("pre").close("details");
        }
    }

    /** The settings in which the runs differ. */
    private void differences() throws IOException {
        Map<String, List<String>> differences =
                Differences.of(runs.stream().map(run -> run.config().toJson()).toList());
        if (differences.isEmpty()) {
            html.element("p", "All settings are the same.");
            return;
        }
        html.open("div", "class", "card scroll").open("table").open("thead").open("tr").element("th", "setting");
        for (int i = 0; i < runs.size(); i++) {
            html.open("th");
            name(i).close("th");
        }
        html.close("tr").close("thead").open("tbody");
        for (Map.Entry<String, List<String>> setting : differences.entrySet()) {
            html.open("tr").element("td", setting.getKey());
            for (String value : setting.getValue()) {
                html.element("td", value);
            }
            html.close("tr");
        }
        html.close("tbody").close("table").close("div");
    }

    /** Whether the measure was asked for; it is, of all runs or of none. */
    static boolean lpips(List<RunResult> runs) {
        return runs.get(0).evaluation().lpips() != null;
    }

    /** Those that are not null. */
    static List<String> columns(String... texts) {
        return Stream.of(texts).filter(Objects::nonNull).toList();
    }

    static String optional(Double value) {
        return value == null ? "-" : text("%.4f", value);
    }

    static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Report.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return Base64.getEncoder().encodeToString(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
