package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.eikonal.Activation;
import org.eikonal.Device;
import org.eikonal.EncodingConfig;
import org.eikonal.Network;
import org.eikonal.conformance.Devices.OnEveryDevice;

/** A module with very many channels works through a batch in chunks, and so in little memory. */
class ManyChannelsTest {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path PEAK_RESET = Path.of("/proc/self/clear_refs");
    private static final int INPUTS = 64;
    private static final NetworkOracle MLP = new NetworkOracle(INPUTS * 256, 2, 16, 1, Activation.RELU, Activation.NONE);

    private static Network network(Device device) {
        return Network.create(device, EncodingConfig.oneBlob(256), MLP.config(), INPUTS, 2, 1);
    }

    /** The largest size of this process since the last reset, in bytes. */
    private static long peak() throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith("VmHWM:")) {
                return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no VmHWM in " + STATUS);
    }

    @OnEveryDevice
    void aBatchTakesAFractionOfItsFeaturesMemory(Device device) throws IOException {
        assumeTrue(Files.isWritable(PEAK_RESET));
        int rows = Devices.emulated(device) ? 4000 : 8000;
        float[] points = new Draws(1).uniform(rows * INPUTS, 0, 1);
        try (Network network = network(device)) {
            network.forward(Arrays.copyOf(points, INPUTS));
            Files.writeString(PEAK_RESET, "5");
            long before = peak();
            network.forward(points);
            double features = 4.0 * rows * MLP.inputs();
            assertTrue(peak() - before < features / 2, peak() - before + " of " + features + " bytes");
        }
    }

    @OnEveryDevice
    void chunksAreAsIfAlone(Device device) {
        float[] points = new Draws(2).uniform(1700 * INPUTS, 0, 1);
        try (Network network = network(device)) {
            float[] together = network.forward(points);
            float[] back = network.backwardToInputs(points, together);
            for (int begin : new int[] {0, 700, 1500}) {
                float[] some = Arrays.copyOfRange(points, begin * INPUTS, (begin + 200) * INPUTS);
                float[] seen = Arrays.copyOfRange(together, 2 * begin, 2 * (begin + 200));
                assertArrayEquals(network.forward(some), seen);
                assertArrayEquals(network.backwardToInputs(some, seen),
                        Arrays.copyOfRange(back, begin * INPUTS, (begin + 200) * INPUTS));
            }
        }
    }
}
