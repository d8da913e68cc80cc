package org.eikonal.studio.scene;

import java.io.IOException;
import java.nio.file.Path;
import org.eikonal.Camera;
import org.eikonal.studio.image.Orientation;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.image.PictureFiles.Size;

/**
 * A picture that says which pixels of a photo count. It is of the photo's size or a scaled copy of it, and lies as the
 * photo does, in its file or turned upright.
 *
 * @param file the picture: a path inside the scene folder
 * @param blackHides whether black pixels are those that do not count (COLMAP, nerfstudio), or all others (instant-ngp)
 */
public record Mask(Path file, boolean blackHides) {
    /**
     * Checks the size, from the file's header.
     *
     * @param photo of the camera that took the photo
     * @throws IOException in one line, if the file is no picture, or of another shape
     */
    public Mask fitting(Orientation orientation, Camera photo) throws IOException {
        Size size = PictureFiles.size(file);
        if (!orientation.apply(size).isCopyOf(photo.width(), photo.height())
                && !size.isCopyOf(photo.width(), photo.height())) {
            throw new IOException(file + ": this mask has " + size.width() + "x" + size.height()
                    + " pixels, which is no scaled copy of its photo's " + photo.width() + "x" + photo.height()
                    + ": make it again, or remove it");
        }
        return this;
    }

    /**
     * Decodes the mask.
     *
     * @return {@code [height][width]} of the camera: 0 where a pixel does not count
     * @throws IOException in one line, if the file can't be decoded, is of another shape or leaves no pixel
     */
    byte[] pixels(Orientation orientation, Camera photo) throws IOException {
        fitting(orientation, photo);
        Picture stored = PictureFiles.read(file);
        Picture turned = orientation.apply(stored);
        Picture mask = new Size(turned.width(), turned.height()).isCopyOf(photo.width(), photo.height())
                ? turned : stored;
        byte[] counts = new byte[photo.width() * photo.height()];
        boolean any = false;
        for (int y = 0; y < photo.height(); y++) {
            int row = (int) ((y + 0.5) * mask.height() / photo.height()) * mask.width();
            for (int x = 0; x < photo.width(); x++) {
                int at = 4 * (row + (int) ((x + 0.5) * mask.width() / photo.width()));
                boolean black = mask.rgba()[at] == 0 && mask.rgba()[at + 1] == 0 && mask.rgba()[at + 2] == 0;
                counts[y * photo.width() + x] = (byte) (black == blackHides ? 0 : 1);
                any |= black != blackHides;
            }
        }
        if (!any) {
            throw new IOException(file + ": this mask hides its whole photo (" + (blackHides ? "black" : "what is not black")
                    + " does not count); correct it, or remove it or the photo");
        }
        return counts;
    }
}
