package org.eikonal.studio.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class InstantNgpTest {
    private final Recipe recipe = Recipes.named("instant-ngp");

    @Test
    void aSmallBoxHasOneCascadeEqualStepsAndSmallTables() {
        ObjectNode settings = recipe.settings(TestScenes.of(1));
        assertEquals(1, settings.at("/occupancy/cascades").asInt());
        assertEquals(0, settings.at("/sampler/cone_angle").asDouble());
        assertEquals(17, settings.at("/encoding/log2_hashmap_size").asInt());
        assertEquals(32768, settings.at("/samples_per_step").asInt());
        assertEquals(2048, finest(settings), 0.01);
    }

    @Test
    void aLargeBoxHasCascadesGrowingStepsAndCellsAsFine() {
        ObjectNode settings = recipe.settings(TestScenes.of(16));
        assertEquals(5, settings.at("/occupancy/cascades").asInt());
        assertEquals(1.0 / 128, settings.at("/sampler/cone_angle").asDouble());
        assertEquals(18, settings.at("/encoding/log2_hashmap_size").asInt());
        assertEquals(32768, settings.at("/samples_per_step").asInt());
        assertEquals(2048 * 16, finest(settings), 0.1);
    }

    private static double finest(ObjectNode settings) {
        int levels = settings.at("/encoding/n_levels").asInt();
        return settings.at("/encoding/base_resolution").asInt()
                * Math.pow(settings.at("/encoding/per_level_scale").asDouble(), levels - 1);
    }
}
