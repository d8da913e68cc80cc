package org.eikonal.studio.view;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.eikonal.Camera;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.View;

/** A scene's photos, small for the page and as truth for the error channel. Thread-safe. */
final class Photos {
    /** The widths that a page may ask for, in pixels. */
    static final int LEAST_WIDTH = 16;
    static final int MOST_WIDTH = 2048;
    private static final double QUALITY = 0.85;
    private static final int MOST_BYTES = 32 << 20;

    private final List<View> views;
    private final float[] background;
    // A photo in decoding takes memory and a core; a page asks for all of them at once.
    private final Semaphore decoding = new Semaphore(1);
    private final Map<String, byte[]> small = new LinkedHashMap<>(16, 0.75f, true);
    private long smallBytes;
    private int heldIndex = -1;
    private Picture held;

    Photos(Scene scene, float[] background) {
        views = scene.views();
        this.background = background;
    }

    /** @return how many there are */
    int count() {
        return views.size();
    }

    /** A JPEG of a photo over the run's background, at most so wide. */
    byte[] jpeg(int index, int width) throws IOException {
        String key = index + "/" + width;
        synchronized (small) {
            byte[] known = small.get(key);
            if (known != null) {
                return known;
            }
        }
        decoding.acquireUninterruptibly();
        byte[] bytes;
        try {
            Picture photo = decoded(index);
            int shown = Math.min(width, photo.width());
            int height = (int) Math.max(1, Math.round((double) photo.height() * shown / photo.width()));
            bytes = PictureFiles.jpeg(photo.resized(shown, height), QUALITY);
        } finally {
            decoding.release();
        }
        synchronized (small) {
            if (small.put(key, bytes) == null) {
                smallBytes += bytes.length;
            }
            var oldest = small.entrySet().iterator();
            while (smallBytes > MOST_BYTES && oldest.hasNext()) {
                smallBytes -= oldest.next().getValue().length;
                oldest.remove();
            }
        }
        return bytes;
    }

    private Picture decoded(int index) throws IOException {
        Picture photo = views.get(index).picture();
        return photo.isOpaque() ? photo
                : Picture.ofRgb(photo.width(), photo.height(), photo.compositeOver(background));
    }

    /** What a photo shows at another size: {@code [height][width][3]}, over the run's background. */
    synchronized float[] truth(int index, int width, int height) throws IOException {
        if (heldIndex != index) {
            held = decoded(index);
            heldIndex = index;
        }
        return held.resized(width, height).compositeOver(background);
    }

    /**
     * The photo that was taken nearest to a camera: by its distance and the angle between their lines of sight, where a
     * right angle weighs as much as {@code radius}.
     */
    int nearest(Camera camera, double radius) {
        int nearest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < views.size(); i++) {
            Camera photo = views.get(i).camera();
            double away = 0;
            double along = 0;
            double lengths = 0;
            double ours = 0;
            for (int row = 0; row < 3; row++) {
                away += Math.pow(photo.pose().at(row, 3) - camera.pose().at(row, 3), 2);
                along += photo.pose().at(row, 2) * camera.pose().at(row, 2);
                lengths += Math.pow(photo.pose().at(row, 2), 2);
                ours += Math.pow(camera.pose().at(row, 2), 2);
            }
            double score = Math.sqrt(away) + radius * (1 - along / Math.sqrt(lengths * ours));
            if (score < least) {
                least = score;
                nearest = i;
            }
        }
        return nearest;
    }

    /** A photo's camera in a picture that fits into so many pixels, of the photo's shape and at most its size. */
    Camera camera(int index, int width, int height) {
        Camera of = views.get(index).camera();
        double factor = Math.min(1, Math.min((double) width / of.width(), (double) height / of.height()));
        return of.resized((int) Math.max(1, Math.round(of.width() * factor)),
                (int) Math.max(1, Math.round(of.height() * factor)));
    }
}
