package org.eikonal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eikonal.internal.Json;

/** A training step on rays of posed pictures. */
public final class TrainerConfig extends Config {
    private TrainerConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * Reads a configuration; what its keys hold is checked when a component is made of it.
     *
     * @param json a JSON object with the keys named at {@link Builder}
     * @return the configuration
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static TrainerConfig fromJson(String json) {
        return new TrainerConfig(Json.parseObject(json));
    }

    /** {@return a builder in which nothing is set: the engine's defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the options of a {@link TrainerConfig}; for one thread. */
    public static final class Builder {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets how many samples a step has; as many rays as fit are drawn for it. {@code "samples_per_step"}.
         *
         * @param samples 2048 to 4194304; 32768 by default
         * @return this builder
         */
        public Builder samplesPerStep(int samples) {
            entries.put("samples_per_step", samples);
            return this;
        }

        /**
         * Sets how many rays look through each pixel that is drawn, {@code "rays_per_pixel"}, and from when on,
         * {@code "rays_per_pixel_from"}. One goes through its centre; of several, spread over its area, the mean is
         * compared with the picture, as a pixel is the mean over its area: edges become sharper. Until they begin to
         * matter, more pixels are worth more than more rays. Pictures of such a field want
         * {@link RenderConfig.Builder#supersampling}.
         *
         * @param rays 1 (default) to 64; a step needs 1024 samples for each
         * @param from the progress from which there are so many, 0 (default) to 1; before, there is one
         * @return this builder
         */
        public Builder raysPerPixel(int rays, double from) {
            entries.put("rays_per_pixel", rays);
            entries.put("rays_per_pixel_from", from);
            return this;
        }

        /**
         * Sets whether pixels around which their picture changes are drawn more often, {@code "prefer_detail"}: two are
         * drawn, and each is taken with the probability that its share of both pixels' detail is. Edges and texture are
         * what is learnt last.
         *
         * @param prefer false by default: all pixels are equally likely
         * @return this builder
         */
        public Builder preferDetail(boolean prefer) {
            entries.put("prefer_detail", prefer);
            return this;
        }

        /**
         * Sets what is made small, {@code "loss"}.
         *
         * @param loss of colours in stored sRGB; Huber with delta 0.1 by default
         * @return this builder
         */
        public Builder loss(LossConfig loss) {
            entries.put("loss", loss.entries());
            return this;
        }

        /**
         * Sets what the distortion of rays counts beside the loss of colours, {@code "distortion_loss_mult"}: how far
         * apart what a ray sees lies (Barron et al. 2022, equation 15), on an axis that ends at 1 far away. It drives
         * out fog and what floats in front of cameras.
         *
         * @param factor 0 (default) to 1000; 0.001 suits photos of rooms
         * @return this builder
         */
        public Builder distortionLossMult(double factor) {
            entries.put("distortion_loss_mult", factor);
            return this;
        }

        /**
         * Sets what the distance of rays from known points counts beside the loss of colours,
         * {@code "depth_loss_mult"}. One draw in eight then looks at one of the points that a view is known to show
         * ({@link Views#setPoints}), if there are any: what its ray sees is to lie where the point does.
         *
         * @param factor 0 (default) to 1000
         * @return this builder
         */
        public Builder depthLossMult(double factor) {
            entries.put("depth_loss_mult", factor);
            return this;
        }

        /**
         * Sets how rays are marched, {@code "sampler"}.
         *
         * @param sampler how
         * @return this builder
         */
        public Builder sampler(SamplerConfig sampler) {
            entries.put("sampler", sampler.entries());
            return this;
        }

        /**
         * Sets what makes a density of a raw density, {@code "density_activation"}.
         *
         * @param activation {@link Activation#EXPONENTIAL} by default
         * @return this builder
         */
        public Builder densityActivation(Activation activation) {
            entries.put("density_activation", activation.key());
            return this;
        }

        /**
         * Sets how many views must show a cell, {@code "min_views"}; cells that fewer show stay empty.
         *
         * @param views 1 (default) and more; 0 closes no cell
         * @return this builder
         */
        public Builder minViews(int views) {
            entries.put("min_views", views);
            return this;
        }

        /**
         * Sets the transmittance below which the rest of a ray is left out, {@code "early_stop"}.
         *
         * @param transmittance 0 to 0.5; 1e-4 by default
         * @return this builder
         */
        public Builder earlyStop(double transmittance) {
            entries.put("early_stop", transmittance);
            return this;
        }

        /**
         * Puts a colour of its own behind every ray, which drives out fog: {@code "background": "random"}.
         *
         * @return this builder
         */
        public Builder randomBackground() {
            entries.put("background", "random");
            return this;
        }

        /**
         * Sets the one colour behind every ray, {@code "background"}; white by default.
         *
         * @param r red, stored sRGB, 0 to 1
         * @param g green, likewise
         * @param b blue, likewise
         * @return this builder
         */
        public Builder background(double r, double g, double b) {
            entries.put("background", List.of(r, g, b));
            return this;
        }

        /**
         * Sets where random numbers start, {@code "seed"}; the same seed gives the same bits.
         *
         * @param seed 0 (default) to 2<sup>53</sup>
         * @return this builder
         */
        public Builder seed(long seed) {
            entries.put("seed", seed);
            return this;
        }

        /** {@return the configuration; the builder may be used further} */
        public TrainerConfig build() {
            return new TrainerConfig(entries);
        }
    }
}
