package org.eikonal.studio.image;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** PNG files put together chunk by chunk, so that tests know every stored sample without trusting a writer. */
public final class PngBytes {
    public static final int GREY = 0;
    public static final int RGB = 2;
    public static final int PALETTE = 3;
    public static final int GREY_ALPHA = 4;
    public static final int RGBA = 6;

    private PngBytes() {}

    /** A file whose header claims a size and which holds no pixels at all. */
    public static byte[] claiming(int width, int height) {
        return file(width, height, 8, RGB, null, new byte[0]);
    }

    /** A file of stored samples; {@code rows} has the filter byte 0 before each row, {@code palette} may be null. */
    public static byte[] file(int width, int height, int bits, int type, byte[] palette, byte[] rows) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
            ByteArrayOutputStream header = new ByteArrayOutputStream();
            DataOutputStream fields = new DataOutputStream(header);
            fields.writeInt(width);
            fields.writeInt(height);
            fields.write(new byte[] {(byte) bits, (byte) type, 0, 0, 0});
            chunk(out, "IHDR", header.toByteArray());
            if (palette != null) {
                chunk(out, "PLTE", palette);
            }
            Deflater deflater = new Deflater();
            deflater.setInput(rows);
            deflater.finish();
            byte[] packed = new byte[rows.length + 100];
            int length = deflater.deflate(packed);
            deflater.end();
            chunk(out, "IDAT", java.util.Arrays.copyOf(packed, length));
            chunk(out, "IEND", new byte[0]);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void chunk(DataOutputStream out, String name, byte[] data) throws IOException {
        byte[] type = name.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(type);
        crc.update(data);
        out.writeInt(data.length);
        out.write(type);
        out.write(data);
        out.writeInt((int) crc.getValue());
    }
}
