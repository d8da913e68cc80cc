package org.eikonal.studio.run;

import java.util.List;
import java.util.Locale;
import org.eikonal.Device;
import org.eikonal.Rays;
import org.eikonal.Views;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.scene.UnitCube;
import org.eikonal.studio.scene.View;

/**
 * Whether photos see the modelled box at all. Where a scale or poses are wrong, none does, and training would go on for
 * minutes without learning anything.
 */
final class Sight {
    /** Rays a side of a photo. */
    private static final int SIDE = 64;

    private Sight() {}

    /** @throws RunException if no ray of any photo meets the box */
    static void require(Device device, RunConfig config, List<View> photos) {
        double half = config.unitCube().aabbScale() / 2.0;
        try (Views views = Views.create(device, 1)) {
            for (View photo : photos) {
                views.setCamera(0, UnitFrame.camera(config.unitCube(), photo.camera()));
                if (meets(views.rays(new int[SIDE * SIDE], pixels(photo)), 0.5 - half, 0.5 + half)) {
                    return;
                }
            }
        }
        UnitCube cube = config.unitCube();
        throw new RunException(String.format(Locale.ROOT, "%s: no photo sees the box that is modelled (with aabb_scale"
                + " %d, scale %s, offset %s, %s, %s it has %.3g world units a side): correct these, the poses or the"
                + " focal length in the scene's JSON", config.scene(), cube.aabbScale(), cube.scale(), cube.x(),
                cube.y(), cube.z(), cube.aabbScale() / cube.scale()));
    }

    /** The middles of a grid's cells, {@code [n][2]}. */
    private static float[] pixels(View photo) {
        float[] pixels = new float[SIDE * SIDE * 2];
        for (int i = 0; i < SIDE * SIDE; i++) {
            pixels[2 * i] = (i % SIDE + 0.5f) / SIDE * photo.camera().width();
            pixels[2 * i + 1] = (i / SIDE + 0.5f) / SIDE * photo.camera().height();
        }
        return pixels;
    }

    /** Slabs: a ray is in the box while it is between all three pairs of planes. A NaN compares false, so it misses. */
    private static boolean meets(Rays rays, double low, double high) {
        for (int ray = 0; ray < rays.count(); ray++) {
            double enter = 0;
            double leave = Double.POSITIVE_INFINITY;
            for (int axis = 3 * ray; axis < 3 * ray + 3; axis++) {
                double one = (low - rays.origins()[axis]) / rays.directions()[axis];
                double other = (high - rays.origins()[axis]) / rays.directions()[axis];
                enter = Math.max(enter, Math.min(one, other));
                leave = Math.min(leave, Math.max(one, other));
            }
            if (enter < leave) {
                return true;
            }
        }
        return false;
    }
}
