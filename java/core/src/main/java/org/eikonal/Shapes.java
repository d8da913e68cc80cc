package org.eikonal;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Checks lengths and buffers before native code reads or writes through them. */
final class Shapes {
    private Shapes() {}

    /** @return how many rows of {@code columns} numbers an array of this length holds */
    static int rows(String name, int length, int columns) {
        if (length % columns != 0) {
            throw new IllegalArgumentException(name + " has " + length + " numbers; expected a multiple of " + columns
                    + ", row after row");
        }
        return length / columns;
    }

    static void length(String name, long length, long expected) {
        if (length != expected) {
            throw new IllegalArgumentException(name + " has " + length + " numbers; expected " + expected);
        }
    }

    /** For what may be absent: null passes. */
    static void optional(String name, float[] values, long expected) {
        if (values != null) {
            length(name, values.length, expected);
        }
    }

    /** @return {@code rows * columns}, as the length of an array */
    static int size(String name, long rows, long columns) {
        long size = rows * columns;
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(name + " would have " + size
                    + " numbers, more than a Java array holds; split the batch");
        }
        return (int) size;
    }

    /**
     * A buffer as native code can read it: in the machine's own byte order, in memory that is direct or a Java array.
     *
     * @return the same numbers; of a slice of an array, a view without an array offset, which JavaCPP gets wrong
     */
    static FloatBuffer readable(String name, FloatBuffer buffer) {
        if (buffer.order() != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException(name + " has " + buffer.order()
                    + " byte order; call order(ByteOrder.nativeOrder()) on the ByteBuffer it is made from");
        }
        if (buffer.isDirect()) {
            return buffer;
        }
        if (!buffer.hasArray()) {
            throw new IllegalArgumentException(name
                    + " is neither direct nor backed by a writable float[]; use FloatBuffer.wrap or a direct buffer");
        }
        return buffer.arrayOffset() == 0
                ? buffer
                : FloatBuffer.wrap(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
    }

    /** A buffer as native code can write it. */
    static FloatBuffer writable(String name, FloatBuffer buffer) {
        if (buffer.isReadOnly()) {
            throw new IllegalArgumentException(name + " is read-only, but results are written into it");
        }
        return readable(name, buffer);
    }
}
