package org.eikonal.studio.view;

import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eikonal.studio.scene.SceneException;

/** The socket through which clients say what they want, and through which pictures come. Thread-safe. */
final class LiveSocket {
    private static final int MOST_CLIENTS = 16;

    private final Viewer viewer;
    private final Photos photos;
    private final Map<String, Client> clients = new ConcurrentHashMap<>();

    LiveSocket(Viewer viewer, Photos photos) {
        this.viewer = viewer;
        this.photos = photos;
    }

    /** Says what is done with messages. */
    void configure(WsConfig socket) {
        socket.onConnect(context -> {
            if (viewer.clientCount() >= MOST_CLIENTS) {
                context.send(ViewServer.error(MOST_CLIENTS + " clients look already; close one of them"));
                context.closeSession(1013, "too many clients");
                return;
            }
            context.enableAutomaticPings(15, TimeUnit.SECONDS);
            Client client = new Client(context);
            clients.put(context.sessionId(), client);
            viewer.connected(client);
        });
        socket.onMessage(context -> {
            Client client = clients.get(context.sessionId());
            if (client != null) {
                hear(client, context.message());
            }
        });
        socket.onBinaryMessage(context -> {
            Client client = clients.get(context.sessionId());
            if (client != null) {
                client.send(ViewServer.error("a binary message; send JSON as text"));
            }
        });
        socket.onClose(this::gone);
        socket.onError(this::gone);
    }

    private void gone(WsContext context) {
        Client client = clients.remove(context.sessionId());
        if (client != null) {
            viewer.gone(client);
        }
    }

    private void hear(Client client, String text) {
        try {
            Message message = Message.parse(text);
            if (message instanceof Message.Camera camera) {
                client.want(aimed(camera.look()));
            } else if (message instanceof Message.Ack ack) {
                client.acknowledge(ack.sequence());
            } else if (message instanceof Message.Share share) {
                viewer.share(share.value());
            } else if (message instanceof Message.Train train) {
                viewer.train(train.order());
            }
            viewer.wake();
        } catch (SceneException | IllegalArgumentException e) {
            client.send(ViewServer.error(e.getMessage()));
        }
    }

    /** Errors are seen from where a photo was taken: the nearest one. */
    private Look aimed(Look look) {
        if (look.channel() != Channel.ERROR) {
            return look;
        }
        int photo = photos.nearest(look.camera(), viewer.orbit().radius());
        return look.from(photo, photos.camera(photo, look.camera().width(), look.camera().height()));
    }
}
