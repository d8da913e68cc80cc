package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.eikonal.Camera;
import org.eikonal.Device;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.Pose;
import org.eikonal.RadianceField;
import org.eikonal.RenderConfig;
import org.eikonal.Renderer;
import org.eikonal.Rendering;
import org.eikonal.SamplerConfig;
import org.eikonal.conformance.Devices.OnEveryDevice;

/** A picture of more rays than are worked on at once is the same, to the last bit, in as many parts as one likes. */
class LargePictureTest {
    @OnEveryDevice
    void aPictureThatIsFullOfRays(Device device) {
        parts(device, 2, 16);
    }

    @OnEveryDevice
    void aPictureThatIsFullOfSamples(Device device) {
        parts(device, 16, 32);
    }

    /** Every ray meets the slices of cells that are occupied. */
    private static void parts(Device device, int slices, int steps) {
        int width = Devices.emulated(device) ? 64 : 256;
        int height = Devices.emulated(device) ? 40 : 160;
        Camera camera = Camera.perspective(width, height, 3.125f * width, new Pose(1, 0, 0, .51, 0, 1, 0, .52, 0, 0, 1, 2.5));
        try (RadianceField field = RadianceField.create(device, Scene.FIELD.config(), 1);
                OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build())) {
            float[] parameters = field.parameters();
            int table = Scene.FIELD.grid.parameters();
            System.arraycopy(new Draws(2).uniform(table, -4, 4), 0, parameters, 0, table);
            field.setParameters(parameters);
            float[] values = new float[16 * 16 * 16];
            Arrays.fill(values, 256 * (8 - slices / 2), 256 * (8 + slices / 2), 1);
            grid.setValues(values);
            Renderer renderer = Renderer.create(field, grid, RenderConfig.builder()
                    .sampler(SamplerConfig.builder().steps(steps).build()).earlyStop(0).build());
            Rendering whole = renderer.render(camera);
            int seen = 0;
            for (float opacity : whole.opacity()) {
                seen += opacity > 0 ? 1 : 0;
            }
            assertTrue(seen > 0.8 * width * height, seen + " pixels see something");
            for (int row = 0; row < height; row += height / 8) {
                Rendering part = renderer.render(camera, row, row + height / 8);
                int begin = row * width;
                int end = begin + height / 8 * width;
                assertArrayEquals(part.color(), Arrays.copyOfRange(whole.color(), 3 * begin, 3 * end));
                assertArrayEquals(part.depth(), Arrays.copyOfRange(whole.depth(), begin, end));
                assertArrayEquals(part.opacity(), Arrays.copyOfRange(whole.opacity(), begin, end));
            }
        }
    }
}
