package org.eikonal.studio.image;

import static org.bytedeco.ffmpeg.global.avcodec.*;
import static org.bytedeco.ffmpeg.global.avformat.*;
import static org.bytedeco.ffmpeg.global.avutil.*;
import static org.bytedeco.ffmpeg.global.swscale.*;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;

/**
 * A film that is being written: H.264 in an MP4 file that plays while it loads (its index comes first), yuv420p with
 * BT.709's matrix, of constant quality. H.264 has even sizes only: an odd picture gets its last column or row twice.
 *
 * <p>The film is written beside its file and takes its place in {@link #finish}; closed before, it leaves nothing. The
 * natives of FFmpeg are loaded by the first film. For one thread.
 */
public final class Mp4File implements AutoCloseable {
    /** The most pixels of a frame: H.264's level 5.2, as far as OpenH264 goes. */
    public static final int MAX_PIXELS = 36864 * 256;

    // Constant: on renderings of 640x480, about 46 dB at 60 kbit a frame.
    private static final int QUANTISER = 18;
    private static final int MIN_SIZE = 16;
    private static final double KEY_FRAME_SECONDS = 2;

    private final Path file;
    private final Path beside;
    private final int width;
    private final int height;
    private AVFormatContext format;
    private AVCodecContext codec;
    private SwsContext scaler;
    private AVFrame rgb;
    private AVFrame yuv;
    private AVPacket packet;
    private AVStream stream;
    private long frames;

