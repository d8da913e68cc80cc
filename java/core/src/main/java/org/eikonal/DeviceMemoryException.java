package org.eikonal;

/** The memory of a device (of the machine, if the device is the CPU) did not suffice; the device stays usable. */
public final class DeviceMemoryException extends EikonalException {
    private static final long serialVersionUID = 1;

    /**
     * Says what did not fit.
     *
     * @param message one line for a person to read
     */
    public DeviceMemoryException(String message) {
        super(message);
    }
}
