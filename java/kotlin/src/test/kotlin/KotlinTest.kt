import org.eikonal.Device
import org.eikonal.DeviceConfig
import org.eikonal.EncodingConfig
import org.eikonal.Network
import org.eikonal.NetworkConfig
import org.eikonal.Optimizer
import org.eikonal.OptimizerConfig
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A neural field in Kotlin, with a loss of one's own. */
class KotlinTest {
    @Test
    fun `a field learns a function under a loss written here`() {
        val encoding = EncodingConfig.hashGrid().levels(4).featuresPerLevel(2).log2HashmapSize(10).baseResolution(4).build()
        val mlp = NetworkConfig.builder().neurons(16).hiddenLayers(1).build()
        val adam = OptimizerConfig.adam().learningRate(1e-2).build().withEma(0.9)
        Device.open(DeviceConfig.cpu()).use { device ->
            Network.create(device, encoding, mlp, 2, 1, 42).use { field ->
                Optimizer.create(field, adam).use { optimizer ->
                    val points = FloatArray(512) { (it * 0.618034f) % 1f }
                    val truth = FloatArray(256) { points[2 * it] * points[2 * it + 1] }
                    val losses = (0 until 100).map { step ->
                        val errors = field.forward(points).zip(truth) { value, target -> value - target }
                        field.backwardToParameters(points, FloatArray(256) { 2 * errors[it] / 256 })
                        optimizer.step(step / 100.0)
                        errors.map { it * it }.average()
                    }
                    assertTrue(losses.last() < losses.first() / 10, "loss ${losses.first()} became ${losses.last()}")
                }
            }
        }
    }
}
