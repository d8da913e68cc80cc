import java.nio.file.Path
import org.eikonal.Device
import org.eikonal.studio.demo.DemoScene
import org.eikonal.studio.`export`.{Export, PortableField} // a keyword of Scala's
import org.eikonal.studio.image.PictureFiles
import org.eikonal.studio.recipe.{Recipes, RunOptions}
import org.eikonal.studio.run.*
import org.eikonal.studio.scene.{Scene, Scenes, Split}
import scala.util.Using

/** From a folder of photos to how good they were learnt, a picture, a mesh, and a field that other programs open. */
@main def photos(folder: String): Unit =
  val out = Path.of(folder)
  DemoScene.write(out.resolve("scene"), 30, 5, 48) // or a folder of yours
  val scene = Scenes.open(out.resolve("scene"))
  val run = RunFolder(out.resolve("run"))
  train(scene, run)
  Using.resource(TrainedField.open(run))(use(_, scene, out))
  ask(out.resolve("field.safetensors"))

private def train(scene: Scene, run: RunFolder): Unit =
  val options = RunOptions.steps(200, "samples_per_step=8192") // or RunOptions.seconds(180)
  val plan = TrainingPlan.start(run, scene, Recipes.usual(), options)
  Using.Manager { use =>
    val training = use(plan.openTraining(use(plan.openDevice())))
    training.run(run, now => println(f"step ${now.step}: loss ${now.loss}%.5f"), () => true)
  }.get

private def use(field: TrainedField, scene: Scene, out: Path): Unit =
  val held = scene.views(Split.TEST)
  val quality = Evaluation.of(field, held, null, (view, _, _) => println(f"${view.name}: ${view.psnr}%.2f dB"))
  println(f"held out: ${quality.psnr}%.2f dB")

  val picture = FieldPictures.rgb(field.render(held.get(0).camera))
  PictureFiles.writePng(picture, out.resolve("picture.png"))
  println(Export.mesh(field, out.resolve("mesh.glb"), null, 64, null, null, _ => ()))
  println(Export.field(field, out.resolve("field.safetensors")))

private def ask(file: Path): Unit =
  Using.Manager { use =>
    val scene = use(PortableField.open(use(Device.open()), file))
    val density = scene.field.density(scene.points(0, 0, -0.8, 1.3, 1.3, 1.3))
    println(s"density: ${density(0)} in the pedestal, ${density(1)} in the air")
  }.get
