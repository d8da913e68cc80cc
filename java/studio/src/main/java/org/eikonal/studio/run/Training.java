package org.eikonal.studio.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eikonal.Device;
import org.eikonal.EikonalException;
import org.eikonal.OccupancyGrid;
import org.eikonal.Optimizer;
import org.eikonal.RadianceField;
import org.eikonal.StepReport;
import org.eikonal.Trainer;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.scene.PhotoMemory;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;

/**
 * A field in training: made from a configuration and a scene's training views, run to its end or until it is asked to
 * stop, and saved on the way.
 *
 * <p>With {@code steps}, what comes out depends on the configuration alone: a run that was killed and resumed ends with
 * the same parameters, bit by bit; on a GPU if it is {@code deterministic}. For one thread.
 */
public final class Training implements AutoCloseable {
    private static final double REPORT_SECONDS = 1;
    // Soon after the start, so that little is lost early, and less than 10 s apart with time to write one.
    private static final double FIRST_CHECKPOINT_SECONDS = 1;
    private static final double CHECKPOINT_SECONDS = 8;

    private final RunConfig config;
    private final RadianceField field;
    private final Optimizer optimizer;
    private final OccupancyGrid occupancy;
    private final ResidentPhotos photos;
    private final Trainer trainer;
    private final FieldRenderer renderer;
    private CheckpointWriter writer;
    private Checkpoint snapshot;

    private long step;
    private double secondsBefore;
    private Long firstStepAfterResume;
    private boolean resumed;
    private long start;
    // Time that was given to others since the start, and since when the clock stands, if it does.
    private long away;
    private long awaySince;

    /**
     * Decodes the training views into the device's memory, as many as may be there at a time, and makes the field.
     *
     * @param device must stay open
     * @throws IllegalArgumentException if the configuration cannot be meant
     * @throws IOException in one line, if a picture can't be decoded
     */
    public Training(Device device, RunConfig config, Scene scene) throws IOException {
        this(device, config, scene, ResidentPhotos.Decoder.OF_FILES);
    }

    Training(Device device, RunConfig config, Scene scene, ResidentPhotos.Decoder decoder) throws IOException {
        this.config = config;
        try (Undo undo = new Undo()) {
            // The configuration is checked before pictures are decoded: a wrong one is to be told at once.
            field = undo.add(RadianceField.create(device, config.field(), config.seed()));
            optimizer = undo.add(Optimizer.create(field, config.optimizer()));
            occupancy = undo.add(OccupancyGrid.create(device, config.occupancy()));
            Sight.require(device, config, scene.views(Split.TRAIN));
            if (device.type().equals("cpu")) {
                requireMemory(config, scene); // a GPU has its own, and says so when it is full
            }
            photos = undo.add(new ResidentPhotos(device, config, scene, decoder));
            trainer = undo.add(Trainer.create(field, optimizer, occupancy, photos.views(), config.trainer()));
            renderer = new FieldRenderer(device, field, occupancy, config);
            undo.clear();
        }
    }

    /** A system that runs out of memory kills the program without a word. */
    private static void requireMemory(RunConfig config, Scene scene) {
        List<View> photos = scene.views(Split.TRAIN);
        int together = config.residentPhotos() == 0 ? photos.size() : Math.min(config.residentPhotos(), photos.size());
        long bytes = PhotoMemory.of(photos, together);
        if (bytes > PhotoMemory.ofMachine()) {
            throw new RunException(String.format(Locale.ROOT, "%s: its %d training photos take %.1f GB, this machine"
                    + " has %.1f GB of memory; keep fewer of them there at a time, such as by --set resident_photos=%d, or"
                    + " scale the photos down", scene.folder(), together, bytes / 1e9, PhotoMemory.ofMachine() / 1e9,
                    PhotoMemory.fitting(photos, PhotoMemory.ofMachine() / 2)));
        }
    }

    /**
     * Goes back to where a checkpoint was made; to be called before {@link #run}.
     *
     * @throws RunException if the checkpoint's tensors are not this field's
     */
    public void resume(Checkpoint checkpoint) {
        Checkpoint.Header header = checkpoint.header();
        field.writeParameters(checkpoint.floats("parameters", field.parameterCount()));
        optimizer.writeState(header.optimizerStep(), checkpoint.floats("optimizer", optimizer.stateSize()));
        occupancy.writeValues(checkpoint.floats("occupancy", occupancy.cells()));
        step = header.step();
        secondsBefore = header.trainSeconds();
        firstStepAfterResume = header.firstStepAfterResume();
        resumed = true;
    }

    /** Marks a run that was killed before its first checkpoint, and starts anew. */
    public void resumeFromNothing() {
        resumed = true;
    }

    /** @return training steps that were done */
    public long step() {
        return step;
    }

    /** @return whether the end that the configuration sets is reached */
    public boolean isDone() {
        return fraction() >= 1;
    }

    /** @return wall time of training in seconds, all resumes together */
    public double seconds() {
        long now = awaySince != 0 ? awaySince : System.nanoTime();
        return secondsBefore + (start == 0 ? 0 : (now - start - away) / 1e9);
    }

    /** @return pictures of the field as it is: to be asked for between two steps, or while nothing is trained */
    public FieldRenderer renderer() {
        return renderer;
    }

    /**
     * Saves the field as it is, between two steps: returns when that is done.
     *
     * @throws IllegalStateException if nothing is being trained
     * @throws IOException if it can't be written
     */
    public void save() throws IOException {
        if (writer == null) {
            throw new IllegalStateException("nothing is being trained");
        }
        writer.await();
        writer.write(snapshot());
        writer.await();
    }

