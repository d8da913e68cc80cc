package org.eikonal.studio.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eikonal.studio.run.AtomicFiles;

/** Wavefront OBJ: text; colours stand behind the coordinates of a vertex, as MeshLab and Blender read them. */
final class ObjFile {
    private ObjFile() {}

    static void write(Mesh mesh, Path file) throws IOException {
        float[] positions = mesh.vertices().positions();
        float[] normals = mesh.vertices().normals();
        byte[] colors = mesh.vertices().colors();
        int[] triangles = mesh.triangles();
        AtomicFiles.replace(file, channel -> {
            LittleEndian out = new LittleEndian(channel);
            out.putText("# Eikonal\n");
            for (int i = 0; i < positions.length; i += 3) {
                out.putText("v " + positions[i] + " " + positions[i + 1] + " " + positions[i + 2] + " "
                        + part(colors[i]) + " " + part(colors[i + 1]) + " " + part(colors[i + 2]) + "\n");
            }
            for (int i = 0; i < normals.length; i += 3) {
                out.putText("vn " + normals[i] + " " + normals[i + 1] + " " + normals[i + 2] + "\n");
            }
            for (int i = 0; i < triangles.length; i += 3) {
                out.putText("f " + corner(triangles[i]) + " " + corner(triangles[i + 1]) + " "
                        + corner(triangles[i + 2]) + "\n");
            }
            out.flush();
        });
    }

    /** Beside it go the picture and, naming it, the material: files of the same name. */
    static void write(TexturedMesh textured, Path file) throws IOException {
        String name = file.getFileName().toString();
        String stem = name.substring(0, name.lastIndexOf('.'));
        float[] positions = textured.mesh().vertices().positions();
        float[] normals = textured.mesh().vertices().normals();
        float[] places = textured.coordinates();
        AtomicFiles.replace(file.resolveSibling(stem + ".png"), textured.png());
        AtomicFiles.replace(file.resolveSibling(stem + ".mtl"), ("# Eikonal\nnewmtl field\nKd 1 1 1\nillum 0\nmap_Kd "
                + stem + ".png\n").getBytes(StandardCharsets.UTF_8));
        AtomicFiles.replace(file, channel -> {
            LittleEndian out = new LittleEndian(channel);
            out.put(ByteBuffer.wrap(("# Eikonal\nmtllib " + stem + ".mtl\nusemtl field\n")
                    .getBytes(StandardCharsets.UTF_8)));
            for (int i = 0; i < positions.length; i += 3) {
                out.putText("v " + positions[i] + " " + positions[i + 1] + " " + positions[i + 2] + "\n");
            }
            for (int i = 0; i < places.length; i += 2) {
                out.putText("vt " + places[i] + " " + (1 - places[i + 1]) + "\n"); // from the lower left
            }
            for (int i = 0; i < normals.length; i += 3) {
                out.putText("vn " + normals[i] + " " + normals[i + 1] + " " + normals[i + 2] + "\n");
            }
            for (int i = 1; i <= positions.length / 3; i += 3) {
                out.putText("f " + textured(i) + " " + textured(i + 1) + " " + textured(i + 2) + "\n");
            }
            out.flush();
        });
    }

    private static String textured(int vertex) {
        return vertex + "/" + vertex + "/" + vertex;
    }

    /** 0 to 1 in thousandths: enough to find the byte again. */
    private static String part(byte color) {
        int thousandths = Math.round((color & 255) / 255f * 1000);
        return thousandths == 1000 ? "1" : "0." + String.valueOf(1000 + thousandths).substring(1);
    }

    private static String corner(int vertex) {
        return vertex + 1 + "//" + (vertex + 1);
    }
}
