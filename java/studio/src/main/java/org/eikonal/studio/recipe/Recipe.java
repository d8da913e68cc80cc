package org.eikonal.studio.recipe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eikonal.studio.scene.Scene;

/** A method of making a field from photos: which components, and how they are trained. Found in {@link Recipes}. */
public interface Recipe {
    /** @return what users call it, such as {@code "instant-ngp"} */
    String name();

    /** @return what it is good for, in one line */
    String description();

    /**
     * The recipe's settings for a scene: what {@code --set} addresses and {@link RunConfig} builds on.
     *
     * @param options what was asked for: long runs may learn finer things; its own settings are applied later
     * @return a new JSON object with every setting of {@link RunConfig} in it
     */
    ObjectNode settings(Scene scene, RunOptions options);
}
