package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.eikonal.Camera;
import org.eikonal.Compositing;
import org.eikonal.CompositingConfig;
import org.eikonal.Device;
import org.eikonal.Distortion;
import org.eikonal.EncodingConfig;
import org.eikonal.FieldConfig;
import org.eikonal.Lens;
import org.eikonal.NetworkConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.Pose;
import org.eikonal.RadianceField;
import org.eikonal.Rays;
import org.eikonal.RenderConfig;
import org.eikonal.Renderer;
import org.eikonal.Rendering;
import org.eikonal.SamplerConfig;
import org.eikonal.Samples;
import org.eikonal.Views;
import org.eikonal.conformance.Devices.OnEveryDevice;

/** A picture is what its parts, put together one by one, show: rays, marching, field, compositing. */
class RenderTest {
    private static final Camera CAMERA = new Camera(37, 23, Lens.PERSPECTIVE, 30, 31, 18, 12,
            new Distortion(.1f, -.05f, 0, 0, .001f, 0), Scene.camera(1).pose());

    private static RadianceField field(Device device, double density) {
        RadianceField field = RadianceField.create(device, Scene.FIELD.config(), 1);
        float[] parameters = field.parameters();
        int table = Scene.FIELD.grid.parameters();
        System.arraycopy(new Draws(2).uniform(table, -density, density), 0, parameters, 0, table);
        field.setParameters(parameters);
        return field;
    }

    /** Planes that are multiplied, and networks with biases and skip connections behind them. */
    private static RadianceField planes(Device device) {
        EncodingConfig plane = EncodingConfig.denseGrid().levels(2).featuresPerLevel(4).baseResolution(8).build();
        EncodingConfig planes = EncodingConfig.composite().reduction("Product")
                .add(0, 2, plane).add(1, 2, plane).add(2, 1, EncodingConfig.frequency(4)).build();
        NetworkConfig network =
                NetworkConfig.builder().neurons(17).hiddenLayers(2).bias(true).skipConnections(1, 2).build();
        RadianceField field = RadianceField.create(device, FieldConfig.builder().encoding(planes).network(network)
                .directionEncoding(EncodingConfig.composite().add(3, EncodingConfig.oneBlob(3)).build())
                .colorNetwork(network).build(), 1);
        field.setParameters(new Draws(4).uniform((int) field.parameterCount(), -1, 1));
        return field;
    }

    private static OccupancyGrid grid(Device device) {
        return grid(device, 100);
    }

    /** Of so many cells one is occupied. */
    private static OccupancyGrid grid(Device device, int cells) {
        OccupancyGrid grid = OccupancyGrid.create(
                device, OccupancyConfig.builder().resolution(16).cascades(2).threshold(0.01).build());
        float[] values = new float[(int) grid.cells()];
        Draws draws = new Draws(3);
        for (int i = 0; i < values.length; i++) {
            values[i] = draws.below(cells) == 0 ? 1 : 0;
        }
        grid.setValues(values);
        return grid;
    }

    private static RenderConfig config(double earlyStop) {
        return RenderConfig.builder().sampler(Scene.SAMPLER).earlyStop(earlyStop).background(.25, .5, 1).build();
    }

    @OnEveryDevice
    void aPictureIsItsPartsPutTogether(Device device) {
        for (double density : new double[] {1, 8}) {
            try (RadianceField field = field(device, density); OccupancyGrid grid = grid(device)) {
                Rendering picture = Renderer.create(field, grid, config(0)).render(CAMERA);
                parts(device, field, grid, Scene.SAMPLER, null, picture);
            }
        }
        try (RadianceField field = planes(device); OccupancyGrid grid = grid(device)) {
            parts(device, field, grid, Scene.SAMPLER, null, Renderer.create(field, grid, config(0)).render(CAMERA));
        }
    }

    /** Boxes within the cube, through it and beyond what is modelled; steps that are equal and steps that grow. */
    @OnEveryDevice
    void aCropShowsTheSamplesInItsBoxAlone(Device device) {
        double[][][] boxes = {
            {{.21, .3, .1}, {.72, .93, .81}}, {{-.4, -3, .2}, {1.4, .75, 3}}, {{-1e9, .5, -.3}, {1e9, 1e9, 1.2}}
        };
        for (int cells : new int[] {1, 100}) {
            try (RadianceField field = field(device, cells == 1 ? 1 : 8); OccupancyGrid grid = grid(device, cells)) {
                for (double cone : new double[] {0, 1 / 32.0}) {
                    SamplerConfig sampler = SamplerConfig.builder().steps(64).coneAngle(cone).build();
                    for (double[][] box : boxes) {
                        Rendering picture = Renderer.create(field, grid, RenderConfig.builder().sampler(sampler)
                                .earlyStop(0).background(.25, .5, 1).crop(box[0], box[1]).build()).render(CAMERA);
                        parts(device, field, grid, sampler, box, picture);
                    }
                }
            }
        }
    }

