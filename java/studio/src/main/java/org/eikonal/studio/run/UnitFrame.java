package org.eikonal.studio.run;

import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.scene.SparsePoints;
import org.eikonal.studio.scene.UnitCube;

/** Cameras and points of the data set's world, as the engine wants them: in the frame of the unit cube. */
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

    /** @return {@code [indices][3]}: those of the points */
    static float[] points(UnitCube cube, SparsePoints world, int[] indices) {
        float[] points = new float[3 * indices.length];
        for (int i = 0; i < indices.length; i++) {
            double[] at = cube.toUnit(world.at(indices[i]));
            for (int k = 0; k < 3; k++) {
                points[3 * i + k] = (float) at[k];
            }
        }
        return points;
    }
}
