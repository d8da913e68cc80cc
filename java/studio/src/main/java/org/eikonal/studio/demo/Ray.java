package org.eikonal.studio.demo;

/** A half-line. Distances along it are world units, since the direction has length 1. */
record Ray(Vec origin, Vec direction) {
    Vec at(double t) {
        return new Vec(
                origin.x() + t * direction.x(), origin.y() + t * direction.y(), origin.z() + t * direction.z());
    }
}
