package org.eikonal;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.eikonal.internal.Bindings;
import org.eikonal.internal.Json;
import org.eikonal.internal.ModuleHandle;

/**
 * A differentiable map from {@link #inputs} to {@link #outputs} numbers, with parameters: an encoding, a network, both
 * in a row, or a radiance field.
 *
 * <p>Batches are row-major, one row a point: {@code [n][inputs]} and {@code [n][outputs]}. Arrays are the plain way;
 * a native-order direct {@link FloatBuffer} is read and written in place, from its position to its limit, neither of
 * which moves. The empty batch is fine. Thread-safe: calls take turns. Every method except {@link #close},
 * {@link #inputs}, {@link #outputs}, {@link #parameterCount}, {@link #layout} and {@link #device} throws
 * IllegalStateException after {@link #close}.
 */
public abstract sealed class Model implements AutoCloseable permits Encoding, Network, RadianceField {
    private final Device device;
    private final Handle<ModuleHandle> handle;
    private final int inputs;
    private final int outputs;
    private final long parameterCount;
    private final List<ParameterBlock> layout;

    /** @param outputs 0 where the configuration decides it */
    Model(Device device, String config, int inputs, int outputs, long seed) {
        ModuleHandle pointer = new ModuleHandle();
        synchronized (device.turn) {
            Status.check(Bindings.eik_module_create(device.pointer(), config, inputs, outputs, seed, pointer));
        }
        this.device = device;
        this.handle = new Handle<>(
                getClass().getSimpleName(), pointer, new ModuleHandle(pointer), Bindings::eik_module_destroy);
        this.inputs = Bindings.eik_module_inputs(pointer);
        this.outputs = Bindings.eik_module_outputs(pointer);
        this.parameterCount = Bindings.eik_module_parameters(pointer);
        this.layout = Json.parseArray(Bindings.eik_module_layout(pointer)).stream().map(Model::block).toList();
    }

    private static ParameterBlock block(Object json) {
        Map<String, Object> block = Json.object(json);
        List<Long> shape = ((List<?>) block.get("shape")).stream().map(size -> ((Number) size).longValue()).toList();
        return new ParameterBlock((String) block.get("name"), ((Number) block.get("offset")).longValue(), shape);
    }

    /** {@return where the model lives} */
    public final Device device() {
        return device;
    }

    /** {@return numbers in a row of its input} */
    public final int inputs() {
        return inputs;
    }

    /** {@return numbers in a row of its output} */
    public final int outputs() {
        return outputs;
    }

    /** {@return how many parameters it has} */
    public final long parameterCount() {
        return parameterCount;
    }

    /** {@return what the parameters are, in their order} */
    public final List<ParameterBlock> layout() {
        return layout;
    }

    /** {@return a copy of all parameters, in the order of {@link #layout}} */
    public final float[] parameters() {
        float[] values = new float[Shapes.size("parameters", parameterCount, 1)];
        synchronized (device.turn) {
            Status.check(Bindings.eik_module_get_parameters(handle.get(), values, values.length));
        }
        return values;
    }

    /**
     * Replaces all parameters.
     *
     * @param values {@link #parameterCount} numbers in the order of {@link #layout}
     */
    public final void setParameters(float[] values) {
        Shapes.length("parameters", values.length, parameterCount);
        synchronized (device.turn) {
            Status.check(Bindings.eik_module_set_parameters(handle.get(), values, values.length));
        }
    }

    /**
     * Copies all parameters into a buffer.
     *
     * @param values with {@link #parameterCount} numbers remaining, overwritten; its position does not move
     */
    public final void readParameters(FloatBuffer values) {
        FloatBuffer out = Shapes.writable("parameters", values);
        Shapes.length("parameters", out.remaining(), parameterCount);
        synchronized (device.turn) {
            Status.check(Bindings.eik_module_get_parameters(handle.get(), out, parameterCount));
        }
    }

    /**
     * Replaces all parameters from a buffer.
     *
     * @param values with {@link #parameterCount} numbers remaining; its position does not move
     */
    public final void writeParameters(FloatBuffer values) {
        FloatBuffer in = Shapes.readable("parameters", values);
        Shapes.length("parameters", in.remaining(), parameterCount);
        synchronized (device.turn) {
            Status.check(Bindings.eik_module_set_parameters(handle.get(), in, parameterCount));
        }
    }

    /**
     * {@return a copy of the parameters' gradients, summed since they were last zero, in the order of {@link #layout}}
     */
    public final float[] gradients() {
        float[] values = new float[Shapes.size("gradients", parameterCount, 1)];
        synchronized (device.turn) {
            Status.check(Bindings.eik_module_get_gradients(handle.get(), values, values.length));
        }
        return values;
    }

