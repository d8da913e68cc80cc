package org.eikonal.studio.export;

/**
 * A surface of triangles.
 *
 * @param vertices each used by one triangle at least
 * @param triangles three vertices each, counterclockwise seen from outside
 */
record Mesh(Vertices vertices, int[] triangles) {
    int triangleCount() {
        return triangles.length / 3;
    }
}
