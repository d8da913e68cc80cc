package org.eikonal.studio.run;

import java.util.ArrayList;
import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.Pose;
import org.eikonal.Rendering;

/**
 * Equirectangular pictures of all directions: six faces of a cube, rendered as perspective pictures of 90 degrees and
 * read between their pixels.
 */
final class Panorama {
    // Each face's axes in the camera's frame: right, up, back.
    private static final double[][][] FACES = {
        {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, // ahead
        {{-1, 0, 0}, {0, 1, 0}, {0, 0, -1}}, // back
        {{0, 0, 1}, {0, 1, 0}, {-1, 0, 0}}, // right
        {{0, 0, -1}, {0, 1, 0}, {1, 0, 0}}, // left
        {{1, 0, 0}, {0, 0, 1}, {0, -1, 0}}, // up
        {{1, 0, 0}, {0, 0, -1}, {0, 1, 0}}, // down
    };

    private Panorama() {}

    /** The direction through a pixel, in the camera's frame: the middle of the picture is straight ahead, along -z. */
    static double[] direction(int width, int height, double x, double y) {
        double longitude = Math.PI * (2 * x / width - 1);
        double fromTop = Math.PI * y / height;
        return new double[] {
            Math.sin(longitude) * Math.sin(fromTop), Math.cos(fromTop), -Math.cos(longitude) * Math.sin(fromTop)
        };
    }

    /** As {@link FieldRenderer#directions}. */
    static float[] directions(Camera camera) {
        float[] directions = new float[Math.multiplyExact(3 * camera.width(), camera.height())];
        double scale = Math.sqrt(Math.pow(camera.pose().at(0, 2), 2) + Math.pow(camera.pose().at(1, 2), 2)
                + Math.pow(camera.pose().at(2, 2), 2));
        for (int y = 0, i = 0; y < camera.height(); y++) {
            for (int x = 0; x < camera.width(); x++) {
                double[] d = direction(camera.width(), camera.height(), x + 0.5, y + 0.5);
                for (int row = 0; row < 3; row++, i++) {
                    directions[i] = (float) ((camera.pose().at(row, 0) * d[0] + camera.pose().at(row, 1) * d[1]
                            + camera.pose().at(row, 2) * d[2]) / scale);
                }
            }
        }
        return directions;
    }

    static Rendering render(FieldRenderer field, Camera camera) {
        int width = camera.width();
        int height = camera.height();
        // As many pixels a radian in the middle of a face as the panorama has, and one more all around to read between.
        int inner = Math.max(2, (int) Math.ceil(Math.max(width, 2.0 * height) / Math.PI));
        List<Rendering> faces = new ArrayList<>();
        for (double[][] axes : FACES) {
            faces.add(field.render(new Camera(inner + 2, inner + 2, Lens.PERSPECTIVE, inner / 2f, inner / 2f,
                    inner / 2f + 1, inner / 2f + 1, Distortion.NONE, turned(camera.pose(), axes))));
        }
        Rendering panorama = FieldRenderer.empty(width, height);
        for (int y = 0, i = 0; y < height; y++) {
            for (int x = 0; x < width; x++, i++) {
                read(faces, inner, direction(width, height, x + 0.5, y + 0.5), panorama, i);
            }
        }
        return panorama;
    }

    private static Pose turned(Pose pose, double[][] axes) {
        double[] matrix = pose.matrix();
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                matrix[row * 4 + column] = pose.at(row, 0) * axes[column][0] + pose.at(row, 1) * axes[column][1]
                        + pose.at(row, 2) * axes[column][2];
            }
        }
        return new Pose(matrix);
    }

    private static void read(List<Rendering> faces, int inner, double[] d, Rendering to, int pixel) {
        int face = 0;
        double nearest = 0;
        for (int i = 0; i < FACES.length; i++) {
            double along = -dot(FACES[i][2], d);
            if (along > nearest) {
                nearest = along;
                face = i;
            }
        }
        // Where the direction meets the face, counted from the first pixel's centre.
        double x = (1 + dot(FACES[face][0], d) / nearest) * inner / 2 + 0.5;
        double y = (1 - dot(FACES[face][1], d) / nearest) * inner / 2 + 0.5;
        Rendering from = faces.get(face);
        double depth = 0;
        for (int corner = 0; corner < 4; corner++) {
            int column = Math.min((int) x + corner % 2, from.width() - 1);
            int row = Math.min((int) y + corner / 2, from.height() - 1);
            double weight = (1 - Math.abs(x - ((int) x + corner % 2))) * (1 - Math.abs(y - ((int) y + corner / 2)));
            int at = row * from.width() + column;
            for (int c = 0; c < 3; c++) {
                to.color()[3 * pixel + c] += (float) (weight * from.color()[3 * at + c]);
            }
            to.opacity()[pixel] += (float) (weight * from.opacity()[at]);
            depth += weight * from.opacity()[at] * from.depth()[at]; // where nothing is, there is no depth to mix in
        }
        to.depth()[pixel] = to.opacity()[pixel] > 0 ? (float) (depth / to.opacity()[pixel]) : 0;
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }
}
