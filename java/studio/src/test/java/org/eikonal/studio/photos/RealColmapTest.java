package org.eikonal.studio.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.image.Orientation;
import org.eikonal.studio.image.OrientationTest;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The installed COLMAP on ray-traced photos, some of which were taken with the camera on its side or upside down, as
 * their EXIF says: positions within 1.5 % of the distance to the scene, directions within a degree.
 */
class RealColmapTest {
    private static final int PHOTOS = 12;
    private static final float FOCAL = 270;
    private static final Orientation[] HELD = {Orientation.NORMAL, Orientation.NORMAL, Orientation.CLOCKWISE,
        Orientation.NORMAL, Orientation.COUNTERCLOCKWISE, Orientation.HALF_TURN};

    @TempDir
    Path folder;

    /** What the upright photo's camera is; two thirds of a ring, with ups and downs. */
    private static Camera camera(int i) {
        double angle = 3.8 * i / PHOTOS;
        double[] from = {2.9 * Math.cos(angle), 2.9 * Math.sin(angle), 1.4 + 0.5 * Math.sin(2.3 * i)};
        Pose pose = Pose.lookAt(from, new double[] {0, 0, -0.2}, new double[] {0, 0, 1});
        return HELD[i % HELD.length].swapsSides()
                ? Camera.perspective(216, 288, FOCAL, pose) : Camera.perspective(288, 216, FOCAL, pose);
    }

    private void take(int i) {
        Orientation held = HELD[i % HELD.length];
        Orientation inverse = held == Orientation.CLOCKWISE ? Orientation.COUNTERCLOCKWISE
                : held == Orientation.COUNTERCLOCKWISE ? Orientation.CLOCKWISE : held;
        try {
            byte[] jpeg = PictureFiles.jpeg(inverse.apply(TexturedScene.picture(camera(i))), 0.95);
            Files.write(folder.resolve(String.format("IMG_%02d.jpg", i)),
                    OrientationTest.withExif(jpeg, held.ordinal() + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Timeout(300)
    void posesAreThoseOfTheCamerasThatTookThePhotos() throws IOException {
        if (Colmap.find().isEmpty()) {
            assertTrue(!Boolean.getBoolean("eikonal.ci"), "missing: colmap (Debian: colmap)");
            abort("skipped, missing: colmap");
        }
        IntStream.range(0, PHOTOS).parallel().forEach(this::take);
        Scene scene = PhotoScenes.open(folder, PlacingListener.NONE);
        assertEquals(PHOTOS, scene.views().size(), scene.skipped()::toString);
        List<View> views = scene.views().stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
        double[][] found = views.stream().map(view -> view.camera().pose().position()).toArray(double[][]::new);
        double[][] truth = IntStream.range(0, PHOTOS).mapToObj(i -> camera(i).pose().position())
                .toArray(double[][]::new);
        Similarity similarity = Similarity.between(found, truth);
        for (int i = 0; i < PHOTOS; i++) {
            Camera camera = views.get(i).camera();
            Camera expected = camera(i);
            assertEquals(HELD[i % HELD.length], views.get(i).orientation());
            assertEquals(expected.width(), camera.width());
            assertEquals(1, camera.fx() / FOCAL, 0.02, "focal length");
            // The cameras are about 3.2 from what they look at.
            assertEquals(0, distance(similarity.apply(found[i]), expected.pose().position()), 0.05, "position " + i);
            for (int axis = 0; axis < 3; axis++) {
                double[] direction = similarity.turn(column(camera.pose(), axis));
                double cosine = dot(direction, column(expected.pose(), axis));
                assertTrue(cosine > Math.cos(Math.toRadians(1)), i + ": axis " + axis + " is off by "
                        + Math.toDegrees(Math.acos(Math.min(1, cosine))) + " degrees");
            }
        }
    }

    private static double[] column(Pose pose, int axis) {
        return new double[] {pose.at(0, axis), pose.at(1, axis), pose.at(2, axis)};
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    private static double distance(double[] a, double[] b) {
        return Math.sqrt(IntStream.range(0, 3).mapToDouble(k -> (a[k] - b[k]) * (a[k] - b[k])).sum());
    }

    /**
     * The similarity that takes points to others with the least squared error (Umeyama 1991), its rotation as the
     * quaternion of the largest eigenvalue of Horn's 4x4 matrix (1987), by power iteration.
     */
    private record Similarity(double scale, double[][] rotation, double[] from, double[] to) {
        static Similarity between(double[][] points, double[][] others) {
            double[] from = mean(points);
            double[] to = mean(others);
            double[][] s = new double[3][3];
            double spread = 0;
            for (int i = 0; i < points.length; i++) {
                for (int a = 0; a < 3; a++) {
                    spread += Math.pow(points[i][a] - from[a], 2);
                    for (int b = 0; b < 3; b++) {
                        s[a][b] += (points[i][a] - from[a]) * (others[i][b] - to[b]);
                    }
                }
            }
            double[][] n = {
                {s[0][0] + s[1][1] + s[2][2], s[1][2] - s[2][1], s[2][0] - s[0][2], s[0][1] - s[1][0]},
                {s[1][2] - s[2][1], s[0][0] - s[1][1] - s[2][2], s[0][1] + s[1][0], s[2][0] + s[0][2]},
                {s[2][0] - s[0][2], s[0][1] + s[1][0], s[1][1] - s[0][0] - s[2][2], s[1][2] + s[2][1]},
                {s[0][1] - s[1][0], s[2][0] + s[0][2], s[1][2] + s[2][1], s[2][2] - s[0][0] - s[1][1]}};
            double shift = Arrays.stream(n).flatMapToDouble(Arrays::stream).map(Math::abs).sum();
            double[] q = {0.5, 0.5, 0.5, 0.5};
            for (int round = 0; round < 20_000; round++) {
                double[] next = new double[4];
                for (int a = 0; a < 4; a++) {
                    next[a] = shift * q[a];
                    for (int b = 0; b < 4; b++) {
                        next[a] += n[a][b] * q[b];
                    }
                }
                double length = Math.sqrt(Arrays.stream(next).map(v -> v * v).sum());
                q = Arrays.stream(next).map(v -> v / length).toArray();
            }
            double w = q[0], x = q[1], y = q[2], z = q[3];
            double[][] r = {
                {1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)},
                {2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)},
                {2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)}};
            double trace = 0;
            for (int a = 0; a < 3; a++) {
                for (int b = 0; b < 3; b++) {
                    trace += r[b][a] * s[a][b];
                }
            }
            return new Similarity(trace / spread, r, from, to);
        }

        private static double[] mean(double[][] points) {
            return IntStream.range(0, 3).mapToDouble(k -> Arrays.stream(points).mapToDouble(p -> p[k]).average()
                    .orElseThrow()).toArray();
        }

        double[] turn(double[] v) {
            return IntStream.range(0, 3).mapToDouble(k -> dot(rotation[k], v)).toArray();
        }

        double[] apply(double[] point) {
            double[] turned = turn(new double[] {point[0] - from[0], point[1] - from[1], point[2] - from[2]});
            return IntStream.range(0, 3).mapToDouble(k -> scale * turned[k] + to[k]).toArray();
        }
    }
}
