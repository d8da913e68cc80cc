package org.eikonal.studio.scene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eikonal.Camera;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.Pose;
import org.junit.jupiter.api.Test;

class CameraTest {
    @Test
    void lookingAtTheOriginFromMinusYWithZUp() {
        Pose pose = Pose.lookAt(new double[] {0, -2, 0}, new double[3], new double[] {0, 0, 3});
        // Right is x, up is z, and the camera looks along -z: its z axis points back to -y.
        assertArrayEquals(new double[] {1, 0, 0, 0, 0, 0, -1, -2, 0, 1, 0, 0}, pose.matrix(), 1e-15);
        assertThrows(IllegalArgumentException.class,
                () -> Pose.lookAt(new double[] {0, 0, 2}, new double[3], new double[] {0, 0, 1}));
        assertThrows(IllegalArgumentException.class,
                () -> Pose.lookAt(new double[3], new double[3], new double[] {0, 0, 1}));
    }

    @Test
    void posesAreCopiesAndEqualByValue() {
        double[] numbers = Pose.IDENTITY.matrix();
        numbers[3] = 7;
        Pose pose = new Pose(numbers);
        numbers[3] = 8;
        pose.matrix()[3] = 9;
        assertEquals(7, pose.at(0, 3));
        assertEquals(new Pose(pose.matrix()), pose);
        assertEquals(new Pose(pose.matrix()).hashCode(), pose.hashCode());
        assertNotEquals(Pose.IDENTITY, pose);
    }

    @Test
    void degeneratePosesAreRefusedAndScaledOnesAreNot() {
        assertThrows(IllegalArgumentException.class, () -> new Pose(new double[11]));
        assertThrows(IllegalArgumentException.class, () -> new Pose(new double[12]));
        assertThrows(IllegalArgumentException.class, () -> new Pose(1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0));
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> new Pose(1, 0, 0, 0, 0, 1, 0, Double.NaN, 0, 0, 1, 0)).getMessage().contains("[1][3]"));
        new Pose(1e-4, 0, 0, 0, 0, 1e-4, 0, 0, 0, 0, 1e-4, 0);
    }

    @Test
    void scalingKeepsTheFieldOfView() {
        Camera camera = new Camera(101, 60, Lens.PERSPECTIVE, 50, 40, 48, 33, Distortion.NONE, Pose.IDENTITY);
        Camera half = camera.scaled(0.5f);
        assertEquals(51, half.width());
        assertEquals(30, half.height());
        assertEquals(101.0 / 50, half.width() / (double) half.fx(), 1e-5);
        assertEquals(20, half.fy());
        assertEquals(48.0 / 101, half.cx() / (double) half.width(), 1e-6);
        assertEquals(16.5f, half.cy());
        assertEquals(1, camera.scaled(1e-6f).width());
        assertThrows(IllegalArgumentException.class, () -> camera.scaled(0));
        assertThrows(IllegalArgumentException.class, () -> camera.scaled(1e30f));
    }

    @Test
    void distortionMustFitTheLens() {
        Distortion fourth = new Distortion(0, 0, 0, 0.1f, 0, 0);
        Distortion rational = new Distortion(0, 0, 0, 0, 0.1f, 0, 0, 0);
        Distortion tangential = new Distortion(0, 0, 0, 0, 0.1f, 0);
        new Camera(1, 1, Lens.FISHEYE, 1, 1, 0, 0, fourth, Pose.IDENTITY);
        new Camera(1, 1, Lens.PERSPECTIVE, 1, 1, 0, 0, tangential, Pose.IDENTITY);
        new Camera(1, 1, Lens.PERSPECTIVE, 1, 1, 0, 0, fourth, Pose.IDENTITY);
        new Camera(1, 1, Lens.PERSPECTIVE, 1, 1, 0, 0, rational, Pose.IDENTITY);
        assertThrows(IllegalArgumentException.class,
                () -> new Camera(1, 1, Lens.FISHEYE, 1, 1, 0, 0, rational, Pose.IDENTITY));
        assertThrows(IllegalArgumentException.class,
                () -> new Camera(1, 1, Lens.FISHEYE, 1, 1, 0, 0, tangential, Pose.IDENTITY));
        assertThrows(IllegalArgumentException.class, () -> new Distortion(Float.NaN, 0, 0, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> Camera.perspective(1, 1, 0, Pose.IDENTITY));
        assertThrows(IllegalArgumentException.class, () -> Camera.perspective(70000, 1, 1, Pose.IDENTITY));
    }
}
