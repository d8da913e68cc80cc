package org.eikonal.studio.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.studio.cli.Main;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortableFieldTest {
    @TempDir
    static Path folder;

    private static Path run;
    private static Path file;

    @BeforeAll
    static void export() throws IOException {
        DemoScene.write(folder.resolve("scene"), 12, 4, 32);
        run = folder.resolve("run");
        file = folder.resolve("field.safetensors");
        program("train", folder.resolve("scene"), "--run", run, "--steps", 40, "--device", "cpu",
                "--set", "encoding.n_levels=4", "--set", "encoding.log2_hashmap_size=10", "--set",
                "samples_per_step=4096", "--set", "occupancy.resolution=32", "--set", "occupancy.cascades=2",
                "--set", "unit_cube.offset=[0.4,0.5,0.6]");
        program("export", run, "field", "--out", file);
    }

    private static void program(Object... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said);
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        assertEquals(Main.OK, Main.run(stream, stream, texts), said::toString);
    }

    @Test
    void answersTheSameBits() throws IOException {
        Random random = new Random(9);
        double[] world = random.doubles(3 * 500, -2.5, 2.5).toArray();
        float[] directions = new float[world.length];
        for (int i = 0; i < world.length; i += 3) {
            double turn = random.nextDouble() * 7;
            directions[i] = (float) Math.cos(turn);
            directions[i + 1] = (float) Math.sin(turn);
        }
        try (TrainedField trained = TrainedField.open(new RunFolder(run));
                Device device = Device.open(DeviceConfig.cpu());
                PortableField portable = PortableField.open(device, file)) {
            float[] points = portable.points(world);
            assertArrayEquals(trained.field().density(points), portable.field().density(points));
            assertArrayEquals(trained.color(world, directions), portable.field().color(points, directions));
            assertArrayEquals(trained.field().parameters(), portable.field().parameters());
            assertArrayEquals(trained.occupancy().values(), portable.occupancy().values());
            assertEquals(trained.config().unitCube(), portable.unitCube());
            // unit = 0.33 world + offset; the box of 2 cascades is twice the unit cube, about its middle.
            assertEquals((0.33 * world[0] + 0.4 - 0.5) / 2 + 0.5, points[0], 1e-6);
            assertEquals((0.33 * world[5] + 0.6 - 0.5) / 2 + 0.5, points[5], 1e-6);
            float[] density = trained.density(world);
            int seen = 0;
            for (int i = 0; i < density.length; i++) {
                double expected = 0.33 * portable.field().density(new float[] {points[3 * i], points[3 * i + 1],
                    points[3 * i + 2]})[0];
                seen += density[i] > 0 ? 1 : 0;
                assertTrue(density[i] == 0 || Math.abs(density[i] / expected - 1) < 1e-5, density[i] + ", " + expected);
            }
            assertTrue(seen > 20, "points in occupied cells: " + seen);
        }
    }

    @Test
    void theSameFieldGivesTheSameBytes() throws IOException {
        Path again = folder.resolve("again.safetensors");
        program("export", run, "field", "--out", again);
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
        assertEquals(new ObjectMapper().readTree(SafeTensors.read(file).metadata().get("config")),
                new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("again.json"))));
    }

    private static void refused(Map<String, String> metadata, List<SafeTensors.Tensor> tensors, String why)
            throws IOException {
        Path made = folder.resolve("made.safetensors");
        new SafeTensors(metadata, tensors).write(made);
        try (Device device = Device.open(DeviceConfig.cpu())) {
            String message = assertThrows(RunException.class, () -> PortableField.open(device, made)).getMessage();
            assertTrue(message.startsWith(made + ": ") && message.contains(why), message);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        SafeTensors good = SafeTensors.read(file);
        Map<String, String> data = good.metadata();
        List<SafeTensors.Tensor> tensors = good.tensors();
        refused(Map.of(), tensors, "its metadata's format is null, not eikonal-field");
        refused(with(data, "version", "2"), tensors, "it is of field version 2; this release reads 1");
        refused(with(data, "version", "9".repeat(100_000)), tensors, "9...; this release reads 1");
        refused(with(data, "config", "{"), tensors, "its metadata's config: ");
        refused(with(data, "config", "{}"), tensors, "its metadata's config: ");
        refused(with(data, "config", data.get("config").replace("0.33", "-1")), tensors, "scale is -1.0");
        refused(with(data, "config", data.get("config").replace("\"n_levels\":4", "\"n_levels\":5")), tensors,
                "its config asks for ");
        refused(with(data, "config", data.get("config").replace("\"n_neurons\":64", "\"n_neurons\":32")), tensors,
                "its config asks for");
        // Gigabytes, which are never asked of the device.
        refused(with(data, "config", data.get("config").replace("\"n_levels\":4", "\"n_levels\":32")
                .replace("\"log2_hashmap_size\":10", "\"log2_hashmap_size\":24")), tensors, "its tensors hold ");
        refused(with(data, "config", data.get("config").replace("\"resolution\":32", "\"resolution\":64")), tensors,
                "tensor occupancy has shape [2, 32, 32, 32], its config's resolution is 64");
        refused(data, tensors.subList(1, tensors.size()), "its config asks for ");
        refused(data, tensors.subList(0, tensors.size() - 1), "tensor occupancy is missing");
        List<SafeTensors.Tensor> more = new ArrayList<>(tensors);
        more.add(new SafeTensors.Tensor("more", List.of(1L), ByteBuffer.allocate(4)));
        refused(data, more, "tensor more belongs to no part of the field");
        tensors.get(0).bytes().putFloat(8, Float.NaN);
        refused(data, tensors, "tensor encoding.level0 holds NaN");
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> changed = new LinkedHashMap<>(map);
        changed.put(key, value);
        return changed;
    }
}
