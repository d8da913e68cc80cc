package org.eikonal.studio.image;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eikonal.studio.image.PictureFiles.Size;

/**
 * The header of an OpenEXR file: read by ourselves, because what a hostile one claims is to be known before a decoder
 * takes memory for it.
 *
 * @param size of the display window, which is the picture
 * @param data the part of the display window that the file has pixels of
 * @param length bytes of the header; the table of where its blocks lie follows
 * @param blocks how many of them there are
 * @see <a href="https://openexr.com/en/latest/OpenEXRFileLayout.html">the layout of OpenEXR files</a>
 */
record ExrHeader(Size size, Window data, int length, int blocks) {
    private static final int MAGIC = 20000630;
    private static final int VERSION = 2;
    private static final int TILES = 1 << 9;
    private static final int DEEP = 1 << 11;
    private static final int PARTS = 1 << 12;
    private static final int LONGEST = 1 << 20; // with a thumbnail in it, some 100 KiB
    private static final int MAX_NAME = 255;
    private static final int[] SAMPLE_BYTES = {4, 2, 4}; // whole numbers, halves, floats
    private static final int WHOLE_NUMBER = 0;

    /**
     * By the file's number: lines of a block, and the most bytes of pixels that a byte of the file makes. DWAA and DWAB
     * are not read: FFmpeg gets floats with alpha wrong, and takes as much memory as their blocks ask for.
     */
    private enum Compression {
        NONE(1, 1), RLE(1, 64), ZIPS(1, 1 << 11), ZIP(16, 1 << 11), PIZ(32, 1 << 11), PXR24(16, 1 << 11), B44(32, 16),
        B44A(32, 16), DWAA(32, 0), DWAB(256, 0);

        private final int lines;
        private final int most;

        Compression(int lines, int most) {
            this.lines = lines;
            this.most = most;
        }
    }

    /** Pixels from a corner to another one, both included. */
    record Window(int left, int top, int right, int bottom) {
        private static Window of(ByteBuffer value) {
            return new Window(value.getInt(), value.getInt(), value.getInt(), value.getInt());
        }

        private long width() {
            return (long) right - left + 1;
        }

        private long height() {
            return (long) bottom - top + 1;
        }

        private Window within(Window other) {
            return new Window(Math.max(left, other.left), Math.max(top, other.top), Math.min(right, other.right),
                    Math.min(bottom, other.bottom));
        }

        private String text() {
            return "(" + left + ", " + top + ") to (" + right + ", " + bottom + ")";
        }
    }

    /** @return whether a file begins as OpenEXR files do */
    static boolean begins(Path file) throws IOException {
        ByteBuffer start = start(file, Integer.BYTES);
        return start.remaining() == Integer.BYTES && start.getInt() == MAGIC;
    }

    /**
     * Reads and checks it.
     *
     * @throws IOException saying why the picture can't be read, without the file's name
     */
    static ExrHeader read(Path file) throws IOException {
        try {
            return parse(start(file, LONGEST), Files.size(file));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("its header is damaged, cut off, or longer than " + LONGEST + " bytes; save it anew");
        }
    }

