package org.eikonal.studio.recipe;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.eikonal.DeviceConfig;
import org.eikonal.FieldConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OptimizerConfig;
import org.eikonal.RenderConfig;
import org.eikonal.TrainerConfig;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.UnitCube;

/**
 * The resolved configuration of a run: one JSON object, all that training needs. Immutable.
 *
 * <p>What the user asked for: {@code recipe}, {@code scene} (absolute path), {@code device}, {@code threads},
 * {@code seed}, and {@code steps} or {@code seconds}, of which the other one is null. The recipe's settings:
 * {@code precision}, {@code isa} and {@code deterministic} of the device (the last one matters to GPUs and may be
 * missing: false), {@code background} (3 values of stored sRGB, 0 to 1, behind evaluated pictures),
 * {@code random_background} (whether training has a random one), {@code unit_cube} (scale, offset:
 * {@code unit = world * scale + offset}), {@code density_activation}, {@code early_stop}, {@code samples_per_step},
 * {@code min_views}, {@code rays_per_pixel} from the progress {@code rays_per_pixel_from} on, {@code supersampling} of
 * pictures, {@code prefer_detail}, {@code distortion_loss_mult} and {@code depth_loss_mult} beside the colours' loss
 * (runs of earlier versions may lack these six: 1, 0, 1, false, 0, 0), and with
 * tiny-cuda-nn's keys {@code encoding}, {@code network}, {@code dir_encoding}, {@code rgb_network},
 * {@code occupancy}, {@code sampler}, {@code loss}, {@code optimizer}.
 */
public final class RunConfig {
    /** How long a run trains that says neither steps nor seconds. */
    public static final double DEFAULT_SECONDS = 180;

    static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    /** Keys that have an option of their own and are no settings of the recipe. */
    static final Set<String> OWN_OPTIONS = Set.of("recipe", "scene", "device", "threads", "seed", "steps", "seconds");

    private final ObjectNode document;

    private RunConfig(ObjectNode document) {
        this.document = document;
    }

    /**
     * A recipe made ready for a scene.
     *
     * @throws ConfigException naming a setting that there is not, or whose value is of another type
     */
    public static RunConfig resolve(Recipe recipe, Scene scene, RunOptions options) {
        ObjectNode document = JSON.createObjectNode();
        document.put("recipe", recipe.name()).put("scene", scene.folder().toString());
        document.put("device", "auto").put("threads", 0).put("seed", 0L);
        document.putNull("steps").put("seconds", DEFAULT_SECONDS);
        if (options.seed() != null) {
            document.put("seed", options.seed());
        }
        ObjectNode settings = recipe.settings(scene, options).json(recipe);
        options.settings().forEach(text -> Assignment.parse(text).applyTo(settings));
        document.setAll(settings);
        return parse(launched(document, options).toString(), "the configuration");
    }

    /**
     * The configuration with which a run goes on. Device, threads, steps and seconds may be other ones; what is trained
     * stays what it is.
     *
     * @throws ConfigException if the options ask for another seed or other settings than the run was made with
     */
    public RunConfig resumed(RunOptions options) {
        if (options.seed() != null && options.seed() != seed()) {
            throw new ConfigException("the run was made with seed " + seed() + ", not " + options.seed()
                    + "; drop --seed, or make another run with --run");
        }
        ObjectNode settings = document.deepCopy().without(OWN_OPTIONS);
        List<Assignment> asked = options.settings().stream().map(Assignment::parse).toList();
        // All of them first: the last one of a key counts, as it did when the run was made.
        asked.forEach(assignment -> assignment.applyTo(settings));
        for (Assignment assignment : asked) {
            JsonNode old = assignment.in(document);
            JsonNode given = assignment.in(settings);
            // Compared as text, since 1 is 1 whatever width it was parsed to.
            if (!given.toString().equals(old.toString())) {
                throw new ConfigException("the run was made with " + assignment.key() + " " + old + ", not " + given
                        + "; drop this --set, or make another run with --run");
            }
        }
        return parse(launched(document.deepCopy(), options).toString(), "the configuration");
    }

    /**
     * The configuration on another device.
     *
     * @throws ConfigException if no device is spelt so
     */
    public RunConfig on(String device) {
        DeviceName.of(device);
        return new RunConfig(document.deepCopy().put("device", device));
    }

    /** @return the configuration in the precision that the device itself prefers */
    public RunConfig inDevicePrecision() {
        return new RunConfig(document.deepCopy().put("precision", "auto"));
    }

    /**
     * Reads a configuration that {@link #toJson} wrote.
     *
     * @param source names it in messages
     * @throws ConfigException if it is damaged or incomplete
     */
    public static RunConfig parse(String json, String source) {
        return new RunConfig(ConfigDocument.read(json, source));
    }

    private static ObjectNode launched(ObjectNode document, RunOptions options) {
        if (options.device() != null) {
            document.put("device", options.device());
        }
        if (options.threads() != null) {
            document.put("threads", options.threads());
        }
        if (options.steps() != null) {
            document.put("steps", options.steps()).putNull("seconds");
        } else if (options.seconds() != null) {
            document.put("seconds", options.seconds()).putNull("steps");
        }
        return document;
    }

    /** @return the name of the recipe */
    public String recipe() {
        return document.get("recipe").textValue();
    }

