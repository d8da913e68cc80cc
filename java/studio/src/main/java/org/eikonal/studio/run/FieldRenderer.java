package org.eikonal.studio.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eikonal.Camera;
import org.eikonal.Device;
import org.eikonal.OccupancyGrid;
import org.eikonal.RadianceField;
import org.eikonal.RenderConfig;
import org.eikonal.Renderer;
import org.eikonal.Rendering;
import org.eikonal.Views;
import org.eikonal.studio.path.Shot;
import org.eikonal.studio.recipe.RunConfig;

/**
 * Pictures of a field, be it trained or in training. Works in the data set's world; owns nothing; for one thread, that
 * of the field.
 */
public class FieldRenderer {
    /** Pixels of one native call: so few that others get their turn, so many that all cores have work. */
    private static final int PIXELS = 1 << 17;

    private static final JsonMapper JSON = new JsonMapper();

    private final RunConfig config;
    private final Device device;
    private final RadianceField field;
    private final OccupancyGrid occupancy;
    private final Renderer renderer;
    private final Renderer tracer;

    /**
     * @param device of field and grid; they all must stay open
     * @param config of the run
     */
    FieldRenderer(Device device, RadianceField field, OccupancyGrid occupancy, RunConfig config) {
        this(device, field, occupancy, config, config.render(), config.renderRays());
    }

    private FieldRenderer(Device device, RadianceField field, OccupancyGrid occupancy, RunConfig config,
            RenderConfig rendered, RenderConfig traced) {
        this.config = config;
        this.device = device;
        this.field = field;
        this.occupancy = occupancy;
        renderer = Renderer.create(field, occupancy, rendered);
        tracer = Renderer.create(field, occupancy, traced);
    }

    /**
     * The same field in a box alone: what lies outside of it is left out of pictures.
     *
     * @param min the least corner, 3 numbers in world units
     * @param max the greatest corner, above the least along each axis
     */
    public FieldRenderer within(double[] min, double[] max) {
        double[][] box = {config.unitCube().toUnit(min), config.unitCube().toUnit(max)};
        return new FieldRenderer(device, field, occupancy, config, cropped(config.render(), box),
                cropped(config.renderRays(), box));
    }

