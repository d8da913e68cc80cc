package org.eikonal.studio.run;

import java.io.IOException;
import java.util.Optional;
import org.eikonal.Device;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.recipe.Recipe;
import org.eikonal.studio.recipe.Recipes;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.scene.Scene;

/**
 * What a training begins with: a run's configuration, and the checkpoint that it goes on from. Made before anything is
 * written or takes long; whatever can't be meant fails here, or when device and training are opened.
 *
 * @param folder the run's
 * @param scene what it learns
 * @param config all that training depends on
 * @param checkpoint the last one, if there is one to go on from
 * @param again whether the folder holds the run already
 */
public record TrainingPlan(RunFolder folder, Scene scene, RunConfig config, Optional<Checkpoint> checkpoint,
        boolean again) {
    /**
     * Plans a new run.
     *
     * @throws RunException if there is a run in the folder
     * @throws ConfigException naming the setting that can't be meant
     */
    public static TrainingPlan start(RunFolder folder, Scene scene, Recipe recipe, RunOptions options) {
        folder.requireNew();
        return new TrainingPlan(folder, scene, RunConfig.resolve(recipe, scene, options), Optional.empty(), false);
    }

    /**
     * Plans to go on with the run of a folder from its last checkpoint, for all that are asked for in all, not for as
     * many once more; or a new run where there is none.
     *
     * @param recipe of the run; null: the one that it has, or the usual one
     * @throws RunException if the run is of another scene, or damaged
     * @throws ConfigException if it was made with another recipe, seed or settings
     */
    public static TrainingPlan resume(RunFolder folder, Scene scene, Recipe recipe, RunOptions options)
            throws IOException {
        if (!folder.exists()) {
            return start(folder, scene, recipe == null ? Recipes.usual() : recipe, options);
        }
        RunConfig saved = folder.config();
        if (!saved.scene().equals(scene.folder())) {
            throw new RunException(folder.path() + ": this run trains the scene " + saved.scene() + ", not "
                    + scene.folder() + "; choose another folder by --run");
        }
        if (recipe != null && !recipe.name().equals(saved.recipe())) {
            throw new ConfigException("the run was made with recipe " + saved.recipe() + ", not " + recipe.name()
                    + "; drop --recipe, or make another run with --run");
        }
        RunConfig config = saved.resumed(options);
        return new TrainingPlan(folder, scene, config, folder.checkpoint(config), true);
    }

    /**
     * Opens the run's device.
     *
     * @return the device, to be closed
     * @throws org.eikonal.DeviceUnavailableException if this machine has no such device
     */
    public Device openDevice() {
        try {
            return RunDevice.open(config);
        } catch (IllegalArgumentException e) {
            throw named(e);
        }
    }

    /**
     * Decodes the training photos into the device's memory, and makes the field, or takes it from the checkpoint.
     *
     * @param device must stay open
     * @return the training, to be run and closed
     * @throws IllegalArgumentException if the configuration can't be meant
     * @throws RunException if the checkpoint's tensors are not this field's
     * @throws IOException in one line, if a photo can't be decoded
     */
    public Training openTraining(Device device) throws IOException {
        try (Undo undo = new Undo()) {
            Training training = undo.add(new Training(device, config, scene));
            if (checkpoint.isPresent()) {
                resume(training, checkpoint.get());
            } else if (again) {
                training.resumeFromNothing();
            }
            undo.clear();
            return training;
        } catch (IllegalArgumentException e) {
            throw named(e);
        }
    }

    private void resume(Training training, Checkpoint from) {
        try {
            training.resume(from);
        } catch (RunException e) {
            throw new RunException(folder.checkpointFile() + ": " + e.getMessage());
        }
    }

    /** The engine names the setting; which file it comes from is ours to say. */
    private IllegalArgumentException named(IllegalArgumentException e) {
        return again && !(e instanceof ConfigException)
                ? new ConfigException(folder.configFile() + ": " + e.getMessage()) : e;
    }
}
