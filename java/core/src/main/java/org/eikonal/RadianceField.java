package org.eikonal;

import org.eikonal.internal.Bindings;

/**
 * Density and colour of every point of the unit cube, the colour as seen from a direction.
 *
 * <pre>{@code
 * try (Device device = Device.open();
 *         RadianceField field = RadianceField.create(device, FieldConfig.fromJson(json), 0)) {
 *     field.setParameters(trained);
 *     float[] density = field.density(new float[] {.5f, .5f, .5f});
 *     float[] color = field.color(new float[] {.5f, .5f, .5f}, new float[] {0, 0, -1});
 * }
 * }</pre>
 *
 * <p>As a {@link Model}, a row of its input is a position in [0,1]^3 (3) and a unit direction (3); a row of its output
 * is the colour's channels and, last, the raw density, before its activation.
 */
public final class RadianceField extends Model {
    private static final int INPUTS = 6;

    private RadianceField(Device device, FieldConfig config, int channels, long seed) {
        super(device, config.toJson(), INPUTS, channels + 1, seed);
    }

    /**
     * Makes a field of red, green and blue.
     *
     * @param device where it lives
     * @param config its encodings and networks
     * @param seed where its random initial parameters start
     * @return the field, to be closed
     * @throws IllegalArgumentException if the configuration cannot be meant
     * @throws DeviceMemoryException if the device has too little memory
     */
    public static RadianceField create(Device device, FieldConfig config, long seed) {
        return create(device, config, 3, seed);
    }

    /**
     * Makes a field of any number of channels. {@link Trainer} and {@link Renderer} want three.
     *
     * @param device where it lives
     * @param config its encodings and networks
     * @param channels of a colour, 1 and more
     * @param seed where its random initial parameters start
     * @return the field, to be closed
     * @throws IllegalArgumentException if the configuration or the number of channels cannot be meant
     * @throws DeviceMemoryException if the device has too little memory
     */
    public static RadianceField create(Device device, FieldConfig config, int channels, long seed) {
        return new RadianceField(device, config, channels, seed);
    }

    /**
     * How large a field of red, green and blue would be; nothing is made. So that what a file asks for can be compared
     * with what it holds before memory is spent.
     *
     * @param config its encodings and networks
     * @return parameters
     * @throws IllegalArgumentException if the configuration cannot be meant
     */
    public static long parameterCount(FieldConfig config) {
        long[] count = new long[1];
        Status.check(Bindings.eik_module_measure(config.toJson(), INPUTS, 3 + 1, count));
        return count[0];
    }

    /** {@return channels of a colour} */
    public int channels() {
        return outputs() - 1;
    }

    /**
     * The volume density: light lost per unit of length of the unit cube, through {@link Activation#EXPONENTIAL}.
     *
     * @param positions {@code [n][3]} in [0,1]
     * @return {@code [n]}, above 0
     */
    public float[] density(float[] positions) {
        float[] density = rawDensity(positions);
        for (int i = 0; i < density.length; i++) {
            density[i] = (float) Math.exp(Math.max(-15, Math.min(15, density[i])));
        }
        return density;
    }

    /**
     * What the network answers for the density, before any activation.
     *
     * @param positions {@code [n][3]} in [0,1]
     * @return {@code [n]}
     */
    public float[] rawDensity(float[] positions) {
        int n = Shapes.rows("positions", positions.length, 3);
        // The density does not depend on the direction, but a row has one.
        float[] directions = new float[positions.length];
        for (int i = 0; i < n; i++) {
            directions[i * 3 + 2] = 1;
        }
        return columns(forward(rows(positions, directions)), channels(), 1);
    }

    /**
     * The colour, as the field gives it: stored sRGB for photos.
     *
     * @param positions {@code [n][3]} in [0,1]
     * @param directions {@code [n][3]}, unit vectors, the way the light is looked along
     * @return {@code [n][channels]}
     */
    public float[] color(float[] positions, float[] directions) {
        Shapes.rows("positions", positions.length, 3);
        Shapes.length("directions", directions.length, positions.length);
        return columns(forward(rows(positions, directions)), 0, channels());
    }

    private static float[] rows(float[] positions, float[] directions) {
        float[] rows = new float[Shapes.size("inputs", positions.length, 2)];
        for (int i = 0; i < positions.length; i += 3) {
            System.arraycopy(positions, i, rows, 2 * i, 3);
            System.arraycopy(directions, i, rows, 2 * i + 3, 3);
        }
        return rows;
    }

    private float[] columns(float[] rows, int first, int count) {
        int n = rows.length / outputs();
        float[] columns = new float[n * count];
        for (int i = 0; i < n; i++) {
            System.arraycopy(rows, i * outputs() + first, columns, i * count, count);
        }
        return columns;
    }
}
