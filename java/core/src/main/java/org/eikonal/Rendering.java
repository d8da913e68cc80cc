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
public record Rendering(int width, int height, float[] color, float[] depth, float[] opacity) {}
