package org.eikonal.studio.export;

import java.io.IOException;
import java.nio.file.Path;
import org.eikonal.studio.run.AtomicFiles;

/** Stanford PLY, binary little-endian: x y z nx ny nz as floats, red green blue as bytes, and a mesh's triangles. */
final class PlyFile {
    private PlyFile() {}

    static void write(Vertices points, Path file) throws IOException {
        write(new Mesh(points, new int[0]), false, file);
    }

    static void write(Mesh mesh, Path file) throws IOException {
        write(mesh, true, file);
    }

    private static void write(Mesh mesh, boolean faces, Path file) throws IOException {
        Vertices vertices = mesh.vertices();
        StringBuilder header = new StringBuilder("ply\nformat binary_little_endian 1.0\ncomment Eikonal\n");
        header.append("element vertex ").append(vertices.count()).append('\n');
        for (String name : new String[] {"x", "y", "z", "nx", "ny", "nz"}) {
            header.append("property float ").append(name).append('\n');
        }
        for (String name : new String[] {"red", "green", "blue"}) {
            header.append("property uchar ").append(name).append('\n');
        }
        if (faces) {
            header.append("element face ").append(mesh.triangleCount()).append('\n');
            header.append("property list uchar int vertex_indices\n");
        }
        header.append("end_header\n");
        AtomicFiles.replace(file, channel -> {
            LittleEndian out = new LittleEndian(channel);
            out.putText(header.toString());
            for (int i = 0; i < vertices.positions().length; i += 3) {
                for (float[] numbers : new float[][] {vertices.positions(), vertices.normals()}) {
                    for (int axis = 0; axis < 3; axis++) {
                        out.putFloat(numbers[i + axis]);
                    }
                }
                for (int c = 0; c < 3; c++) {
                    out.putByte(vertices.colors()[i + c]);
                }
            }
            for (int i = 0; i < mesh.triangles().length; i++) {
                if (i % 3 == 0) {
                    out.putByte(3);
                }
                out.putInt(mesh.triangles()[i]);
            }
            out.flush();
        });
    }
}
