import org.eikonal.*
import org.junit.jupiter.api.Assertions.{assertArrayEquals, assertEquals, assertTrue}
import org.junit.jupiter.api.Test
import scala.util.Using

/** Neural fields in Scala: what the API asks of a language with its own arrays, resources and numbers. */
class ScalaTest:
  private val grid =
    EncodingConfig.hashGrid().levels(4).featuresPerLevel(2).log2HashmapSize(10).baseResolution(4).build()
  private val network = NetworkConfig.builder().neurons(16).hiddenLayers(1).build()
  private val adam = OptimizerConfig.adam().learningRate(1e-2).build()
  private val radiance = FieldConfig.builder().encoding(grid).network(network)
    .directionEncoding(EncodingConfig.sphericalHarmonics(2)).colorNetwork(network).build()

  @Test def aFieldLearnsAFunctionUnderALossWrittenHere(): Unit = Using.Manager { use =>
    val device = use(Device.open(DeviceConfig.cpu()))
    val field = use(Network.create(device, grid, network, 2, 1, 42))
    val optimizer = use(Optimizer.create(field, adam))
    val points = Array.tabulate(512)(i => i * 0.618034f % 1)
    val truth = points.grouped(2).map(p => p(0) * p(1)).toArray
    val losses = for step <- 0 until 100 yield
      val errors = field.forward(points).zip(truth).map(_ - _)
      field.backwardToParameters(points, errors.map(2 * _ / 256))
      optimizer.step(step / 100.0)
      errors.map(e => e * e).sum / 256
    assertTrue(losses.last < losses.head / 10, s"loss ${losses.head} became ${losses.last}")
  }.get

  @Test def encodingsComeTogether(): Unit = Using.Manager { use =>
    val device = use(Device.open(DeviceConfig.cpu()))
    val parts = EncodingConfig.composite().add(2, EncodingConfig.identity())
      .add(3, EncodingConfig.sphericalHarmonics(2)).build()
    val encoding = use(Encoding.create(device, parts, 5, 0))
    assertEquals(6, encoding.outputs)
    assertArrayEquals(Array(0.25f, 0.5f), encoding.forward(Array(0.25f, 0.5f, 0, 0, 1)).take(2))
  }.get

  @Test def samplesAreComposited(): Unit = Using.resource(Device.open(DeviceConfig.cpu())) { device =>
    val samples = Samples.between(Rays(Array(0, 0, 0), Array(0, 0, 1)), Array(1, 2, 3))
    val compositing = Compositing.create(device, CompositingConfig.builder().densityActivation(Activation.NONE).build())
    val density = Array(0.5f, 1f)
    val values = Array(1f, 0f)
    val seen = compositing.forward(samples, density, values, 1, null)
    val back = compositing.backward(samples, density, values, 1, null, Array(1f), null, null)
    assertEquals(1 - math.exp(-0.5), seen.color()(0), 1e-6)
    assertEquals(1 - math.exp(-1.5), seen.opacity()(0), 1e-6)
    assertArrayEquals(seen.weights, back.values)
  }

  @Test def aRadianceFieldIsQueriedAtPoints(): Unit = Using.Manager { use =>
    val device = use(Device.open(DeviceConfig.cpu()))
    val field = use(RadianceField.create(device, radiance, 1))
    val points = Array(0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f)
    assertTrue(field.density(points).forall(_ > 0))
    assertEquals(6, field.color(points, Array(0, 0, 1, 0, 1, 0)).length)
  }.get

  @Test def aTrainerLearnsRedPictures(): Unit = Using.Manager { use =>
    val size = 16
    val red = Array.tabulate(size * size * 4)(i => (if i % 4 == 0 || i % 4 == 3 then 255 else 0).toByte)
    def camera(i: Int) = Camera.perspective(size, size, 20,
      Pose.lookAt(Array(0.5 + 1.2 * math.cos(i), 0.5, 0.5 + 1.2 * math.sin(i)), Array(0.5, 0.5, 0.5), Array(0, 1, 0)))
    val device = use(Device.open(DeviceConfig.cpu()))
    val field = use(RadianceField.create(device, radiance, 1))
    val optimizer = use(Optimizer.create(field, adam))
    val occupancy = use(OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build()))
    val views = use(Views.create(device, 4))
    for i <- 0 until 4 do views.set(i, camera(i), red)
    val sampler = SamplerConfig.builder().steps(64).build()
    val trainer = use(Trainer.create(field, optimizer, occupancy, views,
      TrainerConfig.builder().samplesPerStep(2048).sampler(sampler).build()))
    val losses = for step <- 0 until 50 yield trainer.step(step, step / 50.0)
    assertTrue(losses.last < losses.head / 2, s"loss ${losses.head} became ${losses.last}")
    val renderer = Renderer.create(field, occupancy, RenderConfig.builder().background(0, 0, 0).build())
    val picture = renderer.render(camera(0))
    assertEquals(size * size * 3, picture.color.length)
  }.get
