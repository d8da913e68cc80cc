package org.eikonal.studio.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import org.eikonal.Pose;

/** A page without a page: a socket that keeps what comes. */
public final class ViewClient implements AutoCloseable, WebSocket.Listener {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PATIENCE_SECONDS = 60;

    /** A picture that came. */
    public record Frame(JsonNode head, byte[] jpeg) {
        BufferedImage image() {
            try {
                return ImageIO.read(new ByteArrayInputStream(jpeg));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    final BlockingQueue<JsonNode> texts = new LinkedBlockingQueue<>();
    final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    /** The code with which the server closed the socket, when it does. */
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final boolean acknowledges;
    private final WebSocket socket;
    private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

    /** @param acknowledges whether it says that pictures have come, as pages do */
    public ViewClient(String link, boolean acknowledges) {
        this.acknowledges = acknowledges;
        URI uri = URI.create(link);
        String query = uri.getQuery() == null ? "" : "?" + uri.getQuery();
        socket = HttpClient.newHttpClient().newWebSocketBuilder()
                .buildAsync(URI.create("ws://" + uri.getAuthority() + "/live" + query), this).join();
    }

    /** What a page says of its camera; the fov is 40 degrees. */
    public static String camera(Pose pose, int width, int height, boolean moving, String channel, String crop) {
        return String.format(Locale.ROOT, "{\"type\":\"camera\",\"pose\":%s,\"fov\":40,\"width\":%d,\"height\":%d,"
                + "\"moving\":%b,\"channel\":\"%s\",\"crop\":%s}", Arrays.toString(pose.matrix()), width, height,
                moving, channel, crop);
    }

    /** Sends when what was sent before has gone. */
    public synchronized void send(String message) {
        sending = sending.thenCompose(done -> socket.sendText(message, true));
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            try {
                texts.add(JSON.readTree(text.toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        binary.writeBytes(bytes);
        if (last) {
            byte[] all = binary.toByteArray();
            binary.reset();
            int length = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getInt();
            try {
                JsonNode head = JSON.readTree(all, 4, length);
                frames.add(new Frame(head, Arrays.copyOfRange(all, 4 + length, all.length)));
                if (acknowledges) {
                    send("{\"type\":\"ack\",\"sequence\":" + head.get("sequence") + "}");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        from.request(1);
        return null;
    }

    /** The next frame of a kind; those before it are left out. */
    public Frame frame(Predicate<JsonNode> kind) throws InterruptedException {
        return next(frames, frame -> kind.test(frame.head()));
    }

    /** The next text of a type, likewise. */
    public JsonNode text(String type) throws InterruptedException {
        return text(type, message -> true);
    }

    public JsonNode text(String type, Predicate<JsonNode> kind) throws InterruptedException {
        return next(texts, message -> message.path("type").asText().equals(type) && kind.test(message));
    }

    private static <T> T next(BlockingQueue<T> queue, Predicate<T> kind) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            T next = queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw new AssertionError("nothing came within " + PATIENCE_SECONDS + " s");
            }
            if (kind.test(next)) {
                return next;
            }
        }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        closed.completeExceptionally(failure);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
