package org.eikonal.studio.scene.colmap;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.SceneFolder;
import org.eikonal.studio.scene.SparsePoints;

/**
 * A COLMAP reconstruction, as its files have it. Where points are in each image is left out.
 *
 * @param cameras by their ids
 * @param imagesFile the file that lists the images
 * @param images in the order of the file
 * @param points in the order of their file
 * @param tracks which image shows which of them
 */
record ColmapModel(Map<Integer, Intrinsics> cameras, Path imagesFile, List<Image> images, SparsePoints points,
        Tracks tracks) {
    /** The most points: their coordinates take 35 bytes each. */
    static final int MAX_POINTS = 20_000_000;

    /** Of one lens, for a picture of that size. */
    record Intrinsics(CameraModel model, long width, long height, double[] parameters) {}

    /**
     * Of one photo.
     *
     * @param id what tracks call it
     * @param rotation world to camera: a quaternion w, x, y, z
     * @param translation world to camera; 3 coordinates
     * @param camera the id of its lens
     * @param name its path in the folder of images
     */
    record Image(int id, double[] rotation, double[] translation, int camera, String name) {}

    /** Reads the model of a folder, from its binary files if they are there. */
    static ColmapModel read(SceneFolder folder, String at) {
        boolean binary = folder.file(at + "/cameras.bin").isPresent();
        String suffix = binary ? ".bin" : ".txt";
        Path cameras = file(folder, at + "/cameras" + suffix);
        Path images = file(folder, at + "/images" + suffix);
        Path points = file(folder, at + "/points3D" + suffix);
        Tracks tracks = new Tracks();
        return binary
                ? new ColmapModel(ColmapBinary.cameras(cameras), images, ColmapBinary.images(images),
                        finite(points, ColmapBinary.points(points, tracks)), tracks)
                : new ColmapModel(ColmapText.cameras(cameras), images, ColmapText.images(images),
                        finite(points, ColmapText.points(points, tracks)), tracks);
    }

    private static SparsePoints finite(Path file, SparsePoints points) {
        for (int i = 0; i < points.xyz().length; i++) {
            if (!Double.isFinite(points.xyz()[i])) {
                throw new SceneException(file, "point " + i / 3 + " (counted from 0) has a coordinate of "
                        + points.xyz()[i] + "; it must be finite: triangulate the points again");
            }
        }
        return points;
    }

    private static Path file(SceneFolder folder, String name) {
        return folder.file(name).orElseThrow(() -> new SceneException(folder.path().resolve(name),
                "no such file, but its neighbour is there: a COLMAP model has cameras, images and points3D, all .bin"
                        + " or all .txt; export it again"));
    }
}
