package org.eikonal.studio.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.eikonal.studio.image.OrientationTest;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Skipped;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PhotoScenesTest {
    private static final List<String> NAMES = List.of("a.png", "b.png", "c.png", "d.png", "e with space.png", "f.png");

    @TempDir
    Path folder;

    private Path photos;
    private FakeColmap colmap;
    private final Heard heard = new Heard();

    private static final class Heard implements PlacingListener {
        private final List<String> progress = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private volatile Path cancelWhen;

        @Override
        public void progress(Stage stage, int done, int total) {
            progress.add(stage + " " + done + "/" + total);
        }

        @Override
        public void note(String line) {
            notes.add(line);
        }

        @Override
        public boolean isCancelled() {
            return cancelWhen != null && Files.exists(cancelWhen);
        }
    }

    @BeforeEach
    void prepare() throws IOException {
        photos = Files.createDirectory(folder.resolve("photos"));
        FakeColmap.photos(photos, NAMES);
        colmap = FakeColmap.in(folder.resolve("bin")).model(0, NAMES);
    }

    private Scene open(Path path) throws IOException {
        return PhotoScenes.open(path, heard, () -> Optional.of(colmap.program()));
    }

    private String refused() {
        return assertThrows(SceneException.class, () -> open(photos)).getMessage();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(photos.resolve("eikonal-colmap"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> photos.relativize(file).toString().substring("eikonal-colmap/".length())).sorted()
                    .toList();
        }
    }

    @Test
    void photosArePlacedOnce() throws IOException {
        Scene scene = open(photos);
        assertEquals(6, scene.views().size());
        assertEquals(photos.toRealPath(), scene.folder());
        assertEquals("photos", scene.name());
        assertEquals(List.of(), scene.skipped());
        assertEquals(List.of("FEATURES 0/6", "FEATURES 1/6", "FEATURES 2/6", "FEATURES 3/6", "FEATURES 4/6",
                "FEATURES 5/6", "FEATURES 6/6", "MATCHING 0/1", "MATCHING 1/1", "PLACING 0/6", "PLACING 3/6",
                "PLACING 4/6"), heard.progress);
        assertTrue(heard.notes.contains("COLMAP placed 6 of 6 photos, by 2 points with a mean reprojection error of"
                + " 0.50 px"), heard.notes::toString);
        // 6 photos are too few for a lens with tangential distortion.
        List<String> calls = colmap.calls();
        assertEquals(3, calls.size());
        assertTrue(calls.get(0).startsWith("offscreen feature_extractor"), calls.get(0));
        assertTrue(calls.get(0).contains("--ImageReader.single_camera 1 --ImageReader.camera_model SIMPLE_RADIAL"
                + " --SiftExtraction.use_gpu 0"), calls.get(0));
        assertTrue(calls.get(1).endsWith("--SiftMatching.use_gpu 0 --ExhaustiveMatching.block_size 10"), calls.get(1));
        assertEquals(List.of(".lock", "colmap.log", "placement.json", "sparse/0/cameras.bin", "sparse/0/images.bin",
                "sparse/0/points3D.bin"), files());

        assertEquals(scene.views(), open(photos).views());
        assertEquals(scene.views(), Scenes.open(photos).views(), "what only opens runs nothing");
        assertEquals(3, colmap.calls().size());
    }

    @Test
    void photosInAFolderOfTheirOwnGetTheLayoutThatEveryoneKnows() throws IOException {
        Path scene = Files.createDirectory(folder.resolve("scene"));
        Files.move(photos, scene.resolve("images"));
        assertEquals(6, open(scene).views().size());
        assertTrue(Files.exists(scene.resolve("sparse/0/images.bin")));
    }

    @Test
    void unplacedPhotosAndThoseOfOtherModelsAreSkippedAndNamed() throws IOException {
        colmap.model(0, List.of("f.png")).model(1, NAMES.subList(0, 4));
        FakeColmap.photos(photos, List.of("photos-cameras.png")); // eikonal scene drew it there
        Files.writeString(photos.resolve("g.png"), "no picture");
        Scene scene = open(photos);
        assertEquals(4, scene.views().size());
        assertEquals(3, scene.skipped().size());
        assertEquals(new Skipped("e with space.png", "COLMAP could not place it"), scene.skipped().get(0));
        assertEquals("COLMAP placed it apart from most, with 0 other photos", scene.skipped().get(1).reason());
        assertTrue(scene.skipped().get(2).reason().contains("it is no picture"), scene.skipped()::toString);
        assertTrue(heard.notes.contains("COLMAP also made a model of 1 photos that it can't connect with the others,"
                + " and which is left out: f.png"), heard.notes::toString);
        assertTrue(heard.notes.contains("not placed: e with space.png, f.png"), heard.notes::toString);

        // A photo that comes later is noticed, and poses that runs depend on stay.
        FakeColmap.photos(photos, List.of("late.png"));
        String reason = "added after COLMAP had placed the others; remove eikonal-colmap/sparse/0 to place all anew";
        assertEquals(new Skipped("late.png", reason), open(photos).skipped().get(3));
        String note = reason + " (runs that were trained on it then don't fit any more)";
        assertTrue(heard.notes.contains("skipped: late.png, " + note), heard.notes::toString);
        Files.writeString(photos.resolve("g.exr"), "no photo of its poses");
        assertEquals(new Skipped("g.exr", "COLMAP is given JPEG, PNG, TIFF and BMP only"), open(photos).skipped().get(2));
        FakeColmap.photos(photos, List.of("late2.png", "late3.png", "later.png", "latest.png"));
        open(photos);
        assertTrue(heard.notes.contains("skipped: late.png, late2.png, late3.png and 2 more, " + note),
                heard.notes::toString);
        assertEquals(3, colmap.calls().size());
        Files.move(photos.resolve("eikonal-colmap/sparse/0"), folder.resolve("old"));
        open(photos);
        assertEquals(6, colmap.calls().size());
    }

    @Test
    void tooFewPlacedPhotosAreNoScene() throws IOException {
        colmap.model(0, NAMES.subList(0, 2));
        assertTrue(refused().contains("COLMAP placed only 2 of 6 photos, too few to train on; photos must overlap"));
        colmap.at("mapper", "echo 'ERROR: failed to create sparse model'; exit 1");
        assertTrue(refused().contains("COLMAP placed none of 6 photos"));
        assertFalse(Scenes.isScene(photos));
        Files.delete(photos.resolve("a.png"));
        Files.delete(photos.resolve("b.png"));
        Files.delete(photos.resolve("c.png"));
        assertTrue(refused().contains("with 3 photos COLMAP can't estimate them"));
    }

    @Test
    void failuresAreOneLineAndNameTheLog() throws IOException {
        colmap.at("exhaustive_matcher", "echo 'F1123 sift.cc:7] Check failed: no sift'; echo '*** stack ***'; exit 6");
        assertEquals(photos.toRealPath() + "/eikonal-colmap/colmap.log: COLMAP's exhaustive_matcher failed (exit code"
                + " 6: F1123 sift.cc:7] Check failed: no sift); this file has all that it said; the same command tries"
                + " again, anew where the folder of this file is removed", refused());
        assertTrue(Files.readString(photos.resolve("eikonal-colmap/colmap.log")).contains("*** stack ***"));
        colmap.at("exhaustive_matcher", "kill -9 $$");
        assertTrue(refused().contains("was killed, as systems do when memory runs out"));
        assertFalse(Scenes.isScene(photos));
        colmap.at("exhaustive_matcher", "");
        assertEquals(6, open(photos).views().size());
        assertEquals(1, colmap.calls().stream().filter(call -> call.contains("feature_extractor")).count());
        assertTrue(heard.notes.contains("going on where it stopped: the features are there"));
    }

    /** In each stage: the process and its children are gone, and what is there is no scene. */
    @Test
    void whatIsCancelledGoesOnByItsStage() throws IOException, InterruptedException {
        for (String command : List.of("feature_extractor", "exhaustive_matcher", "mapper")) {
            Path begun = folder.resolve(command + ".begun");
            heard.cancelWhen = begun;
            // The child is what hangs: a script in front of the program must not leave it behind.
            colmap.at(command, "if [ ! -f " + begun + " ]; then sleep 300 & echo $! > " + begun + ".tmp; mkdir -p"
                    + " \"$out\"/7; mv " + begun + ".tmp " + begun + "; wait; fi");
            assertThrows(CancellationException.class, () -> open(photos));
            long child = Long.parseLong(Files.readString(begun).strip());
            for (int i = 0; i < 100 && ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false); i++) {
                Thread.sleep(20);
            }
            assertFalse(ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false));
            assertFalse(Scenes.isScene(photos));
            heard.cancelWhen = null;
        }
        assertEquals(6, open(photos).views().size());
        // Each stage once cut off and once done; matching once more, since COLMAP itself knows which pairs are done.
        assertEquals(List.of(2L, 3L, 2L), Stream.of("feature_extractor", "exhaustive_matcher", "mapper")
                .map(name -> calls(name)).toList());
    }

    private long calls(String command) {
        try {
            return colmap.calls().stream().filter(call -> call.startsWith("offscreen " + command)).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A terminal sends Ctrl-C to all of its processes. */
    @Test
    void anInterruptedColmapIsNoFailure() throws IOException {
        colmap.at("mapper", "kill -INT $$; sleep 5");
        assertThrows(CancellationException.class, () -> open(photos));
    }

    @Test
    void nothingIsWrittenThroughALink() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(photos.resolve("eikonal-colmap"), elsewhere);
        assertTrue(refused().contains("eikonal-colmap: it is a link"));
        assertEquals(0, elsewhere.toFile().list().length);
    }

    @Test
    void whatIsInTheModelsPlaceStaysAndIsSaidBeforeTheWork() throws IOException {
        Path place = Files.createDirectories(photos.resolve("eikonal-colmap/sparse/0"));
        Path notes = Files.writeString(place.resolve("notes.txt"), "mine");
        assertTrue(refused().contains("it holds no COLMAP model, and the new one is to go there: move it away"));
        assertEquals(List.of(), colmap.calls());
        Files.delete(notes);
        assertEquals(6, open(photos).views().size());
    }

    /** Later versions name options otherwise; the extraction's own are told by them, too. */
    @Test
    void optionsAreThoseThatTheInstalledVersionHas() throws IOException {
        Path script = colmap.program().program();
        Files.writeString(script, Files.readString(script).replace("--Sift", "--Feature"));
        open(photos);
        assertTrue(colmap.calls().get(0).contains("--FeatureExtraction.use_gpu 0"), colmap.calls()::toString);
        assertTrue(colmap.calls().get(1).contains("--FeatureMatching.use_gpu 0"), colmap.calls()::toString);
    }

    @Test
    void otherPhotosThanBeforeStartAnew() throws IOException {
        colmap.at("mapper", "exit 3");
        refused();
        FakeColmap.photos(photos, List.of("new.png"));
        colmap.at("mapper", "");
        open(photos);
        assertEquals(2, calls("feature_extractor"));
    }

    @Test
    void photosOfOneLensShareItAndOthersHaveTheirOwn() throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            names.add("p" + i + ".png");
        }
        FakeColmap.photos(photos, names);
        FakeColmap.photo(photos.resolve("wide.png"), 12, 6);
        Files.write(photos.resolve("turned.jpg"), OrientationTest.jpeg(8, 6, 6));
        open(photos);
        List<String> calls = colmap.calls().stream().filter(call -> call.contains("feature_extractor")).toList();
        assertEquals(2, calls.size(), "a photo that EXIF turns is of the same lens");
        assertTrue(calls.get(0).contains("camera_model OPENCV"), calls::toString);
        assertTrue(calls.get(1).contains("camera_model SIMPLE_RADIAL"), calls::toString);
        assertEquals("FEATURES 17/17", heard.progress.get(17));
    }

    @Test
    void whatIsMissingOrForeignIsSaidAtOnce() throws IOException {
        String message = assertThrows(SceneException.class,
                () -> PhotoScenes.open(photos, heard, Optional::empty)).getMessage();
        assertTrue(message.contains("COLMAP, which finds out where photos were taken, is not installed: install it"
                + " ('sudo apt install colmap'"), message);
        assertFalse(Files.exists(photos.resolve("eikonal-colmap")));
        Path phone = Files.createDirectory(folder.resolve("phone"));
        Files.writeString(phone.resolve("IMG_1.HEIC"), "");
        message = assertThrows(SceneException.class, () -> open(phone)).getMessage();
        assertTrue(message.contains("1 photos, such as IMG_1.HEIC, are of a format that can't be placed"), message);
        FakeColmap.photos(phone, NAMES);
        assertEquals(6, open(phone).views().size());
        assertTrue(heard.notes.get(0).startsWith("1 photos, such as IMG_1.HEIC, are left out"));
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertTrue(assertThrows(SceneException.class, () -> open(empty)).getMessage().contains("nor poses_bounds.npy"));
    }

    @Test
    void onlyOnePlacesThemAtATime() throws IOException {
        Path work = Files.createDirectory(photos.resolve("eikonal-colmap"));
        try (FileChannel other = FileChannel.open(work.resolve(".lock"), StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE); var lock = other.lock()) {
            assertTrue(lock.isValid());
            assertTrue(refused().contains("another program is placing these photos"));
        }
        assertEquals(6, open(photos).views().size());
    }

    @Test
    void aDamagedRecordOfThePlacingIsSaidSo() throws IOException {
        open(photos);
        Files.writeString(photos.resolve("eikonal-colmap/placement.json"), "{\"photos\":");
        assertTrue(refused().contains("placement.json: damaged JSON"));
        Files.delete(photos.resolve("eikonal-colmap/placement.json"));
        assertEquals(6, open(photos).views().size());
    }
}
