package org.eikonal.studio.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SurfaceTest {
    /** A tetrahedron of a size with its corner at x, in front of the triangles that are there. */
    private static Surface with(Surface surface, float x, float size) {
        int n = surface.positions().length / 3;
        float[] positions = new float[3 * (n + 4)];
        int[] triangles = new int[surface.triangles().length + 12];
        float[] corners = {x, 0, 0, x + size, 0, 0, x, size, 0, x, 0, size};
        System.arraycopy(corners, 0, positions, 0, 12);
        System.arraycopy(surface.positions(), 0, positions, 12, 3 * n);
        int[] faces = {0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3};
        System.arraycopy(faces, 0, triangles, 0, 12);
        for (int i = 0; i < surface.triangles().length; i++) {
            triangles[12 + i] = surface.triangles()[i] + 4;
        }
        return new Surface(positions, triangles);
    }

    @Test
    void specksAreLeftOutAndTheRestStays() {
        Surface large = with(new Surface(new float[0], new int[0]), 0, 1);
        // Areas 0.0081 and 0.0121 of the large one's.
        Surface three = with(with(large, 5, 0.09f), 7, 0.11f);
        Surface.Parts parts = three.withoutSpecks(0.01);
        assertEquals(1, parts.dropped());
        Surface both = with(large, 7, 0.11f);
        assertArrayEquals(both.positions(), parts.surface().positions());
        assertArrayEquals(both.triangles(), parts.surface().triangles());
        assertEquals(0, both.withoutSpecks(0.01).dropped());
        assertEquals(2, three.withoutSpecks(0.5).dropped());
    }

    @Test
    void normalsPointOutAndCountByArea() {
        float[] normals = with(new Surface(new float[0], new int[0]), 0, 1).normals();
        float third = (float) (-1 / Math.sqrt(3));
        assertArrayEquals(new float[] {third, third, third}, new float[] {normals[0], normals[1], normals[2]}, 1e-6f);
        // At (1, 0, 0): (0, 0, -1), (0, -1, 0) and (1, 1, 1), each the normal of a face times twice its area.
        assertArrayEquals(new float[] {1, 0, 0}, new float[] {normals[3], normals[4], normals[5]}, 1e-6f);
    }

    @Test
    void aTriangleWithoutAreaHasANormalAllTheSame() {
        float[] normals = new Surface(new float[] {0, 0, 0, 1, 0, 0, 2, 0, 0}, new int[] {0, 1, 2}).normals();
        assertArrayEquals(new float[] {0, 0, 1, 0, 0, 1, 0, 0, 1}, normals);
    }
}
