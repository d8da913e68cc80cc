package org.eikonal.studio.view;

import org.eikonal.Camera;

/**
 * What a client wants to see.
 *
 * @param camera in the world, of the full picture's size
 * @param fov its vertical field of view in degrees
 * @param moving whether the camera is on its way, so that speed counts
 * @param crop null: all of the field
 * @param photo the photo whose camera this is and which the field is held against; null but for {@link Channel#ERROR}
 */
record Look(Camera camera, double fov, boolean moving, Channel channel, Crop crop, Integer photo) {
    /** Whether the same is seen, be it with or without haste. */
    boolean shows(Look other) {
        return other != null && camera.equals(other.camera) && channel == other.channel
                && (crop == null ? other.crop == null : crop.equals(other.crop));
    }

    /** The same from where a photo was taken. */
    Look from(int index, Camera of) {
        return new Look(of, Math.toDegrees(2 * Math.atan(of.height() / 2.0 / of.fy())), moving, channel, crop, index);
    }
}
