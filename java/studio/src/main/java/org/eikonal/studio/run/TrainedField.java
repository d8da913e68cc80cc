package org.eikonal.studio.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.eikonal.Camera;
import org.eikonal.Device;
import org.eikonal.DeviceUnavailableException;
import org.eikonal.OccupancyGrid;
import org.eikonal.RadianceField;
import org.eikonal.Renderer;
import org.eikonal.Rendering;
import org.eikonal.Views;
import org.eikonal.studio.path.Shot;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.scene.UnitCube;

/**
 * The field of a run's last checkpoint, ready to make pictures and to answer at points. Works in the data set's world;
 * for one thread.
 */
public final class TrainedField implements AutoCloseable {
    /** Pixels of one native call: so few that others get their turn, so many that all cores have work. */
    private static final int PIXELS = 1 << 17;

    private final RunConfig config;
    private final Checkpoint.Header header;
    private final String parametersSha256;
    private final Device device;
    private final RadianceField field;
    private final OccupancyGrid occupancy;
    private final OccupiedCells occupied;
    private final Renderer renderer;
    private final Renderer tracer;

    private TrainedField(RunConfig config, Checkpoint checkpoint) {
        this.config = config;
        header = checkpoint.header();
        parametersSha256 = sha256(checkpoint.bytes("parameters"));
        try (Undo undo = new Undo()) {
            device = undo.add(open(config));
            field = undo.add(RadianceField.create(device, config.field(), config.seed()));
            occupancy = undo.add(OccupancyGrid.create(device, config.occupancy()));
            field.writeParameters(finite(checkpoint.floats("parameters", field.parameterCount())));
            ByteBuffer optimizer = checkpoint.bytes("optimizer");
            long block = field.parameterCount() * Float.BYTES;
            if (optimizer.remaining() == 3 * block) {
                // The third block of an optimiser's state is the moving average of the parameters: it judges better.
                field.writeParameters(finite(optimizer.slice((int) (2 * block), (int) block).order(optimizer.order())
                        .asFloatBuffer()));
            }
            occupancy.writeValues(checkpoint.floats("occupancy", occupancy.cells()));
            occupied = new OccupiedCells(occupancy.values(), config.occupancyCascades(), config.occupancyThreshold());
            renderer = Renderer.create(field, occupancy, config.render());
            tracer = Renderer.create(field, occupancy, config.renderRays());
            undo.clear();
        }
    }

    /** A run can be looked at in another precision than it was trained in, where a device does not have that one. */
    private static Device open(RunConfig config) {
        try {
            return RunDevice.open(config);
        } catch (DeviceUnavailableException e) {
            return RunDevice.open(config.inDevicePrecision());
        }
    }

    /**
     * Opens a run's last checkpoint on the run's device.
     *
     * @throws RunException if there is no run, no checkpoint yet, or a damaged one
     * @throws ConfigException if the configuration is damaged
     */
    public static TrainedField open(RunFolder run) throws IOException {
        return open(run, null);
    }

