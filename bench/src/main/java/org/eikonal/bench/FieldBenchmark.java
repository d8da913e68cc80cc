package org.eikonal.bench;

import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;
import org.eikonal.RadianceField;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The radiance field of {@link InstantNgp}: encoding and both networks, at random points. */
@State(Scope.Benchmark)
public class FieldBenchmark extends Measured {
    @Param("18")
    public int log2Batch = 18;

    @Param("19")
    public int log2Table = 19;

    private RadianceField field;
    private FloatBuffer inputs;
    private FloatBuffer outputs;
    private FloatBuffer outputGradients;

    @Setup
    public void prepare(Engine engine) {
        int n = 1 << log2Batch;
        RandomGenerator random = Numbers.random();
        field = RadianceField.create(engine.device, InstantNgp.field(log2Table), 1);
        inputs = Numbers.room(6 * n);
        float[] positions = Numbers.array(random, 3 * n, 0, 1);
        float[] directions = Numbers.directions(random, n);
        for (int i = 0; i < n; i++) {
            inputs.put(6 * i, positions, 3 * i, 3);
            inputs.put(6 * i + 3, directions, 3 * i, 3);
        }
        outputs = Numbers.room(4 * n);
        outputGradients = Numbers.buffer(random, 4 * n, -1, 1);
    }

    @TearDown
    public void close() {
        field.close();
    }

    @Benchmark
    public void forward() {
        field.forward(inputs, outputs);
    }

    /** To parameters, the forward pass included. */
    @Benchmark
    public void forwardAndBackward() {
        field.backward(inputs, outputGradients, null, true);
    }
}
