import java.nio.file.Path
import kotlin.io.path.readLines
import kotlin.math.cos
import kotlin.math.exp
import kotlin.math.sin
import org.eikonal.*
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Neural fields in Kotlin: what the API asks of a language with its own arrays, resources, numbers and nulls. */
class KotlinTest {
    private val grid =
        EncodingConfig.hashGrid().levels(4).featuresPerLevel(2).log2HashmapSize(10).baseResolution(4).build()
    private val network = NetworkConfig.builder().neurons(16).hiddenLayers(1).build()
    private val adam = OptimizerConfig.adam().learningRate(1e-2).build()
    private val radiance = FieldConfig.builder().encoding(grid).network(network)
        .directionEncoding(EncodingConfig.sphericalHarmonics(2)).colorNetwork(network).build()

    @Test
    fun `a field learns a function under a loss written here`() {
        val points = FloatArray(512) { it * 0.618034f % 1 }
        val truth = FloatArray(256) { points[2 * it] * points[2 * it + 1] }
        val losses = mutableListOf<Double>()
        // README
        Device.open().use { device ->
            val grid = EncodingConfig.hashGrid().levels(4).log2HashmapSize(12).build()
            Network.create(device, grid, NetworkConfig.builder().neurons(32).build(), 2, 1, 42).use { field ->
                Optimizer.create(field, OptimizerConfig.adam().learningRate(1e-2).build()).use { optimizer ->
                    for (step in 0 until 100) {
                        val errors = field.forward(points).zip(truth) { value, target -> value - target }
                        field.backwardToParameters(points, errors.toFloatArray())
                        optimizer.step(step / 100.0)
                        losses += errors.sumOf { it * it.toDouble() } // not shown
                    }
        } } }
        // end
        assertTrue(losses.last() < losses.first() / 10, "loss ${losses.first()} became ${losses.last()}")
    }

    @Test
    fun `the README shows the lines above`() {
        val shown = Path.of("../../README.md").readLines().dropWhile { it != "```kotlin" }.drop(1).takeWhile { it != "```" }
        val run = Path.of("src/test/kotlin/KotlinTest.kt").readLines().dropWhile { it.trim() != "// README" }.drop(1)
            .takeWhile { it.trim() != "// end" }.filterNot { it.endsWith("// not shown") }
        assertEquals(run.joinToString("\n").trimIndent(), shown.joinToString("\n"))
        assertTrue(shown.isNotEmpty())
    }

    @Test
    fun `encodings come together`() {
        val parts = EncodingConfig.composite().add(2, EncodingConfig.identity())
            .add(3, EncodingConfig.sphericalHarmonics(2)).build()
        Device.open(DeviceConfig.cpu()).use { device ->
            Encoding.create(device, parts, 5, 0).use { encoding ->
                assertEquals(6, encoding.outputs())
                val features = encoding.forward(floatArrayOf(0.25f, 0.5f, 0f, 0f, 1f))
                assertEquals(listOf(0.25f, 0.5f), features.take(2))
            }
        }
    }

    @Test
    fun `samples are composited`() {
        Device.open(DeviceConfig.cpu()).use { device ->
            val ray = Rays(FloatArray(3), floatArrayOf(0f, 0f, 1f))
            val samples = Samples.between(ray, floatArrayOf(1f, 2f, 3f))
            val density = floatArrayOf(0.5f, 1f)
            val values = floatArrayOf(1f, 0f)
            val config = CompositingConfig.builder().densityActivation(Activation.NONE).build()
            val compositing = Compositing.create(device, config)
            val seen = compositing.forward(samples, density, values, 1, null)
            assertEquals(1 - exp(-0.5f), seen.color[0], 1e-6f)
            assertEquals(1 - exp(-1.5f), seen.opacity[0], 1e-6f)
            val back = compositing.backward(samples, density, values, 1, null, floatArrayOf(1f), null, null)
            assertArrayEquals(seen.weights, back.values)
        }
    }

    @Test
    fun `a radiance field is queried at points`() {
        Device.open(DeviceConfig.cpu()).use { device ->
            RadianceField.create(device, radiance, 1).use { field ->
                val points = floatArrayOf(0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f)
                assertTrue(field.density(points).all { it > 0 })
                assertEquals(6, field.color(points, floatArrayOf(0f, 0f, 1f, 0f, 1f, 0f)).size)
            }
        }
    }

    @Test
    fun `a trainer learns red pictures`() {
        val size = 16
        val red = ByteArray(size * size * 4) { if (it % 4 == 0 || it % 4 == 3) -1 else 0 }
        fun camera(i: Int): Camera {
            val eye = doubleArrayOf(0.5 + 1.2 * cos(i.toDouble()), 0.5, 0.5 + 1.2 * sin(i.toDouble()))
            val pose = Pose.lookAt(eye, doubleArrayOf(0.5, 0.5, 0.5), doubleArrayOf(0.0, 1.0, 0.0))
            return Camera.perspective(size, size, 20f, pose)
        }
        val training = TrainerConfig.builder().samplesPerStep(2048)
            .sampler(SamplerConfig.builder().steps(64).build()).build()
        Device.open(DeviceConfig.cpu()).use { device ->
            val field = RadianceField.create(device, radiance, 1)
            val optimizer = Optimizer.create(field, adam)
            val occupancy = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build())
            val views = Views.create(device, 4)
            for (i in 0 until 4) views.set(i, camera(i), red)
            val losses = Trainer.create(field, optimizer, occupancy, views, training).use { trainer ->
                (0L until 50).map { step -> trainer.step(step, step / 50.0) }
            }
            assertTrue(losses.last() < losses.first() / 2, "loss ${losses.first()} became ${losses.last()}")
            val rendering = RenderConfig.builder().background(0.0, 0.0, 0.0).build()
            val picture = Renderer.create(field, occupancy, rendering).render(camera(0))
            assertEquals(size * size * 3, picture.color.size)
        }
    }
}
