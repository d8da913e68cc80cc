package org.eikonal.studio.view;

import org.eikonal.studio.image.Mp4File;
import org.eikonal.studio.path.Keyframes;
import org.eikonal.studio.scene.JsonObject;

/**
 * A film that somebody wants.
 *
 * @param width of its frames in pixels
 * @param height likewise
 * @param channel what it shows; not {@link Channel#ERROR}, since there is no truth between photos
 * @param crop null: all of the field
 * @param film whether it is an MP4 file, else PNG files in a ZIP file
 */
record Film(Keyframes path, int width, int height, Channel channel, Crop crop, boolean film) {
    private static final int LEAST_SIZE = 16;

    /**
     * Reads {@code {"keyframes", "seconds", "fps", "loop", "width", "height", "channel", "crop", "format"}}.
     *
     * @throws org.eikonal.studio.scene.SceneException in one line, if it can't be meant
     */
    static Film read(JsonObject request) {
        Keyframes path = Keyframes.read(request);
        int width = Message.size(request, "width");
        int height = Message.size(request, "height");
        Channel channel = Message.channel(request);
        if (channel == Channel.ERROR) {
            throw request.wrong("channel", "films show color, depth, normals or opacity");
        }
        String format = request.has("format") ? request.text("format") : "mp4";
        if (!format.equals("mp4") && !format.equals("png")) {
            throw request.wrong("format", "send mp4 or png");
        }
        boolean film = format.equals("mp4");
        if (film && (Math.min(width, height) < LEAST_SIZE || (width + 1L) * (height + 1L) > Mp4File.MAX_PIXELS)) {
            throw request.wrong("width", "a film's sides have " + LEAST_SIZE + " pixels at least, and all are "
                    + Mp4File.MAX_PIXELS + " at most: choose another size, or png");
        }
        return new Film(path, width, height, channel, Message.crop(request), film);
    }
}
