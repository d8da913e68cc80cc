package org.eikonal;

/**
 * Rows of a rendered picture.
 *
 * @param width pixels
 * @param height pixels: the number of rows rendered
 * @param color {@code [height][width][3]}, over the background; stored sRGB for fields trained on photos
 * @param depth {@code [height][width]}: mean distance of what was hit, in the unit-cube frame; 0 where nothing was
 * @param opacity {@code [height][width]}, 0 to 1
 */
public record Rendering(int width, int height, float[] color, float[] depth, float[] opacity) {
    /**
     * Checks and keeps the arrays, which are not copied.
     *
     * @param width 0 and more
     * @param height 0 and more
     * @param color {@code [height][width][3]}
     * @param depth {@code [height][width]}
     * @param opacity {@code [height][width]}
     * @throws IllegalArgumentException if lengths do not fit
     */
    public Rendering {
        if (width < 0 || height < 0) {
            throw new IllegalArgumentException(
                    "a picture of " + width + " x " + height + " pixels; both must be 0 or more");
        }
        Shapes.length("color", color.length, 3L * width * height);
        Shapes.length("depth", depth.length, (long) width * height);
        Shapes.length("opacity", opacity.length, (long) width * height);
    }
}
