package org.eikonal.studio.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** Numbers on their way to a file, in large pieces. What is left is written by {@link #flush}. */
final class LittleEndian {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);

    LittleEndian(FileChannel channel) {
        this.channel = channel;
    }

    void putByte(int value) throws IOException {
        room(Byte.BYTES).put((byte) value);
    }

    void putShort(int value) throws IOException {
        room(Short.BYTES).putShort((short) value);
    }

    void putInt(int value) throws IOException {
        room(Integer.BYTES).putInt(value);
    }

    void putLong(long value) throws IOException {
        room(Long.BYTES).putLong(value);
    }

    void putFloat(float value) throws IOException {
        room(Float.BYTES).putFloat(value);
    }

    void putText(String ascii) throws IOException {
        for (byte value : ascii.getBytes(StandardCharsets.US_ASCII)) {
            putByte(value);
        }
    }

    /** The bytes from position to limit. */
    void put(ByteBuffer bytes) throws IOException {
        flush();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }
}
