package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.eikonal.Device;
import org.eikonal.Encoding;
import org.eikonal.EncodingConfig;
import org.eikonal.conformance.Devices.OnEveryDevice;

class IdentityTest {
    @OnEveryDevice
    void coordinatesAreScaledAndShiftedToTheLastBit(Device device) {
        for (int inputs : new int[] {1, 2, 3, 17, 100}) {
            for (double[] line : new double[][] {{1, 0}, {2, -1}, {-0.25, 8}, {0, 1}}) {
                IdentityOracle oracle = new IdentityOracle(inputs, line[0], line[1]);
                EncodingConfig config = EncodingConfig.fromJson(
                        "{\"otype\": \"Identity\", \"scale\": " + line[0] + ", \"offset\": " + line[1] + "}");
                for (int n : new int[] {0, 1, 17, 97}) {
                    Draws draws = new Draws(n);
                    try (Encoding identity = Encoding.create(device, config, inputs, 0)) {
                        ModelCheck.exact(n + " points, " + oracle, identity, oracle, new float[0],
                                draws.multiples(n * inputs, 0x1p-8, -1024, 1024),
                                draws.multiples(n * inputs, 0x1p-8, -1024, 1024));
                    }
                }
            }
        }
    }

    @OnEveryDevice
    void withoutOptionsNothingChanges(Device device) {
        float[] points = new Draws(1).uniform(3 * 769, -1e3, 1e3);
        try (Encoding identity = Encoding.create(device, EncodingConfig.identity(), 3, 0)) {
            assertArrayEquals(points, identity.forward(points));
            assertArrayEquals(points, identity.backward(points, points));
        }
    }
}
