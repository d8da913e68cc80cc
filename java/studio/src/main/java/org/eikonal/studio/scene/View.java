package org.eikonal.studio.scene;

import java.nio.file.Path;
import org.eikonal.Camera;

/**
 * One photo and the camera that took it.
 *
 * @param name the photo's file name without suffix, as "r_0"; where two photos of a split share it, their paths in the
 *     scene folder with '_' for '/'. Safe as the name of an output file
 * @param image the photo: a real path inside the scene folder
 * @param camera of the photo's own size
 * @param split what the view is for
 */
public record View(String name, Path image, Camera camera, Split split) {
    View named(String newName) {
        return new View(newName, image, camera, split);
    }

    View in(Split newSplit) {
        return new View(name, image, camera, newSplit);
    }
}
