package org.eikonal.studio.view;

import org.eikonal.Camera;
import org.eikonal.Rendering;
import org.eikonal.studio.run.FieldRenderer;

/** A picture that is rendered in bands of rows. For the field's thread. */
final class PartialPicture {
    private static final double BAND_SECONDS = 0.015;

    private final Camera camera;
    private final boolean fine;
    private final Rendering whole;
    private int row;

    /** @param fine as {@link FieldRenderer#render}, else as {@link FieldRenderer#trace} */
    PartialPicture(Camera camera, boolean fine) {
        this.camera = camera;
        this.fine = fine;
        whole = FieldRenderer.empty(camera.width(), camera.height());
    }

    /** Renders some more rows: as many as take about 15 ms at the speed measured. */
    void advance(FieldRenderer field, Speed speed) {
        int rows = (int) Math.max(1, speed.rays(BAND_SECONDS) / camera.width());
        int end = (int) Math.min(camera.height(), (long) row + rows);
        long start = System.nanoTime();
        FieldRenderer.put(fine ? field.render(camera, row, end) : field.trace(camera, row, end), whole, row);
        speed.measured((double) (end - row) * camera.width(), (System.nanoTime() - start) / 1e9);
        row = end;
    }

    boolean isWhole() {
        return row == camera.height();
    }

    Camera camera() {
        return camera;
    }

    boolean isFine() {
        return fine;
    }

    Rendering rendering() {
        return whole;
    }
}
