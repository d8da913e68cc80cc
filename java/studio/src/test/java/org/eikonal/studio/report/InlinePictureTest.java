package org.eikonal.studio.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Random;
import javax.imageio.ImageIO;
import org.eikonal.studio.image.Picture;
import org.junit.jupiter.api.Test;

class InlinePictureTest {
    private static BufferedImage decode(InlinePicture picture, String type) throws IOException {
        String start = "data:image/" + type + ";base64,";
        assertTrue(picture.uri().startsWith(start), picture.uri().substring(0, 30));
        byte[] bytes = Base64.getDecoder().decode(picture.uri().substring(start.length()));
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
        assertEquals(picture.width(), image.getWidth());
        assertEquals(picture.height(), image.getHeight());
        return image;
    }

    @Test
    void smallPicturesStayAsTheyAre() throws IOException {
        byte[] rgba = new byte[4 * 256 * 256];
        new Random(1).nextBytes(rgba);
        for (int i = 3; i < rgba.length; i += 4) {
            rgba[i] = (byte) 255;
        }
        BufferedImage image = decode(InlinePicture.of(new Picture(256, 256, rgba)), "png");
        int[] expected = new int[256 * 256];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = 0xff000000 | (rgba[4 * i] & 255) << 16 | (rgba[4 * i + 1] & 255) << 8 | rgba[4 * i + 2] & 255;
        }
        assertArrayEquals(expected, image.getRGB(0, 0, 256, 256, null, 0, 256));
    }

    /** Stripes of one pixel, which become one grey when shrunk, below a smooth slope. */
    @Test
    void largePicturesBecomeSmallerMeans() throws IOException {
        int width = 2100;
        float[] rgb = new float[3 * width * 300];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = i / 3 / width < 150 ? (float) (i / 3 % width) / width : i / 3 / width % 3 == 0 ? 0.9f : 0;
        }
        InlinePicture small = InlinePicture.of(Picture.ofRgb(width, 300, rgb));
        assertEquals(700, small.width());
        assertEquals(100, small.height());
        BufferedImage image = decode(small, "jpeg");
        for (int x = 20; x < 690; x += 30) {
            assertEquals(255 * (3 * x + 1) / 2100.0, image.getRGB(x, 20) & 255, 4);
            assertEquals(0.3 * 255, image.getRGB(x, 80) & 255, 4);
        }
    }
}
