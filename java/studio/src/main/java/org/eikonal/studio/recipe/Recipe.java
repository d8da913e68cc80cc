package org.eikonal.studio.recipe;

import org.eikonal.studio.scene.Scene;

/**
 * A method of making a field from photos: which components, and how they are trained. Recipes are found by {@link
 * java.util.ServiceLoader}, so that a jar on the class path adds its own by naming its class, which is public and has a
 * public constructor without parameters, in {@code META-INF/services/org.eikonal.studio.recipe.Recipe}. Thread-safe:
 * recipes have no state.
 *
 * <p>A recipe only chooses. What it chose stands in the run's {@code config.json}, which is all that is needed to go
 * on, evaluate, render and export: a run outlives its recipe.
 */
public interface Recipe {
    /**
     * The name.
     *
     * @return what users call it, such as {@code "instant-ngp"}: lower-case letters, digits and hyphens
     */
    String name();

    /** @return what it is good for, in one line */
    String description();

    /**
     * The recipe's settings for a scene: what {@code --set} addresses.
     *
     * @param scene its cameras and the modelled box; pixels are better left alone, since this is to be quick
     * @param options what was asked for: long runs may learn finer things; {@code --set} is applied later
     * @return new settings, complete
     */
    Settings settings(Scene scene, RunOptions options);
}
