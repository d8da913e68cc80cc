package org.eikonal.bench;

import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A peer: the hash grid in plain Java, on one thread. */
@State(Scope.Benchmark)
public class PlainJavaBenchmark extends Measured {
    @Param("18")
    public int log2Batch = 18;

    @Param("19")
    public int log2Table = 19;

    private PlainGrid plain;
    private VectorGrid vector;
    private float[] points;
    private float[] features;

    @Setup
    public void prepare() {
        int n = 1 << log2Batch;
        RandomGenerator random = Numbers.random();
        long entries = 0;
        for (long size : InstantNgp.entries(log2Table)) {
            entries += size;
        }
        plain = new PlainGrid(log2Table, Numbers.array(random, (int) (2 * entries), -1, 1));
        vector = new VectorGrid(plain);
        points = Numbers.array(random, 3 * n, 0, 0.999999);
        features = new float[2 * InstantNgp.LEVELS * n];
    }

    @Benchmark
    public Object scalar() {
        plain.forward(points, features);
        return features;
    }

    @Benchmark
    public Object vector() {
        vector.forward(points, features);
        return features;
    }
}
