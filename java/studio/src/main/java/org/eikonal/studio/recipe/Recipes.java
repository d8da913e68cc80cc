package org.eikonal.studio.recipe;

import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The recipes there are: ours, and those that jars on the class path add. Thread-safe. */
public final class Recipes {
    private static volatile List<Recipe> found;

    private Recipes() {}

    /** @return what is taken where nobody names a recipe */
    public static Recipe usual() {
        return all().get(0);
    }

    /**
     * All recipes.
     *
     * @return every recipe, the usual one first
     * @throws ConfigException naming the jar, or both, if one of them holds a recipe that can't be used
     */
    public static List<Recipe> all() {
        if (found == null) {
            List<Recipe> recipes = new ArrayList<>(List.of(new InstantNgp()));
            try {
                ServiceLoader.load(Recipe.class, Recipes.class.getClassLoader()).forEach(recipes::add);
            } catch (ServiceConfigurationError e) {
                throw new ConfigException("a recipe on the class path can't be used: " + e.getMessage()
                        + "; mend its jar, or take that away");
            }
            found = checked(recipes);
        }
        return found;
    }

    /** The same recipes, whose names are apart. */
    static List<Recipe> checked(List<Recipe> recipes) {
        Map<String, Recipe> byName = new LinkedHashMap<>();
        for (Recipe recipe : recipes) {
            if (recipe.name() == null || !recipe.name().matches("[a-z0-9]+(-[a-z0-9]+)*")) {
                throw new ConfigException("the recipe of " + origin(recipe) + " is called \"" + recipe.name()
                        + "\"; a name has lower-case letters, digits and hyphens: mend it, or take its jar away");
            }
            Recipe other = byName.putIfAbsent(recipe.name(), recipe);
            if (other != null) {
                throw new ConfigException("two recipes are called " + recipe.name() + ": those of " + origin(other)
                        + " and " + origin(recipe) + "; take one of them away");
            }
        }
        return List.copyOf(byName.values());
    }

    private static String origin(Recipe recipe) {
        CodeSource source = recipe.getClass().getProtectionDomain().getCodeSource();
        String jar = source == null ? "the class path" : source.getLocation().getPath();
        return jar + " (" + recipe.getClass().getName() + ")";
    }

    /**
     * Finds a recipe.
     *
     * @throws ConfigException listing the known ones, if there is none of that name
     */
    public static Recipe named(String name) {
        return all().stream().filter(recipe -> recipe.name().equals(name)).findFirst().orElseThrow(() ->
                new ConfigException("unknown recipe \"" + name + "\"; known are "
                        + String.join(", ", all().stream().map(Recipe::name).toList())));
    }
}
