package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eikonal.Activation;
import org.eikonal.Device;
import org.eikonal.Encoding;
import org.eikonal.EncodingConfig;
import org.eikonal.Network;
import org.eikonal.conformance.CompositeOracle.Part;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.eikonal.conformance.GridOracle.Shape;
import org.junit.jupiter.api.Test;

/** Encodings of slices of the input: their outputs side by side, added up, or multiplied. */
class CompositeTest {
    private static final int[] BATCHES = {0, 1, 17, 97};
    private static final double TOLERANCE = 1e-5;

    private static Part part(int first, Shape shape) {
        return new Part(first, shape.config(), new GridOracle(shape));
    }

    private static Part harmonics(int first, int degree) {
        return new Part(first, EncodingConfig.sphericalHarmonics(degree), new HarmonicsOracle(degree));
    }

    private static Part identity(int first, int inputs, double scale, double offset) {
        return new Part(first, EncodingConfig.fromJson(
                "{\"otype\": \"Identity\", \"scale\": " + scale + ", \"offset\": " + offset + "}"),
                new IdentityOracle(inputs, scale, offset));
    }

    private static Part nested(int first, CompositeOracle inner) {
        return new Part(first, inner.config(), inner);
    }

    private static CompositeOracle composite(int inputs, String reduction, Part... parts) {
        return new CompositeOracle(inputs, reduction, List.of(parts));
    }

    private static CompositeOracle sideBySide() {
        return composite(6, "Concatenation", part(0, new Shape("HashGrid", 2, 3, 2, 8, 9, 2, "Smoothstep")),
                harmonics(2, 3), identity(5, 1, 2, -1), part(5, new Shape("DenseGrid", 1, 2, 1, 8, 9, 2, "Linear")));
    }

    /** Sums and products, all with four outputs, of six inputs of which the last three are a direction. */
    private static List<CompositeOracle> reductions() {
        Part grid = part(0, new Shape("HashGrid", 2, 2, 2, 8, 9, 2, "Smoothstep"));
        Part table = part(0, new Shape("HashGrid", 3, 1, 4, 8, 9, 2, "Linear"));
        Part line = part(2, new Shape("DenseGrid", 1, 4, 1, 8, 5, 2, "Linear"));
        Part tiles = part(1, new Shape("TiledGrid", 2, 2, 2, 8, 20, 2, "Nearest"));
        Part frequencies = new Part(1, EncodingConfig.frequency(1), new FrequencyOracle(2, 1));
        Part waves = new Part(0, EncodingConfig.triangleWave(2), new TriangleWaveOracle(2, 2));
        Part blob = new Part(2, EncodingConfig.oneBlob(4), new OneBlobOracle(1, 4));
        List<CompositeOracle> all = new ArrayList<>();
        for (String reduction : new String[] {"Sum", "Product"}) {
            all.add(composite(6, reduction, grid));
            all.add(composite(6, reduction, grid, line));
            all.add(composite(6, reduction, harmonics(3, 2), identity(1, 4, 2, -1), identity(2, 4, 1, 0)));
            all.add(composite(6, reduction, grid, table, line));
            all.add(composite(6, reduction, tiles, harmonics(3, 2), frequencies, waves, blob, table));
            all.add(composite(6, reduction, table, table));
            all.add(composite(6, reduction, nested(0, composite(6, "Product", line, harmonics(3, 2), table)),
                    nested(0, composite(4, "Sum", grid, identity(0, 4, -1, 1))),
                    nested(1, composite(5, "Concatenation", part(0, new Shape("HashGrid", 2, 1, 2, 8, 9, 2, "Linear")),
                            identity(3, 1, 1, 0), identity(1, 1, 1, 0)))));
        }
        all.add(composite(6, "Concatenation", identity(5, 1, 3, 0), nested(0, composite(6, "Product", grid, line)),
                nested(0, composite(3, "Sum", line, table))));
        return all;
    }

    @OnEveryDevice
    void partsStandSideBySideAndSharedInputsAddTheirGradients(Device device) {
        for (int n : BATCHES) {
            check(device, sideBySide(), points(n, new Draws(n)), new Draws(n));
        }
    }

    @OnEveryDevice
    void sumsAndProductsHaveTheValuesAndGradientsOfTheOracle(Device device) {
        for (CompositeOracle oracle : reductions()) {
            for (int n : BATCHES) {
                check(device, oracle, points(n, new Draws(n)), new Draws(n + 1));
            }
        }
        check(device, reductions().get(3), points(5000, new Draws(2)), new Draws(3));
    }

    /** {@code [n][6]}: multiples of 2^-10 in [0,1], and a direction. */
    private static float[] points(int n, Draws draws) {
        float[] points = draws.multiples(6 * n, 0x1p-10, 0, 1024);
        float[] directions = draws.directions(n);
        for (int i = 0; i < n; i++) {
            System.arraycopy(directions, 3 * i, points, 6 * i + 3, 3);
        }
        return points;
    }

    private static void check(Device device, CompositeOracle oracle, float[] points, Draws draws) {
        try (Encoding composite = Encoding.create(device, oracle.config(), oracle.inputs(), 0)) {
            ModelCheck.close(oracle.config().toJson(), composite, oracle,
                    draws.multiples(oracle.parameters(), 0x1p-6, -64, 64), points,
                    draws.uniform(points.length / oracle.inputs() * oracle.outputs(), -1, 1), TOLERANCE);
        }
    }