    /** Sets the parameters' gradients to zero; {@link Optimizer#step} does so as well. */
    public final void zeroGradients() {
        synchronized (device.turn) {
            Status.check(Bindings.eik_module_zero_gradients(handle.get()));
        }
    }

    /**
     * Evaluates a batch.
     *
     * @param inputs {@code [n][inputs]}
     * @return {@code [n][outputs]}
     * @throws IllegalArgumentException if the array is not full rows
     */
    public final float[] forward(float[] inputs) {
        int n = Shapes.rows("inputs", inputs.length, this.inputs);
        float[] result = new float[Shapes.size("outputs", n, outputs)];
        synchronized (device.turn) {
            Status.check(Bindings.eik_module_forward(handle.get(), n, inputs, result));
        }
        return result;
    }

    /**
     * Evaluates a batch.
     *
     * @param inputs {@code [n][inputs]} remaining
     * @param outputs {@code [n][outputs]} remaining, overwritten
     */
    public final void forward(FloatBuffer inputs, FloatBuffer outputs) {
        FloatBuffer in = Shapes.readable("inputs", inputs);
        FloatBuffer out = Shapes.writable("outputs", outputs);
        int n = Shapes.rows("inputs", in.remaining(), this.inputs);
        Shapes.length("outputs", out.remaining(), (long) n * this.outputs);
        synchronized (device.turn) {
            Status.check(Bindings.eik_module_forward(handle.get(), n, in, out));
        }
    }

    /**
     * Goes back from the gradient of the outputs to those of parameters, which are added up in the model, and inputs.
     *
     * @param inputs {@code [n][inputs]}, as in {@link #forward(float[])}
     * @param outputGradients {@code [n][outputs]}
     * @return the gradient of the inputs, {@code [n][inputs]}
     */
    public final float[] backward(float[] inputs, float[] outputGradients) {
        float[] inputGradients = new float[inputs.length];
        back(inputs, outputGradients, inputGradients, true);
        return inputGradients;
    }

    /**
     * As {@link #backward(float[], float[])}, for the gradient of the inputs alone.
     *
     * @param inputs {@code [n][inputs]}
     * @param outputGradients {@code [n][outputs]}
     * @return the gradient of the inputs, {@code [n][inputs]}
     */
    public final float[] backwardToInputs(float[] inputs, float[] outputGradients) {
        float[] inputGradients = new float[inputs.length];
        back(inputs, outputGradients, inputGradients, false);
        return inputGradients;
    }

    /**
     * As {@link #backward(float[], float[])}, for the gradients of the parameters alone.
     *
     * @param inputs {@code [n][inputs]}
     * @param outputGradients {@code [n][outputs]}
     */
    public final void backwardToParameters(float[] inputs, float[] outputGradients) {
        back(inputs, outputGradients, null, true);
    }

    private void back(float[] inputs, float[] outputGradients, float[] inputGradients, boolean parameters) {
        int n = Shapes.rows("inputs", inputs.length, this.inputs);
        Shapes.length("outputGradients", outputGradients.length, (long) n * outputs);
        synchronized (device.turn) {
            Status.check(Bindings.eik_module_backward(
                    handle.get(), n, inputs, outputGradients, inputGradients, parameters ? 1 : 0));
        }
    }

    /**
     * Goes back from the gradient of the outputs.
     *
     * @param inputs {@code [n][inputs]} remaining
     * @param outputGradients {@code [n][outputs]} remaining
     * @param inputGradients {@code [n][inputs]} remaining, overwritten; null if not wanted
     * @param parameters whether to add to the parameters' gradients
     */
    public final void backward(
            FloatBuffer inputs, FloatBuffer outputGradients, FloatBuffer inputGradients, boolean parameters) {
        FloatBuffer in = Shapes.readable("inputs", inputs);
        FloatBuffer dOut = Shapes.readable("outputGradients", outputGradients);
        FloatBuffer dIn = inputGradients == null ? null : Shapes.writable("inputGradients", inputGradients);
        int n = Shapes.rows("inputs", in.remaining(), this.inputs);
        Shapes.length("outputGradients", dOut.remaining(), (long) n * outputs);
        if (dIn != null) {
            Shapes.length("inputGradients", dIn.remaining(), in.remaining());
        }
        synchronized (device.turn) {
            Status.check(Bindings.eik_module_backward(handle.get(), n, in, dOut, dIn, parameters ? 1 : 0));
        }
    }

    /** Frees the model; closing twice is fine. What was made from it keeps working. */
    @Override
    public final void close() {
        synchronized (device.turn) {
            handle.close();
        }
    }

    /** @throws IllegalStateException if the model is closed */
    final ModuleHandle pointer() {
        return handle.get();
    }
}
