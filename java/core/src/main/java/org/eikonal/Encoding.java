package org.eikonal;

/** An encoding by itself: coordinates in, features out. */
public final class Encoding extends Model {
    private Encoding(Device device, EncodingConfig config, int inputs, long seed) {
        super(device, config.toJson(), inputs, 0, seed);
    }

    /**
     * @param inputs coordinates of a point
     * @param seed where its random initial parameters start
     */
    public static Encoding create(Device device, EncodingConfig config, int inputs, long seed) {
        return new Encoding(device, config, inputs, seed);
    }
}
