package org.eikonal.bench;

import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;
import org.eikonal.Activation;
import org.eikonal.Network;
import org.eikonal.NetworkConfig;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A network of four square matrices: as many inputs and outputs as it is wide. */
@State(Scope.Benchmark)
public class NetworkBenchmark extends Measured {
    public static final int MATRICES = 4;

    @Param("18")
    public int log2Batch = 18;

    @Param("64")
    public int width = 64;

    private Network network;
    private FloatBuffer inputs;
    private FloatBuffer outputs;
    private FloatBuffer outputGradients;
    private FloatBuffer inputGradients;

    @Setup
    public void prepare(Engine engine) {
        int n = 1 << log2Batch;
        RandomGenerator random = Numbers.random();
        NetworkConfig config = NetworkConfig.builder().neurons(width).hiddenLayers(MATRICES - 1)
                .activation(Activation.RELU).outputActivation(Activation.NONE).build();
        network = Network.create(engine.device, config, width, width, 1);
        inputs = Numbers.buffer(random, width * n, -1, 1);
        outputs = Numbers.room(width * n);
        outputGradients = Numbers.buffer(random, width * n, -1, 1);
        inputGradients = Numbers.room(width * n);
    }

    @TearDown
    public void close() {
        network.close();
    }

    @Benchmark
    public void forward() {
        network.forward(inputs, outputs);
    }

    /** To parameters and inputs, the forward pass included: what the layers answered is not kept between calls. */
    @Benchmark
    public void forwardAndBackward() {
        network.backward(inputs, outputGradients, inputGradients, true);
    }
}
