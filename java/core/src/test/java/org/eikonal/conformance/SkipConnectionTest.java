package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.eikonal.Activation;
import org.eikonal.Device;
import org.eikonal.Network;
import org.eikonal.NetworkConfig;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.junit.jupiter.api.Test;

/** Networks some of whose layers see the inputs once more, before what the layer before says. */
class SkipConnectionTest {
    private static final int[] BATCHES = {0, 1, 3, 17, 96, 97, 769};
    /** Odd and even: a half-precision plane holds two channels, and the seam may lie in the middle of one. */
    private static final int[][] ENDS = {{1, 1}, {2, 3}, {3, 4}, {5, 2}, {31, 3}, {16, 17}};
    private static final int[] WIDTHS = {1, 2, 3, 16, 17, 31, 64};

    /** Which layers of three hidden ones skip, and of one. */
    private static final int[][] SKIPS = {{1}, {3}, {2}, {1, 2}, {2, 3}, {1, 2, 3}};

    @OnEveryDevice
    void wholeNumbersComeOutToTheLastBit(Device device) {
        Activation[] exact = {Activation.RELU, Activation.NONE};
        int turn = 0;
        for (int width : WIDTHS) {
            for (int[] ends : ENDS) {
                int[] skips = SKIPS[turn % SKIPS.length];
                int n = BATCHES[turn % BATCHES.length];
                NetworkCheck.wholeNumbers(device, new NetworkOracle(ends[0], ends[1], width, 3, exact[turn / 5 % 2],
                        exact[turn / 3 % 2], turn % 2 == 0, skips), n, new Draws(turn));
                NetworkCheck.wholeNumbers(device, new NetworkOracle(ends[0], ends[1], width, 1, exact[turn / 3 % 2],
                        Activation.NONE, turn % 2 == 1, 1), n, new Draws(turn));
                turn++;
            }
        }
    }

    @OnEveryDevice
    void everyActivationIsThatOfTheOracleInsideAndAtTheEnd(Device device) {
        for (Activation hidden : Activation.values()) {
            for (Activation output : Activation.values()) {
                NetworkCheck.random(device, new NetworkOracle(5, 9, 15, 2, hidden, output, true, 1, 2), 97);
            }
        }
    }

    @OnEveryDevice
    void randomWeightsOfEveryShapeComeClose(Device device) {
        int turn = 0;
        for (int width : WIDTHS) {
            // Several inputs: of one alone the gradient may be a sum of paths that all but cancel.
            for (int[] ends : new int[][] {{3, 4}, {5, 7}, {31, 3}, {16, 17}}) {
                NetworkCheck.random(device, new NetworkOracle(ends[0], ends[1], width, 3, Activation.SILU,
                        Activation.NONE, turn % 2 == 0, SKIPS[turn % SKIPS.length]), 97);
                turn++;
            }
        }
    }

    /** NeRF's network, of eight layers with its 63 inputs once more into the fifth, but 64 wide; and one that skips all. */
    @OnEveryDevice
    void deepNetworksSkipAsNerfDoes(Device device) {
        NetworkCheck.random(device, new NetworkOracle(63, 4, 64, 8, Activation.SILU, Activation.NONE, true, 4), 97);
        NetworkCheck.random(device,
                new NetworkOracle(3, 4, 13, 8, Activation.TANH, Activation.NONE, true, 8, 1, 2, 3, 4, 5, 6, 7), 97);
        NetworkCheck.random(device, new NetworkOracle(65, 5, 1024, 1, Activation.SILU, Activation.NONE, true, 1), 3);
        NetworkCheck.random(device, new NetworkOracle(1301, 5, 129, 2, Activation.SILU, Activation.NONE, true, 2), 3);
    }

    @OnEveryDevice
    void theInputsStandBeforeTheLayersOwnInTheMatrix(Device device) {
        NetworkOracle oracle = new NetworkOracle(3, 2, 5, 2, Activation.NONE, Activation.NONE, true, 2);
        try (Network network = Network.create(device, oracle.config(), 3, 2, 0)) {
            assertEquals(
                    List.of(List.of(5L, 3L), List.of(5L), List.of(5L, 5L), List.of(5L), List.of(2L, 8L), List.of(2L)),
                    network.layout().stream().map(block -> block.shape()).toList());
            assertEquals(List.of(0L, 15L, 20L, 45L, 50L, 66L),
                    network.layout().stream().map(block -> block.offset()).toList());
            for (int output = 0; output < 2; output++) {
                for (int column = 0; column < 8; column++) {
                    float[] parameters = new float[68];
                    // Units 0 to 4 of the last hidden layer are their biases, 4 to 8.
                    for (int unit = 0; unit < 5; unit++) {
                        parameters[45 + unit] = 4 + unit;
                    }
                    parameters[50 + output * 8 + column] = 1;
                    network.setParameters(parameters);
                    float[] expected = new float[2];
                    expected[output] = 1 + column;
                    assertArrayEquals(expected, network.forward(new float[] {1, 2, 3}));
                }
            }
        }
    }

    @OnEveryDevice
    void theOrderOfTheListDoesNotMatter(Device device) {
        NetworkConfig up = NetworkConfig.builder().neurons(7).hiddenLayers(3).skipConnections(1, 3).build();
        NetworkConfig down = NetworkConfig.builder().neurons(7).hiddenLayers(3).skipConnections(3, 1).build();
        NetworkConfig none = NetworkConfig.builder().neurons(7).hiddenLayers(3).skipConnections().build();
        float[] points = new Draws(1).uniform(3 * 17, -1, 1);
        try (Network a = Network.create(device, up, 3, 2, 1); Network b = Network.create(device, down, 3, 2, 1);
                Network plain = Network.create(device, none, 3, 2, 1)) {
            assertEquals(a.layout(), b.layout());
            assertArrayEquals(a.forward(points), b.forward(points));
            assertEquals(3 * 7 + 7 * 7 + 7 * 7 + 7 * 2, plain.parameterCount());
        }
    }

    @Test
    void theOraclesDerivativesAreFiniteDifferences() {
        for (Activation activation : Activation.values()) {
            NetworkOracle oracle = new NetworkOracle(3, 2, 4, 3, activation, activation, true, 3, 1);
            Draws draws = new Draws(9);
            ModelCheck.differences(activation.toString(), oracle, Draws.wide(draws.uniform(oracle.parameters(), -1, 1)),
                    Draws.wide(draws.uniform(3, -1, 1)), Draws.wide(draws.uniform(2, -1, 1)));
        }
    }
}
