package org.eikonal.studio.export;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.DoubleConsumer;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.run.TrainedField;

/**
 * A mesh whose colours are in a picture.
 *
 * @param mesh whose triangles share no vertices
 * @param coordinates {@code [vertices][2]}: places in the picture, 0 to 1 from its upper left
 * @param texels per corner-to-corner edge of a triangle
 * @param png the picture, stored sRGB
 */
record TexturedMesh(Mesh mesh, float[] coordinates, int texels, byte[] png) {
    private static final int BATCH = 1 << 17;

    /**
     * Paints a mesh with what the field shows at each texel, as {@link SurfaceColors} has it for vertices.
     *
     * @param spacing the edge of a voxel, in world units
     * @param size texels a side, a power of two
     * @param progress is told the part that is done, 0 to 1
     */
    static TexturedMesh of(TrainedField field, Mesh mesh, double spacing, int size, DoubleConsumer progress)
            throws IOException {
        TextureAtlas atlas = TextureAtlas.of(mesh.triangleCount(), size);
        Mesh apart = apart(mesh);
        byte[] rgba = new byte[4 * size * size];
        SurfaceColors paint = new SurfaceColors(field, spacing);
        int[] texel = new int[BATCH];
        int count = 0;
        int end = atlas.usedRows() * size;
        for (int at = 0; at < end; at++) {
            if (atlas.triangle(at % size, at / size) >= 0) {
                texel[count++] = at;
            }
            if (count == BATCH || count > 0 && at == end - 1) {
                paint(atlas, apart.vertices(), paint, Arrays.copyOf(texel, count), rgba);
                count = 0;
                progress.accept((at + 1.0) / end);
            }
        }
        for (int i = 3; i < rgba.length; i += 4) {
            rgba[i] = (byte) 255;
        }
        return new TexturedMesh(apart, atlas.coordinates(), atlas.legs(),
                PictureFiles.png(new Picture(size, size, rgba)));
    }

    private static void paint(TextureAtlas atlas, Vertices vertices, SurfaceColors paint, int[] texels, byte[] rgba) {
        float[] positions = new float[3 * texels.length];
        float[] normals = new float[3 * texels.length];
        double[] weights = new double[3];
        for (int t = 0; t < texels.length; t++) {
            int x = texels[t] % atlas.size();
            int y = texels[t] / atlas.size();
            atlas.weights(x, y, weights);
            int first = 9 * atlas.triangle(x, y);
            double square = 0;
            for (int axis = 0; axis < 3; axis++) {
                double position = 0;
                double normal = 0;
                for (int corner = 0; corner < 3; corner++) {
                    position += weights[corner] * vertices.positions()[first + 3 * corner + axis];
                    normal += weights[corner] * vertices.normals()[first + 3 * corner + axis];
                }
                positions[3 * t + axis] = (float) position;
                normals[3 * t + axis] = (float) normal;
                square += normal * normal;
            }
            for (int axis = 0; axis < 3; axis++) {
                // Where the corners' normals cancel out, the first one's is as good as any.
                normals[3 * t + axis] = square > 1e-12 ? (float) (normals[3 * t + axis] / Math.sqrt(square))
                        : vertices.normals()[first + axis];
            }
        }
        byte[] colors = Vertices.stored(paint.of(positions, normals));
        for (int t = 0; t < texels.length; t++) {
            System.arraycopy(colors, 3 * t, rgba, 4 * texels[t], 3);
        }
    }

    /** The same triangles, each with vertices of its own. */
    private static Mesh apart(Mesh mesh) {
        int n = mesh.triangles().length;
        Vertices from = mesh.vertices();
        Vertices to = new Vertices(new float[Math.multiplyExact(3, n)], new float[3 * n], new byte[3 * n]);
        int[] triangles = new int[n];
        for (int i = 0; i < n; i++) {
            int vertex = 3 * mesh.triangles()[i];
            System.arraycopy(from.positions(), vertex, to.positions(), 3 * i, 3);
            System.arraycopy(from.normals(), vertex, to.normals(), 3 * i, 3);
            System.arraycopy(from.colors(), vertex, to.colors(), 3 * i, 3);
            triangles[i] = i;
        }
        return new Mesh(to, triangles);
    }
}
