package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.eikonal.Activation;
import org.eikonal.Device;
import org.eikonal.Network;
import org.eikonal.ParameterBlock;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.junit.jupiter.api.Test;

class NetworkTest {
    /** Around whole registers, blocks of registers, tiles, and tiles of whole groups. */
    private static final int[] BATCHES = {0, 1, 3, 17, 96, 97, 769};
    private static final int[] WIDTHS = {1, 3, 16, 17, 64, 128};

    /**
     * Weights are -1, 0 or 1, few of them not 0, and inputs small whole numbers: everything that is stored stays a whole
     * number below 2^8, which bf16 holds, and every sum one below 2^24, which fp32 holds. So every shape has to give the
     * oracle's numbers to the last bit, whatever the precision and the order of its sums.
     */
    @OnEveryDevice
    void wholeNumbersComeOutToTheLastBit(Device device) {
        Activation[] exact = {Activation.RELU, Activation.NONE};
        int turn = 0;
        for (int layers = 0; layers <= 3; layers++) {
            for (int width : layers == 0 ? new int[] {1} : WIDTHS) {
                for (int[] ends : new int[][] {{1, 1}, {3, 4}, {32, 16}, {31, 3}, {6, 17}}) {
                    int n = BATCHES[turn % BATCHES.length];
                    Draws draws = new Draws(turn);
                    NetworkOracle oracle = new NetworkOracle(
                            ends[0], ends[1], width, layers, exact[turn / 5 % 2], exact[turn / 3 % 2]);
                    try (Network network = Network.create(device, oracle.config(), ends[0], ends[1], 0)) {
                        ModelCheck.exact(n + " points, " + layers + " x " + width + ", " + ends[0] + " to " + ends[1],
                                network, oracle, sparse(network, draws), draws.multiples(n * ends[0], 1, -2, 2),
                                draws.multiples(n * ends[1], 1, -1, 1));
                    }
                    turn++;
                }
            }
        }
    }

    /** In each row and each column of each matrix two or three numbers that are not 0. */
    private static float[] sparse(Network network, Draws draws) {
        float[] parameters = new float[(int) network.parameterCount()];
        for (ParameterBlock block : network.layout()) {
            int rows = block.shape().get(0).intValue();
            int columns = block.shape().get(1).intValue();
            for (int i = 0; i < Math.max(rows, columns); i++) {
                for (int k : new int[] {i, i * 7 + 3}) {
                    parameters[(int) block.offset() + i % rows * columns + k % columns] = 1 - 2 * draws.below(2);
                }
            }
        }
        return parameters;
    }

    @OnEveryDevice
    void everyActivationIsThatOfTheOracleInsideAndAtTheEnd(Device device) {
        for (Activation hidden : Activation.values()) {
            for (Activation output : Activation.values()) {
                random(device, new NetworkOracle(5, 3, 16, 2, hidden, output), 97);
            }
        }
    }

    @OnEveryDevice
    void randomWeightsOfEveryShapeComeClose(Device device) {
        for (int layers = 0; layers <= 3; layers++) {
            for (int width : WIDTHS) {
                random(device, new NetworkOracle(32, 4, width, layers, Activation.SILU, Activation.NONE), 97);
                random(device, new NetworkOracle(7, 16, width, layers, Activation.RELU, Activation.SIGMOID), 17);
            }
        }
    }

    @OnEveryDevice
    void wideNetworksAndDeepOnesWork(Device device) {
        random(device, new NetworkOracle(3, 3, 256, 2, Activation.RELU, Activation.NONE), 97);
        random(device, new NetworkOracle(3, 3, 1024, 1, Activation.SILU, Activation.NONE), 17);
        random(device, new NetworkOracle(3, 3, 24, 8, Activation.TANH, Activation.NONE), 97);
        random(device, new NetworkOracle(1024, 1024, 4, 1, Activation.NONE, Activation.NONE), 3);
    }

