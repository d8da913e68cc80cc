package org.eikonal.studio.export;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.eikonal.studio.run.AtomicFiles;
import org.eikonal.studio.run.RunException;

/**
 * glTF 2.0, binary: one mesh in one buffer, with POSITION, NORMAL, indices, and COLOR_0 or else TEXCOORD_0 and a PNG
 * picture. Light is in the colours
 * already, so that the material is unlit where viewers know KHR_materials_unlit. The numbers keep the data set's axes,
 * of which z is up; the node turns them to glTF's, of which y is.
 */
final class GlbFile {
    private static final int HEADERS = 12 + 2 * 8;
    private static final int FLOAT = 5126;
    private static final int UNSIGNED_INT = 5125;
    private static final int UNSIGNED_SHORT = 5123;
    private static final int LINEAR = 9729;
    private static final int CLAMP_TO_EDGE = 33071;
    private static final int ARRAY_BUFFER = 34962;
    private static final int ELEMENT_ARRAY_BUFFER = 34963;
    private static final JsonMapper JSON = new JsonMapper();

    private GlbFile() {}

    static void write(Mesh mesh, Path file) throws IOException {
        write(mesh, null, file);
    }

    static void write(TexturedMesh textured, Path file) throws IOException {
        write(textured.mesh(), textured, file);
    }

    /** @param texture null: the vertices have the colours; a viewer would multiply the two */
    private static void write(Mesh mesh, TexturedMesh texture, Path file) throws IOException {
        Vertices vertices = mesh.vertices();
        byte[] picture = texture == null ? new byte[0]
                : Arrays.copyOf(texture.png(), (texture.png().length + 3) / 4 * 4);
        long length = 32L * vertices.count() + 4L * mesh.triangles().length + picture.length;
        byte[] json = (document(mesh, texture, length).toString()).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 3) / 4 * 4);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        long total = HEADERS + padded.length + length;
        if (total > 0xffffffffL) {
            throw new RunException(file + ": a GLB file holds 4 GiB at most, this mesh takes " + total
                    + " bytes; lower --resolution, or write a .ply");
        }
        AtomicFiles.replace(file, channel -> {
            LittleEndian out = new LittleEndian(channel);
            out.putText("glTF");
            out.putInt(2);
            out.putInt((int) total);
            out.putInt(padded.length);
            out.putText("JSON");
            out.put(ByteBuffer.wrap(padded));
            out.putInt((int) length);
            out.putText("BIN\0");
            for (float number : vertices.positions()) {
                out.putFloat(number);
            }
            for (float number : vertices.normals()) {
                out.putFloat(number);
            }
            for (int i = 0; texture != null && i < texture.coordinates().length; i++) {
                out.putFloat(texture.coordinates()[i]);
            }
            for (int i = 0; texture == null && i < vertices.colors().length; i += 3) {
                for (int c = 0; c < 3; c++) {
                    out.putShort(linear(vertices.colors()[i + c] & 255));
                }
                out.putShort(0xffff);
            }
            for (int vertex : mesh.triangles()) {
                out.putInt(vertex);
            }
            out.put(ByteBuffer.wrap(picture));
            out.flush();
        });
    }

    /** glTF's vertex colours are linear: 16 bits, so that dark ones stay apart. */
    private static int linear(int stored) {
        double v = stored / 255.0;
        return (int) Math.round(65535 * (v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4)));
    }

    private static ObjectNode document(Mesh mesh, TexturedMesh texture, long length) {
        int n = mesh.vertices().count();
        ObjectNode root = JSON.createObjectNode();
        root.putObject("asset").put("version", "2.0").put("generator", "Eikonal");
        root.putArray("extensionsUsed").add("KHR_materials_unlit");
        root.put("scene", 0);
        root.putArray("scenes").addObject().putArray("nodes").add(0);
        double half = Math.sqrt(0.5);
        root.putArray("nodes").addObject().put("mesh", 0).putArray("rotation").add(-half).add(0).add(0).add(half);
        ObjectNode primitive = root.putArray("meshes").addObject().putArray("primitives").addObject();
        primitive.putObject("attributes").put("POSITION", 0).put("NORMAL", 1)
                .put(texture == null ? "COLOR_0" : "TEXCOORD_0", 2);
        primitive.put("indices", 3).put("material", 0);
        ObjectNode material = root.putArray("materials").addObject();
        ObjectNode surface = material.putObject("pbrMetallicRoughness").put("metallicFactor", 0)
                .put("roughnessFactor", 1);
        material.putObject("extensions").putObject("KHR_materials_unlit");
        ArrayNode accessors = root.putArray("accessors");
        ObjectNode positions = accessor(accessors, FLOAT, n, "VEC3");
        bound(positions.putArray("min"), mesh.vertices().positions(), -1);
        bound(positions.putArray("max"), mesh.vertices().positions(), 1);
        accessor(accessors, FLOAT, n, "VEC3");
        if (texture == null) {
            accessor(accessors, UNSIGNED_SHORT, n, "VEC4").put("normalized", true);
        } else {
            accessor(accessors, FLOAT, n, "VEC2");
        }
        accessor(accessors, UNSIGNED_INT, mesh.triangles().length, "SCALAR");
        ArrayNode views = root.putArray("bufferViews");
        view(views, 0, 12L * n, ARRAY_BUFFER);
        view(views, 12L * n, 12L * n, ARRAY_BUFFER);
        view(views, 24L * n, 8L * n, ARRAY_BUFFER);
        view(views, 32L * n, 4L * mesh.triangles().length, ELEMENT_ARRAY_BUFFER);
        if (texture != null) {
            surface.putObject("baseColorTexture").put("index", 0);
            root.putArray("textures").addObject().put("source", 0).put("sampler", 0);
            root.putArray("samplers").addObject().put("magFilter", LINEAR).put("minFilter", LINEAR)
                    .put("wrapS", CLAMP_TO_EDGE).put("wrapT", CLAMP_TO_EDGE);
            root.putArray("images").addObject().put("bufferView", views.size()).put("mimeType", "image/png");
            views.addObject().put("buffer", 0).put("byteOffset", 32L * n + 4L * mesh.triangles().length)
                    .put("byteLength", texture.png().length);
        }
        root.putArray("buffers").addObject().put("byteLength", length);
        return root;
    }

    private static ObjectNode accessor(ArrayNode accessors, int type, int count, String shape) {
        return accessors.addObject().put("bufferView", accessors.size() - 1).put("componentType", type)
                .put("count", count).put("type", shape);
    }

    private static void view(ArrayNode views, long offset, long length, int target) {
        views.addObject().put("buffer", 0).put("byteOffset", offset).put("byteLength", length).put("target", target);
    }

    /** The least (sign -1) or greatest (1) of each coordinate. */
    private static void bound(ArrayNode bound, float[] positions, int sign) {
        for (int axis = 0; axis < 3; axis++) {
            float best = positions[axis];
            for (int i = axis; i < positions.length; i += 3) {
                best = sign * positions[i] > sign * best ? positions[i] : best;
            }
            bound.add(best);
        }
    }
}
