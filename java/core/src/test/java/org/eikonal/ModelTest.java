package org.eikonal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the API checks and copies, whatever the kernels compute. */
class ModelTest {
    private Device device;
    private Encoding identity;
    private RadianceField field;

    @BeforeEach
    void open() {
        device = Device.open(DeviceConfig.cpu());
        identity = Encoding.create(device, EncodingConfig.identity(), 3, 0);
        field = RadianceField.create(device, TinyField.CONFIG, 1);
    }

    @AfterEach
    void close() {
        field.close();
        identity.close();
        device.close();
    }

    @Test
    void arraysAndBuffersOfEveryKindAgree() {
        float[] inputs = {1, 2, 3, 4, 5, 6};
        assertArrayEquals(inputs, identity.forward(inputs));
        FloatBuffer offset = FloatBuffer.wrap(new float[] {9, 1, 2, 3, 4, 5, 6, 9}, 1, 6);
        for (FloatBuffer in : new FloatBuffer[] {direct(inputs), FloatBuffer.wrap(inputs), offset, offset.slice()}) {
            FloatBuffer out = direct(new float[7]).position(1);
            identity.forward(in, out);
            assertEquals(direct(inputs), out);
            assertEquals(6, in.remaining());
            assertEquals(1, out.position());
            FloatBuffer heap = FloatBuffer.allocate(8).position(1).limit(7);
            identity.forward(in, heap);
            assertEquals(direct(inputs), heap);
        }
        identity.forward(direct(inputs).asReadOnlyBuffer(), direct(new float[6]));
    }

    @Test
    void theEmptyBatchIsFine() {
        assertEquals(0, identity.forward(new float[0]).length);
        assertEquals(0, identity.backward(new float[0], new float[0]).length);
        identity.forward(direct(new float[0]), direct(new float[0]));
    }

    @Test
    void gradientsComeBack() {
        float[] inputs = {1, 2, 3};
        float[] gradients = {4, 5, 6};
        assertArrayEquals(gradients, identity.backward(inputs, gradients));
        assertArrayEquals(gradients, identity.backwardToInputs(inputs, gradients));
        identity.backwardToParameters(inputs, gradients);
        FloatBuffer out = direct(new float[3]);
        identity.backward(direct(inputs), direct(gradients), out, true);
        assertEquals(direct(gradients), out);
        identity.backward(direct(inputs), direct(gradients), null, true);
    }

    @Test
    void wrongLengthsAreNamed() {
        says("inputs has 4 numbers; expected a multiple of 3", () -> identity.forward(new float[4]));
        says("outputs has 2 numbers; expected 3", () -> identity.forward(direct(new float[3]), direct(new float[2])));
        says("outputGradients has 2 numbers; expected 3", () -> identity.backward(new float[3], new float[2]));
        says("parameters has 1 numbers", () -> field.setParameters(new float[1]));
        says("parameters has 1 numbers", () -> field.readParameters(direct(new float[1])));
        says("directions has 3 numbers; expected 6", () -> field.color(new float[6], new float[3]));
        says("directions has 3 numbers; expected 6", () -> new Rays(new float[6], new float[3]));
        Samples none = new Samples(new int[1], new int[1], new float[0], new float[0], new float[0]);
        says("background has 2 numbers; expected 3", () -> Compositing.create(device, CompositingConfig.builder().build())
                .forward(none, new float[0], new float[0], 3, new float[2]));
        says("ray 0 owns samples 0 to 4", () -> new Samples(
                new int[1], new int[] {5}, new float[3], new float[1], new float[1]));
        says("target has 1 numbers; expected 2",
                () -> Loss.create(device, LossConfig.l2()).evaluate(new float[2], new float[1], 1));
    }

    @Test
    void buffersThatNativeCodeCannotReadAreRefused() {
        FloatBuffer swapped = ByteBuffer.allocateDirect(12).order(ByteOrder.BIG_ENDIAN).asFloatBuffer();
        says("byte order", () -> identity.forward(swapped, direct(new float[3])));
        says("read-only", () -> identity.forward(direct(new float[3]), direct(new float[3]).asReadOnlyBuffer()));
        says("neither direct nor", () -> identity.forward(
                ByteBuffer.allocate(12).order(ByteOrder.nativeOrder()).asFloatBuffer(), direct(new float[3])));
    }

    @Test
    void parametersGoOutAndIn() {
        float[] values = field.parameters();
        assertEquals(field.parameterCount(), values.length);
        assertEquals(field.parameterCount(), field.layout().stream().mapToLong(ParameterBlock::size).sum());
        values[0] = 0.25f;
        field.setParameters(values);
        assertArrayEquals(values, field.parameters());
        FloatBuffer copy = direct(new float[values.length]);
        field.readParameters(copy);
        assertEquals(0.25f, copy.get(0));
        copy.put(0, 0.5f);
        field.writeParameters(copy);
        assertEquals(0.5f, field.parameters()[0]);
        field.zeroGradients();
        assertArrayEquals(new float[values.length], field.gradients());
    }

    @Test
    void aFieldIsQueriedAtPoints() {
        float[] points = {.1f, .2f, .3f, .4f, .5f, .6f};
        float[] directions = {0, 0, 1, 0, 1, 0};
        assertEquals(3, field.channels());
        float[] raw = field.rawDensity(points);
        float[] density = field.density(points);
        assertEquals(2, density.length);
        assertEquals(Math.exp(raw[1]), density[1], 1e-5 * density[1]);
        assertEquals(6, field.color(points, directions).length);
    }

    @Test
    void aMisspeltKeyIsAnErrorThatNamesTheRightOnes() {
        says("n_levels", () -> Encoding.create(
                device, EncodingConfig.fromJson("{\"otype\": \"HashGrid\", \"n_levelz\": 4}"), 3, 0));
    }

    @Test
    void aLossHasItsGradient() {
        Loss.Result loss = Loss.create(device, LossConfig.l2()).evaluate(new float[] {1, 3}, new float[] {0, 1}, 2);
        assertEquals(2.5, loss.value(), 1e-6);
        assertArrayEquals(new float[] {1, 2}, loss.gradient(), 1e-6f);
    }

    private static FloatBuffer direct(float[] values) {
        return ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer()
                .put(values).flip();
    }

    private static void says(String part, Executable use) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, use);
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
