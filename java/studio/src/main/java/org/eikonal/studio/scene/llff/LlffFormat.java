package org.eikonal.studio.scene.llff;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.Pose;
import org.eikonal.studio.image.Orientation;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.image.PictureFiles.Size;
import org.eikonal.studio.scene.Framing;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.SceneBuilder;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.SceneFolder;
import org.eikonal.studio.scene.SceneFormat;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.SparsePoints;
import org.eikonal.studio.scene.Split;

/**
 * LLFF's captures: {@code poses_bounds.npy} (Mildenhall et al. 2019) and photos in {@code images} (or {@code images_2},
 * {@code images_4}, {@code images_8}), which are sorted by name. A row has a pose of 3 rows and 5 columns (camera to
 * world with axes down, right, backwards; then height, width, focal length), and the nearest and farthest depth. Every
 * 8th photo is held out; {@link Framing} chooses the unit cube from where the depths lie.
 */
public final class LlffFormat implements SceneFormat {
    private static final String FILE = "poses_bounds.npy";
    private static final int COLUMNS = 17;
    // Pixels whose nearest and farthest points stand for what a photo sees, as parts of its size.
    private static final double[][] PLACES = {{0, 0}, {1, 0}, {0.5, 0.5}, {0, 1}, {1, 1}};

    @Override
    public String name() {
        return "LLFF";
    }

    @Override
    public List<String> files() {
        return List.of(FILE);
    }

    @Override
    public Scene read(SceneFolder folder) {
        Path file = folder.file(FILE).orElseThrow();
        NpyFile matrix = NpyFile.read(file, COLUMNS, Scenes.MAX_FRAMES);
        String photos = folder.images();
        List<String> images = folder.imagesIn(photos);
        if (images.size() != matrix.rows()) {
            throw new SceneException(file, "it has " + matrix.rows() + " poses, but there are " + images.size()
                    + " photos in " + photos + ": put there the photos of which it was made, and no others");
        }
        SceneBuilder scene = new SceneBuilder(folder, name());
        double[] seen = new double[matrix.rows() * PLACES.length * 2 * 3];
        for (int row = 0; row < matrix.rows(); row++) {
            double[] values = Arrays.copyOfRange(matrix.values(), row * COLUMNS, (row + 1) * COLUMNS);
            try {
                Path image = folder.image(images.get(row)).orElseThrow(() ->
                        new IllegalArgumentException("the photo is not there any more"));
                Camera camera = camera(values, PictureFiles.size(image));
                scene.add(images.get(row), image, Orientation.NORMAL, camera, Split.TRAIN);
                double[] ends = ends(camera, values[15], values[16]);
                System.arraycopy(ends, 0, seen, row * ends.length, ends.length);
            } catch (IllegalArgumentException | IOException e) {
                throw new SceneException(file, "row " + row + " (of " + images.get(row) + "): " + e.getMessage());
            }
        }
        scene.holdOut();
        SparsePoints bounds = new SparsePoints(seen, new byte[seen.length], new double[seen.length / 3]);
        return scene.build(file, "rows", Framing.cube(scene.cameras(), bounds), SparsePoints.NONE);
    }

    private static Camera camera(double[] row, Size size) {
        double[] pose = new double[12];
        for (int i = 0; i < 3; i++) {
            pose[4 * i] = row[5 * i + 1];
            pose[4 * i + 1] = -row[5 * i];
            pose[4 * i + 2] = row[5 * i + 2];
            pose[4 * i + 3] = row[5 * i + 3];
        }
        double height = row[4];
        double width = row[9];
        double focal = row[14];
        if (!(height >= 1 && width >= 1 && height <= Camera.MAX_SIZE && width <= Camera.MAX_SIZE)
                || !size.isCopyOf((int) Math.round(width), (int) Math.round(height))) {
            throw new IllegalArgumentException("its size is " + width + "x" + height + "; the photo has "
                    + size.width() + "x" + size.height() + " pixels, which is no scaled copy of that");
        }
        double[] position = {pose[3], pose[7], pose[11]};
        if (!Arrays.stream(position).allMatch(x -> Math.abs(x) <= 1e9)) {
            throw new IllegalArgumentException("its camera stands at " + Arrays.toString(position)
                    + "; 1e9 is the limit: estimate its pose again");
        }
        for (int column = 0; column < 3; column++) {
            double length = Math.hypot(Math.hypot(pose[column], pose[4 + column]), pose[8 + column]);
            if (!(length >= 1e-6 && length <= 1e6)) {
                throw new IllegalArgumentException("its pose has an axis of length " + length
                        + "; it must be a rotation, perhaps scaled by 1e-6 to 1e6: estimate it again");
            }
        }
        if (!(focal >= 1e-3 && focal <= 1e9)) {
            throw new IllegalArgumentException("its focal length is " + focal + " pixels; it must be 0.001 to 1e9");
        }
        return new Camera((int) Math.round(width), (int) Math.round(height), Lens.PERSPECTIVE, (float) focal,
                (float) focal, (float) (width / 2), (float) (height / 2), Distortion.NONE, new Pose(pose))
                .resized(size.width(), size.height());
    }

    /** Where the nearest and the farthest things are that a photo shows. */
    private static double[] ends(Camera camera, double near, double far) {
        if (!(near > 0 && far >= near && far < 1e9)) {
            throw new IllegalArgumentException("its depths are " + near + " to " + far
                    + "; they must be above 0, the nearest first");
        }
        double[] ends = new double[PLACES.length * 2 * 3];
        int at = 0;
        for (double[] place : PLACES) {
            double x = (place[0] * camera.width() - camera.cx()) / camera.fx();
            double y = (place[1] * camera.height() - camera.cy()) / camera.fy();
            for (double depth : new double[] {near, far}) {
                for (int i = 0; i < 3; i++) {
                    ends[at++] = camera.pose().at(i, 3) + depth
                            * (x * camera.pose().at(i, 0) - y * camera.pose().at(i, 1) - camera.pose().at(i, 2));
                }
            }
        }
        return ends;
    }
}
