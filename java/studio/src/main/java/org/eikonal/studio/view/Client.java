package org.eikonal.studio.view;

import io.javalin.websocket.WsContext;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.websocket.api.Callback;

/** Somebody who looks: a socket, what is wanted, and what is under way. Thread-safe but for {@link #refinement}. */
final class Client {
    /** Pictures that may be under way. */
    private static final int MOST_PICTURES = 2;
    /** Texts that may be waiting in a connection before it is given up. */
    private static final int MOST_TEXTS = 256;

    /** The field's thread alone has it. */
    final Refinement refinement = new Refinement();
    /** When the last full picture was made, and of which step; the field's thread alone has them. */
    long finishedAt;
    long finishedStep;

    private final WsContext socket;
    private final Set<Long> unacknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicInteger texts = new AtomicInteger();
    private volatile Look look;

    Client(WsContext socket) {
        this.socket = socket;
    }

    void want(Look wanted) {
        look = wanted;
    }

    /** @return the latest wish, or null */
    Look look() {
        return look;
    }

    /** @return whether another picture may be sent */
    boolean isReady() {
        return unacknowledged.size() < MOST_PICTURES;
    }

    /** Reserves the way for a picture. */
    long begin() {
        long next = sequence.incrementAndGet();
        unacknowledged.add(next);
        return next;
    }

    /** A picture has arrived, or could not be made. */
    void acknowledge(long arrived) {
        unacknowledged.remove(arrived);
    }

    /** Sends a text, without waiting; a connection that takes none for long is given up. */
    void send(String text) {
        if (texts.incrementAndGet() > MOST_TEXTS) {
            socket.session.disconnect();
            return;
        }
        socket.session.sendText(text, Callback.from(texts::decrementAndGet, failure -> texts.decrementAndGet()));
    }

    /** Sends a picture, without waiting. */
    void send(ByteBuffer picture) {
        socket.session.sendBinary(picture, Callback.NOOP);
    }
}
