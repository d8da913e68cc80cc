package org.eikonal;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.eikonal.internal.Bindings;
import org.eikonal.internal.OptimizerHandle;

/** Moves the parameters of a {@link Model} against their gradients. Thread-safe: calls take turns. */
public final class Optimizer implements AutoCloseable {
    private final Device device;
    private final Handle<OptimizerHandle> handle;
    private final long stateSize;

    private Optimizer(Device device, OptimizerHandle pointer) {
        this.device = device;
        this.handle = new Handle<>(
                "Optimizer", pointer, new OptimizerHandle(pointer), Bindings::eik_optimizer_destroy);
        this.stateSize = Bindings.eik_optimizer_state_size(pointer);
    }

    /**
     * Makes an optimiser for all parameters of a model.
     *
     * @param model whose parameters to move; the optimiser keeps its native part alive
     * @param config how
     * @return the optimiser, to be closed
     * @throws IllegalArgumentException if the configuration cannot be meant
     * @throws IllegalStateException if the model is closed
     */
    public static Optimizer create(Model model, OptimizerConfig config) {
        OptimizerHandle pointer = new OptimizerHandle();
        synchronized (model.device().turn) {
            Status.check(Bindings.eik_optimizer_create(model.pointer(), config.toJson(), pointer));
        }
        return new Optimizer(model.device(), pointer);
    }

    /**
     * Makes one update from the model's gradients, which are then zero.
     *
     * @param progress the fraction of training done, 0 to 1, for cosine and logarithmic schedules
     * @throws IllegalArgumentException if the progress is not within 0 to 1
     */
    public void step(double progress) {
        synchronized (device.turn) {
            Status.check(Bindings.eik_optimizer_step(handle.get(), progress));
        }
    }

    /**
     * The learning rate that the next step would use.
     *
     * @param progress the fraction of training done, 0 to 1
     * @return the rate, after all schedules
     */
    public double learningRate(double progress) {
        synchronized (device.turn) {
            return Bindings.eik_optimizer_rate(handle.get(), progress);
        }
    }

    /**
     * {@return how many numbers its state has: blocks of all parameters for first moments, second moments and, if kept,
     * moving averages}
     */
    public long stateSize() {
        return stateSize;
    }

    /**
     * Copies the state into a buffer.
     *
     * @param values with {@link #stateSize} numbers remaining, overwritten; its position does not move
     * @return how many steps were made
     */
    public long readState(FloatBuffer values) {
        FloatBuffer out = Shapes.writable("state", values);
        Shapes.length("state", out.remaining(), stateSize);
        LongBuffer step = LongBuffer.allocate(1);
        synchronized (device.turn) {
            Status.check(Bindings.eik_optimizer_get_state(handle.get(), step, out, stateSize));
        }
        return step.get(0);
    }

    /**
     * Replaces the state, to go on where another optimiser stopped.
     *
     * @param step how many steps were made
     * @param values with {@link #stateSize} numbers remaining; its position does not move
     */
    public void writeState(long step, FloatBuffer values) {
        FloatBuffer in = Shapes.readable("state", values);
        Shapes.length("state", in.remaining(), stateSize);
        synchronized (device.turn) {
            Status.check(Bindings.eik_optimizer_set_state(handle.get(), step, in, stateSize));
        }
    }

    /** Frees the optimiser; closing twice is fine. */
    @Override
    public void close() {
        synchronized (device.turn) {
            handle.close();
        }
    }

    Device device() {
        return device;
    }

    OptimizerHandle pointer() {
        return handle.get();
    }
}
