package org.eikonal.studio.export;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eikonal.Camera;
import org.eikonal.Rendering;
import org.eikonal.Views;
import org.eikonal.studio.run.TrainedField;

/**
 * Where the rays of a camera end: at the mean depth of what they meet, where that is more solid than not. Rays are left
 * out whose mean depth is in empty space, as between an edge and what is behind it.
 *
 * @param positions {@code [n][3]} in world units
 * @param normals {@code [n][3]}, unit vectors out of the surface: across the ends of neighbouring rays, which is
 *     smoother than the slope of the density
 * @param colors {@code [n][3]}, stored sRGB of 0 to 1, without the background
 * @param density {@code [n]}, above 0: light lost per world unit there
 */
record Hits(double[] positions, float[] normals, float[] colors, float[] density) {
    private static final float SOLID = 0.5f;
    // So many pixels a side tell how much of what a camera sees is solid, and so many cameras tell of a scene.
    private static final int SKETCH = 48;
    private static final int SKETCHES = 300;

    /**
     * Sends a ray through the middle of each pixel.
     *
     * @param reach pixels to the neighbours that tell of the normal, 1 and more
     */
    static Hits of(TrainedField field, Camera camera, int reach) {
        Rendering picture = field.trace(camera);
        int[] number = new int[picture.opacity().length];
        int[] pixel = new int[number.length];
        int count = 0;
        for (int i = 0; i < number.length; i++) {
            number[i] = picture.opacity()[i] > SOLID ? count : -1;
            if (number[i] >= 0) {
                pixel[count++] = i;
            }
        }
        Hits hits = new Hits(new double[3 * count], new float[3 * count], new float[3 * count], new float[count]);
        float[] directions = directions(field, camera, Arrays.copyOf(pixel, count));
        double[] eye = camera.pose().position();
        float[] background = field.config().background();
        for (int i = 0; i < count; i++) {
            float opacity = picture.opacity()[pixel[i]];
            double depth = picture.depth()[pixel[i]];
            for (int k = 0; k < 3; k++) {
                hits.positions[3 * i + k] = eye[k] + depth * directions[3 * i + k];
                hits.colors[3 * i + k] =
                        (picture.color()[3 * pixel[i] + k] - (1 - opacity) * background[k]) / opacity;
            }
        }
        for (int i = 0; i < count; i++) {
            hits.across(i, directions, camera, number, pixel[i], reach);
        }
        System.arraycopy(field.density(hits.positions), 0, hits.density, 0, count);
        return hits.only(IntStream.range(0, count).filter(i -> hits.density[i] > 0).toArray());
    }

    private static float[] directions(TrainedField field, Camera camera, int[] pixel) {
        float[] middles = new float[2 * pixel.length];
        for (int i = 0; i < pixel.length; i++) {
            middles[2 * i] = pixel[i] % camera.width() + 0.5f;
            middles[2 * i + 1] = pixel[i] / camera.width() + 0.5f;
        }
        try (Views views = Views.create(field.device(), 1)) {
            views.setCamera(0, camera);
            return views.rays(new int[pixel.length], middles).directions();
        }
    }

    /** The normal of a hit from its neighbours to the right and left, below and above. */
    private void across(int hit, float[] directions, Camera camera, int[] number, int pixel, int reach) {
        int x = pixel % camera.width();
        int y = pixel / camera.width();
        int right = x + reach < camera.width() ? number[pixel + reach] : -1;
        int left = x >= reach ? number[pixel - reach] : -1;
        int below = y + reach < camera.height() ? number[pixel + reach * camera.width()] : -1;
        int above = y >= reach ? number[pixel - reach * camera.width()] : -1;
        double[] normal = Surface.cross(way(left, hit, right), way(below, hit, above));
        double square = Surface.dot(normal, normal);
        double towards = 0;
        for (int k = 0; k < 3; k++) {
            towards -= normal[k] * directions[3 * hit + k];
        }
        double scale = Math.copySign(1 / Math.sqrt(square), towards); // a pose may mirror
        for (int k = 0; k < 3; k++) {
            // Without neighbours, it faces the camera.
            normals[3 * hit + k] = square > 0 ? (float) (normal[k] * scale) : -directions[3 * hit + k];
        }
    }

    /** From one hit to another; from or to the middle one where there is no other. */
    private double[] way(int from, int middle, int to) {
        double[] way = new double[3];
        for (int k = 0; k < 3; k++) {
            way[k] = positions[3 * (to < 0 ? middle : to) + k] - positions[3 * (from < 0 ? middle : from) + k];
        }
        return way;
    }

    /** The hits of a small picture of each camera; of some cameras, evenly chosen, where there are very many. */
    static List<Hits> sketches(TrainedField field, List<Camera> cameras) {
        int step = (cameras.size() + SKETCHES - 1) / SKETCHES;
        return IntStream.range(0, cameras.size()).filter(i -> i % step == 0)
                .mapToObj(i -> of(field, sketch(cameras.get(i)), 1)).toList();
    }

    /** The camera, with so few pixels that its picture takes no time. */
    static Camera sketch(Camera camera) {
        return camera.scaled(SKETCH / (float) Math.max(camera.width(), camera.height()));
    }

    int count() {
        return density.length;
    }

    /** Some of the hits. */
    Hits only(int[] which) {
        int n = which.length;
        Hits some = new Hits(new double[3 * n], new float[3 * n], new float[3 * n], new float[n]);
        for (int i = 0; i < n; i++) {
            System.arraycopy(positions, 3 * which[i], some.positions, 3 * i, 3);
            System.arraycopy(normals, 3 * which[i], some.normals, 3 * i, 3);
            System.arraycopy(colors, 3 * which[i], some.colors, 3 * i, 3);
            some.density[i] = density[which[i]];
        }
        return some;
    }
}
