package org.eikonal.bench;

import java.nio.FloatBuffer;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.Optimizer;
import org.eikonal.OptimizerConfig;
import org.eikonal.RadianceField;
import org.eikonal.StepReport;
import org.eikonal.Trainer;
import org.eikonal.TrainerConfig;
import org.eikonal.Views;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A whole training step on {@link OpenScene}: all samples live, the occupancy grid is left as it is. */
@State(Scope.Benchmark)
public class StepBenchmark extends Measured {
    @Param("18")
    public int log2Batch = 18;

    @Param("19")
    public int log2Table = 19;

    private RadianceField field;
    private Optimizer optimizer;
    private OccupancyGrid occupancy;
    private Views views;
    private Trainer trainer;
    private long step = 1;
    private long touched;
    private StepReport report;

    /** What the steps did, added up: each as much as the last one before its iteration. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counts {
        public long calls;
        public long rays;
        public long marched;
        public long live;
        /** Parameters in cache lines with a gradient, as many in each step as in the first. */
        public long touched;
    }

    @Setup
    public void prepare(Engine engine) {
        field = RadianceField.create(engine.device, InstantNgp.field(log2Table), 1);
        optimizer = Optimizer.create(field, OptimizerConfig.adam().learningRate(1e-4).epsilon(1e-15).build());
        // Never due, for steps are counted from 1; full, for it is never renewed.
        occupancy = OccupancyGrid.create(engine.device, OccupancyConfig.builder().interval(1_000_000).build());
        views = OpenScene.views(engine.device);
        TrainerConfig config = TrainerConfig.builder().samplesPerStep(1 << log2Batch).sampler(OpenScene.SAMPLER)
                .minViews(0).earlyStop(0).build();
        trainer = Trainer.create(field, optimizer, occupancy, views, config);
        trainer.step(step++, 0);
        FloatBuffer state = Numbers.room((int) optimizer.stateSize());
        optimizer.readState(state);
        int count = (int) field.parameterCount();
        float[] secondMoments = new float[count];
        state.get(count, secondMoments);
        touched = Numbers.inTouchedLines(secondMoments);
    }

    @Setup(Level.Iteration)
    public void report() {
        report = trainer.report();
    }

    @TearDown
    public void close() {
        trainer.close();
        views.close();
        occupancy.close();
        optimizer.close();
        field.close();
    }

    @Benchmark
    public double step(Counts counts) {
        counts.calls++;
        counts.rays += report.rays();
        counts.marched += report.samplesMarched();
        counts.live += report.samplesLive();
        counts.touched += touched;
        return trainer.step(step++, 0);
    }
}