    private static RenderConfig cropped(RenderConfig config, double[][] box) {
        try {
            ObjectNode document = (ObjectNode) JSON.readTree(config.toJson());
            return RenderConfig.fromJson(document.set("crop", JSON.valueToTree(box)).toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Renders a picture over the run's background.
     *
     * @param camera in the data set's world
     * @return colours of 0 to 1, and depth in the data set's units
     */
    public Rendering render(Camera camera) {
        return rendered(renderer, camera);
    }

    /**
     * As {@link #render}, by one ray through the middle of each pixel: edges are jagged, but no depth is the mean of
     * what is in front and what is behind.
     *
     * @param camera in the data set's world
     * @return colours of 0 to 1, and depth in the data set's units
     */
    public Rendering trace(Camera camera) {
        return rendered(tracer, camera);
    }

    /**
     * Some rows of what {@link #render(Camera)} gives: long work in parts, between which others get their turn.
     *
     * @param camera in the data set's world
     * @param rowBegin the first row
     * @param rowEnd after the last row
     */
    public Rendering render(Camera camera, int rowBegin, int rowEnd) {
        return rows(renderer, UnitFrame.camera(config.unitCube(), camera), rowBegin, rowEnd);
    }

    /** Some rows of what {@link #trace} gives, likewise. */
    public Rendering trace(Camera camera, int rowBegin, int rowEnd) {
        return rows(tracer, UnitFrame.camera(config.unitCube(), camera), rowBegin, rowEnd);
    }

    private Rendering rendered(Renderer engine, Camera camera) {
        Camera unit = UnitFrame.camera(config.unitCube(), camera);
        Rendering whole = empty(camera.width(), camera.height());
        int rows = Math.max(1, PIXELS / camera.width());
        for (int row = 0; row < camera.height(); row += rows) {
            put(rows(engine, unit, row, Math.min(camera.height(), row + rows)), whole, row);
        }
        return whole;
    }

    /** Colours of 0 to 1, depths in world units. */
    private Rendering rows(Renderer engine, Camera unit, int rowBegin, int rowEnd) {
        Rendering rows = engine.render(unit, rowBegin, rowEnd);
        float[] depth = rows.depth();
        float world = (float) (1 / config.unitCube().scale());
        for (int i = 0; i < depth.length; i++) {
            depth[i] *= world;
        }
        float[] color = rows.color();
        for (int i = 0; i < color.length; i++) {
            color[i] = Math.max(0, Math.min(1, color[i]));
        }
        return rows;
    }

    /** Copies rows into a picture of the same width, from one of its rows on. */
    public static void put(Rendering rows, Rendering whole, int rowBegin) {
        int at = rowBegin * whole.width();
        System.arraycopy(rows.color(), 0, whole.color(), 3 * at, rows.color().length);
        System.arraycopy(rows.depth(), 0, whole.depth(), at, rows.depth().length);
        System.arraycopy(rows.opacity(), 0, whole.opacity(), at, rows.opacity().length);
    }

    /**
     * Memory for a picture.
     *
     * @throws RunException if it is too large
     */
    public static Rendering empty(int width, int height) {
        if ((long) width * height > Integer.MAX_VALUE / 4) {
            throw new RunException("a picture of " + width + "x" + height + " pixels is too large (the limit is "
                    + Integer.MAX_VALUE / 4 + " in all); scale it down");
        }
        try {
            return new Rendering(width, height, new float[width * height * 3], new float[width * height],
                    new float[width * height]);
        } catch (OutOfMemoryError e) {
            throw new RunException("a picture of " + width + "x" + height + " pixels does not fit into the program's"
                    + " memory; scale it down, or give the program more, such as by JAVA_TOOL_OPTIONS=-Xmx8g");
        }
    }

    /** As {@link #render(Camera)}, of a panorama all directions. */
    public Rendering render(Shot shot) {
        return shot.panorama() ? Panorama.render(this, shot.camera()) : render(shot.camera());
    }

    /**
     * Where a picture's pixels look.
     *
     * @return {@code [height][width][3]}: unit vectors in the data set's world
     */
    public float[] directions(Shot shot) {
        return shot.panorama() ? Panorama.directions(shot.camera()) : directions(shot.camera());
    }

    /** As {@link #directions(Shot)}, of a camera with a lens. */
    public float[] directions(Camera camera) {
        int width = camera.width();
        float[] directions = new float[Math.multiplyExact(3 * width, camera.height())];
        try (Views views = Views.create(device, 1)) {
            views.setCamera(0, UnitFrame.camera(config.unitCube(), camera));
            float[] pixels = new float[2 * width];
            for (int y = 0; y < camera.height(); y++) {
                for (int x = 0; x < width; x++) {
                    pixels[2 * x] = x + 0.5f;
                    pixels[2 * x + 1] = y + 0.5f;
                }
                float[] row = views.rays(new int[width], pixels).directions();
                System.arraycopy(row, 0, directions, y * row.length, row.length);
            }
        }
        return directions;
    }

    /** @return whether {@link #render} looks through a pixel by more rays than the one of {@link #trace} */
    public boolean isSmooth() {
        return !config.render().toJson().equals(config.renderRays().toJson());
    }

    /** @return the run's configuration */
    public RunConfig config() {
        return config;
    }

    /** @return the field itself, to read from */
    public RadianceField field() {
        return field;
    }

    /** @return where the field is not empty, to read from */
    public OccupancyGrid occupancy() {
        return occupancy;
    }

    /** @return where pictures are computed */
    public Device device() {
        return device;
    }
}
