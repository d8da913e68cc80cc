package org.eikonal.studio.image;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * Dark paper to draw and write on, with smooth lines. Works without a display; on a machine without fonts what is
 * written is left out. For one thread; to be closed.
 */
public final class Canvas implements AutoCloseable {
    /** The colour to write in. */
    public static final Color INK = new Color(0xe4e6eb);
    private static final Color PAPER = new Color(0x1d2026);

    private final BufferedImage image;
    private final Graphics2D pen;

    /** Empty paper of so many pixels. */
    public Canvas(int width, int height) {
        image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        pen = image.createGraphics();
        pen.setColor(PAPER);
        pen.fillRect(0, 0, width, height);
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    }

    /** @return what draws on it */
    public Graphics2D pen() {
        return pen;
    }

    /**
     * Writes a line in a colour.
     *
     * @param style of {@link Font}
     * @param size of letters, in pixels
     * @param x where it begins
     * @param y its upper edge
     */
    public void write(String text, Color color, int style, int size, double x, double y) {
        pen.setColor(color);
        try {
            pen.setFont(new Font(Font.SANS_SERIF, style, size));
            pen.drawString(text, (float) x, (float) y + size);
        } catch (RuntimeException | LinkageError | InternalError e) {
            // A machine without fonts: a picture without labels is better than none.
        }
    }

    /** @return what was drawn, opaque where the paper is */
    public Picture picture() {
        int[] argb = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        byte[] rgba = new byte[argb.length * 4];
        for (int i = 0, j = 0; i < argb.length; i++, j += 4) {
            rgba[j] = (byte) (argb[i] >> 16);
            rgba[j + 1] = (byte) (argb[i] >> 8);
            rgba[j + 2] = (byte) argb[i];
            rgba[j + 3] = (byte) (argb[i] >> 24);
        }
        return new Picture(image.getWidth(), image.getHeight(), rgba);
    }

    @Override
    public void close() {
        pen.dispose();
    }
}
