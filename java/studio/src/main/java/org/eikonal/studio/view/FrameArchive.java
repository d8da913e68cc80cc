package org.eikonal.studio.view;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;

/** Frames as PNG files, 00000.png and so on, in a ZIP file that takes its place when it is whole. For one thread. */
final class FrameArchive implements FilmWork.Sink {
    private final Path file;
    private final Path beside;
    private final ZipOutputStream zip;
    private int frames;

    FrameArchive(Path file) throws IOException {
        this.file = file;
        Files.createDirectories(file.getParent());
        beside = file.resolveSibling("." + file.getFileName() + ".tmp");
        Files.deleteIfExists(beside);
        zip = new ZipOutputStream(new BufferedOutputStream(
                Files.newOutputStream(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)));
        zip.setLevel(Deflater.NO_COMPRESSION); // PNG is packed already
    }

    @Override
    public void add(Picture picture) throws IOException {
        zip.putNextEntry(new ZipEntry(String.format(Locale.ROOT, "%05d.png", frames++)));
        zip.write(PictureFiles.png(picture));
        zip.closeEntry();
    }

    @Override
    public void finish() throws IOException {
        zip.close();
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        try {
            zip.close();
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
