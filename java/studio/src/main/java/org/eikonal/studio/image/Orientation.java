package org.eikonal.studio.image;

import java.io.IOException;
import java.nio.file.Path;
import org.eikonal.studio.image.PictureFiles.Size;

/**
 * How the pixels of a file are to be turned to be upright: the values of EXIF's tag 0x0112, in its order.
 */
public enum Orientation {
    /** 1: as stored. */
    NORMAL(false, false, false),
    /** 2: mirrored left to right. */
    MIRRORED(false, true, false),
    /** 3: turned by half a circle. */
    HALF_TURN(false, true, true),
    /** 4: mirrored top to bottom. */
    FLIPPED(false, false, true),
    /** 5: rows become columns. */
    TRANSPOSED(true, false, false),
    /** 6: turned by a quarter circle, clockwise. */
    CLOCKWISE(true, false, true),
    /** 7: rows become columns, then turned by half a circle. */
    TRANSVERSED(true, true, true),
    /** 8: turned by a quarter circle, counterclockwise. */
    COUNTERCLOCKWISE(true, true, false);

    private final boolean swaps;
    private final boolean fromRight;
    private final boolean fromBelow;

    /**
     * @param swaps whether rows become columns
     * @param fromRight whether stored columns are then taken from the right
     * @param fromBelow whether stored rows are then taken from below
     */
    Orientation(boolean swaps, boolean fromRight, boolean fromBelow) {
        this.swaps = swaps;
        this.fromRight = fromRight;
        this.fromBelow = fromBelow;
    }

    /**
     * What a JPEG file says of itself.
     *
     * @return {@link #NORMAL} for other files, and where EXIF is missing or damaged
     * @throws IOException if the file can't be read
     */
    public static Orientation of(Path jpeg) throws IOException {
        return Exif.of(jpeg).orientation();
    }

    /** @return whether width becomes height */
    public boolean swapsSides() {
        return swaps;
    }

    /** @return the size of a picture of the given stored size once it is turned */
    public Size apply(Size stored) {
        return swaps ? new Size(stored.height(), stored.width()) : stored;
    }

    /** @return the picture, turned */
    public Picture apply(Picture stored) {
        if (this == NORMAL) {
            return stored;
        }
        Size size = apply(new Size(stored.width(), stored.height()));
        byte[] from = stored.rgba();
        byte[] rgba = new byte[from.length];
        for (int y = 0, to = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++, to += 4) {
                int column = swaps ? y : x;
                int row = swaps ? x : y;
                int at = (fromBelow ? stored.height() - 1 - row : row) * stored.width()
                        + (fromRight ? stored.width() - 1 - column : column);
                System.arraycopy(from, 4 * at, rgba, to, 4);
            }
        }
        return new Picture(size.width(), size.height(), rgba);
    }
}
