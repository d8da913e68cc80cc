package org.eikonal.studio.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A run's metrics over time: one JSON object a line, in the order of steps. While it is open, no other process can open
 * it, so that two of them can't train one run.
 */
final class MetricsLog implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final FileChannel channel;

    private MetricsLog(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the log to go on after {@code step} steps: lines of later steps, and torn ones, are of a lost past. */
    static MetricsLog open(Path file, long step) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw inUse(file);
            }
            channel.truncate(lengthUpTo(Files.readAllBytes(file), step));
            channel.position(channel.size());
            return new MetricsLog(channel);
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(file);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static long lengthUpTo(byte[] bytes, long step) {
        int kept = 0;
        for (int end = 0; end < bytes.length; end++) {
            if (bytes[end] != '\n') {
                continue;
            }
            try {
                long of = JSON.readTree(new String(bytes, kept, end - kept, StandardCharsets.UTF_8))
                        .path("step").asLong(Long.MAX_VALUE);
                if (of > step) {
                    break;
                }
            } catch (JsonProcessingException e) {
                break;
            }
            kept = end + 1;
        }
        return kept;
    }

    private static RunException inUse(Path file) {
        return new RunException(file.toAbsolutePath().getParent()
                + ": another process is training this run; wait for it, or choose another folder by --run");
    }

    void append(TrainingProgress progress) throws IOException {
        String line = JSON.writeValueAsString(progress) + "\n";
        AtomicFiles.writeAll(channel, ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
