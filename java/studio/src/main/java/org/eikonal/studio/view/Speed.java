package org.eikonal.studio.view;

/** How many rays a second pictures get, as measured. Not thread-safe. */
final class Speed {
    // Low, so that the first picture of all comes soon whatever the machine.
    private double raysPerSecond = 2e5;

    void measured(double rays, double seconds) {
        if (seconds > 0) {
            double now = rays / seconds;
            // A short piece says little.
            double weight = Math.min(0.5, rays / 1e4);
            raysPerSecond += weight * (now - raysPerSecond);
        }
    }

    /** @return the rays that take so long */
    double rays(double seconds) {
        return raysPerSecond * seconds;
    }
}
