package org.eikonal.studio.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eikonal.studio.scene.Scene;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    private record Other(String name) implements Recipe {
        @Override
        public String description() {
            return "another one";
        }

        @Override
        public Settings settings(Scene scene, RunOptions options) {
            return new Settings(scene).samplesPerStep(1);
        }
    }

    @Test
    void twoOfOneNameAreRefusedWithTheirJars() {
        ConfigException e = assertThrows(ConfigException.class,
                () -> Recipes.checked(List.of(new InstantNgp(), new Other("other"), new Other("instant-ngp"))));
        assertTrue(e.getMessage().matches("two recipes are called instant-ngp: those of /.*/classes/"
                + " \\(org\\.eikonal\\.studio\\.recipe\\.InstantNgp\\) and /.*/test-classes/"
                + " \\(org\\.eikonal\\.studio\\.recipe\\.RecipesTest\\$Other\\); take one of them away"),
                e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../up", "Upper", "a b", "a-", "é"})
    void aNameIsOneThatAFolderCanHave(String name) {
        ConfigException e =
                assertThrows(ConfigException.class, () -> Recipes.checked(List.of(new Other(name))));
        assertTrue(e.getMessage().contains("is called \"" + name + "\"; a name has lower-case letters"),
                e.getMessage());
    }

    @Test
    void aRecipeThatForgetsASettingIsNamed() {
        ConfigException e = assertThrows(ConfigException.class,
                () -> RunConfig.resolve(new Other("other"), TestScenes.of(1), RunOptions.steps(1)));
        assertEquals("recipe other (org.eikonal.studio.recipe.RecipesTest$Other) sets no encoding; its settings must",
                e.getMessage());
    }

    /** A jar that names a class which is not there. */
    @Test
    void aBrokenJarIsToldInOneLine(@TempDir Path folder) throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(Recipe.class.getName()), "org.example.Gone\n");
        List<URL> urls = new ArrayList<>(List.of(folder.toUri().toURL()));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), null)) {
            Class<?> recipes = loader.loadClass(Recipes.class.getName());
            Throwable e = assertThrows(InvocationTargetException.class,
                    () -> recipes.getMethod("all").invoke(null)).getCause();
            assertEquals(ConfigException.class.getName(), e.getClass().getName());
            assertTrue(e.getMessage().contains("Provider org.example.Gone not found; mend its jar"), e.getMessage());
        }
    }
}
