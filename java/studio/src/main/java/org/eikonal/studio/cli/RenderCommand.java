package org.eikonal.studio.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.eikonal.studio.path.Orbit;
import org.eikonal.studio.path.Shot;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.run.FieldPictures;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.ShotPictures;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code eikonal render}: pictures and films of a run. */
@Command(name = "render", sortOptions = false,
        description = {"Renders pictures of a run, from where photos were taken or from elsewhere, or a film.", "",
            "Into a folder go 8-bit PNG files: DIR/rgb/<name>.png in sRGB over the run's background;"
                    + " DIR/depth/<name>.png in colours from dark (near) to light (far), on a logarithmic scale from"
                    + " half to twice the median distance between the training cameras and what they look at, the same"
                    + " for all pictures, black where there is nothing; DIR/normal/<name>.png, surface normals of the"
                    + " depth, x, y, z of the world as red, green, blue; DIR/opacity/<name>.png in grey. Names are"
                    + " those of the photos, or numbers. With --format exr: DIR/exr/<name>.exr of 32-bit floats,"
                    + " channels R, G, B (linear), Z (world units along the ray), N.X, N.Y, N.Z, A.", "",
            "What was interrupted goes on with the same command: pictures that are there are not rendered again. A"
                    + " folder of another rendering is refused.", "",
            "A film is H.264 in MP4, yuv420p, of constant quality; odd sizes grow by one pixel.", ""},
        footer = {"",
            "Examples:",
            "  eikonal render runs/photos/instant-ngp --split test --out test --channels rgb,depth,normal",
            "  eikonal render runs/photos/instant-ngp --orbit 240 --out orbit.mp4 --scale 0.5",
            "  eikonal render runs/photos/instant-ngp --spiral 120 --out spiral.mp4 --channels depth",
            "  eikonal render runs/photos/instant-ngp --path camera_path.json --out path.mp4 --fps 24",
            "  eikonal render runs/photos/instant-ngp --camera cameras.json --out depth --channels depth --format exr"})
final class RenderCommand implements Callable<Integer> {
    private static final double USUAL_FPS = 30;

    private final Console console;

    @Parameters(paramLabel = "RUN", description = "Folder of the run.")
    private Path run;

    @ArgGroup(multiplicity = "1")
    private RenderFrom from;

    @Option(names = "--out", required = true, paramLabel = "DIR|FILE.mp4",
            description = "Where the pictures go, or the film; no default.")
    private Path out;

    @Option(names = "--channels", split = ",", defaultValue = "rgb", paramLabel = "NAME",
            description = "What to show: rgb, depth, normal, opacity, joined by commas; a film has one of them"
                    + " (default: ${DEFAULT-VALUE}).")
    private List<String> channels;

    @Option(names = "--format", defaultValue = "png", paramLabel = "NAME",
            description = "Files in a folder: png or exr (default: ${DEFAULT-VALUE}).")
    private String format;

    @Option(names = "--fps", paramLabel = "N",
            description = "A film's frames a second, 0.1 to 1000 (default: those of --path, else 30).")
    private Double fps;

    @Option(names = "--scale", defaultValue = "1", paramLabel = "F",
            description = "Size of the pictures, as a factor (default: ${DEFAULT-VALUE}).")
    private float scale;

    @Option(names = "--device", paramLabel = "NAME",
            description = "Where to compute: auto, cpu, cuda or cuda:N (default: the run's device).")
    private String device;

    RenderCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        boolean film = out.toString().toLowerCase(Locale.ROOT).endsWith(".mp4");
        check(film);
        from.check();
        try (TrainedField field = TrainedField.open(new RunFolder(run), device)) {
            console.note("device: %s", DeviceText.of(field.device()));
            Scene scene = Scenes.open(field.config().scene());
            Orbit orbit = new Orbit(scene.views(Split.TRAIN).stream().map(View::camera).toList());
            List<Shot> shots = from.shots(field, scene, orbit).stream()
                    .map(shot -> scale == 1 ? shot : shot.scaled(scale)).toList();
            ShotPictures pictures = new ShotPictures(field, FieldPictures.around(orbit.radius()), channels);
            RenderJob job = new RenderJob(console, pictures, shots);
            double rate = fps != null ? fps : from.fps().orElse(USUAL_FPS);
            boolean whole = film ? job.film(out, rate) : job.folder(out, format.equals("exr"));
            if (!whole) {
                return Main.INTERRUPTED;
            }
        }
        console.result(film ? "The film is %s." : "The pictures are in %s.", out);
        return Main.OK;
    }

    private void check(boolean film) {
        for (String channel : channels) {
            if (!ShotPictures.CHANNELS.contains(channel)) {
                throw new ConfigException("--channels: unknown channel \"" + channel + "\"; known are "
                        + String.join(", ", ShotPictures.CHANNELS));
            }
        }
        if (!List.of("png", "exr").contains(format)) {
            throw new ConfigException("--format is " + format + "; it must be png or exr");
        }
        if (film && (channels.size() > 1 || format.equals("exr"))) {
            throw new ConfigException("--out is a film, which shows one of --channels and has no --format; name a"
                    + " folder for more");
        }
        if (!film && fps != null) {
            throw new ConfigException("--fps is for films; let --out end in .mp4, or drop it");
        }
        if (fps != null && !(fps >= 0.1 && fps <= 1000)) {
            throw new ConfigException("--fps is " + fps + "; it must be 0.1 to 1000");
        }
        if (!(scale > 0 && scale <= 64)) {
            throw new ConfigException("--scale is " + scale + "; it must be above 0, and 64 at most");
        }
    }
}
