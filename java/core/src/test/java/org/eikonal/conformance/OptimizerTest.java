package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.eikonal.Activation;
import org.eikonal.Device;
import org.eikonal.Network;
import org.eikonal.Optimizer;
import org.eikonal.OptimizerConfig;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.eikonal.conformance.GridOracle.Shape;

/** Adam, its schedules and averages. Parameters, gradients and moments are fp32 on every device. */
class OptimizerTest {
    private static final NetworkOracle NETWORK =
            new NetworkOracle(3, 17, 23, 1, Activation.SILU, Activation.NONE);
    private static final Shape GRID = new Shape("HashGrid", 3, 4, 2, 8, 4, 1.5, "Linear");

    private static OptimizerConfig adam() {
        return OptimizerConfig.adam().learningRate(0.01).build();
    }

    private static float[] state(Optimizer optimizer) {
        FloatBuffer state = FloatBuffer.allocate((int) optimizer.stateSize());
        optimizer.readState(state);
        return state.array();
    }

    /** Gradients of a random batch, left in the model and returned. */
    private static float[] gradients(Network network, Draws draws, int n) {
        network.backwardToParameters(
                draws.uniform(n * network.inputs(), 0, 1), draws.uniform(n * network.outputs(), -1, 1));
        return network.gradients();
    }

    @OnEveryDevice
    void adamIsThatOfThePaperWithRegularisationAndWeightDecay(Device device) {
        for (double[] extra : new double[][] {{0, 0}, {0.1, 0}, {0, 0.5}, {0.1, 0.5}}) {
            OptimizerConfig config = OptimizerConfig.adam().learningRate(0.01).beta1(0.8).beta2(0.95).epsilon(1e-6)
                    .l2Regularization(extra[0]).weightDecay(extra[1]).build();
            try (Network network = Network.create(device, NETWORK.config(), 3, 17, 1);
                    Optimizer optimizer = Optimizer.create(network, config)) {
                AdamOracle oracle = new AdamOracle(network.parameters(), 0.8, 0.95, 1e-6, extra[0], extra[1]);
                Draws draws = new Draws(1);
                for (int t = 1; t <= 5; t++) {
                    oracle.step(t, 0.01, gradients(network, draws, 33), 0);
                    optimizer.step(0);
                    Check.close("parameters after " + t, oracle.values, network.parameters(), 2e-6);
                    assertArrayEquals(new float[NETWORK.parameters()], network.gradients());
                }
                float[] state = state(optimizer);
                int n = NETWORK.parameters();
                assertEquals(2 * n, state.length);
                Check.close("first moments", oracle.first, Arrays.copyOf(state, n), 2e-6);
                Check.close("second moments", oracle.second, Arrays.copyOfRange(state, n, 2 * n), 2e-6);
            }
        }
    }

    @OnEveryDevice
    void gridEntriesWithoutGradientStayAsTheyAre(Device device) {
        OptimizerConfig config = OptimizerConfig.adam().learningRate(0.01).epsilon(1e-6)
                .l2Regularization(0.1).weightDecay(0.5).build();
        GridOracle grid = new GridOracle(GRID);
        NetworkOracle mlp = new NetworkOracle(grid.outputs(), 3, 16, 1, Activation.SILU, Activation.NONE);
        try (Network network = Network.create(device, GRID.config(), mlp.config(), 3, 3, 1);
                Optimizer optimizer = Optimizer.create(network, config)) {
            float[] parameters = new Draws(2).uniform((int) network.parameterCount(), -1, 1);
            network.setParameters(parameters);
            AdamOracle oracle = new AdamOracle(parameters, 0.9, 0.999, 1e-6, 0.1, 0.5);
            Draws draws = new Draws(3);
            int untouched = 0;
            for (int t = 1; t <= 5; t++) {
                float[] before = network.parameters();
                float[] moments = state(optimizer);
                float[] gradients = gradients(network, draws, 7);
                oracle.step(t, 0.01, gradients, grid.parameters());
                optimizer.step(0);
                float[] after = network.parameters();
                float[] momentsAfter = state(optimizer);
                for (int i = 0; i < grid.parameters(); i++) {
                    if (gradients[i] == 0) {
                        untouched++;
                        assertEquals(before[i], after[i]);
                        assertEquals(moments[i], momentsAfter[i]);
                        assertEquals(moments[after.length + i], momentsAfter[after.length + i]);
                    }
                }
                Check.close("parameters after " + t, oracle.values, after, 2e-6);
            }
            assertTrue(untouched > grid.parameters(), untouched + " times untouched");
        }
    }

