package org.eikonal;

import java.util.Map;
import org.eikonal.internal.Bindings;
import org.eikonal.internal.DeviceHandle;
import org.eikonal.internal.Json;
import org.eikonal.internal.Loader;

/**
 * A processor that holds and computes fields: the CPU, or a GPU.
 *
 * <p>Thread-safe, and so is everything made on it: calls on one device take turns. What was made on a device stays
 * usable after the device is closed.
 */
public final class Device implements AutoCloseable {
    private final Handle<DeviceHandle> handle;
    private final String description;
    private final Map<String, Object> facts;

    /** Held during every native call on this device or on what was made on it. */
    final Object turn = new Object();

    private Device(DeviceHandle pointer) {
        handle = new Handle<>("Device", pointer, new DeviceHandle(pointer), Bindings::eik_device_close);
        description = Bindings.eik_device_describe(pointer);
        facts = Json.parseObject(description);
    }

    /**
     * Opens the best device of this machine; {@link #reason} says which and why.
     *
     * @return the device, to be closed
     * @throws DeviceUnavailableException if there is no native library for this platform
     */
    public static Device open() {
        return open(DeviceConfig.builder().build());
    }

    /**
     * Opens a device.
     *
     * @param config which, and how much of it
     * @return the device, to be closed
     * @throws DeviceUnavailableException if this machine does not have what the configuration asks for
     * @throws IllegalArgumentException if the configuration cannot be meant
     */
    public static Device open(DeviceConfig config) {
        Eikonal.load();
        if (config.mayTakeCuda()) {
            try {
                Loader.loadCuda();
            } catch (DeviceUnavailableException e) {
                if (config.wantsCuda()) {
                    throw e;
                }
            }
        }
        DeviceHandle pointer = new DeviceHandle();
        Status.check(Bindings.eik_device_open(config.limited().toJson(), pointer));
        return new Device(pointer);
    }

    /** {@return a JSON object with type, name, isa, threads or index, precision, why} */
    public String description() {
        return description;
    }

    /** {@return {@code "cpu"} or {@code "cuda"}} */
    public String type() {
        return text("type");
    }

    /** {@return what the manufacturer calls it} */
    public String name() {
        return text("name");
    }

    /** {@return the instruction set in use, such as {@code "avx2"} or {@code "sm_90"}} */
    public String isa() {
        return text("isa");
    }

    /** {@return CPU threads in use; 0 on a GPU} */
    public int threads() {
        return facts.get("threads") instanceof Number number ? number.intValue() : 0;
    }

    /** {@return how features and products are stored: {@code "fp32"}, {@code "bf16"} or {@code "fp16"}} */
    public String precision() {
        return text("precision");
    }

    /** {@return whether the same calls give the same bits every time} */
    public boolean deterministic() {
        return Boolean.TRUE.equals(facts.get("deterministic"));
    }

    /** {@return the address of the CUDA stream that work is queued on; 0 on the CPU} */
    public long stream() {
        return facts.get("stream") instanceof Number number ? number.longValue() : 0;
    }

    /** {@return why this device was chosen, and why not another one; one line} */
    public String reason() {
        return text("why");
    }

    /** Gives the device back; closing twice is fine. */
    @Override
    public void close() {
        synchronized (turn) {
            handle.close();
        }
    }

    /** {@return the same as {@link #description}} */
    @Override
    public String toString() {
        return description;
    }

    /** @throws IllegalStateException if the device is closed */
    DeviceHandle pointer() {
        return handle.get();
    }

    /** Objects that work together live on one device. */
    void requireSame(String name, Device other) {
        if (other != this) {
            throw new IllegalArgumentException(name + " lives on another device (" + other.type()
                    + "); make all parts of one computation on the same Device object");
        }
    }

    private String text(String key) {
        return facts.get(key) instanceof String value ? value : "";
    }
}
