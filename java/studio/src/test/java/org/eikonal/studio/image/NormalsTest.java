package org.eikonal.studio.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NormalsTest {
    private static final int SIZE = 41;

    /** Directions of a pinhole at the origin that looks along -z. */
    private static float[] directions() {
        float[] directions = new float[3 * SIZE * SIZE];
        for (int i = 0; i < SIZE * SIZE; i++) {
            double x = (i % SIZE + 0.5 - SIZE / 2.0) / 40;
            double y = -(i / SIZE + 0.5 - SIZE / 2.0) / 40;
            double length = Math.sqrt(x * x + y * y + 1);
            directions[3 * i] = (float) (x / length);
            directions[3 * i + 1] = (float) (y / length);
            directions[3 * i + 2] = (float) (-1 / length);
        }
        return directions;
    }

    private interface Depth {
        double along(double x, double y, double z);
    }

    private static float[] normals(Depth depth) {
        float[] directions = directions();
        float[] points = new float[directions.length];
        for (int i = 0; i < points.length; i += 3) {
            double t = depth.along(directions[i], directions[i + 1], directions[i + 2]);
            for (int k = 0; k < 3; k++) {
                points[i + k] = (float) (t * directions[i + k]);
            }
        }
        return Normals.of(SIZE, SIZE, points, directions);
    }

    @Test
    void aSlantedPlaneHasOneNormal() {
        double[] n = {0.48, -0.6, 0.64};
        float[] normals = normals((x, y, z) -> -3 / (n[0] * x + n[1] * y + n[2] * z));
        for (int i = 0; i < normals.length; i++) {
            assertEquals(n[i % 3], normals[i], 1e-3);
        }
    }

    @Test
    void aSphereHasItsRadii() {
        // Of radius 1 about (0, 0, -3): |t d - c| = 1.
        float[] normals = normals((x, y, z) -> {
            double b = -3 * z;
            double root = b * b - 8;
            return root < 0 ? Double.NaN : b - Math.sqrt(root);
        });
        float[] directions = directions();
        int seen = 0;
        for (int i = 0; i < normals.length; i += 3) {
            double b = -3 * directions[i + 2];
            double root = b * b - 8;
            if (root < 0.3) {
                continue; // near the rim, a pixel spans much of the sphere
            }
            double t = b - Math.sqrt(root);
            seen++;
            assertEquals(t * directions[i], normals[i], 0.03);
            assertEquals(t * directions[i + 1], normals[i + 1], 0.03);
            assertEquals(t * directions[i + 2] + 3, normals[i + 2], 0.03);
        }
        assertTrue(seen > 200, "" + seen);
    }

    @Test
    void aStepDoesNotBendWhatIsBesideIt() {
        float[] normals = normals((x, y, z) -> (x < 0 ? -2 : -5) / z);
        for (int i = 0; i < normals.length; i += 3) {
            assertArrayEquals(new float[] {0, 0, 1}, Arrays.copyOfRange(normals, i, i + 3), 1e-4f);
        }
    }

    @Test
    void whereNothingIsThereIsNoNormal() {
        float[] normals = normals((x, y, z) -> x < 0 ? -2 / z : Double.NaN);
        for (int i = 0; i < SIZE * SIZE; i++) {
            boolean empty = i % SIZE >= SIZE / 2;
            assertEquals(empty, Float.isNaN(normals[3 * i]), "pixel " + i);
            if (!empty) {
                assertEquals(1, normals[3 * i + 2], 1e-4);
            }
        }
    }
}
