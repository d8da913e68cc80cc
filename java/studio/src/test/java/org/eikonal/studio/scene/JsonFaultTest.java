package org.eikonal.studio.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFaultTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"a\": [1, 2 | damaged JSON at line 1, column 12 (it ends in the middle)",
        "{\"a           | damaged JSON at line 1, column 4 (it ends in the middle)",
        "{\"a\" 1}      | damaged JSON at line 1, column 6 (Unexpected character ('1' (code 49)): was expecting a colon"
                + " to separate field name and value)",
    })
    void placeAndFaultAreNamed(String json, String expected) {
        assertEquals(expected, describe(json));
    }

    @ParameterizedTest
    @CsvSource({"[, 1001, Document nesting depth (1001) exceeds the maximum allowed (1000)",
        "7, 5000, Number value length (5000) exceeds the maximum allowed (1000)"})
    void adviceToProgrammersIsLeftOut(String text, int times, String expected) {
        String fault = describe(text.repeat(times));
        assertEquals("(" + expected + ")", fault.substring(fault.indexOf('(')));
    }

    @ParameterizedTest
    @CsvSource("oops")
    void longTextsAreShortened(String text) {
        assertEquals(150, describe(text.repeat(100)).length(), 10);
    }

    private static String describe(String json) {
        return JsonFault.describe(assertThrows(JsonProcessingException.class, () -> new ObjectMapper().readTree(json)));
    }
}
