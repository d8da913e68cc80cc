package org.eikonal.studio.path;

import java.util.Arrays;
import org.eikonal.Pose;
import org.eikonal.studio.scene.JsonObject;
import org.eikonal.studio.scene.SceneException;

/** Reads poses that are written as one row of numbers. */
public final class PoseNumbers {
    private static final double FARTHEST = 1e9;
    private static final double LARGEST_AXIS = 1e6;

    private PoseNumbers() {}

    /**
     * Reads a pose.
     *
     * @param count 12 or 16 numbers: camera to world, row-major, OpenGL axes; the last four of 16 are 0, 0, 0, 1
     * @throws SceneException if it is none: the message names file, field, value and remedy
     */
    public static Pose read(JsonObject object, String key, int count) {
        double[] matrix = object.numbers(key, count);
        if (count == 16 && Math.abs(matrix[12]) + Math.abs(matrix[13]) + Math.abs(matrix[14])
                + Math.abs(matrix[15] - 1) > 1e-3) {
            throw object.wrong(key, "its last four numbers must be 0, 0, 0, 1: transpose the matrix?");
        }
        double[] rows = Arrays.copyOf(matrix, 12);
        for (int column = 0; column < 4; column++) {
            double length = Math.sqrt(rows[column] * rows[column] + rows[4 + column] * rows[4 + column]
                    + rows[8 + column] * rows[8 + column]);
            if (column == 3 ? !(length <= FARTHEST) : !(length >= 1 / LARGEST_AXIS && length <= LARGEST_AXIS)) {
                throw object.wrong(key, column == 3 ? "the position must be within 1e9 units"
                        : "it must be a rotation, perhaps scaled by 1e-6 to 1e6, and a position");
            }
        }
        try {
            return new Pose(rows);
        } catch (IllegalArgumentException e) {
            throw new SceneException(object.file(), object.field(key) + ": " + e.getMessage());
        }
    }
}
