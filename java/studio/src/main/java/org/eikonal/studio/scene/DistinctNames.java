package org.eikonal.studio.scene;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Gives each of many things a name of its own, in a time that grows with their number alone. For one thread. */
final class DistinctNames {
    private final Set<String> given = new HashSet<>();
    private final Map<String, Integer> repeats = new HashMap<>();

    /** @return the name, with an underscore if it is given already, and with a number if that is, too */
    String of(String name) {
        String own = name;
        while (!given.add(own)) {
            int repeat = repeats.merge(name, 1, Integer::sum);
            own = name + "_" + (repeat == 1 ? "" : repeat);
        }
        return own;
    }
}
