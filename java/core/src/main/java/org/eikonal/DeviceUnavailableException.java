package org.eikonal;

/** A device, an instruction set or a platform that this machine does not have was asked for. */
public final class DeviceUnavailableException extends EikonalException {
    private static final long serialVersionUID = 1;

    /**
     * Says what this machine lacks.
     *
     * @param message one line for a person to read: what is missing, and why
     */
    public DeviceUnavailableException(String message) {
        super(message);
    }

    /**
     * Says what this machine lacks, and what came of it.
     *
     * @param message one line for a person to read: what is missing, and why
     * @param cause what made it fail
     */
    public DeviceUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
