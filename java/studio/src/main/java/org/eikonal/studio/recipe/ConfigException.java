package org.eikonal.studio.recipe;

import org.eikonal.studio.scene.OneLine;

/** A recipe, a setting or an option that can't be meant. The message is one line: what, its value, the remedy. */
public final class ConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** @param message one line for a person to read */
    public ConfigException(String message) {
        super(OneLine.of(message));
    }
}
