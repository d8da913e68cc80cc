package org.eikonal;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.BitSet;
import org.eikonal.internal.Bindings;
import org.eikonal.internal.OccupancyHandle;

/**
 * Which cells of space are worth sampling, in nested cascades: the innermost is the unit cube, each further one twice as
 * wide. Everything is occupied until the first {@link #update}. Thread-safe: calls take turns.
 */
public final class OccupancyGrid implements AutoCloseable {
    private final Device device;
    private final Handle<OccupancyHandle> handle;
    private final long cells;
    private final long[] marched = new long[1];

    private OccupancyGrid(Device device, OccupancyHandle pointer) {
        this.device = device;
        this.handle = new Handle<>(
                "OccupancyGrid", pointer, new OccupancyHandle(pointer), Bindings::eik_occupancy_destroy);
        this.cells = Bindings.eik_occupancy_cells(pointer);
    }

    /**
     * Makes a grid.
     *
     * @param device where it lives
     * @param config its size, and when cells count as occupied
     * @return the grid, to be closed
     * @throws IllegalArgumentException if the configuration cannot be meant
     * @throws DeviceMemoryException if the device has too little memory
     */
    public static OccupancyGrid create(Device device, OccupancyConfig config) {
        OccupancyHandle pointer = new OccupancyHandle();
        synchronized (device.turn) {
            Status.check(Bindings.eik_occupancy_create(device.pointer(), config.toJson(), pointer));
        }
        return new OccupancyGrid(device, pointer);
    }

    /** {@return how many cells there are: cascades times resolution cubed; x runs fastest, cascades slowest} */
    public long cells() {
        return cells;
    }

    /**
     * {@return a copy of every cell's value: the moving maximum of density times smallest step; -1 where a cell is
     * closed}
     */
    public float[] values() {
        float[] values = new float[Shapes.size("values", cells, 1)];
        synchronized (device.turn) {
            Status.check(Bindings.eik_occupancy_get(handle.get(), values, values.length));
        }
        return values;
    }

    /**
     * Replaces every cell's value, and with it what is occupied. All 0 occupies everything.
     *
     * @param values {@code [cells]}, finite, not negative, or -1: closed, which stays empty
     */
    public void setValues(float[] values) {
        Shapes.length("values", values.length, cells);
        synchronized (device.turn) {
            Status.check(Bindings.eik_occupancy_set(handle.get(), values, values.length));
        }
    }

    /**
     * Copies every cell's value, as {@link #values} does, into a buffer.
     *
     * @param values with {@link #cells} numbers remaining, overwritten; its position does not move
     */
    public void readValues(FloatBuffer values) {
        FloatBuffer out = Shapes.writable("values", values);
        Shapes.length("values", out.remaining(), cells);
        synchronized (device.turn) {
            Status.check(Bindings.eik_occupancy_get(handle.get(), out, cells));
        }
    }

    /**
     * Replaces every cell's value, as {@link #setValues} does, from a buffer.
     *
     * @param values with {@link #cells} numbers remaining; its position does not move
     */
    public void writeValues(FloatBuffer values) {
        FloatBuffer in = Shapes.readable("values", values);
        Shapes.length("values", in.remaining(), cells);
        synchronized (device.turn) {
            Status.check(Bindings.eik_occupancy_set(handle.get(), in, cells));
        }
    }

    /**
     * {@return a copy of what rays take samples in: the cells that are occupied, by their numbers; one of a further
     * cascade is, too, if a cell inside it is}
     */
    public BitSet occupied() {
        byte[] bits = new byte[(int) (cells / Byte.SIZE)];
        synchronized (device.turn) {
            Status.check(Bindings.eik_occupancy_get_bits(handle.get(), bits, bits.length));
        }
        return BitSet.valueOf(bits);
    }

    /** {@return the fraction of cells that are occupied, of all cascades, 0 to 1} */
    public double occupiedFraction() {
        synchronized (device.turn) {
            return Bindings.eik_occupancy_fraction(handle.get());
        }
    }

    /**
     * Samples the field's density, through {@link Activation#EXPONENTIAL}, in some cells and renews what is occupied.
     * {@link Trainer#step} does so when due, with its own activation.
     *
     * @param field on the same device
     * @param seed where random numbers start
     * @param step how many training steps were done: during the warm-up many cells are sampled, later fewer
     * @throws IllegalArgumentException if the field lives on another device
     */
    public void update(RadianceField field, long seed, long step) {
        device.requireSame("field", field.device());
        synchronized (device.turn) {
            Status.check(Bindings.eik_occupancy_update(handle.get(), field.pointer(), seed, step));
        }
    }

    /**
     * Marches rays through occupied cells.
     *
     * @param config the steps
     * @param rays {@code [n]} in the unit-cube frame
     * @param jitter {@code [n]} in [0,1): where in its first step a ray starts; null: in its middle
     * @param capacity the most samples; a ray that would pass it gets none, as do all after it
     * @return samples in the order of the rays; what passes no occupied cell has none
     * @throws IllegalArgumentException if the configuration cannot be meant or a direction is not a unit vector
     */
    public Samples march(SamplerConfig config, Rays rays, float[] jitter, int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity is " + capacity + "; it must be 0 or more");
        }
        int n = rays.count();
        Samples room = new Samples(new int[n], new int[n], new float[Shapes.size("positions", capacity, 3)],
                new float[capacity], new float[capacity]);
        int samples = marchInto(config, rays, jitter, room);
        return new Samples(room.starts(), room.counts(), Arrays.copyOf(room.positions(), 3 * samples),
                Arrays.copyOf(room.dt(), samples), Arrays.copyOf(room.t(), samples));
    }

    /**
     * As {@link #march(SamplerConfig, Rays, float[], int)}, into arrays of the caller's: allocates nothing.
     *
     * @param config the steps
     * @param rays {@code [n]} in the unit-cube frame
     * @param jitter {@code [n]} in [0,1); null: the middle
     * @param samples of n rays, overwritten; a ray that would pass their count gets none, as do all after it
     * @return how many samples the rays have; those behind belong to no ray
     */
    public int marchInto(SamplerConfig config, Rays rays, float[] jitter, Samples samples) {
        int n = rays.count();
        Shapes.optional("jitter", jitter, n);
        Shapes.length("starts", samples.starts().length, n);
        synchronized (device.turn) {
            Status.check(Bindings.eik_occupancy_march(handle.get(), config.toJson(), n, rays.origins(),
                    rays.directions(), jitter, samples.count(), samples.counts(), samples.positions(), samples.dt(),
                    samples.t(), marched));
            for (int ray = 0, start = 0; ray < n; start += samples.counts()[ray++]) {
                samples.starts()[ray] = start;
            }
            return (int) marched[0];
        }
    }

    /** Frees the grid; closing twice is fine. */
    @Override
    public void close() {
        synchronized (device.turn) {
            handle.close();
        }
    }

    Device device() {
        return device;
    }

    OccupancyHandle pointer() {
        return handle.get();
    }
}
