package org.eikonal.studio.photos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Skipped;
import org.eikonal.studio.scene.colmap.Placement;

/**
 * Opens what {@link Scenes#open} does, and photos without poses and films besides: COLMAP then estimates the poses,
 * which can take minutes to hours. They are kept in the folder, which is a scene from then on, for {@link Scenes#open},
 * too.
 *
 * <pre>{@code
 * Scene scene = PhotoScenes.open(Path.of("photos"), PlacingListener.NONE);
 * }</pre>
 */
public final class PhotoScenes {
    private static final int MOST_NAMES = 3;

    private PhotoScenes() {}

    /**
     * Opens a scene, and places its photos first if nobody has.
     *
     * @param path a scene's folder; a folder of photos, or with photos in a folder {@code images}; or a film, whose
     *     frames then go to a folder beside it, which is named after it and ends in "-scene"
     * @param listener told how it goes; it can stop the work, which goes on from there the next time
     * @throws org.eikonal.studio.scene.SceneException if it can't be used: the message is one line and names file and
     *     remedy
     * @throws java.util.concurrent.CancellationException if the listener stopped it
     * @throws IOException if files can't be read or written
     */
    public static Scene open(Path path, PlacingListener listener) throws IOException {
        return open(path, listener, Colmap::find);
    }

    static Scene open(Path path, PlacingListener listener, Supplier<Optional<Colmap>> colmap) throws IOException {
        Optional<Film> film = Film.of(path);
        Path folder = film.map(Film::folder).orElse(path);
        if (film.isPresent()) {
            film.get().requireOwn();
        }
        if (!Scenes.isScene(folder)) {
            place(path, folder, film, listener, colmap);
        }
        Scene scene = Scenes.open(folder);
        noteLate(scene, listener);
        return scene;
    }

    /** Somebody who adds photos expects them to count; that they don't is to be seen without asking. */
    private static void noteLate(Scene scene, PlacingListener listener) {
        List<Skipped> late = scene.skipped().stream().filter(photo -> photo.reason().startsWith(Placement.LATE))
                .toList();
        if (!late.isEmpty()) {
            String names = late.stream().limit(MOST_NAMES).map(Skipped::name).collect(Collectors.joining(", "));
            int more = late.size() - MOST_NAMES;
            listener.note("skipped: " + names + (more > 0 ? " and " + more + " more" : "") + ", " + late.get(0).reason()
                    + " (runs that were trained on it then don't fit any more)");
        }
    }

    private static void place(Path path, Path folder, Optional<Film> film, PlacingListener listener,
            Supplier<Optional<Colmap>> colmap) throws IOException {
        Optional<PhotoFolder> photos = film.isPresent() ? Optional.empty() : PhotoFolder.find(folder, listener);
        if (film.isEmpty() && photos.isEmpty()) {
            return; // what it lacks to be a scene, Scenes says
        }
        Colmap program = colmap.get().orElseThrow(() -> Colmap.missing(path));
        if (film.isPresent()) {
            film.get().chooseFrames(listener);
            photos = PhotoFolder.find(folder, listener);
        }
        listener.note("there are no poses: COLMAP estimates those of " + photos.orElseThrow().photos().size()
                + " photos, which takes a while, and only once");
        ColmapRun.place(photos.orElseThrow(), Film.isOf(folder), program, listener);
    }
}
