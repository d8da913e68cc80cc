package org.eikonal;

import org.eikonal.internal.Bindings;

/** How far predictions are from targets, with the gradient. Holds nothing native; thread-safe: calls take turns. */
public final class Loss {
    private final Device device;
    private final String config;
    private final double[] value = new double[1];

    private Loss(Device device, LossConfig config) {
        this.device = device;
        this.config = config.toJson();
    }

    /**
     * Makes a loss on a device.
     *
     * @param device where to compute; must stay open
     * @param config which
     * @return the loss
     */
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
     * Compares predictions with targets.
     *
     * @param prediction {@code [n][channels]}
     * @param target {@code [n][channels]}
     * @param channels of a row, 1 and more
     * @return the loss and its slope
     * @throws IllegalArgumentException if lengths do not fit or the configuration cannot be meant
     * @throws IllegalStateException if the device is closed
     */
    public Result evaluate(float[] prediction, float[] target, int channels) {
        float[] gradient = new float[prediction.length];
        return new Result(evaluate(prediction, target, channels, gradient), gradient);
    }

    /**
     * As {@link #evaluate(float[], float[], int)}, into an array of the caller's: allocates nothing.
     *
     * @param prediction {@code [n][channels]}
     * @param target {@code [n][channels]}
     * @param channels of a row, 1 and more
     * @param gradient {@code [n][channels]}, overwritten: the slope
     * @return the loss: the mean over all rows and channels
     */
    public double evaluate(float[] prediction, float[] target, int channels, float[] gradient) {
        if (channels < 1) {
            throw new IllegalArgumentException("channels is " + channels + "; it must be 1 or more");
        }
        int n = Shapes.rows("prediction", prediction.length, channels);
        Shapes.length("target", target.length, prediction.length);
        Shapes.length("gradient", gradient.length, prediction.length);
        synchronized (device.turn) {
            Status.check(
                    Bindings.eik_loss(device.pointer(), config, n, channels, prediction, target, value, gradient));
            return value[0];
        }
    }
}
