package org.eikonal.studio.view;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.eikonal.Device;
import org.eikonal.studio.path.Orbit;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.run.FieldPictures;
import org.eikonal.studio.run.FieldRenderer;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.run.Training;
import org.eikonal.studio.run.TrainingProgress;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;

/**
 * Lets people look at a field, in training or trained: a server for a page, and the field's time given to pictures. The
 * field belongs to one thread, which calls {@link #between} and {@link #serve}; all that clients ask for is done there.
 */
public final class Viewer implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();
    private static final long PATIENCE_MILLIS = 200;
    private static final int ANSWER_SECONDS = 60;

    /** What the training does. */
    enum State {
        RUNNING, PAUSED, FINISHED, STOPPED, NONE;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Place(long step, double seconds, double fraction) {}

    private final Orbit orbit;
    private final PictureSender sender;
    private final ViewServer server;
    private final BooleanSupplier interrupted;
    private final Function<Device, String> words;
    private final List<Client> clients = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final Bell bell = new Bell();
    private final Films films;
    private final Painter painter;

    // Of the field's thread.
    private final TimeShare share = new TimeShare();
    private FieldRenderer field;
    private long left;
    private boolean stopAsked;
    private boolean resumeAsked;
    private boolean saveAsked;

    private volatile State state = State.NONE;
    private volatile String device = "";
    private volatile double shareNow = share.get();
    private volatile Place place = new Place(0, 0, 0);

    /**
     * Starts the server.
     *
     * @param scene whose photos there are
     * @param folder of the run, which may not be there yet
     * @param config of the run, or of the one to come
     * @param words what a device is, for a person to read
     * @param at where to listen
     * @param interrupted whether the program is to end
     * @throws IOException in one line, if the port can't be had
     */
    public Viewer(Scene scene, RunFolder folder, RunConfig config, Function<Device, String> words, ViewAddress at,
            BooleanSupplier interrupted) throws IOException {
        this.interrupted = interrupted;
        this.words = words;
        orbit = new Orbit(scene.views(Split.TRAIN).stream().map(View::camera).toList());
        Photos photos = new Photos(scene, config.background());
        FieldPictures pictures = FieldPictures.around(orbit.radius());
        sender = new PictureSender(photos, pictures);
        films = new Films(folder, pictures, this::broadcast);
        painter = new Painter(clients, films, sender);
        server = new ViewServer(this, new SceneText(scene, folder, config, orbit), photos, folder, films, at);
    }

    /** @return the link to the page */
    public String link() {
        return server.link();
    }

    // ---- of the field's thread

    /**
     * Gives clients their share of the time between two steps of a training; to be asked between them. While the
     * training is paused or a film is rendered, returns only when it goes on.
     *
     * @return whether to go on
     */
    public boolean between(Training training) {
        show(training.renderer());
        if (state != State.RUNNING && state != State.PAUSED) {
            stopAsked = resumeAsked = saveAsked = false;
            become(State.RUNNING);
            left = 0;
        }
        if (left != 0) {
            share.trained((System.nanoTime() - left) / 1e9);
        }
        place = new Place(training.step(), training.seconds(), training.fraction());
        while (goesOn()) {
            if (saveAsked) {
                save(training);
            }
            boolean free = state == State.PAUSED || films.isBusy();
            if (!free && !share.mayLook()) {
                break;
            }
            long start = System.nanoTime();
            boolean worked = painter.work(field, place.step(), state == State.RUNNING);
            if (!free) {
                share.looked((System.nanoTime() - start) / 1e9);
            }
            if (!worked && !free) {
                break;
            }
            if (!worked) {
                bell.await(PATIENCE_MILLIS);
            }
        }
        left = System.nanoTime();
        if (stopAsked || interrupted.getAsBoolean()) {
            field = null; // it is closed soon
            return false;
        }
        return true;
    }

    private void save(Training training) {
        saveAsked = false;
        try {
            training.save();
            broadcast(JSON.createObjectNode().put("type", "saved").put("step", training.step()).toString());
        } catch (IOException e) {
            broadcast(ViewServer.error("the run can't be saved: " + e.getMessage()));
        }
    }

    /** Tells clients how the training fares. */
    public void progress(TrainingProgress progress) {
        ObjectNode text = SceneText.metrics(progress).put("type", "metrics");
        broadcast(text.toString());
    }

    /**
     * Shows a field that is not being trained, until somebody wants it trained on or the program is to end.
     *
     * @param fraction how much of its training was done, 0 to 1
     * @return whether somebody wants it trained on
     */
    public boolean serve(TrainedField trained, double fraction) {
        show(trained);
        stopAsked = resumeAsked = false;
        place = new Place(trained.header().step(), trained.header().trainSeconds(), fraction);
        become(fraction >= 1 ? State.FINISHED : State.STOPPED);
        while (goesOn()) {
            if (!painter.work(field, place.step(), false)) {
                bell.await(PATIENCE_MILLIS);
            }
        }
        field = null; // it is closed soon
        return resumeAsked && !interrupted.getAsBoolean();
    }

    private void show(FieldRenderer shown) {
        if (field != shown) {
            field = shown;
            device = words.apply(field.device());
        }
    }

    /** Does what clients asked for. @return whether nothing of it ends what is being done */
    private boolean goesOn() {
        for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
            order.run();
        }
        return !stopAsked && !resumeAsked && !interrupted.getAsBoolean();
    }

    private void become(State next) {
        state = next;
        broadcast(stateText().toString());
    }

    // ---- of any thread

    void connected(Client client) {
        clients.add(client);
        broadcast(stateText().toString());
    }

    void gone(Client client) {
        clients.remove(client);
        broadcast(stateText().toString());
    }

    int clientCount() {
        return clients.size();
    }

    /** @return where pictures are computed, in words; empty before there are any */
    String device() {
        return device;
    }

    Orbit orbit() {
        return orbit;
    }

    void wake() {
        bell.ring();
    }

    void order(Runnable order) {
        orders.add(order);
        bell.ring();
    }

    /** Answers on the field's thread. */
    <T> T ask(Function<FieldRenderer, T> question) throws IOException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        order(() -> {
            try {
                answer.complete(question.apply(field));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | InterruptedException e) {
            throw new IOException("the field is busy; try again", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        }
    }

    void share(double value) {
        order(() -> {
            share.set(value);
            shareNow = value;
            broadcast(stateText().toString());
        });
    }

    void train(Message.Order order) {
        order(() -> {
            switch (order) {
                case PAUSE -> {
                    if (state == State.RUNNING) {
                        become(State.PAUSED);
                    }
                }
                case RESUME -> {
                    if (state == State.PAUSED) {
                        become(State.RUNNING);
                    } else {
                        resumeAsked = state == State.STOPPED || state == State.FINISHED;
                    }
                }
                case STOP -> stopAsked = (state == State.RUNNING || state == State.PAUSED) && place.step() > 0;
                case SAVE -> saveAsked = state == State.RUNNING || state == State.PAUSED;
            }
        });
    }

    void broadcast(String text) {
        clients.forEach(client -> client.send(text));
    }

    ObjectNode stateText() {
        Place now = place;
        return JSON.createObjectNode().put("type", "state").put("training", state.key()).put("share", shareNow)
                .put("clients", clients.size()).put("step", now.step()).put("seconds", now.seconds())
                .put("fraction", now.fraction()).put("device", device);
    }

    /** Says good-bye to all. */
    @Override
    public void close() {
        server.close();
        sender.close();
        films.close();
    }
}
