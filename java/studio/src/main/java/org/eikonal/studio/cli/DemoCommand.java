package org.eikonal.studio.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.eikonal.Camera;
import org.eikonal.Rendering;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.image.ContactSheet;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.report.RunResult;
import org.eikonal.studio.run.AnimatedGif;
import org.eikonal.studio.run.Evaluation;
import org.eikonal.studio.run.FieldPictures;
import org.eikonal.studio.path.Orbit;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code eikonal demo}: the whole road in one command, on a scene of its own. */
@Command(name = "demo", sortOptions = false,
        description = {"Makes a small scene by ray tracing, trains on it, measures it on held-out views, and paints"
                + " pictures.", "",
            "The folder is a run, for eikonal eval and render, with the scene inside: scene/, config.json,"
                    + " metrics.jsonl, checkpoint.eik, report.html, contact-sheet.png (truth, render, error, depth),"
                    + " orbit.gif, pictures/orbit/*.png. In the folder of an earlier demo it goes on where that one"
                    + " ended.", ""},
        footer = {"",
            "Examples:",
            "  eikonal demo",
            "  eikonal demo --out /tmp/demo --seconds 20"})
final class DemoCommand implements Callable<Integer> {
    private static final int SHEET_ROWS = 4;
    private static final int PANEL = 200;
    private static final int ORBIT_FRAMES = 36;

    private final Console console;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "eikonal-demo",
            description = "Where everything goes (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "60",
            description = "Wall time of training in all (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--device", paramLabel = "NAME", description = "auto, cpu, cuda or cuda:N (default: auto).")
    private String device;

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        RunOptions options = new RunOptions(device, null, null, null, seconds, List.of());
        RunFolder folder = new RunFolder(out);
        Scene scene = scene();
        TrainingSession session = new TrainingSession(console, scene, folder, "the same command");
        if (!session.train(session.plan(null, options, true), false)) {
            return Main.INTERRUPTED;
        }
        try (TrainedField field = TrainedField.open(folder)) {
            RunResult result = EvalCommand.evaluate(console, folder, field, scene.views(Split.TEST), null, true);
            Evaluation evaluation = result.evaluation();
            Path report = out.resolve("report.html");
            EvalCommand.writeReport(console, report, Split.TEST, List.of(result));
            Orbit orbit = new Orbit(scene.views(Split.TRAIN).stream().map(View::camera).toList());
            Path sheet = out.resolve("contact-sheet.png");
            PictureFiles.writePng(sheet(field, scene, evaluation, FieldPictures.around(orbit.radius())), sheet);
            Path gif = out.resolve("orbit.gif");
            AnimatedGif.write(orbit(field, orbit, folder.pictures().resolve("orbit")), 7, gif);
            console.result("Held out: PSNR %.2f dB, SSIM %.4f over %d views that were never trained on.",
                    evaluation.psnr(), evaluation.ssim(), evaluation.views().size());
            console.result("Look at:  %s (curves, every view beside its truth)", report);
            console.result("          %s (truth, render, error, depth)", sheet);
            console.result("          %s (its frames are in %s)", gif, folder.pictures().resolve("orbit"));
            console.result("Next:     eikonal render %s --orbit 120 --scale 2 --out orbit.mp4", out);
        }
        return Main.OK;
    }

    /** Makes the scene, unless an earlier demo did: its transforms_train.json is written last. */
    private Scene scene() throws IOException {
        Path folder = out.resolve("scene");
        if (!Files.exists(folder.resolve("transforms_train.json"))) {
            if (Files.isDirectory(out) && !Files.isDirectory(folder) && !isEmpty(out)) {
                throw new RunException(out + ": the folder is not empty, and holds no earlier demo; choose another one"
                        + " by --out");
            }
            console.note("ray tracing %d training and %d held-out views of %dx%d", DemoScene.TRAIN_VIEWS,
                    DemoScene.TEST_VIEWS, DemoScene.SIZE, DemoScene.SIZE);
            DemoScene.write(folder);
        }
        return Scenes.open(folder);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static Picture sheet(TrainedField field, Scene scene, Evaluation evaluation, FieldPictures pictures)
            throws IOException {
        ContactSheet sheet = new ContactSheet(PANEL, "truth", "render", "error (light: 0.25)", "depth");
        List<View> views = scene.views(Split.TEST);
        for (int row = 0; row < SHEET_ROWS; row++) {
            int index = row * views.size() / SHEET_ROWS;
            View view = views.get(index);
            float[] truth = view.picture().compositeOver(field.config().background());
            Rendering rendering = field.render(view.camera());
            sheet.row(Console.text("%s: %.2f dB", view.name(), evaluation.views().get(index).psnr()),
                    Picture.ofRgb(rendering.width(), rendering.height(), truth), FieldPictures.rgb(rendering),
                    FieldPictures.error(rendering, truth), pictures.depth(rendering));
        }
        return sheet.draw();
    }

    private List<Picture> orbit(TrainedField field, Orbit orbit, Path folder) throws IOException {
        List<Picture> frames = new ArrayList<>();
        try (Progress progress = new Progress(console, "rendering", ORBIT_FRAMES, 0, " pictures")) {
            for (Camera camera : orbit.cameras(ORBIT_FRAMES)) {
                Picture frame = FieldPictures.rgb(field.render(camera));
                PictureFiles.writePng(frame, folder.resolve(Console.text("%04d.png", frames.size())));
                frames.add(frame);
                progress.update((double) frames.size() / ORBIT_FRAMES, frames.size(), "the orbit");
            }
        }
        return frames;
    }
}
