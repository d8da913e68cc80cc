package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.eikonal.Activation;
import org.eikonal.Device;
import org.eikonal.Network;
import org.eikonal.NetworkConfig;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.junit.jupiter.api.Test;

/** Networks whose layers add a bias. */
class BiasTest {
    private static final int[] BATCHES = {0, 1, 3, 17, 96, 97, 769};
    private static final int[] WIDTHS = {1, 2, 3, 16, 17, 64, 128};

    private static NetworkOracle network(int[] ends, int width, int layers, Activation hidden, Activation output) {
        return new NetworkOracle(ends[0], ends[1], width, layers, hidden, output, true);
    }

    @OnEveryDevice
    void wholeNumbersComeOutToTheLastBit(Device device) {
        Activation[] exact = {Activation.RELU, Activation.NONE};
        int turn = 0;
        for (int layers = 0; layers <= 3; layers++) {
            for (int width : layers == 0 ? new int[] {1} : WIDTHS) {
                for (int[] ends : new int[][] {{1, 1}, {3, 4}, {32, 16}, {31, 3}, {6, 17}}) {
                    NetworkCheck.wholeNumbers(device,
                            network(ends, width, layers, exact[turn / 5 % 2], exact[turn / 3 % 2]),
                            BATCHES[turn % BATCHES.length], new Draws(turn));
                    turn++;
                }
            }
        }
    }

    @OnEveryDevice
    void everyActivationIsThatOfTheOracleInsideAndAtTheEnd(Device device) {
        for (Activation hidden : Activation.values()) {
            for (Activation output : Activation.values()) {
                NetworkCheck.random(device, network(new int[] {5, 3}, 16, 1, hidden, output), 97);
            }
        }
    }

    @OnEveryDevice
    void randomWeightsAndBiasesComeClose(Device device) {
        for (int layers : new int[] {0, 1, 3, 8}) {
            for (int width : WIDTHS) {
                NetworkCheck.random(device, network(new int[] {7, 5}, width, layers, Activation.SILU, Activation.NONE), 97);
            }
        }
    }

    @OnEveryDevice
    void manyTilesAddUpInTheGradientsOfBiases(Device device) {
        // With no weights every point answers the bias, and the gradient of a bias is the sum of what comes.
        NetworkOracle oracle = network(new int[] {3, 2}, 5, 0, Activation.NONE, Activation.NONE);
        int n = 50001;
        try (Network network = Network.create(device, oracle.config(), 3, 2, 0)) {
            network.setParameters(new float[] {0, 0, 0, 0, 0, 0, 3, -4});
            float[] points = new Draws(1).multiples(3 * n, 1, -2, 2);
            float[] slopes = new Draws(2).multiples(2 * n, 1, -2, 2);
            float[] outputs = network.forward(points);
            network.backwardToParameters(points, slopes);
            double[] sums = new double[2];
            for (int i = 0; i < 2 * n; i++) {
                assertEquals(i % 2 == 0 ? 3 : -4, outputs[i]);
                sums[i % 2] += slopes[i];
            }
            Check.within("biases", sums, Arrays.copyOfRange(network.gradients(), 6, 8), 0);
        }
    }

    @OnEveryDevice
    void everyBiasStandsBehindItsMatrixAndStartsAtZero(Device device) {
        NetworkOracle oracle = network(new int[] {3, 2}, 5, 1, Activation.NONE, Activation.NONE);
        try (Network network = Network.create(device, oracle.config(), 3, 2, 7)) {
            assertEquals(
                    List.of("network.layer0", "network.layer0.bias", "network.layer1", "network.layer1.bias"),
                    network.layout().stream().map(block -> block.name()).toList());
            assertEquals(List.of(0L, 15L, 20L, 30L), network.layout().stream().map(block -> block.offset()).toList());
            assertEquals(List.of(List.of(5L, 3L), List.of(5L), List.of(2L, 5L), List.of(2L)),
                    network.layout().stream().map(block -> block.shape()).toList());
            assertEquals(32, network.parameterCount());
            float[] initial = network.parameters();
            assertArrayEquals(new float[5], Arrays.copyOfRange(initial, 15, 20));
            assertArrayEquals(new float[2], Arrays.copyOfRange(initial, 30, 32));
            for (int unit = 0; unit < 5; unit++) {
                for (int output = 0; output < 2; output++) {
                    float[] parameters = new float[32];
                    parameters[15 + unit] = 2;
                    parameters[20 + output * 5 + unit] = 3;
                    parameters[30 + output] = 0.5f;
                    network.setParameters(parameters);
                    float[] expected = new float[2];
                    expected[output] = 6.5f;
                    assertArrayEquals(expected, network.forward(new float[] {1, 2, 3}));
                }
            }
        }
    }

    @OnEveryDevice
    void networksHaveNoBiasUnlessToldSo(Device device) {
        NetworkConfig silent = NetworkConfig.builder().neurons(5).hiddenLayers(1).build();
        NetworkConfig without = NetworkConfig.builder().neurons(5).hiddenLayers(1).bias(false).build();
        for (NetworkConfig config : new NetworkConfig[] {silent, without}) {
            try (Network network = Network.create(device, config, 3, 2, 7)) {
                assertEquals(25, network.parameterCount());
            }
        }
    }

    @Test
    void theOraclesDerivativesAreFiniteDifferences() {
        for (Activation activation : Activation.values()) {
            NetworkOracle oracle = network(new int[] {3, 2}, 4, 2, activation, activation);
            Draws draws = new Draws(9);
            ModelCheck.differences(activation.toString(), oracle, Draws.wide(draws.uniform(oracle.parameters(), -1, 1)),
                    Draws.wide(draws.uniform(3, -1, 1)), Draws.wide(draws.uniform(2, -1, 1)));
        }
    }
}
