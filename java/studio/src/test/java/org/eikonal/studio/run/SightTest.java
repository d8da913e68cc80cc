package org.eikonal.studio.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.Pose;
import org.eikonal.studio.recipe.Recipes;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.SparsePoints;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.UnitCube;
import org.eikonal.studio.scene.View;
import org.junit.jupiter.api.Test;

/** The box is the world's [-2, 2] in all three coordinates: unit = world / 4 + 1/2. */
class SightTest {
    /** A view that is as wide as it is far: the outermost rays are 45 degrees off the axis. */
    private static View from(double[] eye, double[] target) {
        Camera camera = Camera.perspective(100, 100, 50, Pose.lookAt(eye, target, new double[] {0, 0, 1}));
        return new View("v", Path.of("v.png"), camera, Split.TRAIN);
    }

    private static void require(View... views) {
        Scene scene = new Scene("scene", Path.of("/scene"), "transforms.json", Arrays.asList(views),
                new UnitCube(0.25, 0.5, 0.5, 0.5, 1), SparsePoints.NONE, List.of());
        RunConfig config = RunConfig.resolve(Recipes.usual(), scene, RunOptions.steps(1));
        try (Device device = Device.open(DeviceConfig.cpu())) {
            Sight.require(device, config, scene.views());
        }
    }

    private static void assertUnseen(View... views) {
        String message = assertThrows(RunException.class, () -> require(views)).getMessage();
        assertTrue(message.startsWith("/scene: no photo sees the box that is modelled (with aabb_scale 1, scale 0.25,"),
                message);
        assertTrue(message.contains("it has 4.00 world units a side"), message);
    }

    @Test
    void lookingAtItAwayFromItAndPastIt() {
        double[] eye = {10, 0, 0};
        assertDoesNotThrow(() -> require(from(eye, new double[3])));
        assertUnseen(from(eye, new double[] {20, 0, 0}));
        // The nearest face is 8 away and reaches to y = 2: atan(2/8) = 14 degrees; half the view has 45.
        assertDoesNotThrow(() -> require(from(eye, direction(eye, 14 + 42))));
        assertUnseen(from(eye, direction(eye, 14 + 48)));
    }

    private static double[] direction(double[] eye, double degrees) {
        double angle = Math.toRadians(180 - degrees);
        return new double[] {eye[0] + Math.cos(angle), Math.sin(angle), 0};
    }

    @Test
    void fromWithinItIsAlwaysSeen() {
        assertDoesNotThrow(() -> require(from(new double[] {1, 1, 1}, new double[] {9, 1, 1})));
    }

    @Test
    void oneViewIsEnough() {
        View away = from(new double[] {10, 0, 0}, new double[] {20, 0, 0});
        assertUnseen(away, away);
        assertDoesNotThrow(() -> require(away, from(new double[] {0, 10, 0}, new double[3])));
    }
}