    /**
     * Opens a run's last checkpoint.
     *
     * @param device where, such as {@code "cpu"}; null: the run's device
     * @throws RunException if there is no run, no checkpoint yet, or a damaged one
     * @throws ConfigException if the configuration is damaged, or no device is spelt so
     * @throws DeviceUnavailableException if this machine has no such device
     */
    public static TrainedField open(RunFolder run, String device) throws IOException {
        RunConfig trained = run.config();
        RunConfig config = device == null ? trained : trained.on(device);
        Checkpoint checkpoint = run.checkpoint(trained).orElseThrow(() -> new RunException(run.path()
                + ": there is no checkpoint yet; train it first, with eikonal train --resume"));
        try {
            return new TrainedField(config, checkpoint);
        } catch (RunException e) {
            throw new RunException(run.checkpointFile() + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(run.configFile() + ": " + e.getMessage());
        }
    }

    /** The same numbers, unless they are of a training that diverged. */
    private static FloatBuffer finite(FloatBuffer numbers) {
        for (int i = 0; i < numbers.limit(); i++) {
            if (!Float.isFinite(numbers.get(i))) {
                throw new RunException("a parameter is " + numbers.get(i) + ", so there is nothing to see; restore an"
                        + " earlier checkpoint, or train another run with a lower learning rate");
            }
        }
        return numbers;
    }

    /**
     * Renders a picture over the run's background.
     *
     * @param camera in the data set's world
     * @return colours of 0 to 1, and depth in the data set's units
     */
    public Rendering render(Camera camera) {
        return render(renderer, camera);
    }

    /**
     * As {@link #render}, by one ray through the middle of each pixel: edges are jagged, but no depth is the mean of
     * what is in front and what is behind.
     *
     * @param camera in the data set's world
     * @return colours of 0 to 1, and depth in the data set's units
     */
    public Rendering trace(Camera camera) {
        return render(tracer, camera);
    }

    private Rendering render(Renderer engine, Camera camera) {
        Camera unit = UnitFrame.camera(config.unitCube(), camera);
        int width = camera.width();
        int height = camera.height();
        Rendering whole = empty(width, height);
        float[] color = whole.color();
        float[] depth = whole.depth();
        float[] opacity = whole.opacity();
        int rows = Math.max(1, PIXELS / width);
        for (int row = 0; row < height; row += rows) {
            Rendering part = engine.render(unit, row, Math.min(height, row + rows));
            System.arraycopy(part.color(), 0, color, row * width * 3, part.color().length);
            System.arraycopy(part.depth(), 0, depth, row * width, part.depth().length);
            System.arraycopy(part.opacity(), 0, opacity, row * width, part.opacity().length);
        }
        float world = (float) (1 / config.unitCube().scale());
        for (int i = 0; i < depth.length; i++) {
            depth[i] *= world;
        }
        for (int i = 0; i < color.length; i++) {
            color[i] = Math.max(0, Math.min(1, color[i]));
        }
        return whole;
    }

    /** Memory for a picture. */
    static Rendering empty(int width, int height) {
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
        Camera camera = shot.camera();
        if (shot.panorama()) {
            return Panorama.directions(camera);
        }
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

    /**
     * The volume density: light lost per world unit.
     *
     * @param positions {@code [n][3]} in world units
     * @return {@code [n]}, 0 outside the modelled box and where the occupancy grid says that nothing is
     * @throws RunException if the run's density has an activation that can't be read
     */
    public float[] density(double[] positions) {
        DensityActivation activation = DensityActivation.named(config.densityActivation());
        UnitCube cube = config.unitCube();
        int[] which = new int[positions.length / 3];
        float[] inside = new float[positions.length];
        int count = 0;
        for (int i = 0; i < which.length; i++) {
            double[] unit = cube.toUnit(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]);
            if (occupied.contains(unit[0], unit[1], unit[2])) {
                box(cube, positions, 3 * i, inside, 3 * count);
                which[count++] = i;
            }
        }
        float[] density = new float[which.length];
        if (count > 0) {
            float[] raw = field.rawDensity(Arrays.copyOf(inside, 3 * count));
            for (int i = 0; i < count; i++) {
                density[which[i]] = (float) (activation.of(raw[i]) * cube.scale());
            }
        }
        return density;
    }

    /**
     * The colour, as seen from a direction.
     *
     * @param positions {@code [n][3]} in world units; outside the modelled box, the nearest point of it is meant
     * @param directions {@code [n][3]}, unit vectors, the way that is looked along
     * @return {@code [n][3]}, stored sRGB of 0 to 1
     */
    public float[] color(double[] positions, float[] directions) {
        UnitCube cube = config.unitCube();
        float[] inside = new float[positions.length];
        for (int i = 0; i < positions.length; i += 3) {
            box(cube, positions, i, inside, i);
        }
        return field.color(inside, directions);
    }

    private static void box(UnitCube cube, double[] from, int at, float[] to, int start) {
        double[] point = cube.toBox(from[at], from[at + 1], from[at + 2]);
        for (int axis = 0; axis < 3; axis++) {
            to[start + axis] = (float) Math.max(0, Math.min(1, point[axis]));
        }
    }

    /** @return the run's configuration */
    public RunConfig config() {
        return config;
    }

    /** @return how far the training is */
    public Checkpoint.Header header() {
        return header;
    }

    /** @return the field itself, to read from: open as long as this is */
    public RadianceField field() {
        return field;
    }

    /** @return where the field is not empty, to read from: open as long as this is */
    public OccupancyGrid occupancy() {
        return occupancy;
    }

    /** @return where pictures are computed */
    public Device device() {
        return device;
    }

    /** @return SHA-256 of the trained parameters as little-endian 32-bit floats; hexadecimal */
    public String parametersSha256() {
        return parametersSha256;
    }

    private static String sha256(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Frees the field and the device; closing twice is fine. */
    @Override
    public void close() {
        occupancy.close();
        field.close();
        device.close();
    }
}
