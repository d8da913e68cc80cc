package org.eikonal.studio.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.eikonal.Camera;
import org.eikonal.Rendering;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.run.FieldPictures;
import org.eikonal.studio.run.Orbit;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.scene.CameraFile;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code eikonal render}: pictures of a run. */
@Command(name = "render", sortOptions = false,
        description = {"Renders pictures of a run, from where photos were taken or from elsewhere.", "",
            "Writes 8-bit PNG: DIR/rgb/<name>.png in sRGB over the run's background; DIR/depth/<name>.png in colours"
                    + " from dark (near) to light (far), on a logarithmic scale from half to twice the median distance"
                    + " between the training cameras and what they look at, the same for all pictures, black where"
                    + " there is nothing; DIR/opacity/<name>.png in grey. Names are those of the photos, or numbers."
                    + " Pictures of the same name are replaced.", ""},
        footer = {"",
            "Examples:",
            "  eikonal render runs/photos/instant-ngp --split test --out test --channels rgb,depth",
            "  eikonal render runs/photos/instant-ngp --orbit 120 --out orbit --scale 0.5",
            "  eikonal render runs/photos/instant-ngp --camera path.json --out path"})
final class RenderCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "RUN", description = "Folder of the run.")
    private Path run;

    @ArgGroup(multiplicity = "1")
    private From from;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the pictures go; no default.")
    private Path out;

    @Option(names = "--channels", split = ",", defaultValue = "rgb", paramLabel = "NAME",
            description = "What to write: rgb, depth, opacity, joined by commas (default: ${DEFAULT-VALUE}).")
    private List<String> channels;

    @Option(names = "--scale", defaultValue = "1", paramLabel = "F",
            description = "Size of the pictures, as a factor (default: ${DEFAULT-VALUE}).")
    private float scale;

    @Option(names = "--device", paramLabel = "NAME",
            description = "Where to compute: auto, cpu, cuda or cuda:N (default: the run's device).")
    private String device;

    RenderCommand(Console console) {
        this.console = console;
    }

    /** Where to look from: one of them, none by default. */
    private static final class From {
        @Option(names = "--split", required = true, converter = Splits.class, paramLabel = "NAME",
                description = "From the places of the scene's train, val or test views, through their lenses.")
        private Split split;

        @Option(names = "--orbit", required = true, paramLabel = "N",
                description = "From N places around what the training cameras look at.")
        private Integer orbit;

        @Option(names = "--camera", required = true, paramLabel = "FILE",
                description = "From the cameras of a JSON file with the keys of transforms.json; w and h are needed,"
                        + " images are not.")
        private Path camera;
    }

    @Override
    public Integer call() throws IOException {
        for (String channel : channels) {
            if (!List.of("rgb", "depth", "opacity").contains(channel)) {
                throw new ConfigException("--channels: unknown channel \"" + channel
                        + "\"; known are rgb, depth, opacity");
            }
        }
        if (from.orbit != null && (from.orbit < 1 || from.orbit > 100_000)) {
            throw new ConfigException("--orbit is " + from.orbit + "; it must be 1 to 100000 pictures");
        }
        if (!(scale > 0 && scale <= 64)) {
            throw new ConfigException("--scale is " + scale + "; it must be above 0, and 64 at most");
        }
        Map<String, Camera> given = from.camera == null ? Map.of() : CameraFile.read(from.camera);
        try (TrainedField field = TrainedField.open(new RunFolder(run), device)) {
            console.note("device: %s", DeviceText.of(field.device()));
            Scene scene = Scenes.open(field.config().scene());
            Orbit orbit = new Orbit(scene.views(Split.TRAIN).stream().map(View::camera).toList());
            Map<String, Camera> cameras = from.camera != null ? given : cameras(scene, orbit);
            render(field, cameras, FieldPictures.around(orbit));
        }
        console.result("The pictures are in %s.", out);
        return Main.OK;
    }

    private Map<String, Camera> cameras(Scene scene, Orbit orbit) {
        Map<String, Camera> cameras = new LinkedHashMap<>();
        if (from.split != null) {
            Splits.views(scene, from.split).forEach(view -> cameras.put(view.name(), view.camera()));
        } else {
            orbit.cameras(from.orbit).forEach(camera ->
                    cameras.put(Console.text("%04d", cameras.size()), camera));
        }
        return cameras;
    }

    private void render(TrainedField field, Map<String, Camera> cameras, FieldPictures pictures) throws IOException {
        try (Progress progress = new Progress(console, "rendering", cameras.size(), 0, " pictures")) {
            int done = 0;
            for (Map.Entry<String, Camera> entry : cameras.entrySet()) {
                Camera camera = scale == 1 ? entry.getValue() : entry.getValue().scaled(scale);
                long start = System.nanoTime();
                Rendering rendering = field.render(camera);
                double rate = (double) camera.width() * camera.height() / ((System.nanoTime() - start) / 1e9);
                for (String channel : channels) {
                    PictureFiles.writePng(switch (channel) {
                        case "depth" -> pictures.depth(rendering);
                        case "opacity" -> pictures.opacity(rendering);
                        default -> pictures.rgb(rendering);
                    }, out.resolve(channel).resolve(entry.getKey() + ".png"));
                }
                done++;
                progress.update((double) done / cameras.size(), done, Progress.count(rate) + " rays/s");
            }
        }
    }
}
