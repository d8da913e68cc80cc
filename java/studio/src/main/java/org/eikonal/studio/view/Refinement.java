package org.eikonal.studio.view;

import org.eikonal.Camera;

/**
 * A client's picture on its way from coarse to fine. While the camera moves, each picture has as many pixels as take
 * about 50 ms. At rest there come such a one if nothing was seen from there yet, half the resolution, the full one by
 * one ray a pixel, and the full one as the run's pictures are rendered. A picture of a moving camera is brought to its
 * end before a newer one begins, so that there is something to see; that of a resting one gives way at once. For the
 * field's thread.
 */
final class Refinement {
    private static final double MOVING_SECONDS = 0.05;
    private static final int COARSEST = 16; // pixels of the shorter side
    private static final int STAGES = 4;

    private Look look;
    private int stage;
    private long pixels; // of the last picture of this look
    private Look pictured;
    private int pictureStage;
    private PartialPicture picture;

    /**
     * What to work on.
     *
     * @param wanted the client's latest wish, or null
     * @param fast the speed of pictures by one ray a pixel
     * @param smooth whether the run's pictures have more rays than one a pixel
     * @return a picture that is not whole yet; null: there is nothing to do
     */
    PartialPicture next(Look wanted, Speed fast, boolean smooth) {
        if (wanted == null) {
            return null;
        }
        if (wanted != look) {
            boolean same = wanted.shows(look);
            look = wanted;
            if (!same) {
                stage = 0;
                pixels = 0;
                if (picture != null && !(pictured.moving() && pictured.channel() == wanted.channel())) {
                    picture = null;
                }
            }
        }
        while (picture == null && stage < (look.moving() ? 1 : STAGES)) {
            Camera camera = stage(fast);
            boolean last = stage == STAGES - 1;
            long size = (long) camera.width() * camera.height();
            // What would not be finer than what was shown is left out; so is the rough full one where one ray is all.
            if (last || size > pixels && !(stage == 2 && !smooth)) {
                picture = new PartialPicture(camera, last);
                pictured = look;
                pictureStage = stage;
            } else {
                stage++;
            }
        }
        return picture;
    }

    private Camera stage(Speed fast) {
        Camera full = look.camera();
        double factor = 1;
        if (stage == 0) {
            double rays = fast.rays(MOVING_SECONDS);
            factor = Math.sqrt(rays / ((double) full.width() * full.height()));
            factor = Math.max(factor, (double) COARSEST / Math.min(full.width(), full.height()));
        } else if (stage == 1) {
            factor = 0.5;
        }
        return factor >= 1 ? full : full.scaled((float) factor);
    }

    /** @return what the picture in work shows */
    Look pictured() {
        return pictured;
    }

    /** @return whether the picture in work is the last one of its kind */
    boolean isLast() {
        return pictureStage == STAGES - 1;
    }

    /** The picture is whole and was taken over. */
    void done() {
        if (pictured.shows(look)) {
            stage = Math.max(stage, pictureStage + 1);
            pixels = Math.max(pixels, (long) picture.camera().width() * picture.camera().height());
        }
        picture = null;
    }

    /** @return whether all is done: only then can a picture be renewed */
    boolean isComplete() {
        return look != null && picture == null && stage == STAGES;
    }

    /** The field has changed: the full picture is made once more. */
    void renew() {
        stage = STAGES - 1;
    }
}
