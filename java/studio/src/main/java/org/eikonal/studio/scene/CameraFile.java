package org.eikonal.studio.scene;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eikonal.Camera;

/**
 * Cameras to render from, in a file with the keys of transforms.json. No picture is needed, so that {@code w} and
 * {@code h} are; {@code file_path} only names the output.
 */
public final class CameraFile {
    private static final int LONGEST_NAME = 100;

    private CameraFile() {}

    /**
     * Reads cameras.
     *
     * @return by name: file_path's last part without suffix, or the frame's number; safe as a file name
     * @throws SceneException if the file can't be used: the message names file, field, value and remedy
     */
    public static Map<String, Camera> read(Path file) {
        JsonObject root = JsonObject.read(file);
        List<JsonObject> frames = root.objects("frames", Scenes.MAX_FRAMES);
        if (frames.isEmpty()) {
            throw root.wrong("frames", "write one object for each camera");
        }
        Map<String, Camera> cameras = new LinkedHashMap<>();
        DistinctNames names = new DistinctNames();
        for (JsonObject frame : frames) {
            cameras.put(names.of(name(frame, cameras.size())), new Intrinsics(frame, root).camera());
        }
        return cameras;
    }

    private static String name(JsonObject frame, int index) {
        String path = frame.has("file_path") ? frame.text("file_path") : "";
        String stem = path.substring(path.lastIndexOf('/') + 1).replaceFirst("(?<=.)\\.[A-Za-z]{3,4}$", "")
                .replaceAll("[^A-Za-z0-9_-]", "_");
        return stem.isEmpty() ? String.format(Locale.ROOT, "%04d", index)
                : stem.substring(0, Math.min(stem.length(), LONGEST_NAME));
    }
}
