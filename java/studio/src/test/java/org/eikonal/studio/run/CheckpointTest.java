package org.eikonal.studio.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.eikonal.studio.run.Checkpoint.Header;
import org.eikonal.studio.run.Checkpoint.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("checkpoint.eik");
        checkpoint(40, 100).write(file);
    }

    private static Checkpoint checkpoint(long step, int size) {
        List<Tensor> tensors = List.of(new Tensor("parameters", size), new Tensor("optimizer", 2L * size),
                new Tensor("occupancy", 0));
        List<ByteBuffer> data = tensors.stream().map(tensor -> {
            ByteBuffer bytes = Checkpoint.allocate(tensor.name(), tensor.count());
            for (int i = 0; i < tensor.count(); i++) {
                bytes.putFloat(4 * i, step + i / 7f);
            }
            return bytes;
        }).toList();
        return new Checkpoint(new Header(step, step, 1.5, null, "abc", tensors), data);
    }

    @Test
    void whatWasWrittenIsRead() throws IOException {
        Checkpoint expected = checkpoint(40, 100);
        Checkpoint read = Checkpoint.read(file);
        assertEquals(expected.header(), read.header());
        assertNull(read.header().firstStepAfterResume());
        for (Tensor tensor : expected.header().tensors()) {
            assertEquals(expected.floats(tensor.name()), read.floats(tensor.name()));
        }
        assertThrows(RunException.class, () -> read.floats("other"));
    }

    @Test
    void largeTensorsTakeManyChunks() throws IOException {
        checkpoint(1, 700_001).write(file);
        assertEquals(checkpoint(1, 700_001).floats("optimizer"), Checkpoint.read(file).floats("optimizer"));
    }

    @Test
    void everyTruncationIsNoticed() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertDamaged();
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertDamaged();
    }

    @Test
    void everyFlippedByteIsNoticed() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) (1 << i % 8);
            Files.write(file, flipped);
            assertDamaged();
        }
    }

    @Test
    void sizesAreCheckedBeforeMemoryIsTaken() throws IOException {
        Files.write(file, withHeader("{\"step\":1,\"optimizerStep\":1,\"trainSeconds\":1,\"config\":\"\","
                + "\"tensors\":[{\"name\":\"parameters\",\"count\":500000000}]}"));
        assertDamaged();
        // 2^60, and 2^62 + 1, whose bytes overflow to 4.
        for (String count : List.of("1152921504606846976", "4611686018427387905", "-1", "99999999999999999999")) {
            Files.write(file, withHeader("{\"step\":1,\"optimizerStep\":1,\"trainSeconds\":1,\"config\":\"\","
                    + "\"tensors\":[{\"name\":\"parameters\",\"count\":" + count + "}]}"));
            assertDamaged();
        }
        for (String header : List.of("{}", "[]", "null", "{\"step\":1}", "\"\"", "{\"tensors\":[null]}")) {
            Files.write(file, withHeader(header));
            assertDamaged();
        }
    }

    @Test
    void foreignFilesAndLaterVersionsAreToldApart() throws IOException {
        Files.writeString(file, "%PDF-1.7 and so on, for longer than any prefix");
        assertTrue(assertDamaged().contains("no Eikonal checkpoint"));
        byte[] later = withHeader("{}");
        later[8] = 9;
        Files.write(file, later);
        assertTrue(assertDamaged().contains("version 9; this release reads 1"));
        Files.delete(file);
        assertTrue(assertDamaged().contains("no such file"));
        Files.createDirectory(file);
        assertTrue(assertDamaged().contains("it is a folder"));
    }

    @Test
    void countsThatCannotBeAreRefusedThoughTheChecksumIsRight() throws IOException {
        for (String counts : List.of("\"step\":-1,\"optimizerStep\":1,\"trainSeconds\":1",
                "\"step\":1,\"optimizerStep\":-1,\"trainSeconds\":1",
                "\"step\":1,\"optimizerStep\":1,\"trainSeconds\":-1",
                "\"step\":1,\"optimizerStep\":1,\"trainSeconds\":1e999")) {
            Files.write(file, withHeader("{" + counts + ",\"config\":\"\",\"tensors\":[]}"));
            assertTrue(assertDamaged().contains("damaged checkpoint (its header counts"));
        }
        Files.write(file, withHeader("{\"step\":1,\"optimizerStep\":1,\"trainSeconds\":1,\"config\":\"\","
                + "\"tensors\":[]}"));
        assertEquals(1, Checkpoint.read(file).header().step());
    }

    @Test
    void aHeaderLongerThanItsFileIsRefused() throws IOException {
        byte[] whole = withHeader("{}");
        for (int length : new int[] {-1, 0, 1, 3, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            Files.write(file, ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN).putInt(12, length).array());
            assertDamaged();
        }
    }

    @Test
    void aTensorTooLongForMemoryIsRefusedThoughTheFileIsAsLong() throws IOException {
        long count = 600_000_000;
        byte[] start = withHeader("{\"step\":1,\"optimizerStep\":1,\"trainSeconds\":1,\"config\":\"\","
                + "\"tensors\":[{\"name\":\"parameters\",\"count\":" + count + "}]}");
        Files.write(file, start);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(start.length + 4 * count);
        }
        assertTrue(assertDamaged().contains("it claims 600000000 numbers in one tensor"));
    }

    @Test
    void aFailedWriteLeavesTheOldOne() throws IOException {
        Checkpoint broken = new Checkpoint(checkpoint(41, 100).header(),
                Arrays.asList(checkpoint(41, 100).data().get(0), null, null));
        assertThrows(NullPointerException.class, () -> broken.write(file));
        assertEquals(40, Checkpoint.read(file).header().step());
        // A leftover of a killed process is in nobody's way.
        checkpoint(42, 10).write(file);
        assertEquals(42, Checkpoint.read(file).header().step());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void theWriterTellsOfAFailure() throws IOException {
        try (CheckpointWriter writer = new CheckpointWriter(folder.resolve("gone/checkpoint.eik"))) {
            writer.write(checkpoint(1, 10));
            assertThrows(IOException.class, writer::await);
            assertTrue(writer.isIdle());
        }
    }

    /** A file without tensors, whose checksum is right. */
    private static byte[] withHeader(String header) {
        byte[] text = header.getBytes();
        ByteBuffer bytes = ByteBuffer.allocate(16 + text.length + 4).order(ByteOrder.LITTLE_ENDIAN)
                .put("EIKONAL\n".getBytes()).putInt(1).putInt(text.length).put(text);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, bytes.position());
        return bytes.putInt((int) crc.getValue()).array();
    }

    private String assertDamaged() {
        String message = assertThrows(RunException.class, () -> Checkpoint.read(file)).getMessage();
        assertTrue(message.startsWith(file + ": "), message);
        assertFalse(message.contains("\n"), message);
        return message;
    }
}
