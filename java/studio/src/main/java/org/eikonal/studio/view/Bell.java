package org.eikonal.studio.view;

/** Wakes the field's thread when there is something to do. Thread-safe. */
final class Bell {
    private boolean rung;

    synchronized void ring() {
        rung = true;
        notifyAll();
    }

    /** Waits until it rings or rang since the last time, at most so long. */
    synchronized void await(long milliseconds) {
        try {
            if (!rung) {
                wait(milliseconds);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        rung = false;
    }
}