    /**
     * Trains to the end that the configuration sets, or until {@code between}, which is asked between two steps whether
     * to go on, answers false. Either way the last state is in the checkpoint file when this returns.
     *
     * @param folder made as needed; takes configuration, metrics and checkpoints
     * @param listener called about once a second, and at the end if a step was made
     * @param between may take its time, which does not count as training: the clock stands meanwhile
     * @return whether the end was reached
     * @throws RunException if another process trains this run
     * @throws EikonalException if the training diverges; the last checkpoint stays
     */
    public boolean run(RunFolder folder, Consumer<TrainingProgress> listener, BooleanSupplier between)
            throws IOException {
        Files.createDirectories(folder.path());
        try (MetricsLog log = MetricsLog.open(folder.metricsFile(), step);
                CheckpointWriter writer = new CheckpointWriter(folder.checkpointFile())) {
            // Under the log's lock, so that a run in training keeps its own.
            folder.save(config);
            this.writer = writer;
            start = System.nanoTime();
            away = 0;
            double saved = seconds();
            double patience = FIRST_CHECKPOINT_SECONDS;
            Window window = new Window(config, saved);
            boolean stopped = false;
            long first = step;
            while (!isDone() && !(stopped = !ask(between))) {
                if (resumed) {
                    firstStepAfterResume = step;
                    resumed = false;
                }
                photos.at(step);
                requireFinite("the loss", trainer.step(step, fraction()));
                step++;
                window.add(trainer.report());
                double now = seconds();
                if (now - window.since >= REPORT_SECONDS || isDone()) {
                    TrainingProgress progress = window.close(step, now, fraction());
                    log.append(progress);
                    listener.accept(progress);
                }
                if (now - saved >= patience && writer.isIdle()) {
                    writer.write(snapshot());
                    saved = now;
                    patience = Math.min(CHECKPOINT_SECONDS, 2 * patience);
                }
            }
            secondsBefore = seconds();
            start = 0;
            writer.await();
            if (step > first) {
                writer.write(snapshot());
                writer.await();
            }
            return !stopped;
        } finally {
            writer = null;
        }
    }

    private boolean ask(BooleanSupplier between) {
        awaySince = System.nanoTime();
        try {
            return between.getAsBoolean();
        } finally {
            away += System.nanoTime() - awaySince;
            awaySince = 0;
        }
    }

    private void requireFinite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new EikonalException("the training diverged before step " + step + " (" + name + " is " + value
                    + "); the last checkpoint stays: lower the learning rate, such as by"
                    + " --set optimizer.nested.learning_rate=0.003, in another run");
        }
    }

    /** @return how much of what the configuration sets is done, 0 to 1 */
    public double fraction() {
        double fraction = config.steps().isPresent()
                ? (double) step / config.steps().getAsLong()
                : seconds() / config.seconds().getAsDouble();
        return Math.min(1, fraction);
    }

    /** Copies the state into memory that is used again and again. */
    private Checkpoint snapshot() {
        List<ByteBuffer> memory = snapshot != null ? snapshot.data() : List.of(
                Checkpoint.allocate("parameters", field.parameterCount()),
                Checkpoint.allocate("optimizer", optimizer.stateSize()),
                Checkpoint.allocate("occupancy", occupancy.cells()));
        FloatBuffer parameters = memory.get(0).asFloatBuffer();
        field.readParameters(parameters);
        // Activations may swallow a NaN, so that the loss does not show it; it must not replace a good checkpoint.
        float sum = 0; // of zeros, unless one of them is not finite
        for (int i = 0; i < parameters.limit(); i++) {
            sum += 0 * parameters.get(i);
        }
        requireFinite("a parameter", sum);
        long updates = optimizer.readState(memory.get(1).asFloatBuffer());
        occupancy.readValues(memory.get(2).asFloatBuffer());
        snapshot = new Checkpoint(new Checkpoint.Header(step, updates, seconds(), firstStepAfterResume, config.sha256(),
                List.of(new Checkpoint.Tensor("parameters", field.parameterCount()),
                        new Checkpoint.Tensor("optimizer", optimizer.stateSize()),
                        new Checkpoint.Tensor("occupancy", occupancy.cells()))), memory);
        return snapshot;
    }

    /** Frees the field and what belongs to it; closing twice is fine. */
    @Override
    public void close() {
        trainer.close();
        photos.close();
        occupancy.close();
        optimizer.close();
        field.close();
    }

    /** Sums over the steps between two reports. */
    private static final class Window {
        private final RunConfig config;
        private double since;
        private double loss;
        private long steps;
        private long rays;
        private long samples;
        private StepReport last;

        Window(RunConfig config, double since) {
            this.config = config;
            this.since = since;
        }

        void add(StepReport report) {
            loss += report.loss();
            steps++;
            rays += report.rays();
            samples += report.samplesMarched();
            last = report;
        }

        TrainingProgress close(long step, double now, double fraction) {
            double mean = loss / steps;
            double psnr = -10 * Math.log10(config.meanSquaredError(mean));
            double seconds = Math.max(1e-9, now - since);
            TrainingProgress progress = new TrainingProgress(step, now, fraction, mean,
                    Double.isFinite(psnr) ? psnr : null, rays / seconds, samples / seconds, last.learningRate(),
                    last.occupiedFraction());
            since = now;
            loss = steps = rays = samples = 0;
            return progress;
        }
    }
}
