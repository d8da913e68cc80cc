package org.eikonal.bench;

import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;
import org.eikonal.Encoding;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The hash grid of {@link InstantNgp} by itself, at random points. */
@State(Scope.Benchmark)
public class EncodingBenchmark extends Measured {
    @Param("18")
    public int log2Batch = 18;

    @Param("19")
    public int log2Table = 19;

    private Encoding encoding;
    private FloatBuffer points;
    private FloatBuffer features;
    private FloatBuffer featureGradients;
    private FloatBuffer pointGradients;

    @Setup
    public void prepare(Engine engine) {
        int n = 1 << log2Batch;
        RandomGenerator random = Numbers.random();
        encoding = Encoding.create(engine.device, InstantNgp.encoding(log2Table), 3, 1);
        points = Numbers.buffer(random, 3 * n, 0, 1);
        features = Numbers.room(encoding.outputs() * n);
        featureGradients = Numbers.buffer(random, encoding.outputs() * n, -1, 1);
        pointGradients = Numbers.room(3 * n);
    }

    @TearDown
    public void close() {
        encoding.close();
    }

    @Benchmark
    public void forward() {
        encoding.forward(points, features);
    }

    @Benchmark
    public void backwardToParameters() {
        encoding.backward(points, featureGradients, null, true);
    }

    @Benchmark
    public void backwardToInputs() {
        encoding.backward(points, featureGradients, pointGradients, false);
    }
}
