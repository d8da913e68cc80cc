package org.eikonal;

/** Eikonal could not do what it was asked; the message names the thing, the value, the limit and the remedy. */
public class EikonalException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Says what went wrong.
     *
     * @param message one line for a person to read
     */
    public EikonalException(String message) {
        super(message);
    }

    /**
     * Says what went wrong because of what.
     *
     * @param message one line for a person to read
     * @param cause what made it fail
     */
    public EikonalException(String message, Throwable cause) {
        super(message, cause);
    }
}
