package org.eikonal.studio.run;

import org.eikonal.Device;
import org.eikonal.DeviceUnavailableException;
import org.eikonal.studio.recipe.RunConfig;

/** Opens the device of a run. */
final class RunDevice {
    private RunDevice() {}

    /**
     * Opens the device that a configuration asks for.
     *
     * @return the device, to be closed
     * @throws DeviceUnavailableException if this machine has no such device; where that is a GPU, it names the option
     *     that does without
     */
    static Device open(RunConfig config) {
        try {
            return Device.open(config.device());
        } catch (DeviceUnavailableException e) {
            throw config.asksForGpu()
                    ? new DeviceUnavailableException(e.getMessage() + " (--device cpu, or auto)", e) : e;
        }
    }
}
