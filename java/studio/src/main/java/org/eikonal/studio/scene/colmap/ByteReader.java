package org.eikonal.studio.scene.colmap;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eikonal.studio.scene.SceneException;

/** Reads little-endian numbers; a count is believed only as far as the rest of the file can hold so many things. */
final class ByteReader implements AutoCloseable {
    private static final int LONGEST_NAME = 4096;

    private final Path file;
    private final InputStream in;
    private long left;

    interface Content<T> {
        T read(ByteReader in) throws IOException;
    }

    private ByteReader(Path file) throws IOException {
        this.file = file;
        this.left = Files.size(file);
        this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    static <T> T read(Path file, Content<T> content) {
        try (ByteReader in = new ByteReader(file)) {
            return content.read(in);
        } catch (EOFException e) {
            throw new SceneException(file, "it ends in the middle; export the model again");
        } catch (IOException e) {
            throw SceneException.unreadable(file, e);
        }
    }

    /**
     * How many things follow.
     *
     * @param bytes that each of them takes at least
     * @param most that are supported
     */
    int count(String what, int bytes, int most) throws IOException {
        long count = int64();
        if (count < 0 || count > left / bytes) {
            throw new SceneException(file, "it claims to hold " + Long.toUnsignedString(count) + " " + what
                    + ", for which it is too short: export the model again");
        }
        if (count > most) {
            throw new SceneException(file, "it holds " + count + " " + what + "; the limit is " + most
                    + ": split the scene");
        }
        return (int) count;
    }

    int int8() throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new EOFException();
        }
        left--;
        return value;
    }

    int int32() throws IOException {
        return int8() | int8() << 8 | int8() << 16 | int8() << 24;
    }

    long int64() throws IOException {
        return int32() & 0xffffffffL | (long) int32() << 32;
    }

    double float64() throws IOException {
        return Double.longBitsToDouble(int64());
    }

    double[] floats64(int count) throws IOException {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = float64();
        }
        return values;
    }

    /** UTF-8 up to a zero byte. */
    String name() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int value = int8(); value != 0; value = int8()) {
            if (bytes.size() == LONGEST_NAME) {
                throw new SceneException(file, "it has a name longer than " + LONGEST_NAME
                        + " bytes: it is damaged; export the model again");
            }
            bytes.write(value);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    void skip(long bytes) throws IOException {
        in.skipNBytes(bytes);
        left -= bytes;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
