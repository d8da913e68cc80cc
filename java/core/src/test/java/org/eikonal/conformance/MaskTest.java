package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Device;
import org.eikonal.LossConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.Optimizer;
import org.eikonal.OptimizerConfig;
import org.eikonal.Pose;
import org.eikonal.RadianceField;
import org.eikonal.StepReport;
import org.eikonal.Trainer;
import org.eikonal.TrainerConfig;
import org.eikonal.Views;
import org.eikonal.conformance.Devices.OnEveryDevice;

/** Pixels that do not count are not there for training: whatever they show, a step is the same. */
class MaskTest {
    private static final int SIZE = Scene.SIZE;
    private static final int STEPS = 2;

    /** A third of a picture, in blocks and single pixels. */
    private static byte[] mask() {
        byte[] mask = new byte[SIZE * SIZE];
        for (int i = 0; i < mask.length; i++) {
            boolean hidden = i / SIZE < 4 || i % 7 == 0;
            mask[i] = (byte) (hidden ? 0 : i % 2 == 0 ? 1 : 255);
        }
        return mask;
    }

    /** Views of the scene; hidden pixels have a colour of their own. */
    private static Views views(Device device, int hidden, byte[] mask) {
        Views views = Views.create(device, 2);
        for (int view = 0; view < 2; view++) {
            byte[] rgba = new byte[4 * SIZE * SIZE];
            for (int i = 0; i < SIZE * SIZE; i++) {
                boolean counts = mask()[i] != 0;
                rgba[4 * i] = (byte) (counts ? i : hidden);
                rgba[4 * i + 1] = (byte) (counts ? 100 : 7 * hidden * i);
                rgba[4 * i + 3] = (byte) (counts ? 255 : hidden % 2 * 255);
            }
            views.set(view, Scene.camera(view), rgba, mask);
        }
        return views;
    }

    private static TrainerConfig config(int raysPerPixel, boolean detail) {
        return TrainerConfig.fromJson("{\"samples_per_step\": 2048, \"rays_per_pixel\": " + raysPerPixel
                + ", \"prefer_detail\": " + detail + ", \"sampler\": " + Scene.SAMPLER.toJson()
                + ", \"background\": \"random\", \"seed\": 3, \"loss\": " + LossConfig.l2().toJson() + "}");
    }

    private record Trained(float[] parameters, List<Double> losses, StepReport last) {}

    private static Trained train(Device device, Views views, TrainerConfig config) {
        try (views; RadianceField field = RadianceField.create(device, Scene.FIELD.config(), 1);
                Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().learningRate(1e-2).build());
                OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build());
                Trainer trainer = Trainer.create(field, optimizer, grid, views, config)) {
            List<Double> losses = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                losses.add(trainer.step(step, 0));
            }
            return new Trained(field.parameters(), losses, trainer.report());
        }
    }

    @OnEveryDevice
    void whatHiddenPixelsShowChangesNothing(Device device) {
        for (TrainerConfig config : List.of(config(1, false), config(2, true))) {
            Trained black = train(device, views(device, 0, mask()), config);
            Trained bright = train(device, views(device, 51, mask()), config);
            if (device.deterministic()) {
                assertArrayEquals(black.parameters(), bright.parameters());
                assertEquals(black.losses(), bright.losses());
            } else {
                assertEquals(black.losses().get(0), bright.losses().get(0), 1e-6 * black.losses().get(0));
            }
            Trained seen = train(device, views(device, 51, null), config);
            assertNotEquals(seen.losses().get(0), bright.losses().get(0));
        }
    }

    /** All rays meet samples, so those without are those whose pixel, which the generator tells, does not count. */
    @OnEveryDevice
    void exactlyTheDrawsOfHiddenPixelsAreNotMarched(Device device) {
        for (int raysPerPixel : new int[] {1, 2}) {
            StepReport report = train(device, views(device, 51, mask()), config(raysPerPixel, false)).last();
            int counting = 0;
            for (int ray = 0; ray < report.rays(); ray++) {
                int[] bits = RandomOracle.bits(3, STEPS - 1, ray / raysPerPixel, 0);
                counting += mask()[RandomOracle.below(bits[1], SIZE * SIZE)] != 0 ? 1 : 0;
            }
            assertTrue(counting > report.rays() / 3 && counting < 0.8 * report.rays(), report.toString());
            assertEquals(counting, report.raysWithSamples());
        }
    }

    /** A view straight down the z axis of two pixels: the first is opaque and hidden, the second transparent. */
    @OnEveryDevice
    void nothingIsSearchedBehindHiddenPixels(Device device) {
        for (int hidden = 0; hidden < 2; hidden++) {
            Views views = Views.create(device, 1);
            views.set(0, Camera.perspective(2, 1, 1, new Pose(1, 0, 0, .5, 0, 1, 0, .5, 0, 0, 1, 1.5)),
                    new byte[] {1, 2, 3, -1, 4, 5, 6, 0}, new byte[] {(byte) (1 - hidden), 1});
            try (views; RadianceField field = RadianceField.create(device, Scene.FIELD.config(), 1);
                    Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().build());
                    OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build())) {
                float[] corner = new float[(int) grid.cells()];
                corner[0] = 1;
                grid.setValues(corner);
                try (Trainer trainer = Trainer.create(field, optimizer, grid, views, config(1, false))) {
                    trainer.step(0, 0);
                    assertEquals(hidden == 0, trainer.report().raysWithSamples() > 0);
                }
            }
        }
    }

    @OnEveryDevice
    void aMaskFitsItsPictureAndLeavesAPixel(Device device) {
        try (Views views = Views.create(device, 1)) {
            byte[] rgba = new byte[4 * SIZE * SIZE];
            String message = assertThrows(IllegalArgumentException.class,
                    () -> views.set(0, Scene.camera(0), rgba, new byte[SIZE])).getMessage();
            assertTrue(message.contains("mask has 16") && message.contains("256"), message);
            message = assertThrows(IllegalArgumentException.class,
                    () -> views.set(0, Scene.camera(0), rgba, new byte[SIZE * SIZE])).getMessage();
            assertTrue(message.contains("mask of view 0 hides the whole picture"), message);
        }
    }
}