    /** Tables and matrices of more parameters than one task takes. */
    @OnEveryDevice
    void largeTablesAndMatricesTakeTheSameStep(Device device) {
        Shape shape = new Shape("HashGrid", 3, 2, 2, 15, 16, 2, "Linear");
        GridOracle grid = new GridOracle(shape);
        NetworkOracle mlp = new NetworkOracle(grid.outputs(), 10000, 1, 0, Activation.NONE, Activation.NONE);
        // Decays that fp32 holds, and one minus them.
        OptimizerConfig config = OptimizerConfig.adam().learningRate(0.01).beta1(0.875).beta2(0.96875).epsilon(1e-6)
                .l2Regularization(0.1).weightDecay(0.5).build().withEma(0.75);
        try (Network network = Network.create(device, shape.config(), mlp.config(), 3, 10000, 1);
                Optimizer optimizer = Optimizer.create(network, config)) {
            int n = (int) network.parameterCount();
            assertTrue(grid.parameters() > 50000 && n - grid.parameters() > 30000);
            float[] parameters = new Draws(9).uniform(n, -1, 1);
            network.setParameters(parameters);
            AdamOracle oracle = new AdamOracle(parameters, 0.875, 0.96875, 1e-6, 0.1, 0.5);
            Draws draws = new Draws(10);
            double[] average = Draws.wide(parameters);
            float[] begun = state(optimizer);
            System.arraycopy(parameters, 0, begun, 2 * n, n);
            optimizer.writeState(0, FloatBuffer.wrap(begun));
            for (int t = 1; t <= 2; t++) {
                oracle.step(t, 0.01, gradients(network, draws, 50), grid.parameters());
                optimizer.step(0);
                float[] after = network.parameters();
                Check.close("parameters after " + t, oracle.values, after, 2e-6);
                float[] state = state(optimizer);
                Check.close("first moments", oracle.first, Arrays.copyOf(state, n), 2e-6);
                Check.close("second moments", oracle.second, Arrays.copyOfRange(state, n, 2 * n), 2e-6);
                for (int i = 0; i < n; i++) {
                    average[i] = 0.75 * average[i] + 0.25 * after[i];
                }
                Check.close("average", average, Arrays.copyOfRange(state, 2 * n, 3 * n), 2e-6);
            }
            // What a device keeps at half precision followed.
            float[] points = draws.uniform(3 * 50, 0, 1);
            float[] seen = network.forward(points);
            network.setParameters(network.parameters());
            assertArrayEquals(network.forward(points), seen);
        }
    }

    @OnEveryDevice
    void aStepIsSeenByTheNextForward(Device device) {
        try (Network network = Network.create(device, NETWORK.config(), 3, 17, 1);
                Network copy = Network.create(device, NETWORK.config(), 3, 17, 2);
                Optimizer optimizer = Optimizer.create(network, adam())) {
            gradients(network, new Draws(4), 33);
            optimizer.step(0);
            copy.setParameters(network.parameters());
            float[] points = new Draws(5).uniform(3 * 17, -1, 1);
            assertArrayEquals(copy.forward(points), network.forward(points));
        }
    }

