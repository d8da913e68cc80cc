package org.eikonal.studio.demo;

/**
 * How a surface answers light.
 *
 * @param pattern the diffuse colour at a point, linear, 0..1
 * @param gloss strength of the highlight, 0 (matte) to 1
 * @param mirror the part of light that is reflected as a mirror does when seen head-on, 0..1; more at grazing angles
 */
record Material(Pattern pattern, double gloss, double mirror) {
    /** A colour at every point of space. */
    interface Pattern {
        Vec at(Vec point);
    }

    static Material matte(Pattern pattern) {
        return new Material(pattern, 0.05, 0);
    }

    /** A colour as painters name it, stored sRGB, to linear. */
    static Vec colour(int rgb) {
        return new Vec(linear(rgb >> 16 & 255), linear(rgb >> 8 & 255), linear(rgb & 255));
    }

    static Pattern plain(int rgb) {
        Vec colour = colour(rgb);
        return point -> colour;
    }

    private static double linear(int stored) {
        double v = stored / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }
}
