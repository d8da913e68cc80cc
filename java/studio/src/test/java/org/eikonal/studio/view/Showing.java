package org.eikonal.studio.view;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eikonal.Device;
import org.eikonal.studio.recipe.Recipes;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.run.Training;
import org.eikonal.studio.run.TrainingPlan;
import org.eikonal.studio.scene.Scene;

/** A viewer at work in this JVM, on a thread that owns the field. */
final class Showing implements AutoCloseable {
    static final String[] SMALL = {
        "encoding.n_levels=4", "encoding.log2_hashmap_size=10", "samples_per_step=4096", "occupancy.resolution=32",
    };

    private interface Body {
        void run(Viewer viewer) throws IOException;
    }

    private final HttpClient client = HttpClient.newHttpClient();
    private final CompletableFuture<String> link = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean interrupted;

    private Showing(Scene scene, RunFolder run, RunConfig config, ViewAddress at, Body body) {
        Thread field = new Thread(() -> {
            try (Viewer viewer = new Viewer(scene, run, config, Device::type, at, () -> interrupted)) {
                link.complete(viewer.link());
                body.run(viewer);
                end.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                link.completeExceptionally(e);
                end.completeExceptionally(e);
            }
        }, "field");
        field.setDaemon(true);
        field.start();
    }

    static RunConfig config(Scene scene, long steps) {
        return RunConfig.resolve(Recipes.all().get(0), scene,
                new RunOptions("cpu", 1, null, steps, null, List.of(SMALL)));
    }

    /** A field in training, from when somebody looks until all steps are made or this is closed. */
    static Showing training(Scene scene, RunFolder run, long steps) {
        RunConfig config = config(scene, steps);
        return new Showing(scene, run, config, new ViewAddress(null, 0), viewer -> {
            TrainingPlan plan = new TrainingPlan(run, scene, config, Optional.empty(), false);
            try (Device device = plan.openDevice(); Training training = plan.openTraining(device)) {
                training.run(run, viewer::progress, () -> {
                    while (viewer.clientCount() == 0) {
                        Thread.onSpinWait();
                    }
                    return viewer.between(training);
                });
            }
        });
    }

    /** A run as it is. */
    static Showing run(Scene scene, RunFolder run, ViewAddress at) throws IOException {
        return new Showing(scene, run, run.config(), at, viewer -> {
            try (TrainedField field = TrainedField.open(run)) {
                viewer.serve(field, 1);
            }
        });
    }

    String link() {
        return link.join();
    }

    ViewClient client() {
        return new ViewClient(link(), true);
    }

    /** Asks the server. @param body null: none */
    HttpResponse<byte[]> ask(String method, String path, String body) throws IOException {
        try {
            return client.send(HttpRequest.newBuilder(URI.create(link().replaceFirst("/(\\?.*)?$", "") + path))
                    .method(method, body == null ? HttpRequest.BodyPublishers.noBody()
                            : HttpRequest.BodyPublishers.ofString(body)).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Waits until the field's thread is at its end. */
    void await() throws Exception {
        end.get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        interrupted = true;
        await();
    }
}
