package org.eikonal.studio.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.eikonal.studio.quality.Lpips;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.report.Report;
import org.eikonal.studio.report.RunResult;
import org.eikonal.studio.run.Evaluation;
import org.eikonal.studio.run.Evaluation.ViewQuality;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code eikonal eval}: how good a run is on photos that it has not seen. */
@Command(name = "eval", sortOptions = false,
        description = {"Measures a run on held-out photos.", "",
            "Renders each view at full size, through the real distortion. PSNR is -10 log10 of the mean squared error"
                    + " over all pixels and channels of a view, in stored sRGB of 0 to 1, RGBA over the run's"
                    + " background (white unless set); SSIM has the 11x11 Gaussian window of sigma 1.5; MS-SSIM has"
                    + " five scales, and is left out where a side is below 161 pixels. Means are over views. Pixels that"
                    + " a mask hides do not count.", "",
            "--report writes one HTML file that needs nothing else: curves of the training, every view beside its"
                    + " truth and error, a slider to compare them, the table, the configuration.", ""},
        footer = {"",
            "Examples:",
            "  eikonal eval runs/photos/instant-ngp",
            "  eikonal eval runs/photos/instant-ngp --report report.html",
            "  eikonal eval runs/photos/instant-ngp --split val --json > quality.json",
            "  eikonal eval runs/photos/instant-ngp --lpips lpips-alex.onnx",
            "  eikonal eval runs/photos/instant-ngp --device cpu"})
final class EvalCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "RUN", description = "Folder of the run.")
    private Path run;

    @Option(names = "--split", converter = Splits.class, defaultValue = "test", paramLabel = "NAME",
            description = "Which views: train, val or test (default: ${DEFAULT-VALUE}).")
    private Split split;

    @Option(names = "--json", description = "Print one JSON object instead of a table (default: a table).")
    private boolean json;

    @Option(names = "--report", paramLabel = "FILE.html",
            description = "Also write a page to look at (default: none).")
    private Path report;

    @Option(names = "--device", paramLabel = "NAME",
            description = "Where to compute: auto, cpu, cuda or cuda:N (default: the run's device).")
    private String device;

    @Mixin
    private LpipsOption lpips;

    EvalCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        requireFile(report);
        RunFolder folder = new RunFolder(run);
        try (Lpips distance = lpips.open(); TrainedField field = TrainedField.open(folder, device)) {
            console.note("device: %s", DeviceText.of(field.device()));
            List<View> views = Splits.views(Scenes.open(field.config().scene()), split);
            RunResult result = evaluate(console, folder, field, views, distance, report != null);
            if (json) {
                console.json(json(field, result.evaluation()));
            } else {
                table(console, result.evaluation());
            }
            writeReport(console, report, split, List.of(result));
            return Main.OK;
        }
    }

    /** What can't be written is refused before anything takes long. */
    static void requireFile(Path report) {
        if (report != null && Files.isDirectory(report)) {
            throw new ConfigException("--report " + report + " is a folder; name a file, such as report.html");
        }
    }

    static void writeReport(Console console, Path report, Split split, List<RunResult> results) throws IOException {
        if (report != null) {
            Report.write(report, Splits.name(split), results);
            console.note("the report is %s", report);
        }
    }

    static RunResult evaluate(Console console, RunFolder folder, TrainedField field, List<View> views, Lpips lpips,
            boolean pictures) throws IOException {
        try (Progress progress = new Progress(console, "evaluating", views.size(), 0, " views")) {
            return RunResult.of(folder, field, views, lpips, pictures, shown(progress, views.size()));
        }
    }

    /** What shows how evaluation goes. */
    static Evaluation.Listener shown(Progress progress, int views) {
        DoubleSummaryStatistics psnr = new DoubleSummaryStatistics();
        return (view, truth, rendering) -> {
            psnr.accept(view.psnr());
            progress.update((double) psnr.getCount() / views, psnr.getCount(),
                    Console.text("mean PSNR %.2f dB", psnr.getAverage()));
        };
    }

    private static void table(Console console, Evaluation evaluation) {
        int width = evaluation.views().stream().mapToInt(view -> view.name().length()).max().orElse(0);
        boolean lpips = evaluation.lpips() != null;
        String row = "%-" + Math.max(4, width) + "s  %7.3f  %6.4f  %7s  %s%7.3f";
        console.result("%-" + Math.max(4, width) + "s  %7s  %6s  %7s  %s%7s", "view", "PSNR", "SSIM", "MS-SSIM",
                lpips ? " LPIPS  " : "", "seconds");
        for (ViewQuality view : evaluation.views()) {
            console.result(row, view.name(), view.psnr(), view.ssim(), optional(view.msSsim()),
                    lpips ? optional(view.lpips()) + "  " : "", view.seconds());
        }
        console.result(row, "mean", evaluation.psnr(), evaluation.ssim(), optional(evaluation.msSsim()),
                lpips ? optional(evaluation.lpips()) + "  " : "",
                evaluation.seconds() / evaluation.views().size());
        console.result("%d views in %s, %s rays/s", evaluation.views().size(),
                Progress.duration(evaluation.seconds()), Progress.count(evaluation.raysPerSecond()));
    }

    static String optional(Double value) {
        return value == null ? "-" : Console.text("%.4f", value);
    }

    private Map<String, Object> json(TrainedField field, Evaluation evaluation) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("psnr", evaluation.psnr());
        json.put("ssim", evaluation.ssim());
        if (evaluation.msSsim() != null) {
            json.put("msSsim", evaluation.msSsim());
        }
        if (evaluation.lpips() != null) {
            json.put("lpips", evaluation.lpips());
        }
        json.put("split", Splits.name(split));
        json.put("recipe", field.config().recipe());
        json.put("scene", field.config().scene().toString());
        json.put("device", field.device().type());
        json.put("steps", field.header().step());
        json.put("trainSeconds", field.header().trainSeconds());
        json.put("firstStepAfterResume", field.header().firstStepAfterResume());
        json.put("parametersSha256", field.parametersSha256());
        json.put("background", field.config().background());
        json.put("seconds", evaluation.seconds());
        json.put("raysPerSecond", evaluation.raysPerSecond());
        json.put("views", evaluation.views());
        return json;
    }
}
