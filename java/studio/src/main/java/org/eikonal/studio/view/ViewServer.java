package org.eikonal.studio.view;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eikonal.Camera;
import org.eikonal.studio.path.Keyframes;
import org.eikonal.studio.run.OccupiedCells;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.scene.JsonObject;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.UnitCube;

/** The viewer's doors: the page and its modules, what it asks for, and the socket through which pictures come. */
final class ViewServer implements AutoCloseable {
    private static final int MOST_CELLS = 200_000;
    private static final int THREADS = 24;
    // Longer ones are answered by the end of the connection instead of a line.
    private static final int LONGEST_FRAME = 1 << 20;
    private static final int LONGEST_BODY = 256 << 10;

    private final Viewer viewer;
    private final SceneText scene;
    private final Photos photos;
    private final Films films;
    private final Paths paths;
    private final Gate gate;
    private final Javalin server;
    private final String link;

    ViewServer(Viewer viewer, SceneText scene, Photos photos, RunFolder folder, Films films, ViewAddress at)
            throws IOException {
        this.viewer = viewer;
        this.scene = scene;
        this.photos = photos;
        this.films = films;
        paths = new Paths(folder);
        gate = new Gate(at.host());
        server = started(at);
        link = gate.link(server.port());
    }

    private Javalin started(ViewAddress at) throws IOException {
        int first = at.port() != null ? at.port() : ViewAddress.USUAL_PORT;
        int last = at.port() != null ? first : first + ViewAddress.PORTS - 1;
        for (int port = first;; port++) {
            try {
                return Javalin.create(this::configure).start(gate.host(), port); // one can't be started twice
            } catch (RuntimeException e) {
                Throwable cause = e;
                while (cause.getCause() != null) {
                    cause = cause.getCause();
                }
                if (!(cause instanceof BindException) || port == last) {
                    throw new IOException("can't listen at " + gate.host() + ":" + port + " (" + cause.getMessage()
                            + "); choose another --port or --host", e);
                }
            }
        }
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = LONGEST_BODY;
        config.http.defaultContentType = "application/json";
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
        threads.setDaemon(true);
        threads.setName("viewer");
        config.jetty.threadPool = threads;
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        // Of requests that no route ever sees, such as with an ambiguous path.
        config.jetty.modifyServer(jetty -> jetty.setErrorHandler(ViewServer::fail));
        config.jetty.modifyServletContextHandler(routes -> routes.setErrorHandler(ViewServer::fail));
        config.jetty.modifyWebSocketServletFactory(sockets -> {
            sockets.setMaxTextMessageSize(LONGEST_FRAME);
            sockets.setMaxBinaryMessageSize(LONGEST_FRAME);
            sockets.setIdleTimeout(Duration.ofMinutes(1));
        });
        var routes = config.routes;
        routes.before(this::guard);
        routes.wsBeforeUpgrade(this::guard);
        routes.get("/", PageFiles::page);
        routes.get("/assets/<path>", context -> PageFiles.resource(context, ""));
        routes.get("/webjars/three/<path>", context -> PageFiles.resource(context, "three/"));
        routes.get("/api/scene", this::scene);
        routes.get("/api/photo/{index}", this::photo);
        routes.get("/api/occupancy", this::occupancy);
        routes.post("/api/path", this::path);
        routes.get("/api/paths", context -> context.result(Viewer.JSON.writeValueAsString(paths.names())));
        routes.get("/api/paths/{name}", this::savedPath);
        routes.put("/api/paths/{name}", this::savePath);
        routes.post("/api/renders", this::render);
        routes.delete("/api/renders/{id}", this::cancel);
        routes.get("/api/renders/{id}/file", this::film);
        routes.ws("/live", new LiveSocket(viewer, photos)::configure);
        routes.exception(SceneException.class, (e, context) -> fail(context, 400, e.getMessage()));
        routes.exception(RunException.class, (e, context) -> fail(context, 400, e.getMessage()));
        routes.exception(IllegalArgumentException.class, (e, context) -> fail(context, 400, e.getMessage()));
        routes.exception(HttpResponseException.class, (e, context) -> fail(context, e.getStatus(), e.getMessage()));
        routes.exception(Exception.class, (e, context) -> fail(context, 500,
                e instanceof IOException ? e.getMessage() : "internal error: " + e));
        routes.error(404, "*", context -> {
            if (context.result() == null || !context.result().startsWith("{")) {
                fail(context, 404, "there is nothing here");
            }
        });
    }

