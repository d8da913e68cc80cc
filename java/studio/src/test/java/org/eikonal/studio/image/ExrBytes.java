package org.eikonal.studio.image;

import static org.bytedeco.ffmpeg.global.avcodec.*;
import static org.bytedeco.ffmpeg.global.avutil.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.FloatPointer;

/** OpenEXR files that {@link ExrFile} has no part in. */
public final class ExrBytes {
    private ExrBytes() {}

    /** A file of FFmpeg's encoder, by its names of compressions and pixels. */
    public static byte[] encoded(int width, int height, Map<String, float[]> planes, String compression,
            String format) {
        AVCodec encoder = avcodec_find_encoder(AV_CODEC_ID_EXR);
        AVCodecContext codec = avcodec_alloc_context3(encoder);
        codec.width(width).height(height).pix_fmt(AV_PIX_FMT_GBRPF32).thread_count(1);
        codec.time_base().num(1).den(25);
        AVDictionary options = new AVDictionary(null);
        av_dict_set(options, "compression", compression, 0);
        av_dict_set(options, "format", format, 0);
        assertEquals(0, avcodec_open2(codec, encoder, options));
        AVFrame frame = av_frame_alloc();
        frame.width(width).height(height).format(AV_PIX_FMT_GBRPF32);
        assertEquals(0, av_frame_get_buffer(frame, 0));
        for (int p = 0; p < 3; p++) {
            float[] values = planes.get(List.of("G", "B", "R").get(p));
            for (int y = 0; y < height; y++) {
                new FloatPointer(frame.data(p)).position((long) y * frame.linesize(p) / 4)
                        .put(values, y * width, width);
            }
        }
        AVPacket packet = av_packet_alloc();
        assertEquals(0, avcodec_send_frame(codec, frame));
        assertEquals(0, avcodec_receive_packet(codec, packet));
        byte[] bytes = new byte[packet.size()];
        packet.data().get(bytes);
        av_dict_free(options);
        av_packet_free(packet);
        av_frame_free(frame);
        avcodec_free_context(codec);
        return bytes;
    }

    /** @param type as the file has it: 0 whole numbers, 1 halves, 2 floats */
    public record Channel(String name, int type) {}

    static byte[] numbers(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(numbers);
        return bytes.array();
    }

    private static void attribute(ByteArrayOutputStream file, String name, String type, byte[] value) {
        file.writeBytes((name + "\0" + type + "\0").getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(numbers(value.length));
        file.writeBytes(value);
    }

    /** An uncompressed file whose every sample is 0.01 * (10 * y + x), in tiles of 3x2 or in lines. */
    static byte[] file(int version, List<Channel> channels, int[] display, int[] data, boolean tiles) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (Channel channel : channels) {
            list.writeBytes((channel.name + "\0").getBytes(StandardCharsets.US_ASCII));
            list.writeBytes(numbers(channel.type, 0, 1, 1));
        }
        list.write(0);
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes(numbers(20000630, version));
        attribute(head, "channels", "chlist", list.toByteArray());
        attribute(head, "compression", "compression", new byte[1]);
        attribute(head, "dataWindow", "box2i", numbers(data));
        attribute(head, "displayWindow", "box2i", numbers(display));
        attribute(head, "lineOrder", "lineOrder", new byte[1]);
        attribute(head, "owner", "string", "somebody".getBytes());
        attribute(head, "pixelAspectRatio", "float", numbers(Float.floatToIntBits(1)));
        attribute(head, "screenWindowCenter", "v2f", numbers(0, 0));
        attribute(head, "screenWindowWidth", "float", numbers(Float.floatToIntBits(1)));
        if (tiles) {
            attribute(head, "tiles", "tiledesc", Arrays.copyOf(numbers(3, 2), 9));
        }
        head.write(0);
        int width = data[2] - data[0] + 1;
        int height = data[3] - data[1] + 1;
        int tileWidth = tiles ? 3 : width;
        int tileHeight = tiles ? 2 : 1;
        int across = (width + tileWidth - 1) / tileWidth;
        int blocks = across * ((height + tileHeight - 1) / tileHeight);
        ByteBuffer table = ByteBuffer.allocate(8 * blocks).order(ByteOrder.LITTLE_ENDIAN);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int block = 0; block < blocks; block++) {
            table.putLong(head.size() + 8L * blocks + body.size());
            int left = block % across * tileWidth;
            int top = block / across * tileHeight;
            ByteBuffer samples = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
            for (int y = top; y < Math.min(height, top + tileHeight); y++) {
                for (Channel channel : channels) {
                    for (int x = left; x < Math.min(width, left + tileWidth); x++) {
                        float value = 0.01f * (10 * (data[1] + y) + data[0] + x);
                        samples = channel.type == 2 ? samples.putFloat(value) : samples.putInt(7);
                    }
                }
            }
            body.writeBytes(tiles ? numbers(left / 3, top / 2, 0, 0, samples.position())
                    : numbers(data[1] + top, samples.position()));
            body.write(samples.array(), 0, samples.position());
        }
        head.writeBytes(table.array());
        head.writeBytes(body.toByteArray());
        return head.toByteArray();
    }
}
