package org.eikonal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.Encoding;
import org.junit.jupiter.api.Test;

/** Peers do the same work: their features are the engine's. */
class PlainGridTest {
    @Test
    void agreesWithTheEngine() {
        int n = 4 * VectorGrid.LANES;
        float[] points = Numbers.array(Numbers.random(), 3 * n, 0, 0.999999);
        float[] planes = new float[3 * n];
        for (int i = 0; i < 3 * n; i++) {
            planes[i % 3 * n + i / 3] = points[i];
        }
        float[] parameters;
        float[] expected;
        try (Device device = Device.open(DeviceConfig.builder().type("cpu").precision("fp32").build());
                Encoding encoding = Encoding.create(device, InstantNgp.encoding(14), 3, 1)) {
            parameters = encoding.parameters();
            expected = encoding.forward(points);
        }
        PlainGrid plain = new PlainGrid(14, parameters);
        float[] rows = new float[2 * InstantNgp.LEVELS * n];
        plain.forward(points, rows);
        float[] columns = new float[2 * InstantNgp.LEVELS * n];
        new VectorGrid(plain).forward(planes, columns);
        for (int i = 0; i < n; i++) {
            for (int f = 0; f < 2 * InstantNgp.LEVELS; f++) {
                float value = expected[2 * InstantNgp.LEVELS * i + f];
                assertEquals(value, rows[2 * InstantNgp.LEVELS * i + f], 1e-7);
                assertEquals(value, columns[f * n + i], 1e-7);
            }
        }
    }
}
