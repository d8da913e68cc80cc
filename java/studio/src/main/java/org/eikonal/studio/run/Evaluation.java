package org.eikonal.studio.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.eikonal.Rendering;
import org.eikonal.studio.quality.ImageQuality;
import org.eikonal.studio.quality.Lpips;
import org.eikonal.studio.scene.View;

/**
 * How near a field's pictures are to photos that it has not seen: at full size, through the real distortion, in stored
 * sRGB of 0 to 1, RGBA over the run's background. Where a view has a mask, its PSNR is that of the pixels that count,
 * and SSIM and MS-SSIM see the photo itself at the others: there nothing differs.
 *
 * @param psnr decibels, the mean over views
 * @param ssim the mean over views
 * @param msSsim the mean over those views that are large enough for it; null if none is
 * @param lpips the mean over views; null if it was not measured
 * @param views each view's own, in the order of the scene
 * @param seconds wall time of rendering
 * @param raysPerSecond pixels rendered, by that time
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Evaluation(double psnr, double ssim, Double msSsim, Double lpips, List<ViewQuality> views,
        double seconds, double raysPerSecond) {
    /**
     * One view's quality.
     *
     * @param name the view's name
     * @param psnr decibels
     * @param ssim -1 to 1
     * @param msSsim 0 to 1; null if the view is too small for five scales
     * @param lpips 0 for equal pictures; null if it was not measured
     * @param seconds wall time of rendering it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ViewQuality(String name, double psnr, double ssim, Double msSsim, Double lpips, double seconds) {}

    /** Learns of each view that was measured. */
    public interface Listener {
        /**
         * @param quality of the view
         * @param truth {@code [height][width][3]}, over the run's background
         * @param rendering of the same size
         */
        void measured(ViewQuality quality, float[] truth, Rendering rendering) throws IOException;
    }

    /**
     * Renders and measures views.
     *
     * @param views at least one
     * @param lpips another measure to take; null: none
     * @param listener called after each view
     * @throws IllegalArgumentException if there is no view
     * @throws IOException in one line, if a photo can't be decoded
     */
    public static Evaluation of(TrainedField field, List<View> views, Lpips lpips, Listener listener)
            throws IOException {
        if (views.isEmpty()) {
            throw new IllegalArgumentException("there is no view to evaluate on");
        }
        List<ViewQuality> qualities = new ArrayList<>();
        long rays = 0;
        for (View view : views) {
            float[] truth = view.picture().compositeOver(field.config().background());
            long start = System.nanoTime();
            Rendering rendering = field.render(view.camera());
            double seconds = (System.nanoTime() - start) / 1e9;
            int width = rendering.width();
            int height = rendering.height();
            byte[] counts = view.countingPixels();
            float[] seen = counting(rendering.color(), truth, counts);
            double msSsim = ImageQuality.msSsim(truth, seen, width, height, 3);
            ViewQuality quality = new ViewQuality(view.name(),
                    counts == null ? ImageQuality.psnr(truth, seen) : ImageQuality.psnr(truth, seen, counts),
                    ImageQuality.ssim(truth, seen, width, height, 3),
                    Double.isNaN(msSsim) ? null : msSsim,
                    lpips == null ? null : lpips.of(truth, seen, width, height), seconds);
            qualities.add(quality);
            rays += (long) width * height;
            listener.measured(quality, truth, rendering);
        }
        double seconds = qualities.stream().mapToDouble(ViewQuality::seconds).sum();
        return new Evaluation(mean(qualities, ViewQuality::psnr), mean(qualities, ViewQuality::ssim),
                mean(qualities, ViewQuality::msSsim), mean(qualities, ViewQuality::lpips), List.copyOf(qualities),
                seconds, rays / seconds);
    }

    /** Over those views that have the measure; null if none does. */
    private static Double mean(List<ViewQuality> qualities, Function<ViewQuality, Double> measure) {
        OptionalDouble mean = qualities.stream().map(measure).filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue).average();
        return mean.isPresent() ? mean.getAsDouble() : null;
    }

    /** A picture with the truth in place of pixels that do not count; counts null: all do. */
    private static float[] counting(float[] picture, float[] truth, byte[] counts) {
        if (counts == null) {
            return picture;
        }
        float[] seen = picture.clone();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) {
                System.arraycopy(truth, 3 * i, seen, 3 * i, 3);
            }
        }
        return seen;
    }
}
