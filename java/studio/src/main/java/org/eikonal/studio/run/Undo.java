package org.eikonal.studio.run;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what was made so far when making the rest of it fails; {@link #clear} keeps it. */
final class Undo implements AutoCloseable {
    private interface Closeable extends AutoCloseable {
        @Override
        void close();
    }

    private final Deque<Closeable> made = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T resource) {
        made.push(() -> {
            try {
                resource.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        return resource;
    }

    void clear() {
        made.clear();
    }

    @Override
    public void close() {
        while (!made.isEmpty()) {
            made.pop().close();
        }
    }
}
