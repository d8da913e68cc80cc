package org.eikonal.studio.image;

import static org.bytedeco.ffmpeg.global.avutil.*;
import static org.bytedeco.ffmpeg.global.swscale.*;

import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.eikonal.studio.image.PictureFiles.Size;

/** Turns decoded frames of a film into bytes of another size and layout. For one thread. */
final class FrameScaler implements AutoCloseable {
    private static final int HD_HEIGHT = 720;

    private final Path film;
    private SwsContext context;

    /** @param film for complaints */
    FrameScaler(Path film) {
        this.film = film;
    }

    /**
     * @param pixelFormat one with a single plane of bytes, and {@code channels} of them a pixel
     * @return rows from the top
     */
    byte[] pixels(AVFrame frame, Size size, int pixelFormat, int channels) throws IOException {
        context = sws_getCachedContext(context, frame.width(), frame.height(), frame.format(), size.width(),
                size.height(), pixelFormat, SWS_AREA | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP, null,
                null, (DoublePointer) null);
        if (context == null || context.isNull()) {
            throw unusable(frame);
        }
        IntPointer matrix = sws_getCoefficients(matrix(frame));
        int range = frame.color_range() == AVCOL_RANGE_JPEG ? 1 : 0;
        // RGB has no matrix, and the call is refused then.
        sws_setColorspaceDetails(context, matrix, range, matrix, 1, 0, 1 << 16, 1 << 16);
        AVFrame out = av_frame_alloc();
        try {
            out.width(size.width()).height(size.height()).format(pixelFormat);
            if (av_frame_get_buffer(out, 0) < 0 || sws_scale(context, frame.data(), frame.linesize(), 0,
                    frame.height(), out.data(), out.linesize()) < 0) {
                throw unusable(frame);
            }
            byte[] bytes = new byte[size.width() * size.height() * channels];
            int row = size.width() * channels;
            for (int y = 0; y < size.height(); y++) {
                out.data(0).position((long) y * out.linesize(0)).get(bytes, y * row, row);
            }
            return bytes;
        } finally {
            av_frame_free(out);
        }
    }

    private IOException unusable(AVFrame frame) {
        return new IOException(film + ": its frames of " + frame.width() + "x" + frame.height() + " pixels can't be"
                + " read; turn it into H.264 of a usual size");
    }

    /** What films mean that don't say it. */
    private static int matrix(AVFrame frame) {
        int told = frame.colorspace();
        return told == AVCOL_SPC_BT2020_NCL || told == AVCOL_SPC_BT2020_CL ? SWS_CS_BT2020
                : told == AVCOL_SPC_BT709 || told == AVCOL_SPC_UNSPECIFIED && frame.height() >= HD_HEIGHT
                        ? SWS_CS_ITU709 : SWS_CS_ITU601;
    }

    @Override
    public void close() {
        if (context != null) {
            sws_freeContext(context);
            context = null;
        }
    }
}
