package org.eikonal.bench;

import java.util.random.RandomGenerator;
import org.eikonal.Compositing;
import org.eikonal.CompositingConfig;
import org.eikonal.Loss;
import org.eikonal.LossConfig;
import org.eikonal.Rays;
import org.eikonal.Samples;
import org.eikonal.Sampling;
import org.eikonal.Views;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What belongs to rays and pixels: 32 samples a ray, three channels. */
@State(Scope.Benchmark)
public class RayBenchmark extends Measured {
    public static final int SAMPLES_PER_RAY = 32;
    public static final int CHANNELS = 3;

    /** Of samples; of rays where a ray has none. */
    @Param("18")
    public int log2Batch = 18;

    private Compositing compositing;
    private Samples samples;
    private float[] rawDensity;
    private float[] values;
    private float[] background;
    private float[] colorGradients;
    private Compositing.Result composited;
    private Compositing.Gradients gradients;

    private Sampling sampling;
    private float[] edges;
    private float[] weights;
    private float[] jitter;
    private float[] t;

    private Loss loss;
    private float[] prediction;
    private float[] target;
    private float[] slope;

    private Views views;
    private int[] view;
    private float[] pixels;
    private Rays seen;

    @Setup
    public void prepare(Engine engine) {
        int n = 1 << log2Batch;
        int rays = n / SAMPLES_PER_RAY;
        RandomGenerator random = Numbers.random();

        // Every sample counts: on a real scene those behind a surface cost less.
        compositing = Compositing.create(engine.device, CompositingConfig.builder().earlyStop(0).build());
        Rays bundle = new Rays(Numbers.array(random, 3 * rays, 0, 1), Numbers.directions(random, rays));
        edges = new float[rays * (SAMPLES_PER_RAY + 1)];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = i % (SAMPLES_PER_RAY + 1) * 0.01f;
        }
        samples = Samples.between(bundle, edges);
        rawDensity = Numbers.array(random, n, -1, 1);
        values = Numbers.array(random, CHANNELS * n, 0, 1);
        background = Numbers.array(random, CHANNELS * rays, 0, 1);
        colorGradients = Numbers.array(random, CHANNELS * rays, -1, 1);

        composited = new Compositing.Result(
                new float[CHANNELS * rays], new float[rays], new float[rays], new int[rays], new float[n]);
        gradients = new Compositing.Gradients(new float[n], new float[CHANNELS * n], new float[CHANNELS * rays]);

        sampling = Sampling.create(engine.device);
        weights = Numbers.array(random, n, 0, 1);
        jitter = Numbers.array(random, n, 0, 1);
        t = new float[n];

        loss = Loss.create(engine.device, LossConfig.huber());
        prediction = Numbers.array(random, CHANNELS * n, 0, 1);
        target = Numbers.array(random, CHANNELS * n, 0, 1);
        slope = new float[CHANNELS * n];

        views = OpenScene.views(engine.device);
        view = random.ints(n, 0, views.count()).toArray();
        pixels = Numbers.array(random, 2 * n, 0, OpenScene.SIZE);
        seen = new Rays(new float[3 * n], new float[3 * n]);
    }

    @TearDown
    public void close() {
        views.close();
    }

    @Benchmark
    public void compositingForward() {
        compositing.forward(samples, rawDensity, values, CHANNELS, background, composited);
    }

    @Benchmark
    public void compositingBackward() {
        compositing.backward(
                samples, rawDensity, values, CHANNELS, background, colorGradients, null, null, gradients);
    }

    @Benchmark
    public void resampling() {
        sampling.inverseCdf(edges, weights, SAMPLES_PER_RAY, SAMPLES_PER_RAY, jitter, t);
    }

    @Benchmark
    public double huberLoss() {
        return loss.evaluate(prediction, target, CHANNELS, slope);
    }

    @Benchmark
    public void cameraRays() {
        views.rays(view, pixels, seen);
    }
}
