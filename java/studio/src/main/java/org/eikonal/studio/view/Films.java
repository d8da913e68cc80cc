package org.eikonal.studio.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eikonal.studio.run.FieldPictures;
import org.eikonal.studio.run.FieldRenderer;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.run.RunFolder;

/**
 * Films in work and done: {@code RUN/renders/0001.mp4} or {@code .zip} and so on, numbered. One at a time is rendered,
 * on the field's thread, band by band; a file appears when it is whole. Thread-safe but for {@link #work}.
 */
final class Films implements AutoCloseable {
    private static final Pattern FILE = Pattern.compile("([0-9]{4,9})\\.(mp4|zip)");
    private static final int MOST_WAITING = 16;
    private static final long TELL_NANOS = 250_000_000;

    private enum State { RUNNING, DONE, CANCELLED, FAILED }

    /** A film and how far it is. */
    private static final class Job {
        final String id;
        final String name;
        final Film film;
        int done;
        int total;
        State state = State.RUNNING;
        String message = "";

        Job(String id, String name, Film film, int total) {
            this.id = id;
            this.name = name;
            this.film = film;
            this.total = total;
        }
    }

    private final Path folder;
    private final FieldPictures pictures;
    private final Consumer<String> tell;
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private int last;
    // Of the field's thread.
    private FilmWork work;
    private Job worked;
    private long told;

    /**
     * Finds the films that are there.
     *
     * @param tell takes messages about progress
     */
    Films(RunFolder run, FieldPictures pictures, Consumer<String> tell) throws IOException {
        folder = run.path().resolve("renders");
        this.pictures = pictures;
        this.tell = tell;
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.sorted().forEach(this::found);
            }
        }
    }

    private void found(Path file) {
        Matcher name = FILE.matcher(file.getFileName().toString());
        if (name.matches() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            Job job = new Job(name.group(1), name.group(), null, 0);
            job.state = State.DONE;
            jobs.put(job.id, job);
            last = Math.max(last, Integer.parseInt(job.id));
        }
    }

    /**
     * Begins a film when its turn comes.
     *
     * @return its id
     * @throws RunException if too many are waiting
     */
    synchronized String add(Film film) {
        if (jobs.values().stream().filter(job -> job.state == State.RUNNING).count() >= MOST_WAITING) {
            throw new RunException(MOST_WAITING + " films are waiting already; cancel one, or wait");
        }
        String id = String.format(Locale.ROOT, "%04d", ++last);
        Job job = new Job(id, id + (film.film() ? ".mp4" : ".zip"), film, film.path().frames().size());
        jobs.put(id, job);
        tell(job);
        return id;
    }

    /** @return whether there was such a film in work */
    synchronized boolean cancel(String id) {
        Job job = jobs.get(id);
        if (job == null || job.state != State.RUNNING) {
            return false;
        }
        end(job, State.CANCELLED, "");
        return true;
    }

    private synchronized void end(Job job, State state, String message) {
        if (job.state == State.RUNNING) {
            job.state = state;
            job.message = message;
            tell(job);
        }
    }

    /** @return a film's file, or null if there is none */
    synchronized Path file(String id) {
        Job job = jobs.get(id);
        return job == null || job.state != State.DONE ? null : folder.resolve(job.name);
    }

    /** @return all films, oldest first, as messages about them */
    synchronized ArrayNode texts() {
        ArrayNode texts = Viewer.JSON.createArrayNode();
        jobs.values().forEach(job -> texts.add(text(job)));
        return texts;
    }

    private static ObjectNode text(Job job) {
        return Viewer.JSON.createObjectNode().put("type", "render").put("id", job.id).put("name", job.name)
                .put("done", job.done).put("total", job.total).put("state", job.state.name().toLowerCase(Locale.ROOT))
                .put("message", job.message);
    }

    private void tell(Job job) {
        tell.accept(text(job).toString());
    }

    private synchronized Job next() {
        return jobs.values().stream().filter(job -> job.state == State.RUNNING).findFirst().orElse(null);
    }

    /** @return whether a film is in work, for which the field must stay as it is */
    boolean isBusy() {
        return next() != null || work != null;
    }

    /** Renders a part of a film. @return whether there was one */
    boolean work(FieldRenderer field, Speed speed) {
        Job job = next();
        if (worked != job) {
            closeWork();
        }
        if (job == null) {
            return false;
        }
        try {
            if (work == null) {
                work = new FilmWork(job.film, folder.resolve(job.name), pictures);
                worked = job;
            }
            int before = work.done();
            boolean whole = work.advance(Crop.of(field, job.film.crop()), speed);
            synchronized (this) {
                job.done = work.done();
                if (job.state == State.RUNNING && job.done > before && System.nanoTime() - told >= TELL_NANOS) {
                    told = System.nanoTime();
                    tell(job);
                }
            }
            if (whole) {
                work.finish();
                end(job, State.DONE, "");
                closeWork();
            }
        } catch (IOException | RuntimeException e) {
            end(job, State.FAILED, e.getMessage() == null ? e.toString() : e.getMessage());
            closeWork();
        }
        return true;
    }

    private void closeWork() {
        if (work != null) {
            try {
                work.close();
            } catch (IOException e) {
                // What is left has a dot in front of its name, and the next film of that name removes it.
            }
        }
        work = null;
        worked = null;
    }

    /** Gives up what is not whole; on the field's thread. */
    @Override
    public void close() {
        closeWork();
    }
}
