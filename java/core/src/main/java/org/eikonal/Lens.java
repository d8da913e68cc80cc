package org.eikonal;

/** How a camera's lens bends a ray before {@link Distortion} refines it. */
public enum Lens {
    /** The pinhole: a point lands at the tangent of its angle from the axis. */
    PERSPECTIVE,
    /** The equidistant fisheye: a point lands at its angle from the axis. */
    FISHEYE
}
