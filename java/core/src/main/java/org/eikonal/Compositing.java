package org.eikonal;

import org.eikonal.internal.Bindings;

/**
 * Volume compositing, front to back, of any number of channels (Max 1995; NeRF, equation 3): a sample's weight is
 * transmittance times (1 - exp(-density dt)), and the transmittance is the product of exp(-density dt) in front of it. Holds
 * nothing native; thread-safe: calls take turns.
 */
public final class Compositing {
    private final Device device;
    private final String config;

    private Compositing(Device device, CompositingConfig config) {
        this.device = device;
        this.config = config.toJson();
    }

    /**
     * Makes compositing on a device.
     *
     * @param device where to compute; must stay open
     * @param config how
     * @return the compositing
     */
    public static Compositing create(Device device, CompositingConfig config) {
        return new Compositing(device, config);
    }

    /**
     * What rays see.
     *
     * @param color {@code [rays][channels]}, with the background behind what is left
     * @param opacity {@code [rays]}: the sum of weights
     * @param depth {@code [rays]}: the sum of weight times t
     * @param live {@code [rays]}: samples before the transmittance fell below the early stop; later ones count nothing
     * @param weights {@code [samples]}
     */
    public record Result(float[] color, float[] opacity, float[] depth, int[] live, float[] weights) {}

    /**
     * Gradients of what went in.
     *
     * @param rawDensity {@code [samples]}
     * @param values {@code [samples][channels]}
     * @param background {@code [rays][channels]}; null if there was no background
     */
    public record Gradients(float[] rawDensity, float[] values, float[] background) {}

    /**
     * Composites samples along their rays.
     *
     * @param samples of {@code [rays]} rays
     * @param rawDensity {@code [samples]}, before the activation
     * @param values {@code [samples][channels]}: colours or whatever else is seen
     * @param channels of a value, 1 and more
     * @param background {@code [rays][channels]}; null: black
     * @return what the rays see
     * @throws IllegalArgumentException if lengths do not fit each other or the configuration cannot be meant
     * @throws IllegalStateException if the device is closed
     */
    public Result forward(Samples samples, float[] rawDensity, float[] values, int channels, float[] background) {
        check(samples, rawDensity, values, channels, background);
        int rays = samples.rays();
        Result result = new Result(new float[Shapes.size("color", rays, channels)], new float[rays], new float[rays],
                new int[rays], new float[samples.count()]);
        forward(samples, rawDensity, values, channels, background, result);
        return result;
    }

    /**
     * As {@link #forward(Samples, float[], float[], int, float[])}, into arrays of the caller's: allocates nothing.
     *
     * @param samples of {@code [rays]} rays
     * @param rawDensity {@code [samples]}, before the activation
     * @param values {@code [samples][channels]}
     * @param channels of a value, 1 and more
     * @param background {@code [rays][channels]}; null: black
     * @param result whose arrays are overwritten
     */
    public void forward(Samples samples, float[] rawDensity, float[] values, int channels, float[] background,
            Result result) {
        check(samples, rawDensity, values, channels, background);
        int rays = samples.rays();
        int m = samples.count();
        Shapes.length("color", result.color.length, (long) rays * channels);
        Shapes.length("opacity", result.opacity.length, rays);
        Shapes.length("depth", result.depth.length, rays);
        Shapes.length("live", result.live.length, rays);
        Shapes.length("weights", result.weights.length, m);
        synchronized (device.turn) {
            Status.check(Bindings.eik_composite_forward(device.pointer(), config, rays, samples.starts(),
                    samples.counts(), m, channels, rawDensity, samples.dt(), samples.t(), values, background,
                    result.color, result.opacity, result.depth, result.live, result.weights));
        }
    }

    /**
     * Goes back from the gradients of the result of {@link #forward forward}, whose first five parameters it is given
     * again.
     *
     * @param samples of {@code [rays]} rays
     * @param rawDensity {@code [samples]}, before the activation
     * @param values {@code [samples][channels]}
     * @param channels of a value, 1 and more
     * @param background {@code [rays][channels]}; null: black
     * @param colorGradients {@code [rays][channels]}
     * @param opacityGradients {@code [rays]}; null: zero
     * @param depthGradients {@code [rays]}; null: zero
     * @return the gradients of what went in
     * @throws IllegalArgumentException if lengths do not fit each other or the configuration cannot be meant
     * @throws IllegalStateException if the device is closed
     */
    public Gradients backward(Samples samples, float[] rawDensity, float[] values, int channels, float[] background,
            float[] colorGradients, float[] opacityGradients, float[] depthGradients) {
        Gradients gradients = new Gradients(new float[samples.count()], new float[values.length],
                background == null ? null : new float[background.length]);
        backward(samples, rawDensity, values, channels, background, colorGradients, opacityGradients, depthGradients,
                gradients);
        return gradients;
    }

    /**
     * As the other, into arrays of the caller's: allocates nothing.
     *
     * @param samples of {@code [rays]} rays
     * @param rawDensity {@code [samples]}, before the activation
     * @param values {@code [samples][channels]}
     * @param channels of a value, 1 and more
     * @param background {@code [rays][channels]}; null: black
     * @param colorGradients {@code [rays][channels]}
     * @param opacityGradients {@code [rays]}; null: zero
     * @param depthGradients {@code [rays]}; null: zero
     * @param gradients whose arrays are overwritten; a null background is not wanted
     */
    public void backward(Samples samples, float[] rawDensity, float[] values, int channels, float[] background,
            float[] colorGradients, float[] opacityGradients, float[] depthGradients, Gradients gradients) {
        check(samples, rawDensity, values, channels, background);
        int rays = samples.rays();
        int m = samples.count();
        Shapes.length("colorGradients", colorGradients.length, (long) rays * channels);
        Shapes.optional("opacityGradients", opacityGradients, rays);
        Shapes.optional("depthGradients", depthGradients, rays);
        Shapes.length("gradients of rawDensity", gradients.rawDensity.length, m);
        Shapes.length("gradients of values", gradients.values.length, values.length);
        Shapes.optional("gradients of background", gradients.background, (long) rays * channels);
        synchronized (device.turn) {
            Status.check(Bindings.eik_composite_backward(device.pointer(), config, rays, samples.starts(),
                    samples.counts(), m, channels, rawDensity, samples.dt(), samples.t(), values, background,
                    colorGradients, opacityGradients, depthGradients, gradients.rawDensity, gradients.values,
                    gradients.background));
        }
    }

    private static void check(
            Samples samples, float[] rawDensity, float[] values, int channels, float[] background) {
        if (channels < 1) {
            throw new IllegalArgumentException("channels is " + channels + "; it must be 1 or more");
        }
        Shapes.length("rawDensity", rawDensity.length, samples.count());
        Shapes.length("values", values.length, (long) samples.count() * channels);
        Shapes.optional("background", background, (long) samples.rays() * channels);
    }
}
