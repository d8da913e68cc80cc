package org.eikonal.studio.run;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A run's metrics over time: one JSON object a line, in the order of steps. While it is open, no other process can open
 * it, so that two of them can't train one run.
 */
final class MetricsLog implements AutoCloseable {
    private static final JsonMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private static final int LONGEST_LINE = 1 << 16;
    private static final int MOST_LINES = 1 << 20; // twelve days

    private final Path file;
    private final FileChannel channel;

    private MetricsLog(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Opens the log to go on after {@code step} steps: lines of later steps, and torn ones, are of a lost past. */
    static MetricsLog open(Path file, long step) throws IOException {
        if (Files.isSymbolicLink(file)) {
            throw new RunException(file + ": it is a link; put the file itself there, or remove the link");
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw inUse(file);
            }
            channel.truncate(lengthUpTo(file, step));
            channel.position(channel.size());
            return new MetricsLog(file, channel);
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(file);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Up to the end of the last line that is of a step up to this one; foreign lines between such lines stay. */
    private static long lengthUpTo(Path file, long step) throws IOException {
        long[] kept = {0};
        forEachLine(file, (line, end) -> {
            OptionalLong of = stepOf(line);
            if (of.isPresent() && of.getAsLong() > step) {
                return false;
            }
            if (of.isPresent()) {
                kept[0] = end;
            }
            return true;
        });
        return kept[0];
    }

    /** Reads a log, also while it is being written; lines that are not ours are left out. */
    static List<TrainingProgress> read(Path file) throws IOException {
        List<TrainingProgress> all = new ArrayList<>();
        if (Files.isRegularFile(file)) {
            forEachLine(file, (line, end) -> {
                if (stepOf(line).isPresent()) {
                    try {
                        all.add(JSON.readValue(line, TrainingProgress.class));
                    } catch (IOException e) {
                        // A line of somebody else's that has steps, too.
                    }
                }
                return all.size() < MOST_LINES;
            });
        }
        return all;
    }

    private interface LineUse {
        /**
         * @param end where the file goes on behind the line
         * @return whether to go on
         */
        boolean of(byte[] line, long end);
    }

    private static void forEachLine(Path file, LineUse use) throws IOException {
        long length = 0;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                length++;
                if (next != '\n') {
                    // The rest of a line that is too long to be ours need not be kept in memory.
                    if (line.size() < LONGEST_LINE) {
                        line.write(next);
                    }
                    continue;
                }
                if (!use.of(line.toByteArray(), length)) {
                    break;
                }
                line.reset();
            }
        }
    }

    private static OptionalLong stepOf(byte[] line) {
        try {
            JsonNode step = JSON.readTree(line).path("step");
            return step.isIntegralNumber() ? OptionalLong.of(step.asLong()) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static RunException inUse(Path file) {
        return new RunException(file.toAbsolutePath().getParent()
                + ": another process is training this run; wait for it, or choose another folder by --run");
    }

    void append(TrainingProgress progress) throws IOException {
        String line = JSON.writeValueAsString(progress) + "\n";
        try {
            AtomicFiles.writeAll(channel, ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new FileSystemException(file.toString(), null, e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
