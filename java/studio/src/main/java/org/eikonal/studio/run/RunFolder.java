package org.eikonal.studio.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eikonal.studio.recipe.RunConfig;

/**
 * The folder of a run: {@code config.json}, the resolved configuration; {@code metrics.jsonl}, a line a second;
 * {@code checkpoint.eik}, the last state; {@code pictures/}. A folder is a run once its configuration is there.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {
    private static final long LONGEST_CONFIG = 1 << 20;

    /** @return the resolved configuration */
    public Path configFile() {
        return path.resolve("config.json");
    }

    /** @return metrics over time, one JSON object a line */
    public Path metricsFile() {
        return path.resolve("metrics.jsonl");
    }

    /** @return the state to go on from, and to make pictures with */
    public Path checkpointFile() {
        return path.resolve("checkpoint.eik");
    }

    /** @return where pictures of the run go */
    public Path pictures() {
        return path.resolve("pictures");
    }

    /** @return whether a run is here, or what remains of one */
    public boolean exists() {
        return Files.exists(configFile(), LinkOption.NOFOLLOW_LINKS) || hasCheckpoint();
    }

    /** Whether there is one, be it a link to a disk that is not there now: that is no reason to start anew. */
    private boolean hasCheckpoint() {
        return Files.exists(checkpointFile(), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Refuses a folder in which a run is.
     *
     * @throws RunException if there is one
     */
    public void requireNew() {
        if (exists()) {
            throw new RunException(path + ": there is a run already; go on with it by --resume, or choose another"
                    + " folder by --run");
        }
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new RunException(path + ": it is a file; a run needs a folder, choose another one by --run");
        }
    }

    /** @return the metrics of training so far, oldest first; empty if there are none */
    public List<TrainingProgress> metrics() throws IOException {
        return MetricsLog.read(metricsFile());
    }

    /** Saves the configuration, in place of the one that is there. */
    void save(RunConfig config) throws IOException {
        AtomicFiles.replace(configFile(), config.toJson().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads the configuration.
     *
     * @throws RunException if there is no run here
     * @throws org.eikonal.studio.recipe.ConfigException if it is damaged
     */
    public RunConfig config() throws IOException {
        if (!Files.isRegularFile(configFile()) && exists()) {
            throw new RunException(configFile() + ": it is missing or no file, but a run was here; restore it from a"
                    + " copy, or train another run");
        }
        if (!Files.isRegularFile(configFile())) {
            throw new RunException(path + ": there is no run here (no config.json); make one with eikonal train");
        }
        if (Files.size(configFile()) > LONGEST_CONFIG) {
            throw new RunException(configFile() + ": it is longer than " + LONGEST_CONFIG
                    + " bytes, which no configuration is; restore it from a copy, or train another run");
        }
        // Bytes that are no UTF-8 become characters that are no JSON, which is then complained of.
        String text = new String(Files.readAllBytes(configFile()), StandardCharsets.UTF_8);
        return RunConfig.parse(text, configFile().toString());
    }

    /**
     * Reads the last checkpoint, if one was written.
     *
     * @throws RunException if it is damaged, or was made with another configuration
     */
    public Optional<Checkpoint> checkpoint(RunConfig config) throws IOException {
        if (!hasCheckpoint()) {
            return Optional.empty();
        }
        Checkpoint checkpoint = Checkpoint.read(checkpointFile());
        if (!checkpoint.header().config().equals(config.sha256())) {
            throw new RunException(checkpointFile() + ": it was made with another configuration than the "
                    + configFile().getFileName() + " beside it; restore the one that belongs to it, or train another"
                    + " run");
        }
        return Optional.of(checkpoint);
    }
}
