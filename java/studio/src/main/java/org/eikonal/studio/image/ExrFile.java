package org.eikonal.studio.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * OpenEXR files of 32-bit floats: one part, scanlines, uncompressed. Any reader of OpenEXR reads them; they hold what
 * eight bits do not, such as depth in world units.
 *
 * @see <a href="https://openexr.com/en/latest/OpenEXRFileLayout.html">the layout of OpenEXR files</a>
 */
public final class ExrFile {
    private static final int MAGIC = 20000630;
    private static final int VERSION = 2;
    private static final int FLOAT = 2;

    private ExrFile() {}

    /**
     * Makes a file's bytes.
     *
     * @param width pixels
     * @param height pixels
     * @param channels {@code [height][width]} by the channel's name, such as R, G, B, A, Z or N.X; at least one
     * @throws IllegalArgumentException if a channel has another size, or the file would be longer than 2 GiB
     */
    public static byte[] encode(int width, int height, Map<String, float[]> channels) {
        SortedMap<String, float[]> sorted = new TreeMap<>(channels); // their order in each scanline
        sorted.forEach((name, values) -> {
            if (values.length != (long) width * height) {
                throw new IllegalArgumentException("channel " + name + " of a picture of " + width + "x" + height
                        + " pixels has " + values.length + " values");
            }
        });
        byte[] header = header(width, height, sorted);
        int row = Math.multiplyExact(sorted.size() * Float.BYTES, width);
        long size = header.length + (long) height * (Long.BYTES + 2 * Integer.BYTES + row);
        if (sorted.isEmpty() || size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a picture of " + width + "x" + height + " pixels and " + sorted.size()
                    + " channels does not fit into an EXR file of 2 GiB; scale it down");
        }
        ByteBuffer out = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN).put(header);
        for (int y = 0; y < height; y++) {
            out.putLong(header.length + (long) height * Long.BYTES + (long) y * (2 * Integer.BYTES + row));
        }
        for (int y = 0; y < height; y++) {
            out.putInt(y).putInt(row);
            for (float[] values : sorted.values()) {
                out.asFloatBuffer().put(values, y * width, width);
                out.position(out.position() + width * Float.BYTES);
            }
        }
        return out.array();
    }

    private static byte[] header(int width, int height, SortedMap<String, float[]> channels) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (String name : channels.keySet()) {
            list.writeBytes(text(name));
            list.writeBytes(numbers(FLOAT, 0, 1, 1)); // the type; not perceptually linear; every pixel both ways
        }
        list.write(0);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(numbers(MAGIC, VERSION));
        attribute(header, "channels", "chlist", list.toByteArray());
        attribute(header, "compression", "compression", new byte[] {0});
        attribute(header, "dataWindow", "box2i", numbers(0, 0, width - 1, height - 1));
        attribute(header, "displayWindow", "box2i", numbers(0, 0, width - 1, height - 1));
        attribute(header, "lineOrder", "lineOrder", new byte[] {0});
        attribute(header, "pixelAspectRatio", "float", numbers(Float.floatToIntBits(1)));
        attribute(header, "screenWindowCenter", "v2f", numbers(0, 0));
        attribute(header, "screenWindowWidth", "float", numbers(Float.floatToIntBits(1)));
        header.write(0);
        return header.toByteArray();
    }

    private static void attribute(ByteArrayOutputStream header, String name, String type, byte[] value) {
        header.writeBytes(text(name));
        header.writeBytes(text(type));
        header.writeBytes(numbers(value.length));
        header.writeBytes(value);
    }

    private static byte[] text(String text) {
        return (text + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] numbers(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(numbers);
        return bytes.array();
    }
}
