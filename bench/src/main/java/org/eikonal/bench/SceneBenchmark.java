package org.eikonal.bench;

import java.util.random.RandomGenerator;
import org.eikonal.Camera;
import org.eikonal.Rays;
import org.eikonal.RenderConfig;
import org.eikonal.Renderer;
import org.eikonal.Rendering;
import org.eikonal.Samples;
import org.eikonal.StepReport;
import org.eikonal.Views;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What depends on how much of a scene is empty, on {@link TrainedScene}. */
@State(Scope.Benchmark)
public class SceneBenchmark extends Measured {
    /** Cells that an update asks in the warm-up: a quarter of 128<sup>3</sup>. */
    public static final int CELLS_ASKED = 1 << 19;

    public static final int LOG2_TABLE = TrainedScene.LOG2_TABLE;

    @Param("15")
    public int log2Batch = 15;

    /** Of the picture that is rendered, in pixels. */
    @Param("200")
    public int size = 200;

    private TrainedScene scene;
    private Rays rays;
    private Samples samples;
    private Rendering picture;
    private Renderer renderer;
    private StepReport report;
    private Camera camera;

    /** What the calls did, added up: a step as much as the last one before its iteration. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counts {
        public long calls;
        public long rays;
        public long marched;
        public long live;
    }

    @Setup
    public void prepare(Engine engine) {
        int n = 1 << log2Batch;
        RandomGenerator random = Numbers.random();
        scene = new TrainedScene(engine.device, n);
        camera = TrainedScene.camera(1, 4, size);
        try (Views views = Views.create(engine.device, 1)) {
            views.setCamera(0, camera);
            rays = views.rays(new int[n], Numbers.array(random, 2 * n, 0, size));
        }
        int room = 32 * n;
        samples = new Samples(new int[n], new int[n], new float[3 * room], new float[room], new float[room]);
        int pixels = size * size;
        picture = new Rendering(size, size, new float[3 * pixels], new float[pixels], new float[pixels]);
        renderer = Renderer.create(
                scene.field, scene.occupancy, RenderConfig.builder().sampler(TrainedScene.SAMPLER).build());
    }

    @Setup(Level.Iteration)
    public void report() {
        report = scene.report();
    }

    @TearDown
    public void close() {
        scene.close();
    }

    @Benchmark
    public double step(Counts counts) {
        counts.calls++;
        counts.rays += report.rays();
        counts.marched += report.samplesMarched();
        counts.live += report.samplesLive();
        return scene.step();
    }

    @Benchmark
    public int marching(Counts counts) {
        int marched = scene.occupancy.marchInto(TrainedScene.SAMPLER, rays, null, samples);
        counts.calls++;
        counts.rays += rays.count();
        counts.marched += marched;
        return marched;
    }

    @Benchmark
    public void occupancyUpdate() {
        scene.occupancy.update(scene.field, 1, 0);
    }

    @Benchmark
    public void rendering() {
        renderer.renderInto(camera, 0, picture);
    }
}
