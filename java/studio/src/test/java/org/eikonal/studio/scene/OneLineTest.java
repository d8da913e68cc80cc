package org.eikonal.studio.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.run.RunException;
import org.junit.jupiter.api.Test;

/** What reaches a terminal is one line of characters to see, whichever exception brings it. */
class OneLineTest {
    private static final String HOSTILE = " a\r\n\tb\0c\u001b[31md\u009be\u202ef\ud800g \u00e4\u20ac\ud83d\ude00 ";
    private static final String HARMLESS = "a b?c?[31md?e?f?g \u00e4\u20ac\ud83d\ude00";

    @Test
    void noCharacterOfAFileControlsTheTerminal() {
        assertEquals(HARMLESS, OneLine.of(HOSTILE));
        assertEquals(HARMLESS, new RunException(HOSTILE).getMessage());
        assertEquals(HARMLESS, new ConfigException(HOSTILE).getMessage());
        assertEquals("f: " + HARMLESS, new SceneException(Path.of("f"), HOSTILE.strip()).getMessage());
    }

    @Test
    void longValuesAreCut() {
        assertEquals("a".repeat(80), OneLine.shortened("a".repeat(80)));
        assertEquals("a".repeat(80) + "...", OneLine.shortened("a".repeat(1_000_000)));
    }
}
