package org.eikonal.studio.view;

/** How many rays a second pictures get, as measured over the last pictures. Not thread-safe. */
final class Speed {
    // Longer than a picture takes: its rows of sky are ten times as fast as those that show something.
    private static final double MEMORY_SECONDS = 0.15;

    // Low at first, so that the first picture of all comes soon whatever the machine.
    private double raysPerSecond = 2e5;

    void measured(double rays, double seconds) {
        if (seconds > 0) {
            // By their time, not by their number: so the mean is that of all rays in all the time.
            double weight = 1 - Math.exp(-seconds / MEMORY_SECONDS);
            raysPerSecond += weight * (rays / seconds - raysPerSecond);
        }
    }

    /** @return the rays that take so long */
    double rays(double seconds) {
        return raysPerSecond * seconds;
    }
}
