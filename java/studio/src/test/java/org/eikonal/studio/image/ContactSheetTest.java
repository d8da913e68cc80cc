package org.eikonal.studio.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
    @Test
    void panelsLieInTheirColumnsAndKeepTheirProportions() {
        Picture red = filled(40, 20, 255, 0, 0);
        Picture blue = filled(400, 200, 0, 0, 255);
        Picture sheet = new ContactSheet(40, "left", "right").row("first", red, blue).row("second", blue, red).draw();
        assertEquals(8 + 2 * 48, sheet.width());
        assertTrue(sheet.isOpaque());
        assertEquals(2 * 40 * 20, count(sheet, 255, 0, 0));
        assertEquals(2 * 40 * 20, count(sheet, 0, 0, 255));
        // Column by column: red in the first row left, in the second row right.
        assertEquals(40 * 20, count(crop(sheet, 0, 52), 255, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new ContactSheet(40, "one").row("two", red, blue));
    }

    @Test
    void smallPanelsAverageLargePictures() {
        // Columns of black and white, one pixel wide: skipping pixels would leave black or white.
        byte[] rgba = new byte[320 * 320 * 4];
        for (int i = 0; i < rgba.length; i++) {
            rgba[i] = i % 4 == 3 || i / 4 % 2 == 1 ? (byte) 255 : 0;
        }
        Picture sheet = new ContactSheet(40, "stripes").row("", new Picture(320, 320, rgba)).draw();
        int middle = (60 * sheet.width() + 28) * 4;
        assertEquals(127, sheet.rgba()[middle] & 255, 8);
    }

    @Test
    void colourmapGrowsLighterAndStopsAtItsEnds() {
        float[] values = new float[103];
        for (int i = 0; i <= 100; i++) {
            values[i] = 2 + i * 0.03f;
        }
        values[101] = 99;
        values[102] = Float.NaN;
        byte[] rgba = Colormap.paint(103, 1, values, 2, 5).rgba();
        for (int i = 1; i <= 100; i++) {
            assertTrue(lightness(rgba, i) >= lightness(rgba, i - 1), "at " + i);
        }
        assertTrue(lightness(rgba, 100) > lightness(rgba, 0) + 150);
        assertArrayEquals(Arrays.copyOfRange(rgba, 400, 404), Arrays.copyOfRange(rgba, 404, 408));
        assertEquals(0, lightness(rgba, 102));
        assertThrows(IllegalArgumentException.class, () -> Colormap.paint(1, 1, new float[1], 1, 1));
    }

    private static double lightness(byte[] rgba, int pixel) {
        return 0.21 * (rgba[pixel * 4] & 255) + 0.72 * (rgba[pixel * 4 + 1] & 255) + 0.07 * (rgba[pixel * 4 + 2] & 255);
    }

    private static Picture filled(int width, int height, int... rgb) {
        byte[] rgba = new byte[width * height * 4];
        for (int i = 0; i < rgba.length; i++) {
            rgba[i] = i % 4 == 3 ? (byte) 255 : (byte) rgb[i % 4];
        }
        return new Picture(width, height, rgba);
    }

    private static Picture crop(Picture picture, int left, int width) {
        byte[] rgba = new byte[width * picture.height() * 4];
        for (int y = 0; y < picture.height(); y++) {
            System.arraycopy(picture.rgba(), (y * picture.width() + left) * 4, rgba, y * width * 4, width * 4);
        }
        return new Picture(width, picture.height(), rgba);
    }

    private static int count(Picture picture, int... rgb) {
        int count = 0;
        byte[] rgba = picture.rgba();
        for (int i = 0; i < rgba.length; i += 4) {
            if (rgba[i] == (byte) rgb[0] && rgba[i + 1] == (byte) rgb[1] && rgba[i + 2] == (byte) rgb[2]) {
                count++;
            }
        }
        return count;
    }
}
