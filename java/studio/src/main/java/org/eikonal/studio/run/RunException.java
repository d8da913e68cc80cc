package org.eikonal.studio.run;

import org.eikonal.studio.scene.OneLine;

/** A run, or something that belongs to one, can't be used as it is. The message is one line: what, and the remedy. */
public final class RunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message one line for a person to read */
    public RunException(String message) {
        super(OneLine.of(message));
    }
}
