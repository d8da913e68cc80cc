package org.eikonal;

import org.eikonal.internal.Bindings;

/** How far predictions are from targets, with the gradient. Holds nothing native; thread-safe: calls take turns. */
public final class Loss {
    private final Device device;
    private final String config;

    private Loss(Device device, LossConfig config) {
        this.device = device;
        this.config = config.toJson();
    }

    /** A loss on a device, which must stay open. */
    public static Loss create(Device device, LossConfig config) {
        return new Loss(device, config);
    }

    /**
     * A loss and its slope.
     *
     * @param value the mean over all rows and channels
     * @param gradient of the value by the prediction, {@code [n][channels]}
     */
    public record Result(double value, float[] gradient) {}

    /**
     * @param prediction {@code [n][channels]}
     * @param target {@code [n][channels]}
     * @param channels 1 and more
     */
    public Result evaluate(float[] prediction, float[] target, int channels) {
        if (channels < 1) {
            throw new IllegalArgumentException("channels is " + channels + "; it must be 1 or more");
        }
        int n = Shapes.rows("prediction", prediction.length, channels);
        Shapes.length("target", target.length, prediction.length);
        double[] value = new double[1];
        float[] gradient = new float[prediction.length];
        synchronized (device.turn) {
            Status.check(
                    Bindings.eik_loss(device.pointer(), config, n, channels, prediction, target, value, gradient));
        }
        return new Result(value[0], gradient);
    }
}
