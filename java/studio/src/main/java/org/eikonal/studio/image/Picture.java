package org.eikonal.studio.image;

/**
 * A picture in memory: 8-bit RGBA, straight (not premultiplied) alpha, values as stored in the file (sRGB), rows from
 * the top.
 *
 * @param width pixels, above 0
 * @param height pixels, above 0
 * @param rgba {@code width * height * 4} bytes; shared with the caller, not copied, and not to be changed
 */
public record Picture(int width, int height, byte[] rgba) {
    /** @throws IllegalArgumentException if the array's length does not fit the size */
    public Picture {
        if (width < 1 || height < 1 || rgba.length != (long) width * height * 4) {
            throw new IllegalArgumentException("a picture of " + width + "x" + height + " RGBA pixels can't have "
                    + rgba.length + " bytes");
        }
    }

    /**
     * An opaque picture.
     *
     * @param rgb {@code width * height * 3} values of stored sRGB, row-major; clamped to 0..1, NaN becomes 0
     */
    public static Picture ofRgb(int width, int height, float[] rgb) {
        if (rgb.length != (long) width * height * 3) {
            throw new IllegalArgumentException("a picture of " + width + "x" + height + " RGB pixels has "
                    + (long) width * height * 3 + " values, not " + rgb.length);
        }
        byte[] rgba = new byte[width * height * 4];
        for (int from = 0, to = 0; to < rgba.length; from += 3, to += 4) {
            rgba[to] = toByte(rgb[from]);
            rgba[to + 1] = toByte(rgb[from + 1]);
            rgba[to + 2] = toByte(rgb[from + 2]);
            rgba[to + 3] = (byte) 255;
        }
        return new Picture(width, height, rgba);
    }

    /**
     * The picture over a background of one colour: {@code rgb * a + (1 - a) * background}, computed on stored values,
     * without gamma, as papers on radiance fields measure it.
     *
     * @param background 3 values of stored sRGB, 0..1
     * @return {@code width * height * 3} values of stored sRGB, 0..1, row-major
     */
    public float[] compositeOver(float... background) {
        if (background.length != 3) {
            throw new IllegalArgumentException(
                    "a background has 3 values (red, green, blue), not " + background.length);
        }
        float[] rgb = new float[width * height * 3];
        for (int from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
            float alpha = (rgba[from + 3] & 255) / 255f;
            for (int c = 0; c < 3; c++) {
                rgb[to + c] = (rgba[from + c] & 255) / 255f * alpha + (1 - alpha) * background[c];
            }
        }
        return rgb;
    }

    /**
     * The picture at another size: each pixel is the mean of those that it covers, or the nearest one.
     *
     * @param newWidth pixels, above 0
     * @param newHeight pixels, above 0
     */
    public Picture resized(int newWidth, int newHeight) {
        byte[] to = new byte[newWidth * newHeight * 4];
        for (int i = 0; i < to.length; i++) {
            int x = i / 4 % newWidth;
            int y = i / 4 / newWidth;
            int left = (int) ((long) x * width / newWidth);
            int top = (int) ((long) y * height / newHeight);
            int right = (int) Math.max(left + 1, (x + 1L) * width / newWidth);
            int bottom = (int) Math.max(top + 1, (y + 1L) * height / newHeight);
            long sum = 0;
            for (int row = top; row < bottom; row++) {
                for (int column = left; column < right; column++) {
                    sum += rgba[(row * width + column) * 4 + i % 4] & 255;
                }
            }
            long count = (long) (right - left) * (bottom - top);
            to[i] = (byte) ((sum + count / 2) / count);
        }
        return new Picture(newWidth, newHeight, to);
    }

    /** @return whether every pixel is opaque */
    public boolean isOpaque() {
        for (int i = 3; i < rgba.length; i += 4) {
            if (rgba[i] != (byte) 255) {
                return false;
            }
        }
        return true;
    }

    /** Rounds a value of 0..1 to a byte; what lies outside is clamped, and NaN becomes 0. */
    static byte toByte(float value) {
        return (byte) Math.round(Math.max(0, Math.min(1, value)) * 255);
    }
}
