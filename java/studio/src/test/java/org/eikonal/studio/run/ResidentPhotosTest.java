package org.eikonal.studio.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.recipe.Recipes;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.scene.PhotoMemory;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResidentPhotosTest {
    private static final int TOGETHER = 4;

    @TempDir
    static Path folder;

    private static Scene scene;

    @BeforeAll
    static void makeScene() throws IOException {
        DemoScene.write(folder.resolve("scene"), 12, 4, 32);
        scene = Scenes.open(folder.resolve("scene"));
        assertEquals(12, scene.views(Split.TRAIN).size());
    }

    private static RunConfig config(int steps, int together) {
        return RunConfig.resolve(Recipes.all().get(0), scene, RunOptions.steps(steps, "encoding.n_levels=4",
                "encoding.log2_hashmap_size=12", "samples_per_step=4096", "occupancy.resolution=32", "rays_per_pixel=1",
                "resident_photos=" + together));
    }

    private static boolean train(RunFolder run, RunConfig config, BooleanSupplier goOn) throws IOException {
        try (Device device = Device.open(DeviceConfig.cpu());
                Training training = new Training(device, config, scene)) {
            run.checkpoint(config).ifPresent(training::resume);
            return training.run(run, progress -> {}, goOn);
        }
    }

    private static BooleanSupplier after(int steps) {
        int[] asked = {0};
        return () -> asked[0]++ == steps;
    }

    private static TrainedField trained(String name, RunConfig config) throws IOException {
        RunFolder run = new RunFolder(folder.resolve(name));
        assertTrue(train(run, config, () -> true));
        return TrainedField.open(run);
    }

    @Test
    void aThirdOfThePhotosAtATimeTeachesNearlyAsMuchAsAll() throws IOException {
        try (TrainedField some = trained("some", config(600, TOGETHER)); TrainedField all = trained("all", config(600, 0));
                TrainedField few = trained("few", config(1, TOGETHER))) {
            double psnr = psnr(some);
            assertTrue(psnr > psnr(all) - 1, psnr + " dB, with all photos " + psnr(all));
            assertTrue(psnr > psnr(few) + 5, psnr + " dB, after a step " + psnr(few));
        }
    }

    private static double psnr(TrainedField field) throws IOException {
        return Evaluation.of(field, scene.views(Split.TEST), null, (quality, truth, rendering) -> {}).psnr();
    }

    @Test
    void theSameBitsTwiceAndAfterResume() throws IOException {
        RunConfig config = config(150, TOGETHER);
        RunFolder parts = new RunFolder(folder.resolve("parts"));
        assertFalse(train(parts, config, after(37)));
        assertFalse(train(parts, config, after(64)));
        assertTrue(train(parts, config, () -> true));
        try (TrainedField whole = trained("whole", config); TrainedField again = trained("again", config);
                TrainedField resumed = TrainedField.open(parts); TrainedField all = trained("other", config(150, 0))) {
            assertEquals(whole.parametersSha256(), again.parametersSha256());
            assertEquals(whole.parametersSha256(), resumed.parametersSha256());
            assertNotEquals(whole.parametersSha256(), all.parametersSha256());
        }
    }

    /** Each photo is decoded when its turn comes; none stays on Java's heap but the next one. */
    @Test
    void photosComeOneByOneAndDecodedOnesGo() throws IOException {
        ConcurrentLinkedQueue<WeakReference<Picture>> decoded = new ConcurrentLinkedQueue<>();
        List<String> names = Collections.synchronizedList(new ArrayList<>());
        ResidentPhotos.Decoder decoder = photo -> {
            ResidentPhotos.Decoded result = ResidentPhotos.Decoder.OF_FILES.decode(photo);
            decoded.add(new WeakReference<>(result.picture()));
            names.add(photo.name());
            return result;
        };
        try (Device device = Device.open(DeviceConfig.cpu());
                ResidentPhotos photos = new ResidentPhotos(device, config(1, TOGETHER), scene, decoder)) {
            assertEquals(1, names.size());
            for (long step = 0; step < 12 * ResidentPhotos.EXCHANGE_STEPS; step++) {
                photos.at(step);
                int exchanges = (int) (step / ResidentPhotos.EXCHANGE_STEPS);
                assertTrue(names.size() <= TOGETHER + exchanges + 1, names.size() + " decoded by step " + step);
                if (step % 40 == 0) {
                    System.gc();
                    long live = decoded.stream().filter(picture -> picture.get() != null).count();
                    assertTrue(live <= 2, live + " decoded pictures are held at step " + step);
                }
            }
            Set<String> all = new HashSet<>(names);
            assertEquals(12, all.size(), "every photo had its turn: " + names);
        }
    }

    @Test
    void aPhotoThatIsGoneWhenItsTurnComesIsNamed() throws IOException {
        ResidentPhotos.Decoder decoder = photo -> {
            if (photo.name().equals(scene.views(Split.TRAIN).get(7).name())) {
                throw new IOException(photo.image() + ": no such file");
            }
            return ResidentPhotos.Decoder.OF_FILES.decode(photo);
        };
        RunFolder run = new RunFolder(folder.resolve("gone"));
        try (Device device = Device.open(DeviceConfig.cpu());
                Training training = new Training(device, config(300, 1), scene, decoder)) {
            IOException e = assertThrows(IOException.class, () -> training.run(run, progress -> {}, () -> true));
            assertTrue(e.getMessage().contains(scene.views(Split.TRAIN).get(7).image() + ": no such file"), e.getMessage());
        }
        assertTrue(Files.exists(run.configFile()));
    }

    @Test
    void aViewIsCountedByItsPixels() {
        List<View> photos = scene.views(Split.TRAIN);
        long each = 4 * 32 * 32;
        assertEquals(0, PhotoMemory.fitting(photos, 12 * each));
        assertEquals(11, PhotoMemory.fitting(photos, 12 * each - 1));
        assertEquals(1, PhotoMemory.fitting(photos, 5));
        assertEquals(5 * each, PhotoMemory.of(photos, 5));
        assertEquals(12 * each, PhotoMemory.of(photos, 13));
    }
}
