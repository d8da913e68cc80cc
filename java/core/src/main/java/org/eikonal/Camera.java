package org.eikonal;

/**
 * A posed camera: the size of its picture, its lens and where it stands. Immutable.
 *
 * <p>Pixel coordinates run right and down from the upper left corner of the picture, so that the centre of the first
 * pixel is at (0.5, 0.5). The pose has OpenGL's axes: x right, y up, looking along -z.
 *
 * @param width picture width in pixels, 1 to {@value #MAX_SIZE}
 * @param height picture height in pixels, 1 to {@value #MAX_SIZE}
 * @param lens the projection
 * @param fx horizontal focal length in pixels, above 0
 * @param fy vertical focal length in pixels, above 0
 * @param cx horizontal position of the optical axis in pixels
 * @param cy vertical position of the optical axis in pixels
 * @param distortion the lens's departure from its projection; {@link Distortion#NONE} if there is none
 * @param pose camera to world
 */
public record Camera(
        int width,
        int height,
        Lens lens,
        float fx,
        float fy,
        float cx,
        float cy,
        Distortion distortion,
        Pose pose) {
    /** The largest width and height of a picture. */
    public static final int MAX_SIZE = 65536;

    /**
     * Checks and keeps the parts.
     *
     * @param width picture width in pixels
     * @param height picture height in pixels
     * @param lens the projection
     * @param fx horizontal focal length in pixels
     * @param fy vertical focal length in pixels
     * @param cx horizontal position of the optical axis in pixels
     * @param cy vertical position of the optical axis in pixels
     * @param distortion the lens's departure from its projection
     * @param pose camera to world
     * @throws IllegalArgumentException if a number is out of its range or the distortion does not fit the lens
     */
    public Camera {
        size("width", width);
        size("height", height);
        if (lens == null || distortion == null || pose == null) {
            throw new IllegalArgumentException("a camera needs a lens, a distortion (Distortion.NONE) and a pose");
        }
        focal("fx", fx);
        focal("fy", fy);
        finite("cx", cx);
        finite("cy", cy);
        if (lens == Lens.FISHEYE && (distortion.k5() != 0 || distortion.k6() != 0)) {
            throw new IllegalArgumentException("distortion k5, k6 are " + distortion.k5() + ", " + distortion.k6()
                    + "; a fisheye lens has k1 to k4 only: set them to 0 or choose the perspective lens");
        }
        if (lens == Lens.FISHEYE && (distortion.p1() != 0 || distortion.p2() != 0)) {
            throw new IllegalArgumentException("distortion p1, p2 are " + distortion.p1() + ", " + distortion.p2()
                    + "; a fisheye lens has k1 to k4 only: set them to 0 or choose the perspective lens");
        }
    }

    /**
     * A perspective camera without distortion whose optical axis meets the middle of the picture.
     *
     * @param width picture width in pixels, 1 to {@value #MAX_SIZE}
     * @param height picture height in pixels, 1 to {@value #MAX_SIZE}
     * @param focal focal length in pixels, both ways, above 0
     * @param pose camera to world
     * @return the camera
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static Camera perspective(int width, int height, float focal, Pose pose) {
        return new Camera(width, height, Lens.PERSPECTIVE, focal, focal, width / 2f, height / 2f,
                Distortion.NONE, pose);
    }

    /**
     * The same view at another resolution. Sizes are rounded to whole pixels (at least 1), and each axis keeps exactly
     * its field of view.
     *
     * @param factor above 0; 0.5 halves width and height
     * @return the scaled camera
     * @throws IllegalArgumentException if the factor is not above 0 or the picture becomes too large
     */
    public Camera scaled(float factor) {
        if (!(factor > 0) || !Float.isFinite(factor)) {
            throw new IllegalArgumentException("scale factor is " + factor + "; it must be finite and above 0");
        }
        return resized(scaled(width, factor), scaled(height, factor));
    }

    /**
     * The same view in a picture of the given size: intrinsics are scaled axis by axis.
     *
     * @param newWidth pixels, 1 to {@value #MAX_SIZE}
     * @param newHeight pixels, 1 to {@value #MAX_SIZE}
     * @return the resized camera
     * @throws IllegalArgumentException if a size is out of its range
     */
    public Camera resized(int newWidth, int newHeight) {
        double x = (double) newWidth / width;
        double y = (double) newHeight / height;
        return new Camera(newWidth, newHeight, lens, (float) (fx * x), (float) (fy * y),
                (float) (cx * x), (float) (cy * y), distortion, pose);
    }

    /**
     * The same camera standing elsewhere.
     *
     * @param newPose camera to world
     * @return the moved camera
     */
    public Camera withPose(Pose newPose) {
        return new Camera(width, height, lens, fx, fy, cx, cy, distortion, newPose);
    }

    private static int scaled(int pixels, double factor) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.round(pixels * factor)));
    }

    private static void size(String name, int value) {
        if (value < 1 || value > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "camera " + name + " is " + value + "; it must be 1 to " + MAX_SIZE + " pixels");
        }
    }

    private static void focal(String name, float value) {
        if (!(value > 0) || !Float.isFinite(value)) {
            throw new IllegalArgumentException(
                    "camera " + name + " is " + value + "; a focal length is finite and above 0, in pixels");
        }
    }

    private static void finite(String name, float value) {
        if (!Float.isFinite(value)) {
            throw new IllegalArgumentException("camera " + name + " is " + value + "; it must be finite, in pixels");
        }
    }
}
