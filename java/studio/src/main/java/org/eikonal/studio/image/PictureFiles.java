package org.eikonal.studio.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Reads and writes pictures, with limits: a header is believed only up to {@value #MAX_SIZE} pixels a side and
 * {@value #MAX_PIXELS} pixels in all, and as far as so small a file can hold them; nothing is allocated before.
 *
 * <p>PNG, JPEG and whatever else the JVM decodes are read; grey, palette and 16-bit pictures become 8-bit RGBA. Values
 * are taken as stored: no colour profile is applied, and neither is EXIF orientation, which {@link Orientation} knows:
 * whether camera poses belong to turned pixels or to those in the file is for a scene's format to say. OpenEXR's, which
 * are linear, are taken through sRGB's curve, and what is not within 0 and 1 is clipped.
 */
public final class PictureFiles {
    /** The most pixels a side. */
    public static final int MAX_SIZE = 65535;
    /** The most pixels in a picture. */
    public static final long MAX_PIXELS = 1L << 28;

    // A white PNG of one bit a pixel, which packs tightest, has 8 * 1032 pixels a byte.
    static final long MAX_PIXELS_PER_BYTE = 1 << 14;
    /** Of run lengths, 255 pixels in two bytes; and its decoder takes the most memory of all for a pixel. */
    private static final long MAX_BMP_PIXELS_PER_BYTE = 1 << 8;

    // Where in a bitmap's header what stands, and what it means there.
    private static final int BMP_HEADER_LENGTH = 14;
    private static final int BMP_INFO_LENGTH = 40;
    private static final int BMP_COMPRESSION = 30;
    private static final int BMP_JPEG = 4;
    private static final int BMP_PNG = 5;

    private PictureFiles() {}

    /** Width and height in pixels. */
    public record Size(int width, int height) {
        /** @return whether a picture of that size, scaled and rounded to whole pixels, is of this one */
        public boolean isCopyOf(int otherWidth, int otherHeight) {
            return Math.abs(height - otherHeight * ((double) width / otherWidth)) <= 1
                    || Math.abs(width - otherWidth * ((double) height / otherHeight)) <= 1;
        }
    }

    /**
     * The size of a picture, from its header alone.
     *
     * @throws IOException in one line, if the file can't be read, is no picture, or claims to be too large
     */
    public static Size size(Path file) throws IOException {
        return named(file, () -> ExrHeader.begins(file) ? ExrHeader.read(file).size()
                : withReader(file, PictureFiles::checkedSize));
    }

    /**
     * Decodes a picture.
     *
     * @throws IOException in one line, if the file can't be read, is no picture, is damaged or too large
     */
    public static Picture read(Path file) throws IOException {
        return named(file, () -> ExrHeader.begins(file) ? ExrReader.read(file) : withReader(file, reader -> {
            checkedSize(reader);
            List<String> damage = new ArrayList<>();
            reader.addIIOReadWarningListener((source, warning) -> damage.add(warning));
            BufferedImage image = reader.read(0);
            for (String warning : damage) {
                // The JPEG decoder fills what is missing with grey and only warns; nobody wants to learn that grey.
                if (warning.contains("Truncated") || warning.contains("premature end")) {
                    throw new IOException(warning);
                }
            }
            return new Picture(image.getWidth(), image.getHeight(), Rasters.rgba(image));
        }));
    }

    /**
     * Writes a PNG beside the target and moves it into place, so that a reader sees the old file or the whole new one.
     * Folders are made as needed. An opaque picture is written without alpha.
     *
     * @throws IOException if the file can't be written
     */
    public static void writePng(Picture picture, Path file) throws IOException {
        byte[] png = png(picture);
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path temporary = folder.resolve("." + UUID.randomUUID() + ".tmp");
        try {
            Files.write(temporary, png);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new FileSystemException(file.toString(), null, e.getMessage());
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** @return a PNG file's bytes; an opaque picture is written without alpha */
    public static byte[] png(Picture picture) throws IOException {
        return encode(picture, "png", OptionalDouble.empty());
    }

    /**
     * @param quality 0 to 1; 0.9 looks like the original
     * @return a JPEG file's bytes; transparency is left out
     */
    public static byte[] jpeg(Picture picture, double quality) throws IOException {
        return encode(picture, "jpeg", OptionalDouble.of(quality));
    }

    private static byte[] encode(Picture picture, String format, OptionalDouble quality) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(stream);
            ImageWriteParam options = writer.getDefaultWriteParam();
            quality.ifPresent(value -> {
                options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                options.setCompressionQuality((float) value);
            });
            BufferedImage image = image(picture, quality.isEmpty() && !picture.isOpaque() ? 4 : 3);
            writer.write(null, new IIOImage(image, null, null), options);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static BufferedImage image(Picture picture, int channels) {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(),
                channels == 3 ? BufferedImage.TYPE_3BYTE_BGR : BufferedImage.TYPE_4BYTE_ABGR);
        byte[] to = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        byte[] from = picture.rgba();
        for (int i = 0, j = 0; i < from.length; i += 4, j += channels) {
            for (int c = 0; c < channels; c++) {
                to[j + channels - 1 - c] = from[i + c];
            }
        }
        return image;
    }

    private interface Use<T> {
        T on(ImageReader reader) throws IOException;
    }

    private static <T> T withReader(Path file, Use<T> use) throws IOException {
        try (ImageInputStream stream = new FileImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new IOException("it is no picture; use PNG or JPEG");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                return use.on(reader);
            } finally {
                reader.dispose();
            }
        }
    }

    private interface Read<T> {
        T get() throws IOException;
    }

    private static <T> T named(Path file, Read<T> read) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": no such file");
        }
        try {
            return read.get();
        } catch (IOException | RuntimeException e) {
            // Decoders answer damaged files with exceptions of every kind.
            String reason = e.getMessage() == null ? "damaged (" + e.getClass().getSimpleName() + ")" : e.getMessage();
            throw new IOException(file + ": can't read this picture: " + reason.replaceAll("\\s+", " "), e);
        } catch (OutOfMemoryError e) {
            throw new IOException(file + ": not enough memory to decode this picture; give the JVM more (-Xmx)", e);
        }
    }

    private static Size checkedSize(ImageReader reader) throws IOException {
        ImageInputStream file = (ImageInputStream) reader.getInput();
        boolean bmp = reader.getFormatName().equalsIgnoreCase("bmp");
        if (bmp && holdsAnotherFormat(file)) {
            throw new IOException("it is a bitmap with a JPEG or PNG file inside; save it as that");
        }
        return checked(reader.getWidth(0), reader.getHeight(0), file.length(),
                bmp ? MAX_BMP_PIXELS_PER_BYTE : MAX_PIXELS_PER_BYTE);
    }

    /** Only printers are sent such bitmaps, and the decoder takes as much memory as they ask for. */
    private static boolean holdsAnotherFormat(ImageInputStream bmp) throws IOException {
        bmp.mark();
        try {
            bmp.setByteOrder(ByteOrder.LITTLE_ENDIAN);
            bmp.seek(BMP_HEADER_LENGTH);
            if (bmp.readInt() < BMP_INFO_LENGTH) {
                return false; // OS/2's, which says nothing of compression
            }
            bmp.seek(BMP_COMPRESSION);
            int compression = bmp.readInt();
            return compression == BMP_JPEG || compression == BMP_PNG;
        } finally {
            bmp.reset();
        }
    }

    /**
     * What a header claims, if it may be believed.
     *
     * @param bytes of the file
     * @param most pixels that each of them can hold
     * @throws IOException if it may not; without the file's name
     */
    static Size checked(long width, long height, long bytes, long most) throws IOException {
        if (width < 1 || height < 1 || width > MAX_SIZE || height > MAX_SIZE || width * height > MAX_PIXELS) {
            throw new IOException("its header claims " + width + "x" + height + " pixels; the limit is " + MAX_SIZE
                    + " a side and " + MAX_PIXELS + " in all: scale it down");
        }
        if (width * height > bytes * most) {
            throw new IOException("its header claims " + width + "x" + height + " pixels, which its " + bytes
                    + " bytes can't hold: it is damaged, make it again");
        }
        return new Size((int) width, (int) height);
    }
}
