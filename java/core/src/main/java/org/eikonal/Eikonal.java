package org.eikonal;

import org.eikonal.internal.Bindings;
import org.eikonal.internal.Json;
import org.eikonal.internal.Loader;

/** The engine as a whole: which version it is and what it finds on this machine. Thread-safe. */
public final class Eikonal {
    private Eikonal() {}

    /**
     * Version, instruction sets compiled in and found, and devices with the reason why one is missing.
     *
     * @return a JSON object
     * @throws DeviceUnavailableException if there is no native library for this platform
     */
    public static String system() {
        load();
        try {
            Loader.loadCuda();
        } catch (DeviceUnavailableException e) {
            // Then the CUDA devices are missing from the answer, and why.
        }
        return Bindings.eik_system();
    }

    /** {@return the version of the native library} */
    public static String version() {
        return String.valueOf(Json.parseObject(system()).get("version"));
    }

    /** Loads the native library; called before the first use of {@link Bindings}, so that a failure speaks plainly. */
    static void load() {
        Loader.load();
        int found = Bindings.eik_abi_version();
        if (found != Bindings.EIK_ABI_VERSION) {
            throw new EikonalException("the native library speaks ABI version " + found + ", these classes speak "
                    + Bindings.EIK_ABI_VERSION + "; use a library and classes of one release");
        }
    }
}
