package org.eikonal.studio.path;

import org.eikonal.Camera;

/**
 * A picture to be taken.
 *
 * @param name of the picture, safe as a file name
 * @param camera in the data set's world; of a panorama only size and pose count
 * @param panorama whether all directions are to be seen, equirectangular: longitude from -pi to pi across, the middle
 *     straight ahead, and from straight up to straight down
 */
public record Shot(String name, Camera camera, boolean panorama) {
    /** @return the same at another size, as {@link Camera#scaled} */
    public Shot scaled(float factor) {
        return new Shot(name, camera.scaled(factor), panorama);
    }
}
