package org.eikonal.studio.scene;

import java.util.OptionalDouble;
import org.eikonal.Camera;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.Pose;
import org.eikonal.studio.image.PictureFiles.Size;

/**
 * The camera of a frame, from the keys of instant-ngp and nerfstudio: each key is looked for in the frame, then in the
 * file. Focal lengths are {@code fl_x}, {@code fl_y} in pixels or {@code camera_angle_x}, {@code camera_angle_y} in
 * radians; an axis without either has the other's. The centre is the picture's unless {@code cx}, {@code cy} say
 * otherwise. Intrinsics given for {@code w} x {@code h} are scaled to the picture that is there.
 */
record Intrinsics(JsonObject frame, JsonObject file) {
    // Wider than any lens and any units; beyond them, rays and positions leave the range of 32-bit floats.
    private static final double SHORTEST_FOCAL = 1e-3;
    private static final double LONGEST_FOCAL = 1e9;
    private static final double FARTHEST = 1e9;
    private static final double LARGEST_AXIS = 1e6;

    Camera camera(Size image) {
        int width = holder("w").count("w", Camera.MAX_SIZE).orElse(image.width());
        int height = holder("h").count("h", Camera.MAX_SIZE).orElse(image.height());
        checkProportions(width, height, image);
        OptionalDouble x = focal("fl_x", "camera_angle_x", width);
        OptionalDouble y = focal("fl_y", "camera_angle_y", height);
        if (x.isEmpty() && y.isEmpty()) {
            throw frame.wrong("fl_x", "write the focal length in pixels, or camera_angle_x in radians");
        }
        try {
            return new Camera(width, height, lens(),
                    (float) x.orElseGet(y::getAsDouble), (float) y.orElseGet(x::getAsDouble),
                    (float) number("cx").orElse(width / 2.0), (float) number("cy").orElse(height / 2.0),
                    new Distortion(value("k1"), value("k2"), value("k3"), value("k4"), value("k5"), value("k6"),
                            value("p1"), value("p2")),
                    pose()).resized(image.width(), image.height());
        } catch (IllegalArgumentException e) {
            throw new SceneException(frame.file(), frame.place() + ": " + e.getMessage());
        }
    }

    /** Whether w and h are there, and those of a picture of that size. */
    boolean nameSizeOf(Size image) {
        return holder("w").has("w") && holder("h").has("h") && image.isCopyOf(size("w"), size("h"));
    }

    /** The camera of a frame without a picture: {@code w} and {@code h} must be there. */
    Camera camera() {
        return camera(new Size(size("w"), size("h")));
    }

    private Pose pose() {
        Pose pose = new Pose(frame.affine("transform_matrix"));
        for (int column = 0; column < 4; column++) {
            double length = Math.sqrt(Math.pow(pose.at(0, column), 2) + Math.pow(pose.at(1, column), 2)
                    + Math.pow(pose.at(2, column), 2));
            if (column == 3 && !(length <= FARTHEST)) {
                throw new IllegalArgumentException("transform_matrix puts the camera " + length
                        + " units from the origin; 1e9 is the limit: drop this camera or estimate its pose again");
            }
            if (column < 3 && !(length >= 1 / LARGEST_AXIS && length <= LARGEST_AXIS)) {
                throw new IllegalArgumentException("transform_matrix has an axis of length " + length
                        + "; it must be a rotation, perhaps scaled by 1e-6 to 1e6");
            }
        }
        return pose;
    }

    private int size(String key) {
        return holder(key).count(key, Camera.MAX_SIZE).orElseThrow(
                () -> frame.wrong(key, "write a whole number from 1 to " + Camera.MAX_SIZE));
    }

    /** The lens; models that {@link Camera} does not have are refused rather than approximated. */
    private Lens lens() {
        JsonObject fisheye = holder("is_fisheye");
        if (fisheye.has("is_fisheye") && fisheye.flag("is_fisheye")) {
            return Lens.FISHEYE;
        }
        JsonObject model = holder("camera_model");
        if (!model.has("camera_model")) {
            return Lens.PERSPECTIVE;
        }
        return switch (model.text("camera_model")) {
            case "OPENCV", "FULL_OPENCV", "PINHOLE", "SIMPLE_PINHOLE", "SIMPLE_RADIAL", "RADIAL", "PERSPECTIVE" -> Lens.PERSPECTIVE;
            case "OPENCV_FISHEYE" -> Lens.FISHEYE;
            default -> throw model.wrong("camera_model",
                    "use OPENCV, FULL_OPENCV, PINHOLE, SIMPLE_PINHOLE, SIMPLE_RADIAL, RADIAL or OPENCV_FISHEYE,"
                            + " or undistort the photos");
        };
    }

    private OptionalDouble focal(String pixels, String angle, int size) {
        for (JsonObject holder : new JsonObject[] {frame, file}) {
            if (holder.has(pixels)) {
                return usable(holder, pixels, holder.number(pixels).getAsDouble());
            }
            if (holder.has(angle)) {
                double radians = holder.number(angle).getAsDouble();
                if (!(radians > 0 && radians < Math.PI)) {
                    throw holder.wrong(angle, "write the field of view in radians, above 0 and below pi");
                }
                return usable(holder, angle, size / 2.0 / Math.tan(radians / 2));
            }
        }
        return OptionalDouble.empty();
    }

    private static OptionalDouble usable(JsonObject holder, String key, double focal) {
        if (!(focal >= SHORTEST_FOCAL && focal <= LONGEST_FOCAL)) {
            throw holder.wrong(key, "the focal length must be 0.001 to 1e9 pixels");
        }
        return OptionalDouble.of(focal);
    }

    /** Another resolution is fine, rounded to whole pixels; another shape belongs to another camera. */
    private void checkProportions(int width, int height, Size image) {
        if (!image.isCopyOf(width, height)) {
            throw new SceneException(frame.file(), frame.field("w, h"), width + "x" + height, "the image has "
                    + image.width() + "x" + image.height()
                    + " pixels, which is no scaled copy of that: correct w and h, or put the right image there");
        }
    }

    private OptionalDouble number(String key) {
        return holder(key).number(key);
    }

    private float value(String key) {
        return (float) number(key).orElse(0);
    }

    private JsonObject holder(String key) {
        return frame.has(key) ? frame : file;
    }
}
