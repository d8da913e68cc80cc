package org.eikonal.bench;

import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The CPU, as much of it as is asked for. */
@State(Scope.Benchmark)
public class Engine {
    @Param("auto")
    public String isa = "auto";

    @Param("auto")
    public String precision = "auto";

    @Param("1")
    public int threads = 1;

    Device device;

    @Setup
    public void open() {
        device = Device.open(
                DeviceConfig.builder().type("cpu").isa(isa).precision(precision).threads(threads).build());
    }

    @TearDown
    public void close() {
        device.close();
    }
}
