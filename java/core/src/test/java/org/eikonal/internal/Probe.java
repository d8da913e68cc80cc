package org.eikonal.internal;

import java.util.Arrays;
import java.util.function.Supplier;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.Encoding;
import org.eikonal.EncodingConfig;

/** Uses the engine once, from whichever class loader this class was loaded by. */
public final class Probe implements Supplier<String> {
    /** What a probe answers where all is well. */
    static final String FINE = "cpu [1.0, 2.0, 3.0]";

    @Override
    public String get() {
        try (Device device = Device.open(DeviceConfig.cpu());
                Encoding identity = Encoding.create(device, EncodingConfig.identity(), 3, 0)) {
            return device.type() + " " + Arrays.toString(identity.forward(new float[] {1, 2, 3}));
        }
    }
}
