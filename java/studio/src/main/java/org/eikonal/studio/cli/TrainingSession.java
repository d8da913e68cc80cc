package org.eikonal.studio.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.eikonal.Device;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.recipe.Recipe;
import org.eikonal.studio.recipe.Recipes;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TensorBoardLog;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.run.Training;
import org.eikonal.studio.run.TrainingPlan;
import org.eikonal.studio.run.TrainingProgress;
import org.eikonal.studio.scene.PhotoMemory;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import org.eikonal.studio.view.Viewer;

/**
 * Trains a run from its start or its last checkpoint, and says how it goes.
 *
 * @param goOn what goes on with a run that was stopped, such as "the same command"
 * @param viewer lets people look while it trains; null: nobody does
 */
record TrainingSession(Console console, Scene scene, RunFolder folder, String goOn, Viewer viewer) {
    TrainingSession(Console console, Scene scene, RunFolder folder, String goOn) {
        this(console, scene, folder, goOn, null);
    }

    /** The same with somebody who looks. */
    TrainingSession with(Viewer looking) {
        return new TrainingSession(console, scene, folder, goOn, looking);
    }

    /**
     * What {@link #train} is to train.
     *
     * @param recipe null: the one of the run, or the usual one
     * @throws RunException if there is a run already, but for {@code resume}
     * @throws ConfigException if the options can't be meant
     */
    TrainingPlan plan(Recipe recipe, RunOptions options, boolean resume) throws IOException {
        return resume ? TrainingPlan.resume(folder, scene, recipe, options)
                : TrainingPlan.start(folder, scene, recipe == null ? Recipes.usual() : recipe, options);
    }

    /**
     * @param tensorboard whether TensorBoard's files are written, too
     * @return whether the end was reached; false after Ctrl-C, or if a viewer asked to stop
     */
    boolean train(TrainingPlan plan, boolean tensorboard) throws IOException {
        long step = plan.checkpoint().map(checkpoint -> checkpoint.header().step()).orElse(0L);
        try (TensorBoardLog board = tensorboard ? new TensorBoardLog(folder, step) : null) {
            boolean finished = train(plan, board);
            if (finished && board != null) {
                heldOut(board);
            }
            return finished;
        }
    }

    private void heldOut(TensorBoardLog board) throws IOException {
        List<View> views = scene.views(scene.views(Split.TEST).isEmpty() ? Split.VAL : Split.TEST);
        if (!views.isEmpty()) {
            try (TrainedField field = TrainedField.open(folder);
                    Progress progress = new Progress(console, "evaluating", views.size(), 0, " views")) {
                board.heldOut(field, views, EvalCommand.shown(progress, views.size()));
            }
        }
    }

    private boolean train(TrainingPlan plan, TensorBoardLog board) throws IOException {
        describeScene();
        describeMemory(plan.config());
        long start = System.nanoTime();
        try (Device device = plan.openDevice()) {
            console.note("device: %s", DeviceText.of(device));
            try (Training training = plan.openTraining(device)) {
                // Only now is anything written: whatever can't be meant has failed by here.
                console.note("loaded in %s; %s", Progress.duration((System.nanoTime() - start) / 1e9),
                        plan.checkpoint().isPresent() ? "going on from step " + training.step()
                                : plan.again() ? "there is no checkpoint yet, starting anew" : "training");
                return run(training, plan.config(), board);
            }
        }
    }

    private void describeScene() {
        String skipped = scene.skipped().isEmpty() ? ""
                : ", " + scene.skipped().size() + " skipped (eikonal scene says why)";
        console.note("scene: %s, %d views to train on, %d val, %d test%s", scene.name(),
                scene.views(Split.TRAIN).size(), scene.views(Split.VAL).size(), scene.views(Split.TEST).size(),
                skipped);
    }

    private void describeMemory(RunConfig config) {
        List<View> photos = scene.views(Split.TRAIN);
        if (config.residentPhotos() > 0 && config.residentPhotos() < photos.size()) {
            console.note("photos: %d of %.2f GB in all; %d stay in memory at a time (resident_photos), and take turns",
                    photos.size(), PhotoMemory.of(photos) / 1e9, config.residentPhotos());
        }
    }

    private boolean run(Training training, RunConfig config, TensorBoardLog board) throws IOException {
        boolean bySteps = config.steps().isPresent();
        long total = bySteps ? config.steps().getAsLong() : Math.max(1, Math.round(config.seconds().getAsDouble()));
        long done = bySteps ? training.step() : (long) training.seconds();
        if (training.isDone()) {
            console.note("the run is at its end: %d steps in %s; more --steps or --seconds make it longer",
                    training.step(), Progress.duration(training.seconds()));
            return true;
        }
        try (Interruption interruption = new Interruption()) {
            boolean finished;
            try (Progress progress = new Progress(console, "training", total, done, bySteps ? " steps" : " s")) {
                Consumer<TrainingProgress> listener = state -> {
                    progress.update(state.fraction(), bySteps ? state.step() : Math.round(state.seconds()),
                            details(state));
                    if (viewer != null) {
                        viewer.progress(state);
                    }
                };
                finished = training.run(folder, board == null ? listener : listener.andThen(board),
                        () -> !interruption.isRequested() && (viewer == null || viewer.between(training)));
            }
            if (finished) {
                console.note("trained %d steps in %s", training.step(), Progress.duration(training.seconds()));
            } else {
                console.note("stopped at step %d after %s of training; the run is saved in %s, and %s goes on",
                        training.step(), Progress.duration(training.seconds()), folder.path(), goOn);
            }
            return finished;
        }
    }

    private static String details(TrainingProgress state) {
        String psnr = state.trainPsnr() == null ? "" : Console.text(", train PSNR %.1f dB", state.trainPsnr());
        return Console.text("%s rays/s, loss %.5f%s", Progress.count(state.raysPerSecond()), state.loss(), psnr);
    }

    /** The run's folder if none is named. */
    static RunFolder folder(Path named, Scene scene, Recipe recipe) {
        String usual = (recipe == null ? Recipes.usual() : recipe).name();
        return new RunFolder(named != null ? named : Path.of("runs", scene.name(), usual));
    }
}
