package org.eikonal.studio.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RecipesTest {
    @Test
    void everyRecipeIsFoundByItsNameAndSaysWhatItIs() {
        for (Recipe recipe : Recipes.all()) {
            assertSame(recipe, Recipes.named(recipe.name()));
            assertFalse(recipe.description().isBlank());
            assertFalse(recipe.description().contains("\n"));
        }
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        ConfigException e = assertThrows(ConfigException.class, () -> Recipes.named("instant-gnp"));
        assertEquals("unknown recipe \"instant-gnp\"; known are instant-ngp", e.getMessage());
    }
}