    @OnEveryDevice
    void theMovingAverageStartsAtTheParametersAndFollowsThem(Device device) {
        try (Network network = Network.create(device, NETWORK.config(), 3, 17, 1);
                Optimizer optimizer = Optimizer.create(network, adam().withEma(0.75))) {
            int n = NETWORK.parameters();
            assertEquals(3 * n, optimizer.stateSize());
            double[] average = Draws.wide(network.parameters());
            Draws draws = new Draws(6);
            for (int t = 1; t <= 5; t++) {
                gradients(network, draws, 3);
                optimizer.step(0);
                float[] values = network.parameters();
                for (int i = 0; i < n; i++) {
                    average[i] = 0.75 * average[i] + 0.25 * values[i];
                }
                Check.close("average after " + t, average, Arrays.copyOfRange(state(optimizer), 2 * n, 3 * n), 2e-6);
            }
        }
    }

    @OnEveryDevice
    void aStateThatIsWrittenBackGoesOnToTheSameBits(Device device) {
        try (Network network = Network.create(device, NETWORK.config(), 3, 17, 1);
                Network other = Network.create(device, NETWORK.config(), 3, 17, 2);
                Optimizer optimizer = Optimizer.create(network, adam().withEma(0.9));
                Optimizer resumed = Optimizer.create(other, adam().withEma(0.9))) {
            Draws draws = new Draws(7);
            for (int t = 0; t < 3; t++) {
                gradients(network, draws, 3);
                optimizer.step(0);
            }
            FloatBuffer state = FloatBuffer.allocate((int) optimizer.stateSize());
            assertEquals(3, optimizer.readState(state));
            resumed.writeState(3, state);
            other.setParameters(network.parameters());
            gradients(network, new Draws(8), 3);
            gradients(other, new Draws(8), 3);
            optimizer.step(0);
            resumed.step(0);
            assertArrayEquals(network.parameters(), other.parameters());
            assertArrayEquals(state(optimizer), state(resumed));
        }
    }

    /** What the next step's rate should be, from the number of steps done and the fraction of training done. */
    private interface Rate {
        double at(int step, double progress);
    }

    @OnEveryDevice
    void schedulesShapeTheLearningRate(Device device) {
        rates(device, adam(), (step, progress) -> 0.01);
        rates(device, adam().withExponentialDecay(4, 3, 0.5),
                (step, progress) -> 0.01 * Math.pow(0.5, step < 4 ? 0 : (step - 4) / 3 + 1));
        rates(device, adam().withWarmup(5), (step, progress) -> 0.01 * Math.min(1, (step + 1) / 5.0));
        rates(device, adam().withCosineDecay(0.25, 0.1), (step, progress) ->
                0.01 * (0.1 + 0.9 * (1 + Math.cos(Math.PI * Math.max(0, (progress - 0.25) / 0.75))) / 2));
        rates(device, adam().withLogDecay(0.5, 0.01),
                (step, progress) -> 0.01 * Math.pow(0.01, Math.max(0, (progress - 0.5) / 0.5)));
        rates(device, adam().withExponentialDecay(4, 3, 0.5).withWarmup(6).withEma(0.9), (step, progress) ->
                0.01 * Math.pow(0.5, step < 4 ? 0 : (step - 4) / 3 + 1) * Math.min(1, (step + 1) / 6.0));
    }

    private static void rates(Device device, OptimizerConfig config, Rate expected) {
        NetworkOracle one = new NetworkOracle(1, 1, 1, 0, Activation.NONE, Activation.NONE);
        try (Network network = Network.create(device, one.config(), 1, 1, 0);
                Optimizer optimizer = Optimizer.create(network, config)) {
            for (int step = 0; step < 12; step++) {
                for (double progress : new double[] {0, 0.1, 0.25, 0.5, 0.75, 1}) {
                    assertEquals(expected.at(step, progress), optimizer.learningRate(progress), 1e-12,
                            config + " at " + step + ", " + progress);
                }
                // Adam moves a weight whose gradients are all equal by the learning rate itself.
                double progress = step / 12.0;
                float before = network.parameters()[0];
                network.backwardToParameters(new float[] {1}, new float[] {1});
                optimizer.step(progress);
                assertEquals(before - expected.at(step, progress), network.parameters()[0], 1e-6, config.toString());
            }
        }
    }
}
