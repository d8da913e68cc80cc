package org.eikonal.studio.view;

/**
 * Shares time between training and looking: pictures get at most {@code share / (1 - share)} of the time that the
 * training steps before them took. What is not used lapses, so that nobody can save up for a long stop. Not
 * thread-safe.
 */
final class TimeShare {
    private static final double MOST_SAVED = 0.1;

    private double share = 0.5;
    private double credit;

    /** @param share of the time that goes to pictures while somebody looks, above 0 and below 1 */
    void set(double share) {
        this.share = share;
    }

    double get() {
        return share;
    }

    /** A training step took so many seconds. */
    void trained(double seconds) {
        double earned = seconds * share / (1 - share);
        credit = Math.min(credit + earned, Math.max(MOST_SAVED, earned));
    }

    /** A part of a picture took so many seconds. */
    void looked(double seconds) {
        credit -= seconds;
    }

    /** @return whether a part of a picture may be rendered before the next step; what is too much is paid later */
    boolean mayLook() {
        return credit > 0;
    }
}
