package org.eikonal.studio.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.javagl.jgltf.model.GltfModel;
import de.javagl.jgltf.model.MeshPrimitiveModel;
import de.javagl.jgltf.model.io.GltfModelReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.eikonal.studio.cli.Main;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TexturedMeshTest {
    private static final int SIZE = 1024;
    private static final int RESOLUTION = 32;

    @TempDir
    static Path folder;

    private static Path run;

    @BeforeAll
    static void export() throws IOException {
        DemoScene.write(folder.resolve("scene"), 12, 4, 32);
        run = folder.resolve("run");
        assertEquals(Main.OK, program("train", folder.resolve("scene"), "--run", run, "--steps", 200, "--device", "cpu",
                "--set", "encoding.n_levels=4", "--set", "encoding.log2_hashmap_size=12", "--set",
                "samples_per_step=8192", "--set", "occupancy.resolution=32"));
        for (String name : List.of("mesh.glb", "mesh.obj")) {
            assertEquals(Main.OK, program("export", run, "mesh", "--out", folder.resolve(name), "--resolution",
                    RESOLUTION, "--texture", SIZE));
        }
    }

    private static int program(Object... arguments) {
        PrintStream stream = new PrintStream(new ByteArrayOutputStream());
        return Main.run(stream, stream, Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    }

    /** Bilinear sampling as glTF has it: (0, 0) is the upper left corner of the upper left texel. */
    private static double sample(BufferedImage image, double u, double v, int channel) {
        double x = u * image.getWidth() - 0.5;
        double y = v * image.getHeight() - 0.5;
        int i = (int) Math.floor(x);
        int j = (int) Math.floor(y);
        double value = 0;
        for (int k = 0; k < 4; k++) {
            double weight = (k % 2 == 0 ? 1 - (x - i) : x - i) * (k / 2 == 0 ? 1 - (y - j) : y - j);
            if (weight > 1e-6) {
                value += weight * (image.getRGB(i + k % 2, j + k / 2) >> 8 * (2 - channel) & 255);
            }
        }
        return value / 255;
    }

    private static float[] floats(MeshPrimitiveModel primitive, String name, int width) {
        float[] floats = new float[width * primitive.getAttributes().get(name).getCount()];
        primitive.getAttributes().get(name).getAccessorData().createByteBuffer().order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer().get(floats);
        return floats;
    }

    @Test
    void theTextureHasTheColoursOfTheField() throws IOException {
        GltfModel model = new GltfModelReader().read(folder.resolve("mesh.glb"));
        MeshPrimitiveModel primitive = model.getMeshModels().get(0).getMeshPrimitiveModels().get(0);
        float[] positions = floats(primitive, "POSITION", 3);
        float[] normals = floats(primitive, "NORMAL", 3);
        float[] places = floats(primitive, "TEXCOORD_0", 2);
        ByteBuffer png = model.getImageModels().get(0).getImageData();
        byte[] bytes = new byte[png.remaining()];
        png.get(bytes);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
        assertEquals(SIZE, image.getWidth());
        assertEquals(SIZE, image.getHeight());
        Random random = new Random(4);
        int count = 2000;
        float[] at = new float[3 * count];
        float[] towards = new float[3 * count];
        double[] texture = new double[3 * count];
        for (int n = 0; n < count; n++) {
            int triangle = random.nextInt(positions.length / 9);
            double a = random.nextDouble();
            double b = random.nextDouble() * (1 - a);
            double[] weights = {1 - a - b, a, b};
            double u = 0;
            double v = 0;
            double square = 0;
            for (int corner = 0; corner < 3; corner++) {
                u += weights[corner] * places[6 * triangle + 2 * corner];
                v += weights[corner] * places[6 * triangle + 2 * corner + 1];
            }
            for (int axis = 0; axis < 3; axis++) {
                for (int corner = 0; corner < 3; corner++) {
                    at[3 * n + axis] += (float) (weights[corner] * positions[9 * triangle + 3 * corner + axis]);
                    towards[3 * n + axis] += (float) (weights[corner] * normals[9 * triangle + 3 * corner + axis]);
                }
                square += towards[3 * n + axis] * towards[3 * n + axis];
                texture[3 * n + axis] = sample(image, u, v, axis);
            }
            for (int axis = 0; axis < 3; axis++) {
                towards[3 * n + axis] /= (float) Math.sqrt(square);
            }
        }
        double[] errors = new double[texture.length];
        try (TrainedField field = TrainedField.open(new RunFolder(run))) {
            double spacing = Box.of(field.config().unitCube()).longest() / RESOLUTION;
            float[] truth = new SurfaceColors(field, spacing).of(at, towards);
            for (int i = 0; i < truth.length; i++) {
                errors[i] = Math.abs(Math.max(0, Math.min(1, truth[i])) - texture[i]);
            }
        }
        Arrays.sort(errors);
        double mean = Arrays.stream(errors).average().orElseThrow();
        double most = errors[errors.length * 99 / 100];
        // Between texels the colour is taken to be linear. It is not where a ray's depth jumps, as beside empty cells.
        assertTrue(mean < 0.01 && most < 0.05, "mean " + mean + ", 99 % below " + most);
    }

    /** What glTF 2.0 asks of a buffer, its views, accessors, images and textures (sections 3.6 and 3.8). */
    @Test
    void theFileKeepsTheRulesOfGltf() throws IOException {
        byte[] file = Files.readAllBytes(folder.resolve("mesh.glb"));
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(file.length, bytes.getInt(8));
        int header = bytes.getInt(12);
        JsonNode root = new ObjectMapper().readTree(file, 20, header);
        int buffer = root.at("/buffers/0/byteLength").asInt();
        assertTrue(header % 4 == 0 && bytes.getInt(20 + header) % 4 == 0);
        assertEquals(buffer, bytes.getInt(20 + header));
        assertEquals(file.length, 28 + header + buffer);
        int end = 0;
        for (JsonNode view : root.get("bufferViews")) {
            assertTrue(view.get("byteOffset").asInt() >= end && view.get("byteOffset").asInt() % 4 == 0);
            end = view.get("byteOffset").asInt() + view.get("byteLength").asInt();
            assertTrue(end <= buffer);
        }
        JsonNode attributes = root.at("/meshes/0/primitives/0/attributes");
        assertFalse(attributes.has("COLOR_0"), "it would be multiplied with the texture");
        int vertices = root.at("/accessors/0/count").asInt();
        for (JsonNode accessor : attributes) {
            assertEquals(vertices, root.get("accessors").get(accessor.asInt()).get("count").asInt());
        }
        assertEquals("VEC2", root.get("accessors").get(attributes.get("TEXCOORD_0").asInt()).get("type").asText());
        JsonNode image = root.at("/images/0");
        assertEquals("image/png", image.get("mimeType").asText());
        JsonNode view = root.get("bufferViews").get(image.get("bufferView").asInt());
        assertFalse(view.has("target") || view.has("byteStride"), "such a view is an image's alone");
        assertEquals(0, root.at("/textures/0/source").asInt(-1));
        assertEquals(0, root.at("/materials/0/pbrMetallicRoughness/baseColorTexture/index").asInt(-1));
        int start = 28 + header + view.get("byteOffset").asInt();
        byte[] png = Arrays.copyOfRange(file, start, start + view.get("byteLength").asInt());
        assertArrayEquals(Files.readAllBytes(folder.resolve("mesh.png")), png);
    }

    @Test
    void objNamesItsMaterialAndPicture() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("mesh.obj"));
        assertTrue(lines.contains("mtllib mesh.mtl") && lines.contains("usemtl field"));
        assertTrue(Files.readAllLines(folder.resolve("mesh.mtl")).contains("map_Kd mesh.png"));
        GltfModel model = new GltfModelReader().read(folder.resolve("mesh.glb"));
        float[] places = floats(model.getMeshModels().get(0).getMeshPrimitiveModels().get(0), "TEXCOORD_0", 2);
        List<String> own = lines.stream().filter(line -> line.startsWith("vt ")).toList();
        assertEquals(places.length / 2, own.size());
        for (int i = 0; i < own.size(); i++) {
            assertEquals(places[2 * i], Float.parseFloat(own.get(i).split(" ")[1]), 1e-6);
            assertEquals(1 - places[2 * i + 1], Float.parseFloat(own.get(i).split(" ")[2]), 1e-6);
        }
    }

    @Test
    void whatCanNotBeIsTold() {
        Object[][] wrong = {{"mesh.ply", 512}, {"mesh.glb", 500}, {"mesh.glb", 64}};
        for (Object[] one : wrong) {
            assertEquals(Main.USAGE, program("export", run, "mesh", "--out", folder.resolve("wrong" + one[0]),
                    "--resolution", RESOLUTION, "--texture", one[1]));
            assertFalse(Files.exists(folder.resolve("wrong" + one[0])));
        }
    }
}
