package org.eikonal.studio.scene;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.eikonal.Camera;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.studio.image.Orientation;

/**
 * Writes a scene as transforms.json, with the keys of instant-ngp and nerfstudio: intrinsics of each frame, the unit
 * cube, and nerfstudio's lists of what is trained on and held out.
 */
public final class TransformsFile {
    private static final JsonMapper MAPPER = new JsonMapper();

    private TransformsFile() {}

    /**
     * Writes the file, from which {@link Scenes#open} reads the same views if it is named transforms.json.
     *
     * @param file a new file in the scene's folder, above all of its photos
     * @throws SceneException if it is already there, or paths from it would lead out of its folder
     * @throws IOException if it can't be written
     */
    public static void write(Scene scene, Path file) throws IOException {
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (Files.exists(file)) {
            throw new SceneException(file, "it is already there; remove it or choose another name");
        }
        if (!Files.isDirectory(folder)) {
            throw new SceneException(folder, "no such folder; choose a place in the scene's folder " + scene.folder());
        }
        Path real = folder.toRealPath();
        for (View view : scene.views()) {
            boolean masked = view.mask() != null && view.mask().blackHides();
            if (!real.startsWith(scene.folder()) || !view.image().startsWith(real)
                    || masked && !view.mask().file().startsWith(real)) {
                throw new SceneException(file, "its photos and masks, such as " + view.image() + ", are not below its folder,"
                        + " and paths must not lead out of it; write to "
                        + scene.folder().resolve("transforms.json"));
            }
        }
        Files.write(file, json(scene, scene.cube(), real), StandardOpenOption.CREATE_NEW);
    }

    /**
     * The text of the file.
     *
     * @param cube the mapping to the unit cube that goes with the cameras
     * @param folder above all photos: their paths begin there
     * @return UTF-8
     * @throws SceneException if a photo's orientation can't be told
     */
    public static byte[] json(Scene scene, UnitCube cube, Path folder) throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("aabb_scale", cube.aabbScale()).put("scale", cube.scale());
        root.putArray("offset").add(cube.x()).add(cube.y()).add(cube.z());
        ArrayNode frames = root.putArray("frames");
        for (Split split : Split.values()) {
            ArrayNode names = root.putArray(split.name().toLowerCase(Locale.ROOT) + "_filenames");
            for (View view : scene.views(split)) {
                String name = folder.relativize(view.image()).toString().replace('\\', '/');
                names.add(name);
                ObjectNode frame = frame(view).put("file_path", name);
                if (view.mask() != null && view.mask().blackHides()) { // others are found by their names
                    frame.put("mask_path", folder.relativize(view.mask().file()).toString().replace('\\', '/'));
                }
                frames.add(frame);
            }
        }
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
    }

    private static ObjectNode frame(View view) {
        Camera camera = view.camera();
        // w and h tell a reader whether to turn a photo; where they are the same either way, it leaves it as it lies.
        if (view.orientation() != Orientation.NORMAL
                && (!view.orientation().swapsSides() || camera.width() == camera.height())) {
            if (!TurnedCamera.isTurn(view.orientation())) {
                throw new SceneException(view.image(), "it is mirrored by its EXIF orientation, which transforms.json"
                        + " can't tell: save that photo as it looks");
            }
            camera = TurnedCamera.stored(camera, view.orientation());
        }
        ObjectNode frame = MAPPER.createObjectNode();
        frame.put("w", camera.width()).put("h", camera.height());
        frame.put("fl_x", (double) camera.fx()).put("fl_y", (double) camera.fy());
        frame.put("cx", (double) camera.cx()).put("cy", (double) camera.cy());
        Distortion d = camera.distortion();
        boolean fisheye = camera.lens() == Lens.FISHEYE;
        boolean rational = !fisheye && (d.k4() != 0 || d.k5() != 0 || d.k6() != 0);
        frame.put("camera_model", fisheye ? "OPENCV_FISHEYE" : d.isNone() ? "PINHOLE" : rational ? "FULL_OPENCV" : "OPENCV");
        frame.put("k1", (double) d.k1()).put("k2", (double) d.k2()).put("k3", (double) d.k3());
        if (fisheye || rational) {
            frame.put("k4", (double) d.k4());
        }
        if (rational) {
            frame.put("k5", (double) d.k5()).put("k6", (double) d.k6());
        }
        if (!fisheye) {
            frame.put("p1", (double) d.p1()).put("p2", (double) d.p2());
        }
        ArrayNode rows = frame.putArray("transform_matrix");
        for (int row = 0; row < 3; row++) {
            ArrayNode values = rows.addArray();
            for (int column = 0; column < 4; column++) {
                values.add(camera.pose().at(row, column));
            }
        }
        rows.addArray().add(0.0).add(0.0).add(0.0).add(1.0);
        return frame;
    }
}
