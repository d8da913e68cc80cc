package org.eikonal.studio.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.junit.jupiter.api.Test;

class SpiralTest {
    /** Eleven by three cameras that look along +x with z up: right is -y. They step 0.2 across, 0.5 upwards. */
    private static List<Camera> wall() {
        List<Camera> cameras = new ArrayList<>();
        for (int i = -5; i <= 5; i++) {
            for (int j = -1; j <= 1; j++) {
                double[] eye = {10, 20 - 0.2 * i, 30 + 0.5 * j};
                cameras.add(Camera.perspective(40, 30, 50,
                        Pose.lookAt(eye, new double[] {11, eye[1], eye[2]}, new double[] {0, 0, 1})));
            }
        }
        return cameras;
    }

    @Test
    void itIsTheOneOfTheFormula() {
        double focus = 4;
        List<Camera> cameras = new Spiral(wall(), focus).cameras(24);
        assertEquals(24, cameras.size());
        // 33 distances from the middle: 0 three times, 0.2 to 1.0 six times each. The 90th percentile, number
        // 28.8 from 0, is between two of the last six; upwards 22 of 33 are 0.5.
        double across = 1.0;
        double upwards = 0.5;
        for (int n = 0; n < 24; n++) {
            double t = 4 * Math.PI * n / 24;
            double[] eye = cameras.get(n).pose().position();
            assertEquals(10, eye[0], 1e-9); // no camera stands before or behind the others
            assertEquals(20 - across * Math.cos(t), eye[1], 1e-9);
            assertEquals(30 - upwards * Math.sin(t), eye[2], 1e-9);
            // It looks at (10 + focus, 20, 30).
            double[] ahead = {10 + focus - eye[0], 20 - eye[1], 30 - eye[2]};
            double length = Math.sqrt(ahead[0] * ahead[0] + ahead[1] * ahead[1] + ahead[2] * ahead[2]);
            for (int row = 0; row < 3; row++) {
                assertEquals(-ahead[row] / length, cameras.get(n).pose().at(row, 2), 1e-9);
            }
            assertEquals(0, cameras.get(n).pose().at(2, 0), 1e-9, "level");
            assertEquals(50, cameras.get(n).fx());
            assertEquals(40, cameras.get(n).width());
        }
    }

    @Test
    void toAndFroTakesBothTurns() {
        List<Camera> cameras = wall();
        List<Camera> moved = new ArrayList<>();
        for (int i = 0; i < cameras.size(); i++) {
            double[] matrix = cameras.get(i).pose().matrix();
            matrix[3] += i % 2 == 0 ? 0.3 : -0.3; // 17 of 33 ahead: their mean is 10 + 0.3 / 33
            moved.add(cameras.get(i).withPose(new Pose(matrix)));
        }
        double middle = 10 + 0.3 / 33;
        double radius = 0.3 + 0.3 / 33; // the 90th percentile: 16 of 33 are that far, 17 nearer
        List<Camera> spiral = new Spiral(moved, 4).cameras(8);
        for (int n = 0; n < 8; n++) {
            double t = 4 * Math.PI * n / 8;
            assertEquals(middle + radius * Math.sin(t / 2), spiral.get(n).pose().position()[0], 1e-9);
        }
    }

    @Test
    void theEyeRestsOnAMeanOfInverseDepths() {
        assertEquals(1 / (0.25 / 1.8 + 0.75 / 50), Spiral.focus(2, 10), 1e-12);
    }

    @Test
    void photosFromAllSidesAreRefused() {
        List<Camera> around = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            double[] eye = {Math.cos(i), Math.sin(i), 0.3};
            around.add(Camera.perspective(40, 30, 50, Pose.lookAt(eye, new double[3], new double[] {0, 0, 1})));
        }
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new Spiral(around, 1));
        assertTrue(e.getMessage().contains("use --orbit"), e.getMessage());
    }
}
