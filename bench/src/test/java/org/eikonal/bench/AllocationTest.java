package org.eikonal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Calls allocate nothing on Java's heap: what {@code -prof gc} shows beside is JMH's own. */
class AllocationTest {
    private static final int CALLS = 20;
    private static final int BATCH = 11;

    private static long allocatedBy(Runnable call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        call.run();
        call.run();
        long self = Thread.currentThread().getId();
        long nothing = threads.getThreadAllocatedBytes(self);
        nothing = threads.getThreadAllocatedBytes(self) - nothing;
        long before = threads.getThreadAllocatedBytes(self);
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        return (threads.getThreadAllocatedBytes(self) - before - nothing) / CALLS;
    }

    private static Engine engine() {
        Engine engine = new Engine();
        engine.threads = 2;
        engine.open();
        return engine;
    }

    @Test
    void kernels() {
        Engine engine = engine();
        EncodingBenchmark encoding = new EncodingBenchmark();
        encoding.log2Batch = BATCH;
        encoding.log2Table = BATCH;
        encoding.prepare(engine);
        NetworkBenchmark network = new NetworkBenchmark();
        network.log2Batch = BATCH;
        network.prepare(engine);
        FieldBenchmark field = new FieldBenchmark();
        field.log2Batch = BATCH;
        field.log2Table = BATCH;
        field.prepare(engine);
        assertEquals(0, allocatedBy(encoding::forward));
        assertEquals(0, allocatedBy(encoding::backwardToParameters));
        assertEquals(0, allocatedBy(encoding::backwardToInputs));
        assertEquals(0, allocatedBy(network::forward));
        assertEquals(0, allocatedBy(network::forwardAndBackward));
        assertEquals(0, allocatedBy(field::forward));
        assertEquals(0, allocatedBy(field::forwardAndBackward));
        field.close();
        network.close();
        encoding.close();
        engine.close();
    }

    @Test
    void raysSamplesPixels() {
        Engine engine = engine();
        RayBenchmark rays = new RayBenchmark();
        rays.log2Batch = BATCH;
        rays.prepare(engine);
        assertEquals(0, allocatedBy(rays::compositingForward));
        assertEquals(0, allocatedBy(rays::compositingBackward));
        assertEquals(0, allocatedBy(rays::resampling));
        assertEquals(0, allocatedBy(rays::huberLoss));
        assertEquals(0, allocatedBy(rays::cameraRays));
        rays.close();
        engine.close();
    }

    @Test
    void scene() {
        Engine engine = engine();
        SceneBenchmark scene = new SceneBenchmark();
        scene.log2Batch = BATCH;
        scene.size = 32;
        scene.prepare(engine);
        SceneBenchmark.Counts counts = new SceneBenchmark.Counts();
        scene.report();
        assertEquals(0, allocatedBy(() -> scene.step(counts)));
        assertEquals(0, allocatedBy(() -> scene.marching(counts)));
        assertEquals(0, allocatedBy(scene::occupancyUpdate));
        assertEquals(0, allocatedBy(scene::rendering));
        scene.close();
        engine.close();
    }

    @Test
    void optimizer() {
        Engine engine = engine();
        OptimizerBenchmark adam = new OptimizerBenchmark();
        adam.log2Batch = BATCH;
        adam.log2Table = BATCH;
        adam.prepare(engine);
        OptimizerBenchmark.Counts counts = new OptimizerBenchmark.Counts();
        assertEquals(0, allocatedBy(() -> adam.step(counts)));
        adam.close();
        engine.close();
    }

    @Test
    void trainingStep() {
        Engine engine = engine();
        StepBenchmark step = new StepBenchmark();
        step.log2Batch = 12;
        step.log2Table = BATCH;
        step.prepare(engine);
        StepBenchmark.Counts counts = new StepBenchmark.Counts();
        step.report();
        assertEquals(0, allocatedBy(() -> step.step(counts)));
        assertEquals(counts.marched, counts.live);
        step.close();
        engine.close();
    }
}
