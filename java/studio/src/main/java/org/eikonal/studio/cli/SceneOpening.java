package org.eikonal.studio.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.eikonal.studio.photos.PhotoScenes;
import org.eikonal.studio.photos.PlacingListener;
import org.eikonal.studio.scene.Scene;

/** Opens what a user named, and shows how far COLMAP is where photos have to be placed first. For one thread. */
final class SceneOpening implements PlacingListener {
    private final Console console;
    private final Interruption interruption;
    private Stage stage;
    private Progress bar;

    private SceneOpening(Console console, Interruption interruption) {
        this.console = console;
        this.interruption = interruption;
    }

    /** @return empty after Ctrl-C */
    static Optional<Scene> open(Console console, Path path) throws IOException {
        try (Interruption interruption = new Interruption()) {
            SceneOpening opening = new SceneOpening(console, interruption);
            try {
                return Optional.of(PhotoScenes.open(path, opening));
            } catch (CancellationException e) {
                opening.note("stopped; the same command goes on");
                return Optional.empty();
            } finally {
                opening.endStage();
            }
        }
    }

    @Override
    public void progress(Stage now, int done, int total) {
        if (now != stage) {
            endStage();
            stage = now;
            bar = new Progress(console, now.task(), total, 0, now.unit());
        }
        bar.update((double) done / total, done, "");
    }

    @Override
    public void note(String line) {
        endStage();
        console.note("%s", line);
    }

    @Override
    public boolean isCancelled() {
        return interruption.isRequested();
    }

    private void endStage() {
        if (bar != null) {
            bar.close();
        }
        bar = null;
        stage = null;
    }
}
