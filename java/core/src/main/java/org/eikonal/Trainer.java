package org.eikonal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import org.eikonal.internal.Bindings;
import org.eikonal.internal.TrainerHandle;

/**
 * Trains a radiance field on posed pictures, one native call a step, in which nothing is allocated after the
 * first few.
 *
 * <p>A step depends on its number, the seed and the states of the parts alone: a resumed run sets the parameters, the
 * optimiser's state and the occupancy grid's values, and goes on. The same seed, build and instruction set give the
 * same bits on any number of threads. Thread-safe: calls take turns.
 */
public final class Trainer implements AutoCloseable {
    private final Device device;
    private final Handle<TrainerHandle> handle;
    /** The step's numbers, written by native code: allocated once. */
    private final DoubleBuffer numbers =
            ByteBuffer.allocateDirect(8 * Double.BYTES).order(ByteOrder.nativeOrder()).asDoubleBuffer();

    private Trainer(Device device, TrainerHandle pointer) {
        this.device = device;
        this.handle = new Handle<>("Trainer", pointer, new TrainerHandle(pointer), Bindings::eik_trainer_destroy);
    }

    /**
     * Makes a trainer of its parts. Cells that too few views show are closed now.
     *
     * @param field of three channels
     * @param optimizer made for {@code field}
     * @param occupancy where rays look for samples; renewed while training
     * @param views each set, some with a picture: every step draws from those that have one then
     * @param config how
     * @return the trainer, to be closed
     * @throws IllegalArgumentException if the parts do not fit each other or live on different devices, or the
     *     configuration cannot be meant
     */
    public static Trainer create(
            RadianceField field, Optimizer optimizer, OccupancyGrid occupancy, Views views, TrainerConfig config) {
        Device device = field.device();
        device.requireSame("optimizer", optimizer.device());
        device.requireSame("occupancy", occupancy.device());
        device.requireSame("views", views.device());
        TrainerHandle pointer = new TrainerHandle();
        synchronized (device.turn) {
            Status.check(Bindings.eik_trainer_create(field.pointer(), optimizer.pointer(), occupancy.pointer(),
                    views.pointer(), config.toJson(), pointer));
        }
        return new Trainer(device, pointer);
    }

    /**
     * Makes one training step: draws rays, marches them, evaluates the field, composites, goes back along the same
     * road, and moves the parameters; renews the occupancy grid when due.
     *
     * @param step how many steps were done before
     * @param progress the fraction of training done, 0 to 1, for the schedules
     * @return the loss: the mean over rays and channels
     * @throws IllegalArgumentException if the step is negative or the progress not within 0 to 1
     * @throws IllegalStateException if the trainer is closed
     */
    public double step(long step, double progress) {
        synchronized (device.turn) {
            Status.check(Bindings.eik_trainer_step(handle.get(), step, progress, numbers));
            return numbers.get(0);
        }
    }

    /** {@return what the last step did; all 0 before the first} */
    public StepReport report() {
        synchronized (device.turn) {
            return new StepReport(numbers.get(0), (long) numbers.get(1), (long) numbers.get(2), (long) numbers.get(3),
                    (long) numbers.get(4), numbers.get(5), numbers.get(6), (long) numbers.get(7));
        }
    }

    /** Frees the trainer, not its parts; closing twice is fine. */
    @Override
    public void close() {
        synchronized (device.turn) {
            handle.close();
        }
    }
}
