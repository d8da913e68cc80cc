import java.io.IOException;
import java.nio.file.Path;
import org.eikonal.Device;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.export.Export;
import org.eikonal.studio.export.PortableField;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.recipe.Recipes;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.run.Evaluation;
import org.eikonal.studio.run.FieldPictures;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.run.Training;
import org.eikonal.studio.run.TrainingPlan;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;

/** From a folder of photos to how good they were learnt, a picture, a mesh, and a field that other programs open. */
public final class Photos {
    private Photos() {}

    /** Takes the folder in which everything is to be made; 200 steps on photos of 48 pixels take a few seconds. */
    public static void main(String[] arguments) throws IOException {
        Path out = Path.of(arguments[0]);
        DemoScene.write(out.resolve("scene"), 30, 5, 48); // or a folder of yours
        Scene scene = Scenes.open(out.resolve("scene"));
        train(scene, new RunFolder(out.resolve("run")));
        use(scene, new RunFolder(out.resolve("run")), out);
        ask(out.resolve("field.safetensors"));
    }

    private static void train(Scene scene, RunFolder run) throws IOException {
        RunOptions options = RunOptions.steps(200, "samples_per_step=8192"); // or RunOptions.seconds(180)
        TrainingPlan plan = TrainingPlan.start(run, scene, Recipes.usual(), options);
        try (Device device = plan.openDevice(); Training training = plan.openTraining(device)) {
            training.run(run, now -> System.out.printf("step %d: loss %.5f%n", now.step(), now.loss()), () -> true);
        }
    }

    private static void use(Scene scene, RunFolder run, Path out) throws IOException {
        try (TrainedField field = TrainedField.open(run)) {
            Evaluation quality = Evaluation.of(field, scene.views(Split.TEST), null, (view, truth, rendering) ->
                    System.out.printf("%s: %.2f dB%n", view.name(), view.psnr()));
            System.out.printf("held out: %.2f dB%n", quality.psnr());

            View view = scene.views(Split.TEST).get(0);
            PictureFiles.writePng(FieldPictures.rgb(field.render(view.camera())), out.resolve("picture.png"));
            System.out.println(Export.mesh(field, out.resolve("mesh.glb"), null, 64, null, null, part -> {}));
            System.out.println(Export.field(field, out.resolve("field.safetensors")));
        }
    }

    private static void ask(Path file) throws IOException {
        try (Device device = Device.open(); PortableField scene = PortableField.open(device, file)) {
            float[] density = scene.field().density(scene.points(0, 0, -0.8, 1.3, 1.3, 1.3));
            System.out.printf("density: %.3g in the pedestal, %.3g in the air%n", density[0], density[1]);
        }
    }
}