    private static ByteBuffer start(Path file, int most) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer start = ByteBuffer.allocate((int) Math.min(most, channel.size())).order(ByteOrder.LITTLE_ENDIAN);
            while (start.hasRemaining() && channel.read(start) >= 0) {
                continue;
            }
            return start.flip();
        }
    }

    private static ExrHeader parse(ByteBuffer file, long bytes) throws IOException {
        file.getInt(); // what it begins with
        int version = file.getInt();
        if ((version & 255) != VERSION || (version & (DEEP | PARTS)) != 0) {
            throw new IOException((version & 255) != VERSION
                    ? "it is of version " + (version & 255) + " of OpenEXR, not " + VERSION + ": save it anew"
                    : "it is of several parts or depths; save it as one flat picture");
        }
        Map<String, ByteBuffer> attributes = new TreeMap<>();
        for (String name = text(file); !name.isEmpty(); name = text(file)) {
            text(file); // its type, which the name tells
            int length = file.getInt();
            attributes.put(name, file.slice(file.position(), length).order(ByteOrder.LITTLE_ENDIAN));
            file.position(file.position() + length);
        }
        Map<String, Integer> channels = channels(value(attributes, "channels"));
        int pixelBytes = channels.values().stream().mapToInt(type -> SAMPLE_BYTES[type]).sum();
        Window display = Window.of(value(attributes, "displayWindow"));
        Window data = Window.of(value(attributes, "dataWindow"));
        int method = value(attributes, "compression").get();
        if (method < 0 || method >= Compression.values().length) {
            throw new IOException("its compression (" + method + ") is unknown; save it with ZIP");
        }
        Compression compression = Compression.values()[method];
        if (compression.most == 0) {
            throw new IOException("its compression is " + compression + ", which is not read; save it with ZIP");
        }
        Size size = PictureFiles.checked(display.width(), display.height(), bytes, PictureFiles.MAX_PIXELS_PER_BYTE);
        PictureFiles.checked(data.width(), data.height(), bytes, PictureFiles.MAX_PIXELS_PER_BYTE);
        if (data.width() * data.height() * pixelBytes > bytes * compression.most) {
            throw new IOException("its " + bytes + " bytes can't hold the " + data.width() + "x" + data.height()
                    + " pixels of " + pixelBytes + " bytes that its header claims: it is cut off, copy it anew");
        }
        Window both = data.within(display);
        if (display.left != 0 || display.top != 0 || both.left > both.right || both.top > both.bottom) {
            throw new IOException("its display window is " + display.text() + " and its data window " + data.text()
                    + "; the first has to begin at (0, 0) and to have a part of the second: save it without cropping");
        }
        long blocks = (data.height() + compression.lines - 1) / compression.lines;
        if ((version & TILES) != 0) {
            ByteBuffer tile = value(attributes, "tiles");
            long width = tile.getInt();
            long height = tile.getInt();
            if (width < 1 || height < 1) {
                throw new IOException("its tiles are of " + width + "x" + height + " pixels; save it anew");
            }
            blocks = ((data.width() + width - 1) / width) * ((data.height() + height - 1) / height);
        }
        // Each has its place in the table, and at least where it belongs and how long it is.
        if (blocks * 2 * Long.BYTES > bytes) {
            throw new IOException("its " + bytes + " bytes can't hold its " + blocks
                    + " blocks: it is cut off, copy it anew");
        }
        return new ExrHeader(size, both, file.position(), (int) blocks);
    }

    /** @return their types by their names, once they are known to be some that a picture can be made of */
    private static Map<String, Integer> channels(ByteBuffer list) throws IOException {
        Map<String, Integer> types = new TreeMap<>();
        boolean whole = true;
        for (String name = text(list); !name.isEmpty(); name = text(list)) {
            int type = list.getInt();
            if (type < 0 || type >= SAMPLE_BYTES.length) {
                throw new IllegalArgumentException();
            }
            list.getInt(); // whether it is perceptually linear, which only lossy compression asks
            whole &= list.getInt() == 1 & list.getInt() == 1;
            types.put(name, type);
        }
        List<String> colors = types.containsKey("R") ? List.of("R", "G", "B") : List.of("Y");
        if (!types.keySet().containsAll(colors) || types.containsKey("RY") || types.containsKey("BY") || !whole) {
            String names = String.join(", ", types.keySet()).replaceAll("[^ -~]", "?");
            throw new IOException("it has the channels " + names.substring(0, Math.min(MAX_NAME, names.length()))
                    + "; R, G, B or Y are needed, of every pixel, and A if it is transparent: save it as RGB");
        }
        int type = types.get(colors.get(0));
        if (type == WHOLE_NUMBER || !colors.stream().allMatch(color -> types.get(color) == type)
                || types.getOrDefault("A", type) != type) {
            throw new IOException("its channels " + String.join(", ", colors)
                    + " (and A) have to be all halves or all floats: save it so");
        }
        return types;
    }

    private static ByteBuffer value(Map<String, ByteBuffer> attributes, String name) throws IOException {
        ByteBuffer value = attributes.get(name);
        if (value == null) {
            throw new IOException("its header has no " + name + ": it is damaged, save it anew");
        }
        return value;
    }

    private static String text(ByteBuffer from) {
        int start = from.position();
        while (from.get() != 0) {
            if (from.position() - start > MAX_NAME) {
                throw new IllegalArgumentException();
            }
        }
        return StandardCharsets.US_ASCII.decode(from.slice(start, from.position() - start - 1)).toString();
    }
}
