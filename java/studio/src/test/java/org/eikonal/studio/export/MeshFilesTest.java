package org.eikonal.studio.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.javagl.jgltf.model.AccessorModel;
import de.javagl.jgltf.model.GltfModel;
import de.javagl.jgltf.model.MeshPrimitiveModel;
import de.javagl.jgltf.model.io.GltfModelReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeshFilesTest {
    private static final Mesh MESH = new Mesh(new Vertices(
            new float[] {0.1f, -2, 3e-5f, 1, 0, 0, 0, 1e6f, 0, 0, 0, -7.25f},
            new float[] {1, 0, 0, 0, 1, 0, 0, 0, -1, 0.6f, 0, 0.8f},
            new byte[] {0, 1, 2, (byte) 128, (byte) 200, (byte) 255, 10, 20, 30, 5, 6, 7}),
            new int[] {0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3});

    @TempDir
    Path folder;

    @Test
    void plyHoldsWhatItsHeaderSays() throws IOException {
        Path file = folder.resolve("mesh.ply");
        PlyFile.write(MESH, file);
        PlyReader read = PlyReader.read(file);
        assertArrayEquals(MESH.vertices().positions(), read.positions());
        assertArrayEquals(MESH.vertices().normals(), read.normals());
        assertArrayEquals(MESH.vertices().colors(), read.colors());
        assertArrayEquals(MESH.triangles(), read.triangles());
        PlyFile.write(MESH.vertices(), file);
        read = PlyReader.read(file);
        assertArrayEquals(MESH.vertices().positions(), read.positions());
        assertEquals(0, read.triangles().length);
        assertFalse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                .contains("element face"));
    }

    @Test
    void objIsReadAsText() throws IOException {
        Path file = folder.resolve("mesh.obj");
        ObjFile.write(MESH, file);
        List<Float> numbers = new ArrayList<>();
        List<Float> normals = new ArrayList<>();
        List<Integer> corners = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ");
            for (int i = 1; i < words.length; i++) {
                switch (words[0]) {
                    case "v" -> numbers.add(Float.parseFloat(words[i]));
                    case "vn" -> normals.add(Float.parseFloat(words[i]));
                    case "f" -> {
                        String[] indices = words[i].split("//");
                        assertEquals(indices[0], indices[1]);
                        corners.add(Integer.parseInt(indices[0]) - 1);
                    }
                    default -> assertEquals("#", words[0]);
                }
            }
        }
        for (int i = 0; i < 12; i++) {
            assertEquals(MESH.vertices().positions()[i], numbers.get(i / 3 * 6 + i % 3));
            assertEquals(MESH.vertices().normals()[i], normals.get(i));
            assertEquals(MESH.vertices().colors()[i] & 255, Math.round(255 * numbers.get(i / 3 * 6 + 3 + i % 3)));
            assertEquals(MESH.triangles()[i], corners.get(i));
        }
    }

    @Test
    void glbIsReadByAnIndependentLibrary() throws IOException {
        Path file = folder.resolve("mesh.glb");
        GlbFile.write(MESH, file);
        GltfModel model = new GltfModelReader().read(file);
        MeshPrimitiveModel primitive = model.getMeshModels().get(0).getMeshPrimitiveModels().get(0);
        assertEquals(4, primitive.getMode());
        AccessorModel positions = primitive.getAttributes().get("POSITION");
        assertArrayEquals(MESH.vertices().positions(), floats(positions));
        assertArrayEquals(new Number[] {0f, -2f, -7.25f}, floatsOf(positions.getMin()));
        assertArrayEquals(new Number[] {1f, 1e6f, 3e-5f}, floatsOf(positions.getMax()));
        assertArrayEquals(MESH.vertices().normals(), floats(primitive.getAttributes().get("NORMAL")));
        AccessorModel colors = primitive.getAttributes().get("COLOR_0");
        assertTrue(colors.isNormalized());
        ByteBuffer linear = colors.getAccessorData().createByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 12; i++) {
            // IEC 61966-2-1, back from linear to stored.
            double v = (linear.getShort(i / 3 * 8 + i % 3 * 2) & 0xffff) / 65535.0;
            double stored = v <= 0.0031308 ? 12.92 * v : 1.055 * Math.pow(v, 1 / 2.4) - 0.055;
            assertEquals(MESH.vertices().colors()[i] & 255, 255 * stored, 0.1);
            assertEquals(-1, linear.getShort(i / 3 * 8 + 6), "opaque");
        }
        ByteBuffer indices = primitive.getIndices().getAccessorData().createByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 12; i++) {
            assertEquals(MESH.triangles()[i], indices.getInt(4 * i));
        }
        // What is up in the data set, z, is up in glTF: y.
        float[] turn = model.getSceneModels().get(0).getNodeModels().get(0).computeGlobalTransform(null);
        assertArrayEquals(new float[] {0, 1, 0}, new float[] {turn[8], turn[9], turn[10]}, 1e-6f);
        assertArrayEquals(new float[] {1, 0, 0}, new float[] {turn[0], turn[1], turn[2]}, 1e-6f);
        assertEquals(0, Files.size(file) % 4);
    }

    private static float[] floats(AccessorModel accessor) {
        float[] floats = new float[3 * accessor.getCount()];
        accessor.getAccessorData().createByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    private static Number[] floatsOf(Number[] numbers) {
        Number[] floats = new Number[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers[i].floatValue();
        }
        return floats;
    }
}
