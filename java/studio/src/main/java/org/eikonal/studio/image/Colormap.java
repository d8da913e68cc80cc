package org.eikonal.studio.image;

/**
 * Colours for scalar pictures (depth, error), of growing lightness so that they read in print as well: night blue,
 * violet, crimson, orange, pale yellow, with straight lines between.
 */
public final class Colormap {
    private static final float[][] STOPS = {
        {0.04f, 0.03f, 0.16f},
        {0.30f, 0.07f, 0.46f},
        {0.62f, 0.15f, 0.44f},
        {0.88f, 0.33f, 0.27f},
        {0.98f, 0.63f, 0.20f},
        {0.99f, 0.95f, 0.66f},
    };

    private Colormap() {}

    /**
     * Paints one value a pixel.
     *
     * @param values {@code width * height} values, row-major
     * @param low the value painted darkest; smaller ones look the same
     * @param high the value painted lightest, above {@code low}; larger ones look the same
     * @return an opaque picture; NaN is black
     */
    public static Picture paint(int width, int height, float[] values, float low, float high) {
        if (values.length != (long) width * height) {
            throw new IllegalArgumentException("a picture of " + width + "x" + height + " pixels has "
                    + (long) width * height + " values, not " + values.length);
        }
        if (!(high > low)) {
            throw new IllegalArgumentException(
                    "colours run from " + low + " up to " + high + "; high must be above low");
        }
        float[] rgb = new float[values.length * 3];
        for (int i = 0; i < values.length; i++) {
            float t = Math.max(0, Math.min(1, (values[i] - low) / (high - low))) * (STOPS.length - 1);
            int stop = Math.min(STOPS.length - 2, (int) t);
            for (int c = 0; c < 3; c++) {
                rgb[i * 3 + c] = STOPS[stop][c] + (t - stop) * (STOPS[stop + 1][c] - STOPS[stop][c]);
            }
        }
        return Picture.ofRgb(width, height, rgb);
    }
}
