package org.eikonal.studio.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import org.junit.jupiter.api.Test;

class InstantNgpTest {
    private final Recipe recipe = Recipes.named("instant-ngp");

    @Test
    void aSmallBoxHasOneCascadeEqualStepsAndSmallTables() {
        ObjectNode settings = settings(TestScenes.of(1), RunOptions.seconds(60));
        assertEquals(1, settings.at("/occupancy/cascades").asInt());
        assertEquals(0, settings.at("/sampler/cone_angle").asDouble());
        assertEquals(17, settings.at("/encoding/log2_hashmap_size").asInt());
        assertEquals(32768, settings.at("/samples_per_step").asInt());
        within(2048, finest(settings));
        assertEquals(4, settings.at("/rays_per_pixel").asInt());
        assertEquals(0, settings.at("/distortion_loss_mult").asDouble(-1));
        assertEquals(2, settings.at("/supersampling").asInt());
    }

    @Test
    void aLargeBoxHasCascadesGrowingStepsAndCellsAsFine() {
        ObjectNode settings = settings(TestScenes.of(16), RunOptions.seconds(60));
        assertEquals(5, settings.at("/occupancy/cascades").asInt());
        assertEquals(1.0 / 128, settings.at("/sampler/cone_angle").asDouble());
        assertEquals(18, settings.at("/encoding/log2_hashmap_size").asInt());
        assertEquals(32768, settings.at("/samples_per_step").asInt());
        within(2048 * 16, finest(settings));
        assertEquals(1e-3, settings.at("/distortion_loss_mult").asDouble());
        assertEquals(0, settings.at("/depth_loss_mult").asDouble(-1));
        assertEquals(1, settings.at("/rays_per_pixel").asInt());
        assertEquals(1, settings.at("/supersampling").asInt());
    }

    @Test
    void longRunsOfLargeBoxesHaveLargerTables() {
        assertEquals(19, table(16, RunOptions.seconds(240)));
        assertEquals(18, table(16, RunOptions.seconds(239)));
        assertEquals(19, table(16, RunOptions.steps(16_000)));
        assertEquals(18, table(16, RunOptions.steps(15_999)));
        assertEquals(17, table(1, RunOptions.seconds(240)));
    }

    private ObjectNode settings(Scene scene, RunOptions options) {
        return recipe.settings(scene, options).json(recipe);
    }

    private int table(int side, RunOptions options) {
        return settings(TestScenes.of(side), options).at("/encoding/log2_hashmap_size").asInt();
    }

    /** A camera 4 units away, a unit being a quarter of the cube, sees a pixel 1/focal wide at the cube's centre. */
    @Test
    void theFinestCellsAreAFractionOfAPixel() {
        Pose pose = new Pose(1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, -1 + 4);
        for (int focal : new int[] {150, 300, 600}) {
            Scene none = TestScenes.of(2);
            View view = new View("1.png", Path.of("/data/photos/1.png"), Camera.perspective(100, 100, focal, pose),
                    Split.TRAIN);
            Scene scene = new Scene(none.name(), none.folder(), none.format(), List.of(view), none.cube(),
                    none.points(), List.of());
            within(2.5 * focal * 2, finest(settings(scene, RunOptions.seconds(60))));
        }
    }

    /** To the nearest level. */
    private static void within(double expected, double finest) {
        assertEquals(0, Math.log(finest / expected), 0.5 * Math.log(1.49), () -> finest + " for " + expected);
    }

    private static double finest(ObjectNode settings) {
        int levels = settings.at("/encoding/n_levels").asInt();
        return settings.at("/encoding/base_resolution").asInt()
                * Math.pow(settings.at("/encoding/per_level_scale").asDouble(), levels - 1);
    }
}
