package org.eikonal.studio.scene;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eikonal.Camera;
import org.eikonal.studio.image.Orientation;

/**
 * Puts a {@link Scene} together as a {@link SceneFormat} reads it: sorts the photos of a split by their paths, gives
 * each a name of its own, holds out some, and refuses what can't be trained on. For one thread.
 */
public final class SceneBuilder {
    private static final int HOLD_OUT = 8;

    private final SceneFolder folder;
    private final String format;
    private final List<Frame> frames = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();

    private record Frame(String path, View view) {}

    /** @param format the name that users read */
    public SceneBuilder(SceneFolder folder, String format) {
        this.folder = folder;
        this.format = format;
    }

    /**
     * Adds a photo all of whose pixels count.
     *
     * @param path as the scene's file has it
     * @param image what {@link SceneFolder#image} found
     * @param orientation how the file's pixels are turned to be the camera's
     * @param camera of the turned image's size
     */
    public void add(String path, Path image, Orientation orientation, Camera camera, Split split) {
        String name = SceneFolder.stem(image.getFileName().toString());
        frames.add(new Frame(path, new View(name, image, orientation, camera, split, null, View.NO_POINTS)));
    }

    /**
     * Adds a photo.
     *
     * @param path as the scene's file has it
     * @param image what {@link SceneFolder#image} found
     * @param orientation how the file's pixels are turned to be the camera's
     * @param camera of the turned image's size
     * @param mask which pixels count, if there is one
     * @param points of those that {@link #build} is given, the ones that the photo is known to show, by their indices
     * @throws IOException in one line, if the mask is no picture or has another shape than the image
     */
    public void add(String path, Path image, Orientation orientation, Camera camera, Split split, Optional<Mask> mask,
            int[] points) throws IOException {
        Mask fitting = mask.isEmpty() ? null : mask.get().fitting(orientation, camera);
        String name = SceneFolder.stem(image.getFileName().toString());
        frames.add(new Frame(path, new View(name, image, orientation, camera, split, fitting, points)));
    }

    /** Notes a photo that is left out, and why. */
    public void skip(String path, String reason) {
        skipped.add(new Skipped(path, reason));
    }

    /** @return the cameras of all photos so far, in the order in which they were added */
    public List<Camera> cameras() {
        return frames.stream().map(frame -> frame.view().camera()).toList();
    }

    /** Holds out every 8th photo: sorted by path, those of index 0, 8, 16, ... become {@link Split#TEST}. */
    public void holdOut() {
        frames.sort(Comparator.comparing(Frame::path));
        List<View> views = uniquelyNamed(frames.stream().map(Frame::view).toList());
        for (int i = 0; i < frames.size(); i++) {
            Split split = i % HOLD_OUT == 0 ? Split.TEST : Split.TRAIN;
            frames.set(i, new Frame(frames.get(i).path(), views.get(i).in(split)));
        }
    }

    /**
     * The scene.
     *
     * @param file the file that lists the photos, and {@code field}, where it does; for complaints
     * @throws SceneException if no photo remains to train on, or one is both trained on and held out
     */
    public Scene build(Path file, String field, UnitCube cube, SparsePoints points) {
        List<View> views = Stream.of(Split.values()).flatMap(split -> uniquelyNamed(frames.stream()
                .filter(frame -> frame.view().split() == split).sorted(Comparator.comparing(Frame::path))
                .map(Frame::view).toList()).stream()).toList();
        checkApart(file, views);
        if (views.stream().noneMatch(view -> view.split() == Split.TRAIN)) {
            throw new SceneException(file, field, views.size() + " with an image, " + skipped.size()
                    + " without one", views.isEmpty()
                    ? "no image remains to train on: put the images where the file says"
                    : "the only image is held out for tests and none remains to train on: add photos from other places,"
                            + " some tens for a good field");
        }
        return new Scene(folder.name(), folder.path(), format, views, cube, points, skipped);
    }

    /** Outputs are named after views: photos of one name in several folders take their folders' names along. */
    private List<View> uniquelyNamed(List<View> views) {
        Map<String, Long> uses = views.stream().collect(Collectors.groupingBy(View::name, Collectors.counting()));
        DistinctNames given = new DistinctNames();
        List<View> named = new ArrayList<>();
        for (View view : views) {
            String name = view.name();
            if (uses.get(name) > 1) {
                String inside = folder.path().relativize(view.image()).toString();
                name = SceneFolder.stem(inside.replace(view.image().getFileSystem().getSeparator(), "_"));
            }
            named.add(view.named(given.of(name)));
        }
        return named;
    }

    /** Held-out pixels never train, so no photo may be on both sides. */
    private static void checkApart(Path file, List<View> views) {
        Set<Path> training = new HashSet<>();
        for (View view : views) {
            if (view.split() == Split.TRAIN) {
                training.add(view.image());
            } else if (training.contains(view.image())) {
                throw new SceneException(file, "file_path", view.image().toString(),
                        "it is both trained on and held out: list each photo once");
            }
        }
    }
}
