package org.eikonal.studio.scene;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eikonal.studio.image.Orientation;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.image.PictureFiles.Size;

/**
 * Folders with {@code transforms_train.json} (Blender synthetic) or {@code transforms.json} (instant-ngp, nerfstudio),
 * and perhaps {@code transforms_val.json} and {@code transforms_test.json}.
 *
 * <p>Photos are held out by a file of their own, or by nerfstudio's lists {@code train_filenames},
 * {@code val_filenames}, {@code test_filenames}; where there are neither, every 8th of those that have an image.
 */
public final class TransformsFormat implements SceneFormat {
    private static final Map<Split, String> LISTS =
            Map.of(Split.TRAIN, "train_filenames", Split.VAL, "val_filenames", Split.TEST, "test_filenames");

    @Override
    public String name() {
        return "Blender, instant-ngp, nerfstudio";
    }

    @Override
    public List<String> files() {
        return List.of("transforms_train.json", "transforms.json");
    }

    @Override
    public Scene read(SceneFolder folder) {
        Path main = files().stream().flatMap(name -> folder.file(name).stream()).findFirst().orElseThrow();
        Optional<Path> val = folder.file("transforms_val.json");
        Optional<Path> test = folder.file("transforms_test.json");
        SceneBuilder scene = new SceneBuilder(folder, main.getFileName().toString());
        JsonObject root = JsonObject.read(main);
        Optional<Map<String, Split>> lists = lists(root);
        add(scene, folder, root, Split.TRAIN, lists);
        if (test.isEmpty() && lists.isEmpty()) {
            scene.holdOut();
        }
        val.ifPresent(file -> add(scene, folder, JsonObject.read(file), Split.VAL, Optional.empty()));
        test.ifPresent(file -> add(scene, folder, JsonObject.read(file), Split.TEST, Optional.empty()));
        return scene.build(main, "frames", cube(root), SparsePoints.NONE);
    }

    /** nerfstudio's lists, if there are any. Theirs of val and test often are the same: such photos are test. */
    private static Optional<Map<String, Split>> lists(JsonObject root) {
        if (LISTS.values().stream().noneMatch(root::has)) {
            return Optional.empty();
        }
        Map<String, Split> splits = new HashMap<>();
        for (Split split : Split.values()) {
            if (root.has(LISTS.get(split))) {
                for (String name : root.texts(LISTS.get(split), Scenes.MAX_FRAMES)) {
                    if (splits.put(name, split) == Split.TRAIN && split != Split.TRAIN) {
                        throw new SceneException(root.file(), LISTS.get(split), name,
                                "it is in train_filenames as well: list each photo either there or here");
                    }
                }
            }
        }
        return Optional.of(splits);
    }

    private static void add(SceneBuilder scene, SceneFolder folder, JsonObject root, Split split,
            Optional<Map<String, Split>> lists) {
        List<JsonObject> frames = root.objects("frames", Scenes.MAX_FRAMES);
        if (frames.isEmpty()) {
            throw root.wrong("frames", "no frames: write one object for each photo");
        }
        for (JsonObject frame : frames) {
            String filePath = frame.text("file_path");
            Optional<Path> image = image(folder, frame, "file_path");
            Split own = lists.isEmpty() ? split : lists.get().get(filePath);
            if (image.isEmpty()) {
                scene.skip(filePath, "there is no such image");
            } else if (own == null) {
                scene.skip(filePath, "it is in none of train_filenames, val_filenames, test_filenames");
            } else {
                add(scene, new Intrinsics(frame, root), filePath, image.get(), own, mask(folder, frame, image.get()));
            }
        }
    }

    private static Optional<Path> image(SceneFolder folder, JsonObject frame, String key) {
        try {
            return folder.image(frame.text(key));
        } catch (IllegalArgumentException e) {
            throw frame.wrong(key, e.getMessage());
        }
    }

    /** nerfstudio names it, instant-ngp looks beside the photo. */
    private static Optional<Mask> mask(SceneFolder folder, JsonObject frame, Path image) {
        if (frame.has("mask_path")) {
            return Optional.of(new Mask(image(folder, frame, "mask_path").orElseThrow(() -> frame.wrong("mask_path",
                    "there is no such image: put it there, or remove mask_path")), true));
        }
        Path beside = image.resolveSibling("dynamic_mask_" + SceneFolder.stem(image.getFileName().toString()) + ".png");
        return folder.file(folder.path().relativize(beside).toString()).map(file -> new Mask(file, false));
    }

    /** w and h say whether a pose belongs to the pixels as they lie there, or as EXIF turns them. */
    private static void add(SceneBuilder scene, Intrinsics intrinsics, String filePath, Path image, Split split,
            Optional<Mask> mask) {
        try {
            Size stored = PictureFiles.size(image);
            Orientation orientation = intrinsics.nameSizeOf(stored) ? Orientation.NORMAL : Orientation.of(image);
            scene.add(filePath, image, orientation, intrinsics.camera(orientation.apply(stored)), split, mask,
                    View.NO_POINTS);
        } catch (IOException e) {
            JsonObject frame = intrinsics.frame();
            throw new SceneException(frame.file(), frame.field("file_path"), filePath, e.getMessage());
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
}
