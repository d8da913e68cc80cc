package org.eikonal.studio.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.eikonal.studio.image.PictureFiles.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class OrientationTest {
    @TempDir
    Path folder;

    /** A JPEG with an EXIF segment put in after its first marker: one tag, 0x0112, in TIFF's big-endian layout. */
    public static byte[] jpeg(int width, int height, int orientation) {
        try {
            BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
            image.setRGB(0, 0, Color.RED.getRGB());
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            ImageIO.write(image, "jpg", plain);
            return withExif(plain.toByteArray(), orientation);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JPEG that says how it is to be turned. */
    public static byte[] withExif(byte[] jpeg, int orientation) {
        ByteBuffer exif = ByteBuffer.allocate(36);
        exif.putShort((short) 0xffe1).putShort((short) 34);
        exif.put("Exif\0\0MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42);
        exif.putInt(8).putShort((short) 1);
        exif.putShort((short) 0x0112).putShort((short) 3).putInt(1);
        exif.putShort((short) orientation).putShort((short) 0).putInt(0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        out.writeBytes(exif.array());
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }

    private Orientation of(byte[] bytes) throws IOException {
        return Orientation.of(Files.write(folder.resolve("a.jpg"), bytes));
    }

    @Test
    void theTagIsRead() throws IOException {
        for (int value = 1; value <= 8; value++) {
            assertEquals(value - 1, of(jpeg(4, 2, value)).ordinal());
            assertEquals(new Size(4, 2), PictureFiles.size(folder.resolve("a.jpg")), "what lies in the file");
        }
        assertEquals(Orientation.NORMAL, of(jpeg(4, 2, 0)));
        assertEquals(Orientation.NORMAL, of(jpeg(4, 2, 9)));
        assertEquals(Orientation.NORMAL, of(PngBytes.claiming(4, 2)));
        assertEquals(Orientation.NORMAL, of(new byte[0]));
    }

    /**
     * EXIF 2.3, 4.6.4 A: "The 0th row is at the visual top of the image, and the 0th column is the visual left-hand
     * side" for 1, and so on: where the stored picture abc/def has its parts when it is seen upright.
     */
    @Test
    void pixelsGoWhereTheStandardSaysTheyAreSeen() {
        String[] seen = {"abc/def", "cba/fed", "fed/cba", "def/abc", "ad/be/cf", "da/eb/fc", "fc/eb/da", "cf/be/ad"};
        byte[] stored = new byte[6 * 4];
        for (int i = 0; i < 6; i++) {
            Arrays.fill(stored, 4 * i, 4 * i + 4, (byte) ('a' + i));
        }
        for (Orientation orientation : Orientation.values()) {
            Picture turned = orientation.apply(new Picture(3, 2, stored));
            assertEquals(new Size(turned.width(), turned.height()), orientation.apply(new Size(3, 2)));
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 6; i++) {
                text.append(i > 0 && i % turned.width() == 0 ? "/" : "").append((char) turned.rgba()[4 * i]);
                assertEquals(turned.rgba()[4 * i], turned.rgba()[4 * i + 3]);
            }
            assertEquals(seen[orientation.ordinal()], text.toString());
        }
        assertArrayEquals(new byte[] {'a', 'a', 'a', 'a'}, Arrays.copyOf(stored, 4), "the stored picture stays");
    }

    @Test
    void damagedHeadersAreNoOrientation() throws IOException {
        byte[] whole = jpeg(4, 2, 6);
        Random random = new Random(9);
        for (int round = 0; round < 400; round++) {
            byte[] bytes = round < 60 ? Arrays.copyOf(whole, round) : whole.clone();
            if (round >= 60) {
                bytes[2 + random.nextInt(60)] = (byte) random.nextInt(256);
            }
            of(bytes); // whatever it says, it says one of the eight and throws nothing
        }
    }
}
