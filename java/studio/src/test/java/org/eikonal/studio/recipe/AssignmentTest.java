package org.eikonal.studio.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentTest {
    private final ObjectNode settings = new InstantNgp().settings(TestScenes.of(1), RunOptions.seconds(60))
            .json(new InstantNgp());

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "encoding.log2_hashmap_size=19        | /encoding/log2_hashmap_size       | 19",
        "optimizer.nested.learning_rate=1e-3  | /optimizer/nested/learning_rate   | 0.001",
        "sampler.cone_angle=1                 | /sampler/cone_angle               | 1.0",
        "precision=fp32                       | /precision                        | \"fp32\"",
        "precision=\"fp32\"                   | /precision                        | \"fp32\"",
        "random_background=false              | /random_background                | false",
        "background=[0, 0.5, 1]               | /background                       | [0,0.5,1]",
        "loss={\"otype\": \"L2\"}             | /loss                             | {\"otype\":\"L2\"}",
    })
    void aValueKeepsItsType(String text, String pointer, String json) {
        JsonNode before = settings.at(pointer);
        assertEquals(before, Assignment.parse(text).applyTo(settings));
        assertEquals(json, settings.at(pointer).toString());
        assertEquals(before.getNodeType(), settings.at(pointer).getNodeType());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "encoding.log2_hashmapsize=19  | known are otype, n_levels, n_features_per_level, log2_hashmap_size",
        "encodings.n_levels=8          | known are precision, isa, deterministic",
        "optimizer.learning_rate=1     | unknown key \"learning_rate\" of optimizer; known are otype, begin",
        "encoding.n_levels.more=1      | encoding.n_levels is 13 and has no keys of its own",
        "encoding.n_levels=1.5         | must be a whole number, such as 13",
        "encoding.n_levels=many        | must be a whole number, such as 13",
        "encoding.n_levels=            | must be a whole number, such as 13",
        "early_stop=NaN                | must be a number",
        "random_background=1           | must be true or false, such as true",
        "background=[1,1]              | must be a JSON array of 3 values",
        "encoding=HashGrid             | must be a JSON object",
        "seed=1                        | this has an option of its own, --seed",
        "encoding.n_levels             | write key=value",
        "=3                            | write key=value",
    })
    void whatCannotBeMeantIsToldWithTheRemedy(String text, String message) {
        ObjectNode before = settings.deepCopy();
        ConfigException e = assertThrows(ConfigException.class, () -> Assignment.parse(text).applyTo(settings));
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertEquals(before, settings);
    }

    @Test
    void aValueMayHoldAnEqualsSign() {
        assertEquals(new Assignment("isa", "a=b"), Assignment.parse("isa=a=b"));
    }
}
