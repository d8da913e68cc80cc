package org.eikonal.studio.scene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.eikonal.Camera;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.Pose;
import org.eikonal.studio.image.Orientation;
import org.eikonal.studio.image.Picture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against OpenCV's projection, written out here, and the pixels that the photo's own turning moves. */
class TurnedCameraTest {
    private static final Camera STORED = new Camera(40, 30, Lens.PERSPECTIVE, 50, 47, 19, 16,
            new Distortion(0.1f, -0.05f, 0.02f, 0, 0.03f, -0.02f),
            Pose.lookAt(new double[] {3, -2, 1.5}, new double[] {0.2, 0.1, 0}, new double[] {0, 0.1, 1}));

    /** Where a world point is seen, in pixels from the top left corner. */
    private static double[] project(Camera camera, double[] point) {
        double[] local = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            for (int k = 0; k < 3; k++) {
                local[axis] += camera.pose().at(k, axis) * (point[k] - camera.pose().at(k, 3));
            }
        }
        double x = local[0] / -local[2];
        double y = -local[1] / -local[2];
        Distortion d = camera.distortion();
        double r = x * x + y * y;
        double radial = 1 + r * (d.k1() + r * (d.k2() + r * d.k3()));
        return new double[] {
            camera.fx() * (x * radial + 2 * d.p1() * x * y + d.p2() * (r + 2 * x * x)) + camera.cx(),
            camera.fy() * (y * radial + d.p1() * (r + 2 * y * y) + 2 * d.p2() * x * y) + camera.cy()};
    }

    @ParameterizedTest
    @EnumSource(names = {"NORMAL", "CLOCKWISE", "HALF_TURN", "COUNTERCLOCKWISE"})
    void aPointIsSeenInThePixelThatItsOwnWasTurnedTo(Orientation orientation) {
        double[] point = {-0.3, 0.4, 0.2};
        double[] before = project(STORED, point);
        byte[] rgba = new byte[40 * 30 * 4];
        rgba[4 * ((int) before[1] * 40 + (int) before[0])] = 1;
        Picture turned = orientation.apply(new Picture(40, 30, rgba));
        Camera camera = TurnedCamera.turned(STORED, orientation);
        assertEquals(turned.width(), camera.width());
        assertEquals(turned.height(), camera.height());
        double[] after = project(camera, point);
        assertEquals(1, turned.rgba()[4 * ((int) after[1] * turned.width() + (int) after[0])]);
        // And between pixels: what was left of the pixel's middle by so much is so far from it still.
        assertEquals(fraction(before[0]) + fraction(before[1]), fraction(after[0]) + fraction(after[1]), 1e-4);
        Camera back = TurnedCamera.stored(camera, orientation);
        assertArrayEquals(before, project(back, point), 1e-5);
        assertEquals(40, back.width());
    }

    private static double fraction(double pixel) {
        return Math.pow(pixel - Math.floor(pixel) - 0.5, 2);
    }

    @Test
    void noCameraSeesAMirroredWorld() {
        for (Orientation orientation : new Orientation[] {Orientation.MIRRORED, Orientation.FLIPPED,
            Orientation.TRANSPOSED, Orientation.TRANSVERSED}) {
            assertFalse(TurnedCamera.isTurn(orientation));
            assertThrows(IllegalArgumentException.class, () -> TurnedCamera.turned(STORED, orientation));
        }
    }
}
