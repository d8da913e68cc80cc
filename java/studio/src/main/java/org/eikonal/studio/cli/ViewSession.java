package org.eikonal.studio.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import org.eikonal.studio.recipe.Recipe;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.run.TrainingPlan;
import org.eikonal.studio.view.ViewAddress;
import org.eikonal.studio.view.Viewer;

/**
 * Trains with a page to look at, or only looks; until Ctrl-C.
 *
 * @param browser whether to open the system's browser, where there is one
 */
record ViewSession(Console console, TrainingSession session, ViewAddress at, boolean browser) {
    /** Trains, shows what comes out, and trains on whenever somebody asks for it. */
    int train(Recipe recipe, RunOptions options, boolean resume, boolean tensorboard) throws IOException {
        return run(session.plan(recipe, options, resume), options, true, tensorboard);
    }

    /** Shows a run as it is. */
    int look(RunOptions options) throws IOException {
        return run(session.plan(null, options, true), options, false, false);
    }

    private int run(TrainingPlan first, RunOptions options, boolean training, boolean tensorboard) throws IOException {
        RunConfig config = first.config();
        RunFolder folder = session.folder();
        // The interruption outlives the viewer, and this the field, so that all come to their ends.
        try (Interruption interruption = new Interruption();
                Viewer viewer = new Viewer(session.scene(), folder, config, device -> DeviceText.of(
                        DeviceText.facts(device)), at, interruption::isRequested)) {
            console.result("viewer: %s", viewer.link());
            if (browser) {
                open(viewer.link());
            }
            TrainingPlan plan = first;
            boolean train = training;
            while (true) {
                if (train) {
                    session.with(viewer).train(plan, tensorboard);
                }
                if (interruption.isRequested()) {
                    return Main.INTERRUPTED;
                }
                double fraction;
                try (TrainedField field = TrainedField.open(folder, options.device())) {
                    fraction = fraction(field);
                    console.note("%s; Ctrl-C ends", fraction < 1 ? "the run is stopped" : "the run is at its end");
                    train = viewer.serve(field, fraction);
                }
                if (!train) {
                    return Main.INTERRUPTED;
                }
                plan = session.plan(null, fraction < 1
                        ? new RunOptions(options.device(), options.threads(), null, null, null, List.of())
                        : longer(options, folder.config(), config), true);
            }
        }
    }

    private static double fraction(TrainedField field) {
        RunConfig config = field.config();
        return Math.min(1, config.steps().isPresent()
                ? (double) field.header().step() / config.steps().getAsLong()
                : field.header().trainSeconds() / config.seconds().getAsDouble());
    }

    /** A run that is at its end goes on for as long as it was to be in the beginning. */
    private static RunOptions longer(RunOptions options, RunConfig now, RunConfig first) {
        Long steps = now.steps().isEmpty() ? null : (Long) (now.steps().getAsLong() + first.steps().orElse(1000));
        Double seconds = now.seconds().isEmpty() ? null
                : (Double) (now.seconds().getAsDouble() + first.seconds().orElse(RunConfig.DEFAULT_SECONDS));
        return new RunOptions(options.device(), options.threads(), null, steps, seconds, List.of());
    }

    /** By the desktop's own opener: java.awt.Desktop would need a JVM that is not headless, and GTK. */
    private static void open(String link) {
        if (System.getenv("DISPLAY") == null && System.getenv("WAYLAND_DISPLAY") == null) {
            return;
        }
        try {
            new ProcessBuilder("xdg-open", link).redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            // There is none: the link is on the terminal.
        }
    }
}
