package org.eikonal.studio.image;

import static org.bytedeco.ffmpeg.global.avcodec.*;
import static org.bytedeco.ffmpeg.global.avformat.*;
import static org.bytedeco.ffmpeg.global.avutil.*;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.IntPointer;
import org.eikonal.studio.image.PictureFiles.Size;

/**
 * A film that is being read, frame by frame: MP4, MOV, MKV, WebM or AVI, of every codec that FFmpeg decodes. Only one
 * frame is in memory, with those that the codec needs; pictures are turned upright as the film says. What is damaged
 * within a film is left out. No other file is opened, whatever the film says. For one thread.
 */
public final class VideoFile implements AutoCloseable {
    private static final String CONTAINERS = "mov,matroska,avi";
    private static final long MAX_PIXELS = 1 << 26;
    private static final int SHARPNESS_SIDE = 960;
    private static final double USUAL_RATE = 30;

    private final Path file;
    private final FrameScaler scaler;
    private long frames;
    private double seconds;
    private Orientation orientation = Orientation.NORMAL;
    private AVFormatContext format;
    private int stream;
    private AVCodecContext codec;
    private AVPacket packet;
    private AVFrame frame;
    private boolean ended;

    /**
     * Opens a film and counts its frames, without decoding them.
     *
     * @throws IOException in one line, if it can't be read, is no film, or is of a codec that FFmpeg can't decode
     */
    public VideoFile(Path file) throws IOException {
        this.file = file;
        scaler = new FrameScaler(file);
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": no such file");
        }
        try {
            av_log_set_level(AV_LOG_FATAL); // what is wrong we say, in one line
            packet = av_packet_alloc();
            openContainer();
            count();
            avformat_close_input(format);
            openContainer();
            openCodec();
        } catch (LinkageError e) {
            close();
            throw new IOException(file + ": films need FFmpeg's library, which can't be loaded here (" + e.getMessage()
                    + "); make pictures of the film elsewhere", e);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void openContainer() throws IOException {
        format = new AVFormatContext(null);
        AVDictionary options = new AVDictionary(null);
        try {
            av_dict_set(options, "format_whitelist", CONTAINERS, 0); // playlists would lead to other files
            av_dict_set(options, "protocol_whitelist", "file", 0);
            check(avformat_open_input(format, "file:" + file.toAbsolutePath(), null, options));
        } finally {
            av_dict_free(options);
        }
        check(avformat_find_stream_info(format, (AVDictionary) null));
        stream = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
        if (stream < 0) {
            throw new IOException(file + ": there are no pictures in this film");
        }
    }

    private void count() throws IOException {
        AVStream pictures = format.streams(stream);
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        while (av_read_frame(format, packet) >= 0) {
            if (packet.stream_index() == stream) {
                frames++;
                long time = packet.pts() != AV_NOPTS_VALUE ? packet.pts() : packet.dts();
                if (time != AV_NOPTS_VALUE) {
                    first = Math.min(first, time);
                    last = Math.max(last, time);
                }
            }
            av_packet_unref(packet);
        }
        if (frames == 0) {
            throw new IOException(file + ": there are no pictures in this film; it is cut off or damaged, copy it"
                    + " anew");
        }
        double between = ((double) last - first) * av_q2d(pictures.time_base());
        seconds = between > 0 && between < frames * 60.0 ? between * frames / Math.max(1, frames - 1)
                : frames / USUAL_RATE;
    }

    private void openCodec() throws IOException {
        AVStream pictures = format.streams(stream);
        AVCodec decoder = avcodec_find_decoder(pictures.codecpar().codec_id());
        if (decoder == null || decoder.isNull()) {
            throw new IOException(file + ": its codec (" + avcodec_get_name(pictures.codecpar().codec_id()).getString()
                    + ") can't be decoded here; turn it into H.264");
        }
        codec = avcodec_alloc_context3(decoder);
        check(avcodec_parameters_to_context(codec, pictures.codecpar()));
        codec.max_pixels(MAX_PIXELS).thread_count(0);
        check(avcodec_open2(codec, decoder, (AVDictionary) null));
        frame = av_frame_alloc();
        AVPacketSideData turn = av_packet_side_data_get(pictures.codecpar().coded_side_data(),
                pictures.codecpar().nb_coded_side_data(), AV_PKT_DATA_DISPLAYMATRIX);
        if (turn != null && !turn.isNull() && turn.size() >= 9 * Integer.BYTES) {
            orientation = turned(av_display_rotation_get(new IntPointer(turn.data())));
        }
    }

    /** @param degrees counterclockwise; NaN if the film does not turn but squeeze */
    private static Orientation turned(double degrees) {
        return switch ((int) Math.round(degrees / 90)) {
            case -1 -> Orientation.CLOCKWISE;
            case 1 -> Orientation.COUNTERCLOCKWISE;
            case 2, -2 -> Orientation.HALF_TURN;
            default -> Orientation.NORMAL;
        };
    }

    /** @return how many frames there are, 1 or more; fewer may be decoded if it is damaged */
    public long frames() {
        return frames;
    }

    /** @return how long it is; guessed where it does not say */
    public double seconds() {
        return seconds;
    }

    /**
     * Decodes the next frame, in the order in which they are shown.
     *
     * @return false at the end
     */
    public boolean next() {
        while (true) {
            int answer = avcodec_receive_frame(codec, frame);
            if (answer >= 0) {
                return true;
            }
            if (answer != AVERROR_EAGAIN() || ended) {
                return false;
            }
            ended = !readPacket();
            avcodec_send_packet(codec, ended ? null : packet); // a damaged one is refused, and the next one tried
            av_packet_unref(packet);
        }
    }

    private boolean readPacket() {
        while (av_read_frame(format, packet) >= 0) {
            if (packet.stream_index() == stream) {
                return true;
            }
            av_packet_unref(packet);
        }
        return false;
    }

    /**
     * The frame that {@link #next} decoded, upright.
     *
     * @param maxSide it is scaled down to that, in pixels, where it is larger
     */
    public Picture picture(int maxSide) throws IOException {
        Size size = scaled(maxSide);
        byte[] rgba = scaler.pixels(frame, size, AV_PIX_FMT_RGBA, 4);
        return orientation.apply(new Picture(size.width(), size.height(), rgba));
    }

    /**
     * How sharp the frame is that {@link #next} decoded: the variance of the Laplacian of its luma (Pech-Pacheco et al.
     * 2000), at {@value #SHARPNESS_SIDE} pixels at most, where noise is averaged and shake still shows. To compare
     * neighbours: more texture gives more of it as well.
     *
     * @return 0 and more
     */
    public double sharpness() throws IOException {
        Size size = scaled(SHARPNESS_SIDE);
        byte[] grey = scaler.pixels(frame, size, AV_PIX_FMT_GRAY8, 1);
        int width = size.width();
        double sum = 0;
        double squares = 0;
        for (int y = 1; y < size.height() - 1; y++) {
            for (int i = y * width + 1; i < (y + 1) * width - 1; i++) {
                double slope = 4 * (grey[i] & 255) - (grey[i - 1] & 255) - (grey[i + 1] & 255)
                        - (grey[i - width] & 255) - (grey[i + width] & 255);
                sum += slope;
                squares += slope * slope;
            }
        }
        double count = Math.max(1, (width - 2.0) * (size.height() - 2.0));
        return squares / count - sum / count * (sum / count);
    }

    private Size scaled(int maxSide) {
        double scale = Math.min(1, (double) maxSide / Math.max(frame.width(), frame.height()));
        return new Size((int) Math.max(1, Math.round(frame.width() * scale)),
                (int) Math.max(1, Math.round(frame.height() * scale)));
    }

    /** Lets go of what is native. Closing twice is fine. */
    @Override
    public void close() {
        if (format != null && !format.isNull()) {
            avformat_close_input(format);
        }
        format = null;
        if (codec != null) {
            avcodec_free_context(codec);
            codec = null;
        }
        if (packet != null) {
            av_packet_free(packet);
            packet = null;
        }
        if (frame != null) {
            av_frame_free(frame);
            frame = null;
        }
        scaler.close();
    }

    private void check(int answer) throws IOException {
        if (answer < 0) {
            byte[] text = new byte[AV_ERROR_MAX_STRING_SIZE];
            av_strerror(answer, text, text.length);
            throw new IOException(file + ": can't read this film (" + new String(text, StandardCharsets.US_ASCII)
                    .replace("\0", "") + "); it is damaged, cut off, or neither MP4, MOV, MKV, WebM nor AVI");
        }
    }
}
