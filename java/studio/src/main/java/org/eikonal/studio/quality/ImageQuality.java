package org.eikonal.studio.quality;

/**
 * How near a picture is to the truth, in the measures that papers on radiance fields report. Pictures are arrays of
 * {@code height * width * channels} values, row-major, interleaved, stored sRGB of 0..1.
 */
public final class ImageQuality {
    /** What {@link #psnr} answers for equal pictures, in decibels, and the most it answers at all. */
    public static final double MAX_PSNR = 100;

    private static final int WINDOW = 11;
    private static final double SIGMA = 1.5;
    private static final double C1 = 0.01 * 0.01;
    private static final double C2 = 0.03 * 0.03;
    /** How much each scale counts, the finest first: Wang et al. 2003. */
    private static final double[] SCALES = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};

    private ImageQuality() {}

    /**
     * Peak signal-to-noise ratio: {@code -10 log10} of the mean squared error over all pixels and channels.
     *
     * @param a a picture
     * @param b a picture of the same size
     * @return decibels, at most {@value #MAX_PSNR}; NaN if a value is NaN
     * @throws IllegalArgumentException if the sizes differ or are 0
     */
    public static double psnr(float[] a, float[] b) {
        sameLength(a, b, a.length);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return Math.min(MAX_PSNR, -10 * Math.log10(sum / a.length));
    }

    /**
     * The same over some pixels only.
     *
     * @param a a picture
     * @param b a picture of the same size
     * @param counts {@code [height * width]}: 0 where a pixel does not count, not everywhere
     * @return decibels, at most {@value #MAX_PSNR}; NaN if a value is NaN
     * @throws IllegalArgumentException if the sizes differ or no pixel counts
     */
    public static double psnr(float[] a, float[] b, byte[] counts) {
        sameLength(a, b, a.length);
        int channels = a.length / counts.length;
        double sum = 0;
        long values = 0;
        for (int i = 0; i < a.length; i++) {
            if (counts[i / channels] != 0) {
                double difference = (double) a[i] - b[i];
                sum += difference * difference;
                values++;
            }
        }
        if (values == 0) {
            throw new IllegalArgumentException("no pixel counts, so that there is no noise to measure");
        }
        return Math.min(MAX_PSNR, -10 * Math.log10(sum / values));
    }

    /**
     * Structural similarity of Wang et al. 2004: an 11x11 Gaussian window of sigma 1.5, K1 0.01, K2 0.03, values of
     * range 1, windows that lie wholly inside the picture, population covariance; the mean over windows and channels.
     * A picture with a side below 11 is measured by the largest odd window that fits.
     *
     * @param a a picture
     * @param b a picture of the same size
     * @return -1 to 1; 1 for equal pictures
     * @throws IllegalArgumentException if the arrays' lengths do not fit the size
     */
    public static double ssim(float[] a, float[] b, int width, int height, int channels) {
        if (width < 1 || height < 1 || channels < 1) {
            throw new IllegalArgumentException(
                    "a picture of " + width + "x" + height + "x" + channels + " values has no similarity to measure");
        }
        sameLength(a, b, (long) width * height * channels);
        double[] window = window(Math.min(WINDOW, Math.min(width, height)));
        double sum = 0;
        for (int c = 0; c < channels; c++) {
            sum += similarity(plane(a, c, channels), plane(b, c, channels), width, window).whole();
        }
        return sum / channels;
    }

    /**
     * Multi-scale structural similarity of Wang, Simoncelli and Bovik 2003: contrast and structure at five scales, each
     * half of the one before (means of 2x2 pixels, where an odd last row or column counts twice), luminance at the
     * coarsest, window and constants as for {@link #ssim}; the mean over channels. Negative means count as 0.
     *
     * @param a a picture
     * @param b a picture of the same size
     * @return 0 to 1; 1 for equal pictures; NaN if a side is below 161 pixels: the coarsest scale has no whole window
     * @throws IllegalArgumentException if the arrays' lengths do not fit the size
     */
    public static double msSsim(float[] a, float[] b, int width, int height, int channels) {
        sameLength(a, b, (long) width * height * channels);
        int halvings = SCALES.length - 1;
        if (Math.min(width, height) <= (WINDOW - 1) << halvings) {
            return Double.NaN;
        }
        double[] window = window(WINDOW);
        double sum = 0;
        for (int c = 0; c < channels; c++) {
            double[] planeA = plane(a, c, channels);
            double[] planeB = plane(b, c, channels);
            int columns = width;
            double product = 1;
            for (int scale = 0; scale <= halvings; scale++) {
                Similarity similarity = similarity(planeA, planeB, columns, window);
                double mean = scale < halvings ? similarity.contrastAndStructure() : similarity.whole();
                product *= Math.pow(Math.max(0, mean), SCALES[scale]);
                planeA = half(planeA, columns);
                planeB = half(planeB, columns);
                columns = (columns + 1) / 2;
            }
            sum += product;
        }
        return sum / channels;
    }

    private static double[] half(double[] plane, int width) {
        int height = plane.length / width;
        int halfWidth = (width + 1) / 2;
        double[] half = new double[(height + 1) / 2 * halfWidth];
        for (int i = 0; i < half.length; i++) {
            int x = i % halfWidth * 2;
            int y = i / halfWidth * 2;
            int right = Math.min(x + 1, width - 1);
            int below = Math.min(y + 1, height - 1);
            half[i] = (plane[y * width + x] + plane[y * width + right] + plane[below * width + x]
                    + plane[below * width + right]) / 4;
        }
        return half;
    }

    /** Means over all windows of the measure, and of it without its luminance. */
    private record Similarity(double whole, double contrastAndStructure) {}

    private static Similarity similarity(double[] a, double[] b, int width, double[] window) {
        double[] meanA = filter(a, width, window);
        double[] meanB = filter(b, width, window);
        double[] meanAa = filter(product(a, a), width, window);
        double[] meanBb = filter(product(b, b), width, window);
        double[] meanAb = filter(product(a, b), width, window);
        double sum = 0;
        double sumWithoutLuminance = 0;
        for (int i = 0; i < meanA.length; i++) {
            double squares = meanA[i] * meanA[i] + meanB[i] * meanB[i];
            double cross = meanA[i] * meanB[i];
            double variances = meanAa[i] + meanBb[i] - squares;
            double covariance = meanAb[i] - cross;
            double contrastAndStructure = (2 * covariance + C2) / (variances + C2);
            sum += (2 * cross + C1) / (squares + C1) * contrastAndStructure;
            sumWithoutLuminance += contrastAndStructure;
        }
        return new Similarity(sum / meanA.length, sumWithoutLuminance / meanA.length);
    }

    /** The Gaussian of the largest odd length up to {@code limit}, of sum 1. */
    private static double[] window(int limit) {
        int length = limit % 2 == 1 ? limit : limit - 1;
        double[] window = new double[length];
        double sum = 0;
        for (int i = 0; i < length; i++) {
            double x = i - length / 2;
            window[i] = Math.exp(-x * x / (2 * SIGMA * SIGMA));
            sum += window[i];
        }
        for (int i = 0; i < length; i++) {
            window[i] /= sum;
        }
        return window;
    }

    /** Weighted means of all windows that lie inside the plane: along the rows first, then down the columns. */
    private static double[] filter(double[] plane, int width, double[] window) {
        int height = plane.length / width;
        int outWidth = width - window.length + 1;
        int outHeight = height - window.length + 1;
        double[] rows = new double[height * outWidth];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < outWidth; x++) {
                double sum = 0;
                for (int k = 0; k < window.length; k++) {
                    sum += window[k] * plane[y * width + x + k];
                }
                rows[y * outWidth + x] = sum;
            }
        }
        double[] out = new double[outHeight * outWidth];
        for (int y = 0; y < outHeight; y++) {
            for (int k = 0; k < window.length; k++) {
                for (int x = 0; x < outWidth; x++) {
                    out[y * outWidth + x] += window[k] * rows[(y + k) * outWidth + x];
                }
            }
        }
        return out;
    }

    private static double[] plane(float[] picture, int channel, int channels) {
        double[] plane = new double[picture.length / channels];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = picture[i * channels + channel];
        }
        return plane;
    }

    private static double[] product(double[] a, double[] b) {
        double[] product = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            product[i] = a[i] * b[i];
        }
        return product;
    }

    private static void sameLength(float[] a, float[] b, long expected) {
        if (a.length != b.length || a.length != expected || a.length == 0) {
            throw new IllegalArgumentException("pictures of " + a.length + " and " + b.length
                    + " values can't be compared; both must have " + Math.max(1, expected));
        }
    }
}
