package org.eikonal.studio.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eikonal.Device;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.recipe.Recipe;
import org.eikonal.studio.recipe.Recipes;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.recipe.Settings;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program calls to train and to go on. */
class TrainingPlanTest {
    private static final Recipe OTHER = new Recipe() {
        @Override
        public String name() {
            return "other";
        }

        @Override
        public String description() {
            return "the usual one under another name";
        }

        @Override
        public Settings settings(Scene of, RunOptions options) {
            return Recipes.usual().settings(of, options);
        }
    };

    @TempDir
    Path folder;

    private Scene scene;
    private RunFolder run;

    @BeforeEach
    void makeScene() throws IOException {
        DemoScene.write(folder.resolve("scene"), 4, 1, 16);
        scene = Scenes.open(folder.resolve("scene"));
        run = new RunFolder(folder.resolve("run"));
    }

    private static RunOptions steps(long steps) {
        return RunOptions.steps(steps, "encoding.n_levels=4", "encoding.log2_hashmap_size=10", "samples_per_step=4096",
                "occupancy.resolution=16").withDevice("cpu");
    }

    /** @return the step before and the step after */
    private static long[] train(TrainingPlan plan) throws IOException {
        try (Device device = plan.openDevice(); Training training = plan.openTraining(device)) {
            long before = training.step();
            training.run(plan.folder(), progress -> {}, () -> true);
            return new long[] {before, training.step()};
        }
    }

    @Test
    void aRunBeginsOnceAndGoesOn() throws IOException {
        TrainingPlan first = TrainingPlan.resume(run, scene, OTHER, steps(5).withSeed(3));
        assertFalse(first.again());
        assertFalse(run.exists(), "a plan writes nothing");
        assertEquals(5, train(first)[1]);
        assertThrows(RunException.class, () -> TrainingPlan.start(run, scene, OTHER, steps(5)));
        TrainingPlan second = TrainingPlan.resume(run, scene, null, steps(9));
        assertEquals("other", second.config().recipe(), "its recipe need not be at hand");
        assertEquals(3, second.config().seed());
        long[] steps = train(second);
        assertEquals(5, steps[0]);
        assertEquals(9, steps[1]);
    }

    @Test
    void aRunIsOfOneSceneAndOneRecipe() throws IOException {
        train(TrainingPlan.start(run, scene, OTHER, steps(2)));
        ConfigException recipe = assertThrows(ConfigException.class,
                () -> TrainingPlan.resume(run, scene, Recipes.usual(), steps(3)));
        assertTrue(recipe.getMessage().startsWith("the run was made with recipe other, not instant-ngp"),
                recipe::getMessage);
        DemoScene.write(folder.resolve("second"), 2, 1, 16);
        Scene second = Scenes.open(folder.resolve("second"));
        RunException other = assertThrows(RunException.class, () -> TrainingPlan.resume(run, second, null, steps(3)));
        assertTrue(other.getMessage().contains("/run: this run trains the scene "), other::getMessage);
    }

    @Test
    void whatTheEngineRefusesOfARunIsToldWithItsFile() throws IOException {
        train(TrainingPlan.start(run, scene, OTHER, steps(2)));
        Files.delete(run.checkpointFile()); // it belongs to the configuration as it was
        String json = Files.readString(run.configFile());
        Files.writeString(run.configFile(), json.replace("\"otype\" : \"Huber\"", "\"otype\" : \"Hubert\""));
        TrainingPlan loss = TrainingPlan.resume(run, scene, null, RunOptions.steps(3));
        try (Device device = loss.openDevice()) {
            ConfigException e = assertThrows(ConfigException.class, () -> loss.openTraining(device));
            assertTrue(e.getMessage().startsWith(run.configFile() + ": ") && e.getMessage().contains("Hubert"),
                    e::getMessage);
        }
        Files.writeString(run.configFile(), json.replace("\"precision\" : \"auto\"", "\"precision\" : \"fp8\""));
        TrainingPlan precision = TrainingPlan.resume(run, scene, null, RunOptions.steps(3));
        ConfigException e = assertThrows(ConfigException.class, precision::openDevice);
        assertTrue(e.getMessage().startsWith(run.configFile() + ": ") && e.getMessage().contains("fp8"), e::getMessage);
    }
}
