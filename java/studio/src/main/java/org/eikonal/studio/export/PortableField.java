package org.eikonal.studio.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eikonal.Device;
import org.eikonal.FieldConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.ParameterBlock;
import org.eikonal.RadianceField;
import org.eikonal.studio.run.AtomicFiles;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.scene.OneLine;
import org.eikonal.studio.scene.UnitCube;

/**
 * A field by itself, without the run it comes from: a safetensors file with its parameters and its occupancy grid, and
 * in the metadata what is needed to ask it. Thread-safe.
 *
 * <pre>{@code
 * try (Device device = Device.open();
 *         PortableField scene = PortableField.open(device, Path.of("photos.safetensors"))) {
 *     float[] at = scene.points(0.1, 0.2, 0.3); // the data set's world
 *     float[] density = scene.field().density(at);
 *     float[] color = scene.field().color(at, new float[] {0, 0, -1});
 * }
 * }</pre>
 */
public final class PortableField implements AutoCloseable {
    private static final String FORMAT = "eikonal-field";
    private static final int VERSION = 1;
    private static final String OCCUPANCY = "occupancy";
    private static final JsonMapper JSON = new JsonMapper();

    private final RadianceField field;
    private final OccupancyGrid occupancy;
    private final UnitCube cube;

    private PortableField(RadianceField field, OccupancyGrid occupancy, UnitCube cube) {
        this.field = field;
        this.occupancy = occupancy;
        this.cube = cube;
    }

