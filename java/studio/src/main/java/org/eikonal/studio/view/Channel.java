package org.eikonal.studio.view;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What of a field is shown. */
enum Channel {
    COLOR, DEPTH, NORMALS, OPACITY, ERROR;

    /** @return the name in messages */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> keys() {
        return Stream.of(values()).map(Channel::key).toList();
    }
}
