package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eikonal.Device;
import org.eikonal.LossConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.Optimizer;
import org.eikonal.OptimizerConfig;
import org.eikonal.RadianceField;
import org.eikonal.Trainer;
import org.eikonal.TrainerConfig;
import org.eikonal.Views;
import org.eikonal.conformance.Devices.OnEveryDevice;

/**
 * Training from end to end on every device: the same seed draws the same rays, so that all devices see the same loss at the
 * same step, as far as precisions allow.
 */
class LossCurveTest {
    private static final int STEPS = 48;

    /** Steps in which nothing but rounding may differ: the occupancy grid is still full. */
    private static final int EARLY = 16;

    private static final double[] REFERENCE = reference();

    private static double[] reference() {
        try (Device device = Device.open(Devices.cpu("portable", "fp32").build())) {
            return curve(device);
        }
    }

    private static double[] curve(Device device) {
        double[] losses = new double[STEPS];
        try (RadianceField field = RadianceField.create(device, Scene.FIELD.config(), 1);
                Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().learningRate(1e-2).build());
                OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build());
                Views views = Scene.views(device);
                Trainer trainer = Trainer.create(field, optimizer, grid, views, TrainerConfig.builder()
                        .samplesPerStep(2048).loss(LossConfig.l2()).sampler(Scene.SAMPLER).randomBackground().build())) {
            for (int step = 0; step < STEPS; step++) {
                losses[step] = trainer.step(step, (double) step / STEPS);
            }
        }
        return losses;
    }

    @OnEveryDevice
    void allDevicesLearnTheSame(Device device) {
        double[] losses = curve(device);
        boolean exact = device.precision().equals("fp32");
        for (int step = 0; step < STEPS; step++) {
            // One rounding of what networks multiply at first; later it adds up, and cells near the threshold fall either way.
            double tolerance = step < EARLY ? (exact ? 1e-5 : 0x1p-8) : (exact ? 1e-3 : 0.05);
            assertEquals(REFERENCE[step], losses[step], tolerance * REFERENCE[step], "loss of step " + step);
        }
        assertTrue(losses[STEPS - 1] < losses[0] / 10, "loss " + losses[0] + " became " + losses[STEPS - 1]);
    }
}
