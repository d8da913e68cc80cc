package org.eikonal.studio.image;

import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.jpeg.JpegProcessingException;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifDirectoryBase;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import com.drew.metadata.exif.ExifSubIFDDirectory;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.input.BoundedInputStream;

/**
 * What a JPEG file says of how it was taken.
 *
 * @param orientation how its pixels are to be turned to be upright
 * @param camera maker, model and focal length in one text, to tell cameras apart; empty if it says none of them
 */
public record Exif(Orientation orientation, String camera) {
    /** Of other files, and where EXIF is missing or damaged. */
    public static final Exif NONE = new Exif(Orientation.NORMAL, "");

    // EXIF lies within the first 64 KiB after a few markers; what comes after so much is not looked at.
    private static final long LONGEST_HEADER = 16 << 20;

    /**
     * Reads a file's header.
     *
     * @throws IOException if the file can't be read
     */
    public static Exif of(Path jpeg) throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(jpeg))) {
            file.mark(2);
            if (file.read() != 0xff || file.read() != 0xd8) {
                return NONE;
            }
            file.reset();
            Metadata metadata = JpegMetadataReader.readMetadata(BoundedInputStream.builder().setInputStream(file)
                    .setMaxCount(LONGEST_HEADER).get(), List.of(new ExifReader()));
            ExifIFD0Directory main = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
            ExifSubIFDDirectory more = metadata.getFirstDirectoryOfType(ExifSubIFDDirectory.class);
            Integer turn = main == null ? null : main.getInteger(ExifDirectoryBase.TAG_ORIENTATION);
            String camera = text(main, ExifDirectoryBase.TAG_MAKE) + text(main, ExifDirectoryBase.TAG_MODEL)
                    + text(more, ExifDirectoryBase.TAG_FOCAL_LENGTH);
            return new Exif(turn == null || turn < 1 || turn > Orientation.values().length ? Orientation.NORMAL
                    : Orientation.values()[turn - 1], camera.strip());
        } catch (JpegProcessingException | EOFException | RuntimeException e) {
            return NONE; // whether it is a picture at all, its decoder says
        }
    }

    private static String text(ExifDirectoryBase directory, int tag) {
        String value = directory == null ? null : directory.getString(tag);
        return value == null ? "" : value.strip() + " ";
    }
}
