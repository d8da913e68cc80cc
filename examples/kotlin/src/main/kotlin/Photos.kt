import java.nio.file.Path
import org.eikonal.Device
import org.eikonal.studio.demo.DemoScene
import org.eikonal.studio.export.Export
import org.eikonal.studio.export.PortableField
import org.eikonal.studio.image.PictureFiles
import org.eikonal.studio.recipe.Recipes
import org.eikonal.studio.recipe.RunOptions
import org.eikonal.studio.run.*
import org.eikonal.studio.scene.Scene
import org.eikonal.studio.scene.Scenes
import org.eikonal.studio.scene.Split

/** From a folder of photos to how good they were learnt, a picture, a mesh, and a field that other programs open. */
fun main(arguments: Array<String>) {
    val out = Path.of(arguments[0])
    DemoScene.write(out.resolve("scene"), 30, 5, 48) // or a folder of yours
    val scene = Scenes.open(out.resolve("scene"))
    val run = RunFolder(out.resolve("run"))
    train(scene, run)
    TrainedField.open(run).use { field -> use(field, scene, out) }
    ask(out.resolve("field.safetensors"))
}

private fun train(scene: Scene, run: RunFolder) {
    val options = RunOptions.steps(200, "samples_per_step=8192") // or RunOptions.seconds(180.0)
    val plan = TrainingPlan.start(run, scene, Recipes.usual(), options)
    plan.openDevice().use { device ->
        plan.openTraining(device).use { training ->
            training.run(run, { println("step ${it.step}: loss ${it.loss}") }, { true })
        }
    }
}

private fun use(field: TrainedField, scene: Scene, out: Path) {
    val held = scene.views(Split.TEST)
    val quality = Evaluation.of(field, held, null) { view, _, _ -> println("${view.name}: ${view.psnr} dB") }
    println("held out: ${quality.psnr} dB")

    val camera = held.first().camera
    PictureFiles.writePng(FieldPictures.rgb(field.render(camera)), out.resolve("picture.png"))
    println(Export.mesh(field, out.resolve("mesh.glb"), null, 64, null, null) {})
    println(Export.field(field, out.resolve("field.safetensors")))
}

private fun ask(file: Path) = Device.open().use { device ->
    PortableField.open(device, file).use { scene ->
        val (pedestal, air) = scene.field().density(scene.points(0.0, 0.0, -0.8, 1.3, 1.3, 1.3))
        println("density: $pedestal in the pedestal, $air in the air")
    }
}
