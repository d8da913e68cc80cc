package org.eikonal.studio.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of segments written here by the standard (EXIF 2.3, 4.5 to 4.6.5). */
class ExifTest {
    @TempDir
    Path folder;

    /** Maker, model, orientation and the focal length, each of them an entry of 12 bytes, long values behind. */
    private static byte[] jpeg(int focalTimesTen) throws IOException {
        ByteBuffer tiff = ByteBuffer.allocate(120);
        tiff.put("MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
        tiff.putShort((short) 4);
        entry(tiff, 0x010f, 2, 4).put("ACM\0".getBytes(StandardCharsets.US_ASCII));
        entry(tiff, 0x0110, 2, 8).putInt(90);
        entry(tiff, 0x0112, 3, 1).putShort((short) 6).putShort((short) 0);
        entry(tiff, 0x8769, 4, 1).putInt(62);
        tiff.putInt(0);
        tiff.putShort((short) 1); // at 62
        entry(tiff, 0x920a, 5, 1).putInt(98);
        tiff.putInt(0);
        tiff.position(90);
        tiff.put("Snap 3x\0".getBytes(StandardCharsets.US_ASCII)).putInt(focalTimesTen).putInt(10);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] plain = PictureFiles.jpeg(new Picture(2, 2, new byte[16]), 0.9);
        out.write(plain, 0, 2);
        out.write(ByteBuffer.allocate(10).putShort((short) 0xffe1).putShort((short) 128)
                .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).array());
        out.write(tiff.array());
        out.write(plain, 2, plain.length - 2);
        return out.toByteArray();
    }

    private static ByteBuffer entry(ByteBuffer tiff, int tag, int type, int count) {
        return tiff.putShort((short) tag).putShort((short) type).putInt(count);
    }

    private Exif of(byte[] bytes) throws IOException {
        return Exif.of(Files.write(folder.resolve("a.jpg"), bytes));
    }

    @Test
    void theCameraIsMakerModelAndFocalLength() throws IOException {
        assertEquals(new Exif(Orientation.CLOCKWISE, "ACM Snap 3x 4.2"), of(jpeg(42)));
        assertEquals("ACM Snap 3x 9", of(jpeg(90)).camera());
        assertEquals(new Exif(Orientation.HALF_TURN, ""), of(OrientationTest.jpeg(2, 2, 3)));
        assertEquals(Exif.NONE, of(new byte[] {1, 2, 3}));
    }
}
