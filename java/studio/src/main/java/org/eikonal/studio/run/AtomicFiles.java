package org.eikonal.studio.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Replaces a file so that a crash, even of the machine, leaves the old content or the new one, and nothing between. */
public final class AtomicFiles {
    private AtomicFiles() {}

    /** What is to be in a file. */
    public interface Content {
        /**
         * Writes all of it.
         *
         * @param channel a new file, empty
         */
        void writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Writes beside the file and then moves, in a folder that is there. A leftover of a killed process has the same name
     * and is deleted, not written through: it might be a link.
     *
     * @throws FileSystemException naming the file, also where the system's answer does not
     */
    public static void replace(Path file, Content content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path beside = folder.resolve("." + file.getFileName() + ".tmp");
        try {
            Files.deleteIfExists(beside);
            try (FileChannel channel =
                    FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            Files.deleteIfExists(beside); // a full disk needs the room
            throw new FileSystemException(file.toString(), null, e.getMessage());
        } catch (RuntimeException | Error e) {
            Files.deleteIfExists(beside); // whoever made the content gave up
            throw e;
        }
    }

    /** As {@link #replace(Path, Content)}, for content that is at hand. */
    public static void replace(Path file, byte[] bytes) throws IOException {
        replace(file, channel -> writeAll(channel, ByteBuffer.wrap(bytes)));
    }

    static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
