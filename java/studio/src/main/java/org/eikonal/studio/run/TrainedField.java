package org.eikonal.studio.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.eikonal.Device;
import org.eikonal.DeviceUnavailableException;
import org.eikonal.OccupancyGrid;
import org.eikonal.RadianceField;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.scene.UnitCube;

/**
 * The field of a run's last checkpoint, ready to make pictures and to answer at points. Works in the data set's world;
 * for one thread.
 */
public final class TrainedField extends FieldRenderer implements AutoCloseable {
    private final Checkpoint.Header header;
    private final String parametersSha256;
    private final OccupiedCells occupied;

    private TrainedField(Device device, RadianceField field, OccupancyGrid occupancy, RunConfig config,
            Checkpoint checkpoint) {
        super(device, field, occupancy, config);
        header = checkpoint.header();
        parametersSha256 = sha256(checkpoint.bytes("parameters"));
        occupied = OccupiedCells.of(this);
    }

    private static TrainedField open(RunConfig config, Checkpoint checkpoint) {
        // Before a field is made: a configuration may ask for more memory than there is.
        FloatBuffer parameters = checkpoint.floats("parameters", RadianceField.parameterCount(config.field()));
        try (Undo undo = new Undo()) {
            Device device = undo.add(open(config));
            RadianceField field = undo.add(RadianceField.create(device, config.field(), config.seed()));
            OccupancyGrid occupancy = undo.add(OccupancyGrid.create(device, config.occupancy()));
            field.writeParameters(finite(parameters));
            ByteBuffer optimizer = checkpoint.bytes("optimizer");
            long block = field.parameterCount() * Float.BYTES;
            if (optimizer.remaining() == 3 * block) {
                // The third block of an optimiser's state is the moving average of the parameters: it judges better.
                field.writeParameters(finite(optimizer.slice((int) (2 * block), (int) block).order(optimizer.order())
                        .asFloatBuffer()));
            }
            occupancy.writeValues(checkpoint.floats("occupancy", occupancy.cells()));
            TrainedField trained = new TrainedField(device, field, occupancy, config, checkpoint);
            undo.clear();
            return trained;
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
            return open(config, checkpoint);
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
     * The volume density: light lost per world unit.
     *
     * @param positions {@code [n][3]} in world units
     * @return {@code [n]}, 0 outside the modelled box and where the occupancy grid says that nothing is
     * @throws RunException if the run's density has an activation that can't be read
     */
    public float[] density(double[] positions) {
        DensityActivation activation = DensityActivation.named(config().densityActivation());
        UnitCube cube = config().unitCube();
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
            float[] raw = field().rawDensity(Arrays.copyOf(inside, 3 * count));
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
        UnitCube cube = config().unitCube();
        float[] inside = new float[positions.length];
        for (int i = 0; i < positions.length; i += 3) {
            box(cube, positions, i, inside, i);
        }
        return field().color(inside, directions);
    }

    private static void box(UnitCube cube, double[] from, int at, float[] to, int start) {
        double[] point = cube.toBox(from[at], from[at + 1], from[at + 2]);
        for (int axis = 0; axis < 3; axis++) {
            to[start + axis] = (float) Math.max(0, Math.min(1, point[axis]));
        }
    }

    /** @return how far the training is */
    public Checkpoint.Header header() {
        return header;
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
        occupancy().close();
        field().close();
        device().close();
    }
}
