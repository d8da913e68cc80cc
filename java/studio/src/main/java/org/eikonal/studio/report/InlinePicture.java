package org.eikonal.studio.report;

import java.io.IOException;
import java.util.Base64;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;

/**
 * A picture inside a page. Small ones are kept as they are (PNG); larger ones become JPEG, at most {@value #MAX_SIDE}
 * pixels a side, so that a page of a hundred views can still be opened.
 *
 * @param width pixels
 * @param height pixels
 * @param uri a data URI
 */
record InlinePicture(int width, int height, String uri) {
    static final int MAX_SIDE = 1024;
    static final int MAX_PNG_PIXELS = 1 << 16;
    private static final double QUALITY = 0.9;

    static InlinePicture of(Picture picture) throws IOException {
        boolean small = picture.width() * picture.height() <= MAX_PNG_PIXELS;
        Picture shown = small ? picture : shrunk(picture);
        byte[] bytes = small ? PictureFiles.png(shown) : PictureFiles.jpeg(shown, QUALITY);
        return new InlinePicture(shown.width(), shown.height(),
                "data:image/" + (small ? "png" : "jpeg") + ";base64," + Base64.getEncoder().encodeToString(bytes));
    }

    /** Means over squares of so many pixels that both sides fit. */
    private static Picture shrunk(Picture picture) {
        int factor = (Math.max(picture.width(), picture.height()) + MAX_SIDE - 1) / MAX_SIDE;
        if (factor == 1) {
            return picture;
        }
        int width = Math.max(1, picture.width() / factor);
        int height = Math.max(1, picture.height() / factor);
        byte[] rgba = new byte[4 * width * height];
        for (int i = 0; i < rgba.length; i++) {
            int left = i / 4 % width * factor;
            int top = i / 4 / width * factor;
            int sum = 0;
            int count = 0;
            for (int y = top; y < Math.min(top + factor, picture.height()); y++) {
                for (int x = left; x < Math.min(left + factor, picture.width()); x++, count++) {
                    sum += picture.rgba()[(y * picture.width() + x) * 4 + i % 4] & 255;
                }
            }
            rgba[i] = (byte) ((sum + count / 2) / count);
        }
        return new Picture(width, height, rgba);
    }
}
