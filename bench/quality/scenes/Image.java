import org.eikonal.studio.image.Picture;

/** A square picture that is added up: colours (stored sRGB, times coverage), coverage, and coverage by what is near. */
record Image(int size, float[] red, float[] green, float[] blue, float[] alpha, float[] near) {
    Image(int size) {
        this(size, new float[size * size], new float[size * size], new float[size * size], new float[size * size],
                new float[size * size]);
    }

    /** Adds a part of a pixel. */
    void add(int x, int y, Vec colour, boolean isNear, double part) {
        int i = y * size + x;
        red[i] += (float) (colour.x() * part);
        green[i] += (float) (colour.y() * part);
        blue[i] += (float) (colour.z() * part);
        alpha[i] += (float) part;
        near[i] += (float) (isNear ? part : 0);
    }

    /** Half the size: means of 2x2 pixels. */
    Image halved() {
        return new Image(size / 2, halved(red), halved(green), halved(blue), halved(alpha), halved(near));
    }

    private float[] halved(float[] from) {
        int half = size / 2;
        float[] to = new float[half * half];
        for (int y = 0; y < half; y++) {
            for (int x = 0; x < half; x++) {
                int i = 2 * (y * size + x);
                to[y * half + x] = (from[i] + from[i + 1] + from[i + size] + from[i + size + 1]) / 4;
            }
        }
        return to;
    }

    /** The picture as files have it: colours not multiplied by coverage. */
    Picture picture() {
        byte[] rgba = new byte[size * size * 4];
        for (int i = 0; i < size * size; i++) {
            if (alpha[i] > 0) {
                rgba[4 * i] = stored(red[i] / alpha[i]);
                rgba[4 * i + 1] = stored(green[i] / alpha[i]);
                rgba[4 * i + 2] = stored(blue[i] / alpha[i]);
                rgba[4 * i + 3] = stored(alpha[i]);
            }
        }
        return new Picture(size, size, rgba);
    }

    /** White where what is near covers at least half of a pixel, or where it does not; black elsewhere. */
    Picture mask(boolean showsNear) {
        byte[] rgba = new byte[size * size * 4];
        for (int i = 0; i < size * size; i++) {
            byte value = (byte) (near[i] >= 0.5 == showsNear ? 255 : 0);
            rgba[4 * i] = rgba[4 * i + 1] = rgba[4 * i + 2] = value;
            rgba[4 * i + 3] = (byte) 255;
        }
        return new Picture(size, size, rgba);
    }

    private static byte stored(float value) {
        return (byte) Math.round(255 * Math.max(0, Math.min(1, value)));
    }
}
