package org.eikonal.studio.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageQualityTest {
    @Test
    void psnrByHand() {
        // Mean squared error 0.01 is 20 dB; one error of 0.5 among 25 values is 0.01 as well.
        assertEquals(20, ImageQuality.psnr(new float[] {0.5f, 0.1f}, new float[] {0.6f, 0.2f}), 1e-5);
        float[] a = new float[25];
        float[] b = new float[25];
        b[7] = 0.5f;
        assertEquals(20, ImageQuality.psnr(a, b), 1e-9);
        assertEquals(0, ImageQuality.psnr(new float[3], new float[] {1, 1, 1}), 0);
        assertEquals(ImageQuality.MAX_PSNR, ImageQuality.psnr(a, a), 0);
        assertTrue(Double.isNaN(ImageQuality.psnr(new float[] {Float.NaN}, new float[1])));
        assertThrows(IllegalArgumentException.class, () -> ImageQuality.psnr(a, new float[24]));
        assertThrows(IllegalArgumentException.class, () -> ImageQuality.psnr(new float[0], new float[0]));
    }

    @Test
    void psnrOfTheCountingPixelsAlone() {
        float[] a = new float[12];
        float[] b = new float[12];
        b[4] = 0.3f; // of the second pixel
        b[9] = 1; // of the fourth
        // 0.09 over 9 values is 20 dB.
        assertEquals(20, ImageQuality.psnr(a, b, new byte[] {1, -1, 5, 0}), 1e-5);
        assertEquals(ImageQuality.MAX_PSNR, ImageQuality.psnr(a, b, new byte[] {1, 0, 0, 0}), 0);
        assertEquals(ImageQuality.psnr(a, b), ImageQuality.psnr(a, b, new byte[] {1, 1, 1, 1}), 0);
        assertThrows(IllegalArgumentException.class, () -> ImageQuality.psnr(a, b, new byte[4]));
    }

    @Test
    void ssimAgreesWithExplicitWindows() {
        int[][] sizes = {{11, 11}, {23, 17}, {12, 40}, {10, 30}, {7, 5}, {2, 9}, {1, 1}};
        for (int[] size : sizes) {
            for (int channels = 1; channels <= 3; channels += 2) {
                Random random = new Random(size[0]);
                float[] a = new float[size[0] * size[1] * channels];
                float[] b = new float[a.length];
                for (int i = 0; i < a.length; i++) {
                    a[i] = random.nextFloat();
                    b[i] = Math.max(0, Math.min(1, a[i] + 0.3f * (float) random.nextGaussian()));
                }
                String what = size[0] + "x" + size[1] + "x" + channels;
                assertEquals(windowByWindow(a, b, size[0], size[1], channels),
                        ImageQuality.ssim(a, b, size[0], size[1], channels), 1e-9, what);
                assertEquals(1, ImageQuality.ssim(a, a, size[0], size[1], channels), 1e-12, what);
            }
        }
    }

    /** Wang et al. 2003, written down once more: window by window, half by half. */
    @Test
    void msSsimAgreesWithItsFormula() {
        double[] weights = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};
        int[][] sizes = {{161, 170}, {195, 162}};
        for (int[] size : sizes) {
            Random random = new Random(size[0]);
            float[] a = new float[size[0] * size[1]];
            float[] b = new float[a.length];
            for (int i = 0; i < a.length; i++) {
                a[i] = (float) (0.5 + 0.3 * Math.sin(0.1 * (i % size[0])) * Math.cos(0.07 * (i / size[0])));
                b[i] = Math.max(0, Math.min(1, 0.9f * a[i] + 0.02f + 0.05f * (float) random.nextGaussian()));
            }
            double expected = 1;
            float[] scaledA = a;
            float[] scaledB = b;
            int width = size[0];
            int height = size[1];
            for (int scale = 0; scale < 5; scale++) {
                double[] means = windowMeans(scaledA, scaledB, width, height);
                expected *= Math.pow(scale < 4 ? means[1] : means[0], weights[scale]);
                scaledA = halved(scaledA, width, height);
                scaledB = halved(scaledB, width, height);
                width = (width + 1) / 2;
                height = (height + 1) / 2;
            }
            assertEquals(expected, ImageQuality.msSsim(a, b, size[0], size[1], 1), 1e-6);
            assertTrue(expected < 0.97 && expected > 0.5, "the pictures must differ: " + expected);
            assertEquals(1, ImageQuality.msSsim(a, a, size[0], size[1], 1), 1e-12);
        }
    }

    /** Means over all whole windows of SSIM, and of contrast times structure. */
    private static double[] windowMeans(float[] a, float[] b, int width, int height) {
        double[] weights = new double[121];
        double total = 0;
        for (int i = 0; i < 121; i++) {
            weights[i] = Math.exp(-(Math.pow(i / 11 - 5, 2) + Math.pow(i % 11 - 5, 2)) / 4.5);
            total += weights[i];
        }
        double whole = 0;
        double partial = 0;
        for (int y = 0; y + 11 <= height; y++) {
            for (int x = 0; x + 11 <= width; x++) {
                double[] sums = new double[5];
                for (int i = 0; i < 121; i++) {
                    double p = a[(y + i / 11) * width + x + i % 11];
                    double q = b[(y + i / 11) * width + x + i % 11];
                    double[] terms = {p, q, p * p, q * q, p * q};
                    for (int k = 0; k < 5; k++) {
                        sums[k] += weights[i] / total * terms[k];
                    }
                }
                double contrast = (2 * (sums[4] - sums[0] * sums[1]) + 9e-4)
                        / (sums[2] - sums[0] * sums[0] + sums[3] - sums[1] * sums[1] + 9e-4);
                partial += contrast;
                whole += contrast * (2 * sums[0] * sums[1] + 1e-4) / (sums[0] * sums[0] + sums[1] * sums[1] + 1e-4);
            }
        }
        double count = (width - 10.0) * (height - 10);
        return new double[] {whole / count, partial / count};
    }

    /** Means of 2x2 pixels of the picture, to which a last row and column are added where it is odd. */
    private static float[] halved(float[] a, int width, int height) {
        float[] half = new float[(width + 1) / 2 * ((height + 1) / 2)];
        for (int y = 0; y < height + height % 2; y++) {
            for (int x = 0; x < width + width % 2; x++) {
                half[y / 2 * ((width + 1) / 2) + x / 2] +=
                        a[Math.min(y, height - 1) * width + Math.min(x, width - 1)] / 4;
            }
        }
        return half;
    }

    @Test
    void msSsimNeedsRoomAndTakesTheMeanOfChannels() {
        assertTrue(Double.isNaN(ImageQuality.msSsim(new float[160 * 400], new float[160 * 400], 160, 400, 1)));
        assertTrue(Double.isNaN(ImageQuality.msSsim(new float[400 * 160], new float[400 * 160], 400, 160, 1)));
        Random random = new Random(5);
        float[] a = new float[2 * 161 * 161];
        float[] b = new float[a.length];
        float[][] planes = new float[4][161 * 161];
        for (int i = 0; i < a.length; i++) {
            a[i] = planes[i % 2][i / 2] = random.nextFloat();
            b[i] = planes[2 + i % 2][i / 2] = i % 2 == 0 ? a[i] : 0.5f * a[i] + 0.5f * random.nextFloat();
        }
        double second = ImageQuality.msSsim(planes[1], planes[3], 161, 161, 1);
        assertEquals((1 + second) / 2, ImageQuality.msSsim(a, b, 161, 161, 2), 1e-12);
        float[] negative = new float[161 * 161];
        for (int i = 0; i < negative.length; i++) {
            negative[i] = 1 - planes[0][i];
        }
        assertEquals(0, ImageQuality.msSsim(planes[0], negative, 161, 161, 1));
        assertThrows(IllegalArgumentException.class, () -> ImageQuality.msSsim(a, new float[5], 161, 161, 2));
    }

    @Test
    void ssimOfConstantsIsTheLuminanceTerm() {
        float[] a = new float[400];
        float[] b = new float[400];
        java.util.Arrays.fill(a, 0.25f);
        java.util.Arrays.fill(b, 0.75f);
        double expected = (2 * 0.25 * 0.75 + 1e-4) / (0.0625 + 0.5625 + 1e-4);
        assertEquals(expected, ImageQuality.ssim(a, b, 20, 20, 1), 1e-9);
    }

    @Test
    void ssimRefusesSizesThatDoNotFit() {
        assertThrows(IllegalArgumentException.class, () -> ImageQuality.ssim(new float[12], new float[12], 3, 2, 3));
        assertThrows(IllegalArgumentException.class, () -> ImageQuality.ssim(new float[0], new float[0], 0, 2, 3));
    }

    /** The definition: for each window its weighted means, variances and covariance, about its own mean. */
    private static double windowByWindow(float[] a, float[] b, int width, int height, int channels) {
        int side = Math.min(11, Math.min(width, height));
        side -= 1 - side % 2;
        double[][] weights = new double[side][side];
        double total = 0;
        for (int i = 0; i < side; i++) {
            for (int j = 0; j < side; j++) {
                double dy = i - side / 2;
                double dx = j - side / 2;
                weights[i][j] = Math.exp(-(dx * dx + dy * dy) / 4.5);
                total += weights[i][j];
            }
        }
        double sum = 0;
        int windows = 0;
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y + side <= height; y++) {
                for (int x = 0; x + side <= width; x++) {
                    double meanA = 0;
                    double meanB = 0;
                    for (int i = 0; i < side; i++) {
                        for (int j = 0; j < side; j++) {
                            int at = ((y + i) * width + x + j) * channels + c;
                            meanA += weights[i][j] / total * a[at];
                            meanB += weights[i][j] / total * b[at];
                        }
                    }
                    double varianceA = 0;
                    double varianceB = 0;
                    double covariance = 0;
                    for (int i = 0; i < side; i++) {
                        for (int j = 0; j < side; j++) {
                            int at = ((y + i) * width + x + j) * channels + c;
                            double weight = weights[i][j] / total;
                            varianceA += weight * (a[at] - meanA) * (a[at] - meanA);
                            varianceB += weight * (b[at] - meanB) * (b[at] - meanB);
                            covariance += weight * (a[at] - meanA) * (b[at] - meanB);
                        }
                    }
                    sum += (2 * meanA * meanB + 1e-4) * (2 * covariance + 9e-4)
                            / ((meanA * meanA + meanB * meanB + 1e-4) * (varianceA + varianceB + 9e-4));
                    windows++;
                }
            }
        }
        return sum / windows;
    }
}
