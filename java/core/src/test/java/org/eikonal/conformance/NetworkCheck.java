package org.eikonal.conformance;

import java.util.Arrays;
import org.eikonal.Device;
import org.eikonal.Network;

/** Holds a network of any shape to its oracle. */
final class NetworkCheck {
    private NetworkCheck() {}

    /**
     * Weights are -1, 0 or 1, few of them not 0, and inputs small whole numbers: everything that is stored stays a whole
     * number below 2^8, which bf16 holds, and every sum one below 2^24, which fp32 holds. So every shape has to give the
     * oracle's numbers to the last bit, whatever the precision and the order of its sums.
     */
    static void wholeNumbers(Device device, NetworkOracle oracle, int n, Draws draws) {
        try (Network network = Network.create(device, oracle.config(), oracle.inputs(), oracle.outputs(), 0)) {
            ModelCheck.exact(n + " points of " + network.layout() + " " + oracle.config(), network, oracle,
                    sparse(oracle, draws), draws.multiples(n * oracle.inputs(), 1, -2, 2),
                    draws.multiples(n * oracle.outputs(), 1, -1, 1));
        }
    }

    /** In each row and each column of each matrix two or three numbers that are not 0, and biases of -1, 0 and 1. */
    private static float[] sparse(NetworkOracle oracle, Draws draws) {
        float[] parameters = draws.multiples(oracle.parameters(), 1, -1, 1);
        for (int l = 0; l < oracle.layers(); l++) {
            int rows = oracle.rows(l);
            int columns = oracle.columns(l);
            Arrays.fill(parameters, oracle.offset(l), oracle.offset(l) + rows * columns, 0);
            for (int i = 0; i < Math.max(rows, columns); i++) {
                for (int k : new int[] {i, i * 7 + 3}) {
                    parameters[oracle.offset(l) + i % rows * columns + k % columns] = 1 - 2 * draws.below(2);
                }
            }
        }
        return parameters;
    }

    /** Initial weights, biases that are not 0, and random points. */
    static void random(Device device, NetworkOracle oracle, int n) {
        Draws draws = new Draws(oracle.parameters());
        float[] inputs = draws.uniform(n * oracle.inputs(), -1, 1);
        float[] slopes = draws.uniform(n * oracle.outputs(), -1, 1);
        try (Network network = Network.create(device, oracle.config(), oracle.inputs(), oracle.outputs(), 5)) {
            float[] parameters = network.parameters();
            // An exponential of an exponential magnifies a rounding by its argument: keep those small.
            float size = oracle.config().toJson().contains("\"Exponential\"") ? 0.5f : 1;
            for (int l = 0; l < oracle.layers(); l++) {
                int biases = oracle.offset(l) + oracle.rows(l) * oracle.columns(l);
                for (int i = oracle.offset(l); i < biases; i++) {
                    parameters[i] *= size;
                }
                int end = oracle.offset(l + 1);
                System.arraycopy(draws.uniform(end - biases, -0.5, 0.5), 0, parameters, biases, end - biases);
            }
            for (int i = 0; i < n; i++) {
                // On which side of a kink such a point lies is a matter of rounding: its gradient proves nothing.
                if (oracle.distanceToKink(Draws.wide(parameters), Draws.row(inputs, i, oracle.inputs())) < 1e-5) {
                    Arrays.fill(slopes, i * oracle.outputs(), (i + 1) * oracle.outputs(), 0);
                }
            }
            // Each layer rounds its weights and inputs, and on the way back its weights and slopes.
            int roundings = 4 * oracle.layers();
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
}
