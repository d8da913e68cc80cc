package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import org.eikonal.Activation;
import org.eikonal.Device;
import org.eikonal.Network;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.junit.jupiter.api.Test;

class NetworkTest {
    /** Around whole registers, blocks of registers, tiles, and tiles of whole groups. */
    private static final int[] BATCHES = {0, 1, 3, 17, 96, 97, 769};
    private static final int[] WIDTHS = {1, 3, 16, 17, 64, 128};

    @OnEveryDevice
    void wholeNumbersComeOutToTheLastBit(Device device) {
        Activation[] exact = {Activation.RELU, Activation.NONE};
        int turn = 0;
        for (int layers = 0; layers <= 3; layers++) {
            for (int width : layers == 0 ? new int[] {1} : WIDTHS) {
                for (int[] ends : new int[][] {{1, 1}, {3, 4}, {32, 16}, {31, 3}, {6, 17}}) {
                    NetworkOracle oracle = new NetworkOracle(
                            ends[0], ends[1], width, layers, exact[turn / 5 % 2], exact[turn / 3 % 2]);
                    NetworkCheck.wholeNumbers(device, oracle, BATCHES[turn % BATCHES.length], new Draws(turn));
                    turn++;
                }
            }
        }
    }

    @OnEveryDevice
    void everyActivationIsThatOfTheOracleInsideAndAtTheEnd(Device device) {
        for (Activation hidden : Activation.values()) {
            for (Activation output : Activation.values()) {
                NetworkCheck.random(device, new NetworkOracle(5, 3, 16, 2, hidden, output), 97);
            }
        }
    }

    @OnEveryDevice
    void randomWeightsOfEveryShapeComeClose(Device device) {
        for (int layers = 0; layers <= 3; layers++) {
            for (int width : WIDTHS) {
                NetworkCheck.random(device,
                        new NetworkOracle(32, 4, width, layers, Activation.SILU, Activation.NONE), 97);
                NetworkCheck.random(device,
                        new NetworkOracle(7, 16, width, layers, Activation.RELU, Activation.SIGMOID), 17);
            }
        }
    }

    @OnEveryDevice
    void wideNetworksAndDeepOnesWork(Device device) {
        NetworkCheck.random(device, new NetworkOracle(3, 3, 256, 2, Activation.RELU, Activation.NONE), 97);
        NetworkCheck.random(device, new NetworkOracle(3, 3, 1024, 1, Activation.SILU, Activation.NONE), 17);
        NetworkCheck.random(device, new NetworkOracle(3, 3, 24, 8, Activation.TANH, Activation.NONE), 97);
    }

    /** Inputs and outputs may be many more than a layer is wide: sums of thousands of terms, and thousands of rows. */
    @OnEveryDevice
    void manyInputsAndOutputsWork(Device device) {
        int[] square = Devices.emulated(device) ? new int[] {130, 130} : new int[] {2500, 2500};
        int[][] ends = {square, {1025, 3}, {3, 1025}, {1024, 17}, {16384, 1}, {1, 16384}};
        for (int[] end : ends) {
            NetworkCheck.random(device, new NetworkOracle(end[0], end[1], 4, 1, Activation.SILU, Activation.NONE), 3);
            NetworkCheck.wholeNumbers(device,
                    new NetworkOracle(end[0], end[1], 3, 0, Activation.NONE, Activation.RELU, true), 1, new Draws(1));
        }
        NetworkCheck.random(device,
                new NetworkOracle(1500, 3, 7, 2, Activation.SILU, Activation.NONE, true, 1, 2), 17);
        NetworkCheck.random(device, new NetworkOracle(16384, 3, 2, 0, Activation.NONE, Activation.SIGMOID), 2);
    }

    /** So many channels that a batch is cut into several parts: each point has its own values, and gradients add up. */
    @OnEveryDevice
    void manyPointsOfManyChannelsAreOneBatch(Device device) {
        int n = Devices.emulated(device) ? 100 : 1100;
        int outputs = 16384;
        NetworkOracle oracle = new NetworkOracle(1, outputs, 1, 0, Activation.NONE, Activation.NONE, true);
        Draws draws = new Draws(1);
        float[] parameters = draws.multiples(2 * outputs, 1, -2, 2);
        float[] points = draws.multiples(n, 1, -2, 2);
        float[] slopes = draws.multiples(n * outputs, 1, -2, 2);
        try (Network network = Network.create(device, oracle.config(), 1, outputs, 0)) {
            network.setParameters(parameters);
            float[] values = network.forward(points);
            float[] back = network.backward(points, slopes);
            double[] expected = new double[2 * outputs];
            for (int i = 0; i < n; i++) {
                double byPoint = 0;
                for (int o = 0; o < outputs; o++) {
                    float slope = slopes[i * outputs + o];
                    byPoint += slope * parameters[o];
                    expected[o] += slope * points[i];
                    expected[outputs + o] += slope;
                    if (values[i * outputs + o] != parameters[o] * points[i] + parameters[outputs + o]) {
                        fail("point " + i + ", output " + o + " is " + values[i * outputs + o]);
                    }
                }
                assertEquals(byPoint, back[i], "point " + i);
            }
            Check.within("gradients of parameters", expected, network.gradients(), 0);
        }
    }

