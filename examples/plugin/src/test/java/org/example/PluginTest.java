package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.eikonal.Pose;
import org.eikonal.studio.cli.Main;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.recipe.Recipe;
import org.eikonal.studio.recipe.Recipes;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.View;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program with this module's jar on its class path. */
class PluginTest {
    @TempDir
    static Path folder;

    private record Program(int code, String out, String err) {}

    private static Program eikonal(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] texts = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
        int code = Main.run(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), texts);
        return new Program(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The demo scene with its poses in cameras.csv alone. */
    @BeforeAll
    static void makeScene() throws IOException {
        DemoScene.write(folder, 24, 1, 48);
        List<String> lines = new ArrayList<>();
        for (View view : Scenes.open(folder).views()) {
            Pose pose = view.camera().pose();
            double[] eye = pose.position();
            lines.add(String.format(Locale.ROOT, "%s,%s,%s,%s,%s,%s,%s,%s",
                    folder.toRealPath().relativize(view.image()), eye[0], eye[1], eye[2], eye[0] - pose.at(0, 2), eye[1] - pose.at(1, 2), eye[2] - pose.at(2, 2),
                    Math.toDegrees(2 * Math.atan(24 / view.camera().fx()))));
        }
        lines.add("gone.png,0,0,0,1,0,0,40");
        Files.delete(folder.resolve("transforms_train.json"));
        Files.delete(folder.resolve("transforms_test.json"));
        Files.write(folder.resolve("cameras.csv"), lines);
    }

    @Test
    void theRecipeIsListed() {
        assertEquals(List.of("instant-ngp", "hash-and-frequency"), Recipes.all().stream().map(Recipe::name).toList());
        String help = eikonal("train", "--help").out().replaceAll("\\s+", " ");
        assertTrue(help.contains("How to make the field: instant-ngp, hash-and-frequency"), help);
        assertTrue(eikonal("info").out().contains("recipe        hash-and-frequency: a hash grid for details"));
        Program wrong = eikonal("train", folder, "--recipe", "hash");
        assertEquals(Main.USAGE, wrong.code());
        assertTrue(wrong.err().contains("unknown recipe \"hash\"; known are instant-ngp, hash-and-frequency"),
                wrong.err());
    }

    @Test
    void theFormatIsRead() {
        Scene scene = Scenes.open(folder);
        assertEquals("cameras.csv", scene.format());
        assertEquals(25, scene.views().size());
        assertEquals("gone.png", scene.skipped().get(0).name());
    }

    @Test
    void aWrongLineIsNamed(@TempDir Path other) throws IOException {
        Files.copy(folder.resolve("train/r_0.png"), other.resolve("a.png"));
        for (String[] wrong : new String[][] {
            {"a.png,0,0,0", "write path,x,y,z,x,y,z,degrees"},
            {"a.png,0,0,zero,1,0,0,40", "For input string: \"zero\""},
            {"../a.png,0,0,0,1,0,0,40", "it leads out of the scene folder"},
            {"a.png,0,0,0,1,0,0,200", "focal"},
        }) {
            Files.write(other.resolve("cameras.csv"), List.of(wrong[0]));
            Program said = eikonal("scene", other);
            assertEquals(Main.FAILED, said.code(), said.out());
            assertTrue(said.err().contains("cameras.csv: line 1 is " + wrong[0]), said.err());
            assertTrue(said.err().contains(wrong[1]), said.err());
        }
    }

    @Test
    void theProgramTrainsWithBoth() throws IOException {
        Path run = folder.resolve("run");
        Program trained = eikonal("train", folder, "--recipe", "hash-and-frequency", "--run", run, "--steps", 250,
                "--set", "samples_per_step=8192", "--set", "encoding.nested=" + nested());
        assertEquals(Main.OK, trained.code(), trained.err());
        Program evaluated = eikonal("eval", run, "--json");
        JsonNode json = new ObjectMapper().readTree(evaluated.out());
        assertEquals("hash-and-frequency", json.get("recipe").asText());
        assertTrue(json.get("psnr").asDouble() > 16, evaluated.out());
        JsonNode config = new ObjectMapper().readTree(run.resolve("config.json").toFile());
        assertEquals("Frequency", config.at("/encoding/nested/1/otype").asText());
        assertEquals(3, config.at("/encoding/nested/1/n_frequencies").asInt());
    }

    /** Parts of a composite are an array, which --set replaces as a whole. */
    private static String nested() {
        return "[{\"dims_to_encode_begin\": 0, \"n_dims_to_encode\": 3, \"otype\": \"HashGrid\", \"n_levels\": 8,"
                + " \"log2_hashmap_size\": 14}, {\"dims_to_encode_begin\": 0, \"n_dims_to_encode\": 3,"
                + " \"otype\": \"Frequency\", \"n_frequencies\": 3}]";
    }
}
