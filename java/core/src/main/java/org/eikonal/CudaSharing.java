package org.eikonal;

import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.eikonal.internal.Bindings;

/**
 * Shares streams and device memory with other CUDA code of the process that comes through JavaCPP. It needs
 * {@code org.bytedeco:cuda} on the class path; nothing else here does.
 *
 * <p>Pointers are to memory of the model's CUDA device, of as many floats as is said; to the host's memory if need be,
 * which is copied. Where all of a call's pointers are to device memory, the call queues its work on the device's stream
 * and returns: what it writes is there for what is queued on that stream behind it.
 */
public final class CudaSharing {
    private CudaSharing() {}

    /**
     * A device that works on a stream of the caller's.
     *
     * @param stream of the first CUDA device; it must outlive the device and all that is made on it. For another one, set
     *     {@link DeviceConfig.Builder#index} and {@link DeviceConfig.Builder#stream}.
     * @return the configuration to open it with
     */
    public static DeviceConfig on(CUstream_st stream) {
        return DeviceConfig.builder().type("cuda").stream(stream.address()).build();
    }

    /**
     * The stream that a device works on.
     *
     * @param device a CUDA device; the stream ends when the device and all that was made on it are closed
     * @return the stream, for the caller to queue work on, or to wait for
     * @throws IllegalArgumentException if the device has none
     */
    public static CUstream_st stream(Device device) {
        if (device.stream() == 0) {
            throw new IllegalArgumentException("a device of type " + device.type() + " has no CUDA stream; open one of type cuda");
        }
        return new CUstream_st(at(device.stream()));
    }

    /**
     * Evaluates a batch.
     *
     * @param model the model
     * @param n how many points
     * @param inputs {@code [n][inputs]}
     * @param outputs {@code [n][outputs]}, overwritten
     */
    public static void forward(Model model, long n, FloatPointer inputs, FloatPointer outputs) {
        synchronized (model.device().turn) {
            Status.check(Bindings.eik_module_forward(model.pointer(), n, inputs, outputs));
        }
    }

    /**
     * Goes back from the gradient of the outputs.
     *
     * @param model the model
     * @param n how many points
     * @param inputs {@code [n][inputs]}
     * @param outputGradients {@code [n][outputs]}
     * @param inputGradients {@code [n][inputs]}, overwritten; null if not wanted
     * @param parameters whether to add to the parameters' gradients
     */
    public static void backward(Model model, long n, FloatPointer inputs, FloatPointer outputGradients,
            FloatPointer inputGradients, boolean parameters) {
        synchronized (model.device().turn) {
            Status.check(Bindings.eik_module_backward(
                    model.pointer(), n, inputs, outputGradients, inputGradients, parameters ? 1 : 0));
        }
    }

    /**
     * Copies all parameters.
     *
     * @param model the model
     * @param values {@link Model#parameterCount} floats, overwritten
     */
    public static void readParameters(Model model, FloatPointer values) {
        synchronized (model.device().turn) {
            Status.check(Bindings.eik_module_get_parameters(model.pointer(), values, model.parameterCount()));
        }
    }

    /**
     * Replaces all parameters.
     *
     * @param model the model
     * @param values {@link Model#parameterCount} floats
     */
    public static void writeParameters(Model model, FloatPointer values) {
        synchronized (model.device().turn) {
            Status.check(Bindings.eik_module_set_parameters(model.pointer(), values, model.parameterCount()));
        }
    }

    /**
     * Copies the gradients of all parameters.
     *
     * @param model the model
     * @param values {@link Model#parameterCount} floats, overwritten
     */
    public static void readGradients(Model model, FloatPointer values) {
        synchronized (model.device().turn) {
            Status.check(Bindings.eik_module_get_gradients(model.pointer(), values, model.parameterCount()));
        }
    }

    private static Pointer at(long place) {
        return new Pointer((Pointer) null) {
            {
                address = place;
            }
        };
    }
}
