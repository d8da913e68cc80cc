package org.eikonal.studio.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The state of a training run between two steps.
 *
 * <p>The file, little-endian: the 8 bytes {@code EIKONAL\n}; version (32 bits); length of the header in bytes (32
 * bits); the header, a JSON object in UTF-8 with the fields of {@link Header}; the tensors' 32-bit floats, one tensor
 * after the other; CRC-32C of everything before it (32 bits). Reading one believes no number before the file's size
 * confirms it, and executes nothing.
 *
 * @param header what the numbers are
 * @param data the numbers of each tensor of the header: direct, little-endian, from position 0 to the limit
 */
public record Checkpoint(Header header, List<ByteBuffer> data) {
    private static final byte[] MAGIC = "EIKONAL\n".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int PREFIX = MAGIC.length + 2 * Integer.BYTES;
    private static final int LONGEST_HEADER = 1 << 20;
    private static final int CHUNK = 1 << 20;
    private static final int MOST_NUMBERS = Integer.MAX_VALUE / Float.BYTES;
    private static final String REMEDY = "restore it from a copy, or delete it, and training with --resume starts anew";
    // Later releases may add fields; these are read all the same.
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * What a checkpoint says of itself.
     *
     * @param step training steps that were done
     * @param optimizerStep updates that the optimiser made
     * @param trainSeconds wall time of training, all resumes together
     * @param firstStepAfterResume the number of the first step after the last resume; null if never resumed
     * @param config SHA-256 of what is trained and how, from the run's configuration
     * @param tensors in the order of their numbers
     */
    public record Header(long step, long optimizerStep, double trainSeconds, Long firstStepAfterResume, String config,
            List<Tensor> tensors) {}

    /**
     * A block of numbers.
     *
     * @param name {@code "parameters"}, {@code "optimizer"} or {@code "occupancy"}
     * @param count how many
     */
    public record Tensor(String name, long count) {}

