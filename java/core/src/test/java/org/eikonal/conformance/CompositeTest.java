package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.eikonal.Device;
import org.eikonal.Encoding;
import org.eikonal.EncodingConfig;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.eikonal.conformance.GridOracle.Shape;

/** Encodings side by side, each of a slice of the input. */
class CompositeTest {
    private static final Shape GRID = new Shape("HashGrid", 2, 3, 2, 8, 9, 2, "Smoothstep");
    private static final Shape LINE = new Shape("DenseGrid", 1, 2, 1, 8, 9, 2, "Linear");

    /** A grid of inputs 0 and 1, harmonics of 2 to 4, twice input 5 less 1, and a line of input 5 again. */
    private static final String JSON = "{\"otype\": \"Composite\", \"nested\": ["
            + "{\"n_dims_to_encode\": 2, " + GRID.config().toJson().substring(1) + ","
            + "{\"n_dims_to_encode\": 3, \"otype\": \"SphericalHarmonics\", \"degree\": 3},"
            + "{\"otype\": \"Identity\", \"scale\": 2, \"offset\": -1},"
            + "{\"n_dims_to_encode\": 1, \"dims_to_encode_begin\": 5, " + LINE.config().toJson().substring(1) + "]}";

    private static final class Oracle implements PointMap {
        private final PointMap grid = new GridOracle(GRID);
        private final PointMap harmonics = new HarmonicsOracle(3);
        private final PointMap line = new GridOracle(LINE);

        @Override
        public int inputs() {
            return 6;
        }

        @Override
        public int outputs() {
            return 6 + 9 + 1 + 2;
        }

        @Override
        public int parameters() {
            return grid.parameters() + line.parameters();
        }

        @Override
        public double[] forward(double[] parameters, double[] x) {
            double[] out = new double[outputs()];
            System.arraycopy(grid.forward(parameters, slice(x, 0, 2)), 0, out, 0, 6);
            System.arraycopy(harmonics.forward(parameters, slice(x, 2, 3)), 0, out, 6, 9);
            out[15] = 2 * x[5] - 1;
            System.arraycopy(line.forward(slice(parameters, grid.parameters(), line.parameters()), slice(x, 5, 1)), 0,
                    out, 16, 2);
            return out;
        }

        @Override
        public double[] backward(double[] parameters, double[] x, double[] outputGradients, double[] parameterGradients) {
            double[] back = new double[6];
            System.arraycopy(grid.backward(parameters, slice(x, 0, 2), slice(outputGradients, 0, 6), parameterGradients),
                    0, back, 0, 2);
            System.arraycopy(harmonics.backward(parameters, slice(x, 2, 3), slice(outputGradients, 6, 9), null),
                    0, back, 2, 3);
            double[] ofLine = new double[line.parameters()];
            back[5] = 2 * outputGradients[15] + line.backward(slice(parameters, grid.parameters(), line.parameters()),
                    slice(x, 5, 1), slice(outputGradients, 16, 2), ofLine)[0];
            for (int i = 0; i < ofLine.length; i++) {
                parameterGradients[grid.parameters() + i] += ofLine[i];
            }
            return back;
        }

        private static double[] slice(double[] values, int from, int count) {
            return Arrays.copyOfRange(values, from, from + count);
        }
    }

    @OnEveryDevice
    void partsStandSideBySideAndSharedInputsAddTheirGradients(Device device) {
        for (int n : new int[] {0, 1, 17, 97}) {
            Oracle oracle = new Oracle();
            Draws draws = new Draws(n);
            float[] points = draws.multiples(6 * n, 0x1p-10, 0, 1024);
            float[] directions = draws.directions(n);
            for (int i = 0; i < n; i++) {
                System.arraycopy(directions, 3 * i, points, 6 * i + 2, 3);
            }
            try (Encoding composite = Encoding.create(device, EncodingConfig.fromJson(JSON), 6, 0)) {
                ModelCheck.close(n + " points", composite, oracle,
                        draws.multiples(oracle.parameters(), 0x1p-6, -64, 64), points,
                        draws.uniform(n * oracle.outputs(), -1, 1), 1e-5);
            }
        }
    }

    @OnEveryDevice
    void theBuilderTakesSlicesInOrder(Device device) {
        EncodingConfig config = EncodingConfig.composite()
                .add(3, EncodingConfig.sphericalHarmonics(2)).add(2, EncodingConfig.identity()).build();
        try (Encoding composite = Encoding.create(device, config, 5, 0)) {
            float[] out = composite.forward(new float[] {0, 0, 1, 7, 8});
            assertEquals(6, out.length);
            assertEquals(0.48860251f, out[2], 1e-6);
            assertEquals(7, out[4]);
            assertEquals(8, out[5]);
        }
    }

    @OnEveryDevice
    void compositesNest(Device device) {
        EncodingConfig inner = EncodingConfig.composite()
                .add(1, EncodingConfig.fromJson("{\"otype\": \"Identity\", \"scale\": 3}"))
                .add(1, EncodingConfig.identity()).build();
        EncodingConfig config = EncodingConfig.composite()
                .add(1, EncodingConfig.identity()).add(2, inner).build();
        try (Encoding composite = Encoding.create(device, config, 3, 0)) {
            Check.within("values", new double[] {1, 6, 3}, composite.forward(new float[] {1, 2, 3}), 0);
            Check.within("gradients", new double[] {1, 6, 3},
                    composite.backward(new float[] {1, 2, 3}, new float[] {1, 2, 3}), 0);
        }
    }
}
