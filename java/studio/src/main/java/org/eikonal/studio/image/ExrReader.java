package org.eikonal.studio.image;

import static org.bytedeco.ffmpeg.global.avcodec.*;
import static org.bytedeco.ffmpeg.global.avutil.*;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.javacpp.Pointer;

/**
 * Decodes OpenEXR files with FFmpeg: halves or floats, R, G, B or Y, with A or without, of every compression but
 * DWAA and DWAB, in scanlines or tiles. The picture is that of the display window, black (or transparent) where there
 * are no data.
 *
 * <p>Linear values become stored sRGB of 0..1, alpha becomes straight: where it is 0, light that the file has without
 * it is lost. No chromaticities are applied.
 */
final class ExrReader implements AutoCloseable {
    /** The bytes of pixels that no block was decoded into: as halves an odd NaN, as floats 3.4e38. */
    private static final byte UNTOUCHED = 0x7f;
    private static final int UNTOUCHED_FLOAT = 0x7f7f7f7f;
    private static final short UNTOUCHED_HALF = 0x7f7f;
    private static final int HALF_BITS = 16;
    private static final int MOST_PLANES = 4;
    private static final int ROW_ALIGNMENT = 128; // pixels that FFmpeg may add to a row
    /** Up to which linear value a byte of sRGB is rounded to: the inverse of its curve (IEC 61966-2-1). */
    private static final float[] STEPS = new float[255];

    static {
        for (int i = 0; i < STEPS.length; i++) {
            double stored = (i + 0.5) / 255;
            STEPS[i] = (float) (stored <= 0.04045 ? stored / 12.92 : Math.pow((stored + 0.055) / 1.055, 2.4));
        }
    }

    private final ExrHeader header;
    private final AVCodecContext codec;
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame frame = av_frame_alloc();

    private ExrReader(ExrHeader header) throws IOException {
        this.header = header;
        av_log_set_level(AV_LOG_FATAL); // what is wrong we say, in one line
        AVCodec decoder = avcodec_find_decoder(AV_CODEC_ID_EXR);
        codec = avcodec_alloc_context3(decoder);
        codec.thread_count(1).max_pixels(((long) header.size().width() + ROW_ALIGNMENT) * header.size().height());
        check(avcodec_open2(codec, decoder, (AVDictionary) null));
    }

    /** @throws IOException saying why it can't be read, without the file's name */
    static Picture read(Path file) throws IOException {
        ExrHeader header = ExrHeader.read(file);
        try (ExrReader reader = new ExrReader(header)) {
            return reader.decode(file);
        } catch (LinkageError e) {
            throw new IOException("EXR needs FFmpeg's library, which can't be loaded here (" + e.getMessage()
                    + "); turn it into PNG", e);
        }
    }