    @OnEveryDevice
    void activationsStayFiniteFarOut(Device device) {
        float far = device.precision().equals("fp16") ? 0x1p15f : 0x1p100f;
        for (Activation activation : Activation.values()) {
            NetworkOracle oracle = new NetworkOracle(1, 1, 1, 0, Activation.NONE, activation);
            try (Network network = Network.create(device, oracle.config(), 1, 1, 0)) {
                float[] x = {-far, -1000, -128, -100, -88, -30, -16, -15, -14, -8, -2, -1, -0.5f, 0, 0.5f, 1, 2, 8,
                    14, 15, 16, 30, 88, 100, 128, 1000, far};
                float[] ones = new float[x.length];
                Arrays.fill(ones, 1);
                network.setParameters(new float[] {1});
                float[] y = network.forward(x);
                float[] slope = network.backward(x, ones);
                for (int i = 0; i < x.length; i++) {
                    double value = ActivationOracle.value(activation, x[i]);
                    double size = Math.max(1, Math.abs(value));
                    // A large argument of a sine, and a difference of large numbers, lose what the argument's size costs;
                    // far enough out nothing is left but that a sine lies between -1 and 1.
                    double argument = Math.min(2, 0x1p-23 * Math.abs(x[i]));
                    assertEquals(value, y[i], 2e-6 * size + argument, activation + " of " + x[i]);
                    double expected = ActivationOracle.slope(activation, x[i]);
                    assertEquals(expected, slope[i], (device.precision().equals("fp32") ? 2e-6 : 0x1p-8)
                            * Math.max(1, expected) + argument, activation + "'s slope at " + x[i]);
                }
            }
        }
    }

    @OnEveryDevice
    void everyWeightStandsWhereTheLayoutSays(Device device) {
        NetworkOracle oracle = new NetworkOracle(3, 2, 5, 1, Activation.NONE, Activation.NONE);
        try (Network network = Network.create(device, oracle.config(), 3, 2, 0)) {
            assertEquals(List.of(5L, 3L), network.layout().get(0).shape());
            assertEquals(List.of(2L, 5L), network.layout().get(1).shape());
            assertEquals(15, network.layout().get(1).offset());
            for (int input = 0; input < 3; input++) {
                for (int unit = 0; unit < 5; unit++) {
                    for (int output = 0; output < 2; output++) {
                        float[] parameters = new float[25];
                        parameters[unit * 3 + input] = 2;
                        parameters[15 + output * 5 + unit] = 3;
                        network.setParameters(parameters);
                        float[] expected = new float[2];
                        expected[output] = 6 * (input + 1);
                        assertArrayEquals(expected, network.forward(new float[] {1, 2, 3}));
                    }
                }
            }
        }
    }

    @OnEveryDevice
    void theSeedDecidesTheInitialWeights(Device device) {
        NetworkOracle oracle = new NetworkOracle(3, 2, 64, 1, Activation.RELU, Activation.NONE);
        try (Network a = Network.create(device, oracle.config(), 3, 2, 1);
                Network b = Network.create(device, oracle.config(), 3, 2, 1);
                Network c = Network.create(device, oracle.config(), 3, 2, 2)) {
            assertArrayEquals(a.parameters(), b.parameters());
            assertEquals(false, Arrays.equals(a.parameters(), c.parameters()));
            Check.finite("initial weights", a.parameters());
        }
    }

    @Test
    void theOraclesDerivativesAreFiniteDifferences() {
        for (Activation activation : Activation.values()) {
            NetworkOracle oracle = new NetworkOracle(3, 2, 4, 2, activation, activation);
            Draws draws = new Draws(9);
            ModelCheck.differences(activation.toString(), oracle, Draws.wide(draws.uniform(oracle.parameters(), -1, 1)),
                    Draws.wide(draws.uniform(3, -1, 1)), Draws.wide(draws.uniform(2, -1, 1)));
        }
    }
}