    /** The gradient of a product by one factor is made of the others: one that is 0 must neither divide nor hide. */
    @OnEveryDevice
    void factorsThatAreZeroHaveTheirGradients(Device device) {
        CompositeOracle lines = composite(3, "Product", identity(0, 1, 1, 0), identity(1, 1, 1, 0), identity(2, 1, 1, 0));
        float[] points = {0, 3, 5, 2, 0, 5, 2, 3, 0, 0, 0, 5, 0, 3, 0, 0, 0, 0, 2, 3, 5, -0.0f, 3, 5};
        float[] slopes = {1, 2, 3, 4, 5, 6, 7, 8};
        try (Encoding product = Encoding.create(device, lines.config(), 3, 0)) {
            ModelCheck.exact("lines", product, lines, new float[0], points, slopes);
        }
        // Tables half of which are 0, and one that is 0 all over.
        Shape shape = new Shape("HashGrid", 2, 2, 2, 8, 9, 2, "Linear");
        CompositeOracle grids = composite(3, "Product", part(0, shape), part(1, shape));
        for (int first : new int[] {0, 1}) {
            Draws draws = new Draws(first);
            float[] parameters = draws.multiples(grids.parameters(), 0x1p-6, -64, 64);
            for (int i = 0; i < parameters.length; i++) {
                boolean firstGrid = i < parameters.length / 2;
                parameters[i] = firstGrid == (first == 0) || draws.below(2) == 0 ? 0 : parameters[i];
            }
            try (Encoding product = Encoding.create(device, grids.config(), 3, 0)) {
                ModelCheck.close("grids", product, grids, parameters, draws.multiples(3 * 97, 0x1p-10, 0, 1024),
                        draws.uniform(97 * grids.outputs(), -1, 1), TOLERANCE);
            }
        }
    }

    /** K-Planes: products of the three planes' features, and a network behind them. */
    @OnEveryDevice
    void productsOfPlanesFeedANetwork(Device device) {
        Shape plane = new Shape("DenseGrid", 2, 2, 4, 8, 9, 2, "Linear");
        // x, y, z and x once more: the planes are xy, yz and zx.
        CompositeOracle planes = composite(4, "Product", part(0, plane), part(1, plane), part(2, plane));
        NetworkOracle network = new NetworkOracle(8, 3, 16, 1, Activation.SILU, Activation.NONE);
        ChainOracle chain = new ChainOracle(planes, network);
        for (int n : new int[] {0, 1, 97, 1537}) {
            Draws draws = new Draws(n);
            float[] points = draws.multiples(4 * n, 0x1p-10, 0, 1024);
            for (int i = 0; i < n; i++) {
                points[4 * i + 3] = points[4 * i];
            }
            try (Network model = Network.create(device, planes.config(), network.config(), 4, 3, 1)) {
                float[] parameters = model.parameters();
                float[] tables = draws.multiples(planes.parameters(), 0x1p-6, -64, 64);
                System.arraycopy(tables, 0, parameters, 0, tables.length);
                // Features, weights, hidden values, and slopes on the way back, as behind a grid.
                ModelCheck.check(n + " points", model, chain, parameters, points, draws.uniform(3 * n, -1, 1),
                        (name, e, a) -> Check.closeOnAverage(name, e, a, Devices.tolerance(device, 8)));
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

    @Test
    void theLayoutListsThePartsInOrder() {
        CompositeOracle oracle = composite(3, "Product", part(0, new Shape("HashGrid", 2, 2, 2, 8, 9, 2, "Linear")),
                nested(0, composite(3, "Sum", part(2, new Shape("DenseGrid", 1, 2, 2, 8, 9, 2, "Linear")),
                        part(1, new Shape("DenseGrid", 1, 4, 1, 8, 3, 2, "Linear")))));
        try (Device device = Device.open(Devices.configs().get(0));
                Encoding composite = Encoding.create(device, oracle.config(), 3, 0)) {
            assertEquals(List.of("encoding.nested0.level0", "encoding.nested0.level1", "encoding.nested1.nested0.level0",
                    "encoding.nested1.nested0.level1", "encoding.nested1.nested1.level0", "encoding.nested1.nested1.level1",
                    "encoding.nested1.nested1.level2", "encoding.nested1.nested1.level3"),
                    composite.layout().stream().map(block -> block.name()).toList());
            assertEquals(oracle.parameters(), composite.parameterCount());
        }
    }

    @Test
    void theOraclesDerivativesAreFiniteDifferences() {
        // Away from borders of cells at every level, and from corners of waves.
        double[] x = {0.337, 0.711, 0.489, 0.6, 0.48, 0.64};
        List<CompositeOracle> all = new ArrayList<>(reductions());
        all.add(sideBySide());
        for (CompositeOracle oracle : all) {
            Draws draws = new Draws(4);
            ModelCheck.differences(oracle.config().toJson(), oracle,
                    Draws.wide(draws.uniform(oracle.parameters(), -1, 1)), Arrays.copyOf(x, oracle.inputs()),
                    Draws.wide(draws.uniform(oracle.outputs(), -1, 1)));
        }
    }
}
