package org.eikonal;

/** An encoding by itself: coordinates in, features out. */
public final class Encoding extends Model {
    private Encoding(Device device, EncodingConfig config, int inputs, long seed) {
        super(device, config.toJson(), inputs, 0, seed);
    }

    /**
     * Makes an encoding.
     *
     * @param device where it lives
     * @param config which
     * @param inputs coordinates of a point, 1 to 16384; grids take 1 to 4, spherical harmonics 3
     * @param seed where its random initial parameters start
     * @return the encoding, to be closed
     * @throws IllegalArgumentException if the configuration cannot be meant
     * @throws DeviceMemoryException if the device has too little memory
     */
    public static Encoding create(Device device, EncodingConfig config, int inputs, long seed) {
        return new Encoding(device, config, inputs, seed);
    }
}
