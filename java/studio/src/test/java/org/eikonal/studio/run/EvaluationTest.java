package org.eikonal.studio.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.Rendering;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.quality.ImageQuality;
import org.eikonal.studio.recipe.Recipes;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.run.Evaluation.ViewQuality;
import org.eikonal.studio.scene.Mask;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
    private static final int SIZE = 32;

    @TempDir
    Path folder;

    private record Measured(ViewQuality quality, float[] truth, Rendering rendering) {}

    private static Measured measure(TrainedField field, View view) throws IOException {
        Measured[] measured = new Measured[1];
        Evaluation.of(field, List.of(view), null, (quality, truth, rendering) -> {
            measured[0] = new Measured(quality, truth, rendering);
        });
        return measured[0];
    }

    @Test
    void pixelsThatAMaskHidesAreNotMeasured() throws IOException {
        DemoScene.write(folder.resolve("scene"), 3, 1, SIZE);
        Scene scene = Scenes.open(folder.resolve("scene"));
        RunConfig config = RunConfig.resolve(Recipes.all().get(0), scene, RunOptions.steps(1, TrainingTest.SMALL));
        RunFolder run = new RunFolder(folder.resolve("run"));
        try (Device device = Device.open(DeviceConfig.cpu());
                Training training = new Training(device, config, scene)) {
            training.run(run, progress -> {}, () -> true);
        }
        byte[] rgba = new byte[4 * SIZE * SIZE];
        for (int i = 0; i < SIZE * SIZE; i++) {
            rgba[4 * i] = (byte) (i % SIZE < 20 ? 0 : 255); // the left part is hidden
        }
        PictureFiles.writePng(new Picture(SIZE, SIZE, rgba), folder.resolve("mask.png"));
        View view = scene.views(Split.TEST).get(0);
        View masked = new View(view.name(), view.image(), view.orientation(), view.camera(), view.split(),
                new Mask(folder.resolve("mask.png"), true), View.NO_POINTS);
        try (TrainedField field = TrainedField.open(run)) {
            Measured whole = measure(field, view);
            Measured part = measure(field, masked);
            double square = 0;
            float[] pasted = part.rendering().color().clone();
            for (int i = 0; i < pasted.length; i++) {
                if (i / 3 % SIZE < 20) {
                    pasted[i] = part.truth()[i];
                } else {
                    square += Math.pow((double) pasted[i] - part.truth()[i], 2);
                }
            }
            assertEquals(-10 * Math.log10(square / (3 * 12 * SIZE)), part.quality().psnr(), 1e-9);
            assertEquals(ImageQuality.ssim(part.truth(), pasted, SIZE, SIZE, 3), part.quality().ssim(), 1e-12);
            assertNotEquals(whole.quality().psnr(), part.quality().psnr());
        }
    }
}
