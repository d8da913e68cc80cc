package org.eikonal.studio.export;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.eikonal.Camera;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.studio.run.AtomicFiles;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.UnitCube;
import org.eikonal.studio.scene.View;

/**
 * A scene's cameras with the keys of transforms.json: of instant-ngp and nerfstudio, which keeps apart what is trained
 * on by {@code train_filenames} and so on. Every frame has intrinsics of its own, for the pixels of its photo.
 */
final class TransformsFile {
    private TransformsFile() {}

    /** @param cube the mapping to the unit cube that goes with the cameras */
    static void write(Scene scene, UnitCube cube, Path file) throws IOException {
        ObjectNode root = new JsonMapper().createObjectNode();
        root.put("scale", cube.scale());
        root.putArray("offset").add(cube.x()).add(cube.y()).add(cube.z());
        root.put("aabb_scale", cube.aabbScale());
        Map<Split, ArrayNode> names = new EnumMap<>(Split.class);
        names.put(Split.TRAIN, root.putArray("train_filenames"));
        names.put(Split.VAL, root.putArray("val_filenames"));
        names.put(Split.TEST, root.putArray("test_filenames"));
        ArrayNode frames = root.putArray("frames");
        for (View view : scene.views()) {
            String name = scene.folder().relativize(view.image()).toString();
            names.get(view.split()).add(name);
            frame(frames.addObject().put("file_path", name), view.camera());
        }
        AtomicFiles.replace(file, (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void frame(ObjectNode frame, Camera camera) {
        frame.put("camera_model", camera.lens() == Lens.FISHEYE ? "OPENCV_FISHEYE" : "OPENCV");
        frame.put("w", camera.width()).put("h", camera.height());
        frame.put("fl_x", camera.fx()).put("fl_y", camera.fy()).put("cx", camera.cx()).put("cy", camera.cy());
        Distortion lens = camera.distortion();
        frame.put("k1", lens.k1()).put("k2", lens.k2()).put("k3", lens.k3()).put("k4", lens.k4());
        frame.put("p1", lens.p1()).put("p2", lens.p2());
        ArrayNode rows = frame.putArray("transform_matrix");
        for (int row = 0; row < 3; row++) {
            ArrayNode values = rows.addArray();
            for (int column = 0; column < 4; column++) {
                values.add(camera.pose().at(row, column));
            }
        }
        rows.addArray().add(0.0).add(0.0).add(0.0).add(1.0);
    }
}
