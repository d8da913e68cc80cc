package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.eikonal.Activation;
import org.eikonal.Device;
import org.eikonal.EncodingConfig;
import org.eikonal.FieldConfig;
import org.eikonal.Network;
import org.eikonal.NetworkConfig;
import org.eikonal.RadianceField;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.eikonal.conformance.GridOracle.Shape;
import org.junit.jupiter.api.Test;

class RadianceFieldTest {
    private static final Shape GRID = new Shape("HashGrid", 3, 4, 2, 8, 4, 1.5, "Linear");

    @OnEveryDevice
    void valuesAndGradientsAreThoseOfTheOracle(Device device) {
        for (int n : new int[] {0, 1, 3, 17, 96, 97, 769}) {
            check(device, new FieldOracle(GRID, 16, 1, 3, 3, Activation.SILU, Activation.SIGMOID), n);
        }
        check(device, new FieldOracle(GRID, 64, 2, 4, 3, Activation.RELU, Activation.SIGMOID), 97);
        check(device, new FieldOracle(GRID, 17, 1, 2, 1, Activation.TANH, Activation.SIGMOID), 97);
        check(device, new FieldOracle(GRID, 32, 0, 1, 7, Activation.NONE, Activation.EXPONENTIAL), 97);
        check(device, new FieldOracle(new Shape("DenseGrid", 3, 3, 4, 8, 4, 1.5, "Smoothstep"), 16, 1, 3, 3,
                Activation.SQUAREPLUS, Activation.SOFTPLUS), 97);
    }

    @OnEveryDevice
    void networksOfAFieldMayHaveBiasesAndSkipConnections(Device device) {
        for (int n : new int[] {0, 1, 17, 97, 1537}) {
            check(device, new FieldOracle(GRID, 17, 2, 3, 3, Activation.SILU, Activation.SIGMOID, true), n);
            check(device, new FieldOracle(GRID, 17, 2, 3, 3, Activation.SILU, Activation.SIGMOID, true, 1, 2), n);
            check(device, new FieldOracle(GRID, 16, 3, 2, 1, Activation.TANH, Activation.TANH, false, 3), n);
        }
    }

    private static void check(Device device, FieldOracle oracle, int n) {
        Draws draws = new Draws(n);
        float[] points = inputs(draws, n);
        float[] slopes = draws.uniform(n * oracle.outputs(), -1, 1);
        try (RadianceField field = RadianceField.create(device, oracle.config(), oracle.outputs() - 1, 3)) {
            float[] parameters = field.parameters();
            float[] table = draws.multiples(oracle.grid.parameters(), 0x1p-6, -64, 64);
            System.arraycopy(table, 0, parameters, 0, table.length);
            field.layout().stream().filter(block -> block.name().endsWith(".bias")).forEach(block -> System.arraycopy(
                    draws.uniform(17, -0.5, 0.5), 0, parameters, (int) block.offset(), block.shape().get(0).intValue()));
            for (int i = 0; i < n; i++) {
                if (oracle.distanceToKink(Draws.wide(parameters), Draws.row(points, i, 6)) < 1e-5) {
                    Arrays.fill(slopes, i * oracle.outputs(), (i + 1) * oracle.outputs(), 0);
                }
            }
            int roundings = 4 * oracle.layers();
            String what = n + " points of " + oracle.config();
            if (device.precision().equals("fp32")) {
                ModelCheck.close(what, field, oracle, parameters, points, slopes, Devices.tolerance(device, roundings));
            } else {
                ModelCheck.check(what, field, oracle, parameters, points, slopes,
                        (name, e, a) -> Check.closeOnAverage(name, e, a, oracle.kinked()
                                ? Devices.toleranceBehindKinks(device, roundings)
                                : Devices.tolerance(device, roundings)));
            }
        }
    }

    private static float[] inputs(Draws draws, int n) {
        float[] positions = draws.multiples(3 * n, 0x1p-10, 0, 1024);
        float[] directions = draws.directions(n);
        float[] points = new float[6 * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(positions, 3 * i, points, 6 * i, 3);
            System.arraycopy(directions, 3 * i, points, 6 * i + 3, 3);
        }
        return points;
    }

    @OnEveryDevice
    void coloursAreLogisticUnlessToldOtherwise(Device device) {
        FieldOracle oracle = new FieldOracle(GRID, 16, 1, 3, 3, Activation.SILU, Activation.SIGMOID);
        NetworkConfig plain = NetworkConfig.builder().neurons(16).hiddenLayers(1).activation(Activation.SILU).build();
        FieldConfig silent = FieldConfig.builder().encoding(GRID.config()).network(plain)
                .directionEncoding(EncodingConfig.sphericalHarmonics(3)).colorNetwork(plain).build();
        try (RadianceField said = RadianceField.create(device, oracle.config(), 1);
                RadianceField unsaid = RadianceField.create(device, silent, 1)) {
            float[] points = inputs(new Draws(1), 17);
            assertArrayEquals(said.forward(points), unsaid.forward(points));
        }
    }

    @OnEveryDevice
    void densityAndColourAreColumnsOfTheModel(Device device) {
        FieldOracle oracle = new FieldOracle(GRID, 16, 1, 3, 3, Activation.SILU, Activation.SIGMOID);
        try (RadianceField field = RadianceField.create(device, oracle.config(), 1)) {
            assertEquals(field.parameterCount(), RadianceField.parameterCount(oracle.config()));
            float[] position = {0.25f, 0.5f, 0.75f};
            float[] direction = {0, 0.6f, 0.8f};
            float[] out = field.forward(new float[] {0.25f, 0.5f, 0.75f, 0, 0.6f, 0.8f});
            assertArrayEquals(Arrays.copyOf(out, 3), field.color(position, direction));
            assertEquals(out[3], field.rawDensity(position)[0]);
            assertEquals(Math.exp(out[3]), field.density(position)[0], 1e-6 * Math.exp(out[3]));
        }
    }

    @OnEveryDevice
    void aNetworkBehindAnEncodingIsTheTwoInARow(Device device) {
        GridOracle grid = new GridOracle(GRID);
        NetworkOracle network = new NetworkOracle(grid.outputs(), 2, 16, 1, Activation.SILU, Activation.NONE);
        ChainOracle chain = new ChainOracle(grid, network);
        for (int n : new int[] {0, 1, 97, 769}) {
            Draws draws = new Draws(n);
            try (Network model = Network.create(device, GRID.config(), network.config(), 3, 2, 1)) {
                float[] parameters = model.parameters();
                float[] table = draws.multiples(grid.parameters(), 0x1p-6, -64, 64);
                System.arraycopy(table, 0, parameters, 0, table.length);
                // Features, weights, hidden values, and slopes on the way back.
                ModelCheck.check(n + " points", model, chain, parameters, draws.multiples(3 * n, 0x1p-10, 0, 1024),
                        draws.uniform(2 * n, -1, 1),
                        (name, e, a) -> Check.closeOnAverage(name, e, a, Devices.tolerance(device, 8)));
            }
        }
    }

    @Test
    void theOraclesDerivativesAreFiniteDifferences() {
        FieldOracle oracle = new FieldOracle(new Shape("HashGrid", 3, 2, 2, 8, 4, 1.5, "Linear"), 5, 1, 3, 3,
                Activation.SILU, Activation.SIGMOID);
        Draws draws = new Draws(4);
        ModelCheck.differences("field", oracle, Draws.wide(draws.uniform(oracle.parameters(), -1, 1)),
                new double[] {0.337, 0.711, 0.489, 0.6, 0, 0.8}, Draws.wide(draws.uniform(4, -1, 1)));
    }
}