    /** @return memory for a tensor of so many numbers */
    static ByteBuffer allocate(String name, long count) {
        if (count < 0 || count > MOST_NUMBERS) {
            throw new RunException(name + " has " + count + " numbers; a checkpoint holds at most "
                    + MOST_NUMBERS + " in one tensor: make the field smaller, such as by"
                    + " --set encoding.log2_hashmap_size=20");
        }
        return ByteBuffer.allocateDirect((int) count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @return the bytes of a tensor, little-endian: an own view of shared memory
     * @throws RunException if there is none of that name
     */
    public ByteBuffer bytes(String name) {
        for (int i = 0; i < data.size(); i++) {
            if (header.tensors().get(i).name().equals(name)) {
                return data.get(i).duplicate().order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        throw new RunException("the checkpoint has no tensor \"" + name + "\"; it belongs to another kind of field");
    }

    /** @return the numbers of a tensor, as {@link #bytes} */
    public FloatBuffer floats(String name) {
        return bytes(name).asFloatBuffer();
    }

    /**
     * @param count how many numbers the field has there
     * @return the numbers of a tensor, as {@link #bytes}
     * @throws RunException if there are more or fewer
     */
    FloatBuffer floats(String name, long count) {
        FloatBuffer numbers = floats(name);
        if (numbers.remaining() != count) {
            throw new RunException("the checkpoint's " + name + " are " + numbers.remaining()
                    + " numbers, this configuration has " + count + "; restore the config.json that belongs to it");
        }
        return numbers;
    }

    /** Writes the checkpoint in place of the one that is there, which is lost only once the new one is whole. */
    public void write(Path file) throws IOException {
        byte[] text = JSON.writeValueAsBytes(header);
        ByteBuffer start = ByteBuffer.allocate(PREFIX + text.length).order(ByteOrder.LITTLE_ENDIAN);
        start.put(MAGIC).putInt(VERSION).putInt(text.length).put(text).flip();
        AtomicFiles.replace(file, channel -> {
            CRC32C crc = new CRC32C();
            crc.update(start.duplicate());
            AtomicFiles.writeAll(channel, start);
            for (ByteBuffer tensor : data) {
                // In chunks: each is summed and written while it is in the cache.
                for (int at = 0; at < tensor.limit(); at += CHUNK) {
                    ByteBuffer chunk = tensor.slice(at, Math.min(CHUNK, tensor.limit() - at));
                    crc.update(chunk.duplicate());
                    AtomicFiles.writeAll(channel, chunk);
                }
            }
            AtomicFiles.writeAll(channel, ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN)
                    .putInt((int) crc.getValue()).flip());
        });
    }

    /**
     * Reads a checkpoint.
     *
     * @throws RunException in one line, if the file is not there, is none, is damaged, or is of another release
     * @throws IOException if it can't be read at all
     */
    public static Checkpoint read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new RunException(file + (Files.isDirectory(file) ? ": it is a folder" : ": no such file")
                    + "; a checkpoint is a file, " + REMEDY);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            CRC32C crc = new CRC32C();
            ByteBuffer start = read(channel, heap((int) Math.min(PREFIX, channel.size())), crc);
            byte[] magic = new byte[Math.min(MAGIC.length, start.remaining())];
            start.get(magic);
            if (!Arrays.equals(magic, MAGIC)) {
                throw new RunException(file + ": it is no Eikonal checkpoint; " + REMEDY);
            }
            int version = start.getInt();
            if (version != VERSION) {
                throw new RunException(file + ": it is of checkpoint version " + version + "; this release reads "
                        + VERSION + ": use the release that made it, or " + REMEDY);
            }
            int length = start.getInt();
            if (length < 2 || length > LONGEST_HEADER || length > channel.size() - PREFIX) {
                throw damaged(file, "a header of " + length + " bytes");
            }
            Header header = JSON.readValue(
                    new String(read(channel, heap(length), crc).array(), StandardCharsets.UTF_8), Header.class);
            checkSize(file, header, channel.size() - PREFIX - length - Integer.BYTES);
            List<ByteBuffer> data = new ArrayList<>();
            for (Tensor tensor : header.tensors()) {
                data.add(read(channel, allocate(tensor.name(), tensor.count()), crc));
            }
            if (read(channel, heap(Integer.BYTES), new CRC32C()).getInt() != (int) crc.getValue()) {
                throw damaged(file, "its checksum differs");
            }
            return new Checkpoint(header, data);
        } catch (JsonProcessingException e) {
            throw damaged(file, "its header is no JSON");
        } catch (BufferUnderflowException e) {
            throw damaged(file, "it is cut short");
        }
    }

    private static void checkSize(Path file, Header header, long bytes) {
        if (header == null || header.tensors() == null || header.config() == null) {
            throw damaged(file, "its header is incomplete");
        }
        if (header.step() < 0 || header.optimizerStep() < 0
                || !(header.trainSeconds() >= 0 && Double.isFinite(header.trainSeconds()))) {
            throw damaged(file, "its header counts " + header.step() + " steps, " + header.optimizerStep()
                    + " updates and " + header.trainSeconds() + " seconds");
        }
        long rest = bytes;
        for (Tensor tensor : header.tensors()) {
            if (tensor == null || tensor.name() == null || tensor.count() < 0 || tensor.count() > rest / Float.BYTES) {
                throw damaged(file, "it is too short for its tensors");
            }
            if (tensor.count() > MOST_NUMBERS) {
                throw damaged(file, "it claims " + tensor.count() + " numbers in one tensor");
            }
            rest -= tensor.count() * Float.BYTES;
        }
        if (rest != 0) {
            throw damaged(file, "it is " + rest + " bytes too long for its tensors");
        }
    }

    private static ByteBuffer heap(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer read(FileChannel channel, ByteBuffer into, CRC32C crc) throws IOException {
        for (int at = 0; at < into.limit(); ) {
            ByteBuffer chunk = into.slice(at, Math.min(CHUNK, into.limit() - at));
            int count = channel.read(chunk);
            if (count < 0) {
                throw new BufferUnderflowException();
            }
            crc.update(chunk.flip());
            at += count;
        }
        return into;
    }

    private static RunException damaged(Path file, String how) {
        return new RunException(file + ": damaged checkpoint (" + how + "); " + REMEDY);
    }
}
