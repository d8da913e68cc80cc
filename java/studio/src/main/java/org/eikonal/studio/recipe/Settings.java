package org.eikonal.studio.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.eikonal.Activation;
import org.eikonal.Config;
import org.eikonal.EncodingConfig;
import org.eikonal.LossConfig;
import org.eikonal.NetworkConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OptimizerConfig;
import org.eikonal.SamplerConfig;
import org.eikonal.studio.scene.PhotoMemory;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.UnitCube;

/**
 * A recipe's settings, as {@link RunConfig} describes them, put together call by call. {@link #samplesPerStep}, {@link
 * #field}, {@link #occupancy}, {@link #sampler}, {@link #loss} and {@link #optimizer} must be called; all else has a
 * value that does no harm. For one thread.
 */
public final class Settings {
    private static final List<String> REQUIRED = List.of("samples_per_step", "encoding", "network", "dir_encoding",
            "rgb_network", "occupancy", "sampler", "loss", "optimizer");

    private final ObjectNode json = RunConfig.JSON.createObjectNode();

    /**
     * Starts with what no recipe chooses: the device's own precision and speed, the scene's background and cube; and
     * with exponential densities, one ray a pixel, every photo's pixels alike, and all that one photo shows.
     */
    public Settings(Scene scene) {
        json.put("precision", "auto").put("isa", "auto").put("deterministic", false);
        ArrayNode background = json.putArray("background");
        for (float value : scene.background()) {
            background.add(value);
        }
        json.put("random_background", true);
        json.put("resident_photos", PhotoMemory.fitting(scene.views(Split.TRAIN), PhotoMemory.ofMachine() / 2));
        UnitCube cube = scene.cube();
        ObjectNode unit = json.putObject("unit_cube").put("scale", cube.scale());
        unit.putArray("offset").add(cube.x()).add(cube.y()).add(cube.z());
        json.put("density_activation", Activation.EXPONENTIAL.key()).put("early_stop", 1e-4);
        minViews(1).antialiasing(1, 0, 1).rayLoss(0, 0);
        json.put("prefer_detail", false);
    }

    /**
     * Sets how large a training step is.
     *
     * @param samples points on rays, about: 2048 to 4194304, some ten thousand as a rule
     */
    public Settings samplesPerStep(int samples) {
        json.put("samples_per_step", samples);
        return this;
    }

    /**
     * Sets how many rays go through a pixel.
     *
     * @param raysPerPixel 1 to 64 in training, from a progress of training on
     * @param from that progress, 0 to 1
     * @param supersampling 1 to 8 rays each way of a pixel in pictures
     */
    public Settings antialiasing(int raysPerPixel, double from, int supersampling) {
        json.put("rays_per_pixel", raysPerPixel).put("rays_per_pixel_from", from).put("supersampling", supersampling);
        return this;
    }

    /** Lets training draw pixels more often where photos have detail. */
    public Settings preferDetail() {
        json.put("prefer_detail", true);
        return this;
    }

    /**
     * Sets how many photos must show a place for anything to be there.
     *
     * @param views 0 or more; 1 by default
     */
    public Settings minViews(int views) {
        json.put("min_views", views);
        return this;
    }

    /**
     * Sets the field, as {@link org.eikonal.FieldConfig} describes its parts.
     *
     * @param encoding of positions: 3 coordinates, 0 to 1 along the modelled box; a composite will do
     * @param network density and features of the encoding
     * @param directions the encoding of view directions, 3 coordinates of a unit vector
     * @param color the network that makes colours of features and directions
     */
    public Settings field(EncodingConfig encoding, NetworkConfig network, EncodingConfig directions,
            NetworkConfig color) {
        return put("encoding", encoding).put("network", network).put("dir_encoding", directions)
                .put("rgb_network", color);
    }

    /** Sets the occupancy grid: {@link UnitCube#cascades} of the scene's cube, or less of it is modelled. */
    public Settings occupancy(OccupancyConfig occupancy) {
        return put("occupancy", occupancy);
    }

    /** Sets where samples lie on a ray, in training and in pictures; lengths are in unit cubes. */
    public Settings sampler(SamplerConfig sampler) {
        return put("sampler", sampler);
    }

    /** Sets the loss of a pixel's colours. */
    public Settings loss(LossConfig loss) {
        return put("loss", loss);
    }

    /**
     * Sets what rays are asked beside their pixels' colours, as {@link org.eikonal.TrainerConfig} describes it.
     *
     * @param distortion of what a ray sees, 0 or more; 0 by default
     * @param depth of rays that look at points of the scene, 0 or more; 0 by default
     */
    public Settings rayLoss(double distortion, double depth) {
        json.put("distortion_loss_mult", distortion).put("depth_loss_mult", depth);
        return this;
    }

    /** Sets the optimiser; its schedules are over the progress of training, 0 to 1. */
    public Settings optimizer(OptimizerConfig optimizer) {
        return put("optimizer", optimizer);
    }

    /**
     * The settings as RunConfig wants them.
     *
     * @param recipe that made them, for complaints
     */
    ObjectNode json(Recipe recipe) {
        for (String key : REQUIRED) {
            if (!json.has(key)) {
                throw new ConfigException("recipe " + recipe.name() + " (" + recipe.getClass().getName() + ") sets no "
                        + key + "; its settings must");
            }
        }
        return json;
    }

    private Settings put(String key, Config component) {
        try {
            json.set(key, RunConfig.JSON.readTree(component.toJson()));
            return this;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