    @OnEveryDevice
    void aCropThatNoRayMeetsShowsTheBackground(Device device) {
        double[][][] boxes = {{{.5, .5, 8}, {.6, .6, 9}}, {{-9, -9, -9}, {-8, 9, 9}}, {{.5, 1.2, 1.3}, {.5001, 1.3, 1.4}}};
        try (RadianceField field = field(device, 8); OccupancyGrid grid = grid(device, 10)) {
            for (double[][] box : boxes) {
                Rendering picture = Renderer.create(field, grid, RenderConfig.builder().sampler(Scene.SAMPLER)
                        .background(.25, .5, 1).crop(box[0], box[1]).build()).render(CAMERA);
                assertArrayEquals(new float[37 * 23], picture.opacity());
                assertEquals(.5f, picture.color()[3 * 400 + 1]);
            }
        }
    }

    /** Whether a point is within a box, or too near its border to tell: then null. */
    private static Boolean inside(double[][] box, float[] origin, float[] direction, int ray, double t) {
        double depth = Double.MAX_VALUE;
        for (int k = 0; k < 3 && box != null; k++) {
            double x = origin[3 * ray + k] + t * direction[3 * ray + k];
            depth = Math.min(depth, Math.min(x - box[0][k], box[1][k] - x));
        }
        return Math.abs(depth) < 1e-5 ? null : depth > 0;
    }

    /** Where a ray leaves the outermost of two cascades. */
    private static double end(Rays rays, int ray) {
        double end = Double.MAX_VALUE;
        for (int axis = 3 * ray; axis < 3 * ray + 3; axis++) {
            double side = rays.directions()[axis] > 0 ? 1.5 : -0.5;
            end = Math.min(end, (side - rays.origins()[axis]) / rays.directions()[axis]);
        }
        return end;
    }

    /** @param box what is seen; null: all */
    private static void parts(Device device, RadianceField field, OccupancyGrid grid, SamplerConfig sampler, double[][] box,
            Rendering picture) {
        int n = CAMERA.width() * CAMERA.height();
        float[] pixels = new float[2 * n];
        float[] background = new float[3 * n];
        for (int i = 0; i < n; i++) {
            pixels[2 * i] = i % CAMERA.width() + 0.5f;
            pixels[2 * i + 1] = i / CAMERA.width() + 0.5f;
            System.arraycopy(new float[] {.25f, .5f, 1}, 0, background, 3 * i, 3);
        }
        Rays rays;
        try (Views views = Views.create(device, 1)) {
            views.setCamera(0, CAMERA);
            rays = views.rays(new int[n], pixels);
        }
        Samples samples = grid.march(sampler, rays, null, n * 300);
        float[] inputs = new float[6 * samples.count()];
        for (int ray = 0; ray < n; ray++) {
            for (int i = samples.starts()[ray]; i < samples.starts()[ray] + samples.counts()[ray]; i++) {
                System.arraycopy(samples.positions(), 3 * i, inputs, 6 * i, 3);
                System.arraycopy(rays.directions(), 3 * ray, inputs, 6 * i + 3, 3);
            }
        }
        float[] outputs = field.forward(inputs);
        float[] raw = new float[samples.count()];
        float[] colors = new float[3 * raw.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = outputs[4 * i + 3];
            System.arraycopy(outputs, 4 * i, colors, 3 * i, 3);
        }
        boolean[] unsure = new boolean[n];
        for (int ray = 0; ray < n; ray++) {
            for (int i = samples.starts()[ray]; i < samples.starts()[ray] + samples.counts()[ray]; i++) {
                Boolean inside = inside(box, rays.origins(), rays.directions(), ray, samples.t()[i]);
                // Nor can it be told whether a step that starts where the outermost cascade ends is still made.
                double start = samples.t()[i] - samples.dt()[i] / 2;
                double end = end(rays, ray);
                unsure[ray] |= inside == null
                        || box != null && Math.min(end - start, Math.abs(start + samples.dt()[i] - end)) < 2e-5;
                raw[i] = Boolean.FALSE.equals(inside) ? -1000 : raw[i];  // as thin as can be
            }
        }
        Compositing.Result seen = Compositing.create(device, CompositingConfig.builder().earlyStop(0).build())
                .forward(samples, raw, colors, 3, background);
        // Samples that weigh next to nothing have no colour of their own: what they hide looks as the others do.
        double[] color = Draws.wide(background);
        double[] opacity = new double[n];
        double[] depth = new double[n];
        int hit = 0;
        for (int ray = 0; ray < n; ray++) {
            double weight = 0;
            double far = 0;
            double[] sum = new double[3];
            for (int i = samples.starts()[ray]; i < samples.starts()[ray] + samples.counts()[ray]; i++) {
                unsure[ray] |= Math.abs(seen.weights()[i] - 1e-4) < 1e-6;
                double w = seen.weights()[i] >= 1e-4f ? seen.weights()[i] : 0;
                weight += w;
                far += w * samples.t()[i];
                for (int k = 0; k < 3; k++) {
                    sum[k] += w * colors[3 * i + k];
                }
            }
            if (weight > 0) {
                hit++;
                opacity[ray] = seen.opacity()[ray];
                depth[ray] = far / weight;
                for (int k = 0; k < 3; k++) {
                    color[3 * ray + k] = sum[k] / weight * opacity[ray] + background[3 * ray + k] * (1 - opacity[ray]);
                }
            }
        }
        int judged = n;
        for (int ray = 0; ray < n; ray++) {
            if (unsure[ray]) {
                judged--;
                opacity[ray] = picture.opacity()[ray];
                depth[ray] = picture.depth()[ray];
                for (int k = 0; k < 3; k++) {
                    color[3 * ray + k] = picture.color()[3 * ray + k];
                }
            }
        }
        assertTrue(judged > n * 0.95, judged + " of " + n + " pixels can be judged");
        // The same kernels on the same numbers, but grouped otherwise. Steps that begin at a crop are reached by other sums:
        // their last digit may decide how a feature is rounded.
        double slack = box == null ? 0 : Devices.tolerance(device, 1);
        Check.within("colour", color, picture.color(), 2e-5 + slack);
        Check.within("opacity", opacity, picture.opacity(), 2e-5 + slack);
        Check.within("depth", depth, picture.depth(), 1e-4 + slack);
        assertTrue(hit > n / 32, hit + " of " + n + " pixels see something");
    }

