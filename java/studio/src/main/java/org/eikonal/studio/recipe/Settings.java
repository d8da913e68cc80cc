package org.eikonal.studio.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eikonal.Activation;
import org.eikonal.Config;
import org.eikonal.EncodingConfig;
import org.eikonal.LossConfig;
import org.eikonal.NetworkConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OptimizerConfig;
import org.eikonal.SamplerConfig;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.UnitCube;

/** Puts a recipe's components together to the JSON object that {@link RunConfig} describes. */
final class Settings {
    private final ObjectNode json = RunConfig.JSON.createObjectNode();

    /** Starts with what no recipe chooses: the device's own precision and speed, the scene's background and cube. */
    Settings(Scene scene) {
        json.put("precision", "auto").put("isa", "auto").put("deterministic", false);
        ArrayNode background = json.putArray("background");
        for (float value : scene.background()) {
            background.add(value);
        }
        json.put("random_background", true);
        UnitCube cube = scene.cube();
        ObjectNode unit = json.putObject("unit_cube").put("scale", cube.scale());
        unit.putArray("offset").add(cube.x()).add(cube.y()).add(cube.z());
        json.put("density_activation", Activation.EXPONENTIAL.key()).put("early_stop", 1e-4);
    }

    Settings samplesPerStep(int samples) {
        json.put("samples_per_step", samples);
        return this;
    }

    /** So many rays through each pixel from that progress of training on, and so many each way in pictures. */
    Settings antialiasing(int raysPerPixel, double from, int supersampling) {
        json.put("rays_per_pixel", raysPerPixel).put("rays_per_pixel_from", from).put("supersampling", supersampling);
        return this;
    }

    Settings preferDetail() {
        json.put("prefer_detail", true);
        return this;
    }

    Settings minViews(int views) {
        json.put("min_views", views);
        return this;
    }

    Settings field(EncodingConfig encoding, NetworkConfig network, EncodingConfig directions, NetworkConfig color) {
        return put("encoding", encoding).put("network", network).put("dir_encoding", directions)
                .put("rgb_network", color);
    }

    Settings occupancy(OccupancyConfig occupancy) {
        return put("occupancy", occupancy);
    }

    Settings sampler(SamplerConfig sampler) {
        return put("sampler", sampler);
    }

    Settings loss(LossConfig loss) {
        return put("loss", loss);
    }

    Settings optimizer(OptimizerConfig optimizer) {
        return put("optimizer", optimizer);
    }

    ObjectNode json() {
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
