package org.eikonal.studio.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eikonal.Rendering;
import org.eikonal.studio.quality.ImageQuality;
import org.eikonal.studio.scene.View;

/**
 * How near a field's pictures are to photos that it has not seen: at full size, through the real distortion, in stored
 * sRGB of 0 to 1, RGBA over the run's background.
 *
 * @param psnr decibels, the mean over views
 * @param ssim the mean over views
 * @param views each view's own, in the order of the scene
 * @param seconds wall time of rendering
 * @param raysPerSecond pixels rendered, by that time
 */
public record Evaluation(double psnr, double ssim, List<ViewQuality> views, double seconds, double raysPerSecond) {
    /**
     * One view's quality.
     *
     * @param name the view's name
     * @param psnr decibels
     * @param ssim -1 to 1
     * @param seconds wall time of rendering it
     */
    public record ViewQuality(String name, double psnr, double ssim, double seconds) {}

    /**
     * Renders and measures views.
     *
     * @param views at least one
     * @param listener called after each view
     * @throws IOException in one line, if a photo can't be decoded
     */
    public static Evaluation of(TrainedField field, List<View> views, Consumer<ViewQuality> listener)
            throws IOException {
        List<ViewQuality> qualities = new ArrayList<>();
        long rays = 0;
        for (View view : views) {
            float[] truth = view.picture().compositeOver(field.config().background());
            long start = System.nanoTime();
            Rendering rendering = field.render(view.camera());
            double seconds = (System.nanoTime() - start) / 1e9;
            int width = rendering.width();
            int height = rendering.height();
            qualities.add(new ViewQuality(view.name(), ImageQuality.psnr(truth, rendering.color()),
                    ImageQuality.ssim(truth, rendering.color(), width, height, 3), seconds));
            rays += (long) width * height;
            listener.accept(qualities.get(qualities.size() - 1));
        }
        double seconds = qualities.stream().mapToDouble(ViewQuality::seconds).sum();
        return new Evaluation(
                qualities.stream().mapToDouble(ViewQuality::psnr).average().orElseThrow(),
                qualities.stream().mapToDouble(ViewQuality::ssim).average().orElseThrow(),
                List.copyOf(qualities), seconds, rays / seconds);
    }
}
