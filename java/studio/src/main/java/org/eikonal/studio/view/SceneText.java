package org.eikonal.studio.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.eikonal.Camera;
import org.eikonal.studio.path.Orbit;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainingProgress;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.UnitCube;
import org.eikonal.studio.scene.View;

/** What a page is told of scene and run, as JSON. Thread-safe. */
record SceneText(Scene scene, RunFolder folder, RunConfig config, Orbit orbit) {
    /** Points of a curve, so that a day's training can be drawn at once. */
    private static final int MOST_METRICS = 2000;

    ObjectNode text() throws IOException {
        ObjectNode text = Viewer.JSON.createObjectNode();
        text.put("name", scene.name());
        text.put("run", folder.exists() ? folder.path().toString() : null);
        text.set("up", numbers(orbit.up()));
        text.set("centre", numbers(orbit.center()));
        text.put("radius", orbit.radius());
        UnitCube cube = config.unitCube();
        double half = cube.aabbScale() / 2.0;
        ObjectNode box = text.putObject("box");
        box.set("min", numbers(cube.toWorld(0.5 - half, 0.5 - half, 0.5 - half)));
        box.set("max", numbers(cube.toWorld(0.5 + half, 0.5 + half, 0.5 + half)));
        ArrayNode views = text.putArray("views");
        for (int i = 0; i < scene.views().size(); i++) {
            View view = scene.views().get(i);
            Camera camera = view.camera();
            ObjectNode one = views.addObject().put("index", i).put("name", view.name())
                    .put("split", view.split().name().toLowerCase(Locale.ROOT));
            one.set("pose", numbers(camera.pose().matrix()));
            one.put("fx", camera.fx()).put("fy", camera.fy()).put("cx", camera.cx()).put("cy", camera.cy())
                    .put("width", camera.width()).put("height", camera.height());
        }
        text.set("channels", Viewer.JSON.valueToTree(Channel.keys()));
        ArrayNode history = text.putArray("history");
        List<TrainingProgress> metrics = folder.metrics();
        int stride = metrics.size() / MOST_METRICS + 1;
        for (int i = (metrics.size() - 1) % stride; i < metrics.size(); i += stride) {
            history.add(metrics(metrics.get(i)));
        }
        return text;
    }

    static ObjectNode metrics(TrainingProgress of) {
        return Viewer.JSON.createObjectNode().put("step", of.step()).put("seconds", of.seconds())
                .put("fraction", of.fraction()).put("loss", of.loss()).put("psnr", of.trainPsnr())
                .put("samples_per_second", of.samplesPerSecond()).put("rays_per_second", of.raysPerSecond());
    }

    private static ArrayNode numbers(double... values) {
        return Viewer.JSON.valueToTree(values);
    }
}
