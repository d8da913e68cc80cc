package org.eikonal.studio.run;

import java.util.Arrays;
import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Rendering;

/**
 * Between which depths the things lie that the photos show, but for the nearest and the farthest twentieth.
 *
 * @param nearest in world units
 * @param farthest likewise
 */
public record DepthRange(double nearest, double farthest) {
    private static final int CAMERAS = 8;
    private static final float SIZE = 48;
    private static final float SOLID = 0.5f;

    /**
     * Looks from some of the cameras, in small pictures.
     *
     * @param cameras in the data set's world
     * @throws RunException if nothing is to be seen from them
     */
    public static DepthRange of(TrainedField field, List<Camera> cameras) {
        float[] depths = new float[0];
        int step = Math.max(1, cameras.size() / CAMERAS);
        for (int i = 0; i < cameras.size(); i += step) {
            Camera camera = cameras.get(i);
            Rendering small = field.render(camera.scaled(
                    Math.min(1, SIZE / Math.max(camera.width(), camera.height()))));
            int known = depths.length;
            depths = Arrays.copyOf(depths, known + small.depth().length);
            for (int pixel = 0; pixel < small.depth().length; pixel++) {
                if (small.opacity()[pixel] > SOLID) {
                    depths[known++] = small.depth()[pixel];
                }
            }
            depths = Arrays.copyOf(depths, known);
        }
        if (depths.length == 0) {
            throw new RunException("the field is empty where the photos look, so there is no depth to look at; train it"
                    + " for longer");
        }
        Arrays.sort(depths);
        return new DepthRange(depths[depths.length / 20], depths[depths.length - 1 - depths.length / 20]);
    }
}
