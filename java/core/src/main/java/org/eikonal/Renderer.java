package org.eikonal;

import org.eikonal.internal.Bindings;

/** Pictures of a radiance field. Holds nothing native; thread-safe: calls take turns. */
public final class Renderer {
    private final RadianceField field;
    private final OccupancyGrid occupancy;
    private final String config;
    private final float[] numbers = new float[Views.NUMBERS];

    private Renderer(RadianceField field, OccupancyGrid occupancy, RenderConfig config) {
        this.field = field;
        this.occupancy = occupancy;
        this.config = config.toJson();
    }

    /**
     * Makes a renderer of a field.
     *
     * @param field of three channels; must stay open
     * @param occupancy where the field is not empty, on the same device; must stay open
     * @param config how rays are marched and composited
     * @return the renderer
     * @throws IllegalArgumentException if field and grid live on different devices
     */
    public static Renderer create(RadianceField field, OccupancyGrid occupancy, RenderConfig config) {
        field.device().requireSame("occupancy", occupancy.device());
        return new Renderer(field, occupancy, config);
    }

    /**
     * Renders a whole picture.
     *
     * @param camera in the unit-cube frame
     * @return all rows
     * @throws IllegalArgumentException if the configuration cannot be meant
     */
    public Rendering render(Camera camera) {
        return render(camera, 0, camera.height());
    }

    /**
     * Renders some rows of a picture: long work in parts, between which others get their turn.
     *
     * @param camera in the unit-cube frame
     * @param rowBegin the first row, 0 and more
     * @param rowEnd after the last row, at most the camera's height
     * @return those rows
     * @throws IllegalArgumentException if the rows are not within the picture or the configuration cannot be meant
     */
    public Rendering render(Camera camera, int rowBegin, int rowEnd) {
        int width = camera.width();
        int height = Math.max(0, rowEnd - rowBegin);
        Rendering rows = new Rendering(width, height, new float[Shapes.size("color", (long) width * height, 3)],
                new float[width * height], new float[width * height]);
        renderInto(camera, rowBegin, rows);
        return rows;
    }

    /**
     * As {@link #render(Camera, int, int)}, into arrays of the caller's: allocates nothing.
     *
     * @param camera in the unit-cube frame
     * @param rowBegin the first row, 0 and more
     * @param rows of the camera's width, overwritten; with rowBegin as many as the camera's height at most
     * @throws IllegalArgumentException if the rows are not within the picture or the configuration cannot be meant
     */
    public void renderInto(Camera camera, int rowBegin, Rendering rows) {
        int rowEnd = rowBegin + rows.height();
        if (rowBegin < 0 || rowEnd < rowBegin || rowEnd > camera.height()) {
            throw new IllegalArgumentException("rows " + rowBegin + " to " + rowEnd + " are not within 0 to "
                    + camera.height() + ", the camera's height");
        }
        Shapes.length("a row", rows.width(), camera.width());
        synchronized (field.device().turn) {
            Status.check(Bindings.eik_render(field.pointer(), occupancy.pointer(), config, camera.width(),
                    camera.height(), Views.lens(camera), Views.numbers(camera, numbers), rowBegin, rowEnd,
                    rows.color(), rows.depth(), rows.opacity()));
        }
    }
}
