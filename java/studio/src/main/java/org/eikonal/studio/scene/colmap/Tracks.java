package org.eikonal.studio.scene.colmap;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Which image shows which points, of those points that can be relied on. For one thread. */
final class Tracks {
    /** Two images agree on a point by chance; three hardly. */
    private static final int FEWEST_IMAGES = 3;
    private static final double LARGEST_ERROR = 2; // pixels

    private final Map<Integer, int[]> points = new HashMap<>();
    private final Map<Integer, Integer> counts = new HashMap<>();

    /**
     * Takes the track of a point.
     *
     * @param error its mean reprojection error in pixels
     * @param images the ids of those that show it
     */
    void add(int point, double error, int[] images) {
        if (images.length < FEWEST_IMAGES || !(error <= LARGEST_ERROR)) {
            return;
        }
        for (int image : images) {
            int count = counts.merge(image, 1, Integer::sum) - 1;
            int[] known = points.computeIfAbsent(image, id -> new int[16]);
            if (count == known.length) {
                known = Arrays.copyOf(known, 2 * count);
                points.put(image, known);
            }
            known[count] = point;
        }
    }

    /** @return the points that an image shows, by their places in the file */
    int[] of(int image) {
        return Arrays.copyOf(points.getOrDefault(image, new int[0]), counts.getOrDefault(image, 0));
    }
}