    private static void random(Device device, NetworkOracle oracle, int n) {
        Draws draws = new Draws(oracle.parameters());
        float[] inputs = draws.uniform(n * oracle.inputs(), -1, 1);
        float[] slopes = draws.uniform(n * oracle.outputs(), -1, 1);
        try (Network network = Network.create(device, oracle.config(), oracle.inputs(), oracle.outputs(), 5)) {
            float[] parameters = network.parameters();
            // An exponential of an exponential magnifies a rounding by its argument: keep those small.
            float size = oracle.config().toJson().contains("\"Exponential\"") ? 0.5f : 1;
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] *= size;
            }
            for (int i = 0; i < n; i++) {
                // On which side of a kink such a point lies is a matter of rounding: its gradient proves nothing.
                if (oracle.distanceToKink(Draws.wide(parameters), Draws.row(inputs, i, oracle.inputs())) < 1e-5) {
                    Arrays.fill(slopes, i * oracle.outputs(), (i + 1) * oracle.outputs(), 0);
                }
            }
            // Each layer rounds its weights and inputs, and on the way back its weights and slopes.
            int roundings = 4 * network.layout().size();
            String what = n + " points of " + network.layout() + " " + oracle.config();
            if (device.precision().equals("fp32")) {
                ModelCheck.close(what, network, oracle, parameters, inputs, slopes, Devices.tolerance(device, roundings));
            } else {
                ModelCheck.check(what, network, oracle, parameters, inputs, slopes,
                        (name, e, a) -> Check.closeOnAverage(name, e, a, oracle.kinked()
                                ? Devices.toleranceBehindKinks(device, roundings)
                                : Devices.tolerance(device, roundings)));
            }
        }
    }

    @OnEveryDevice
    void activationsStayFiniteFarOut(Device device) {
        for (Activation activation : Activation.values()) {
            NetworkOracle oracle = new NetworkOracle(1, 1, 1, 0, Activation.NONE, activation);
            try (Network network = Network.create(device, oracle.config(), 1, 1, 0)) {
                float[] x = {-1000, -128, -100, -88, -30, -16, -15, -14, -8, -2, -1, -0.5f, 0, 0.5f, 1, 2, 8, 14, 15, 16,
                    30, 88, 100, 128, 1000};
                float[] ones = new float[x.length];
                Arrays.fill(ones, 1);
                network.setParameters(new float[] {1});
                float[] y = network.forward(x);
                float[] slope = network.backward(x, ones);
                for (int i = 0; i < x.length; i++) {
                    double value = ActivationOracle.value(activation, x[i]);
                    double size = Math.max(1, Math.abs(value));
                    // A large argument of a sine, and a difference of large numbers, lose what the argument's size costs.
                    double argument = 0x1p-23 * Math.abs(x[i]);
                    assertEquals(value, y[i], 2e-6 * size + argument, activation + " of " + x[i]);
                    double expected = ActivationOracle.slope(activation, x[i]);
                    assertEquals(expected, slope[i], (device.precision().equals("fp32") ? 2e-6 : 0x1p-8)
                            * Math.max(1, expected) + argument, activation + "'s slope at " + x[i]);
                }
            }
        }
    }

    @OnEveryDevice
    void aPointThatIsNoNumberSpoilsNoOther(Device device) {
        NetworkOracle oracle = new NetworkOracle(3, 2, 16, 2, Activation.RELU, Activation.NONE);
        Draws draws = new Draws(8);
        try (Network network = Network.create(device, oracle.config(), 3, 2, 0)) {
            float[] inputs = draws.uniform(3 * 97, -1, 1);
            float[] slopes = draws.uniform(2 * 97, -1, 1);
            float[] outputs = network.forward(inputs);
            float[] back = network.backwardToInputs(inputs, slopes);
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                inputs[3 * 50] = bad;
                float[] spoilt = network.forward(inputs);
                float[] spoiltBack = network.backwardToInputs(inputs, slopes);
                System.arraycopy(outputs, 100, spoilt, 100, 2);
                System.arraycopy(back, 150, spoiltBack, 150, 3);
                assertArrayEquals(outputs, spoilt);
                assertArrayEquals(back, spoiltBack);
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
