package org.eikonal.studio.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writes checkpoints on a thread of its own, one at a time, while training goes on. For one caller's thread. */
final class CheckpointWriter implements AutoCloseable {
    private final Path file;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "checkpoint");
        thread.setDaemon(true);
        return thread;
    });
    private Future<?> pending;

    CheckpointWriter(Path file) {
        this.file = file;
    }

    /** Whether nothing is being written, so that a snapshot's memory may be overwritten. */
    boolean isIdle() {
        return pending == null || pending.isDone();
    }

    /** Waits for the one before and starts to write this one, whose memory must stay as it is until then. */
    void write(Checkpoint checkpoint) throws IOException {
        await();
        pending = thread.submit(() -> {
            checkpoint.write(file);
            return null;
        });
    }

    /** Waits until everything is written; a failure comes out here or at the next {@link #write}. */
    void await() throws IOException {
        if (pending == null) {
            return;
        }
        try {
            pending.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a checkpoint was written to " + file, e);
        } finally {
            pending = null;
        }
    }

    /** Lets a write that was begun come to its end. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