    @OnEveryDevice
    void aPixelOfSeveralRaysIsTheirMean(Device device) {
        int n = 3;
        try (RadianceField field = field(device, 8); OccupancyGrid grid = grid(device)) {
            Rendering fine = Renderer.create(field, grid, config(1e-4)).render(CAMERA.scaled(n));
            Rendering picture = Renderer.create(field, grid, RenderConfig.builder().sampler(Scene.SAMPLER).earlyStop(1e-4)
                    .background(.25, .5, 1).supersampling(n).build()).render(CAMERA, 4, 19);
            double[] color = new double[3 * 37 * 15];
            double[] opacity = new double[37 * 15];
            double[] depth = new double[37 * 15];
            for (int y = 0; y < 15 * n; y++) {
                for (int x = 0; x < 37 * n; x++) {
                    int from = (4 * n + y) * 37 * n + x;
                    int to = y / n * 37 + x / n;
                    for (int k = 0; k < 3; k++) {
                        color[3 * to + k] += fine.color()[3 * from + k] / (double) (n * n);
                    }
                    opacity[to] += fine.opacity()[from] / (double) (n * n);
                    depth[to] += (double) fine.depth()[from] * fine.opacity()[from] / (n * n);
                }
            }
            for (int i = 0; i < depth.length; i++) {
                depth[i] = opacity[i] > 0 ? depth[i] / opacity[i] : 0;
            }
            Check.within("colour", color, picture.color(), 1e-6);
            Check.within("opacity", opacity, picture.opacity(), 1e-6);
            Check.within("depth", depth, picture.depth(), 1e-5);
        }
    }

    @OnEveryDevice
    void anEarlyStopChangesAPixelByNoMoreThanWhatItLeavesOut(Device device) {
        try (RadianceField field = field(device, 8); OccupancyGrid grid = grid(device)) {
            Rendering whole = Renderer.create(field, grid, config(0)).render(CAMERA);
            Rendering stopped = Renderer.create(field, grid, config(1e-2)).render(CAMERA);
            Check.within("colour", Draws.wide(whole.color()), stopped.color(), 1e-2);
            Check.within("opacity", Draws.wide(whole.opacity()), stopped.opacity(), 1e-2);
        }
    }

    @OnEveryDevice
    void rowsAreThoseOfTheWholePicture(Device device) {
        try (RadianceField field = field(device, 8); OccupancyGrid grid = grid(device)) {
            Renderer renderer = Renderer.create(field, grid, config(1e-4));
            Rendering whole = renderer.render(CAMERA);
            for (int[] rows : new int[][] {{0, 23}, {0, 1}, {7, 7}, {5, 18}, {22, 23}}) {
                Rendering part = renderer.render(CAMERA, rows[0], rows[1]);
                int begin = rows[0] * 37;
                int end = rows[1] * 37;
                assertEquals(rows[1] - rows[0], part.height());
                assertArrayEquals(Arrays.copyOfRange(whole.color(), 3 * begin, 3 * end), part.color());
                assertArrayEquals(Arrays.copyOfRange(whole.depth(), begin, end), part.depth());
                assertArrayEquals(Arrays.copyOfRange(whole.opacity(), begin, end), part.opacity());
            }
        }
    }

    @OnEveryDevice
    void aPictureOfNothingIsItsBackground(Device device) {
        Camera away = CAMERA.withPose(new Pose(1, 0, 0, 5, 0, 1, 0, 5, 0, 0, -1, 5));
        try (RadianceField field = field(device, 1); OccupancyGrid grid = grid(device)) {
            Rendering picture = Renderer.create(field, grid, config(1e-4)).render(away);
            for (int i = 0; i < 37 * 23; i++) {
                assertEquals(.25f, picture.color()[3 * i]);
                assertEquals(1, picture.color()[3 * i + 2]);
                assertEquals(0, picture.opacity()[i]);
                assertEquals(0, picture.depth()[i]);
            }
        }
    }
}
