package org.eikonal;

import org.eikonal.internal.Bindings;

/** Turns the status codes of native calls into exceptions. */
final class Status {
    private Status() {}

    /** To be called on the thread that made the native call: the error text belongs to it. */
    static void check(int status) {
        if (status != Bindings.EIK_OK) {
            throw exception(status, Bindings.eik_last_error());
        }
    }

    private static RuntimeException exception(int status, String message) {
        return switch (status) {
            case Bindings.EIK_INVALID_ARGUMENT -> new IllegalArgumentException(message);
            case Bindings.EIK_OUT_OF_MEMORY -> new DeviceMemoryException(message);
            case Bindings.EIK_UNAVAILABLE -> new DeviceUnavailableException(message);
            default -> new EikonalException(message);
        };
    }
}
