package org.eikonal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    void trainingStepAllocatesItsReportAlone() {
        Engine engine = engine();
        StepBenchmark step = new StepBenchmark();
        step.log2Batch = 12;
        step.log2Table = BATCH;
        step.prepare(engine);
        StepBenchmark.Counts counts = new StepBenchmark.Counts();
        long allocated = allocatedBy(() -> step.step(counts));
        assertTrue(allocated <= 80, "a step allocates " + allocated + " bytes");
        assertEquals(counts.marched, counts.live);
        step.close();
        engine.close();
    }
}
