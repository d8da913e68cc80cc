package org.eikonal.studio.recipe;

import java.util.List;
import java.util.stream.Collectors;

/** The recipes there are. */
public final class Recipes {
    private static final List<Recipe> ALL = List.of(new InstantNgp());

    private Recipes() {}

    /** @return every recipe, the usual one first */
    public static List<Recipe> all() {
        return ALL;
    }

    /**
     * Finds a recipe.
     *
     * @throws ConfigException listing the known ones, if there is none of that name
     */
    public static Recipe named(String name) {
        return ALL.stream().filter(recipe -> recipe.name().equals(name)).findFirst().orElseThrow(() ->
                new ConfigException("unknown recipe \"" + name + "\"; known are "
                        + ALL.stream().map(Recipe::name).collect(Collectors.joining(", "))));
    }
}
