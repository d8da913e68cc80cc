package org.eikonal.studio.export;

/**
 * Points of surfaces.
 *
 * @param positions {@code [n][3]}, in world units
 * @param normals {@code [n][3]}, unit vectors that point out of the surface
 * @param colors {@code [n][3]}, stored sRGB of 0 to 255
 */
record Vertices(float[] positions, float[] normals, byte[] colors) {
    int count() {
        return positions.length / 3;
    }

    /** Bytes of sRGB. */
    static byte[] stored(float[] colors) {
        byte[] bytes = new byte[colors.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(255 * Math.max(0, Math.min(1, colors[i])));
        }
        return bytes;
    }
}
