package org.eikonal.studio.quality;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tiny networks, as the protocol buffers of onnx.proto: field numbers stand beside the names that they have there. */
public final class OnnxModel {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private OnnxModel() {}

    /**
     * The weighted difference of two pictures, which tells apart the order of inputs, the order of planes and the range
     * of values: the mean over all elements of {@code (a - b) * w}, w being 1, 10, 100 of the three planes.
     *
     * @param height 0 for any
     * @param width 0 for any
     * @param mean whether there is one number in the end, or one an element
     */
    public static void write(Path file, int height, int width, boolean mean) throws IOException {
        ByteBuffer weights = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        weights.putFloat(1).putFloat(10).putFloat(100);
        OnnxModel w = new OnnxModel().number(1, 1).number(1, 3).number(1, 1).number(1, 1) // dims
                .number(2, 1) // data_type: FLOAT
                .text(8, "w").bytes(9, weights.array()); // name, raw_data
        OnnxModel keepDims = new OnnxModel().text(1, "keepdims").number(3, 0).number(20, 2); // name, i, type: INT
        OnnxModel graph = new OnnxModel()
                .message(1, node("Sub", "difference", "a", "b")) // node
                .message(1, node("Mul", mean ? "weighted" : "distance", "difference", "w"))
                .text(2, "graph").message(5, w) // name, initializer
                .message(11, picture("a", height, width)).message(11, picture("b", height, width)) // input
                .message(12, mean ? value("distance", new OnnxModel()) : picture("distance", height, width)); // output
        if (mean) {
            graph.message(1, node("ReduceMean", "distance", "weighted").message(5, keepDims)); // attribute
        }
        OnnxModel model = new OnnxModel().number(1, 8) // ir_version
                .message(7, graph)
                .message(8, new OnnxModel().text(1, "").number(2, 13)); // opset_import: domain, version
        Files.write(file, model.bytes.toByteArray());
    }

    private static OnnxModel node(String type, String output, String... inputs) {
        OnnxModel node = new OnnxModel();
        for (String input : inputs) {
            node.text(1, input);
        }
        return node.text(2, output).text(4, type);
    }

    private static OnnxModel picture(String name, int height, int width) {
        OnnxModel shape = new OnnxModel();
        for (int size : new int[] {1, 3, height, width}) {
            shape.message(1, size > 0 ? new OnnxModel().number(1, size) : new OnnxModel().text(2, "any")); // dim
        }
        return value(name, shape);
    }

    private static OnnxModel value(String name, OnnxModel shape) {
        OnnxModel tensor = new OnnxModel().number(1, 1).message(2, shape); // elem_type: FLOAT, shape
        return new OnnxModel().text(1, name).message(2, new OnnxModel().message(1, tensor)); // type: tensor_type
    }

    private OnnxModel varint(long value) {
        long rest = value;
        for (; rest > 127; rest >>= 7) {
            bytes.write((int) (rest & 127 | 128));
        }
        bytes.write((int) rest);
        return this;
    }

    private OnnxModel number(int field, long value) {
        return varint(field << 3).varint(value);
    }

    private OnnxModel text(int field, String text) {
        return bytes(field, text.getBytes(StandardCharsets.US_ASCII));
    }

    private OnnxModel message(int field, OnnxModel inner) {
        return bytes(field, inner.bytes.toByteArray());
    }

    private OnnxModel bytes(int field, byte[] value) {
        varint(field << 3 | 2).varint(value.length);
        bytes.writeBytes(value);
        return this;
    }
}
