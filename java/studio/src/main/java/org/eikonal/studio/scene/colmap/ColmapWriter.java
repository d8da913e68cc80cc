package org.eikonal.studio.scene.colmap;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.SparsePoints;
import org.eikonal.studio.scene.TurnedCamera;
import org.eikonal.studio.scene.View;

/**
 * Writes a scene as a COLMAP text model: {@code cameras.txt}, {@code images.txt} and {@code points3D.txt}, as a
 * reconstruction with known poses has them: no observations, no tracks. Splits and the unit cube are not in it.
 */
public final class ColmapWriter {
    private ColmapWriter() {}

    /**
     * Writes a model.
     *
     * @param folder made if it isn't there
     * @throws SceneException if there is a model already, or a pose mirrors space
     * @throws IOException if it can't be written
     */
    public static void write(Scene scene, Path folder) throws IOException {
        for (String name : List.of("cameras", "images", "points3D")) {
            for (String suffix : List.of(".txt", ".bin")) {
                if (Files.exists(folder.resolve(name + suffix))) {
                    throw new SceneException(folder.resolve(name + suffix),
                            "it is already there; remove it or choose another folder");
                }
            }
        }
        Files.createDirectories(folder);
        Map<String, Integer> ids = new LinkedHashMap<>();
        try (BufferedWriter out = start(folder.resolve("images.txt"),
                "IMAGE_ID, QW, QX, QY, QZ, TX, TY, TZ, CAMERA_ID, NAME; then an empty line for POINTS2D[]")) {
            Path photos = photos(scene);
            int number = 0;
            for (View view : scene.views()) {
                Camera stored = stored(view);
                int camera = ids.computeIfAbsent(intrinsics(stored), text -> ids.size() + 1);
                out.write(++number + " " + pose(view, stored.pose()) + " " + camera + " "
                        + photos.relativize(view.image()).toString().replace('\\', '/') + "\n\n");
            }
        }
        try (BufferedWriter out = start(folder.resolve("cameras.txt"), "CAMERA_ID, MODEL, WIDTH, HEIGHT, PARAMS[]")) {
            for (Map.Entry<String, Integer> camera : ids.entrySet()) {
                out.write(camera.getValue() + " " + camera.getKey() + "\n");
            }
        }
        try (BufferedWriter out = start(folder.resolve("points3D.txt"),
                "POINT3D_ID, X, Y, Z, R, G, B, ERROR, TRACK[]")) {
            SparsePoints points = scene.points();
            for (int i = 0; i < points.count(); i++) {
                out.write(i + 1 + " " + words(points.at(i)) + " " + (points.rgb()[3 * i] & 255) + " "
                        + (points.rgb()[3 * i + 1] & 255) + " " + (points.rgb()[3 * i + 2] & 255) + " "
                        + points.error()[i] + "\n");
            }
        }
    }

    private static BufferedWriter start(Path file, String columns) throws IOException {
        BufferedWriter out = Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        out.write("# " + columns + "\n");
        return out;
    }

    /** The folder that names of images start from: images or a scaled copy if all are there; else the scene's. */
    private static Path photos(Scene scene) {
        return Stream.of("images", "images_2", "images_4", "images_8").map(scene.folder()::resolve)
                .filter(images -> scene.views().stream().allMatch(view -> view.image().startsWith(images))).findFirst()
                .orElse(scene.folder());
    }

    /** COLMAP takes photos as they lie in their files. */
    private static Camera stored(View view) {
        if (!TurnedCamera.isTurn(view.orientation())) {
            throw new SceneException(view.image(), "EXIF says that it is mirrored, which COLMAP pays no heed to: save"
                    + " it anew as it looks");
        }
        return TurnedCamera.stored(view.camera(), view.orientation());
    }

    private static String intrinsics(Camera camera) {
        CameraModel model = CameraModel.of(camera);
        return model + " " + camera.width() + " " + camera.height() + " " + words(model.parameters(camera));
    }

    /** World to camera, with y down and looking along z; a scale of the pose is dropped, since COLMAP has none. */
    private static String pose(View view, Pose pose) {
        double[] to = new double[9];
        double[] t = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            double length = Math.sqrt(Math.pow(pose.at(0, axis), 2) + Math.pow(pose.at(1, axis), 2)
                    + Math.pow(pose.at(2, axis), 2)) * (axis == 0 ? 1 : -1);
            for (int i = 0; i < 3; i++) {
                to[3 * axis + i] = pose.at(i, axis) / length;
                t[axis] -= to[3 * axis + i] * pose.at(i, 3);
            }
        }
        double determinant = to[0] * (to[4] * to[8] - to[5] * to[7]) - to[1] * (to[3] * to[8] - to[5] * to[6])
                + to[2] * (to[3] * to[7] - to[4] * to[6]);
        if (!(determinant > 0)) {
            throw new SceneException(view.image(), "its pose mirrors space, which COLMAP can't say: correct the pose");
        }
        return words(Quaternion.of(to)) + " " + words(t);
    }

    private static String words(double... values) {
        return DoubleStream.of(values).mapToObj(Double::toString).collect(Collectors.joining(" "));
    }
}