    /**
     * Begins a film.
     *
     * @param file where it goes; its folder is made as needed
     * @param width of the pictures, 16 and more, {@value #MAX_PIXELS} pixels in all at most
     * @param height of the pictures, likewise
     * @param fps pictures a second, 0.1 to 1000
     * @throws IllegalArgumentException if size or rate are out of their ranges
     * @throws IOException if it can't be written, or FFmpeg can't be loaded
     */
    public Mp4File(Path file, int width, int height, double fps) throws IOException {
        if (width < MIN_SIZE || height < MIN_SIZE || (long) even(width) * even(height) > MAX_PIXELS) {
            throw new IllegalArgumentException("a film of " + width + "x" + height + " pixels can't be written; a side"
                    + " has " + MIN_SIZE + " at least, and all are " + MAX_PIXELS + " at most: use another --scale");
        }
        if (!(fps >= 0.1 && fps <= 1000)) {
            throw new IllegalArgumentException("a film of " + fps + " pictures a second can't be written; 0.1 to 1000"
                    + " can");
        }
        this.file = file.toAbsolutePath();
        this.width = width;
        this.height = height;
        Files.createDirectories(this.file.getParent());
        if (Files.isDirectory(this.file)) {
            throw new FileSystemException(file.toString(), null, "Is a directory");
        }
        beside = this.file.resolveSibling("." + this.file.getFileName() + ".tmp");
        Files.deleteIfExists(beside);
        try {
            open(fps);
        } catch (LinkageError e) {
            close();
            throw new IOException(file + ": films need FFmpeg's library, which can't be loaded here (" + e.getMessage()
                    + "); write pictures into a folder instead", e);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static int even(int size) {
        return size + size % 2;
    }

    private void open(double fps) throws IOException {
        av_log_set_level(AV_LOG_ERROR);
        AVCodec encoder = avcodec_find_encoder_by_name("libopenh264");
        if (encoder == null) {
            throw new IOException(file + ": this build of FFmpeg has no OpenH264 encoder");
        }
        format = new AVFormatContext(null);
        check(avformat_alloc_output_context2(format, null, "mp4", beside.toString()));
        codec = avcodec_alloc_context3(encoder);
        AVRational rate = av_d2q(fps, 100_000);
        codec.width(even(width)).height(even(height)).pix_fmt(AV_PIX_FMT_YUV420P).framerate(rate)
                .time_base(av_inv_q(rate)).gop_size((int) Math.max(1, Math.round(fps * KEY_FRAME_SECONDS)))
                .color_range(AVCOL_RANGE_MPEG).colorspace(AVCOL_SPC_BT709).color_primaries(AVCOL_PRI_BT709)
                .color_trc(AVCOL_TRC_BT709).qmin(QUANTISER).qmax(QUANTISER).thread_count(1)
                .flags(AV_CODEC_FLAG_GLOBAL_HEADER);
        withOption("profile", "high", options -> avcodec_open2(codec, encoder, options));

        stream = avformat_new_stream(format, null);
        stream.time_base(codec.time_base()).avg_frame_rate(rate);
        check(avcodec_parameters_from_context(stream.codecpar(), codec));
        AVIOContext output = new AVIOContext(null);
        check(avio_open(output, beside.toString(), AVIO_FLAG_WRITE));
        format.pb(output);
        withOption("movflags", "+faststart", options -> avformat_write_header(format, options));

        rgb = frame(AV_PIX_FMT_RGB24);
        yuv = frame(AV_PIX_FMT_YUV420P);
        packet = av_packet_alloc();
        scaler = sws_getContext(even(width), even(height), AV_PIX_FMT_RGB24, even(width), even(height),
                AV_PIX_FMT_YUV420P, SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP, null, null,
                (DoublePointer) null);
        IntPointer matrix = sws_getCoefficients(SWS_CS_ITU709);
        check(sws_setColorspaceDetails(scaler, matrix, 1, matrix, 0, 0, 1 << 16, 1 << 16));
    }

    private interface Call {
        int with(AVDictionary options);
    }

    private void withOption(String key, String value, Call call) throws IOException {
        AVDictionary options = new AVDictionary(null);
        try {
            check(av_dict_set(options, key, value, 0));
            check(call.with(options));
        } finally {
            av_dict_free(options);
        }
    }

    private AVFrame frame(int pixelFormat) throws IOException {
        AVFrame frame = av_frame_alloc();
        frame.width(even(width)).height(even(height)).format(pixelFormat);
        check(av_frame_get_buffer(frame, 0));
        return frame;
    }

    /**
     * Adds a picture; transparency is left out.
     *
     * @throws IllegalArgumentException if it is of another size than the film
     * @throws IOException if it can't be written
     */
    public void add(Picture picture) throws IOException {
        if (picture.width() != width || picture.height() != height) {
            throw new IllegalArgumentException("a film of " + width + "x" + height + " pixels takes no picture of "
                    + picture.width() + "x" + picture.height());
        }
        byte[] row = new byte[3 * even(width)];
        for (int y = 0; y < even(height); y++) {
            int from = Math.min(y, height - 1) * width;
            for (int x = 0; x < even(width); x++) {
                System.arraycopy(picture.rgba(), (from + Math.min(x, width - 1)) * 4, row, 3 * x, 3);
            }
            rgb.data(0).position((long) y * rgb.linesize(0)).put(row, 0, row.length);
        }
        check(av_frame_make_writable(yuv));
        check(sws_scale(scaler, rgb.data(), rgb.linesize(), 0, even(height), yuv.data(), yuv.linesize()));
        yuv.pts(frames++);
        check(avcodec_send_frame(codec, yuv));
        writePackets();
    }

    private void writePackets() throws IOException {
        int answer;
        while ((answer = avcodec_receive_packet(codec, packet)) >= 0) {
            packet.duration(1);
            av_packet_rescale_ts(packet, codec.time_base(), stream.time_base());
            check(av_interleaved_write_frame(format, packet));
        }
        if (answer != AVERROR_EAGAIN() && answer != AVERROR_EOF()) {
            check(answer);
        }
    }

    /**
     * Ends the film and puts it where it goes, in place of what was there.
     *
     * @throws IllegalStateException if it has no picture
     * @throws IOException if it can't be written
     */
    public void finish() throws IOException {
        if (frames == 0) {
            throw new IllegalStateException("a film without a picture");
        }
        check(avcodec_send_frame(codec, null));
        writePackets();
        check(av_write_trailer(format));
        check(avio_closep(format.pb()));
        format.pb(null);
        try (FileChannel written = FileChannel.open(beside, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Lets go of what is native; what was not finished is deleted. Closing twice is fine. */
    @Override
    public void close() throws IOException {
        if (format != null && !format.isNull()) {
            if (format.pb() != null) {
                avio_closep(format.pb());
                format.pb(null);
            }
            avformat_free_context(format);
            format = null;
        }
        if (codec != null) {
            avcodec_free_context(codec);
            codec = null;
        }
        if (scaler != null) {
            sws_freeContext(scaler);
            scaler = null;
        }
        if (rgb != null) {
            av_frame_free(rgb);
            rgb = null;
        }
        if (yuv != null) {
            av_frame_free(yuv);
            yuv = null;
        }
        if (packet != null) {
            av_packet_free(packet);
            packet = null;
        }
        Files.deleteIfExists(beside);
    }

    private void check(int answer) throws IOException {
        if (answer < 0) {
            byte[] text = new byte[AV_ERROR_MAX_STRING_SIZE];
            av_strerror(answer, text, text.length);
            throw new FileSystemException(file.toString(), null,
                    new String(text, StandardCharsets.US_ASCII).replace("\0", ""));
        }
    }
}