    /** @return the scene's folder, absolute */
    public Path scene() {
        return Path.of(document.get("scene").textValue());
    }

    /** @return where random numbers start */
    public long seed() {
        return document.get("seed").longValue();
    }

    /** @return the training steps in all, if the run ends by them */
    public OptionalLong steps() {
        return document.get("steps").isNull() ? OptionalLong.empty() : OptionalLong.of(document.get("steps").asLong());
    }

    /** @return the wall time of training in all, if the run ends by it */
    public OptionalDouble seconds() {
        return document.get("seconds").isNull()
                ? OptionalDouble.empty()
                : OptionalDouble.of(document.get("seconds").asDouble());
    }

    /** @return the colour behind evaluated pictures: 3 values of stored sRGB, 0 to 1 */
    public float[] background() {
        JsonNode array = document.get("background");
        return new float[] {array.get(0).floatValue(), array.get(1).floatValue(), array.get(2).floatValue()};
    }

    /** @return how many training photos are in memory at a time; 0: all */
    public int residentPhotos() {
        return document.path("resident_photos").asInt(0);
    }

    /** @return the mapping of world units to the unit cube */
    public UnitCube unitCube() {
        return unitCube(document);
    }

    static UnitCube unitCube(JsonNode document) {
        JsonNode cube = document.get("unit_cube");
        JsonNode offset = cube.get("offset");
        return new UnitCube(cube.get("scale").asDouble(), offset.get(0).asDouble(), offset.get(1).asDouble(),
                offset.get(2).asDouble(), 1 << (cascades(document) - 1));
    }

    private static int cascades(JsonNode document) {
        return document.get("occupancy").path("cascades").asInt(1);
    }

    /** @return the device to train on */
    public DeviceConfig device() {
        ObjectNode device = part("threads", "isa", "precision");
        device.put("deterministic", document.path("deterministic").booleanValue());
        device.put("type", deviceName().type()).put("index", deviceName().index());
        return DeviceConfig.fromJson(device.toString());
    }

    /** @return whether the device must be a GPU */
    public boolean asksForGpu() {
        return deviceName().type().equals("cuda");
    }

    private DeviceName deviceName() {
        return DeviceName.of(document.get("device").textValue());
    }

    /** @return the field */
    public FieldConfig field() {
        return FieldConfig.fromJson(part("encoding", "network", "dir_encoding", "rgb_network").toString());
    }

    /** @return the optimiser */
    public OptimizerConfig optimizer() {
        return OptimizerConfig.fromJson(document.get("optimizer").toString());
    }

    /** @return the occupancy grid */
    public OccupancyConfig occupancy() {
        return OccupancyConfig.fromJson(document.get("occupancy").toString());
    }

    /** @return how many cubes of cells the occupancy grid nests */
    public int occupancyCascades() {
        return cascades(document);
    }

    /** @return the name of the activation that makes densities of what the network answers */
    public String densityActivation() {
        return document.get("density_activation").textValue();
    }

    /** @return the training step */
    public TrainerConfig trainer() {
        ObjectNode trainer = part("samples_per_step", "min_views", "loss", "sampler", "density_activation", "early_stop",
                "seed");
        trainer.put("rays_per_pixel", document.path("rays_per_pixel").asInt(1));
        trainer.put("rays_per_pixel_from", document.path("rays_per_pixel_from").asDouble(0));
        trainer.put("prefer_detail", document.path("prefer_detail").booleanValue());
        trainer.put("distortion_loss_mult", document.path("distortion_loss_mult").asDouble(0));
        trainer.put("depth_loss_mult", document.path("depth_loss_mult").asDouble(0));
        if (document.get("random_background").booleanValue()) {
            trainer.put("background", "random");
        } else {
            trainer.set("background", document.get("background"));
        }
        return TrainerConfig.fromJson(trainer.toString());
    }

    /** @return rendering over {@link #background} */
    public RenderConfig render() {
        return render(document.path("supersampling").asInt(1));
    }

    /** @return the same with one ray a pixel */
    public RenderConfig renderRays() {
        return render(1);
    }

    private RenderConfig render(int supersampling) {
        ObjectNode render = part("sampler", "density_activation", "early_stop", "background");
        return RenderConfig.fromJson(render.put("supersampling", supersampling).toString());
    }

    /**
     * The mean squared error that a mean loss stands for, as far as it can be told: for Huber's loss, errors beyond its
     * delta count less.
     *
     * @return NaN for a loss that does not tell
     */
    public double meanSquaredError(double loss) {
        return switch (document.get("loss").path("otype").asText()) {
            case "L2" -> loss;
            case "Huber" -> 2 * loss;
            default -> Double.NaN;
        };
    }

    /** @return SHA-256 of what is trained and how, without device, scene path, steps and seconds; hexadecimal */
    public String sha256() {
        ObjectNode trained = document.deepCopy().without(OWN_OPTIONS);
        trained.put("recipe", recipe()).put("seed", seed());
        try {
            byte[] text = trained.toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @return the configuration as indented JSON */
    public String toJson() {
        return document.toPrettyString() + "\n";
    }

    private ObjectNode part(String... keys) {
        ObjectNode part = JSON.createObjectNode();
        for (String key : keys) {
            part.set(key, document.get(key));
        }
        return part;
    }
}
