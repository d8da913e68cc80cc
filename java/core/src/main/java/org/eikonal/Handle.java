package org.eikonal;

import java.lang.ref.Cleaner;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;

/**
 * The native half of a resource: gives the pointer while open, and frees the native object once.
 *
 * <p>Not thread-safe by itself: a resource uses its handle while it has its device's turn ({@link Device#turn}).
 */
final class Handle<P extends Pointer> {
    /** Frees what was never closed. A backstop only: the heap's size says nothing about native memory. */
    private static final Cleaner CLEANER = Cleaner.create();

    private final String name;
    private final Cleaner.Cleanable cleanable;
    private P pointer;

    /**
     * @param name what errors call the resource
     * @param pointer the native object, owned from now on
     * @param twin a second pointer to it, for {@code destroy}. The cleaner watches {@code pointer} itself, which a
     *     running native call holds on to, so that nothing is freed under a call.
     * @param destroy frees the native object; must not refer to the resource
     */
    Handle(String name, P pointer, P twin, Consumer<P> destroy) {
        this.name = name;
        this.pointer = pointer;
        this.cleanable = CLEANER.register(pointer, () -> destroy.accept(twin));
    }

    /** @throws IllegalStateException if the resource was closed */
    P get() {
        if (pointer == null) {
            throw new IllegalStateException(name + " is closed; it cannot be used any more");
        }
        return pointer;
    }

    void close() {
        pointer = null;
        cleanable.clean();
    }
}
