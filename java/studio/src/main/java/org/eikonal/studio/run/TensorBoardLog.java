package org.eikonal.studio.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A training's metrics for TensorBoard, beside {@code metrics.jsonl}: a file of TFRecords, each with an Event of
 * tensorflow/core/util/event.proto. A training that goes on writes a file of its own, which tells TensorBoard to forget
 * what was logged of later steps, as a killed training may have done. The listener of {@link Training#run}; the file is
 * made with the first metrics. For one thread.
 */
public final class TensorBoardLog implements Consumer<TrainingProgress>, AutoCloseable {
    // Field numbers of the messages that are written.
    private static final int EVENT_WALL_TIME = 1;
    private static final int EVENT_STEP = 2;
    private static final int EVENT_FILE_VERSION = 3;
    private static final int EVENT_SUMMARY = 5;
    private static final int EVENT_SESSION_LOG = 7;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE_VALUE = 2;
    private static final int SESSION_LOG_STATUS = 1;
    private static final int SESSION_START = 1;

    private final RunFolder folder;
    private final long begun;
    private Path file;
    private FileChannel channel;

    /**
     * @param folder of the run
     * @param step how many steps were done when this training began: later ones are forgotten
     */
    public TensorBoardLog(RunFolder folder, long step) {
        this.folder = folder;
        begun = step;
    }

    /** @throws UncheckedIOException naming the file, if it can't be written */
    @Override
    public void accept(TrainingProgress progress) {
        try {
            if (channel == null) {
                create();
            }
            Message summary = new Message()
                    .message(SUMMARY_VALUE, scalar("train/loss", progress.loss()))
                    .message(SUMMARY_VALUE, scalar("train/learning_rate", progress.learningRate()))
                    .message(SUMMARY_VALUE, scalar("train/occupied", progress.occupied()))
                    .message(SUMMARY_VALUE, scalar("speed/rays_per_second", progress.raysPerSecond()))
                    .message(SUMMARY_VALUE, scalar("speed/samples_per_second", progress.samplesPerSecond()));
            if (progress.trainPsnr() != null) {
                summary.message(SUMMARY_VALUE, scalar("train/psnr", progress.trainPsnr()));
            }
            write(event(progress.step()).message(EVENT_SUMMARY, summary));
        } catch (FileSystemException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(new FileSystemException(file.toString(), null, e.getMessage()));
        }
    }

    private static Message scalar(String tag, double value) {
        return new Message().text(VALUE_TAG, tag).number(VALUE_SIMPLE_VALUE, (float) value);
    }

    /** TensorBoard reads a folder's files by the order of their names. */
    private void create() throws IOException {
        long seconds = System.currentTimeMillis() / 1000;
        for (int i = 0; channel == null; i++) {
            file = folder.path().resolve(
                    String.format(Locale.ROOT, "events.out.tfevents.%010d.eikonal.%d", seconds, i));
            try {
                channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            } catch (FileAlreadyExistsException e) {
                continue; // of a training within the same second
            }
        }
        write(event(0).text(EVENT_FILE_VERSION, "brain.Event:2"));
        write(event(begun + 1).message(EVENT_SESSION_LOG, new Message().varint(SESSION_LOG_STATUS, SESSION_START)));
    }

    private static Message event(long step) {
        return new Message().number(EVENT_WALL_TIME, System.currentTimeMillis() / 1e3).varint(EVENT_STEP, step);
    }

    /** A TFRecord: length, its checksum, data, their checksum. */
    private void write(Message event) throws IOException {
        byte[] data = event.bytes.toByteArray();
        ByteBuffer record = ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(masked(record.array(), 0, 8)).put(data).putInt(masked(record.array(), 12, data.length));
        AtomicFiles.writeAll(channel, record.flip());
    }

    /** TFRecord's masked CRC-32C: a checksum of data that hold their own checksum would be worth little. */
    private static int masked(byte[] bytes, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, start, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    /** A protocol buffer in the making. */
    private static final class Message {
        private static final int VARINT = 0;
        private static final int DOUBLE = 1;
        private static final int BYTES = 2;
        private static final int FLOAT = 5;

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        private Message key(int field, int wireType) {
            return varint((long) field << 3 | wireType);
        }

        private Message varint(long value) {
            long rest = value;
            for (; (rest & ~0x7f) != 0; rest >>>= 7) {
                bytes.write((int) (rest & 0x7f | 0x80));
            }
            bytes.write((int) rest);
            return this;
        }

        Message varint(int field, long value) {
            return key(field, VARINT).varint(value);
        }

        Message number(int field, double value) {
            key(field, DOUBLE);
            bytes.writeBytes(little(8).putDouble(value).array());
            return this;
        }

        Message number(int field, float value) {
            key(field, FLOAT);
            bytes.writeBytes(little(4).putFloat(value).array());
            return this;
        }

        Message text(int field, String text) {
            return bytes(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message inner) {
            return bytes(field, inner.bytes.toByteArray());
        }

        private Message bytes(int field, byte[] value) {
            key(field, BYTES).varint(value.length);
            bytes.writeBytes(value);
            return this;
        }

        private static ByteBuffer little(int length) {
            return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
