package org.eikonal.studio.path;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.eikonal.Camera;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.studio.scene.JsonObject;
import org.eikonal.studio.scene.Scenes;

/**
 * A way that was laid out in nerfstudio's viewer: its camera_path.json. Each camera has {@code camera_to_world} (16
 * numbers, row-major, OpenGL axes, in the world of the scene) and {@code fov}, its vertical field of view in degrees,
 * from which fisheye cameras, too, have the focal length that a perspective one would have: so nerfstudio reads it.
 * {@code aspect} says again what the picture's size says, and is not read.
 *
 * @param shots in order, named by number
 * @param fps frames a second, from {@code fps}, else from {@code seconds}; empty if the file has neither
 */
public record CameraPath(List<Shot> shots, OptionalDouble fps) {
    /** Copies the list. */
    public CameraPath {
        shots = List.copyOf(shots);
    }

    /**
     * Reads a file.
     *
     * @throws SceneException if it can't be used: the message names file, field, value and remedy
     */
    public static CameraPath read(Path file) {
        JsonObject root = JsonObject.read(file);
        List<JsonObject> cameras = root.objects("camera_path", Scenes.MAX_FRAMES);
        if (cameras.isEmpty()) {
            throw root.wrong("camera_path", "write one object for each frame");
        }
        int width = size(root, "render_width");
        int height = size(root, "render_height");
        String type = root.has("camera_type") ? root.text("camera_type").toLowerCase(Locale.ROOT) : "perspective";
        if (!List.of("perspective", "fisheye", "equirectangular").contains(type)) {
            throw root.wrong("camera_type", "use perspective, fisheye or equirectangular");
        }
        List<Shot> shots = new ArrayList<>();
        for (JsonObject camera : cameras) {
            boolean panorama = type.equals("equirectangular");
            float focal = panorama ? width / 2f : focal(camera, height);
            Lens lens = type.equals("fisheye") ? Lens.FISHEYE : Lens.PERSPECTIVE;
            shots.add(new Shot(String.format(Locale.ROOT, "%04d", shots.size()),
                    new Camera(width, height, lens, focal, focal, width / 2f, height / 2f, Distortion.NONE,
                            PoseNumbers.read(camera, "camera_to_world", 16)), panorama));
        }
        return new CameraPath(shots, rate(root, shots.size()));
    }

    private static int size(JsonObject root, String key) {
        return root.count(key, Camera.MAX_SIZE).orElseThrow(
                () -> root.wrong(key, "write a whole number from 1 to " + Camera.MAX_SIZE));
    }

    private static float focal(JsonObject camera, int height) {
        double fov = camera.number("fov").orElseThrow(() -> camera.wrong("fov", "write degrees, from 0.01 to 179"));
        if (!(fov >= 0.01 && fov <= 179)) {
            throw camera.wrong("fov", "the vertical field of view must be 0.01 to 179 degrees");
        }
        return (float) (height / 2.0 / Math.tan(Math.toRadians(fov) / 2));
    }

    private static OptionalDouble rate(JsonObject root, int frames) {
        OptionalDouble fps = root.number("fps");
        OptionalDouble seconds = root.number("seconds");
        if (fps.isEmpty() && seconds.isPresent()) {
            fps = OptionalDouble.of(frames / seconds.getAsDouble());
        }
        if (fps.isPresent() && !(fps.getAsDouble() >= 0.1 && fps.getAsDouble() <= 1000)) {
            throw root.wrong(root.has("fps") ? "fps" : "seconds", "it makes " + fps.getAsDouble()
                    + " frames a second; 0.1 to 1000 can be written");
        }
        return fps;
    }
}
