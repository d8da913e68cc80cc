package org.eikonal.studio.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** While this is open, Ctrl-C asks the work to stop, and the JVM waits until it has saved what it has. */
final class Interruption implements AutoCloseable {
    /** Long enough to write the largest checkpoint on a slow disk. */
    private static final int PATIENCE_SECONDS = 120;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::await, "interruption");
    private volatile boolean requested;

    Interruption() {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            requested = true; // the JVM is ending already
        }
    }

    boolean isRequested() {
        return requested;
    }

    private void await() {
        requested = true;
        try {
            done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook is what we have just let go.
        }
    }
}
