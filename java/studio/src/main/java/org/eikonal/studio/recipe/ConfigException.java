package org.eikonal.studio.recipe;

/** A recipe, a setting or an option that can't be meant. The message is one line: what, its value, the remedy. */
public final class ConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** @param message one line for a person to read */
    public ConfigException(String message) {
        super(message.replaceAll("\\s+", " "));
    }
}
