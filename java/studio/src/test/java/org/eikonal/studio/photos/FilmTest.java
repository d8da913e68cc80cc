package org.eikonal.studio.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.eikonal.studio.image.Mp4File;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.image.VideoFileTest;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.SceneException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FilmTest {
    private static final int FRAMES = 200;

    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();
    private boolean cancelled;

    private final PlacingListener listener = new PlacingListener() {
        @Override
        public void progress(Stage stage, int done, int total) {
            assertTrue(stage != Stage.FRAMES || total == FRAMES && done >= 1 && done <= total);
        }

        @Override
        public void note(String line) {
            notes.add(line);
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    };

    /** In each window of 5 frames one is sharp: this one. */
    private static boolean isSharp(int frame) {
        return frame % 5 == frame / 5 * 7 % 5;
    }

    /** Stripes that wander; blurred ones have the same mean, and less contrast at their edges. */
    private static Picture frame(int time) {
        float[] rgb = new float[3 * 64 * 48];
        for (int i = 0; i < 64 * 48; i++) {
            double wave = Math.sin((i % 64 + time) * 0.7 + i / 64 * 0.3);
            float value = (float) (isSharp(time) ? 0.5 + 0.4 * Math.signum(wave) : 0.5 + 0.4 * wave);
            Arrays.fill(rgb, 3 * i, 3 * i + 3, value);
        }
        return Picture.ofRgb(64, 48, rgb);
    }

    /** 200 frames in 16 s: 40 windows. */
    private Path write(int frames) throws IOException {
        Path file = folder.resolve("walk.mp4");
        try (Mp4File film = new Mp4File(file, 64, 48, 12.5)) {
            for (int i = 0; i < frames; i++) {
                film.add(frame(i));
            }
            film.finish();
        }
        return file;
    }

    private static List<String> names(Path images) throws IOException {
        try (Stream<Path> files = Files.list(images)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theSharpestFrameOfEachWindowIsChosen() throws IOException {
        Path file = write(FRAMES);
        Film film = Film.of(file).orElseThrow();
        film.chooseFrames(listener);
        assertEquals(folder.resolve("walk-scene"), film.folder());
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            if (isSharp(i)) {
                expected.add(String.format("%06d.jpg", i));
            }
        }
        assertEquals(expected, names(film.folder().resolve("images")));
        assertEquals(List.of("chose 40 of 200 frames, the sharpest of every 0.40 s, in "
                + film.folder().resolve("images")), notes);
        Picture picture = PictureFiles.read(film.folder().resolve("images").resolve(expected.get(3)));
        Picture truth = frame(Integer.parseInt(expected.get(3).substring(0, 6)));
        double sum = 0;
        for (int i = 0; i < truth.rgba().length; i++) {
            sum += Math.abs((picture.rgba()[i] & 255) - (truth.rgba()[i] & 255));
        }
        assertTrue(sum / truth.rgba().length < 6, "" + sum / truth.rgba().length);
    }

    @Test
    void aFilmTurnedByItsMetadataGivesUprightFrames() throws IOException {
        Path file = write(FRAMES);
        VideoFileTest.turn(file, 0, 1, -1, 0);
        Film film = Film.of(file).orElseThrow();
        film.chooseFrames(listener);
        Path frame = film.folder().resolve("images").resolve(names(film.folder().resolve("images")).get(0));
        assertEquals(new PictureFiles.Size(48, 64), PictureFiles.size(frame));
    }

    @Test
    void aFilmIsASceneOnceItsFramesArePlaced() throws IOException {
        Path file = write(FRAMES);
        FakeColmap colmap = FakeColmap.in(folder.resolve("bin"));
        List<String> frames = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            if (isSharp(i)) {
                frames.add(String.format("%06d.jpg", i));
            }
        }
        colmap.model(0, frames, 64, 48);
        cancelled = true;
        assertThrows(CancellationException.class, () -> open(file, colmap));
        assertFalse(Files.exists(folder.resolve("walk-scene/images")));
        cancelled = false;
        Scene scene = open(file, colmap);
        assertEquals("walk-scene", scene.name());
        assertEquals(40, scene.views().size());
        assertTrue(Files.exists(folder.resolve("walk-scene/sparse/0/images.bin")));
        assertEquals(3, colmap.calls().size());
        assertEquals(scene.views(), open(file, colmap).views());
        assertEquals(scene.views(), open(folder.resolve("walk-scene"), colmap).views());
        assertEquals(3, colmap.calls().size());

        write(FRAMES - 1);
        assertTrue(assertThrows(SceneException.class, () -> open(file, colmap)).getMessage()
                .contains("it holds frames of another film (walk.mp4 of "));
        Files.delete(folder.resolve("walk-scene/film.json"));
        assertTrue(assertThrows(SceneException.class, () -> open(file, colmap)).getMessage()
                .contains("the frames of walk.mp4 go there, but it holds something else"));
    }

    private Scene open(Path path, FakeColmap colmap) throws IOException {
        return PhotoScenes.open(path, listener, () -> Optional.of(colmap.program()));
    }

    @Test
    void whatIsTooShortOrNoFilm() throws IOException {
        Path file = write(3);
        assertTrue(assertThrows(SceneException.class, () -> Film.of(file).orElseThrow().chooseFrames(listener))
                .getMessage().contains("it has 3 frames, too few to place"));
        assertFalse(Files.exists(folder.resolve("walk-scene")));
        Path text = Files.writeString(folder.resolve("text.mov"), "no film");
        assertTrue(assertThrows(IOException.class, () -> Film.of(text).orElseThrow().chooseFrames(listener))
                .getMessage().contains("text.mov: can't read this film"));
        assertTrue(Film.of(Files.writeString(folder.resolve("photo.jpg"), "")).isEmpty());
        assertTrue(Film.of(folder).isEmpty());
    }
}