    private void guard(Context context) {
        context.header("X-Content-Type-Options", "nosniff").header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Referrer-Policy", "no-referrer").header("Cache-Control", "no-store");
        gate.check(context, context.req().getLocalPort());
    }

    private static void fail(Context context, int status, String message) {
        // Whoever opens the page with a wrong link is a person.
        boolean page = context.path().equals("/");
        context.status(status).contentType(page ? "text/plain; charset=utf-8" : "application/json")
                .result(page ? message + "\n" : error(message));
    }

    private static boolean fail(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, BufferUtil.toBuffer(error("this can't be asked for (" + HttpStatus.getMessage(
                response.getStatus()) + ")")), callback);
        return true;
    }

    /** A complaint for a client, in one line. */
    static String error(String message) {
        String line = message == null ? "internal error" : message.strip().replaceAll("\\s+", " ");
        return Viewer.JSON.createObjectNode().put("type", "error").put("message", line).toString();
    }

    // ---- what it asks for

    private void scene(Context context) throws IOException {
        var text = scene.text();
        text.put("device", viewer.device());
        text.set("state", viewer.stateText());
        text.set("renders", films.texts());
        context.result(text.toString());
    }

    private void photo(Context context) throws IOException {
        int index = whole(context.pathParam("index"), "the photo", 0, photos.count() - 1);
        String width = context.queryParam("width");
        byte[] jpeg = photos.jpeg(index,
                width == null ? Photos.MOST_WIDTH : whole(width, "width", Photos.LEAST_WIDTH, Photos.MOST_WIDTH));
        context.contentType("image/jpeg").header("Cache-Control", "private, max-age=3600").result(jpeg);
    }

    private static int whole(String text, String what, int least, int most) {
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // It is no number at all.
        }
        throw new BadRequestResponse(what + " must be a whole number from " + least + " to " + most);
    }

    private void occupancy(Context context) throws IOException {
        float[] unit = viewer.ask(OccupiedCells::of).middles(MOST_CELLS);
        UnitCube cube = scene.config().unitCube();
        ByteBuffer bytes = ByteBuffer.allocate(unit.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < unit.length; i += 3) {
            for (double world : cube.toWorld(unit[i], unit[i + 1], unit[i + 2])) {
                bytes.putFloat((float) world);
            }
        }
        context.contentType("application/octet-stream").result(bytes.array());
    }

    // ---- paths and films

    private void path(Context context) {
        Camera first = scene.scene().views().get(0).camera();
        context.result(Keyframes.read(body(context)).cameraPath(first.width(), first.height()).toString());
    }

    private static JsonObject body(Context context) {
        return JsonObject.parse("request", context.bodyAsBytes());
    }

    private void savedPath(Context context) {
        Keyframes path = paths.read(context.pathParam("name"));
        if (path == null) {
            throw new NotFoundResponse("there is no path of that name");
        }
        context.result(path.json().toString());
    }

    private void savePath(Context context) throws IOException {
        Camera first = scene.scene().views().get(0).camera();
        paths.save(context.pathParam("name"), Keyframes.read(body(context)), first.width(), first.height());
        context.status(204);
    }

    private void render(Context context) throws IOException {
        Film film = Film.read(body(context));
        String id = films.add(film);
        viewer.wake();
        context.status(201).result(Viewer.JSON.createObjectNode().put("id", id).toString());
    }

    private void cancel(Context context) {
        if (!films.cancel(context.pathParam("id"))) {
            throw new NotFoundResponse("there is no film of that id in work");
        }
        viewer.wake();
        context.status(204);
    }

    private void film(Context context) throws IOException {
        Path file = films.file(context.pathParam("id"));
        if (file == null) {
            throw new NotFoundResponse("there is no film of that id");
        }
        context.contentType(file.toString().endsWith(".mp4") ? "video/mp4" : "application/zip");
        context.header("Content-Disposition", "attachment; filename=\"" + scene.scene().name()
                .replaceAll("[^A-Za-z0-9_-]", "_") + "-" + file.getFileName() + "\"");
        context.result(Files.newInputStream(file));
    }

    String link() {
        return link;
    }

    @Override
    public void close() {
        server.stop();
    }
}
