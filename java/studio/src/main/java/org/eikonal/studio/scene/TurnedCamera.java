package org.eikonal.studio.scene;

import org.eikonal.Camera;
import org.eikonal.Distortion;
import org.eikonal.Pose;
import org.eikonal.studio.image.Orientation;

/**
 * Cameras of photos that are turned: the same rays, through the turned photo's pixels. What EXIF calls mirrored has
 * none, since no camera sees a mirrored world.
 */
public final class TurnedCamera {
    private TurnedCamera() {}

    /** @return whether the orientation is a turn, with no mirror in it */
    public static boolean isTurn(Orientation orientation) {
        return switch (orientation) {
            case NORMAL, CLOCKWISE, HALF_TURN, COUNTERCLOCKWISE -> true;
            default -> false;
        };
    }

    /**
     * @param stored of the photo as it lies in its file
     * @param orientation one that {@link #isTurn}
     * @return of the turned photo
     */
    public static Camera turned(Camera stored, Orientation orientation) {
        return clockwise(stored, quarters(orientation));
    }

    /** @return the camera of which {@link #turned} makes this one */
    public static Camera stored(Camera turned, Orientation orientation) {
        return clockwise(turned, (4 - quarters(orientation)) % 4);
    }

    private static int quarters(Orientation orientation) {
        return switch (orientation) {
            case NORMAL -> 0;
            case CLOCKWISE -> 1;
            case HALF_TURN -> 2;
            case COUNTERCLOCKWISE -> 3;
            default -> throw new IllegalArgumentException(orientation + " mirrors");
        };
    }

    /**
     * A point (x, y) of the photo goes to (height - y, x); right becomes down, and up becomes right. Radial distortion
     * stays, and the tangential one turns as the vector (p2, p1) does.
     */
    private static Camera clockwise(Camera camera, int quarters) {
        if (quarters == 0) {
            return camera;
        }
        Distortion d = camera.distortion();
        double[] pose = camera.pose().matrix().clone();
        for (int row = 0; row < 3; row++) {
            double right = camera.pose().at(row, 0);
            pose[4 * row] = camera.pose().at(row, 1);
            pose[4 * row + 1] = -right;
        }
        return clockwise(new Camera(camera.height(), camera.width(), camera.lens(), camera.fy(), camera.fx(),
                camera.height() - camera.cy(), camera.cx(),
                new Distortion(d.k1(), d.k2(), d.k3(), d.k4(), d.k5(), d.k6(), d.p2(), -d.p1()), new Pose(pose)), quarters - 1);
    }
}
