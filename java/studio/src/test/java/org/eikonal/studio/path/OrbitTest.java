package org.eikonal.studio.path;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.junit.jupiter.api.Test;

class OrbitTest {
    private static final double[] TARGET = {1, 2, 3};

    /** Cameras at distance 5 and height 2 about the target, between two angles. */
    private static List<Camera> arc(double from, double to, int count) {
        List<Camera> cameras = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double angle = from + (to - from) * i / count;
            double[] eye = {TARGET[0] + 5 * Math.cos(angle), TARGET[1] + 5 * Math.sin(angle), TARGET[2] + 2};
            cameras.add(Camera.perspective(40, 30, 50, Pose.lookAt(eye, TARGET, new double[] {0, 0, 1})));
        }
        return cameras;
    }

    private static double angle(Camera camera) {
        double[] eye = camera.pose().position();
        return Math.atan2(eye[1] - TARGET[1], eye[0] - TARGET[0]);
    }

    @Test
    void itGoesOnceAroundWhatAllLookAt() {
        Orbit orbit = new Orbit(arc(0, 2 * Math.PI, 24));
        assertArrayEquals(TARGET, orbit.center(), 0.02);
        assertEquals(Math.hypot(5, 2), orbit.radius(), 0.02);
        List<Camera> cameras = orbit.cameras(8);
        assertEquals(8, cameras.size());
        for (Camera camera : cameras) {
            double[] eye = camera.pose().position();
            assertEquals(5, Math.hypot(eye[0] - TARGET[0], eye[1] - TARGET[1]), 0.05);
            assertEquals(2, eye[2] - TARGET[2], 0.05);
            assertTrue(camera.pose().at(2, 1) > 0.9 * 5 / Math.hypot(5, 2), "upright");
            assertEquals(40, camera.width());
            assertEquals(30, camera.height());
            assertEquals(50, camera.fx());
        }
        assertEquals(Math.PI, Math.abs(angle(cameras.get(4)) - angle(cameras.get(0))), 0.05);
    }

    @Test
    void whatWasNotPhotographedIsNotShown() {
        for (Camera camera : new Orbit(arc(1, 2.5, 30)).cameras(12)) {
            assertTrue(angle(camera) > 0.9 && angle(camera) < 2.6, "angle " + angle(camera));
        }
    }

    @Test
    void oneCameraOrParallelOnesHaveAnOrbitToo() {
        Camera one = arc(0, 1, 1).get(0);
        Camera beside = one.withPose(new Pose(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 9));
        for (List<Camera> cameras : List.of(List.of(one), List.of(one, one), List.of(beside, beside))) {
            for (Camera camera : new Orbit(cameras).cameras(3)) {
                assertTrue(Double.isFinite(camera.pose().at(0, 3)));
            }
        }
    }
}
