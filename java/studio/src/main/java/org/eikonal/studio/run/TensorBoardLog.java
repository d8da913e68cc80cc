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
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.eikonal.Rendering;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.scene.View;

/**
 * A training's metrics for TensorBoard, beside {@code metrics.jsonl}, and what held-out views say in the end: a file of
 * TFRecords, each with an Event of tensorflow/core/util/event.proto. A training that goes on writes a file of its own,
 * which tells TensorBoard to forget what was logged of later steps, as a killed training may have done. The listener of
 * {@link Training#run}; the file is made with the first metrics. For one thread.
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
    private static final int VALUE_IMAGE = 4;
    private static final int IMAGE_HEIGHT = 1;
    private static final int IMAGE_WIDTH = 2;
    private static final int IMAGE_COLORSPACE = 3;
    private static final int IMAGE_BYTES = 4;
    private static final int RGB = 3;
    private static final int SESSION_LOG_STATUS = 1;
    private static final int SESSION_START = 1;

    private static final int SHOWN_VIEWS = 3;
    private static final int MOST_PIXELS_A_SIDE = 1024;

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
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Measures views that were held out, and writes {@code held_out/psnr}, {@code held_out/ssim}, and up to
     * {@value #SHOWN_VIEWS} of them as {@code held_out/NAME}: left the photo, right the field's picture, at most
     * {@value #MOST_PIXELS_A_SIDE} pixels a side each.
     *
     * @param field of the run, whose step they are of
     * @param views at least one
     * @param listener called after each view
     * @throws IOException in one line, if a photo can't be decoded or the file not be written
     */
    public void heldOut(TrainedField field, List<View> views, Evaluation.Listener listener) throws IOException {
        Set<String> shown = IntStream.range(0, SHOWN_VIEWS)
                .mapToObj(i -> views.get(i * views.size() / SHOWN_VIEWS).name()).collect(Collectors.toSet());
        Message summary = new Message();
        Evaluation evaluation = Evaluation.of(field, views, null, (view, truth, rendering) -> {
            if (shown.contains(view.name())) {
                summary.message(SUMMARY_VALUE, image("held_out/" + view.name(), beside(truth, rendering)));
            }
            listener.measured(view, truth, rendering);
        });
        summary.message(SUMMARY_VALUE, scalar("held_out/psnr", evaluation.psnr()))
                .message(SUMMARY_VALUE, scalar("held_out/ssim", evaluation.ssim()));
        write(event(field.header().step()).message(EVENT_SUMMARY, summary));
    }

    private static Picture beside(float[] truth, Rendering rendering) {
        Picture left = fitting(Picture.ofRgb(rendering.width(), rendering.height(), truth));
        Picture right = fitting(FieldPictures.rgb(rendering));
        int row = 4 * left.width();
        byte[] both = new byte[2 * row * left.height()];
        for (int y = 0; y < left.height(); y++) {
            System.arraycopy(left.rgba(), y * row, both, 2 * y * row, row);
            System.arraycopy(right.rgba(), y * row, both, (2 * y + 1) * row, row);
        }
        return new Picture(2 * left.width(), left.height(), both);
    }

    private static Picture fitting(Picture picture) {
        double scale = (double) MOST_PIXELS_A_SIDE / Math.max(picture.width(), picture.height());
        return scale >= 1 ? picture : picture.resized((int) Math.max(1, Math.round(picture.width() * scale)),
                (int) Math.max(1, Math.round(picture.height() * scale)));
    }

    private static Message image(String tag, Picture picture) throws IOException {
        return new Message().text(VALUE_TAG, tag).message(VALUE_IMAGE, new Message()
                .varint(IMAGE_HEIGHT, picture.height()).varint(IMAGE_WIDTH, picture.width())
                .varint(IMAGE_COLORSPACE, RGB).bytes(IMAGE_BYTES, PictureFiles.png(picture)));
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
        append(event(0).text(EVENT_FILE_VERSION, "brain.Event:2"));
        append(event(begun + 1).message(EVENT_SESSION_LOG, new Message().varint(SESSION_LOG_STATUS, SESSION_START)));
    }

    private static Message event(long step) {
        return new Message().number(EVENT_WALL_TIME, System.currentTimeMillis() / 1e3).varint(EVENT_STEP, step);
    }

    private void write(Message event) throws IOException {
        try {
            if (channel == null) {
                create();
            }
            append(event);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new FileSystemException(file.toString(), null, e.getMessage());
        }
    }

    /** A TFRecord: length, its checksum, data, their checksum. */
    private void append(Message event) throws IOException {
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

        Message bytes(int field, byte[] value) {
            key(field, BYTES).varint(value.length);
            bytes.writeBytes(value);
            return this;
        }

        private static ByteBuffer little(int length) {
            return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
