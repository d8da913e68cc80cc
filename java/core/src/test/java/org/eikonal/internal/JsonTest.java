package org.eikonal.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void whatIsWrittenIsRead() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("text", "quote \" backslash \\ line \n tab \t accent é");
        object.put("numbers", List.of(0L, -12L, 1.5, 1e-15, Long.MAX_VALUE / 10));
        object.put("words", Arrays.asList(true, false, null));
        object.put("empty", List.of(Map.of(), List.of()));
        assertEquals(object, Json.parseObject(Json.write(object)));
    }

    @Test
    void escapesAreRead() {
        assertEquals(Map.of("a", "\u00e9\n/"), Json.parseObject(" { \"a\" : \"\\u00e9\\n\\/\" } "));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "{", "[1]", "{\"a\"}", "{\"a\": }", "{\"a\": 1,}", "{\"a\": 01}", "{\"a\": +1}", "{\"a\": .5}", "{\"a\": nul}",
        "{\"a\": \"x}", "{\"a\": \"\\x\"}", "{\"a\": \"\\u12g4\"}", "{\"a\": 1} 2", "{\"a\": 1, \"a\": 2}", "{'a': 1}"
    })
    void whatIsNoObjectIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Json.parseObject(text));
    }

    @Test
    void anErrorNamesThePlace() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> Json.parseObject("{\"a\": x}"));
        assertTrue(e.getMessage().contains("character 7") && e.getMessage().contains("'x'"), e.getMessage());
    }

    @Test
    void anErrorIsOneLineWhateverTheText() {
        for (String text : new String[] {"{\"a\n\": 1}", "{\"a\\u001b\": 1, \"a\\u001b\": 2}", "\u009b",
            "[\"" + "a".repeat(100_000) + "\"]"}) {
            String message = assertThrows(IllegalArgumentException.class, () -> Json.parseObject(text)).getMessage();
            assertTrue(message.length() < 200 && message.chars().noneMatch(Character::isISOControl), message);
        }
    }

    @Test
    void deepNestingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Json.parseObject("{\"a\":".repeat(100_000)));
    }

    @Test
    void whatJsonLacksIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Json.write(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Json.write(List.of(new Object())));
    }
}
