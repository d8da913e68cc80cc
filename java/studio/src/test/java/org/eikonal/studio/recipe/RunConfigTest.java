package org.eikonal.studio.recipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.eikonal.studio.scene.UnitCube;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunConfigTest {
    private static RunConfig resolve(int aabbScale, RunOptions options) {
        return RunConfig.resolve(Recipes.usual(), TestScenes.of(aabbScale), options);
    }

    private static RunOptions on(String device, String... settings) {
        return new RunOptions(device, null, null, 1L, null, List.of(settings));
    }

    @Test
    void theResolvedDocumentSurvivesWritingAndReading() {
        RunConfig config = resolve(4, new RunOptions("cpu", 1, 7L, 100L, null, List.of("precision=fp32")));
        RunConfig read = RunConfig.parse(config.toJson(), "config.json");
        assertEquals(config.toJson(), read.toJson());
        assertEquals(config.sha256(), read.sha256());
        assertEquals("instant-ngp", read.recipe());
        assertEquals(Path.of("/data/photos"), read.scene());
        assertEquals(7, read.seed());
        assertEquals(OptionalLong.of(100), read.steps());
        assertEquals(OptionalDouble.empty(), read.seconds());
        assertArrayEquals(new float[] {1, 1, 1}, read.background());
        assertEquals(new UnitCube(0.25, 0.5, 0.25, 0.75, 4), read.unitCube());
        assertEquals("{\"threads\": 1, \"isa\": \"auto\", \"precision\": \"fp32\", \"deterministic\": false,"
                + " \"type\": \"cpu\", \"index\": 0}", read.device().toJson());
    }

    @Test
    void withoutStepsOrSecondsTheTimeIsLimited() {
        RunConfig config = resolve(1, new RunOptions(null, null, null, null, null, List.of()));
        assertEquals(OptionalDouble.of(RunConfig.DEFAULT_SECONDS), config.seconds());
        assertEquals(OptionalLong.empty(), config.steps());
    }

    @Test
    void aGpuIsChosenByItsIndex() {
        RunConfig config = resolve(1, on("cuda:3", "deterministic=true", "precision=fp16"));
        assertEquals("{\"threads\": 0, \"isa\": \"auto\", \"precision\": \"fp16\", \"deterministic\": true,"
                + " \"type\": \"cuda\", \"index\": 3}", config.device().toJson());
        assertTrue(config.asksForGpu());
        assertTrue(config.toJson().contains("\"device\" : \"cuda:3\""));
        assertFalse(resolve(1, on("auto")).asksForGpu());
    }

    @Test
    void aRunIsLookedAtOnOtherDevices() {
        RunConfig config = resolve(1, on("cuda", "precision=fp16"));
        assertEquals("{\"threads\": 0, \"isa\": \"auto\", \"precision\": \"fp16\", \"deterministic\": false,"
                + " \"type\": \"cuda\", \"index\": 1}", config.on("cuda:1").device().toJson());
        assertEquals("{\"threads\": 0, \"isa\": \"auto\", \"precision\": \"auto\", \"deterministic\": false,"
                + " \"type\": \"cpu\", \"index\": 0}", config.on("cpu").inDevicePrecision().device().toJson());
        assertThrows(ConfigException.class, () -> config.on("gpu"));
    }

    @Test
    void aRunFromBeforeThereWereGpusIsStillRead() {
        String json = resolve(1, RunOptions.steps(1)).toJson().replace("  \"deterministic\" : false,\n", "");
        assertFalse(json.contains("deterministic"));
        RunConfig read = RunConfig.parse(json, "config.json");
        assertTrue(read.device().toJson().contains("\"deterministic\": false"));
        assertEquals(json, read.toJson());
    }

    @Test
    void trainingHasARandomBackgroundUnlessToldOtherwise() {
        assertTrue(resolve(1, RunOptions.steps(1)).trainer().toJson().contains("\"background\": \"random\""));
        RunConfig black = resolve(1, RunOptions.steps(1, "random_background=false", "background=[0,0,0]"));
        assertTrue(black.trainer().toJson().contains("\"background\": [0, 0, 0]"));
        assertTrue(black.render().toJson().contains("\"background\": [0, 0, 0]"));
    }

    @Test
    void whoResumesMayChangeHowFarAndWhereButNotWhat() {
        RunConfig config = resolve(1, RunOptions.steps(100, "encoding.n_levels=8"));
        RunConfig more = config.resumed(new RunOptions("cpu", 1, 0L, null, 9.0, List.of("encoding.n_levels=8")));
        assertEquals(OptionalDouble.of(9), more.seconds());
        assertEquals(OptionalLong.empty(), more.steps());
        assertEquals(config.sha256(), more.sha256());

        ConfigException set = assertThrows(ConfigException.class,
                () -> config.resumed(RunOptions.steps(100, "encoding.n_levels=9")));
        assertTrue(set.getMessage().startsWith("the run was made with encoding.n_levels 8, not 9; drop"),
                set.getMessage());
        ConfigException seed = assertThrows(ConfigException.class,
                () -> config.resumed(new RunOptions(null, null, 1L, null, null, List.of())));
        assertTrue(seed.getMessage().startsWith("the run was made with seed 0, not 1"), seed.getMessage());
    }

    @Test
    void theLastValueOfAKeyCountsForWhoResumesToo() {
        RunOptions options = RunOptions.steps(100, "encoding.n_levels=8", "early_stop=0.01", "encoding.n_levels=9",
                "loss={\"otype\":\"Huber\",\"delta\":1}", "loss.delta=2");
        RunConfig config = RunConfig.parse(resolve(1, options).toJson(), "config.json");
        assertEquals(config.sha256(), config.resumed(options).sha256());
        ConfigException e = assertThrows(ConfigException.class,
                () -> config.resumed(RunOptions.steps(100, "encoding.n_levels=9", "encoding.n_levels=8")));
        assertTrue(e.getMessage().startsWith("the run was made with encoding.n_levels 9, not 8"), e.getMessage());
    }

    @Test
    void theHashIsOfWhatIsTrained() {
        String hash = resolve(1, RunOptions.steps(100)).sha256();
        assertEquals(hash, resolve(1, RunOptions.seconds(5)).sha256());
        assertNotEquals(hash, resolve(1, RunOptions.steps(100, "early_stop=0.01")).sha256());
        assertNotEquals(hash, resolve(1, new RunOptions(null, null, 1L, 100L, null, List.of())).sha256());
    }

    @Test
    void damagedTextIsToldInOneLine() {
        String json = resolve(1, RunOptions.steps(100)).toJson();
        for (int length = 0; length < json.length() - 2; length += 7) {
            String cut = json.substring(0, length);
            ConfigException e = assertThrows(ConfigException.class, () -> RunConfig.parse(cut, "config.json"));
            assertTrue(e.getMessage().startsWith("config.json: "), e.getMessage());
            assertFalse(e.getMessage().contains("\n"), e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"steps\" : 100               | \"steps\" : -1               | steps is -1",
        "\"steps\" : 100               | \"step\" : 100               | steps is missing",
        "\"steps\" : 100               | \"steps\" : 1e18             | steps is 1.0E18",
        "\"steps\" : 100               | \"steps\" : 99999999999999999999 | steps is 99999999999999999999",
        "\"seconds\" : null            | \"seconds\" : 5              | seconds is 5; one of steps and seconds",
        "\"seed\" : 0                  | \"seed\" : \"zero\"          | seed is \"zero\"",
        "\"seed\" : 0                  | \"seed\" : 1.5               | seed is 1.5; expected a whole number from 0 to",
        "\"seed\" : 0                  | \"seed\" : -1                | seed is -1; expected a whole number from 0 to",
        "\"threads\" : 0               | \"threads\" : 1e300          | threads is 1.0E300; expected a whole number",
        "\"threads\" : 0 | \"threads\" : 1025 | threads is 1025; expected a whole number from 0 to",
        "\"device\" : \"auto\" | \"device\" : \"cuda:x\" | device is \"cuda:x\"; it must be auto, cpu, cuda, or cuda:N",
        "\"deterministic\" : false | \"deterministic\" : 0 | deterministic is 0; expected a value of type boolean",
        "\"instant-ngp\" | 7 | recipe is 7; expected a value of type string",
        "\"/data/photos\" | \"photos\" | scene is \"photos\"; expected the absolute path",
        "\"/data/photos\" | \"/a\\u0000b\" | scene is \"/a\\u0000b\"; expected the absolute path",
        "[ 1.0, 1.0, 1.0 ]             | [ 1.0, 1.0, 2.0 ]            | background is [1.0,1.0,2.0]",
        "\"scale\" : 0.25 | \"scale\" : 0 | unit_cube.scale is 0; expected a number above 0",
        "\"scale\" : 0.25 | \"scale\" : \"1\" | unit_cube.scale is \"1\"; expected a number above 0",
        "\"scale\" : 0.25 | \"scale\" : 1e-300 | unit_cube.scale is 1.0E-300; it must be 1e-9 to 1e9",
        "\"offset\"                    | \"offsets\"                  | unit_cube.offset is missing",
        "\"cascades\" : 1              | \"cascades\" : 99            | occupancy.cascades is 99",
        "\"cascades\" : 1 | \"cascades\" : 1.5 | occupancy.cascades is 1.5; expected a whole number",
        "\"encoding\" :                | \"encodings\" :              | encoding is missing",
    })
    void aWrongFieldIsNamed(String text, String replacement, String message) {
        String json = resolve(1, RunOptions.steps(100)).toJson();
        assertTrue(json.contains(text));
        ConfigException e = assertThrows(ConfigException.class,
                () -> RunConfig.parse(json.replace(text, replacement), "config.json"));
        assertTrue(e.getMessage().startsWith("config.json: " + message), e.getMessage());
    }

    @Test
    void aRunOutlivesItsRecipe() {
        String json = resolve(1, RunOptions.steps(100)).toJson().replace("\"instant-ngp\"", "\"of-a-jar-elsewhere\"");
        assertEquals("of-a-jar-elsewhere", RunConfig.parse(json, "config.json").recipe());
    }

    @Test
    void optionsAreChecked() {
        assertThrows(ConfigException.class, () -> new RunOptions("gpu", null, null, null, null, List.of()));
        assertThrows(ConfigException.class, () -> new RunOptions(null, -1, null, null, null, List.of()));
        assertThrows(ConfigException.class, () -> new RunOptions(null, null, -1L, null, null, List.of()));
        assertThrows(ConfigException.class, () -> new RunOptions(null, null, null, 5L, 5.0, List.of()));
        assertThrows(ConfigException.class, () -> RunOptions.steps(0));
        assertThrows(ConfigException.class, () -> RunOptions.seconds(0));
        assertThrows(ConfigException.class, () -> RunOptions.seconds(Double.NaN));
    }
}
