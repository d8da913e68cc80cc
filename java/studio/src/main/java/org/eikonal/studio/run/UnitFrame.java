package org.eikonal.studio.run;

import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.scene.UnitCube;

/** Cameras of the data set's world, as the engine wants them: in the frame of the unit cube. */
final class UnitFrame {
    private UnitFrame() {}

    static Camera camera(UnitCube cube, Camera world) {
        double[] matrix = world.pose().matrix();
        double[] position = cube.toUnit(world.pose().position());
        for (int row = 0; row < 3; row++) {
            matrix[row * 4 + 3] = position[row];
        }
        return world.withPose(new Pose(matrix));
    }
}
