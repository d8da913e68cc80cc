package org.eikonal.studio.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * Turns decoded images of every layout into RGBA bytes, from their stored samples: going through an image's colour
 * model instead would re-encode grey and profiled pictures.
 */
final class Rasters {
    private Rasters() {}

    static byte[] rgba(BufferedImage image) throws IOException {
        Raster raster = image.getRaster();
        byte[] rgba = new byte[image.getWidth() * image.getHeight() * 4];
        if (image.getColorModel() instanceof IndexColorModel palette) {
            fromPalette(raster, palette, rgba);
        } else if (raster.getDataBuffer() instanceof DataBufferByte bytes
                && raster.getSampleModel() instanceof PixelInterleavedSampleModel layout
                && raster.getSampleModelTranslateX() == 0 && raster.getSampleModelTranslateY() == 0) {
            fromBytes(raster, bytes.getData(), layout, rgba);
        } else {
            fromSamples(raster, rgba);
        }
        return rgba;
    }

    /** Where channel c (red, green, blue, alpha) lies among the bands; -1 for an alpha that isn't there. */
    private static int band(int c, int bands) {
        return switch (bands) {
            case 1 -> c == 3 ? -1 : 0;
            case 2 -> c == 3 ? 1 : 0;
            case 3 -> c == 3 ? -1 : c;
            default -> c;
        };
    }

    private static void fromBytes(Raster raster, byte[] data, PixelInterleavedSampleModel layout, byte[] rgba) {
        int bands = raster.getNumBands();
        int step = layout.getPixelStride();
        for (int c = 0; c < 4; c++) {
            int band = band(c, bands);
            int offset = band < 0 ? 0 : layout.getBandOffsets()[band];
            for (int y = 0, to = c; y < raster.getHeight(); y++) {
                int from = y * layout.getScanlineStride() + offset;
                for (int x = 0; x < raster.getWidth(); x++, from += step, to += 4) {
                    rgba[to] = band < 0 ? (byte) 255 : data[from];
                }
            }
        }
    }

    private static void fromPalette(Raster raster, IndexColorModel palette, byte[] rgba) {
        int[] row = new int[raster.getWidth()];
        for (int y = 0, to = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
            for (int index : row) {
                int argb = palette.getRGB(index);
                rgba[to++] = (byte) (argb >> 16);
                rgba[to++] = (byte) (argb >> 8);
                rgba[to++] = (byte) argb;
                rgba[to++] = (byte) (argb >> 24);
            }
        }
    }

    private static void fromSamples(Raster raster, byte[] rgba) throws IOException {
        int type = raster.getDataBuffer().getDataType();
        if (type == DataBuffer.TYPE_FLOAT || type == DataBuffer.TYPE_DOUBLE || raster.getNumBands() > 4) {
            throw new IOException(
                    "its samples are not 8 or 16 bits of grey or RGB, with or without alpha; convert it to PNG");
        }
        int bands = raster.getNumBands();
        int[] row = new int[raster.getWidth() * bands];
        for (int y = 0, to = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            for (int x = 0; x < raster.getWidth(); x++) {
                for (int c = 0; c < 4; c++, to++) {
                    int band = band(c, bands);
                    rgba[to] = band < 0 ? (byte) 255 : eightBits(row[x * bands + band], raster, band);
                }
            }
        }
    }

    private static byte eightBits(int sample, Raster raster, int band) {
        int bits = raster.getSampleModel().getSampleSize(band);
        if (bits == 8) {
            return (byte) sample;
        }
        long max = (1L << bits) - 1;
        return (byte) ((sample * 255L + max / 2) / max);
    }
}
