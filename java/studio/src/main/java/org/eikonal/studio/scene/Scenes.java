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
import org.eikonal.studio.image.PictureFiles;

/**
 * Opens scenes: folders with {@code transforms_train.json} (Blender synthetic) or {@code transforms.json} (instant-ngp,
 * nerfstudio), and perhaps {@code transforms_val.json} and {@code transforms_test.json}.
 *
 * <p>Without a test file every 8th image is held out: frames whose image is there are sorted by file_path, and those of
 * index 0, 8, 16, ... are {@link Split#TEST}. Frames without an image are skipped and counted. No file outside the
 * folder is ever opened.
 */
public final class Scenes {
    /** The most frames of a file. */
    public static final int MAX_FRAMES = 100_000;

    private static final int HOLD_OUT = 8;

    private Scenes() {}

    private record Frame(String filePath, View view) {}

    /**
     * Reads a scene's cameras, and the header of every image.
     *
     * @param path the scene's folder
     * @throws SceneException if it can't be used: the message is one line and names file, field, value and remedy
     */
    public static Scene open(Path path) {
        SceneFolder folder = SceneFolder.open(path);
        Optional<Path> synthetic = folder.file("transforms_train.json");
        Path main = synthetic.or(() -> folder.file("transforms.json")).orElseThrow(() -> new SceneException(path,
                "neither transforms_train.json nor transforms.json is there; a scene is a folder with one of them,"
                        + " which holds the photos' poses (tools such as COLMAP and nerfstudio estimate them)"));
        Optional<Path> val = folder.file("transforms_val.json");
        Optional<Path> test = folder.file("transforms_test.json");

        List<String> skipped = new ArrayList<>();
        JsonObject root = JsonObject.read(main);
        List<View> training = views(folder, root, Split.TRAIN, skipped);
        if (test.isEmpty()) {
            training = holdOut(training);
        }
        List<View> views = new ArrayList<>(training);
        val.ifPresent(file -> views.addAll(views(folder, JsonObject.read(file), Split.VAL, skipped)));
        test.ifPresent(file -> views.addAll(views(folder, JsonObject.read(file), Split.TEST, skipped)));
        views.sort(Comparator.comparing(View::split));
        checkApart(main, views);
        if (views.stream().noneMatch(view -> view.split() == Split.TRAIN)) {
            throw new SceneException(main, "frames", training.size() + " with an image, " + skipped.size()
                    + " without one", training.isEmpty()
                    ? "no image remains to train on: put the images where file_path says"
                    : "the only image is held out for tests and none remains to train on: add photos from other places,"
                            + " some tens for a good field");
        }
        String name = folder.path().getFileName() == null ? "scene" : folder.path().getFileName().toString();
        return new Scene(name, folder.path(), views, cube(root), synthetic.isPresent(), skipped);
    }

    private static List<View> views(SceneFolder folder, JsonObject root, Split split, List<String> skipped) {
        List<JsonObject> frames = root.objects("frames", MAX_FRAMES);
        if (frames.isEmpty()) {
            throw root.wrong("frames", "no frames: write one object for each photo");
        }
        List<Frame> found = new ArrayList<>();
        for (JsonObject frame : frames) {
            String filePath = frame.text("file_path");
            Optional<Path> image = folder.image(frame);
            if (image.isEmpty()) {
                skipped.add(filePath);
                continue;
            }
            try {
                View view = new View(stem(image.get().getFileName().toString()), image.get(),
                        new Intrinsics(frame, root).camera(PictureFiles.size(image.get())), split);
                found.add(new Frame(filePath, view));
            } catch (IOException e) {
                throw new SceneException(root.file(), frame.field("file_path"), filePath, e.getMessage());
            }
        }
        found.sort(Comparator.comparing(Frame::filePath));
        return uniquelyNamed(folder, found.stream().map(Frame::view).toList());
    }

    private static List<View> holdOut(List<View> sorted) {
        List<View> views = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            views.add(sorted.get(i).in(i % HOLD_OUT == 0 ? Split.TEST : Split.TRAIN));
        }
        return views;
    }

    /** Outputs are named after views: photos of one name in several folders take their folders' names along. */
    private static List<View> uniquelyNamed(SceneFolder folder, List<View> views) {
        Map<String, Long> uses = views.stream().collect(Collectors.groupingBy(View::name, Collectors.counting()));
        Set<String> given = new HashSet<>();
        List<View> named = new ArrayList<>();
        for (View view : views) {
            String name = view.name();
            if (uses.get(name) > 1) {
                String inside = folder.path().relativize(view.image()).toString();
                name = stem(inside.replace(view.image().getFileSystem().getSeparator(), "_"));
            }
            while (!given.add(name)) {
                name += "_";
            }
            named.add(view.named(name));
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

    private static UnitCube cube(JsonObject root) {
        int aabbScale = root.count("aabb_scale", UnitCube.MAX_AABB_SCALE).orElse(1);
        double scale = root.number("scale").orElse(UnitCube.DEFAULT_SCALE);
        double middle = UnitCube.DEFAULT_OFFSET;
        double[] offset = root.has("offset") ? root.numbers("offset", 3) : new double[] {middle, middle, middle};
        try {
            return new UnitCube(scale, offset[0], offset[1], offset[2], aabbScale);
        } catch (IllegalArgumentException e) {
            throw new SceneException(root.file(), e.getMessage());
        }
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