    private Picture decode(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE - AV_INPUT_BUFFER_PADDING_SIZE) {
                throw new IOException("it is longer than 2 GiB; save it with ZIP");
            }
            // The decoder says nothing of blocks that are damaged or missing. So a file none of whose blocks are there
            // goes first: the memory of its picture is marked, given back, and taken for the file's own.
            byte[] nowhere = new byte[header.blocks() * Long.BYTES];
            Arrays.fill(nowhere, (byte) -1);
            load(channel, header.length(), nowhere);
            receive();
            for (int plane = 0; plane < MOST_PLANES && frame.linesize(plane) > 0; plane++) {
                Pointer.memset(frame.data(plane), UNTOUCHED, (long) frame.linesize(plane) * frame.height());
            }
            av_frame_unref(frame);
            load(channel, (int) channel.size(), new byte[0]);
            receive();
            return picture();
        }
    }

    /** The packet becomes so many bytes of the file, and more behind them. */
    private void load(FileChannel channel, int length, byte[] more) throws IOException {
        check(av_new_packet(packet, length + more.length));
        ByteBuffer bytes = packet.data().capacity(length + more.length).asByteBuffer();
        bytes.limit(length);
        for (long at = 0; bytes.hasRemaining(); at = bytes.position()) {
            if (channel.read(bytes, at) < 0) {
                throw new IOException("it is being written; try again");
            }
        }
        bytes.limit(bytes.capacity()).put(more);
    }

    private void receive() throws IOException {
        check(avcodec_send_packet(codec, packet));
        av_packet_unref(packet);
        check(avcodec_receive_frame(codec, frame));
        check(frame.width() == header.size().width() && frame.height() == header.size().height() ? 0 : -1);
    }

    private Picture picture() throws IOException {
        int width = frame.width();
        AVPixFmtDescriptor format = av_pix_fmt_desc_get(frame.format());
        int components = format.nb_components();
        boolean alpha = (format.flags() & AV_PIX_FMT_FLAG_ALPHA) != 0;
        int colors = components - (alpha ? 1 : 0);
        float[][] row = new float[components][width];
        boolean[] decoded = new boolean[width];
        byte[] rgba = new byte[4 * width * frame.height()];
        for (int y = 0, to = 0; y < frame.height(); y++) {
            Arrays.fill(decoded, false);
            for (int c = 0; c < components; c++) {
                samples(format, c, y, row[c], decoded);
            }
            if (y >= header.data().top() && y <= header.data().bottom()) {
                for (int x = header.data().left(); x <= header.data().right(); x++) {
                    if (!decoded[x]) {
                        throw new IOException("its pixels around (" + x + ", " + y
                                + ") are damaged or missing: copy it anew");
                    }
                }
            }
            for (int x = 0; x < width; x++, to += 4) {
                float opacity = alpha ? Math.max(0, Math.min(1, row[colors][x])) : 1;
                for (int c = 0; c < 3; c++) {
                    rgba[to + c] = opacity > 0 ? stored(row[c % colors][x] / opacity) : 0;
                }
                rgba[to + 3] = Picture.toByte(opacity);
            }
        }
        return new Picture(width, frame.height(), rgba);
    }

    /**
     * A row of a component, as floats.
     *
     * @param decoded true is noted for pixels that are not as they were before decoding
     */
    private void samples(AVPixFmtDescriptor format, int component, int y, float[] row, boolean[] decoded)
            throws IOException {
        int plane = format.comp(component).plane();
        int offset = format.comp(component).offset();
        int step = format.comp(component).step();
        boolean half = format.comp(component).depth() == HALF_BITS;
        check((format.flags() & AV_PIX_FMT_FLAG_FLOAT) == 0 ? -1 : 0);
        byte[] bytes = new byte[step * row.length];
        frame.data(plane).position((long) y * frame.linesize(plane)).get(bytes);
        ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int x = 0, at = offset; x < row.length; x++, at += step) {
            row[x] = half ? half(from.getShort(at)) : from.getFloat(at);
            decoded[x] |= half ? from.getShort(at) != UNTOUCHED_HALF : from.getInt(at) != UNTOUCHED_FLOAT;
        }
    }

    /** A half-precision number (IEEE 754) as a float. */
    static float half(short bits) {
        int exponent = bits >> 10 & 31;
        int fraction = bits & 1023;
        float magnitude = exponent == 0 ? fraction * 0x1p-24f
                : Float.intBitsToFloat((exponent == 31 ? 255 : exponent + 112) << 23 | fraction << 13);
        return bits < 0 ? -magnitude : magnitude;
    }

    /** @return the byte of sRGB that is nearest to a linear value; 0 for NaN */
    static byte stored(float linear) {
        int step = Arrays.binarySearch(STEPS, linear);
        return (byte) (Float.isNaN(linear) ? 0 : step >= 0 ? step + 1 : -step - 1);
    }

    private static void check(int answer) throws IOException {
        if (answer < 0) {
            throw new IOException("FFmpeg can't decode it: it is damaged or of a rare kind; save it anew, as RGB with"
                    + " ZIP");
        }
    }

    @Override
    public void close() {
        av_frame_free(frame);
        av_packet_free(packet);
        avcodec_free_context(codec);
    }
}
