package org.eikonal.studio.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.eikonal.studio.quality.Lpips;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.report.RunResult;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code eikonal compare}: runs of one scene, side by side. */
@Command(name = "compare", sortOptions = false,
        description = {"Measures several runs on the same held-out photos.", "",
            "The runs are of one scene and have one background, since their figures could not be compared otherwise."
                    + " Figures are those of eikonal eval; the time is what it takes to render a view.", "",
            "--report writes one HTML file that needs nothing else: the curves of all runs, every view as all of them"
                    + " show it, a slider to compare any two, and the settings in which the runs differ.", ""},
        footer = {"",
            "Examples:",
            "  eikonal compare runs/photos/instant-ngp runs/photos/second",
            "  eikonal compare runs/photos/* --report compare.html"})
final class CompareCommand implements Callable<Integer> {
    private static final int MOST_RUNS = 32;

    private final Console console;

    @Parameters(paramLabel = "RUN", arity = "2..*", description = "Folders of the runs, two and more.")
    private List<Path> runs;

    @Option(names = "--split", converter = Splits.class, defaultValue = "test", paramLabel = "NAME",
            description = "Which views: train, val or test (default: ${DEFAULT-VALUE}).")
    private Split split;

    @Option(names = "--report", paramLabel = "FILE.html",
            description = "Also write a page to look at (default: none).")
    private Path report;

    @Option(names = "--device", paramLabel = "NAME",
            description = "Where to compute: auto, cpu, cuda or cuda:N (default: each run's device).")
    private String device;

    @Mixin
    private LpipsOption lpips;

    CompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        EvalCommand.requireFile(report);
        List<View> views = Splits.views(Scenes.open(requireComparable()), split);
        List<RunResult> results = new ArrayList<>();
        try (Lpips distance = lpips.open()) {
            for (Path run : runs) {
                RunFolder folder = new RunFolder(run);
                try (TrainedField field = TrainedField.open(folder, device)) {
                    console.note("%s, device: %s", run, DeviceText.of(field.device()));
                    results.add(EvalCommand.evaluate(console, folder, field, views, distance, report != null));
                }
            }
        }
        table(results);
        EvalCommand.writeReport(console, report, split, results);
        return Main.OK;
    }

    /** Refuses what can't be compared, before anything takes long. */
    private Path requireComparable() throws IOException {
        if (runs.size() > MOST_RUNS) {
            throw new ConfigException(runs.size() + " runs are too many to compare; " + MOST_RUNS + " is the limit");
        }
        RunConfig first = new RunFolder(runs.get(0)).config();
        for (Path run : runs) {
            RunConfig config = new RunFolder(run).config();
            if (!config.scene().equals(first.scene())) {
                throw new RunException(run + ": it is a run of the scene " + config.scene() + ", but " + runs.get(0)
                        + " is one of " + first.scene() + "; compare runs of one scene");
            }
            if (!Arrays.equals(config.background(), first.background())) {
                throw new RunException(run + ": its background is " + Arrays.toString(config.background()) + ", but"
                        + " that of " + runs.get(0) + " is " + Arrays.toString(first.background())
                        + ", so that their photos are not the same; compare runs of one background");
            }
        }
        return first.scene();
    }

    private void table(List<RunResult> results) {
        int name = Math.max(4, runs.stream().mapToInt(run -> run.toString().length()).max().orElse(0));
        int recipe = results.stream().mapToInt(result -> result.config().recipe().length()).max().orElse(0);
        String start = "%-" + name + "s  %-" + Math.max(6, recipe) + "s  ";
        console.result("scene %s, %d %s views", results.get(0).config().scene(),
                results.get(0).evaluation().views().size(), Splits.name(split));
        boolean measured = results.get(0).evaluation().lpips() != null;
        console.result(start + "%8s  %8s  %7s  %6s  %7s  %s%8s", "run", "recipe", "steps", "seconds", "PSNR", "SSIM",
                "MS-SSIM", measured ? " LPIPS  " : "", "s a view");
        for (RunResult result : results) {
            console.result(start + "%8d  %8.1f  %7.3f  %6.4f  %7s  %s%8.3f", result.name(), result.config().recipe(),
                    result.header().step(), result.header().trainSeconds(), result.evaluation().psnr(),
                    result.evaluation().ssim(), EvalCommand.optional(result.evaluation().msSsim()),
                    measured ? EvalCommand.optional(result.evaluation().lpips()) + "  " : "",
                    result.secondsPerView());
        }
    }
}
