package org.eikonal.studio.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DistinctNamesTest {
    @Test
    void eachIsGivenOnce() {
        DistinctNames names = new DistinctNames();
        assertEquals("a", names.of("a"));
        assertEquals("a_", names.of("a"));
        assertEquals("a_2", names.of("a"));
        assertEquals("a_3", names.of("a"));
        assertEquals("a_2_", names.of("a_2"));
        assertEquals("a__", names.of("a_"));
    }

    /** As many as a scene may have: one underscore more for each would be gigabytes. */
    @Test
    void manyOfOneNameStayShort() {
        DistinctNames names = new DistinctNames();
        Set<String> all = new HashSet<>();
        for (int i = 0; i < Scenes.MAX_FRAMES; i++) {
            String name = names.of("photo");
            assertTrue(all.add(name) && name.length() < 13, name);
        }
    }
}
