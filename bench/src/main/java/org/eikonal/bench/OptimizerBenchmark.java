package org.eikonal.bench;

import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;
import org.eikonal.Encoding;
import org.eikonal.Optimizer;
import org.eikonal.OptimizerConfig;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One step of Adam on a hash grid that a batch of random points has touched. */
@State(Scope.Benchmark)
public class OptimizerBenchmark extends Measured {
    @Param("18")
    public int log2Batch = 18;

    @Param("19")
    public int log2Table = 19;

    @Param("false")
    public boolean average;

    private Encoding encoding;
    private Optimizer optimizer;
    private FloatBuffer points;
    private FloatBuffer featureGradients;
    private long touched;

    /** What the calls did, added up. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counts {
        public long calls;
        public long parameters;
        public long touched;
    }

    @Setup
    public void prepare(Engine engine) {
        int n = 1 << log2Batch;
        RandomGenerator random = Numbers.random();
        encoding = Encoding.create(engine.device, InstantNgp.encoding(log2Table), 3, 1);
        OptimizerConfig adam = OptimizerConfig.adam().learningRate(1e-3).build();
        optimizer = Optimizer.create(encoding, average ? adam.withEma(0.95) : adam);
        points = Numbers.buffer(random, 3 * n, 0, 1);
        featureGradients = Numbers.buffer(random, encoding.outputs() * n, -1, 1);
        encoding.backward(points, featureGradients, null, true);
        touched = Numbers.inTouchedLines(encoding.gradients());
        encoding.zeroGradients();
    }

    /** A step leaves no gradient behind. */
    @Setup(Level.Invocation)
    public void touch() {
        encoding.backward(points, featureGradients, null, true);
    }

    @TearDown
    public void close() {
        optimizer.close();
        encoding.close();
    }

    @Benchmark
    public void step(Counts counts) {
        optimizer.step(0);
        counts.calls++;
        counts.parameters += encoding.parameterCount();
        counts.touched += touched;
    }
}
