package org.eikonal.studio.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.quality.Lpips;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.run.Checkpoint;
import org.eikonal.studio.run.Evaluation;
import org.eikonal.studio.run.FieldPictures;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.run.TrainingProgress;
import org.eikonal.studio.scene.View;

/**
 * A run and how good it is.
 *
 * @param name what the run is called, as its folder
 * @param device where it was evaluated
 * @param metrics of its training, oldest first
 * @param views what it shows of each view of the evaluation; empty where no report is wanted
 */
public record RunResult(String name, RunConfig config, Checkpoint.Header header, String device, Evaluation evaluation,
        List<TrainingProgress> metrics, List<ViewPictures> views) {
    /** A view as it is, as the run shows it, and how far the two are apart. */
    record ViewPictures(InlinePicture truth, InlinePicture render, InlinePicture error) {}

    /**
     * Evaluates a run.
     *
     * @param lpips another measure to take; null: none
     * @param pictures whether its pictures are to be kept, for a report
     * @param listener called after each view
     */
    public static RunResult of(RunFolder folder, TrainedField field, List<View> views, Lpips lpips,
            boolean pictures, Evaluation.Listener listener) throws IOException {
        List<ViewPictures> kept = new ArrayList<>();
        Evaluation evaluation = Evaluation.of(field, views, lpips, (quality, truth, rendering) -> {
            if (pictures) {
                kept.add(new ViewPictures(
                        InlinePicture.of(Picture.ofRgb(rendering.width(), rendering.height(), truth)),
                        InlinePicture.of(FieldPictures.rgb(rendering)),
                        InlinePicture.of(FieldPictures.error(rendering, truth))));
            }
            listener.measured(quality, truth, rendering);
        });
        return new RunResult(folder.path().toString(), field.config(), field.header(), field.device().type(),
                evaluation, folder.metrics(), kept);
    }

    /** @return mean wall time of rendering a view, in seconds */
    public double secondsPerView() {
        return evaluation.seconds() / evaluation.views().size();
    }
}