    /** Writes a field, and beside it a JSON file with the same metadata, for people and other programs. */
    static void write(TrainedField trained, Path file, Path description) throws IOException {
        RadianceField field = trained.field();
        ByteBuffer parameters = direct(field.parameterCount());
        field.readParameters(parameters.asFloatBuffer());
        List<SafeTensors.Tensor> tensors = new ArrayList<>();
        for (ParameterBlock block : field.layout()) {
            tensors.add(new SafeTensors.Tensor(block.name(), block.shape(), slice(parameters, block)));
        }
        ByteBuffer cells = direct(trained.occupancy().cells());
        trained.occupancy().readValues(cells.asFloatBuffer());
        int cascades = trained.config().occupancyCascades();
        long side = Math.round(Math.cbrt((double) trained.occupancy().cells() / cascades));
        tensors.add(new SafeTensors.Tensor(OCCUPANCY, List.of((long) cascades, side, side, side), cells));
        JsonNode config = describe(trained);
        Map<String, String> metadata = new TreeMap<>(
                Map.of("format", FORMAT, "version", "" + VERSION, "config", config.toString()));
        new SafeTensors(metadata, tensors).write(file);
        AtomicFiles.replace(description, (config.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode describe(TrainedField trained) throws IOException {
        UnitCube cube = trained.config().unitCube();
        ObjectNode config = JSON.createObjectNode().put("format", FORMAT).put("version", VERSION);
        config.put("recipe", trained.config().recipe()).put("steps", trained.header().step());
        config.put("density_activation", trained.config().densityActivation());
        config.putObject("unit_cube").put("scale", cube.scale()).put("aabb_scale", cube.aabbScale())
                .putArray("offset").add(cube.x()).add(cube.y()).add(cube.z());
        config.set("field", JSON.readTree(trained.config().field().toJson()));
        config.set(OCCUPANCY, JSON.readTree(trained.config().occupancy().toJson()));
        return config;
    }

    /**
     * Opens a field.
     *
     * @param device where it shall live
     * @param file a safetensors file that {@code eikonal export RUN field} wrote
     * @throws RunException in one line, if the file is none or is damaged
     * @throws IOException if the file can't be read at all
     */
    public static PortableField open(Device device, Path file) throws IOException {
        SafeTensors read = SafeTensors.read(file);
        String version = read.metadata().get("version");
        if (!FORMAT.equals(read.metadata().get("format"))) {
            throw SafeTensors.damaged(file, "its metadata's format is "
                    + OneLine.shortened(String.valueOf(read.metadata().get("format"))) + ", not " + FORMAT);
        }
        if (!("" + VERSION).equals(version)) {
            throw new RunException(file + ": it is of field version " + OneLine.shortened(String.valueOf(version))
                    + "; this release reads " + VERSION + ": use the release that made it");
        }
        Map<String, SafeTensors.Tensor> tensors = read.tensors().stream()
                .collect(Collectors.toMap(SafeTensors.Tensor::name, Function.identity()));
        RadianceField field = null;
        OccupancyGrid occupancy = null;
        try {
            JsonNode config = JSON.readTree(read.metadata().getOrDefault("config", ""));
            JsonNode cube = config.path("unit_cube");
            JsonNode offset = cube.path("offset");
            UnitCube unitCube = new UnitCube(cube.path("scale").asDouble(), offset.path(0).asDouble(Double.NaN),
                    offset.path(1).asDouble(Double.NaN), offset.path(2).asDouble(Double.NaN),
                    cube.path("aabb_scale").asInt());
            // What the config asks for is compared with what is there before memory is spent on it.
            FieldConfig asked = FieldConfig.fromJson(config.path("field").toString());
            compare(file, tensors, RadianceField.parameterCount(asked));
            OccupancyConfig grid = occupancy(file, config.path(OCCUPANCY), tensors.get(OCCUPANCY));
            field = RadianceField.create(device, asked, 0);
            occupancy = OccupancyGrid.create(device, grid);
            load(file, tensors, field, occupancy);
            PortableField opened = new PortableField(field, occupancy, unitCube);
            field = null;
            occupancy = null;
            return opened;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw SafeTensors.damaged(file, "its metadata's config: " + e.getMessage());
        } finally {
            if (occupancy != null) {
                occupancy.close();
            }
            if (field != null) {
                field.close();
            }
        }
    }

    private static void compare(Path file, Map<String, SafeTensors.Tensor> tensors, long parameters) {
        long held = tensors.values().stream().filter(tensor -> !tensor.name().equals(OCCUPANCY))
                .mapToLong(tensor -> tensor.bytes().remaining() / Float.BYTES).sum();
        if (parameters > held) {
            throw SafeTensors.damaged(file, "its config asks for " + parameters + " parameters, its tensors hold "
                    + held);
        }
    }

    /** The grid's configuration, which is that of its tensor. */
    private static OccupancyConfig occupancy(Path file, JsonNode config, SafeTensors.Tensor cells) {
        if (cells == null || cells.shape().size() != 4 || !(config instanceof ObjectNode object)) {
            throw SafeTensors.damaged(file, "tensor " + OCCUPANCY + " is missing, or of another shape than"
                    + " [cascade][z][y][x]");
        }
        for (Map.Entry<String, Long> key : Map.of("cascades", cells.shape().get(0), "resolution", cells.shape().get(3))
                .entrySet()) {
            if (object.has(key.getKey()) && object.get(key.getKey()).asLong() != key.getValue()) {
                throw SafeTensors.damaged(file, "tensor " + OCCUPANCY + " has shape " + cells.shape()
                        + ", its config's " + key.getKey() + " is " + object.get(key.getKey()));
            }
            object.put(key.getKey(), key.getValue());
        }
        return OccupancyConfig.fromJson(object.toString());
    }

    private static void load(Path file, Map<String, SafeTensors.Tensor> tensors, RadianceField field,
            OccupancyGrid occupancy) {
        ByteBuffer parameters = direct(field.parameterCount());
        for (ParameterBlock block : field.layout()) {
            SafeTensors.Tensor tensor = tensors.remove(block.name());
            if (tensor == null || !tensor.shape().equals(block.shape())) {
                throw SafeTensors.damaged(file, tensor == null ? "tensor " + block.name() + " is missing"
                        : "tensor " + block.name() + " has shape " + tensor.shape() + ", its config asks for "
                                + block.shape());
            }
            slice(parameters, block).put(finite(file, tensor));
        }
        SafeTensors.Tensor cells = tensors.remove(OCCUPANCY);
        if (cells == null || cells.bytes().remaining() != occupancy.cells() * Float.BYTES || !tensors.isEmpty()) {
            throw SafeTensors.damaged(file, tensors.isEmpty() ? "tensor " + OCCUPANCY + " is missing or too short"
                    : "tensor " + tensors.keySet().iterator().next() + " belongs to no part of the field");
        }
        field.writeParameters(parameters.asFloatBuffer());
        ByteBuffer values = direct(occupancy.cells());
        values.put(finite(file, cells)).flip();
        occupancy.writeValues(values.asFloatBuffer());
    }

    private static ByteBuffer finite(Path file, SafeTensors.Tensor tensor) {
        for (int at = 0; at < tensor.bytes().limit(); at += Float.BYTES) {
            if (!Float.isFinite(tensor.bytes().getFloat(at))) {
                throw SafeTensors.damaged(file, "tensor " + tensor.name() + " holds " + tensor.bytes().getFloat(at));
            }
        }
        return tensor.bytes();
    }

    private static ByteBuffer direct(long numbers) {
        if (numbers > Integer.MAX_VALUE / Float.BYTES) {
            throw new RunException("a field of " + numbers + " numbers is too large for a file; the limit is "
                    + Integer.MAX_VALUE / Float.BYTES);
        }
        return ByteBuffer.allocateDirect((int) numbers * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer slice(ByteBuffer parameters, ParameterBlock block) {
        return parameters.slice((int) block.offset() * Float.BYTES, (int) block.size() * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** @return density and colour; its positions are {@link #points} */
    public RadianceField field() {
        return field;
    }

    /** @return where the field is not empty: elsewhere it may answer anything */
    public OccupancyGrid occupancy() {
        return occupancy;
    }

    /** @return the mapping of the data set's world to the unit cube */
    public UnitCube unitCube() {
        return cube;
    }

    /**
     * Points as the field wants them.
     *
     * @param world {@code [n][3]}, in the data set's world
     * @return {@code [n][3]}, 0 to 1 within the modelled box
     */
    public float[] points(double... world) {
        float[] points = new float[world.length];
        for (int i = 0; i < world.length; i += 3) {
            double[] point = cube.toBox(world[i], world[i + 1], world[i + 2]);
            for (int axis = 0; axis < 3; axis++) {
                points[i + axis] = (float) point[axis];
            }
        }
        return points;
    }

    /** Frees the field; closing twice is fine. */
    @Override
    public void close() {
        occupancy.close();
        field.close();
    }
}
