package org.eikonal.studio.scene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.junit.jupiter.api.Test;

class FramingTest {
    private static final double[] TARGET = {100, -20, 7};

    /** Cameras on a circle of a radius about the target, from a height. */
    private static List<Camera> circle(double radius, double arc) {
        List<Camera> cameras = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            double angle = arc * i / 40;
            double[] eye = {TARGET[0] + radius * Math.cos(angle), TARGET[1] + radius * Math.sin(angle),
                TARGET[2] + radius / 2};
            cameras.add(Camera.perspective(80, 60, 70, Pose.lookAt(eye, TARGET, new double[] {0, 0, 1})));
        }
        return cameras;
    }

    /** Points in a ball about a place. */
    private static SparsePoints ball(double[] at, double radius, int count, double[]... more) {
        Random random = new Random(3);
        double[] xyz = new double[3 * (count + more.length)];
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < 3; k++) {
                xyz[3 * i + k] = at[k] + radius * (2 * random.nextDouble() - 1);
            }
        }
        for (int i = 0; i < more.length; i++) {
            System.arraycopy(more[i], 0, xyz, 3 * (count + i), 3);
        }
        return new SparsePoints(xyz, new byte[xyz.length], new double[xyz.length / 3]);
    }

    private static double share(UnitCube cube, SparsePoints points) {
        int inside = 0;
        for (int i = 0; i < points.count(); i++) {
            double[] unit = cube.toUnit(points.at(i));
            boolean in = true;
            for (double x : unit) {
                in &= Math.abs(x - 0.5) <= cube.aabbScale() / 2.0 + 1e-9;
            }
            inside += in ? 1 : 0;
        }
        return (double) inside / points.count();
    }

    @Test
    void theMiddleIsWhatTheCamerasTurnAround() {
        for (double radius : new double[] {0.01, 3, 4000}) {
            SparsePoints points = ball(TARGET, radius / 4, 3000);
            UnitCube cube = Framing.cube(circle(radius, 2 * Math.PI), points);
            assertArrayEquals(new double[] {0.5, 0.5, 0.5}, cube.toUnit(TARGET), 0.03);
            assertEquals(1, share(cube, points));
            // Where the world is larger, the cube is: its side in radii is the same.
            assertEquals(Framing.cube(circle(1, 2 * Math.PI), ball(TARGET, 0.25, 3000)).scale() / radius, cube.scale(),
                    1e-3 * cube.scale());
        }
    }

    /** What is behind a thing may have no points; the box reaches three times as far as the cameras stand. */
    @Test
    void theBoxReachesBehindTheThing() {
        UnitCube cube = Framing.cube(circle(3, 2 * Math.PI), ball(TARGET, 0.1, 3000));
        double radius = Math.hypot(3, 1.5);
        assertTrue(cube.aabbScale() / 2.0 >= 0.98 * 3 * radius * cube.scale(), cube.toString());
        assertTrue(cube.aabbScale() / 2.0 < 2 * 3.1 * radius * cube.scale(), cube.toString());
    }

    @Test
    void halfACircleHasTheSameMiddle() {
        UnitCube cube = Framing.cube(circle(3, Math.PI), ball(TARGET, 0.5, 3000));
        assertArrayEquals(new double[] {0.5, 0.5, 0.5}, cube.toUnit(TARGET), 0.05);
    }

    @Test
    void theBoxHoldsThePointsButForFewThatAreFarAway() {
        for (double reach : new double[] {0.5, 5, 20, 60}) {
            SparsePoints points = ball(TARGET, reach, 3000,
                    new double[][] {{1e9, 0, 0}, {0, -1e9, 1e9}, {1e5, 1e5, 1e5}});
            UnitCube cube = Framing.cube(circle(3, 2 * Math.PI), points);
            assertTrue(share(cube, points) >= 0.95, cube + ": " + share(cube, points));
            assertTrue(cube.aabbScale() <= 128 && Integer.bitCount(cube.aabbScale()) == 1);
        }
        double[][] horizon = new double[600][];
        Arrays.setAll(horizon, i -> new double[] {1e6, i, 0});
        assertEquals(128, Framing.cube(circle(3, 2 * Math.PI), ball(TARGET, 0.5, 3000, horizon)).aabbScale());
    }

    /** Cameras side by side that look the same way: their axes never meet, so what they see says how far it is. */
    @Test
    void parallelAxesLookAtThePoints() {
        List<Camera> cameras = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Pose pose = new Pose(1, 0, 0, 0.1 * (i % 5), 0, 1, 0, 0.1 * (i / 5), 0, 0, 1, 0);
            cameras.add(Camera.perspective(80, 60, 70, pose));
        }
        SparsePoints points = ball(new double[] {0.2, 0.15, -10}, 2, 3000);
        UnitCube cube = Framing.cube(cameras, points);
        double[] center = cube.toWorld(0.5, 0.5, 0.5);
        assertArrayEquals(new double[] {0.2, 0.15, -10}, center, 0.6);
        assertTrue(share(cube, points) >= 0.95);
    }

    /** In the middle of a room, turning around: the cube is a part of the room, not of the camera's way. */
    @Test
    void camerasThatLookOutFromOnePlace() {
        List<Camera> cameras = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            double[] aim = {TARGET[0] + Math.cos(i * Math.PI / 20), TARGET[1] + Math.sin(i * Math.PI / 20), TARGET[2]};
            cameras.add(Camera.perspective(80, 60, 70, Pose.lookAt(TARGET, aim, new double[] {0, 0, 1})));
        }
        SparsePoints walls = ball(TARGET, 5, 3000);
        UnitCube cube = Framing.cube(cameras, walls);
        assertTrue(share(cube, walls) >= 0.95);
        assertTrue(1 / cube.scale() > 0.5 && 1 / cube.scale() < 10, cube.toString());
    }

    @Test
    void scenesWithoutPointsAndOfOneCamera() {
        UnitCube cube = Framing.cube(circle(3, 2 * Math.PI), SparsePoints.NONE);
        for (Camera camera : circle(3, 2 * Math.PI)) {
            for (double x : cube.toUnit(camera.pose().position())) {
                assertTrue(Math.abs(x - 0.5) <= cube.aabbScale() / 2.0);
            }
        }
        Framing.cube(circle(3, 2 * Math.PI).subList(0, 1), SparsePoints.NONE);
        Framing.cube(circle(1e-9, 2 * Math.PI).subList(0, 1), SparsePoints.NONE);
        Framing.cube(circle(1e9, 2 * Math.PI), ball(TARGET, 1e-9, 10));
        double[] away = {-1e9, 1e9, 1};
        List<Camera> near = Stream.of(0.0, 0.01).map(x -> Camera.perspective(80, 60, 70,
                Pose.lookAt(new double[] {away[0] + 0.1, away[1] + x, 1}, away, new double[] {0, 0, 1}))).toList();
        assertEquals(0.5, Framing.cube(near, SparsePoints.NONE).toUnit(away)[0], 1);
        Framing.cube(List.of(), SparsePoints.NONE);
    }

    @Test
    void raysBeginBeforeTheNearestThingsAndBehindPointsThatLieWrong() {
        for (double radius : new double[] {0.01, 3, 4000}) {
            List<Camera> cameras = circle(radius, 2 * Math.PI);
            double distance = radius * Math.sqrt(1.25);
            double ball = radius / 4;
            // One of 3001 points lies right in front of a camera, which is no reason to look for things there.
            double[] eye = cameras.get(0).pose().position();
            double[] stray = new double[3];
            for (int k = 0; k < 3; k++) {
                stray[k] = eye[k] + 0.01 * (TARGET[k] - eye[k]);
            }
            double near = Framing.near(cameras, ball(TARGET, ball, 3000, stray));
            assertTrue(near < distance - ball && near > 0.7 * (distance - ball), near + " of " + distance);
        }
    }

    @Test
    void withoutPointsNothingSaysWhereThingsBegin() {
        assertEquals(0, Framing.near(circle(3, Math.PI), SparsePoints.NONE));
        assertEquals(0, Framing.near(circle(3, Math.PI), ball(TARGET, 1, 5)));
        assertEquals(0, Framing.near(List.of(), ball(TARGET, 1, 100)));
    }
}
