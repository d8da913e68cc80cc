package org.eikonal;

import org.eikonal.internal.Bindings;

/** Pictures of a radiance field. Holds nothing native; thread-safe: calls take turns. */
public final class Renderer {
    private final RadianceField field;
    private final OccupancyGrid occupancy;
    private final String config;

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
        if (rowBegin < 0 || rowEnd < rowBegin || rowEnd > camera.height()) {
            throw new IllegalArgumentException("rows " + rowBegin + " to " + rowEnd + " are not within 0 to "
                    + camera.height() + ", the camera's height");
        }
        int width = camera.width();
        int height = rowEnd - rowBegin;
        float[] color = new float[Shapes.size("color", (long) width * height, 3)];
        float[] depth = new float[width * height];
        float[] opacity = new float[width * height];
        synchronized (field.device().turn) {
            Status.check(Bindings.eik_render(field.pointer(), occupancy.pointer(), config, width, camera.height(),
                    Views.lens(camera), Views.numbers(camera), rowBegin, rowEnd, color, depth, opacity));
        }
        return new Rendering(width, height, color, depth, opacity);
    }
}
