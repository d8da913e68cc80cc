package org.eikonal.studio.scene;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.eikonal.Camera;
import org.eikonal.studio.image.Orientation;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;

/**
 * One photo and the camera that took it.
 *
 * @param name the photo's file name without suffix, as "r_0"; where two photos of a split share it, their paths in the
 *     scene folder with '_' for '/'. Safe as the name of an output file
 * @param image the photo: a real path inside the scene folder
 * @param orientation how its pixels are to be turned to be the camera's
 * @param camera of the turned photo's own size
 * @param split what the view is for
 * @param mask which pixels count; null: all
 * @param points those of the scene's points that the photo is known to show, by their indices; shared, not to be changed
 */
public record View(String name, Path image, Orientation orientation, Camera camera, Split split, Mask mask,
        int[] points) {
    /** No points are known. */
    public static final int[] NO_POINTS = {};

    /** A view whose camera belongs to the pixels as they lie in the file. */
    public View(String name, Path image, Camera camera, Split split) {
        this(name, image, Orientation.NORMAL, camera, split, null, NO_POINTS);
    }

    /**
     * Decodes the photo: what the camera sees.
     *
     * @throws IOException in one line, if it can't be read, is no picture, is damaged or too large
     */
    public Picture picture() throws IOException {
        return orientation.apply(PictureFiles.read(image));
    }

    /**
     * Decodes the mask.
     *
     * @return {@code [height][width]}: 0 where a pixel does not count; null: all count
     * @throws IOException in one line, if it can't be read, is no picture, has another shape or hides everything
     */
    public byte[] countingPixels() throws IOException {
        return mask == null ? null : mask.pixels(orientation, camera);
    }

    View named(String newName) {
        return new View(newName, image, orientation, camera, split, mask, points);
    }

    View in(Split newSplit) {
        return new View(name, image, orientation, camera, newSplit, mask, points);
    }

    /** Whether all is the same, the points by their values. */
    @Override
    public boolean equals(Object other) {
        return other instanceof View view && name.equals(view.name) && image.equals(view.image)
                && orientation == view.orientation && camera.equals(view.camera) && split == view.split
                && Objects.equals(mask, view.mask) && Arrays.equals(points, view.points);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, image, split);
    }
}
