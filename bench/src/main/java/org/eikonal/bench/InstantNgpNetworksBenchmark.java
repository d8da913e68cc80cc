package org.eikonal.bench;

import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;
import org.eikonal.Activation;
import org.eikonal.Device;
import org.eikonal.Network;
import org.eikonal.NetworkConfig;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The two networks of {@link InstantNgp}, one call each, without their encodings: what peers are compared with. */
@State(Scope.Benchmark)
public class InstantNgpNetworksBenchmark extends Measured {
    @Param("18")
    public int log2Batch = 18;

    private Part density;
    private Part color;

    /** A network with what goes in and comes out. */
    private record Part(Network network, FloatBuffer inputs, FloatBuffer outputs, FloatBuffer outputGradients,
            FloatBuffer inputGradients) {
        static Part create(Device device, int hiddenLayers, int outputs, int n) {
            RandomGenerator random = Numbers.random();
            NetworkConfig config = NetworkConfig.builder().neurons(64).hiddenLayers(hiddenLayers)
                    .activation(Activation.RELU).outputActivation(Activation.NONE).build();
            return new Part(Network.create(device, config, 32, outputs, 1), Numbers.buffer(random, 32 * n, -1, 1),
                    Numbers.room(outputs * n), Numbers.buffer(random, outputs * n, -1, 1), Numbers.room(32 * n));
        }

        void forward() {
            network.forward(inputs, outputs);
        }

        void forwardAndBackward() {
            network.backward(inputs, outputGradients, inputGradients, true);
        }
    }

    @Setup
    public void prepare(Engine engine) {
        density = Part.create(engine.device, 1, 16, 1 << log2Batch);
        color = Part.create(engine.device, 2, 3, 1 << log2Batch);
    }

    @TearDown
    public void close() {
        density.network.close();
        color.network.close();
    }

    @Benchmark
    public void forward() {
        density.forward();
        color.forward();
    }

    @Benchmark
    public void forwardAndBackward() {
        density.forwardAndBackward();
        color.forwardAndBackward();
    }
}
