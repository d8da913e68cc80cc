package org.eikonal.studio.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eikonal.Device;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.recipe.Recipes;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.run.Checkpoint;
import org.eikonal.studio.run.RunDevice;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.Training;
import org.eikonal.studio.run.TrainingProgress;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Split;

/**
 * Trains a run from its start or its last checkpoint, and says how it goes.
 *
 * @param goOn what goes on with a run that was stopped, such as "the same command"
 */
record TrainingSession(Console console, Scene scene, RunFolder folder, String goOn) {
    /**
     * @param recipe its name; null: the one of the run, or the usual one
     * @return whether the end was reached; false after Ctrl-C
     */
    boolean train(String recipe, RunOptions options, boolean resume) throws IOException {
        if (!resume) {
            folder.requireNew();
        }
        boolean again = resume && folder.exists();
        RunConfig config = again ? resumed(recipe, options)
                : RunConfig.resolve(recipe == null ? Recipes.all().get(0) : Recipes.named(recipe), scene, options);
        Optional<Checkpoint> checkpoint = again ? folder.checkpoint(config) : Optional.empty();
        describeScene();
        try {
            return train(config, checkpoint, again);
        } catch (IllegalArgumentException e) {
            // The engine names the setting; which file it comes from is ours to say.
            throw again && !(e instanceof ConfigException)
                    ? new ConfigException(folder.configFile() + ": " + e.getMessage()) : e;
        }
    }

    private boolean train(RunConfig config, Optional<Checkpoint> checkpoint, boolean again) throws IOException {
        long start = System.nanoTime();
        try (Device device = RunDevice.open(config)) {
            console.note("device: %s", DeviceText.of(device));
            try (Training training = new Training(device, config, scene)) {
                if (checkpoint.isPresent()) {
                    resume(training, checkpoint.get());
                } else if (again) {
                    training.resumeFromNothing();
                }
                // Only now is anything written: whatever can't be meant has failed by here.
                console.note("loaded in %s; %s", Progress.duration((System.nanoTime() - start) / 1e9),
                        checkpoint.isPresent()
                                ? "going on from step " + training.step()
                                : again ? "there is no checkpoint yet, starting anew" : "training");
                return run(training, config);
            }
        }
    }

    private void resume(Training training, Checkpoint checkpoint) {
        try {
            training.resume(checkpoint);
        } catch (RunException e) {
            throw new RunException(folder.checkpointFile() + ": " + e.getMessage());
        }
    }

    private RunConfig resumed(String recipe, RunOptions options) throws IOException {
        RunConfig saved = folder.config();
        if (!saved.scene().equals(scene.folder())) {
            throw new RunException(folder.path() + ": this run trains the scene " + saved.scene() + ", not "
                    + scene.folder() + "; choose another folder by --run");
        }
        if (recipe != null && !Recipes.named(recipe).name().equals(saved.recipe())) {
            throw new ConfigException("the run was made with recipe " + saved.recipe() + ", not " + recipe
                    + "; drop --recipe, or make another run with --run");
        }
        return saved.resumed(options);
    }

    private void describeScene() {
        String skipped = scene.skipped().isEmpty() ? ""
                : ", " + scene.skipped().size() + " skipped (eikonal scene says why)";
        console.note("scene: %s, %d views to train on, %d val, %d test%s", scene.name(),
                scene.views(Split.TRAIN).size(), scene.views(Split.VAL).size(), scene.views(Split.TEST).size(),
                skipped);
    }

    private boolean run(Training training, RunConfig config) throws IOException {
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
                finished = training.run(folder, state -> progress.update(state.fraction(),
                        bySteps ? state.step() : Math.round(state.seconds()), details(state)),
                        interruption::isRequested);
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
    static RunFolder folder(Path named, Scene scene, String recipe) {
        String usual = recipe == null ? Recipes.all().get(0).name() : Recipes.named(recipe).name();
        return new RunFolder(named != null ? named : Path.of("runs", scene.name(), usual));
    }
}
