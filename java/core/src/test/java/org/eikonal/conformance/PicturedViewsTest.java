package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eikonal.Device;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.Optimizer;
import org.eikonal.OptimizerConfig;
import org.eikonal.RadianceField;
import org.eikonal.Trainer;
import org.eikonal.TrainerConfig;
import org.eikonal.Views;
import org.eikonal.conformance.Devices.OnEveryDevice;

/** Training draws from the views that have a picture at a step; all cameras count for what is closed. */
class PicturedViewsTest {
    private static byte[] picture(int view) {
        byte[] rgba = new byte[4 * Scene.SIZE * Scene.SIZE];
        for (int i = 0; i < rgba.length; i++) {
            rgba[i] = (byte) (i % 4 == 3 ? 255 : 60 * view + i);
        }
        return rgba;
    }

    /** What steps of which each has pictures of its own make of a field. */
    private static float[] train(Device device, int minViews, int[]... pictured) {
        try (Views views = Views.create(device, 4);
                RadianceField field = RadianceField.create(device, Scene.FIELD.config(), 1);
                Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().learningRate(1e-2).build());
                OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build())) {
            set(views, pictured[0]);
            try (Trainer trainer = Trainer.create(field, optimizer, grid, views, TrainerConfig.builder()
                    .samplesPerStep(2048).minViews(minViews).sampler(Scene.SAMPLER).seed(5).build())) {
                for (int step = 0; step < pictured.length; step++) {
                    set(views, pictured[step]);
                    trainer.step(step, 0);
                }
            }
            return minViews == 0 ? field.parameters() : grid.values();
        }
    }

    private static void set(Views views, int... pictured) {
        for (int view = 0; view < 4; view++) {
            views.setCamera(view, Scene.camera(view));
        }
        for (int view : pictured) {
            views.set(view, Scene.camera(view), picture(view));
        }
    }

    /** The same with views that are those alone. */
    private static float[] only(Device device, int... shown) {
        try (Views views = Views.create(device, shown.length);
                RadianceField field = RadianceField.create(device, Scene.FIELD.config(), 1);
                Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().learningRate(1e-2).build());
                OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build())) {
            for (int i = 0; i < shown.length; i++) {
                views.set(i, Scene.camera(shown[i]), picture(shown[i]));
            }
            try (Trainer trainer = Trainer.create(field, optimizer, grid, views, TrainerConfig.builder()
                    .samplesPerStep(2048).minViews(0).sampler(Scene.SAMPLER).seed(5).build())) {
                trainer.step(0, 0);
            }
            return field.parameters();
        }
    }

    private static void same(Device device, float[] expected, float[] actual) {
        if (device.deterministic()) {
            assertArrayEquals(expected, actual);
        } else {
            Check.closeOnAverage("parameters", Draws.wide(expected), actual, 1e-2);
        }
    }

    @OnEveryDevice
    void pixelsAreDrawnFromThoseWithAPicture(Device device) {
        same(device, only(device, 1, 3), train(device, 0, new int[] {1, 3}));
        same(device, only(device, 2), train(device, 0, new int[] {2}));
        same(device, only(device, 0, 1, 2, 3), train(device, 0, new int[] {0, 1, 2, 3}));
        assertNotEquals(only(device, 1, 3)[5], only(device, 1, 2)[5]);
    }

    /** In whatever order they came, and whatever was there in between. */
    @OnEveryDevice
    void picturesComeAndGoBetweenSteps(Device device) {
        float[] expected = train(device, 0, new int[] {0, 1}, new int[] {1, 2}, new int[] {0, 1, 2, 3});
        same(device, expected, train(device, 0, new int[] {1, 0}, new int[] {2, 1}, new int[] {3, 1, 0, 2}));
        assertNotEquals(expected[5], train(device, 0, new int[] {0, 1}, new int[] {1, 3}, new int[] {0, 1, 2, 3})[5]);
    }

    @OnEveryDevice
    void camerasWithoutAPictureShowCells(Device device) {
        assertArrayEquals(closed(train(device, 3, new int[] {0, 1, 2, 3})), closed(train(device, 3, new int[] {2})));
    }

    private static boolean[] closed(float[] values) {
        boolean[] closed = new boolean[values.length];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            closed[i] = values[i] < 0;
            count += closed[i] ? 1 : 0;
        }
        assertTrue(count > 0 && count < values.length, count + " closed");
        return closed;
    }

    @OnEveryDevice
    void withoutAnyPictureOrWithAViewThatIsNotSetThereIsNothingToTrainOn(Device device) {
        assertEquals("views: no view has a picture to train on",
                assertThrows(IllegalArgumentException.class, () -> train(device, 0, new int[0])).getMessage());
        assertThrows(IllegalArgumentException.class, () -> train(device, 0, new int[] {1}, new int[0]));
        try (Views views = Views.create(device, 2);
                RadianceField field = RadianceField.create(device, Scene.FIELD.config(), 1);
                Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().build());
                OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build())) {
            views.set(0, Scene.camera(0), picture(0));
            assertEquals("views: view 1 is not set", assertThrows(IllegalArgumentException.class, () -> Trainer.create(
                    field, optimizer, grid, views, TrainerConfig.builder().build())).getMessage());
        }
    }
}
