package org.eikonal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eikonal.internal.Json;

/**
 * The configuration of a component: an immutable JSON object with tiny-cuda-nn's keys.
 *
 * <p>A configuration holds what was asked for and nothing else: defaults, ranges and spellings belong to the engine,
 * which names a wrong key or value, and the right ones, when the component is made. Every configuration can be built in
 * Java or read from JSON text as it is found in the configuration files of tiny-cuda-nn and instant-ngp.
 */
public abstract class Config {
    private final Map<String, Object> entries;
    private final String json;

    Config(Map<String, Object> entries) {
        this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        this.json = Json.write(this.entries);
    }

    /** {@return the configuration as one line of JSON} */
    public final String toJson() {
        return json;
    }

    /** The entries, to nest this configuration in another one. */
    final Map<String, Object> entries() {
        return entries;
    }

    /** Two configurations are equal if they are of one class and ask for the same, in the same order. */
    @Override
    public final boolean equals(Object other) {
        return other != null && getClass() == other.getClass() && json.equals(((Config) other).json);
    }

    @Override
    public final int hashCode() {
        return json.hashCode();
    }

    /** {@return the same as {@link #toJson}} */
    @Override
    public final String toString() {
        return json;
    }
}
